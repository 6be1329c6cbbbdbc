"""Cross-tabs in the data engine over rows that the database gave out once, as a night would: what they would cost.

The figures and dimensions are the ones of the regulator's page. Of each drawdown the database itself says what it adds
to each figure, by the very expressions of the table of definitions, so the engine only adds up; the answer is held
against the page's own. The entries of all books lie beside it, and a cross-tab of them reads every one.
"""

import time
from datetime import datetime
from pathlib import Path
from statistics import median
from typing import Any

import duckdb
import psycopg

from benchmarks.figures import tell

SECONDS_MAX, RATIO_MAX = 1.0, 2.0
TIMES = 5
FIGURES = ("funded", "funded_fen", "first_fen", "unsecured_fen", "rate_fen")
THREADS = 2
ENTRIES = (
    "SELECT e.loan_id, e.act, e.on, e.principal_fen, e.interest_fen FROM loan_event e"
    " WHERE NOT EXISTS (SELECT FROM loan_event r WHERE r.reverses_id = e.id)"
)
WITH_KINDS = "SELECT e.*, d.security, d.industry, d.place FROM read_csv('{csv}') e JOIN '{drawn}' d USING (loan_id)"
OVER_ENTRIES = (
    "SELECT security, place, act, count(*), sum(principal_fen), sum(interest_fen)"
    " FROM read_parquet('{entries}') GROUP BY ALL"
)
BARE = "SELECT act, count(*), sum(principal_fen), sum(interest_fen) FROM read_parquet('{entries}') GROUP BY ALL"
PAGE = "SELECT industry, place, {sums} FROM read_parquet('{drawn}') GROUP BY ALL"
PAGE_BARE = "SELECT industry, place, count(*), sum(amount_fen), sum(rate_bp) FROM read_parquet('{drawn}') GROUP BY ALL"


def measure(folder: Path, events: int, at: datetime) -> None:
    """Given out, asked, and held against the page; `events`: how many entries there are, for the names of figures."""
    files = {"drawn": str(folder / "drawn.parquet"), "entries": str(folder / "entries.parquet")}
    begun = time.perf_counter()
    with duckdb.connect(config={"threads": THREADS}) as engine:
        for name, statement, kept in (
            ("drawn", _drawn(at), "SELECT * FROM read_csv('{csv}')"), ("entries", ENTRIES, WITH_KINDS)
        ):  # fmt: skip
            csv = folder / f"{name}.csv"
            _copy_out(statement, csv)
            engine.sql(f"COPY ({kept.format(csv=csv, **files)}) TO '{files[name]}' (FORMAT parquet)")
            csv.unlink()
        seconds = time.perf_counter() - begun
        tell(f"rows of {events:,} events given out to the data engine", seconds, "s", limit=seconds)
        sums = ", ".join(f"sum({name})::BIGINT AS {name}" for name in FIGURES)
        for name, ours, bare in (
            ("entries by security, city and act", OVER_ENTRIES, BARE),
            ("drawdowns by industry and city", PAGE, PAGE_BARE),
        ):  # fmt: skip
            took, base = (_took(engine, one.format(sums=sums, **files)) for one in (ours, bare))
            tell(f"cross-tab over {events:,} events, {name}", took, "s", limit=base, reach=SECONDS_MAX)
        rows = engine.sql(PAGE.format(sums=sums, **files)).fetchall()
    _held_against_the_page(rows, events, at)


def _took(engine: Any, statement: str) -> float:
    def once() -> float:
        begun = time.perf_counter()
        engine.sql(statement).fetchall()
        return time.perf_counter() - begun

    return median(once() for _ in range(TIMES))


def _copy_out(statement: str, csv: Path) -> None:
    from jinfuyun.config import database

    copy = f"COPY ({statement}) TO STDOUT (FORMAT csv, HEADER)"
    with (
        psycopg.connect(database.dsn("jinfuyun_app")) as connection, csv.open("wb") as file,
        connection.cursor().copy(copy) as rows,
    ):  # fmt: skip
        for data in rows:
            file.write(data)


def _drawn(at: datetime) -> str:
    """Each drawdown: where, of which kinds, and what it adds to each figure, as the definitions say."""
    from django.db import connection
    from django.db.models import Case, F, Q, Value, When

    from jinfuyun.supervision.queries.structure import DIMENSIONS
    from jinfuyun.supervision.queries.table import BASE
    from jinfuyun.supervision.queries.terms import LOANS

    def adds(name: str) -> Case:
        counted = BASE[name].counted
        value = Value(1) if type(counted).__name__ == "Count" else counted.source_expressions[0]
        return Case(When(counted.filter or Q(), then=value), default=0)

    rows = LOANS.rows(at).order_by().values(
        "amount_fen", "rate_bp", "drawn_on", loan_id=F("pk"), region=F(LOANS.region),
        industry=DIMENSIONS["industry"].kind, security=F("line__security"),
        **{f"adds_{name}": adds(name) for name in FIGURES},
    )  # fmt: skip
    with connection.cursor() as cursor:
        statement = cursor.mogrify(*rows.query.sql_with_params())
    names = ", ".join(f"adds_{name} AS {name}" for name in FIGURES)
    place = "CASE region WHEN '350128' THEN region ELSE left(region, 4) || '00' END AS place"
    kept = "loan_id, amount_fen, rate_bp, drawn_on, industry, security"
    return f"SELECT {kept}, {place}, {names} FROM ({statement}) drawn"


def _held_against_the_page(rows: list[tuple[Any, ...]], events: int, at: datetime) -> None:
    from jinfuyun.supervision.queries.counting import Span, by_kind
    from jinfuyun.supervision.queries.structure import DIMENSIONS

    begun = time.perf_counter()
    found = by_kind(FIGURES[:4], Span(None, at), DIMENSIONS["industry"].kind, [])
    seconds = time.perf_counter() - begun
    page = {(kind, city): of for kind, cities in found.items() for city, of in cities.items() if of["funded"]}
    engine = {(row[0], str(row[1])): dict(zip(FIGURES[:4], row[2:], strict=False)) for row in rows if row[2]}
    equal = sum(page.get(key) == of for key, of in engine.items())
    tell("cells of the page that the engine has too", equal, "", limit=len(page), reach=len(page), less_is_better=False)
    tell(f"the same page counted in PostgreSQL, {events:,} events", seconds, "s", limit=seconds)
