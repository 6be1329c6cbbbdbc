"""The data plane: taking a feed in (judged, resolved, deduplicated, kept with its history), beside a verbatim copy."""

import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import psutil
import psycopg

from benchmarks.figures import tell
from benchmarks.stage import stage

AT = datetime(2026, 3, 10, 2, tzinfo=UTC)
COPIES_MAX = (
    12.0  # times the CPU of a copy of the same file; a first version needed 3.0 to 3.6 on a million enterprises
)
FEED = "sales_invoices"


def cpu_seconds(act: Callable[[], object]) -> float:
    """CPU of this process and its threads; the database's part is small and counted by nobody here."""
    before = psutil.Process().cpu_times()
    act()
    after = psutil.Process().cpu_times()
    return (after.user + after.system) - (before.user + before.system)


@contextmanager
def indexed_afterwards(owner: psycopg.Connection[tuple[object, ...]], table: str) -> Iterator[None]:
    """A table of `serving` without its keys and indexes while it is filled; made anew for all rows at once."""
    rules = owner.execute(
        "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint"
        " WHERE conrelid = %s::regclass AND contype IN ('p', 'u')",
        [f"serving.{table}"],
    ).fetchall()
    others = owner.execute(
        "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'serving' AND tablename = %s"
        " AND indexname <> ALL(%s)",
        [table, [name for name, _ in rules]],
    ).fetchall()
    for name, _ in rules:
        owner.execute(f'ALTER TABLE serving.{table} DROP CONSTRAINT "{name}"')
    for name, _ in others:
        owner.execute(f'DROP INDEX serving."{name}"')
    yield
    for name, rule in rules:
        owner.execute(f'ALTER TABLE serving.{table} ADD CONSTRAINT "{name}" {rule}')
    for _, index in others:
        owner.execute(str(index))
    owner.execute(f"VACUUM ANALYZE serving.{table}")  # as the database does by itself within a minute


def run() -> None:
    enterprises = int(os.environ.get("ENTERPRISES") or 100_000)
    with tempfile.TemporaryDirectory() as folder, stage():
        from jinfuyun.data import door
        from jinfuyun.sandbox.province import generate, people

        out = Path(folder)
        feeds = ("registration", "taxpayers", FEED)
        rows = generate(enterprises=enterprises, seed=1, until=date(2026, 3, 10), out=out, feeds=feeds).rows[FEED]
        for feed in feeds[:2]:
            door.deliver(feed, out / f"{feed}.csv", at=AT)
        _authorise([person["uscc"] for person in people(out)])
        target = out / "copy.parquet"
        copy = cpu_seconds(lambda: duckdb.sql(f"COPY (FROM '{out / FEED}.csv') TO '{target}'"))
        begun = time.perf_counter()
        took = cpu_seconds(lambda: door.deliver(FEED, out / f"{FEED}.csv", at=AT))
        wall = time.perf_counter() - begun
    tell(f"{FEED}, {rows:,} rows taken in, CPU", took, "s", limit=copy)
    tell(f"{FEED}, rows taken in", rows / wall, "rows/s", limit=rows / copy, less_is_better=False)


def _authorise(usccs: list[str]) -> None:
    """Everybody has a consent in force: the feed is measured, not the wizard."""
    from jinfuyun.config import database

    with psycopg.connect(database.dsn("jinfuyun_app")) as connection:
        connection.cursor().executemany(
            "INSERT INTO serving.authorised (uscc, category, consent_number, pdf_sha256, start_on)"
            " VALUES (%s, 'invoices', 'SQ-bench', '', '2020-01-01')",
            [(uscc,) for uscc in usccs],
        )
