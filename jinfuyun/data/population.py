"""How many enterprises answer to conditions: one rough number, of those whose consent covers what is asked about.

Nothing of any of them leaves: the rows are looked through here, by the SQL use of the one definition of a condition,
and what comes out is rounded to tens after a shift of up to ten that depends on who was counted. The same people give
the same number however they are asked for, so asking again or in other words does not average the shift away; and two
sets that differ by one have shifts that have nothing to do with one another. Fewer than ten are not told apart.
"""

import hashlib
import hmac
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

import psycopg
import pyarrow as pa

from jinfuyun.data.departments.registry import FEEDS
from jinfuyun.data.indicators.registry import SOURCES
from jinfuyun.data.lake import engine
from jinfuyun.data.lake.engine import quoted
from jinfuyun.data.lake.serving import DAY
from jinfuyun.data.pipeline import Plane
from jinfuyun.kit.calendar import local_day
from jinfuyun.kit.conditions import ATTRIBUTES, SUBJECTS, Condition, all_sql
from jinfuyun.kit.grant import Category

TOLD_MIN = 10
STEP = 10
GRADE = "tax_grade"
CATEGORY_OF = {each.name: source.category for source in SOURCES for each in source.indicators}
TITLES_FEED = FEEDS["qualifications"]


class Derived(NamedTuple):
    """An attribute that is reckoned from others: its SQL, and the indicators that it needs."""

    attribute: str
    sql: str
    needs: tuple[str, ...] = ()


class Person(NamedTuple):
    """What the platform knows of an enterprise without anybody's data."""

    uscc: str
    region: str
    industry: str
    is_individual: bool


@dataclass(frozen=True, slots=True)
class Estimate:
    """About how many fit, how many lack data, and of how many that was asked; None: fewer than TOLD_MIN."""

    fitting: int | None
    unknown: int | None
    asked: int | None


def count(
    plane: Plane, conditions: Sequence[Condition], people: Iterable[Person], derived: Sequence[Derived],
    titles: Mapping[str, str], *, at: datetime,
) -> Estimate:  # fmt: skip
    """`derived`: in the order in which they build on one another; `titles`: the register's word → ours, if asked."""
    names = _needed(conditions, derived)
    with psycopg.connect(plane.data_dsn) as book, engine.opened(plane.lake.work) as sql:
        covered = {uscc for (uscc,) in book.execute(
            f"SELECT DISTINCT uscc FROM serving.authorised WHERE {DAY}", {"day": local_day(at)}
        )}  # fmt: skip
        sql.offer("people", _table([one for one in people if one.uscc in covered], Person._fields))
        sql.offer("told", _told(book, names, at))
        sql.offer("titled", _titled(book, titles, at) if titles else _table([], ("uscc", "title")))
        ok = all_sql(conditions)
        shown = ", ".join(
            f"count(*) FILTER (WHERE {which}), bit_xor(hash(uscc)) FILTER (WHERE {which})"
            for which in ("ok", "ok IS NULL", "true")
        )
        row = sql.row(f"SELECT {shown} FROM (SELECT uscc, ({ok}) AS ok FROM ({_people_sql(names, derived)}) p) j")
    pairs = zip(row[::2], row[1::2], strict=True)
    return Estimate(*(_rough(number, mark, plane.ring.index_key) for number, mark in pairs))


def _needed(conditions: Sequence[Condition], derived: Sequence[Derived]) -> list[str]:
    """Indicators that the conditions speak of, their attributes' too."""
    names = dict.fromkeys(name for each in conditions for name in _indicators(each))
    return list(names | dict.fromkeys(name for each in derived for name in each.needs))


def _indicators(condition: Condition) -> tuple[str, ...]:
    if condition.subject in ATTRIBUTES:
        return (GRADE,) if condition.subject == GRADE else ()
    return SUBJECTS[condition.subject].indicators


def _told(book: psycopg.Connection, names: Sequence[str], at: datetime) -> pa.Table:
    """(uscc, name, value) of these indicators, as far as a consent to their category is in force today."""
    rows = book.execute(
        f"""
        WITH wanted AS (
            SELECT h.mark, f.fact->>'name' AS name, f.place::int - 1 AS place FROM serving.head h,
                jsonb_array_elements(h.body->'facts') WITH ORDINALITY AS f (fact, place)
            WHERE f.fact->>'name' = ANY(%(names)s))
        SELECT d.uscc, w.name, d.body->'values'->>w.place FROM serving.document d
        JOIN serving.authorised a ON a.uscc = d.uscc AND a.category = d.category AND {DAY}
        JOIN wanted w ON w.mark = d.body->>'head'
        WHERE d.category = ANY(%(categories)s)
        """,
        {
            "names": list(names), "day": local_day(at),
            "categories": sorted({str(CATEGORY_OF[name]) for name in names}),
        },
    ).fetchall()  # fmt: skip
    return _table(rows, ("uscc", "name", "value"))


def _titled(book: psycopg.Connection, titles: Mapping[str, str], at: datetime) -> pa.Table:
    """(uscc, title) of titles in force; a row without a title for whom the register told of."""
    rows = book.execute(
        f"""
        WITH wanted AS (
            SELECT h.mark, l.place::int - 1 AS place FROM serving.head h,
                jsonb_array_elements(h.body->'lists') WITH ORDINALITY AS l (list, place)
            WHERE l.list->>'feed' = %(feed)s)
        SELECT d.uscc, d.body->'lists'->w.place->1 FROM serving.document d
        JOIN serving.authorised a ON a.uscc = d.uscc AND a.category = d.category AND {DAY}
        JOIN wanted w ON w.mark = d.body->>'head'
        WHERE d.category = %(category)s AND json_typeof(d.body->'lists'->w.place) = 'array'
        """,
        {
            "feed": TITLES_FEED.name, "day": local_day(at), "category": Category.INTELLECTUAL_PROPERTY,
        },
    ).fetchall()  # fmt: skip
    today = local_day(at).isoformat()
    found = [(uscc, "") for uscc, _ in rows]
    for uscc, listed in rows:  # title, certificate, granted_on, valid_until: see the source's list
        found += [(uscc, titles[row[0]]) for row in listed if row[0] in titles and (row[3] or today) >= today]
    return _table(found, ("uscc", "title"))


def _people_sql(names: Sequence[str], derived: Sequence[Derived]) -> str:
    """One row an enterprise: a column an indicator and attribute, NULL where it is unknown."""
    read = {name: "value" if name == GRADE else "CAST(value AS BIGINT)" for name in names}
    columns = ", ".join(f"max(CASE WHEN name = {quoted(name)} THEN {read[name]} END) AS {name}" for name in names)
    facts = f"SELECT uscc{', ' + columns if columns else ''} FROM told GROUP BY uscc"
    held = "SELECT uscc, list(title) AS titles FROM titled GROUP BY uscc"
    rows = (
        "SELECT p.uscc, nullif(p.region, '') AS region, nullif(p.industry, '') AS industry, p.is_individual, t.titles"
        + "".join(f", f.{name}" for name in names)
        + f" FROM people p LEFT JOIN ({facts}) f ON f.uscc = p.uscc LEFT JOIN ({held}) t ON t.uscc = p.uscc"
    )
    for each in derived:
        rows = f"SELECT *, {each.sql} AS {each.attribute} FROM ({rows}) r"
    return rows


def _table(rows: Sequence[Sequence[object]], names: Sequence[str]) -> pa.Table:
    types = {"is_individual": pa.bool_()}
    return pa.table({
        name: pa.array([row[place] for row in rows], types.get(name, pa.string())) for place, name in enumerate(names)
    })  # fmt: skip


def _rough(number: int, mark: int | None, key: bytes) -> int | None:
    if number < TOLD_MIN:
        return None
    digest = hmac.digest(key, f"population\0{mark}\0{number}".encode(), hashlib.sha256)
    shift = int.from_bytes(digest[:4], "big") % (2 * STEP + 1) - STEP
    return max(round((number + shift) / STEP) * STEP, TOLD_MIN)
