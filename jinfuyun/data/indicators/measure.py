"""From the rows of a source to what is measured: tables `cut`, `fact_row`, the stages, `measured`."""

from collections.abc import Mapping
from datetime import date

from jinfuyun.data.indicators.contract import Indicator, Source
from jinfuyun.data.lake.engine import Engine, listed, quoted


def measure(engine: Engine, source: Source, tables: Mapping[str, str], *, coverage: str, as_of: date | None) -> None:
    """Leave one row per enterprise of `subject` that the source reaches in `measured`: a column per indicator.

    `tables`: SQL of each feed's rows. `coverage`: SQL for (uscc, feed, covers_until). `as_of`: nothing later counts.
    """
    engine.run(f"CREATE OR REPLACE TEMP TABLE source_row AS SELECT * FROM ({source.rows.format(**tables)})"
               " WHERE uscc IN (SELECT uscc FROM subject)")  # fmt: skip
    _cut(engine, source, coverage, as_of)
    engine.run(
        "CREATE OR REPLACE TEMP TABLE fact_row AS SELECT r.*, last_day(c.month) AS cut_day,"
        f" {_months('r.day', 'c.month')} AS ago FROM source_row r JOIN cut c USING (uscc)"
        " WHERE r.day <= last_day(c.month)"
    )
    for name, sql in source.stages:
        engine.run(f"CREATE OR REPLACE TEMP TABLE {name} AS {sql}")
    _measured(engine, source)


def _cut(engine: Engine, source: Source, coverage: str, as_of: date | None) -> None:
    """The last full month delivered: of several feeds the one that reaches least far, each by its latest delivery."""
    covered = ", ".join(f"bool_or(feed = {quoted(feed)}) AS {feed}_covered" for feed in source.feeds)
    limit = f"least(reaches, DATE '{as_of}')" if as_of else "reaches"
    engine.run(
        f"""CREATE OR REPLACE TEMP TABLE cut AS
        WITH reach_of_feed AS (
            SELECT uscc, feed, max(covers_until) AS reaches FROM {coverage}
            WHERE feed IN ({listed(source.feeds)}) AND covers_until IS NOT NULL AND uscc IN (SELECT uscc FROM subject)
            GROUP BY ALL),
        least_far AS (SELECT uscc, {covered}, min(reaches) AS reaches FROM reach_of_feed GROUP BY uscc),
        limited AS (SELECT * REPLACE ({limit} AS reaches) FROM least_far),
        months AS (SELECT * EXCLUDE (reaches), CASE WHEN last_day(reaches) = reaches THEN date_trunc('month', reaches)
            ELSE date_trunc('month', reaches) - INTERVAL 1 MONTH END::DATE AS month FROM limited),
        firsts AS (SELECT uscc, min(day) AS first_day FROM source_row GROUP BY uscc)
        SELECT m.*, greatest(coalesce({_months("f.first_day", "m.month")} + 1, 0), 0) AS reach
        FROM months m LEFT JOIN firsts f USING (uscc)"""
    )


def _measured(engine: Engine, source: Source) -> None:
    joins, columns = [], []
    for stage in dict.fromkeys(indicator.stage for indicator in source.indicators):
        values = ", ".join(f"{each.sql} AS {each.name}" for each in source.indicators if each.stage == stage)
        joins.append(f"LEFT JOIN (SELECT uscc, {values} FROM {stage} GROUP BY uscc) AS of_{stage} USING (uscc)")
    counts = ", ".join(f"count(*) FILTER ({each.rows}) AS {each.name}_rows" for each in source.indicators)
    joins.append(f"LEFT JOIN (SELECT uscc, {counts} FROM fact_row GROUP BY uscc) AS counted USING (uscc)")
    for each in source.indicators:
        known = " AND ".join([f"{feed}_covered" for feed in each.feeds] + [f"reach >= {each.needs}"])
        columns.append(f"(CASE WHEN {known} THEN {each.name} END)::{_sql_type(each)} AS {each.name}")
        columns.append(f"coalesce({each.name}_rows, 0) AS {each.name}_rows")
    engine.run(
        f"CREATE OR REPLACE TEMP TABLE measured AS SELECT uscc, month, reach, {', '.join(columns)}"
        f" FROM cut {' '.join(joins)}"
    )


def _sql_type(indicator: Indicator) -> str:
    return "DOUBLE" if indicator.unit == "kwh" else "BIGINT"


def _months(earlier: str, later: str) -> str:
    """Whole months between two days' months."""
    return f"((year({later}) - year({earlier})) * 12 + month({later}) - month({earlier}))"
