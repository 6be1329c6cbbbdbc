"""Files at rest: sealed, named by a random reference, never by anything a person typed."""

import os
import re
import uuid
from pathlib import Path

from jinfuyun.kit.crypto import seal, unseal
from jinfuyun.storage.keys import field_keys

_folder: Path | None = None
REFERENCE = re.compile(r"[0-9a-f]{32}")


class NoSuchFile(Exception):
    """The reference names nothing that is kept here."""


def use_folder(folder: Path) -> None:
    """Called once by config."""
    global _folder
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    _folder = folder


def put(content: bytes) -> str:
    """Keep the bytes; returns the reference. On disk before it returns, or not at all."""
    reference = uuid.uuid4().hex
    path = _path(reference)
    path.parent.mkdir(exist_ok=True)
    fresh = path.with_suffix(".part")
    with fresh.open("wb") as out:
        out.write(seal(content, ring=field_keys(), place=f"file.{reference}"))
        out.flush()
        os.fsync(out.fileno())
    fresh.replace(path)
    return reference


def get(reference: str) -> bytes:
    """The bytes as they were put; raises NoSuchFile, or CannotOpen if they were touched."""
    try:
        return unseal(_path(reference).read_bytes(), ring=field_keys(), place=f"file.{reference}")
    except FileNotFoundError as missing:
        raise NoSuchFile(reference) from missing


def remove(reference: str) -> None:
    """From now on the reference names nothing; removing it again changes nothing."""
    _path(reference).unlink(missing_ok=True)


def _path(reference: str) -> Path:
    if _folder is None:
        raise RuntimeError("config has not handed the folder over")
    if not REFERENCE.fullmatch(reference):
        raise NoSuchFile(reference)
    return _folder / reference[:2] / reference
