"""One step of a note or a complaint: the only place where its state changes; and telling the two sides."""

import secrets
from datetime import date, datetime
from typing import Any

from django.db import transaction

from jinfuyun.accounts import queries as accounts
from jinfuyun.audit import actions as audit
from jinfuyun.disputes.actions.moving import tell_house
from jinfuyun.enterprises import queries as enterprises
from jinfuyun.institutions import queries as institutions
from jinfuyun.kit.actor import PLATFORM_HOUSE, Actor, House, HouseKind, Role
from jinfuyun.kit.errors import TooLate
from jinfuyun.kit.permissions import MAY, Permission, require
from jinfuyun.kit.reasons import NotInOrder, Reason
from jinfuyun.kit.regions import PROVINCE_CODE, city_of
from jinfuyun.notifications.actions import notify
from jinfuyun.notifications.rules import Template
from jinfuyun.oversight import queries
from jinfuyun.oversight.models import Complaint, Note, Step
from jinfuyun.oversight.rules import COMPLAINT_STEP, FILE, KEEP, NOTE_STEP, TEND, Act

ANSWERERS = MAY[Permission.COMPLAINT_ANSWER]


def _number(letters: str, today: date) -> str:
    return f"{letters}{today:%Y%m%d}{secrets.randbelow(10**8):08d}"


def _in_order(reasons: list[Reason]) -> None:
    if reasons:
        raise NotInOrder(reasons)


@transaction.atomic
def move(
    *, thing: Note | Complaint, act: Act, by: Actor, at: datetime, said: str = "", changes: dict[str, Any] | None = None
) -> None:
    """Take the step if the table allows it from where the thing stands; TooLate if somebody was first."""
    step = (NOTE_STEP if isinstance(thing, Note) else COMPLAINT_STEP)[act]
    require(queries.permission(thing, step.permission), by=by, over=_house(thing, step.permission, by))
    if thing.state not in step.sources:
        raise TooLate
    source = thing.state
    standing = type(thing).objects.select_for_update().filter(pk=thing.pk, state=source).first()
    if standing is None:
        raise TooLate
    for name, value in {"state": step.target, "state_at": at, **(changes or {})}.items():
        setattr(standing, name, value)
    standing.save()
    write_down(thing=standing, act=act, source=source, said=said, by=by, at=at)
    thing.refresh_from_db()


def _house(thing: Note | Complaint, asked: Permission, by: Actor) -> House | None:
    """Whose matter the step is. A regulator settles what it sees, so its own house is asked."""
    if asked is TEND:
        return None
    if isinstance(thing, Note):
        return thing.sender_house if asked is KEEP else thing.answering_house
    if asked is KEEP:
        queries.complaint(thing.number, visible_to=by)
        return by.house
    return thing.enterprise_house if asked is FILE else thing.answering_house


@transaction.atomic
def write_down(*, thing: Note | Complaint, act: Act, source: str, said: str, by: Actor, at: datetime) -> None:
    """The step in the history and in the book; what people wrote stands in neither in the clear."""
    Step.objects.create(
        number=thing.number, nth=queries.steps(thing).count(), act=act, source=source, target=thing.state, at=at,
        by=by.id, by_label=by.label, said=said or None,
    )  # fmt: skip
    audit.record(
        f"{thing.kind}.{act}", subject=f"{thing.kind}:{thing.number}", by=by, at=at, uscc=thing.uscc, source=source,
        target=thing.state, against=thing.institution.code if thing.institution else "",
    )  # fmt: skip


@transaction.atomic
def tell_answerers(*, thing: Note | Complaint, template: Template, at: datetime) -> None:
    """Inside the platform: the people of the institution who see it, or the operators."""
    house = thing.answering_house
    roles = frozenset({Role.OPERATOR}) if house == PLATFORM_HOUSE else ANSWERERS
    for person in accounts.staff_of(house):
        sees = str(person.pk) == thing.handler or institutions.sees(person.unit_id, thing.unit)
        if accounts.is_open(person) and roles & set(person.roles) and sees:
            notify(user_id=person.pk, template=template, context=queries.words_of(thing), at=at)


@transaction.atomic
def tell_regulators(*, thing: Note | Complaint, template: Template, at: datetime) -> None:
    """Of a note its sender; of a complaint the regulator of the place, or the province's where a city has none."""
    if isinstance(thing, Note):
        house = thing.sender_house
    else:
        city = city_of(thing.region_code)
        house = House(HouseKind.REGION, city.code if city else PROVINCE_CODE)
        if not any(accounts.is_open(person) for person in accounts.staff_of(house)):
            house = House(HouseKind.REGION, PROVINCE_CODE)
    tell_house(house=house, template=template, context=queries.words_of(thing), at=at)


@transaction.atomic
def tell_enterprise(*, complaint: Complaint, template: Template, at: datetime) -> None:
    """By short message to the contact, and in the platform to the account that holds the enterprise."""
    notify(
        phone=complaint.contact_phone, user_id=enterprises.holder_id(complaint.uscc), template=template,
        context=queries.words_of(complaint), at=at,
    )  # fmt: skip
