"""Every indicator of every enterprise on a Spark standalone cluster with two workers, beside this process's engine.

Every table that either makes is compared with the other's, value for value; one that differs ends the run.

ENTERPRISES=N (100,000; promised for 1,000,000), MONTHS=M (24). CPU of the cluster is that of the
driver, both workers and everything they started; of the engine that of this process.
"""

import os
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import psutil

from benchmarks.data import cpu_seconds
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
        _measure(len(usccs), out)


def _measure(enterprises: int, out: Path) -> None:
    from jinfuyun.config import places
    from jinfuyun.data.cluster.measure import measure as on_cluster
    from jinfuyun.data.indicators.measure import measure
    from jinfuyun.data.indicators.registry import SOURCES
    from jinfuyun.data.lake.tables import Lake
    from tests.data.cluster.comparing import compare_everything
    from tests.data.cluster.standalone import standalone

    here, there = Spent(measure, cpu_seconds), Spent(on_cluster, _cpu_of_children)
    gigabytes = max(1, min(EXECUTOR_GB_MAX, psutil.virtual_memory().available // BYTES_PER_GB // 4))
    # A long run is worth both compilers, and shuffles that fit themselves to what they find.
    settings = {
        "spark_executor_memory": f"{gigabytes}g", "spark_executor_extraJavaOptions": "-XX:+UseParallelGC",
        "spark_driver_extraJavaOptions": "-XX:+UseParallelGC", "spark_sql_adaptive_enabled": "true",
        "spark_sql_shuffle_partitions": "16",
    }  # fmt: skip
    with standalone(out / "spark", memory=f"{gigabytes + 1}g", **settings) as cluster:
        compared = compare_everything(cluster, Lake(places.LAKE), out, SOURCES, here=here, there=there)
    tables = sum(map(len, compared.compared.values()))
    tell(f"rows of {tables} tables equal here and there, value for value", compared.rows, "rows", limit=0)
    name = f"indicators of {enterprises:,} enterprises on a cluster"
    tell(f"{name}, CPU", there.cpu, "s", limit=here.cpu)
    tell(f"{name}, wall", there.wall, "s", limit=here.wall)


class Spent:
    """What `measure` took in all its calls: CPU by `clock`, and wall, in seconds."""

    def __init__(self, measure: Callable[..., None], clock: Callable[[Callable[[], object]], float]) -> None:
        self._measure, self._clock = measure, clock
        self.cpu = self.wall = 0.0

    def __call__(self, *arguments: Any, **how: Any) -> None:
        begun = time.perf_counter()
        self.cpu += self._clock(lambda: self._measure(*arguments, **how))
        self.wall += time.perf_counter() - begun


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
