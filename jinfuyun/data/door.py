"""The only way in to data. `config` opens it once a process; everybody else calls these functions.

Nothing here trusts its caller for a consent: documents come through the database's own function, which checks the
consent and books the reading (or its refusal) before anything leaves.
"""

import atexit
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import IO

from psycopg_pool import ConnectionPool

from jinfuyun.data import authorised as lists
from jinfuyun.data import facts, pipeline, population, quarantine, retry, withdrawal
from jinfuyun.data import nightly as night
from jinfuyun.data import preview as previews
from jinfuyun.data.authorised import Entry
from jinfuyun.data.departments import feeds
from jinfuyun.data.departments.answers import Authorised, FiveElements, Registration, Verdict
from jinfuyun.data.departments.call import Departments
from jinfuyun.data.departments.contract import CORRECTION, Feed
from jinfuyun.data.departments.deadline import one_deadline
from jinfuyun.data.departments.electricity import live as electricity
from jinfuyun.data.departments.gas import live as gas
from jinfuyun.data.departments.market import live as market
from jinfuyun.data.departments.registry import FEEDS
from jinfuyun.data.departments.tax import live as tax
from jinfuyun.data.departments.water import live as water
from jinfuyun.data.departments.words import Contract, described
from jinfuyun.data.facts import REFUSALS, Facts, score
from jinfuyun.data.indicators.measure import Measurer, measure
from jinfuyun.data.indicators.registry import SOURCES
from jinfuyun.data.ingest import manifests
from jinfuyun.data.ingest.landing import Incoming
from jinfuyun.data.ingest.manifests import Manifest
from jinfuyun.data.lake import ledger
from jinfuyun.data.lake.ledger import Delivery, Outcome, Told, Waiting
from jinfuyun.data.lake.tables import Lake
from jinfuyun.data.population import Derived, Estimate, Person
from jinfuyun.data.preview import Preview
from jinfuyun.data.quarantine import ByRule, Held, LeftOut
from jinfuyun.data.score.marking import Mark, Score
from jinfuyun.data.withdrawal import Effects
from jinfuyun.kit.conditions import Condition
from jinfuyun.kit.crypto import KeyRing
from jinfuyun.kit.errors import NotFound
from jinfuyun.kit.grant import Category, Grant
from jinfuyun.kit.identity import IdType

__all__ = [
    "CONSENTED_FEEDS", "CORRECTION", "DEPARTMENT_LABELS", "FEED_CATEGORIES", "FEED_DEPARTMENTS", "FEED_LABELS",
    "INDICATORS", "REFUSALS", "ByRule", "Contract", "Delivery", "Derived", "Effects", "Entry", "Estimate", "Facts",
    "FiveElements", "Held", "IdType", "Incoming", "LeftOut", "Manifest", "Mark", "Measurer", "Outcome", "Person",
    "Preview", "Registration", "Score", "Told", "Verdict", "Waiting", "authorised", "compare_authorised",
    "consented_feeds", "contracts", "count_fitting", "covered", "deliver",
    "deliveries", "end_authorisation", "first_received", "forget", "held_back", "held_by_rule", "held_count",
    "last_loaded", "left_out", "look_up_registration", "measure", "nightly", "one_deadline", "open_door",
    "outcomes", "preview", "pull", "pull_waiting", "read_facts", "read_manifest", "release_number", "score",
    "send_authorised", "told", "verify_taxpayer", "verify_utilities", "verify_utility", "why_not_withdraw", "withdraw",
    "withdrawal_effects",
]  # fmt: skip

FEED_LABELS = {feed.name: feed.label for feed in FEEDS.values()}
FEED_DEPARTMENTS = {feed.name: feed.department for feed in FEEDS.values()}
FEED_DEPARTMENT_LABELS = {feed.name: feed.department_label for feed in FEEDS.values()}
FEED_CATEGORIES = {feed.name: feed.category for feed in FEEDS.values()}
INDICATORS = {each.name: (source.category, each.unit) for source in SOURCES for each in source.indicators}
DEPARTMENT_LABELS = {feed.department: feed.department_label for feed in FEEDS.values() if not feed.own}
CONSENTED_FEEDS = frozenset(name for name, feed in FEEDS.items() if feed.consented)
CONNECTIONS_MAX = 8  # per process; a reading holds one for under a millisecond
UTILITY_CHECKS = {Category.ELECTRICITY: electricity.check, Category.WATER: water.check, Category.GAS: gas.check}

read_manifest = manifests.read


@dataclass(frozen=True, slots=True)
class _Open:
    plane: pipeline.Plane
    app: ConnectionPool
    line: Departments
    seen: facts.Seen = field(default_factory=facts.Seen)


_doors: list[_Open] = []  # at most one


def open_door(
    *, app_dsn: str, data_dsn: str, lake: Path, departments_url: str, department_keys: Mapping[str, bytes],
    ring: KeyRing,
) -> None:  # fmt: skip
    """Say where everything is. Connects to nothing yet; opening again closes the former."""
    close_door()
    pool = facts.connections(app_dsn, at_most=CONNECTIONS_MAX)
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
    with _app().connection() as connection:
        rows, reach = facts.read(connection, grant, actor=actor, actor_label=actor_label, at=at)
        facts.refuse(rows)
        chapters = facts.put_together(connection, [body for _, _, body in rows], reach, _door().seen)
    return Facts(
        uscc=grant.uscc, at=at, chapters={Category(row[1]): each for row, each in zip(rows, chapters, strict=True)}
    )


def count_fitting(
    conditions: Sequence[Condition],
    people: Iterable[Person],
    derived: Sequence[Derived],
    titles: Mapping[str, str],
    *,
    at: datetime,
) -> Estimate:
    """About how many of these enterprises answer to all conditions, of those whose consent is in force; see there."""
    return population.count(_door().plane, conditions, people, derived, titles, at=at)


def verify_taxpayer(elements: FiveElements, *, at: datetime) -> Verdict:
    """Do the five elements stand together in the tax file? Never over two seconds, never open by failing.

    A page that asks more than one department wraps all of it in `one_deadline()` (config does so for every request).
    """
    return tax.verify(_door().line, elements, at=at)


def verify_utility(kind: Category, *, supplier: str, account: str, uscc: str, at: datetime) -> Verdict:
    """Is that electricity, water or gas account this enterprise's?"""
    return UTILITY_CHECKS[kind](_door().line, supplier=supplier, account=account, uscc=uscc, at=at)


def verify_utilities(accounts: Sequence[tuple[Category, str, str]], *, uscc: str, at: datetime) -> list[Verdict]:
    """The same for several (kind, supplier, account), all asked at once: a slow supplier costs no other its answer."""
    if not accounts:
        return []
    _door().line.deadline()  # a page's deadline begins here, so that the threads share it
    check = partial(verify_utility, uscc=uscc, at=at)
    with ThreadPoolExecutor(len(accounts)) as pool:
        asked = [
            pool.submit(copy_context().run, partial(check, kind, supplier=supplier, account=account))
            for kind, supplier, account in accounts
        ]
        return [one.result() for one in asked]


def look_up_registration(tax_number: str, *, at: datetime) -> Registration | None:
    """What market regulation has on file now, by taxpayer number or USCC. Raises Unreachable."""
    return market.registration(_door().line, tax_number, at=at)


def deliver(
    feed: str,
    path: Path | Incoming,
    *,
    at: datetime,
    covers_until: date | None = None,
    manifest: Manifest | None = None,
    on_progress: pipeline.Progress = lambda stage, share: None,
) -> Delivery:
    """Take a department's file in. A file that cannot be is a delivery in the state `refused` with its reason.

    `manifest`: the deliverer's manifest (`read_manifest`); where the file is otherwise, nothing of it is taken in.
    """
    return pipeline.deliver(
        _door().plane, _feed(feed), path, at=at, covers_until=covers_until, manifest=manifest, on_progress=on_progress
    )


def preview(feed: str, path: Path, *, covers_until: date | None = None, at: datetime) -> Preview:
    """What a file would become; nothing is taken in. Raises FileRefused, a Refused, where it would be refused."""
    return previews.preview(_door().plane, _feed(feed), path, covers_until=covers_until, at=at)


def contracts(department: str) -> list[Contract]:
    """What a department promised, feed by feed, in words."""
    return [described(feed) for feed in FEEDS.values() if feed.department == department and not feed.own]


def deliveries(
    *, department: str | None = None, number: str | None = None, feed: str | None = None, limit: int = 100
) -> list[Delivery]:
    """The newest first; of one department, of one feed, or the one with that number."""
    with _app().connection() as connection:
        return ledger.deliveries(connection, department=department, number=number, feed=feed, limit=limit)


def outcomes(numbers: Sequence[str]) -> list[Outcome]:
    """What the check of these deliveries came to, as the ledger has it now; none is asked for twice."""
    if not numbers:
        return []
    with _app().connection() as connection:
        return ledger.outcomes(connection, numbers)


def last_loaded() -> dict[str, Delivery]:
    """The newest delivery of each feed that was taken in and stands."""
    with _app().connection() as connection:
        return ledger.last_loaded(connection)


def first_received() -> datetime | None:
    """When the platform received anything for the first time."""
    with _app().connection() as connection:
        return ledger.first_received(connection)


def held_back(number: str, *, limit: int = 1000) -> list[Held]:
    """The rows of a delivery that went to quarantine, in the order of the file, each with what became of it since."""
    return quarantine.rows(_door().plane, number, limit=limit)


def held_by_rule(number: str) -> list[ByRule]:
    """Which rules the rows in quarantine broke, the commonest first."""
    return quarantine.by_rule(_door().plane, number)


def left_out(number: str) -> list[LeftOut]:
    """What was not kept for want of a consent: reasons and counts, never words."""
    return quarantine.left_out(_door().plane, number)


def held_count(numbers: Sequence[str]) -> dict[str, int]:
    """How many rows of each delivery still wait for correction; deliveries with none are left out."""
    return quarantine.waiting(_door().plane, numbers)


def withdrawal_effects(number: str) -> Effects:
    """What taking the delivery back would change. Raises NotFound."""
    delivery = _delivery(number)
    with _app().connection() as connection:
        taken_back = ledger.withdrawn(connection, delivery.feed)
    return withdrawal.effects(_door().plane, delivery, taken_back)


def why_not_withdraw(number: str, *, at: datetime) -> str:
    """The reason why the delivery cannot be taken back, "" if it can. Raises NotFound."""
    return withdrawal.why_not(_delivery(number), at=at)


def withdraw(number: str, *, because: str, at: datetime) -> Delivery:
    """Take a delivery back: from the next release on it is as if it had not come. Raises NotFound, Refused."""
    return withdrawal.withdraw(_door().plane, number, because=because, at=at)


def pull(usccs: Sequence[str], *, at: datetime) -> list[Delivery]:
    """Ask all departments now for what these enterprises authorised; their documents are new when it returns."""
    door = _door()
    work = door.plane.lake.work
    work.mkdir(parents=True, exist_ok=True)

    def fetch(feed: Feed, asked: Sequence[Authorised]) -> IO[bytes]:
        return feeds.fetch_feed(door.line, feed.department, feed.name, asked, at=at, into=work)

    return pipeline.pull(door.plane, usccs, pipeline.Departments(fetch=fetch), at=at)


def authorised(department: str, *, at: datetime) -> list[Entry]:
    """Whose consent in force covers a category of this department's feeds."""
    categories = {feed.category for feed in lists.consented_feeds(department) if feed.category}
    with _app().connection() as connection:
        return lists.entries(_door().plane, connection, categories, at=at)


def consented_feeds(*, of: Sequence[Category] | None = None) -> dict[str, str]:
    """Every feed that needs a consent (to one of these categories), and its department."""
    return {feed.name: feed.department for feed in lists.consented_feeds() if of is None or feed.category in of}


def send_authorised(feed: str, *, at: datetime) -> int:
    """The list of those who consented goes out to the department; how many. Raises Unreachable."""
    found = _authorised_of(feed, at=at)
    lists.send(_door().plane, _door().line, _feed(feed), found, at=at)
    return len(found)


def compare_authorised(feed: str, *, at: datetime) -> tuple[int, int]:
    """How many consented by our reckoning and by the department's own. Raises Unreachable."""
    return len(_authorised_of(feed, at=at)), lists.own_count(_door().line, _feed(feed), at=at)


def covered(*, at: datetime) -> dict[Category, tuple[int, int]]:
    """By category: how many of those whose consent is in force have a document, and how many there are."""
    return lists.covered(_door().plane, at=at)


def told(*, since: datetime, until: datetime) -> dict[str, Told]:
    """What each feed delivered within a span."""
    with _app().connection() as connection:
        return ledger.told(connection, since=since, until=until)


def end_authorisation(feed: str, consent_number: str, uscc: str, *, at: datetime) -> str:
    """Tell the department that this consent ended; its receipt. Raises Unreachable."""
    return lists.end(_door().line, _feed(feed), consent_number, uscc, at=at)


def _authorised_of(feed: str, *, at: datetime) -> list[Entry]:
    category = _feed(feed).category
    with _app().connection() as connection:
        return lists.entries(_door().plane, connection, {category} if category else set(), at=at)


def pull_waiting(*, feeds: Sequence[str] | None = None, uscc: str | None = None) -> list[Waiting]:
    """Who waits because a feed is stopped or its quota is used up."""
    with _app().connection() as connection:
        return ledger.pull_waiting(connection, feeds=feeds, uscc=uscc)


def forget(uscc: str, categories: Sequence[Category], *, at: datetime) -> dict[str, int]:
    """Erase what a consent that ended had let in; rows erased by table, for the book."""
    return pipeline.forget(_door().plane, uscc, categories, at=at)


def nightly(
    *,
    as_of: date | None = None,
    everything: bool = False,
    measure: Measurer = measure,
    at: datetime,
    on_progress: pipeline.Progress = lambda stage, share: None,
) -> int:
    """Take in what waited and is known now, tidy the lake, write the documents anew that time changed; how many.

    `everything`: the others too. `measure`: who makes the figures.
    """
    retry.settle(_door().plane, at=at)
    return night.nightly(
        _door().plane, as_of=as_of, everything=everything, measure=measure, at=at, on_progress=on_progress
    )


def release_number() -> int:
    """The lake's release that is the truth now; 0 before the first delivery."""
    return _door().plane.lake.release().number


def _delivery(number: str) -> Delivery:
    found = deliveries(number=number, limit=1)
    if not found:
        raise NotFound
    return found[0]


def _feed(name: str) -> Feed:
    if name not in FEEDS:
        raise NotFound(f"没有名为“{name}”的数据；可用的是 {'、'.join(FEEDS)}。")
    return FEEDS[name]


def plane() -> pipeline.Plane:
    """For `joining`, the part of this door that is about who is who."""
    return _door().plane


def _door() -> _Open:
    assert _doors, "config opens the door at start"
    return _doors[0]


def _app() -> ConnectionPool:
    pool = _door().app
    pool.open()
    return pool
