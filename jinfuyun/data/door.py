"""The only way in to data. `config` opens it once a process; everybody else calls these functions.

Nothing here trusts its caller for a consent: documents come through the database's own function, which checks the
consent and books the reading (or its refusal) before anything leaves.
"""

import atexit
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from psycopg_pool import ConnectionPool

from jinfuyun.data import pipeline
from jinfuyun.data.departments import feeds
from jinfuyun.data.departments.answers import Authorised, FiveElements, Registration, Verdict
from jinfuyun.data.departments.call import Departments
from jinfuyun.data.departments.contract import Feed
from jinfuyun.data.departments.electricity import live as electricity
from jinfuyun.data.departments.gas import live as gas
from jinfuyun.data.departments.market import live as market
from jinfuyun.data.departments.registry import FEEDS
from jinfuyun.data.departments.tax import live as tax
from jinfuyun.data.departments.water import live as water
from jinfuyun.data.lake import serving
from jinfuyun.data.lake.serving import Delivery
from jinfuyun.data.lake.tables import Lake
from jinfuyun.kit.crypto import KeyRing
from jinfuyun.kit.errors import NotFound, NotGranted
from jinfuyun.kit.grant import Category, Grant
from jinfuyun.kit.identity import IdType

__all__ = [
    "DEPARTMENT_LABELS",
    "FEED_LABELS",
    "Delivery",
    "Facts",
    "FiveElements",
    "Held",
    "IdType",
    "Registration",
    "Verdict",
    "deliver",
    "deliveries",
    "forget",
    "held_back",
    "look_up_registration",
    "nightly",
    "open_door",
    "pull",
    "read_facts",
    "release_number",
    "verify_taxpayer",
    "verify_utility",
]

FEED_LABELS = {feed.name: feed.label for feed in FEEDS.values()}
DEPARTMENT_LABELS = {feed.department: feed.department_label for feed in FEEDS.values() if not feed.own}
CONNECTIONS_MAX = 8  # per process; a reading holds one for under a millisecond
UTILITY_CHECKS = {Category.ELECTRICITY: electricity.check, Category.WATER: water.check, Category.GAS: gas.check}

REFUSALS = {
    "paused": "该授权已暂停，暂不能查询。",
    "expired": "该授权已到期，不能查询。",
    "not_yet": "该授权尚未到起始日期，不能查询。",
    "category": "授权书没有包含所要查询的数据类别。",
    "reader": "授权书没有授权本机构为此目的查询。",
}


@dataclass(frozen=True, slots=True)
class Facts:
    """What a Grant let out: one document a category that has data. Read at `at`, booked before."""

    uscc: str
    at: datetime
    chapters: Mapping[Category, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Held:
    """A row in quarantine. `raw` is None where nobody authorised keeping its words."""

    row_number: int
    rule: str
    reason: str
    raw: str | None


@dataclass(frozen=True, slots=True)
class _Open:
    plane: pipeline.Plane
    app: ConnectionPool
    line: Departments


_doors: list[_Open] = []  # at most one


def open_door(
    *,
    app_dsn: str,
    data_dsn: str,
    lake: Path,
    departments_url: str,
    department_keys: Mapping[str, bytes],
    ring: KeyRing,
) -> None:
    """Say where everything is. Connects to nothing yet; opening again closes the former."""
    close_door()
    pool = ConnectionPool(
        app_dsn, min_size=0, max_size=CONNECTIONS_MAX, open=False, check=ConnectionPool.check_connection
    )
    plane = pipeline.Plane(lake=Lake(lake), data_dsn=data_dsn, ring=ring)
    _doors.append(_Open(plane, pool, Departments(departments_url, department_keys)))


def close_door() -> None:
    """Let go of every connection."""
    while _doors:
        door = _doors.pop()
        door.app.close()
        door.line.close()


atexit.register(close_door)


def read_facts(grant: Grant, *, actor: str, actor_label: str, at: datetime) -> Facts:
    """The documents that `grant` covers, booked in the name of `actor`. Raises NotGranted, which is booked too."""
    asked = sorted(category.value for category in grant.categories)
    reader = grant.reader
    with _app().connection() as connection:  # committed, and so booked, before the rows are looked at
        rows = connection.execute(
            "SELECT refusal, category, body FROM serving.read_documents(%s, %s, %s, %s, %s, %s, %s, %s)",
            [grant.consent_number, reader.kind, reader.code, grant.purpose, asked, actor, actor_label, at],
        ).fetchall()
    for refusal, _, _ in rows:
        if refusal is not None:
            raise NotGranted(REFUSALS.get(refusal))
    return Facts(uscc=grant.uscc, at=at, chapters={Category(category): body for _, category, body in rows})


def verify_taxpayer(elements: FiveElements, *, at: datetime) -> Verdict:
    """Do the five elements stand together in the tax file? Never over two seconds, never open by failing."""
    return tax.verify(_door().line, elements, at=at)


def verify_utility(kind: Category, *, supplier: str, account: str, uscc: str, at: datetime) -> Verdict:
    """Is that electricity, water or gas account this enterprise's?"""
    return UTILITY_CHECKS[kind](_door().line, supplier=supplier, account=account, uscc=uscc, at=at)


def look_up_registration(tax_number: str, *, at: datetime) -> Registration | None:
    """What market regulation has on file now, by taxpayer number or USCC. Raises Unreachable."""
    return market.registration(_door().line, tax_number, at=at)


def deliver(
    feed: str,
    path: Path,
    *,
    at: datetime,
    covers_until: date | None = None,
    on_progress: pipeline.Progress = lambda stage, share: None,
) -> Delivery:
    """Take a department's file in. A file that cannot be is a delivery in the state `refused` with its reason."""
    return pipeline.deliver(_door().plane, _feed(feed), path, at=at, covers_until=covers_until, on_progress=on_progress)


def deliveries(*, department: str | None = None, number: str | None = None, limit: int = 100) -> list[Delivery]:
    """The newest first; of one department, or the one with that number."""
    with _app().connection() as connection:
        return serving.deliveries(connection, department=department, number=number, limit=limit)


def held_back(number: str, *, limit: int = 1000) -> list[Held]:
    """The rows of a delivery that wait in quarantine, in the order of the file."""
    return [Held(*row) for row in pipeline.held_back(_door().plane, number, limit=limit)]


def pull(usccs: Sequence[str], *, at: datetime) -> list[Delivery]:
    """Ask all departments now for what these enterprises authorised; their documents are new when it returns."""
    door = _door()
    inbox = door.plane.lake.inbox
    inbox.mkdir(parents=True, exist_ok=True, mode=0o700)

    def fetch(feed: Feed, asked: Sequence[Authorised]) -> Path:
        return feeds.fetch_feed(door.line, feed.department, feed.name, asked, at=at, into=inbox)

    return pipeline.pull(door.plane, usccs, pipeline.Departments(fetch=fetch), at=at)


def forget(uscc: str, categories: Sequence[Category], *, at: datetime) -> dict[str, int]:
    """Erase what a consent that ended had let in; rows erased by table, for the book."""
    return pipeline.forget(_door().plane, uscc, categories, at=at)


def nightly(
    *, as_of: date | None = None, at: datetime, on_progress: pipeline.Progress = lambda stage, share: None
) -> int:
    """Tidy the lake and write all documents anew; how many."""
    return pipeline.nightly(_door().plane, as_of=as_of, at=at, on_progress=on_progress)


def release_number() -> int:
    """The lake's release that is the truth now; 0 before the first delivery."""
    return _door().plane.lake.release().number


def _feed(name: str) -> Feed:
    if name not in FEEDS:
        raise NotFound(f"没有名为“{name}”的数据；可用的是 {'、'.join(FEEDS)}。")
    return FEEDS[name]


def _door() -> _Open:
    assert _doors, "config opens the door at start"
    return _doors[0]


def _app() -> ConnectionPool:
    pool = _door().app
    pool.open()
    return pool
