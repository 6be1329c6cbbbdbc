"""What of a delivery was held back, why, and what became of it since; what was not kept at all."""

from collections.abc import Sequence
from dataclasses import dataclass

from jinfuyun.data.departments.registry import FEEDS
from jinfuyun.data.ingest import load, shelves
from jinfuyun.data.lake import engine
from jinfuyun.data.lake.engine import listed, quoted
from jinfuyun.data.pipeline import Plane

EXAMPLES = 3


@dataclass(frozen=True, slots=True)
class Held:
    """A row in quarantine. `raw` is None where nobody authorised keeping its words.

    `came_in`: the delivery in which it came again, "" while it waits; `became`: its outcome there.
    """

    row_number: int
    rule: str
    reason: str
    raw: str | None
    came_in: str = ""
    became: str = ""


@dataclass(frozen=True, slots=True)
class ByRule:
    """One rule, its reason in words, how many rows broke it, and the first of them."""

    rule: str
    reason: str
    row_count: int
    examples: list[Held]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Rows that were not kept: why, how many, of how many different enterprises."""

    reason: str
    row_count: int
    enterprise_count: int


def rows(plane: Plane, number: str, *, limit: int) -> list[Held]:
    """Those that still wait come first, each part in the order of the file."""
    with engine.opened(plane.lake.work) as sql:
        found = sql.rows(
            f"SELECT row_number, rule, reason, raw, coalesce(corrected_by, ''), coalesce(outcome, ''), feed"
            f" FROM ({_held(plane, [number])}) ORDER BY corrected_by IS NOT NULL, row_number LIMIT {limit}"
        )
    return [Held(row, rule, reason, _words(plane, feed, number, row, raw), came, became)
            for row, rule, reason, raw, came, became, feed in found]  # fmt: skip


def by_rule(plane: Plane, number: str) -> list[ByRule]:
    """The commonest first, each with its first EXAMPLES rows."""
    with engine.opened(plane.lake.work) as sql:
        sql.run(
            "CREATE TEMP TABLE broken AS SELECT row_number, feed, raw, unnest(string_split(rule, ',')) AS rule,"
            " unnest(string_split(reason, '；')) AS part, reason AS whole"
            f" FROM {plane.lake.scan(shelves.QUARANTINE)} WHERE delivery = {quoted(number)}"
        )
        counted = sql.rows(
            "SELECT rule, arg_min(coalesce(part, whole), row_number), count(*) FROM broken WHERE rule IS NOT NULL"
            " GROUP BY rule ORDER BY count(*) DESC, rule"
        )
        first = sql.rows(
            "SELECT rule, row_number, coalesce(part, whole), feed, raw FROM broken WHERE rule IS NOT NULL"
            f" QUALIFY row_number() OVER (PARTITION BY rule ORDER BY row_number) <= {EXAMPLES} ORDER BY row_number"
        )
    examples: dict[str, list[Held]] = {}
    for rule, row, reason, feed, raw in first:
        examples.setdefault(rule, []).append(Held(row, rule, reason, _words(plane, feed, number, row, raw)))
    return [ByRule(rule, reason, count, examples[rule]) for rule, reason, count in counted]


def left_out(plane: Plane, number: str) -> list[LeftOut]:
    """By reason, the commonest first."""
    with engine.opened(plane.lake.work) as sql:
        found = sql.rows(
            f"SELECT reason, sum(row_count)::BIGINT, count(DISTINCT key_mark) FROM"
            f" {plane.lake.scan(shelves.UNAUTHORISED)} WHERE delivery = {quoted(number)}"
            " GROUP BY reason ORDER BY 2 DESC, 1"
        )
    return [LeftOut(*row) for row in found]


def waiting(plane: Plane, numbers: Sequence[str]) -> dict[str, int]:
    """How many rows of each delivery came again in none; deliveries with none left are missing."""
    with engine.opened(plane.lake.work) as sql:
        found = sql.rows(
            f"SELECT delivery, count(*) FROM ({_held(plane, numbers)}) WHERE corrected_by IS NULL GROUP BY delivery"
        )
    return dict(found)


def _held(plane: Plane, numbers: Sequence[str]) -> str:
    """SQL: the quarantined rows of these deliveries with `corrected_by` and `outcome`, NULL while they wait."""
    mine = f"WHERE delivery IN ({listed(numbers)})"
    return (
        f"SELECT q.*, c.corrected_by, c.outcome FROM (SELECT * FROM {plane.lake.scan(shelves.QUARANTINE)} {mine}) q"
        f" LEFT JOIN (SELECT delivery, row_number, corrected_by, outcome FROM {plane.lake.scan(shelves.CORRECTED)}"
        f" {mine}) c USING (delivery, row_number)"
    )


def _words(plane: Plane, feed: str, number: str, row: int, raw: bytes | None) -> str | None:
    return load.opened(raw, number=number, row=row, sealed=FEEDS[feed].consented, ring=plane.ring)
