"""Every indicator of every enterprise, beside a raw scan: every column of the same Parquet files decoded once.

ENTERPRISES=N (100,000). The feeds that the generated province has; a feed it has not costs next to nothing and is not
counted in the scan.
"""

import os
import tempfile
import time
from datetime import date
from pathlib import Path

import duckdb
import psycopg
import pyarrow as pa

from benchmarks.data import AT, cpu_seconds, indexed_afterwards
from benchmarks.figures import tell
from benchmarks.stage import stage

SCANS_MAX = 8.0  # times the CPU of the raw scan
WALL_SECONDS_MAX = 15.0  # promised for a million enterprises on two cores


def run() -> None:
    enterprises = int(os.environ.get("ENTERPRISES") or 100_000)
    with tempfile.TemporaryDirectory() as folder, stage():
        from jinfuyun.sandbox.province import generate

        out = Path(folder)
        generate(enterprises=enterprises, seed=1, until=date(2026, 3, 10), out=out)
        usccs = known(out)
        _authorise(usccs)
        _deliver(out)
        _measure(usccs, out / "work")


def known(province: Path) -> list[str]:
    """The codes of everybody there; what else is known of four million people would fill the memory."""
    file = str(province / "people.json")
    found = duckdb.read_json(file, columns={"uscc": "VARCHAR"}, format="array").fetchnumpy()["uscc"]
    return [str(uscc) for uscc in found]


def _authorise(usccs: list[str]) -> None:
    """Everybody permits every category."""
    from jinfuyun.config import database
    from jinfuyun.kit.grant import Category

    with (
        psycopg.connect(database.dsn("jinfuyun_owner"), autocommit=True) as owner,
        indexed_afterwards(owner, "authorised"),
    ):
        for category in Category:
            owner.execute(
                "INSERT INTO serving.authorised (uscc, category, consent_number, pdf_sha256, start_on)"
                " SELECT uscc, %s, 'SQ-bench', '', %s FROM unnest(%s::text[]) AS known (uscc)",
                [category.value, date(2020, 1, 1), usccs],
            )


def _deliver(out: Path) -> None:
    """The lake filled without documents: they are measured elsewhere."""
    from jinfuyun.data import door, serve
    from jinfuyun.data.departments.registry import FEEDS

    really, serve._documents = serve._documents, lambda *_, **__: iter(())
    try:
        for feed in FEEDS:
            if (out / f"{feed}.csv").exists():
                door.deliver(feed, out / f"{feed}.csv", at=AT)
    finally:
        serve._documents = really


def _measure(usccs: list[str], work: Path) -> None:
    from jinfuyun.config import places
    from jinfuyun.data.departments.registry import FEEDS
    from jinfuyun.data.indicators.measure import measure
    from jinfuyun.data.indicators.registry import SOURCES
    from jinfuyun.data.ingest import shelves
    from jinfuyun.data.lake import engine
    from jinfuyun.data.lake.tables import Lake

    lake = Lake(places.LAKE)
    tables = {name: lake.scan(shelves.current(feed)) for name, feed in FEEDS.items()}
    coverage = lake.scan(shelves.COVERAGE)
    with engine.opened(work) as sql:
        rows = sum(sql.row(f"SELECT count(*) FROM {table}")[0] for table in tables.values())
        raw = cpu_seconds(lambda: [sql.row(_scan(sql, table)) for table in tables.values()])
        total = wall = 0.0
        for source in SOURCES:
            subject = pa.table({"uscc": usccs * len({str(f.category) for f in source.all_feeds})})
            categories = [c for c in {str(f.category) for f in source.all_feeds} for _ in usccs]
            sql.offer("subject", subject.append_column("category", pa.array(categories)))
            begun = time.perf_counter()
            total += cpu_seconds(
                lambda s=source: measure(sql, s, tables, coverage=coverage, as_of=None, today=AT.date())
            )
            wall += time.perf_counter() - begun
    count = sum(len(source.indicators) for source in SOURCES)
    what = f"{count} indicators of {len(usccs):,} enterprises, {rows:,} rows"
    tell(f"{what}, CPU", total, "s", limit=raw, reach=SCANS_MAX * raw)
    tell(f"{what}, wall", wall, "s", limit=raw, reach=WALL_SECONDS_MAX)


def _scan(sql, table: str) -> str:
    """Every column decoded; no answer comes from the file's own statistics."""
    columns = sql.rows(f"DESCRIBE SELECT * FROM {table}")
    looks = [f"max(length({c[0]}))" if c[1] == "VARCHAR" else f"count(*) FILTER ({c[0]} IS NOT NULL)" for c in columns]
    return f"SELECT {', '.join(looks)} FROM {table}"
