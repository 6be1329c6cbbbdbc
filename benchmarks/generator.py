"""The generator of the pretend province: rows of all feeds a second, beside the raw engine writing as many rows."""

import multiprocessing
import os
import resource
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import duckdb

from benchmarks.figures import tell

UNTIL = date(2026, 3, 10)
ROWS_PER_SECOND = 1_000_000
MEMORY_MB_MAX = 6_000
KIB_PER_MB = 1024


def run() -> None:
    """ENTERPRISES (default 100,000) of 24 months; CSV, Parquet, people and truth included."""
    enterprises = int(os.environ.get("ENTERPRISES") or 100_000)
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder)
        rows, seconds, megabytes = _alone(_generate, enterprises, out)
        (raw,) = _alone(_copied, out)
    name, speed = f"province of {enterprises:,} written", rows / seconds
    tell(f"{name}, {rows:,} rows", speed, "rows/s", limit=rows / raw, reach=ROWS_PER_SECOND, less_is_better=False)
    tell(f"{name}, memory", megabytes, "MB", limit=MEMORY_MB_MAX, reach=MEMORY_MB_MAX)


def _alone(act: Callable[..., tuple[float, ...]], *arguments: object) -> tuple[float, ...]:
    """In a process of its own, so that its memory is counted alone."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(act, arguments)


def _generate(enterprises: int, out: Path) -> tuple[float, ...]:
    """Rows, seconds, the largest memory in MB."""
    from jinfuyun.sandbox.province import generate

    begun = time.perf_counter()
    rows = generate(enterprises=enterprises, seed=1, until=UNTIL, out=out).rows
    seconds = time.perf_counter() - begun
    return sum(rows.values()), seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / KIB_PER_MB


def _copied(out: Path) -> tuple[float, ...]:
    """Seconds that the engine takes to write the same rows, ready-made, as CSV: every feed from its Parquet file."""
    begun = time.perf_counter()
    with duckdb.connect(config={"threads": 2}) as engine:
        engine.execute("SET enable_progress_bar = false")
        for file in sorted(out.glob("*.parquet")):
            if file.stem != "truth":
                engine.execute(f"COPY (FROM '{file}') TO '{out / 'copy.csv'}' (HEADER)")
    return (time.perf_counter() - begun,)
