"""Quarantined rows that come again: by the delivery and row that a file of corrections names, or by their key.

Both are noted after a load, from the engine's view `decided`, and published with it.
"""

import csv
import hashlib
import hmac
from collections.abc import Callable

from jinfuyun.data.departments.contract import CORRECTION, Feed
from jinfuyun.data.ingest import cells, shelves
from jinfuyun.data.ingest.lines import Lines
from jinfuyun.data.lake.engine import Engine, quoted
from jinfuyun.data.lake.tables import Lake
from jinfuyun.kit.crypto import KeyRing

BATCH, ROW = CORRECTION[:2]
SEPARATOR = "chr(31)"  # between the parts of a key; no cell holds one


def note(
    engine: Engine, lake: Lake, feed: Feed, lines: Callable[[], Lines], *, number: str, header: str, ring: KeyRing
) -> dict[str, int]:
    """Which rows wait from now on, and which earlier ones need not any more; the versions that say so."""
    mark, versions = key_mark(feed, ring), dict[str, int]()
    (waits,) = engine.row(f"SELECT count(*) FROM decided WHERE outcome = 'quarantined' AND {mark} IS NOT NULL")
    ways = [_by_name(lake, feed)] if _named(engine, lines, header) else []
    if engine.row(f"SELECT count(*) FROM {lake.scan(shelves.WAITING)} WHERE feed = {quoted(feed.name)}")[0]:
        ways.append(_by_key(lake, feed, mark))
    if ways:
        versions |= _came_again(engine, lake, feed, " UNION ALL ".join(ways), number=number)
    if waits:
        versions |= lake.append(
            engine,
            shelves.WAITING,
            f"SELECT {quoted(feed.name)} AS feed, {quoted(number)} AS delivery, row_number, uscc, {mark} AS key_mark"
            f" FROM decided WHERE outcome = 'quarantined' AND {mark} IS NOT NULL",
        )
    return versions


def _came_again(engine: Engine, lake: Lake, feed: Feed, found: str, *, number: str) -> dict[str, int]:
    # What a file names counts before what its key says; a row is corrected once.
    once = (
        f"SELECT {quoted(feed.name)} AS feed, delivery, row_number, {quoted(number)} AS corrected_by, outcome"
        f" FROM ({found}) f WHERE NOT EXISTS (SELECT 1 FROM {lake.scan(shelves.CORRECTED)} c"
        " WHERE c.delivery = f.delivery AND c.row_number = f.row_number)"
        " QUALIFY row_number() OVER (PARTITION BY delivery, row_number ORDER BY strength) = 1"
    )
    return lake.append(engine, shelves.CORRECTED, once)


def key_mark(feed: Feed, ring: KeyRing) -> str:
    """SQL for a keyed mark of a row's key, NULL where some part of it could not be read."""
    salt = hmac.digest(ring.index_key, b"quarantined key", hashlib.sha256).hex()
    whole = " AND ".join(f"{name} IS NOT NULL" for name in feed.key)
    parts = ", ".join(f"{name}::VARCHAR" for name in feed.key)
    return f"(CASE WHEN {whole} THEN sha256(concat_ws({SEPARATOR}, '{salt}{feed.name}', {parts})) END)"


def _named(engine: Engine, lines: Callable[[], Lines], header: str) -> bool:
    """Whether the file says which rows it corrects; then `named` has row_number, and the delivery and row it names."""
    labels = [cell.strip(" \t　") for cell in next(csv.reader([header]))]
    if BATCH not in labels or ROW not in labels:
        return False
    batch, row = (cells.cleaned(f"cells[{labels.index(label) + 1}]") for label in (BATCH, ROW))
    engine.run("CREATE TEMP TABLE named (row_number BIGINT, delivery VARCHAR, origin_row BIGINT)")
    for piece in lines().pieces():
        engine.offer("lines", piece)
        engine.run(
            f"INSERT INTO named SELECT row_number, {batch}, TRY_CAST({row} AS BIGINT)"
            f" FROM (SELECT row_number, {cells.split('line')} AS cells FROM lines WHERE row_number > 1)"
        )
        engine.withdraw("lines")
    return True


def _by_name(lake: Lake, feed: Feed) -> str:
    return (
        "SELECT q.delivery, q.row_number, d.outcome, 1 AS strength FROM named n JOIN decided d USING (row_number)"
        f" JOIN {lake.scan(shelves.QUARANTINE)} q ON q.delivery = n.delivery AND q.row_number = n.origin_row"
        f" WHERE q.feed = {quoted(feed.name)}"
    )


def _by_key(lake: Lake, feed: Feed, mark: str) -> str:
    return (
        f"SELECT w.delivery, w.row_number, 'accepted' AS outcome, 2 AS strength FROM {lake.scan(shelves.WAITING)} w"
        f" WHERE w.feed = {quoted(feed.name)} AND w.key_mark IN"
        f" (SELECT {mark} FROM decided WHERE outcome IN ('accepted', 'superseded'))"
    )
