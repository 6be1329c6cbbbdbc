"""One delivery into the lake. Every row comes out exactly once: accepted, superseded, quarantined or unauthorised.

A file is read in pieces, so that its size asks for no memory: each piece is judged, its good rows are written at once
into a file of `current` that no version names yet, and only the mark of each key stays (`key_of`). At the end the keys
that meet themselves or a standing row are settled (`settle`), and the versions are committed. What is written stays
invisible until the caller publishes the versions returned here.
"""

import hashlib
import hmac
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import pyarrow as pa

from jinfuyun.data.departments.contract import Feed
from jinfuyun.data.ingest import cells, header, shelves, wide
from jinfuyun.data.ingest.judge import UNKNOWN_KEY, Form, as_key, by_old_keys, judge
from jinfuyun.data.ingest.lines import Lines
from jinfuyun.data.ingest.profile import AMOUNTS, profile
from jinfuyun.data.ingest.refusal import FileRefused
from jinfuyun.data.ingest.settle import hash_of, same, settle
from jinfuyun.data.lake.engine import Engine, quoted
from jinfuyun.data.lake.ledger import SHANGHAI
from jinfuyun.data.lake.tables import Lake, Part
from jinfuyun.kit.crypto import KeyRing, seal, unseal

FIRST_ROWS = 10  # kept as they were read, for a preview


@dataclass(frozen=True, slots=True)
class Outcome:
    """Counts of rows, the last day the delivery reaches, and the table versions that hold it."""

    delivered: int
    accepted: int
    superseded: int
    quarantined: int
    unauthorised: int
    covers_until: date | None
    versions: Mapping[str, int]
    profile: Mapping[str, Any]
    spare: Sequence[Part]  # files that `decided` reads and no version names: the caller's to discard


@dataclass(slots=True)
class _Read:
    """What the pieces have left so far."""

    parts: list[Part] = field(default_factory=list)
    held: list[pa.Table] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    latest: date | None = None


def load(
    engine: Engine,
    lake: Lake,
    feed: Feed,
    lines: Lines,
    *,
    number: str,
    asked: Sequence[str],
    covers_until: date | None,
    reached: date | None,
    ring: KeyRing,
    at: datetime,
    totals: bool = False,
) -> Outcome:
    """Judge and write. Of consented feeds the engine holds `known(key, uscc, permitted)` already.

    `asked`: enterprises the department answers for, covered also where it had nothing to say of them, and as far as
    the feed has `reached` before. `covers_until`: the day the deliverer says; else the latest in the file.
    `totals`: leave the sums of all amounts in the engine's `total`.
    """
    sheet = header.read(feed, lines.header)
    form = Form(
        feed, sheet.places, sheet.width, at.astimezone(SHANGHAI).date(), f"TIMESTAMPTZ {quoted(at.isoformat())}"
    )
    read = _Read()
    try:
        delivered = _read_pieces(engine, lake, form, sheet, lines, read, number=number, ring=ring, totals=totals)
        written = list(read.parts)
        settled = settle(engine, lake, feed, written)
        read.parts += settled.parts
        _decided(engine, lake, feed, written)
    except BaseException:
        lake.discard(read.parts)
        raise
    good = read.counts["good"]
    assert good + read.counts["quarantined"] + read.counts["unauthorised"] == delivered, "a row was lost or doubled"
    days = [day for day in (read.latest, reached if asked else None) if day is not None]
    reach = covers_until or max(days, default=None)
    versions = lake.commit(engine, shelves.current(feed), settled.parts, settled.gone)
    versions |= lake.commit(engine, shelves.history(feed), settled.history)
    versions |= _write_rest(engine, lake, feed, number, read, asked=asked, reach=reach, ring=ring)
    return Outcome(
        delivered, good - settled.superseded, settled.superseded, read.counts["quarantined"],
        read.counts["unauthorised"], reach, versions, profile(engine, feed),
        [part for part in written if part not in settled.parts],
    )  # fmt: skip


def _decided(engine: Engine, lake: Lake, feed: Feed, written: Sequence[Part]) -> None:
    """`decided`: every row that was kept or held back, with its outcome, for whoever asks more of the delivery."""
    current = shelves.current(feed)
    lost = f"EXISTS (SELECT 1 FROM loser l WHERE l.row_number = s.row_number AND {same('l', 's', feed)})"
    any_lost = engine.row("SELECT count(*) FROM loser")[0]
    outcome = f"CASE WHEN {lost} THEN 'superseded' ELSE 'accepted' END" if any_lost else "'accepted'"
    engine.run(
        f"CREATE TEMP VIEW decided AS SELECT s.*, {outcome} AS outcome, '' AS rule, '' AS reason"
        f" FROM {lake.scan_parts(current, written)} s UNION ALL BY NAME FROM bad"
    )


def _read_pieces(
    engine: Engine,
    lake: Lake,
    form: Form,
    sheet: header.Sheet,
    lines: Lines,
    read: _Read,
    *,
    number: str,
    ring: KeyRing,
    totals: bool,
) -> int:
    """Every piece judged and written; how many rows there were."""
    feed = form.feed
    engine.run("CREATE TEMP TABLE key_of (mark UBIGINT, row_number BIGINT)")
    types = ", ".join(f"{name} {kind}" for name, kind in shelves.current(feed).columns.items() if name != "delivery")
    engine.run(f"CREATE TEMP TABLE bad ({types}, outcome VARCHAR, rule VARCHAR, reason VARCHAR)")
    # What a manifest may say of the file: the sum of every amount over all its rows, kept or not.
    engine.run("CREATE TEMP TABLE total (name VARCHAR, kept DECIMAL(38,3), unread BIGINT)")
    engine.run("CREATE TEMP TABLE spoken (uscc VARCHAR, row_count BIGINT)")
    engine.run("CREATE TEMP TABLE not_kept (named VARCHAR, reason VARCHAR, row_count BIGINT)")
    delivered, cut = 0, None
    for piece in lines.pieces():
        engine.offer("lines", piece)
        # The header is row 1; a wide file's row becomes one a day.
        source = wide.as_long(feed, sheet, "(SELECT * FROM lines WHERE row_number > 1)")
        judge(engine, form, source=source)
        engine.withdraw("lines")
        for outcome, count, day in engine.rows("SELECT outcome, count(*), max(told_day) FROM judged GROUP BY outcome"):
            read.counts[outcome] += count
            delivered += count
            read.latest = max((each for each in (read.latest, day) if each), default=None)
        if not cut:
            engine.run(
                "CREATE OR REPLACE TEMP TABLE first_rows AS SELECT row_number, outcome, reason,"
                f" {', '.join(feed.types)} FROM judged ORDER BY row_number LIMIT {FIRST_ROWS}"
            )
        _keep(engine, lake, feed, read, number=number, ring=ring, totals=totals)
        cut = _cut_off(engine, piece)
    if cut and not lines.ends_with_break and cut[1] < sheet.width:
        raise FileRefused(f"文件在此中断：应有 {sheet.width} 列，只有 {cut[1]} 列。", row=cut[0], column=cut[1])
    return delivered


def _keep(engine: Engine, lake: Lake, feed: Feed, read: _Read, *, number: str, ring: KeyRing, totals: bool) -> None:
    """What of the piece in `judged` outlives it: good rows in a file, marks of their keys, counts, what is held."""
    good = "FROM judged WHERE outcome = 'good'"
    columns = ", ".join(name for name in shelves.current(feed).columns if name != "delivery")
    read.parts += lake.write(engine, shelves.current(feed), f"SELECT {columns}, {quoted(number)} AS delivery {good}")
    engine.run(f"INSERT INTO key_of SELECT {hash_of(feed.key)}, row_number {good}")
    engine.run(f"INSERT INTO spoken SELECT uscc, count(*) {good} GROUP BY uscc")
    for name in [column.name for column in feed.columns if column.kind in AMOUNTS] if totals else []:
        engine.run(f"INSERT INTO total SELECT {quoted(name)}, sum({name}), count(*) - count({name}) FROM judged")
    if read.counts["unauthorised"]:
        engine.run(
            "INSERT INTO not_kept SELECT upper(named), reason, count(*) FROM judged"
            " WHERE outcome = 'unauthorised' GROUP BY ALL"
        )
    if read.counts["quarantined"]:
        engine.run(
            f"INSERT INTO bad BY NAME SELECT {columns}, outcome, rule, reason FROM judged WHERE outcome = 'quarantined'"
        )
        read.held += _held(engine, feed, number, ring)


def _cut_off(engine: Engine, piece: pa.Table) -> tuple[int, int] | None:
    """Row number and cells of the last record of a piece, which may be where the file was cut."""
    last = piece.slice(piece.num_rows - 1)
    engine.offer("lines", last)
    rows = engine.rows(f"SELECT row_number, coalesce(len({cells.split('line')}), 0) FROM lines WHERE row_number > 1")
    engine.withdraw("lines")
    return rows[0] if rows else None


def _held(engine: Engine, feed: Feed, number: str, ring: KeyRing) -> list[pa.Table]:
    """The piece's rows for quarantine, sealed."""
    named = f"CASE WHEN rule = {quoted(UNKNOWN_KEY)} THEN {as_key('named')} END" if by_old_keys(feed) else "NULL"
    held = engine.stream(
        f"SELECT row_number, {named}::VARCHAR AS named, CASE WHEN permitted THEN uscc END AS uscc, rule, reason,"
        " CASE WHEN permitted THEN replace(line, chr(30), chr(10)) END AS line"
        " FROM judged WHERE outcome = 'quarantined' ORDER BY row_number"
    ).read_all()
    return [_sealed(held, feed, number, ring)] if held.num_rows else []


def _write_rest(
    engine: Engine,
    lake: Lake,
    feed: Feed,
    number: str,
    read: _Read,
    *,
    asked: Sequence[str],
    reach: date | None,
    ring: KeyRing,
) -> dict[str, int]:
    """Quarantine, the count of what was not kept, and whom the delivery spoke of."""
    versions: dict[str, int] = {}
    origin = f"{quoted(feed.name)} AS feed, {quoted(number)} AS delivery"
    if read.held:
        engine.offer("held", pa.concat_tables(read.held))
        versions |= lake.append(engine, shelves.QUARANTINE, f"SELECT *, {origin} FROM held")
        engine.withdraw("held")
    salt = salt_of_unauthorised(ring)
    versions |= lake.append(
        engine,
        shelves.UNAUTHORISED,
        f"SELECT {origin}, sha256('{salt}' || named) AS key_mark, reason, sum(row_count) AS row_count"
        " FROM not_kept GROUP BY named, reason",
    )
    engine.offer("asked", pa.table({"uscc": pa.array(list(asked), pa.string())}))
    covers = f"DATE {quoted(str(reach))}" if reach else "NULL"
    versions |= lake.append(
        engine,
        shelves.COVERAGE,
        f"SELECT uscc, {origin}, {covers} AS covers_until, sum(row_count) AS row_count"
        " FROM (FROM spoken UNION ALL SELECT uscc, 0 FROM asked"  # whose row could not be kept was not told nothing of
        " WHERE uscc NOT IN (SELECT uscc FROM bad WHERE uscc IS NOT NULL)) GROUP BY uscc",
    )
    engine.withdraw("asked")
    return versions


def salt_of_unauthorised(ring: KeyRing) -> str:
    """What is put before a key that is not kept, so that nobody without it can find whose key it was."""
    return hmac.digest(ring.index_key, b"unauthorised key", hashlib.sha256).hex()


def opened(raw: bytes | None, *, number: str, row: int, sealed: bool, ring: KeyRing) -> str | None:
    """The words of a quarantined row."""
    if raw is None:
        return None
    return (unseal(raw, ring=ring, place=_place(number, row)) if sealed else raw).decode()


def _sealed(held: pa.Table, feed: Feed, number: str, ring: KeyRing) -> pa.Table:
    """The raw line of a consented feed is bound to its delivery and row; public ones stand as they came."""
    raw = []
    for row, line in zip(held["row_number"].to_pylist(), held["line"].to_pylist(), strict=True):
        words: bytes | None = None if line is None else line.encode()
        if words is not None and feed.consented:
            words = seal(words, ring=ring, place=_place(number, row))
        raw.append(words)
    return held.drop_columns(["line"]).append_column("raw", pa.array(raw, pa.binary()))


def _place(number: str, row: int) -> str:
    return f"quarantine/{number}/{row}"
