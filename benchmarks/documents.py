"""Documents of everybody written anew, of one in a hundred, and the night after one in a hundred changed.

ENTERPRISES=N (20,000). Beside it the database taking in the same bytes by COPY, into a table with the same key.
"""

import os
import tempfile
import threading
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import psutil
import psycopg

from benchmarks.data import AT
from benchmarks.figures import tell
from benchmarks.indicators import _authorise, _deliver
from benchmarks.stage import database_cpu, stage

FULL_SECONDS_MAX, FULL_GB_MAX = 60.0, 3.0  # promised for a million enterprises
SOME_SECONDS_MAX = 3.0
NIGHT_SHARE_MAX = 0.1
ONE_IN = 100
GB = 1 << 30
MEBIBYTE = 1 << 20


def run() -> None:
    enterprises = int(os.environ.get("ENTERPRISES") or 20_000)
    with tempfile.TemporaryDirectory() as folder, stage():
        from jinfuyun.sandbox.province import generate, people

        out = Path(folder)
        generate(enterprises=enterprises, seed=1, until=date(2026, 3, 10), out=out)
        usccs = [person["uscc"] for person in people(out)]
        _authorise(usccs)
        _deliver(out)
        _measure(out, usccs)


def _measure(out: Path, usccs: list[str]) -> None:
    from jinfuyun.config import database
    from jinfuyun.data import door

    full, cpu, gigabytes, count = _watched(lambda: door.nightly(everything=True, at=AT))
    bare = _copied(out / "documents")
    name = f"{count:,} documents of {len(usccs):,} enterprises"
    tell(f"{name}, CPU", cpu, "s", limit=bare)
    tell(f"{name}, wall", full, "s", limit=bare, reach=FULL_SECONDS_MAX)
    tell(f"{name}, memory", gigabytes, "GB", limit=FULL_GB_MAX, reach=FULL_GB_MAX)
    with psycopg.connect(database.dsn("jinfuyun_owner"), autocommit=True) as owner:
        owner.execute("ANALYZE serving.document")  # as the database does by itself within a minute
    some = usccs[::ONE_IN]
    seconds, *_ = _watched(lambda: _rebuild(some))
    tell(f"documents of {len(some):,} of them, wall", seconds, "s", limit=bare / ONE_IN, reach=SOME_SECONDS_MAX)
    _change(out, set(some))
    for days, when in ((0, "the same night"), (1, "the next night")):
        seconds, *_ = _watched(lambda d=days: door.nightly(at=AT + timedelta(days=d)))
        what = f"{when}, {len(some):,} changed, share of a full one"
        tell(what, seconds / full, "", limit=1 / ONE_IN, reach=NIGHT_SHARE_MAX)


def _rebuild(usccs: list[str]) -> int:
    from jinfuyun.data import door, pipeline

    return pipeline.rebuild(door._door().plane, usccs, at=AT)


def _change(out: Path, whose: set[str]) -> None:
    """Deliver the rows of these enterprises again, as a department does that sends what changed."""
    from jinfuyun.data import door
    from jinfuyun.data.departments.registry import FEEDS

    part = out / "part.csv"
    for feed in FEEDS:
        if (out / f"{feed}.csv").exists():
            with (out / f"{feed}.csv").open(encoding="utf-8-sig") as lines:
                header, *rows = lines
            mine = [row for row in rows if any(cell in whose for cell in row[:200].split(","))]
            if mine:
                part.write_text(header + "".join(mine))
                door.deliver(feed, part, at=AT)


def _watched(act: Callable[[], int]) -> tuple[float, float, float, int]:
    """Seconds, CPU seconds with the database's, the most memory that this process took for it, the answer."""
    process, over, peak = psutil.Process(), threading.Event(), [0]
    base = process.memory_info().rss

    def watch() -> None:
        while not over.wait(0.05):
            peak[0] = max(peak[0], process.memory_info().rss - base)

    watcher = threading.Thread(target=watch)
    watcher.start()
    cpu, begun = sum(process.cpu_times()[:2]) + database_cpu(), time.perf_counter()
    answer = act()
    seconds = time.perf_counter() - begun
    cpu = sum(process.cpu_times()[:2]) + database_cpu() - cpu
    over.set()
    watcher.join()
    return seconds, cpu, peak[0] / GB, answer


def _copied(file: Path) -> float:
    """Seconds in which the database takes the same rows in, and nothing else; they lie in `file` between."""
    from jinfuyun.config import database

    with psycopg.connect(database.dsn("jinfuyun_owner"), autocommit=True) as owner:
        owner.execute("CREATE TABLE serving.bare (LIKE serving.document INCLUDING INDEXES)")
        with owner.cursor().copy("COPY serving.document TO STDOUT") as copy, file.open("wb") as kept:
            for piece in copy:
                kept.write(piece)
        begun = time.perf_counter()
        with owner.cursor().copy("COPY serving.bare FROM STDIN") as copy, file.open("rb") as kept:
            while piece := kept.read(MEBIBYTE):
                copy.write(piece)
        seconds = time.perf_counter() - begun
        owner.execute("DROP TABLE serving.bare")
    file.unlink()
    return seconds
