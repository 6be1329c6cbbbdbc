"""Cross-tabs in the data engine: the regulator's own, from the counts of a night, and one that reads every entry.

The page's is made by the product itself (`supervision/queries/cross.py`), beside the bare query over the same file, and
held against what PostgreSQL counts from the rows. The entries of all books are given out once for the other.
"""

import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from statistics import median
from typing import Any

import duckdb
import psycopg

from benchmarks.figures import tell

SECONDS_MAX = 1.0
TIMES = 5
THREADS = 2
ENTRIES = (
    "SELECT e.act, e.principal_fen, e.interest_fen, c.security, left(c.region_code, 4) AS place"
    " FROM loan_event e JOIN loan l ON l.id = e.loan_id JOIN loan_line c ON c.id = l.line_id"
    " WHERE NOT EXISTS (SELECT FROM loan_event r WHERE r.reverses_id = e.id)"
)
SUMS = "count(*), sum(principal_fen), sum(interest_fen)"


def measure(folder: Path, events: int, at: datetime) -> None:
    """`events`: how many entries there are, for the names of figures."""
    from jinfuyun.config import places
    from jinfuyun.supervision.queries import cross

    begun = time.perf_counter()
    cross.gather(at=at)
    tell(f"night's counts of {events:,} events", seconds := time.perf_counter() - begun, "s", limit=seconds)
    kept = f"read_parquet('{places.LAKE}/tallies/{cross.KEPT}.parquet')"
    with duckdb.connect(config={"threads": THREADS}) as engine:
        bare = _took(lambda: engine.sql(f"SELECT industry, city, sum(funded) FROM {kept} GROUP BY ALL").fetchall())
        ((rows,),) = engine.sql(f"SELECT count(*) FROM {kept}").fetchall()
        name = f"cross-tab of the page, {events:,} events in {rows:,} counts"
        tell(name, _took(lambda: _page("funded", at)), "s", limit=bare, reach=SECONDS_MAX)
        entries = _given_out(engine, folder)
        ours, base = (
            _took(lambda by=by: engine.sql(f"SELECT {by}, {SUMS} FROM '{entries}' GROUP BY ALL").fetchall())
            for by in ("security, place, act", "act")
        )
        tell(f"cross-tab over {events:,} events, entries", ours, "s", limit=base, reach=SECONDS_MAX)
    _held_against_the_rows(events, at)


def _took(act: Callable[[], object]) -> float:
    def once() -> float:
        begun = time.perf_counter()
        act()
        return time.perf_counter() - begun

    return median(once() for _ in range(TIMES))


def _page(figure: str, at: datetime) -> Any:
    """Industries by city, of all months there are: what a regulator of the province asks for."""
    from jinfuyun.kit import regions
    from jinfuyun.supervision.queries import cross
    from tests.supervision.scene import regulator

    months = cross.months()
    return cross.crosstab(
        rows="industry", columns=cross.CITY, figure=figure, since=months[0], until=months[-1],
        visible_to=regulator(regions.PROVINCE_CODE), with_xiamen=True,
    )  # fmt: skip


def _given_out(engine: Any, folder: Path) -> Path:
    from jinfuyun.config import database

    csv, entries = folder / "entries.csv", folder / "entries.parquet"
    copy = f"COPY ({ENTRIES}) TO STDOUT (FORMAT csv, HEADER)"
    with (
        psycopg.connect(database.dsn("jinfuyun_app")) as connection, csv.open("wb") as file,
        connection.cursor().copy(copy) as rows,
    ):  # fmt: skip
        for data in rows:
            file.write(data)
    engine.sql(f"COPY (FROM read_csv('{csv}')) TO '{entries}' (FORMAT parquet)")
    csv.unlink()
    return entries


def _held_against_the_rows(events: int, at: datetime) -> None:
    """Every figure of the page, by industry, against what the table of definitions counts from the rows."""
    from jinfuyun.kit import regions
    from jinfuyun.supervision.queries.counting import Span
    from jinfuyun.supervision.queries.structure import FIGURES, structure
    from tests.supervision.scene import regulator

    begun = time.perf_counter()
    counted = structure(
        by="industry", visible_to=regulator(regions.PROVINCE_CODE), with_xiamen=True, span=Span(None, at)
    ).rows
    seconds = time.perf_counter() - begun
    found = {figure: {label: values[-1] for label, values in _page(figure, at).lines} for figure in FIGURES}
    rows = [(label, values) for label, values in counted if values["funded"]]
    equal = sum(found[figure].get(label) == values[figure] for figure in FIGURES for label, values in rows)
    of = len(FIGURES) * len(rows)
    tell("figures of the page as the rows have them", equal, "", limit=of, reach=of, less_is_better=False)
    tell(f"the same counted in PostgreSQL, {events:,} events", seconds, "s", limit=seconds)
