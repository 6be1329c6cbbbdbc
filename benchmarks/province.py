"""The whole data plane once, on a whole province: every feed taken in, every indicator, every document, one night.

ENTERPRISES=N (100,000), MONTHS=M (3): a million enterprises with three months of all feeds are about seventy million
rows. DOCUMENTS=no leaves documents and nights out. Each figure stands beside the raw engine on the same bytes in the
same run.
"""

import os
import tempfile
from datetime import date
from pathlib import Path

import duckdb

from benchmarks import documents, indicators
from benchmarks.data import AT, cpu_seconds
from benchmarks.figures import tell
from benchmarks.stage import stage

COPIES_MAX = 2.5  # times the CPU of a verbatim copy, CSV to Parquet, of the same files
INGEST_GB_MAX = 4.0


def run() -> None:
    enterprises, months = int(os.environ.get("ENTERPRISES") or 100_000), int(os.environ.get("MONTHS") or 3)
    with tempfile.TemporaryDirectory() as folder, stage():
        from jinfuyun.sandbox.province import generate

        out = Path(folder)
        until = date(2026, 3, 10)
        rows = generate(enterprises=enterprises, seed=1, until=until, out=out, months=months).rows
        for looked_up in out.glob("*.parquet"):  # what only the pretend departments need
            looked_up.unlink()
        usccs = indicators.known(out)
        indicators._authorise(usccs)
        keep = os.environ.get("DOCUMENTS") != "no"
        _take_in(out, rows, enterprises, keep_files=keep)
        indicators._measure(usccs, out / "work")
        if keep:
            documents._measure(out, usccs)


def _take_in(out: Path, rows: dict[str, int], enterprises: int, *, keep_files: bool) -> None:
    """Feed by feed, a verbatim copy first; without documents, which are measured by themselves."""
    from jinfuyun.data import door, serve
    from jinfuyun.data.departments.registry import FEEDS

    really, serve._subject = serve._subject, lambda *_, **__: serve.NOBODY
    copied = took = wall = peak = 0.0
    target = out / "copy.parquet"
    try:
        for feed in [name for name in FEEDS if (out / f"{name}.csv").exists()]:
            file = out / f"{feed}.csv"
            copied += cpu_seconds(lambda f=file: duckdb.sql(f"COPY (FROM '{f}') TO '{target}'"))
            target.unlink()
            seconds, cpu, gigabytes, _ = documents._watched(lambda n=feed, f=file: door.deliver(n, f, at=AT).accepted)
            took, wall, peak = took + cpu, wall + seconds, max(peak, gigabytes)
            if not keep_files:
                file.unlink()
    finally:
        serve._subject = really
    count = sum(rows.values())
    name = f"{count:,} rows of {enterprises:,} enterprises taken in"
    tell(f"{name}, CPU", took, "s", limit=copied, reach=COPIES_MAX * copied)
    tell(f"{name}, speed", count / wall, "rows/s", limit=count / copied, less_is_better=False)
    tell(f"{name}, memory", peak, "GB", limit=INGEST_GB_MAX, reach=INGEST_GB_MAX)
