"""Rows that named their enterprise by a key nobody knew: taken in when the key is known, put back when it is not.

What is known decides, not what happened: `settle` compares every waiting row, and every row that waited, with the keys
of today. So it may be killed anywhere and run as often as one likes. Rows that come in are a delivery of their own,
of origin `retry`, which names the rows it brings as a file of corrections does; putting back is withdrawing it.

Of consented feeds nothing waits, because nothing was kept but a keyed mark of the key. Once a register knows that key
and a consent is in force, the department is asked again.
"""

import csv
import io
from dataclasses import dataclass
from datetime import datetime

from jinfuyun.data import pipeline, withdrawal
from jinfuyun.data.departments.contract import CORRECTION
from jinfuyun.data.departments.registry import FEEDS
from jinfuyun.data.ingest import load, shelves
from jinfuyun.data.ingest.judge import UNKNOWN_ENTERPRISE, UNKNOWN_KEY
from jinfuyun.data.ingest.landing import Incoming
from jinfuyun.data.lake import engine, serving
from jinfuyun.data.lake.engine import Engine, listed, quoted
from jinfuyun.data.lake.ledger import Delivery
from jinfuyun.data.lake.serving import Serving
from jinfuyun.data.pipeline import Again, Plane
from jinfuyun.data.resolution import keys

NOT_KNOWN_ANY_MORE = "编号与企业的对应关系已变更，相关数据退回等待。"


@dataclass(frozen=True, slots=True)
class Settled:
    """Deliveries that took waiting rows in, numbers of those taken out again, enterprises to be asked about anew."""

    taken_in: list[Delivery]
    put_back: list[str]
    ask: list[str]


@dataclass(frozen=True, slots=True)
class _Group:
    """Rows of one delivery that are known now; of a joined key apart, so that parting takes out just them."""

    feed: str
    origin: str
    mark: str
    rows: list[tuple[int, str]]


def settle(plane: Plane, *, at: datetime) -> Settled:
    """Bring what waits in line with what is known."""
    with serving.writing(plane.data_dsn) as book, engine.opened(plane.lake.work) as sql:
        pipeline.catch_up(plane, book, at=at)
        if not (_anybody_waits(sql, plane) or book.retries()):
            return Settled([], [], [])
        _know(sql, plane, book)
        doomed = _known_otherwise(sql, plane, book)
    for number in doomed:
        withdrawal.take_out(plane, number, because=NOT_KNOWN_ANY_MORE, at=at)
    with serving.writing(plane.data_dsn) as book, engine.opened(plane.lake.work) as sql:
        _know(sql, plane, book)
        groups = [(group, book.delivery(group.origin)) for group in _groups(sql, plane)]
        ask = _unheard(sql, plane, book, at=at)
    taken = [_take_in(plane, group, told, at=at) for group, told in groups if told and told.header]
    return Settled(taken, doomed, ask)


def waiting(plane: Plane, *, limit: int) -> list[tuple[str, str, str, str, int]]:
    """(key, feed, the first line that names it, the header of that line, rows) of what waits, the commonest first."""
    with engine.opened(plane.lake.work) as sql:
        found = sql.rows(
            "SELECT named, feed, min_by(delivery, (delivery, row_number)), min_by(raw, (delivery, row_number)),"
            f" count(*) FROM ({_still_waiting(plane)}) GROUP BY named, feed ORDER BY count(*) DESC, named, feed"
            f" LIMIT {limit}"
        )
    with serving.writing(plane.data_dsn) as book:
        headers = {number: book.delivery(number) for number in {row[2] for row in found}}
    return [(key, feed, raw.decode(), told.header if (told := headers[number]) else "", count)
            for key, feed, number, raw, count in found]  # fmt: skip


def _anybody_waits(sql: Engine, plane: Plane) -> bool:
    """Asked first: to know every key of a province takes seconds."""
    unknown = f"SELECT 1 FROM {plane.lake.scan(shelves.UNAUTHORISED)} WHERE reason = {quoted(UNKNOWN_ENTERPRISE)}"
    return bool(sql.rows(f"SELECT 1 FROM ({_still_waiting(plane)}) UNION ALL ({unknown}) LIMIT 1"))


def _know(sql: Engine, plane: Plane, book: Serving) -> None:
    """`known` (key, uscc, joined): only what a register does not know may be a join."""
    sql.offer("joined", book.joined_keys())
    sql.run(
        "CREATE TEMP TABLE known AS SELECT k.key, k.uscc, r.key IS NULL AS joined"
        f" FROM ({keys.known(plane.lake, joined='joined')}) k LEFT JOIN ({keys.known(plane.lake)}) r USING (key)"
    )


def _mark(pairs: str) -> str:
    """SQL for what the rows of a retry were known by."""
    return f"sha256(string_agg(DISTINCT {pairs}, chr(10) ORDER BY {pairs}))"


def _known_otherwise(sql: Engine, plane: Plane, book: Serving) -> list[str]:
    """Retries whose keys mean something else today, or nothing."""
    standing = book.retries()
    now = dict(
        sql.rows(
            f"SELECT c.corrected_by, {_mark(_PAIR)} FROM {plane.lake.scan(shelves.CORRECTED)} c"
            f" JOIN {plane.lake.scan(shelves.QUARANTINE)} q USING (delivery, row_number)"
            f" LEFT JOIN known k ON k.key = q.named WHERE c.corrected_by IN ({listed(sorted(standing))}) GROUP BY 1"
        )
    )
    return sorted(number for number, told in standing.items() if now.get(number) != told.basis)


_PAIR = "q.named || '→' || coalesce(k.uscc, '')"


def _still_waiting(plane: Plane) -> str:
    return (
        f"SELECT * FROM {plane.lake.scan(shelves.QUARANTINE)} q WHERE rule = {quoted(UNKNOWN_KEY)}"
        f" AND named IS NOT NULL AND NOT EXISTS (SELECT 1 FROM {plane.lake.scan(shelves.CORRECTED)} c"
        " WHERE c.delivery = q.delivery AND c.row_number = q.row_number)"
    )


def _groups(sql: Engine, plane: Plane) -> list[_Group]:
    """What waits and is known, in the order in which it was told."""
    sql.run(
        f"CREATE TEMP TABLE due AS SELECT q.*, k.uscc AS known_uscc, CASE WHEN joined THEN q.named ELSE '' END AS apart"
        f" FROM ({_still_waiting(plane)}) q JOIN known k ON k.key = q.named"
    )
    mark = _mark(_PAIR.replace("k.uscc", "known_uscc"))
    marks = sql.rows(f"SELECT feed, delivery, apart, {mark} FROM due q GROUP BY 1, 2, 3 ORDER BY 2, 3")
    groups = []
    for feed, delivery, apart, mark in marks:
        rows = sql.rows(
            f"SELECT row_number, raw FROM due WHERE delivery = {quoted(delivery)} AND apart = {quoted(apart)}"
            " ORDER BY row_number"
        )
        groups.append(_Group(feed, delivery, mark, [(row, raw.decode()) for row, raw in rows]))
    return groups


def _take_in(plane: Plane, group: _Group, told: Delivery, *, at: datetime) -> Delivery:
    """The rows as a file of corrections, judged as on the day they came: a row that waited is no newer for it."""
    words = _file(told.header, group).encode()
    again = Incoming(f"补收-{group.origin}.csv", lambda: iter([words]))
    return pipeline.deliver(plane, FEEDS[group.feed], again, at=at, again=Again(told.received_at, group.mark))


def _file(header: str, group: _Group) -> str:
    """The rows again, each behind the delivery and the row it was."""
    labels = cells_of(header)
    ours = [place for place, label in enumerate(labels) if label.strip(" \t　") not in CORRECTION]
    out = io.StringIO(newline="")
    words = csv.writer(out, lineterminator="\n")
    words.writerow([*CORRECTION[:2], *(labels[place] for place in ours)])
    for row, raw in group.rows:
        cells = cells_of(raw)
        words.writerow([group.origin, row, *(cells[place] for place in ours)])
    return out.getvalue()


def cells_of(line: str) -> list[str]:
    """The cells of a record that was well formed when it was judged."""
    return next(csv.reader(io.StringIO(line, newline="")))


def _unheard(sql: Engine, plane: Plane, book: Serving, *, at: datetime) -> list[str]:
    """Whom a consented feed named by a key that was unknown then, is a register's now, and has a consent in force;
    unless the feed spoke of them in a later delivery already."""
    found: set[str] = set()
    salt = load.salt_of_unauthorised(plane.ring)
    for feed in (one for one in FEEDS.values() if one.consented and one.category and not one.own):
        sql.offer("permitted", book.permitted(str(feed.category), at))
        found |= {
            row[0]
            for row in sql.rows(
                f"SELECT DISTINCT k.uscc FROM {plane.lake.scan(shelves.UNAUTHORISED)} u JOIN known k"
                f" ON u.key_mark = sha256({quoted(salt)} || k.key) WHERE u.feed = {quoted(feed.name)}"
                f" AND u.reason = {quoted(UNKNOWN_ENTERPRISE)} AND NOT k.joined"
                " AND k.uscc IN (SELECT uscc FROM permitted)"
                f" AND NOT EXISTS (SELECT 1 FROM {plane.lake.scan(shelves.COVERAGE)} c WHERE c.feed = u.feed"
                " AND c.uscc = k.uscc AND c.delivery > u.delivery)"
            )
        }
    return sorted(found)
