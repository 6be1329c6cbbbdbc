"""Files at rest: as they were put, or not at all."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from jinfuyun.config import places
from jinfuyun.kit.crypto import CannotOpen
from jinfuyun.storage import files

LETTER = "授权书 林晓 13800001111".encode()


@pytest.fixture(autouse=True)
def folder(tmp_path: Path) -> Iterator[Path]:
    files.use_folder(tmp_path / "files")
    yield tmp_path / "files"
    files.use_folder(places.FILES)


def on_disk(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_what_was_put_comes_back_and_lies_sealed(folder: Path) -> None:
    reference = files.put(LETTER)
    assert files.get(reference) == LETTER
    [path] = on_disk(folder)
    assert b"13800001111" not in path.read_bytes()
    assert folder.stat().st_mode & 0o077 == 0


def test_a_file_under_anothers_name_does_not_open(folder: Path) -> None:
    one, other = files.put(LETTER), files.put(b"other")
    paths = {path.name: path for path in on_disk(folder)}
    paths[one].write_bytes(paths[other].read_bytes())
    with pytest.raises(CannotOpen):
        files.get(one)


def test_a_cut_file_does_not_open(folder: Path) -> None:
    reference = files.put(LETTER)
    [path] = on_disk(folder)
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(CannotOpen):
        files.get(reference)


@pytest.mark.parametrize("reference", ["", "../../keys/fields.json", "A" * 32, "0" * 31, "0" * 32 + "/x", "0" * 32])
def test_a_reference_that_names_nothing_is_refused(reference: str) -> None:
    with pytest.raises(files.NoSuchFile):
        files.get(reference)


def test_a_full_disk_leaves_nothing_that_looks_whole(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(number: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("jinfuyun.storage.files.os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        files.put(LETTER)
    assert [path for path in on_disk(folder) if path.suffix != ".part"] == []
