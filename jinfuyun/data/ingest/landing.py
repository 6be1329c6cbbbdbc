"""Landing: the bytes as they came, named by their SHA-256.

Public feeds stay here. Consented ones hold rows of enterprises that authorised nobody, so they are sealed (AES-256-GCM,
block by block) under a key that lives only in this process and only until `destroy`; after a crash nobody can open
what is left, and the next opening of the lake clears it away.
"""

import gzip
import hashlib
import io
import os
import secrets
import zlib
from collections.abc import Iterator
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from jinfuyun.data.ingest.refusal import FileRefused

BLOCK_BYTES = 1 << 20
TAG_BYTES = 16
UNPACKED_BYTES_MAX = 20 << 30
UNPACKED_TIMES_MAX = 400  # CSV shrinks 5–20 times; beyond this it is a bomb


class Landed:
    """A file that has landed: its mark, its size, and a way to read it again."""

    def __init__(self, path: Path, *, sha256: str, size: int, key: bytes | None) -> None:
        self.path = path
        self.sha256 = sha256
        self.size = size
        self._key = key

    def blocks(self) -> Iterator[bytes]:
        """The content, unpacked when it is gzip."""
        raw = self._blocks()
        first = next(raw, b"")
        if first[:2] == b"\x1f\x8b":
            yield from _unpacked(first, raw, size=self.size)
            return
        if first[:4] in (b"PK\x03\x04", b"PK\x05\x06") or first[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
            raise FileRefused("这是压缩包或电子表格文件，请另存为 CSV 后再提交。")
        yield first
        yield from raw

    def destroy(self) -> None:
        """Of a sealed file neither key nor bytes stay; public files stay as they came."""
        if self._key is not None:
            self._key = None
            self.path.unlink(missing_ok=True)

    def _blocks(self) -> Iterator[bytes]:
        with self.path.open("rb") as source:
            if self.path.parent.name != "sealed":
                while block := source.read(BLOCK_BYTES):
                    yield block
                return
            assert self._key is not None, "its key was destroyed"
            cipher, count = AESGCM(self._key), 0
            while block := source.read(BLOCK_BYTES + TAG_BYTES):
                yield cipher.decrypt(_nonce(count), block, None)
                count += 1


def land(source: Path, folder: Path, *, sealed: bool) -> Landed:
    """Copy `source` into the landing folder; the same bytes land once."""
    key = AESGCM.generate_key(256) if sealed else None
    place = folder / ("sealed" if sealed else "public")
    place.mkdir(parents=True, exist_ok=True)
    fresh = place / f"{secrets.token_hex(16)}.new"
    digest, size, count = hashlib.sha256(), 0, 0
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with source.open("rb") as incoming, io.FileIO(descriptor, "w") as out:
        while block := incoming.read(BLOCK_BYTES):
            digest.update(block)
            size += len(block)
            out.write(AESGCM(key).encrypt(_nonce(count), block, None) if key else block)
            count += 1
    if size == 0:
        fresh.unlink()
        raise FileRefused("文件是空的。")
    path = place / digest.hexdigest()
    fresh.replace(path)
    return Landed(path, sha256=digest.hexdigest(), size=size, key=key)


def _nonce(count: int) -> bytes:
    """Every key seals one file, so the block's number is nonce enough, and blocks cannot change places."""
    return count.to_bytes(12, "big")


def _unpacked(first: bytes, rest: Iterator[bytes], *, size: int) -> Iterator[bytes]:
    limit = min(UNPACKED_BYTES_MAX, max(size * UNPACKED_TIMES_MAX, 64 << 20))
    unpacked = 0
    try:
        with gzip.GzipFile(fileobj=_Joined(first, rest)) as stream:
            while block := stream.read(BLOCK_BYTES):
                unpacked += len(block)
                if unpacked > limit:
                    raise FileRefused("压缩文件解开后过大，疑似压缩炸弹。")
                yield block
    except EOFError as cut:
        raise FileRefused("压缩文件不完整，可能在传送中被截断。") from cut
    except (gzip.BadGzipFile, zlib.error) as damage:
        raise FileRefused("压缩文件已损坏，无法解开。") from damage


class _Joined(io.RawIOBase):
    """Blocks read as one file."""

    def __init__(self, first: bytes, rest: Iterator[bytes]) -> None:
        self._left, self._rest = first, rest

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        if not self._left:
            self._left = next(self._rest, b"")
        taken = len(self._left) if size < 0 else size
        head, self._left = self._left[:taken], self._left[taken:]
        return head
