"""What the rows of a delivery were like: figures by which the next one is compared. No figure speaks of fewer rows or
enterprises than the limits below, or a profile would tell what one enterprise's row says."""

from typing import Any

from jinfuyun.data.departments.contract import Feed, Kind
from jinfuyun.data.lake.engine import Engine, quoted

AMOUNTS = (Kind.MONEY, Kind.WAN, Kind.COUNT, Kind.QUANTITY)
ROWS_MIN = 100
ENTERPRISES_MIN = 10
CHOICES_MAX = 50
ROWS_SEEN = 50_000
QUANTILES = "[0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9]"


def profile(engine: Engine, feed: Feed, *, table: str = "decided") -> dict[str, Any]:
    """`rows` kept; `rules`: rows that broke each; of enough rows also `null_bp` a column (basis points of the rows),
    `choices` {column: {value: rows}} and `deciles` {column: the nine cut points}.

    `table`: the feed's columns by name, `outcome`, and `rule`, comma-separated.
    """
    kept = "outcome IN ('accepted', 'superseded')"
    rules = engine.rows(
        "SELECT rule, count(*) FROM (SELECT unnest(string_split(rule, ',')) AS rule"
        f" FROM {table} WHERE outcome = 'quarantined') GROUP BY rule ORDER BY rule"
    )
    (rows,) = engine.row(f"SELECT count(*) FROM {table} WHERE {kept}")
    told: dict[str, Any] = {"rows": rows, "rules": dict(rules)}
    names = ", ".join(column.name for column in feed.columns)
    # The same rows at every run, and no more than say enough: a load of millions must not wait for its profile.
    engine.run(
        f"CREATE OR REPLACE TEMP TABLE seen AS SELECT {names} FROM {table}"
        f" WHERE {kept} AND hash(row_number) % {rows // ROWS_SEEN + 1} = 0"
    )
    count, enterprises = engine.row(f"SELECT count(*), count(DISTINCT {feed.enterprise}) FROM seen")
    if count < ROWS_MIN or enterprises < ENTERPRISES_MIN:
        return told
    return told | {
        "null_bp": _nulls(engine, feed, count),
        "choices": _choices(engine, feed),
        "deciles": _deciles(engine, feed),
    }


def _nulls(engine: Engine, feed: Feed, rows: int) -> dict[str, int]:
    """A key column's stand-in for nothing counts as nothing."""
    said = {c.name: c.name if c.empty is None else f"nullif({c.name}, {quoted(c.empty)})" for c in feed.columns}
    counts = [f"count(*) FILTER ({value} IS NULL)" for value in said.values()]
    found = engine.row(f"SELECT {', '.join(counts)} FROM seen")
    return {name: count * 10_000 // rows for name, count in zip(said, found, strict=True)}


def _choices(engine: Engine, feed: Feed) -> dict[str, dict[str, int]]:
    names = [column.name for column in feed.columns if column.kind is Kind.CHOICE]
    return {
        name: dict(
            engine.rows(
                f"SELECT {name}, count(*) FROM seen WHERE {name} IS NOT NULL GROUP BY 1 ORDER BY 2 DESC, 1"
                f" LIMIT {CHOICES_MAX}"
            )
        )
        for name in names
    }


def _deciles(engine: Engine, feed: Feed) -> dict[str, list[float]]:
    """Inner cut points only: the outermost would be somebody's own figure."""
    names = [column.name for column in feed.columns if column.kind in AMOUNTS]
    if not names:
        return {}
    cuts = ", ".join(f"quantile_cont({name}::DOUBLE, {QUANTILES})" for name in names)
    found = engine.row(f"SELECT {cuts} FROM seen")
    return {name: points for name, points in zip(names, found, strict=True) if points is not None}
