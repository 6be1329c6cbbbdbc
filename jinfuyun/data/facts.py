"""Reading documents: through the database's own function, then put together with what they do not repeat."""

import select
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import msgspec
import psycopg
from psycopg.types.json import set_json_loads
from psycopg_pool import ConnectionPool

from jinfuyun.data.indicators.reading import Body, Shared, numbers, whole
from jinfuyun.data.lake.ledger import SHANGHAI
from jinfuyun.data.score.marking import Score, mark
from jinfuyun.data.score.registry import in_force
from jinfuyun.kit.errors import NotGranted
from jinfuyun.kit.grant import Category, Grant

# What read_documents() answers instead of documents, in words.
REFUSALS = {
    "paused": "该授权已暂停，暂不能查询。",
    "expired": "该授权已到期，不能查询。",
    "not_yet": "该授权尚未到起始日期，不能查询。",
    "category": "授权书没有包含所要查询的数据类别。",
    "reader": "授权书没有授权本机构凭此申请、为此目的查询。",
}
DELIVERIES_MAX = 50_000  # remembered by a process, some 200 bytes each


@dataclass(frozen=True, slots=True)
class Facts:
    """What a Grant let out: one document a category that has data. Read at `at`, booked before."""

    uscc: str
    at: datetime
    chapters: Mapping[Category, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Seen:
    """What never changes and was told once: heads of documents by mark, deliveries by number."""

    heads: dict[str, Body] = field(default_factory=dict)
    deliveries: dict[str, Mapping[str, str]] = field(default_factory=dict)


def connections(dsn: str, *, at_most: int) -> ConnectionPool:
    """For reading: each statement is a transaction of its own, so that none is needed to begin and end one."""
    return ConnectionPool(
        dsn, kwargs={"autocommit": True}, configure=lambda each: set_json_loads(msgspec.json.decode, each), min_size=0,
        max_size=at_most, open=False, check=_is_there,
    )  # fmt: skip


def _is_there(connection: psycopg.Connection[Any]) -> None:
    """A server that went away has said so on the line; only then is it asked, which costs a way there and back."""
    line = select.poll()
    line.register(connection, select.POLLIN)
    if line.poll(0):
        ConnectionPool.check_connection(connection)


def read(
    connection: psycopg.Connection[Any], grant: Grant, *, actor: str, actor_label: str, at: datetime
) -> tuple[Sequence[tuple[str, str, Body]], Mapping[str, str]]:
    """(refusal, category, stored document) of each: what the wall says; and how far public registers have told.

    One way there and back. Booked and committed when this returns, before anything of it is looked at.
    """
    asked = sorted(category.value for category in grant.categories)
    reader = grant.reader
    with connection.pipeline():
        documents = connection.execute(
            "SELECT refusal, category, body FROM serving.read_documents(%s, %s, %s, %s, %s, %s, %s, %s, %s)",
            [grant.consent_number, reader.kind, reader.code, grant.purpose, asked, actor, actor_label, at,
             grant.because],
        )  # fmt: skip
        reach = connection.execute("SELECT jsonb_object_agg(feed, day) FROM serving.reach")
    return documents.fetchall(), reach.fetchall()[0][0] or {}


def refuse(rows: Sequence[tuple[str, str, Body]]) -> None:
    """Raises NotGranted where the wall did not let anything out."""
    for refusal, _, _ in rows:
        if refusal is not None:
            raise NotGranted(REFUSALS.get(refusal), why=refusal)


def put_together(
    connection: psycopg.Connection[Any], bodies: Sequence[Body], reach: Mapping[str, str], seen: Seen
) -> list[dict[str, Any]]:
    """Stored documents as reports are made of them, in their order. Asks only for what was not `seen` before."""
    _learn(connection, {body["head"] for body in bodies} - seen.heads.keys(), numbers(bodies), seen)
    shared = Shared(heads=seen.heads, deliveries=seen.deliveries, reach=reach)
    return [whole(body, shared) for body in bodies]


def score(found: Facts) -> Score | None:
    """The score by the card in force when they were read, from nothing but them; None before the first card."""
    card = in_force(found.at.astimezone(SHANGHAI).date())
    values = {fact["name"]: fact["value"] for body in found.chapters.values() for fact in body.get("facts") or ()}
    return mark(card, values) if card else None


def _learn(connection: psycopg.Connection[Any], marks: set[str], wanted: set[str], seen: Seen) -> None:
    if len(seen.deliveries) > DELIVERIES_MAX:
        seen.deliveries.clear()
    missing = wanted - seen.deliveries.keys()
    if not (marks or missing):
        return
    [(heads, deliveries)] = connection.execute(
        "SELECT (SELECT jsonb_object_agg(mark, body) FROM serving.head WHERE mark = ANY(%s)),"
        " (SELECT jsonb_object_agg(number, jsonb_build_object('feed', feed, 'received_at', to_char("
        "received_at AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD\"T\"HH24:MI:SS\"+08:00\"'), 'sha256', sha256))"
        " FROM serving.delivery WHERE number = ANY(%s))",
        [list(marks), list(missing)],
    ).fetchall()
    seen.heads.update(heads or {})
    seen.deliveries.update(deliveries or {})
