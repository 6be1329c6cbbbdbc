"""One delivery into the lake. Every row comes out exactly once: accepted, superseded, quarantined or unauthorised.

The stages are tables of the engine: lines → delivered → typed → judged → decided. What is written stays invisible
until the caller publishes the versions returned here.
"""

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import pyarrow as pa

from jinfuyun.data.departments.contract import Feed
from jinfuyun.data.ingest import cells, header, shelves
from jinfuyun.data.ingest.lines import Lines
from jinfuyun.data.ingest.profile import profile
from jinfuyun.data.ingest.refusal import FileRefused
from jinfuyun.data.lake.engine import Engine, SqlFailed, listed, quoted
from jinfuyun.data.lake.serving import SHANGHAI
from jinfuyun.data.lake.tables import Lake
from jinfuyun.kit.crypto import KeyRing, seal, unseal

TAB = "\t"  # between a rule's name and its reason while both travel as one word
NO_CONSENT = "no_consent"
UNKNOWN_ENTERPRISE = "unknown_enterprise"


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
) -> Outcome:
    """Judge and write. Of consented feeds the engine holds `known(key, uscc)` and `permitted(uscc)` already.

    `asked`: enterprises the department was asked for, covered also where it had nothing to say of them, and as far as
    the feed has `reached` before. `covers_until`: the day the deliverer says; else the latest in the file.
    """
    places, width = header.positions(feed, lines.header)
    delivered = _read(engine, lines, width)
    _judge(engine, feed, places, width, at=at)
    latest = engine.row(f"SELECT max({feed.dated_by}) FROM judged WHERE rule = ''")[0]
    days = [day for day in (latest, reached if asked else None) if day is not None]
    reach = covers_until or max(days, default=None)
    _decide(engine, lake, feed)
    counts = dict(engine.rows("SELECT outcome, count(*) FROM decided GROUP BY ALL"))
    assert sum(counts.values()) == delivered, "a row was lost or doubled"
    versions = _write_versions(engine, lake, feed, number)
    versions |= _write_rest(engine, lake, feed, number, asked=asked, reach=reach, ring=ring)
    return Outcome(
        delivered=delivered,
        accepted=counts.get("accepted", 0),
        superseded=counts.get("superseded", 0),
        quarantined=counts.get("quarantined", 0),
        unauthorised=counts.get("unauthorised", 0),
        covers_until=reach,
        versions=versions,
        profile=profile(engine, feed),
    )


def _read(engine: Engine, lines: Lines, width: int) -> int:
    """lines → delivered: numbered records, split into cells; how many."""
    engine.offer("lines", lines.reader())
    try:
        engine.run(
            f"CREATE TEMP TABLE delivered AS SELECT row_number, line, {cells.split('line')} AS cells"
            " FROM lines WHERE row_number > 1 AND trim(line) <> ''"
        )
    except SqlFailed:
        if lines.refusal:
            raise lines.refusal from None
        raise
    finally:
        engine.withdraw("lines")
    if not lines.ends_with_break:
        row, found = engine.row(
            "SELECT coalesce(max(row_number), 0), coalesce(arg_max(len(cells), row_number), 0) FROM delivered"
        )
        if row and found < width:
            raise FileRefused(f"文件在此中断：应有 {width} 列，只有 {found} 列。", row=row, column=found)
    (count,) = engine.row("SELECT count(*) FROM delivered")
    return int(count)


def _judge(engine: Engine, feed: Feed, places: Mapping[str, int], width: int, *, at: datetime) -> None:
    """delivered → judged: typed values, whose row it is, and `rule`/`reason` of everything wrong with it."""
    today = at.astimezone(SHANGHAI).date()
    texts = [
        f"{cells.cleaned(f'cells[{places[c.name]}]') if c.name in places else 'NULL::VARCHAR'} AS t_{c.name}"
        for c in feed.columns
    ]
    values = []
    for column in feed.columns:
        value = cells.typed(column, f"t_{column.name}")
        if column.empty is not None:  # a missing cell of a key has a value; an unreadable one has not
            value = f"CASE WHEN t_{column.name} IS NULL THEN {quoted(column.empty)} ELSE {value} END"
        values.append(f"({value})::{column.sql_type} AS {column.name}")
    derived = "".join(f", ({d.sql})::{d.sql_type} AS {d.name}" for d in feed.derived)
    structure = (
        f"CASE WHEN cells IS NULL THEN 'quotes_broken{TAB}引号使用不规范'"
        f" WHEN len(cells) <> {width} THEN 'column_count{TAB}应有 {width} 列，实有 ' || len(cells) || ' 列'"
        " WHEN regexp_matches(line, '[\\x01-\\x08\\x0b\\x0c\\x0e-\\x1d\\x1f\\x7f]')"
        f" THEN 'control_character{TAB}含有不可见的控制字符' END"
    )
    found = [
        cells.trouble(column, places[column.name], today=today) for column in feed.columns if column.name in places
    ]
    # A rule speaks only of rows whose cells could be read: an unreadable one already has its reason.
    rules = [
        f"CASE WHEN ({rule.sql}) IS NOT TRUE THEN {quoted(rule.name + TAB + rule.reason)} END" for rule in feed.rules
    ]
    engine.run(
        f"""CREATE TEMP TABLE judged AS
        WITH texts AS (SELECT row_number, line, {structure} AS structure, {", ".join(texts)} FROM delivered),
        typed AS (SELECT *, {", ".join(values)} FROM texts),
        checked AS (SELECT * {derived}, CASE WHEN structure IS NOT NULL THEN structure
            ELSE concat_ws(chr(10), {", ".join(found)}) END AS troubles FROM typed),
        told AS (SELECT *, CASE WHEN troubles <> '' THEN troubles
            ELSE concat_ws(chr(10), {", ".join(rules or ["NULL"])}) END AS told FROM checked)
        SELECT row_number, line, {", ".join(feed.types)}, t_{feed.enterprise} AS named,
            CASE WHEN told = '' THEN '' ELSE array_to_string(
                list_transform(string_split(told, chr(10)), lambda x: split_part(x, chr(9), 1)), ',') END AS rule,
            CASE WHEN told = '' THEN '' ELSE array_to_string(
                list_transform(string_split(told, chr(10)), lambda x: split_part(x, chr(9), 2)), '；') END AS reason,
            coalesce(updated_at, TIMESTAMPTZ '{at.isoformat()}') AS version
        FROM told"""
    )
    engine.run("DROP TABLE delivered")


def _decide(engine: Engine, lake: Lake, feed: Feed) -> None:
    """judged → decided: whose row, may it be kept, and does a newer or equal one stand already."""
    if feed.consented:
        engine.run(
            f"""CREATE TEMP TABLE owned AS SELECT j.*, k.uscc, p.uscc IS NOT NULL AS permitted,
            CASE WHEN named IS NOT NULL AND k.uscc IS NULL THEN '{UNKNOWN_ENTERPRISE}'
                WHEN named IS NOT NULL AND p.uscc IS NULL THEN '{NO_CONSENT}' END AS not_kept
            FROM judged j LEFT JOIN known k ON k.key = upper(j.named) LEFT JOIN permitted p ON p.uscc = k.uscc"""
        )
    else:
        engine.run("CREATE TEMP TABLE owned AS SELECT *, true AS permitted, NULL::VARCHAR AS not_kept FROM judged")
    engine.run("DROP TABLE judged")
    month = f"strftime({feed.dated_by}, '%Y-%m')" if feed.by_month else "''"
    key = ", ".join(feed.key)
    content = ", ".join(feed.types)
    engine.run(
        f"""CREATE TEMP TABLE candidate AS SELECT *, {month} AS month, hash({content}) AS content,
            row_number() OVER (PARTITION BY {key} ORDER BY version DESC, row_number DESC) AS rank
        FROM owned WHERE not_kept IS NULL AND rule = ''"""
    )
    months = [row[0] for row in engine.rows("SELECT DISTINCT month FROM candidate")]
    standing = lake.scan(shelves.current(feed), only=months if feed.by_month else None)
    engine.run(
        f"""CREATE TEMP TABLE standing AS SELECT {key}, version, hash({content}) AS content FROM {standing} s
        WHERE EXISTS (SELECT 1 FROM candidate c WHERE c.{feed.key[0]} = s.{feed.key[0]})"""
    )
    same = " AND ".join(f"s.{name} = c.{name}" for name in feed.key)
    engine.run(
        f"""CREATE TEMP TABLE decided AS
        SELECT c.*, s.version IS NOT NULL AS replaces, s.content IS DISTINCT FROM c.content AS is_news,
            CASE WHEN rank = 1 AND (s.version IS NULL OR (s.content <> c.content AND c.version >= s.version))
                THEN 'accepted' ELSE 'superseded' END AS outcome
        FROM candidate c LEFT JOIN standing s ON {same}
        UNION ALL BY NAME
        SELECT *, CASE WHEN not_kept IS NOT NULL THEN 'unauthorised' ELSE 'quarantined' END AS outcome
        FROM owned WHERE (not_kept IS NULL AND rule = '') IS NOT TRUE"""
    )
    for done in ("owned", "candidate", "standing"):
        engine.run(f"DROP TABLE {done}")


def _write_versions(engine: Engine, lake: Lake, feed: Feed, number: str) -> dict[str, int]:
    """decided → history and current; of current only the months where a row gives way are rewritten."""
    current, history = shelves.current(feed), shelves.history(feed)
    columns = ", ".join(name for name in current.columns if name != "delivery")
    rows = f"SELECT {columns}, {quoted(number)} AS delivery FROM decided WHERE outcome"
    versions = {}
    once = f"row_number() OVER (PARTITION BY {', '.join(feed.key)}, content ORDER BY row_number DESC) = 1"
    news = f"{rows} IN ('accepted', 'superseded') AND is_news QUALIFY {once}"
    if engine.row("SELECT count(*) FROM decided WHERE is_news")[0]:
        versions[history.name] = lake.append(engine, history, news)
    accepted = f"{rows} = 'accepted'"
    givers = [
        row[0] for row in engine.rows("SELECT DISTINCT month FROM decided WHERE outcome = 'accepted' AND replaces")
    ]
    rewritten = f"month IN ({listed(givers)})" if feed.by_month else "true"
    if givers:
        kept = lake.scan(current, only=givers if feed.by_month else None)
        same = " AND ".join(f"d.{name} = s.{name}" for name in feed.key)
        versions[current.name] = lake.rewrite(
            engine,
            current,
            f"SELECT * FROM {kept} s WHERE NOT EXISTS (SELECT 1 FROM decided d WHERE d.outcome = 'accepted' AND {same})"
            f" UNION ALL BY NAME {accepted} AND {rewritten}",
            partitions=givers if feed.by_month else None,
        )
        accepted += f" AND NOT ({rewritten})"
    if engine.row(f"SELECT count(*) FROM ({accepted})")[0]:
        versions[current.name] = lake.append(engine, current, accepted)
    return versions


def _write_rest(
    engine: Engine, lake: Lake, feed: Feed, number: str, *, asked: Sequence[str], reach: date | None, ring: KeyRing
) -> dict[str, int]:
    """Quarantine, the count of what was not kept, and whom the delivery spoke of."""
    versions = {}
    origin = f"{quoted(feed.name)} AS feed, {quoted(number)} AS delivery"
    held = engine.stream(
        "SELECT row_number, CASE WHEN permitted THEN uscc END AS uscc, rule, reason,"
        " CASE WHEN permitted THEN replace(line, chr(30), chr(10)) END AS line"
        " FROM decided WHERE outcome = 'quarantined' ORDER BY row_number"
    ).read_all()
    if held.num_rows:
        engine.offer("held", _sealed(held, feed, number, ring))
        versions[shelves.QUARANTINE.name] = lake.append(engine, shelves.QUARANTINE, f"SELECT *, {origin} FROM held")
        engine.withdraw("held")
    if engine.row("SELECT count(*) FROM decided WHERE outcome = 'unauthorised'")[0]:
        salt = hmac.digest(ring.index_key, b"unauthorised key", hashlib.sha256).hex()
        versions[shelves.UNAUTHORISED.name] = lake.append(
            engine,
            shelves.UNAUTHORISED,
            f"SELECT {origin}, sha256('{salt}' || upper(named)) AS key_mark, not_kept AS reason, count(*) AS row_count"
            " FROM decided WHERE outcome = 'unauthorised' GROUP BY ALL",
        )
    engine.offer("asked", pa.table({"uscc": pa.array(list(asked), pa.string())}))
    spoken = (
        f"SELECT uscc, {origin}, {f'DATE {quoted(str(reach))}' if reach else 'NULL'} AS covers_until,"
        " sum(row_count) AS row_count FROM ("
        "SELECT uscc, count(*) AS row_count FROM decided WHERE outcome IN ('accepted', 'superseded') GROUP BY uscc"
        " UNION ALL SELECT uscc, 0 FROM asked) GROUP BY uscc"
    )
    if engine.row(f"SELECT count(*) FROM ({spoken})")[0]:
        versions[shelves.COVERAGE.name] = lake.append(engine, shelves.COVERAGE, spoken)
    engine.withdraw("asked")
    return versions


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
