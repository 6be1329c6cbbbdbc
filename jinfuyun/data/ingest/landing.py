"""Landing: the bytes as they came, named by their SHA-256.

Public feeds stay here. Consented ones hold rows of enterprises that authorised nobody, so they are sealed under a key
that lives only in this process (and in the reader it starts) and only until `destroy`; after a crash nobody can open
what is left, and the next opening of the lake clears it away.
"""

import hashlib
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from jinfuyun.data.ingest import apart, formats, packed, sealed_files
from jinfuyun.data.ingest.formats import Format
from jinfuyun.data.ingest.refusal import FileRefused


@dataclass(frozen=True, slots=True)
class Incoming:
    """A file that lies nowhere as a whole: its name, and its bytes from the beginning each time they are asked for."""

    name: str
    blocks: Callable[[], Iterator[bytes]]


def of_file(name: str, file: IO[bytes]) -> Incoming:
    """What an open file holds; it may lie nowhere under a name."""

    def blocks() -> Iterator[bytes]:
        file.seek(0)
        while block := file.read(sealed_files.BLOCK_BYTES):
            yield block

    return Incoming(name, blocks)


class Landed:
    """A file that has landed: its mark, its size, and a way to read it again."""

    def __init__(self, path: Path, *, sha256: str, size: int, key: bytes | None) -> None:
        self.path = path
        self.sha256 = sha256
        self.size = size
        self._key = key
        self._is_sealed = key is not None
        self._as_csv: tuple[Path, bytes] | None = None  # made once of a file that is no CSV, and sealed

    def blocks(self) -> Iterator[bytes]:
        """The content as CSV."""
        kind, is_packed = self._recognised()
        if kind is not Format.CSV:
            path, key = self._as_csv = self._as_csv or self._made_csv()
            yield from sealed_files.blocks(path, key)
        elif is_packed:
            with sealed_files.opened(self.path, self._living_key()) as source:
                yield from packed.bounded(packed.of_gzip(source), size=self.size)
        else:
            yield from sealed_files.blocks(self.path, self._living_key())

    def destroy(self) -> None:
        """Of a sealed file neither key nor bytes stay; public files stay as they came."""
        if self._as_csv is not None:
            self._as_csv[0].unlink(missing_ok=True)
            self._as_csv = None
        if self._is_sealed:
            self._key = None
            self.path.unlink(missing_ok=True)

    def _living_key(self) -> bytes | None:
        assert self._key is not None or not self._is_sealed, "its key was destroyed"
        return self._key

    def _recognised(self) -> tuple[Format, bool]:
        """What it is, and whether that lies in a gzip; CSV in a gzip is CSV that is unpacked in passing."""
        with sealed_files.opened(self.path, self._living_key()) as source:
            kind = formats.recognised(source.read(formats.HEAD_BYTES) or b"")
            if kind is not Format.GZIP:
                return kind, False
            source.seek(0)
            first = next(packed.of_gzip(source), b"")
            return formats.recognised(first[: formats.HEAD_BYTES]), True

    def _made_csv(self) -> tuple[Path, bytes]:
        key = AESGCM.generate_key(256)
        path = _sealed_folder(self.path.parent.parent) / f"{secrets.token_hex(16)}.csv"
        try:
            sealed_files.write(path, apart.as_csv(self.path, key=self._living_key(), size=self.size), key=key)
        except BaseException:
            path.unlink(missing_ok=True)
            raise
        return path, key


def land(source: Path | Incoming, folder: Path, *, sealed: bool) -> Landed:
    """Copy `source` into the landing folder; the same bytes land once."""
    key = AESGCM.generate_key(256) if sealed else None
    place = _sealed_folder(folder) if sealed else folder / "public"
    place.mkdir(parents=True, exist_ok=True)
    fresh = place / f"{secrets.token_hex(16)}.new"
    digest = hashlib.sha256()
    size = sealed_files.write(fresh, _marked(source, digest), key=key)
    if size == 0:
        fresh.unlink()
        raise FileRefused("文件是空的。")
    path = place / digest.hexdigest()
    fresh.replace(path)
    return Landed(path, sha256=digest.hexdigest(), size=size, key=key)


def _sealed_folder(folder: Path) -> Path:
    """The lake clears it whenever it opens."""
    place = folder / "sealed"
    place.mkdir(parents=True, exist_ok=True)
    return place


def _marked(source: Path | Incoming, digest: "hashlib._Hash") -> Iterator[bytes]:
    for block in source.blocks() if isinstance(source, Incoming) else sealed_files.blocks(source, None):
        digest.update(block)
        yield block
