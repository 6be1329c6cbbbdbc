"""Every indicator of every enterprise on a Spark standalone cluster with two workers, beside this process's engine.

ENTERPRISES=N (100,000; promised to be looked at with 1,000,000), MONTHS=M (24). CPU of the cluster is that of the
driver, both workers and everything they started; of the engine that of this process.
"""

import os
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import psutil
import pyarrow as pa

from benchmarks.data import AT, cpu_seconds
from benchmarks.figures import tell
from benchmarks.indicators import _authorise, _deliver, known
from benchmarks.stage import stage

BYTES_PER_GB = 1 << 30
EXECUTOR_GB_MAX = 4


def run() -> None:
    enterprises, months = int(os.environ.get("ENTERPRISES") or 100_000), int(os.environ.get("MONTHS") or 24)
    with tempfile.TemporaryDirectory() as folder, stage():
        from jinfuyun.sandbox.province import generate

        out = Path(folder)
        generate(enterprises=enterprises, seed=1, until=date(2026, 3, 10), out=out, months=months)
        usccs = known(out)
        _authorise(usccs)
        _deliver(out)
        (out / "spark").mkdir()
        _measure(usccs, out)


def _measure(usccs: list[str], out: Path) -> None:
    from jinfuyun.config import places
    from jinfuyun.data.cluster import measure as on_cluster
    from jinfuyun.data.cluster import session
    from jinfuyun.data.indicators.measure import measure
    from tests.data.cluster.standalone import standalone

    here = _every(measure, usccs, out / "work", cpu_seconds)
    gigabytes = max(1, min(EXECUTOR_GB_MAX, psutil.virtual_memory().available // BYTES_PER_GB // 4))
    # A long run is worth both compilers, and shuffles that fit themselves to what they find.
    settings = {
        "spark_executor_memory": f"{gigabytes}g", "spark_executor_extraJavaOptions": "-XX:+UseParallelGC",
        "spark_driver_extraJavaOptions": "-XX:+UseParallelGC", "spark_sql_adaptive_enabled": "true",
        "spark_sql_shuffle_partitions": "16",
    }  # fmt: skip
    with (
        standalone(out / "spark", memory=f"{gigabytes + 1}g", **settings) as cluster,
        session.opened(cluster.master, places.LAKE) as spark,
    ):
        there = _every(lambda *a, **k: on_cluster.measure(spark, *a, **k), usccs, out / "work", _cpu_of_children)
    name = f"indicators of {len(usccs):,} enterprises on a cluster"
    tell(f"{name}, CPU", there[0], "s", limit=here[0])
    tell(f"{name}, wall", there[1], "s", limit=here[1])


def _every(measure: Callable[..., None], usccs: list[str], work: Path, cpu: Callable) -> tuple[float, float]:
    """CPU and wall seconds of all sources."""
    from jinfuyun.config import places
    from jinfuyun.data.indicators.registry import SOURCES
    from jinfuyun.data.ingest import shelves
    from jinfuyun.data.lake import engine
    from jinfuyun.data.lake.tables import Lake

    lake = Lake(places.LAKE)
    coverage = lake.scan(shelves.COVERAGE)
    total = wall = 0.0
    for source in SOURCES:
        tables = {feed.name: lake.scan(shelves.current(feed)) for feed in source.all_feeds}
        categories = sorted({str(feed.category) for feed in source.all_feeds})
        subject = {"uscc": usccs * len(categories), "category": [each for each in categories for _ in usccs]}
        with engine.opened(work) as sql:
            sql.offer("subject", pa.table(subject))
            begun = time.perf_counter()
            total += cpu(
                lambda q=sql, s=source, t=tables: measure(q, s, t, coverage=coverage, as_of=None, today=AT.date())
            )
            wall += time.perf_counter() - begun
    return total, wall


def _cpu_of_children(act: Callable[[], object]) -> float:
    """CPU of the virtual machines that are there before and after."""
    before = _children()
    act()
    after = _children()
    return sum(seconds - before.get(process, 0.0) for process, seconds in after.items())


def _children() -> dict[int, float]:
    found = {}
    for process in psutil.Process().children(recursive=True):
        if "java" in process.name():
            times = process.cpu_times()
            found[process.pid] = times.user + times.system
    return found
