"""What an enterprise was called and known by before: names, keys, regions, with the day from which another held."""

from dataclasses import dataclass
from datetime import date

from jinfuyun.data.departments.registry import FEEDS
from jinfuyun.data.ingest import shelves
from jinfuyun.data.lake.engine import Engine, quoted
from jinfuyun.data.lake.tables import Lake


@dataclass(frozen=True, slots=True)
class Change:
    """`what`: name | address | legal_representative | registration_number | region | tax_number. `was` gave way to
    `became` on `on`: the day of the register, or the day we were told (`told`)."""

    what: str
    was: str
    became: str
    on: date | None
    told: bool
    delivery: str


# Of a registration's versions; of 变更登记 the items of the same meaning, which know the day itself.
_VERSIONED = ("name", "registration_number", "region", "address", "legal_representative")
_ITEMS = ("name", "address", "legal_representative")


def changes(sql: Engine, lake: Lake, uscc: str) -> list[Change]:
    """The newest first. What the register of changes tells is not told again from two versions of the registration."""
    mine = f"uscc = {quoted(uscc)}"
    registration, taxpayers = FEEDS["registration"], FEEDS["taxpayers"]
    columns = ", ".join((*_VERSIONED, "version", "delivery", "row_number"))
    said = " UNION ALL ".join(
        f"SELECT {columns} FROM {lake.scan(shelf(registration))} WHERE {mine}"
        for shelf in (shelves.history, shelves.current)
    )
    # A version that came too late stands in history like one that gave way: the order is that of the versions.
    pairs = " UNION ALL ".join(
        f"SELECT {quoted(what)} AS what, lag({what} IGNORE NULLS) OVER w AS was, {what} AS became, version, delivery"
        f" FROM ({said}) WINDOW w AS (ORDER BY version, delivery, row_number)"
        for what in _VERSIONED
    )
    items = ", ".join(quoted(item) for item in _ITEMS)
    told = (
        f"SELECT item AS what, was, became, changed_on AS changed, false AS told, delivery"
        f" FROM {lake.scan(shelves.current(FEEDS['registration_changes']))} WHERE {mine} AND item IN ({items})"
    )
    seen = (
        "SELECT what, was, became, (version AT TIME ZONE 'Asia/Shanghai')::DATE AS changed, true AS told, delivery"
        f" FROM ({pairs}) p WHERE was <> became AND NOT EXISTS"
        f" (SELECT 1 FROM ({told}) t WHERE t.what = p.what AND t.was = p.was AND t.became = p.became)"
    )
    tax = (
        f"SELECT 'tax_number', tax_number, {quoted(uscc)}, registered_on, false, delivery"
        f" FROM {lake.scan(shelves.current(taxpayers))} WHERE {mine} AND tax_number <> uscc"
    )
    rows = sql.rows(
        f"SELECT what, coalesce(was, ''), coalesce(became, ''), changed, told, delivery"
        f" FROM ({told} UNION ALL {seen} UNION ALL {tax}) ORDER BY changed DESC NULLS LAST, what, was"
    )
    return [Change(*row) for row in rows]


def registered(sql: Engine, lake: Lake, uscc: str) -> dict[str, str]:
    """The registration that stands, by the words of its header; empty if there is none."""
    feed = FEEDS["registration"]
    names = ("name", "registration_number", "registered_on", "region", "address", "legal_representative", "status")
    rows = sql.rows(
        f"SELECT {', '.join(f'{name}::VARCHAR' for name in names)} FROM {lake.scan(shelves.current(feed))}"
        f" WHERE uscc = {quoted(uscc)}"
    )
    return {feed.column(name).label: value or "" for name, value in zip(names, rows[0], strict=True)} if rows else {}
