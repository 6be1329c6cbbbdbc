"""What a department delivered, and what became of it. Each department sees its own."""

import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Case, QuerySet, When

from jinfuyun.data import door
from jinfuyun.data.door import DEPARTMENT_LABELS, FEED_LABELS, ByRule, Contract, Delivery, Effects, Entry, Held, LeftOut
from jinfuyun.deliveries import charts
from jinfuyun.deliveries.models import Alarm, Switch, Upload, Withdrawal
from jinfuyun.deliveries.rules import (
    ENDED_BY_ARRIVAL,
    IN_WORK,
    SOURCE_WAITS,
    STANDING,
    UPLOAD_LIFE,
    AlarmState,
    UploadState,
    pass_rate_bp,
)
from jinfuyun.kit.actor import Actor, House, HouseKind, Role
from jinfuyun.kit.errors import NotFound
from jinfuyun.kit.grant import Category
from jinfuyun.storage import files

__all__ = [
    "DEPARTMENT_LABELS",
    "FEED_LABELS",
    "Contract",
    "Delivery",
    "Held",
    "Story",
    "alarm",
    "alarms",
    "answers_for",
    "authorised",
    "comparable",
    "contract",
    "contracts",
    "delivery",
    "department_house",
    "department_of",
    "held_back_of",
    "is_reckoned",
    "living_alarms",
    "mine",
    "preview_of",
    "quality",
    "stopped_feeds",
    "story",
    "switches",
    "unconfirmed_since_long",
    "upload",
    "uploads_in_work",
    "waiting",
    "waiting_for_arrival",
    "why_not_withdraw",
    "withdrawal_effects",
]  # fmt: skip

DELIVERIES_SHOWN = 200
ROWS_SHOWN = 100
QUALITY_DELIVERIES = 12


@dataclass(frozen=True, slots=True)
class Story:
    """One delivery: why rows wait, the first of them, how many came again since, and what was not kept."""

    delivery: Delivery
    rules: list[ByRule]
    rows: list[Held]
    waiting: int
    left_out: list[LeftOut]
    withdrawal: Withdrawal | None


def mine(actor: Actor, feed: str = "") -> list[Delivery]:
    """The newest deliveries of the actor's department, of all its feeds or of one."""
    return door.deliveries(department=department_of(actor), feed=feed or None, limit=DELIVERIES_SHOWN)


def feeds(actor: Actor) -> dict[str, str]:
    """What the actor's department delivers: feed to words."""
    own = department_of(actor)
    return {feed: FEED_LABELS[feed] for feed, department in door.FEED_DEPARTMENTS.items() if department == own}


def waiting(deliveries: Sequence[Delivery]) -> dict[str, int]:
    """How many rows of each delivery still wait for correction."""
    numbers = [each.number for each in deliveries if each.quarantined and each.state != "withdrawn"]
    return door.held_count(numbers) if numbers else {}  # the lake is slow to ask; most deliveries have nothing waiting


def delivery(number: str, *, visible_to: Actor) -> Delivery:
    """Raises NotFound for another department's."""
    found = door.deliveries(department=department_of(visible_to), number=number, limit=1)
    if not found:
        raise NotFound
    return found[0]


def story(number: str, *, visible_to: Actor) -> Story:
    """One delivery with all that is to be said of it; raises NotFound for another department's."""
    found = delivery(number, visible_to=visible_to)
    held = found.quarantined > 0 and found.state != "withdrawn"
    return Story(
        delivery=found,
        rules=door.held_by_rule(number) if held else [],
        rows=door.held_back(number, limit=ROWS_SHOWN) if held else [],
        waiting=waiting([found]).get(number, 0),
        left_out=door.left_out(number) if found.unauthorised and found.state != "withdrawn" else [],
        withdrawal=Withdrawal.objects.filter(delivery=number).first(),
    )


def department_of(actor: Actor) -> str:
    if actor.house is None or actor.house.kind is not HouseKind.DEPARTMENT:
        raise NotFound
    return actor.house.code


def department_house(code: str) -> House:
    return House(HouseKind.DEPARTMENT, code)


def answers_for(category: Category, feeds: Sequence[str] = ()) -> str:
    """The department that answers for a figure of this category: the one whose feed it came from, where that is known,
    else the one that delivers the category. "" where only the platform itself does."""
    known = [name for name in feeds if door.FEED_CATEGORIES.get(name) == category]
    names = known or [name for name, of in door.FEED_CATEGORIES.items() if of == category]
    departments = [door.FEED_DEPARTMENTS[name] for name in names]
    return next((code for code in departments if code in DEPARTMENT_LABELS), "")


def is_reckoned(name: str) -> bool:
    """Whether the platform reckons it out of what was delivered."""
    return name in door.INDICATORS


def contracts(*, visible_to: Actor) -> list[Contract]:
    """What the actor's department promised, feed by feed."""
    return door.contracts(department_of(visible_to))


def contract(feed: str, *, visible_to: Actor) -> Contract:
    """Raises NotFound for another department's feed."""
    found = next((one for one in contracts(visible_to=visible_to) if one.feed == feed), None)
    if found is None:
        raise NotFound
    return found


def upload(upload_id: uuid.UUID, *, visible_to: Actor) -> Upload:
    """Raises NotFound for another department's."""
    found = Upload.objects.filter(pk=upload_id, department=department_of(visible_to)).first()
    if found is None:
        raise NotFound
    return found


def preview_of(upload: Upload) -> dict[str, Any]:
    """As keep_preview kept it (door.Preview as JSON)."""
    told: dict[str, Any] = json.loads(files.get(upload.preview))
    return told


def uploads_in_work(actor: Actor) -> QuerySet[Upload]:
    """Files of the actor's department that were sent by page and not taken in yet, newest first."""
    return Upload.objects.filter(department=department_of(actor), state__in=IN_WORK).order_by("-made_at")


def unconfirmed_since_long(at: datetime) -> QuerySet[Upload]:
    states = (UploadState.CHECKING, UploadState.PREVIEWED)
    return Upload.objects.filter(state__in=states, made_at__lt=at - UPLOAD_LIFE)


def why_not_withdraw(number: str, *, at: datetime) -> str:
    """The reason why a delivery cannot be taken back, "" if it can."""
    if Withdrawal.objects.filter(delivery=number).exists():
        return "这一批次正在撤回，或已经撤回。"
    return door.why_not_withdraw(number, at=at)


def withdrawal_effects(number: str) -> Effects:
    """What taking it back would change."""
    return door.withdrawal_effects(number)


def comparable(delivery: Delivery, *, count: int) -> list[Delivery]:
    """Whole files of the same feed that came before and stand, newest first; what a pull fetched is no measure."""
    found = door.deliveries(feed=delivery.feed, limit=DELIVERIES_SHOWN)
    before = [one for one in found if (one.received_at, one.number) < (delivery.received_at, delivery.number)]
    return [one for one in before if one.origin == "file" and one.state in STANDING][:count]


def alarms(*, visible_to: Actor) -> QuerySet[Alarm]:
    """Of the actor's department; an operator sees every department's. Those that live first, then the newest."""
    found = Alarm.objects.order_by(Case(When(state=AlarmState.CLOSED, then=1), default=0), "-since", "pk")
    return found if Role.OPERATOR in visible_to.roles else found.filter(department=department_of(visible_to))


def living_alarms(*, visible_to: Actor) -> QuerySet[Alarm]:
    return alarms(visible_to=visible_to).exclude(state=AlarmState.CLOSED)


def alarm(pk: int, *, visible_to: Actor) -> Alarm:
    """Raises NotFound for another department's."""
    found = alarms(visible_to=visible_to).filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


def waiting_for_arrival() -> QuerySet[Alarm]:
    """Alarms that end when data arrives."""
    return Alarm.objects.filter(kind__in=ENDED_BY_ARRIVAL).exclude(state=AlarmState.CLOSED)


@dataclass(frozen=True, slots=True)
class RuleRates:
    """One rule's pass rate (basis points) in each of `deliveries` of its Quality, oldest first; `line`: SVG points."""

    rule: str
    rates_bp: list[int]
    line: str


@dataclass(frozen=True, slots=True)
class Quality:
    deliveries: list[Delivery]
    rules: list[RuleRates]


def quality(feed: str, *, visible_to: Actor) -> Quality:
    """Every rule that was broken lately, with how many rows passed it over the deliveries, oldest first."""
    contract(feed, visible_to=visible_to)
    found = [one for one in door.deliveries(feed=feed, limit=DELIVERIES_SHOWN) if one.state in STANDING and one.profile]
    shown = found[:QUALITY_DELIVERIES][::-1]
    names = sorted({rule for one in shown for rule in (one.profile or {}).get("rules", {})})
    rules = []
    for name in names:
        rates = [
            pass_rate_bp((one.profile or {})["rules"].get(name, 0), one.delivered - one.unauthorised) for one in shown
        ]
        rules.append(RuleRates(name, rates, charts.line(rates, low=min(rates), high=10_000)))
    return Quality(shown, sorted(rules, key=lambda one: one.rates_bp[-1]))


def switches(*, visible_to: Actor) -> dict[str, Switch]:
    """The switches that the actor's department has set, by feed."""
    names = [one.feed for one in contracts(visible_to=visible_to)]
    return {one.feed: one for one in Switch.objects.filter(feed__in=names)}


def stopped_feeds() -> set[str]:
    return set(Switch.objects.filter(stopped_at__isnull=False).values_list("feed", flat=True))


def authorised(actor: Actor, *, at: datetime) -> list[Entry]:
    """Whose consent in force covers a category of the actor's department."""
    return door.authorised(department_of(actor), at=at)


def held_back_of(uscc: str) -> list[str]:
    """Which sources an enterprise waits for, and why, in plain words."""
    found = []
    for one in door.pull_waiting(uscc=uscc):
        words = SOURCE_WAITS[one.why]
        found.append(
            words.format(feed=FEED_LABELS[one.feed], department=DEPARTMENT_LABELS[door.FEED_DEPARTMENTS[one.feed]])
        )
    return found
