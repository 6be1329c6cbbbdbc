"""Taking a delivery back: everything is as if it had never come, but for the ledger and, of public feeds, history.

What stands for a key is told anew from all that other deliveries said of it, in the order in which they came and by
the rule by which they were taken in (ingest/load.py: later wins by its version, an equal row changes nothing).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from jinfuyun.data import pipeline
from jinfuyun.data.departments.contract import Feed
from jinfuyun.data.departments.registry import FEEDS
from jinfuyun.data.ingest import shelves
from jinfuyun.data.ingest.repeats import WITHDRAWAL_DAYS
from jinfuyun.data.ingest.settle import same
from jinfuyun.data.lake import engine, ledger, serving
from jinfuyun.data.lake.engine import Engine, listed, quoted
from jinfuyun.data.lake.ledger import Delivery
from jinfuyun.data.lake.serving import Serving
from jinfuyun.data.lake.tables import Lake, Table
from jinfuyun.data.pipeline import Plane
from jinfuyun.kit.errors import NotFound, Refused


class CannotWithdraw(Refused):
    """The sentence says why."""


@dataclass(frozen=True, slots=True)
class Effects:
    """What a withdrawal would change: rows of the delivery that stand now, and what stands afterwards."""

    standing: int
    older_again: int  # of those, rows in whose place another delivery's row stands again
    gone: int  # of those, rows in whose place nothing is left
    enterprises: int
    quarantined: int


def effects(plane: Plane, delivery: Delivery, withdrawn: list[str]) -> Effects:
    """Asked before anybody decides; changes nothing, waits for nobody. `withdrawn`: deliveries taken back already."""
    feed, lake = FEEDS[delivery.feed], plane.lake
    with engine.opened(lake.work) as sql:
        _stand_again(sql, lake, feed, delivery.number, withdrawn)
        mine = f"(SELECT * FROM {lake.scan(shelves.current(feed))} WHERE delivery = {quoted(delivery.number)})"
        standing, older, enterprises = sql.row(
            f"SELECT count(*), count(n.delivery), count(DISTINCT m.uscc) FROM {mine} m"
            f" LEFT JOIN stands n ON {same('m', 'n', feed)}"
        )
        (held,) = sql.row(
            f"SELECT count(*) FROM {lake.scan(shelves.QUARANTINE)} WHERE delivery = {quoted(delivery.number)}"
        )
    return Effects(standing, older, standing - older, enterprises, held)


def withdraw(plane: Plane, number: str, *, because: str, at: datetime) -> Delivery:
    """Take a delivery back, and before it what came in later of its rows. Done already it is no error.

    Raises NotFound, CannotWithdraw.
    """
    with serving.writing(plane.data_dsn) as book:
        delivery, retries = book.delivery(number), book.retries()
    if delivery and not why_not(delivery, at=at):
        for one in _taken_in_later(plane, number, sorted(retries)):
            take_out(plane, one, because=because, at=at)
    return _withdraw(plane, number, because=because, at=at)


def take_out(plane: Plane, number: str, *, because: str, at: datetime) -> Delivery:
    """Rows that waited and came in wait again, however long ago that was. Raises NotFound."""
    return _withdraw(plane, number, because=because, at=at, whatever=True)


def _taken_in_later(plane: Plane, number: str, retries: Sequence[str]) -> list[str]:
    with engine.opened(plane.lake.work) as sql:
        found = sql.rows(
            f"SELECT DISTINCT corrected_by FROM {plane.lake.scan(shelves.CORRECTED)}"
            f" WHERE delivery = {quoted(number)} AND corrected_by IN ({listed(retries)}) ORDER BY 1"
        )
    return [row[0] for row in found]


def _withdraw(plane: Plane, number: str, *, because: str, at: datetime, whatever: bool = False) -> Delivery:
    with serving.writing(plane.data_dsn) as book:
        pipeline.catch_up(plane, book, at=at)
        delivery = book.delivery(number)
        if delivery is None:
            raise NotFound
        if delivery.state == "withdrawn":
            return delivery
        if (reason := why_not(delivery, at=at)) and not whatever:
            raise CannotWithdraw(reason)
        feed = FEEDS[delivery.feed]
        taken_back = replace(delivery, state="withdrawn", withdrawn_at=at, withdrawn_because=because)
        versions, also = _undone(plane, feed, number, book)
        plane.lake.publish(versions, ledger.plain(taken_back) | {"also": also})
        pipeline.catch_up(plane, book, at=at)
        if feed.consented:  # nobody keeps what is not to be kept in a file that is no longer read
            plane.lake.publish(plane.lake.clear_old_files(list(versions), kept_hours=0), None)
            pipeline.catch_up(plane, book, at=at)
        return taken_back


def why_not(delivery: Delivery, *, at: datetime) -> str:
    """The reason why it cannot be taken back, "" if it can."""
    if delivery.state not in ("loaded", "partly_loaded"):
        return "这一批次没有入库，或已经撤回。"
    if delivery.origin == "retry":
        return "这一批次是平台补收的等待数据，随原批次撤回。"
    if at - delivery.received_at > timedelta(days=WITHDRAWAL_DAYS):
        return f"超过 {WITHDRAWAL_DAYS} 天的批次不能撤回，请送更正的数据。"
    return ""


def _undone(plane: Plane, feed: Feed, number: str, book: Serving) -> tuple[dict[str, int], list[str]]:
    """The versions without the delivery, and the enterprises of rows that stand again."""
    lake, versions = plane.lake, dict[str, int]()
    current, by_number = shelves.current(feed), f"delivery = {quoted(number)}"
    with engine.opened(lake.work) as sql:
        _stand_again(sql, lake, feed, number, book.withdrawn(feed.name))
        also = [row[0] for row in sql.rows("SELECT DISTINCT uscc FROM stands WHERE uscc IS NOT NULL ORDER BY 1")]
        if not feed.consented:  # history keeps that it was
            versions |= lake.append(
                sql, shelves.history(feed), f"SELECT * FROM {lake.scan(current)} s WHERE s.{by_number}"
            )
        touched = f"EXISTS (SELECT 1 FROM touched t WHERE {same('t', 's', feed)})"
        stands = f"SELECT {', '.join(current.columns)} FROM stands"
        versions |= lake.replace(sql, current, touched, stands)
        for table, doomed in _traces(feed, number):
            versions |= lake.erase(sql, table, doomed)[1]
    return versions, also


def _traces(feed: Feed, number: str) -> list[tuple[Table, str]]:
    """What else goes: rows of these tables."""
    mine = f"s.delivery = {quoted(number)}"
    traces = [
        (shelves.QUARANTINE, mine), (shelves.WAITING, mine), (shelves.COVERAGE, mine), (shelves.UNAUTHORISED, mine),
        (shelves.CORRECTED, f"{mine} OR s.corrected_by = {quoted(number)}"), (shelves.repeated(feed), mine),
    ]  # fmt: skip
    return [*traces, (shelves.history(feed), mine)] if feed.consented else traces


def _stand_again(sql: Engine, lake: Lake, feed: Feed, number: str, withdrawn: list[str]) -> None:
    """Tables `touched` (keys the delivery spoke of) and `stands` (what is left of them)."""
    key = ", ".join(feed.key)
    shelf = shelves.history(feed)
    columns = ", ".join(shelf.columns)
    told = (shelves.current(feed), shelf, shelves.repeated(feed))
    said = " UNION ALL ".join(f"SELECT {columns} FROM {lake.scan(table)}" for table in told)
    sql.run(f"CREATE TEMP TABLE touched AS SELECT DISTINCT {key} FROM ({said}) WHERE delivery = {quoted(number)}")
    gone = listed([*withdrawn, number])
    sql.run(
        f"""CREATE TEMP TABLE rest AS SELECT *, hash({", ".join(feed.types)}) AS content,
            split_part(delivery, '-', 2)::BIGINT AS place FROM ({said}) s
        WHERE delivery NOT IN ({gone}) AND EXISTS (SELECT 1 FROM touched t WHERE {same("t", "s", feed)})
        QUALIFY row_number() OVER (PARTITION BY {key}, delivery ORDER BY version DESC, row_number DESC) = 1"""
    )
    sql.run("CREATE TEMP TABLE stands AS SELECT * FROM rest LIMIT 0")
    for (place,) in sql.rows("SELECT DISTINCT place FROM rest ORDER BY place"):
        came = f"(SELECT * FROM rest WHERE place = {place})"
        sql.run(
            f"DELETE FROM stands USING {came} c WHERE {same('stands', 'c', feed)}"
            " AND stands.content <> c.content AND c.version >= stands.version"
        )
        sql.run(
            f"INSERT INTO stands SELECT * FROM {came} c"
            f" WHERE NOT EXISTS (SELECT 1 FROM stands s WHERE {same('s', 'c', feed)})"
        )
