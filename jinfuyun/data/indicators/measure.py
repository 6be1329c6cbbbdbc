"""From delivered rows to what is measured: tables `cut` and `measured`, and what `documents` needs beside them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from jinfuyun.data.departments.contract import Access, Feed
from jinfuyun.data.indicators.contract import UNITS, Indicator, Source, Stage
from jinfuyun.data.lake.engine import Engine, listed, quoted
from jinfuyun.data.lake.tables import Scan

# So few enterprises that their rows fit into memory: a pull looks for them in the lake once, not once a stage.
FEW = 1000
PEERS = {"uscc": "VARCHAR", "month": "DATE", "burden_bp": "BIGINT", "told": "VARCHAR"}
NO_PEERS = "(SELECT " + ", ".join(f"NULL::{kind} AS {name}" for name, kind in PEERS.items()) + " WHERE false)"
SCHEMA = "measuring"  # everything made on the way; emptied when the next source begins


class Measurer(Protocol):
    """`measure` below, or what does the same elsewhere: it leaves relations of these names for `documents`."""

    def __call__(
        self,
        engine: Engine,
        source: Source,
        tables: Mapping[str, Scan],
        *,
        coverage: Scan,
        as_of: date | None,
        today: date | None = None,
        peers: str = NO_PEERS,
    ) -> None: ...


@dataclass(frozen=True, slots=True)
class Relation:
    """One step from rows to figures, over the relations before it; `kept`: made once, because others read it."""

    name: str
    sql: str
    kept: bool = False


def measure(
    engine: Engine,
    source: Source,
    tables: Mapping[str, str],
    *,
    coverage: str,
    as_of: date | None,
    today: date | None = None,
    peers: str = NO_PEERS,
) -> None:
    """Leave one row per enterprise that the source reaches in `measured`: a column per indicator.

    The engine sees `subject` (uscc, category): whom to measure, and which categories their consents cover; who is not
    there with the source's own category is left out. `tables`: SQL of each feed's rows, also of borrowed feeds.
    `coverage`: SQL for (uscc, feed, delivery, covers_until, row_count). `as_of`: nothing later counts.
    `today`: the day on which a bad record has ended or not; else the last day that data reaches. `peers`: SQL for what
    a source compares with.
    """
    begin(engine)
    engine.run(f"CREATE TABLE peers AS SELECT * FROM {peers}")
    engine.run(f"CREATE TABLE cut AS {cut_sql(source, coverage, as_of, today)}")
    (few,) = engine.row(f"SELECT count(*) <= {FEW} FROM cut")
    if few:
        for feed in source.all_feeds:
            wanted = f"SELECT * FROM {tables[feed.name]} WHERE uscc IN (SELECT uscc FROM cut)"
            engine.run(f"CREATE TABLE {feed.name}_given AS {wanted}")
        tables = {feed.name: f"{feed.name}_given" for feed in source.all_feeds}
    for each in relations(source, tables):
        engine.run(f"CREATE {'TABLE' if each.kept else 'VIEW'} {each.name} AS {each.sql}")


def begin(engine: Engine) -> None:
    """What the source before left behind goes."""
    engine.run(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE")
    engine.run(f"CREATE SCHEMA {SCHEMA}")
    engine.run(f"SET search_path = '{SCHEMA},main'")


def relations(source: Source, tables: Mapping[str, str]) -> Iterator[Relation]:
    """Everything that comes after `cut`, in order; `measured` is the last."""
    for feed in source.all_feeds:
        yield Relation(f"{feed.name}_row", rows_sql(source, feed, tables[feed.name]))
        yield Relation(f"{feed.name}_told", told_sql(feed, tables[feed.name]))
    for stage in source.stages:
        yield Relation(stage.name, stage.sql, kept=stage.kept)
        if stage.sums or stage.values:
            yield Relation(f"of_{stage.name}", summed_sql(stage), kept=True)
    yield Relation("measured", measured_sql(source), kept=True)


def cut_sql(source: Source, coverage: str, as_of: date | None, today: date | None) -> str:
    """Up to when each feed has told of each enterprise, and so up to when the source's figures speak.

    A consented feed reaches whom its deliveries spoke of or were asked about. A public register is kept whole: it has
    told of everybody, also of those of whom it has nothing to tell.
    """
    whole = [feed for feed in source.all_feeds if is_whole(feed)]
    told = [feed for feed in source.all_feeds if not is_whole(feed) and feed.name in source.feeds]
    borrowed = [feed for feed in source.all_feeds if feed.name in source.borrowed]
    cases = " ".join(f"WHEN {quoted(feed.name)} THEN {quoted(str(feed.category))}" for feed in borrowed)
    names = [f"{feed.name}_day" for feed in source.all_feeds]
    silences = "".join(f", {feed.name}_silent" for feed in (*told, *borrowed))
    limit = f"DATE '{as_of}'" if as_of else "NULL"
    limited = ", ".join(f"CASE WHEN {name} IS NOT NULL THEN least({name}, {limit}) END AS {name}" for name in names)
    on_day = f"DATE '{today}'" if today else "coalesce(" + _latest(names) + ", end_day)"
    return f"""
        WITH mine AS (SELECT uscc FROM subject WHERE category = {quoted(source.category)}),
        told AS (SELECT uscc, {_days(told)} FROM {coverage}
            WHERE feed IN ({_names(told)}) AND uscc IN (SELECT uscc FROM mine) GROUP BY uscc),
        lent AS (SELECT c.uscc, {_days(borrowed)} FROM {coverage} c
            JOIN subject s ON s.uscc = c.uscc AND s.category = CASE c.feed {cases or "WHEN '' THEN ''"} END
            WHERE c.feed IN ({_names(borrowed)}) GROUP BY c.uscc),
        of_all AS (SELECT {_days(whole)} FROM {coverage} WHERE feed IN ({_names(whole)})),
        reached AS (SELECT mine.uscc, {limited}{silences} FROM mine LEFT JOIN told ON told.uscc = mine.uscc
            LEFT JOIN lent ON lent.uscc = mine.uscc CROSS JOIN of_all),
        ended AS (SELECT *, {_end(source)} AS end_day FROM reached)
        SELECT CAST(row_number() OVER (ORDER BY uscc) AS INTEGER) AS id, *,
            CAST(date_trunc('month', end_day) AS DATE) AS month, end_day AS cut_day, {on_day} AS today
        FROM ended WHERE end_day IS NOT NULL"""


def rows_sql(source: Source, feed: Feed, table: str) -> str:
    """The rows of a feed up to the end of the figures; of a register up to when it told of the enterprise."""
    end = "c.cut_day" if feed.by_month and source.paced_by else f"c.{feed.name}_day"
    day = f"r.{feed.dated_by}"
    ago = f"(year(c.cut_day) - year({day})) * 12 + month(c.cut_day) - month({day})"
    columns = ", ".join(f"r.{name}" for name in feed.types if name != "uscc")
    return (
        f"SELECT c.id, c.cut_day, c.today, {ago} AS ago, r.delivery, {columns} FROM {table} r"
        f" JOIN cut c ON c.uscc = r.uscc WHERE {day} <= {end} AND c.{feed.name}_day IS NOT NULL"
    )


def told_sql(feed: Feed, table: str) -> str:
    """Per enterprise the deliveries behind its rows and how many; and the newest, if it had nothing to tell of it."""
    rows = (
        f"SELECT c.id, r.delivery, count(*) AS row_count FROM {table} r JOIN cut c ON c.uscc = r.uscc"
        f" WHERE c.{feed.name}_day IS NOT NULL GROUP BY c.id, r.delivery"
    )
    if is_whole(feed):
        return rows
    return f"{rows} UNION ALL SELECT id, {feed.name}_silent, 0 FROM cut WHERE {feed.name}_silent IS NOT NULL"


def summed_sql(stage: Stage) -> str:
    sums = [f"CAST(coalesce({sql}, 0) AS BIGINT) AS {name}" for name, sql in stage.sums]
    values = [f"{sql} AS {name}" for name, sql in stage.values]
    return f"SELECT id, {', '.join(sums + values)} FROM {stage.name} GROUP BY id"


def measured_sql(source: Source) -> str:
    joins, columns = [], []
    for stage in source.stages:
        if stage.sums or stage.values:
            joins.append(f"LEFT JOIN of_{stage.name} ON of_{stage.name}.id = cut.id")
            columns += [f"coalesce({name}, 0) AS {name}" for name, _ in stage.sums]
            columns += [name for name, _ in stage.values]
    reach = f"greatest(coalesce({source.first_ago}, -1) + 1, 0)" if source.first_ago else "NULL"
    facts = []
    for each in source.indicators:
        known = known_sql(source, each)
        facts.append(f"CAST(CASE WHEN {known} THEN {each.sql} END AS {UNITS[each.unit]}) AS {each.name}")
        facts.append(f"CAST(CASE WHEN {known} THEN {each.rows} ELSE 0 END AS BIGINT) AS {each.name}_rows")
    return f"""
        WITH summed AS (SELECT cut.*{_listing(columns)} FROM cut {" ".join(joins)}),
        reaching AS (SELECT *, CAST({reach} AS BIGINT) AS reach FROM summed)
        SELECT id, uscc, month, cut_day, {", ".join(f"{feed.name}_day" for feed in source.all_feeds)}, reach,
            {", ".join(facts)} FROM reaching"""


def known_sql(source: Source, indicator: Indicator) -> str:
    """Where a value is known. A borrowed feed must reach as far as the figures do, or months would be missing."""
    own = [f"{name}_day IS NOT NULL" for name in indicator.feeds if name in source.feeds]
    borrowed = [f"{name}_day >= cut_day" for name in indicator.feeds if name not in source.feeds]
    enough = [f"reach >= {indicator.needs}"] if indicator.needs else []
    return " AND ".join(own + borrowed + enough)


def _days(feeds: Sequence[Feed]) -> str:
    """How far each feed reaches, and its newest delivery if that was silent; a column also where there is no feed."""
    reaches = [
        f"max(covers_until) FILTER (feed = {quoted(feed.name)}) AS {feed.name}_day,"
        f" CASE WHEN max(delivery) FILTER (feed = {quoted(feed.name)})"
        f" = max(delivery) FILTER (feed = {quoted(feed.name)} AND row_count = 0)"
        f" THEN max(delivery) FILTER (feed = {quoted(feed.name)}) END AS {feed.name}_silent"
        for feed in feeds
    ]
    return ", ".join(reaches) or "count(*) AS nothing"


def _names(feeds: Sequence[Feed]) -> str:
    return listed([feed.name for feed in feeds])


def is_whole(feed: Feed) -> bool:
    return feed.access is Access.PUBLIC and not feed.identifies


def _end(source: Source) -> str:
    """The last full month of the pacing feed that reaches least far; of registers the latest day told of."""
    latest = _latest([f"{name}_day" for name in source.feeds])
    if not source.paced_by:
        return latest
    least = "least(" + ", ".join([f"{name}_day" for name in source.paced_by] + ["NULL"]) + ")"
    day = f"coalesce({least}, {latest})"
    before = f"CAST(date_trunc('month', {day}) AS DATE) - INTERVAL 1 DAY"
    return f"CAST(CASE WHEN last_day({day}) = {day} THEN {day} ELSE {before} END AS DATE)"


def _latest(days: list[str]) -> str:
    return f"greatest({', '.join(days)}, NULL)"


def _listing(columns: list[str]) -> str:
    return "".join(f", {column}" for column in columns)
