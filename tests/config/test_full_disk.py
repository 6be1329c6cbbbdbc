"""A disk that is really full: a small tmpfs in the place of var/, which only root may mount.

A tmpfs can run out of bytes or, bytes left, of files; the second gets past the look at what is free.
Seen red: with the lock taken outside of the plain words (a traceback); with initdb's refusal not looked at; with initdb
into the place itself, not beside it.
"""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from jinfuyun.config import postgres

ROOT = Path(__file__).resolve().parents[2]
SECONDS_MAX = 90.0
Mount = Callable[[str], None]


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[tuple[Path, Mount]]:
    """Where it is, and what mounts it with such options, or gives it others."""
    place = tmp_path / "disk"
    place.mkdir()

    def mount(options: str) -> None:
        again = ("remount," if place.is_mount() else "") + options
        done = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", again, "tmpfs", str(place)], check=False, capture_output=True, text=True
        )
        if done.returncode:
            pytest.skip(f"no tmpfs can be mounted here (it takes root and the right to mount): {done.stderr.strip()}")

    if os.geteuid() != 0:
        pytest.skip("no tmpfs can be mounted here: only root may")
    yield place, mount
    if place.is_mount():
        subprocess.run(["umount", str(place)], check=True)


@pytest.mark.parametrize(
    ("options", "said", "left"),
    [
        ("size=8m", "磁盘空间不足", {"run"}),
        ("size=400m,nr_inodes=1", "磁盘已满", set()),  # not even the folder of the lock
        ("size=400m,nr_inodes=2", "磁盘已满", {"run"}),  # not the lock
        ("size=400m,nr_inodes=3", "磁盘已满", {"run"}),  # not the folder of the keys
        ("size=400m,nr_inodes=4", "磁盘已满", {"run", "keys"}),  # not a key
        ("size=400m,nr_inodes=20", "磁盘是否已满", {"run", "keys", "pg"}),  # not the database
    ],
)
def test_it_says_so_in_a_sentence_and_leaves_nothing_half(
    disk: tuple[Path, Mount], options: str, said: str, left: set[str]
) -> None:
    place, mount = disk
    mount(options)
    refused = subprocess.run(
        [sys.executable, "-m", "jinfuyun.config.cli", "up", "--port", "1"], cwd=ROOT,
        env=os.environ | {"JINFUYUN_VAR": str(place)}, capture_output=True, text=True, check=False, timeout=SECONDS_MAX,
    )  # fmt: skip
    assert (refused.returncode, said in refused.stderr, "Traceback" in refused.stderr) == (1, True, False), refused
    assert {each.name for each in place.iterdir()} == left
    files = {str(each.relative_to(place)) for each in place.rglob("*") if each.is_file()}
    assert files <= {"run/lock", "keys/database.json"}
    assert [
        each for each in psutil.process_iter(["cmdline"]) if str(place) in " ".join(each.info["cmdline"] or [])
    ] == []


def test_a_database_that_found_no_room_is_made_when_there_is_some(disk: tuple[Path, Mount]) -> None:
    """Without a hand: the next start does it. At 300 files initdb is half-way through."""
    place, mount = disk
    mount("size=400m,nr_inodes=300")
    with pytest.raises(postgres.CannotStart, match="磁盘是否已满"):
        postgres.start(place / "pg", password="one")
    assert not (place / "pg" / "data").exists()
    mount("size=400m,nr_inodes=0")
    with postgres.serving(place / "pg", password="one", durable=False):
        assert postgres.is_running(place / "pg")
