"""A file sealed block by block (AES-256-GCM), written in one pass and read from any place in it.

Every key seals one file, so a block's number is nonce enough, and blocks cannot change places.
"""

import io
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

BLOCK_BYTES = 1 << 20
TAG_BYTES = 16


def write(path: Path, blocks: Iterable[bytes], *, key: bytes | None) -> int:
    """A new file of `blocks`, in plain where `key` is None; how many bytes went in."""
    cipher, size, count = AESGCM(key) if key else None, 0, 0
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with io.FileIO(descriptor, "w") as out:
        for block in _of_one_size(blocks) if cipher else blocks:
            out.write(cipher.encrypt(_nonce(count), block, None) if cipher else block)
            size += len(block)
            count += 1
    return size


def opened(path: Path, key: bytes | None) -> io.RawIOBase | io.BufferedReader:
    """The content, to be read from any place."""
    return _Sealed(path, key) if key else path.open("rb")


def blocks(path: Path, key: bytes | None) -> Iterator[bytes]:
    """The content from its beginning."""
    with opened(path, key) as source:
        while block := source.read(BLOCK_BYTES):
            yield block


class _Sealed(io.RawIOBase):
    """Opens the block that is asked for; the last one stays open, because most readers go on from there."""

    def __init__(self, path: Path, key: bytes) -> None:
        self._file = path.open("rb")
        self._cipher = AESGCM(key)
        length = path.stat().st_size
        count = -(-length // (BLOCK_BYTES + TAG_BYTES))
        self._size = length - count * TAG_BYTES
        self._place = 0
        self._held: tuple[int, bytes] = (-1, b"")

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._place

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._place, io.SEEK_END: self._size}[whence]
        self._place = max(0, start + offset)
        return self._place

    def read(self, size: int = -1) -> bytes:
        end = self._size if size < 0 else min(self._size, self._place + size)
        parts = []
        while self._place < end:
            number, within = divmod(self._place, BLOCK_BYTES)
            part = self._block(number)[within : within + end - self._place]
            parts.append(part)
            self._place += len(part)
        return b"".join(parts)

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]  # no other buffers
        found = self.read(len(buffer))
        buffer[: len(found)] = found
        return len(found)

    def close(self) -> None:
        self._file.close()
        super().close()

    def _block(self, number: int) -> bytes:
        if self._held[0] != number:
            self._file.seek(number * (BLOCK_BYTES + TAG_BYTES))
            sealed = self._file.read(BLOCK_BYTES + TAG_BYTES)
            self._held = (number, self._cipher.decrypt(_nonce(number), sealed, None))
        return self._held[1]


def _nonce(count: int) -> bytes:
    return count.to_bytes(12, "big")


def _of_one_size(blocks: Iterable[bytes]) -> Iterator[bytes]:
    """The same bytes in blocks of BLOCK_BYTES, the last one shorter: a place then names its block."""
    waiting, held = [], 0
    for block in blocks:
        waiting.append(block)
        held += len(block)
        if held >= BLOCK_BYTES:
            whole = b"".join(waiting)
            cut = held - held % BLOCK_BYTES
            for start in range(0, cut, BLOCK_BYTES):
                yield whole[start : start + BLOCK_BYTES]
            waiting, held = [whole[cut:]], held - cut
    if held:
        yield b"".join(waiting)
