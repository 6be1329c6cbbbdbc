"""The drop folder: `var/drop/<feed>/NAME` and `NAME.manifest.json`, each written as `.part` and then renamed.

Only when both stand there is the file taken in. Its result is put beside it as `NAME.result.json`; file and manifest
go to `done/…` or `refused/…`. The result names both by their marks, so what a kill left undone is finished, not done
again, while a new file under the same name is a new delivery. Of consented feeds no bytes are kept, here either: a
file that was dealt with is deleted.
"""

import fcntl
import json
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from jinfuyun.data import door
from jinfuyun.kit.errors import Refused, TooLate

Answer = dict[str, Any]

PART, MANIFEST, RESULT = ".part", ".manifest.json", ".result.json"
LEFT_AFTER = timedelta(days=1)
MANIFEST_BYTES_MAX = 1 << 20
COUNTED = (
    "number",
    "file_name",
    "state",
    "delivered",
    "accepted",
    "superseded",
    "quarantined",
    "unauthorised",
    "reason",
)


def make_folders(root: Path) -> None:
    for feed in door.FEED_LABELS:
        (root / feed).mkdir(parents=True, exist_ok=True)


def look(root: Path, *, at: datetime) -> list[Answer]:
    """Take in everything that is whole; the results."""
    return [take(root, feed, name, at=at) for feed, name in pairs(root)]


def pairs(root: Path) -> list[tuple[str, str]]:
    """Feed and name of what is whole, or was taken in and not put away; the oldest manifest first."""
    found = []
    for feed in door.FEED_LABELS:
        standing = _standing(root / feed)
        names = {name.removesuffix(MANIFEST) for name in standing if name.endswith(MANIFEST)}
        whole = [name for name in names if name in standing]
        half = [name for name in standing.keys() | names if (name in standing) != (name in names)]
        half = [name for name in half if not name.endswith(MANIFEST) and _unfinished(root / feed, name)]
        for name in (*whole, *half):
            path = standing.get(name + MANIFEST) or standing[name]
            found.append((path.stat().st_mtime_ns, feed, name))
    return [(feed, name) for _, feed, name in sorted(found)]


def take(root: Path, feed: str, name: str, *, at: datetime) -> Answer:
    """One file in, its result beside it, both put away; killed at any point, the next call goes on from there."""
    folder = root / feed
    with _only_one_here(root):
        answer = _unfinished(folder, name)
        if answer is None:
            answer = _delivered(folder, feed, name, at=at)
            _write(folder / (name + RESULT), answer)
        _put_away(folder, feed, name, answer)
    return answer


def leftovers(root: Path, *, at: datetime) -> list[Path]:
    """What has lain for a day without becoming whole; reported, never deleted."""
    before = (at - LEFT_AFTER).timestamp()
    whole = {(feed, name) for feed, name in pairs(root)}
    found = []
    for folder in sorted(path for path in root.glob("*") if path.is_dir()):
        for name, path in sorted(_standing(folder, parts=True).items()):
            if (folder.name, name.removesuffix(MANIFEST)) not in whole and path.stat().st_mtime < before:
                found.append(path)
    return found


def _standing(folder: Path, *, parts: bool = False) -> dict[str, Path]:
    """Regular files by name: no link leads out of the folder, and our own results are not looked at."""
    if not folder.is_dir():
        return {}
    return {
        path.name: path
        for path in folder.iterdir()
        if path.is_file()
        and not path.is_symlink()
        and not path.name.startswith(".")
        and not path.name.endswith(RESULT)
        and (parts or not path.name.endswith(PART))
    }


def _delivered(folder: Path, feed: str, name: str, *, at: datetime) -> Answer:
    path, manifest = folder / name, folder / (name + MANIFEST)
    marks = {"file": _mark(path), "manifest": _mark(manifest)}
    try:
        if manifest.stat().st_size > MANIFEST_BYTES_MAX:
            raise Refused("清单过大。")
        one = door.deliver(feed, path, manifest=door.read_manifest(manifest.read_bytes()), at=at)
        answer: Answer = counted([one])
    except Refused as refusal:  # of the manifest itself: nothing was delivered
        answer = {"ok": False, "deliveries": [], "error": str(refusal)}
    kept = f"{'done' if answer['ok'] else 'refused'}/{at:%Y%m%d-%H%M%S-%f}"
    return {"file": f"{feed}/{name}", **answer, "kept_in": kept, "marks": marks}


def _unfinished(folder: Path, name: str) -> Answer | None:
    """The result of what stands there, if it was taken in already and not put away."""
    result = folder / (name + RESULT)
    if not result.is_file() or result.is_symlink():
        return None
    try:
        answer: Answer = json.loads(result.read_bytes())
        marks = answer["marks"]
    except (ValueError, KeyError, TypeError):  # not one of ours: it will be replaced
        return None
    standing = {"file": folder / name, "manifest": folder / (name + MANIFEST)}
    there = {what: path for what, path in standing.items() if path.is_file()}
    same = there and all(_mark(path) == marks.get(what) for what, path in there.items())
    return answer if same else None


def _put_away(folder: Path, feed: str, name: str, answer: Answer) -> None:
    if not re.fullmatch(r"(done|refused)/[0-9-]+", str(answer["kept_in"])):
        raise ValueError("the result was changed by another hand")
    kept = folder / answer["kept_in"]
    if kept.resolve() != folder.resolve() / answer["kept_in"]:  # who may write here could lead us elsewhere
        raise ValueError("a link leads out of the drop folder")
    kept.mkdir(parents=True, exist_ok=True)
    _write(kept / (name + RESULT), answer)
    for path in (folder / name, folder / (name + MANIFEST)):
        if path.exists() and path.name == name and feed in door.CONSENTED_FEEDS:
            path.unlink()
        elif path.exists():
            path.replace(kept / path.name)


def counted(taken: list[door.Delivery]) -> Answer:
    """What became of files, for programs."""
    counts = [{name: getattr(one, name) for name in COUNTED} for one in taken]
    return {"ok": all(one.state != "refused" for one in taken), "deliveries": counts}


def _mark(path: Path) -> list[int]:
    """Which file it is, whatever it is called: renaming changes neither, another file has another."""
    found = path.stat()
    return [found.st_ino, found.st_mtime_ns]


def _write(path: Path, answer: Answer) -> None:
    """There as a whole or not at all; never through a link that somebody laid there."""
    fresh = path.with_name(f".{path.name}{PART}")
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644), "w") as out:
        out.write(json.dumps(answer, ensure_ascii=False))
        out.flush()
        os.fsync(out.fileno())
    fresh.replace(path)


@contextmanager
def _only_one_here(root: Path) -> Iterator[None]:
    """The lock dies with its holder."""
    with (root / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as held:
            raise TooLate("投递目录正由另一个进程处理。") from held
        yield
