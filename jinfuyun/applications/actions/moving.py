"""One step of an application: the only place where its state changes."""

from datetime import date, datetime
from typing import Any

from django.db import transaction

from jinfuyun.accounts import queries as accounts
from jinfuyun.applications import queries
from jinfuyun.applications.models import Application, Move
from jinfuyun.applications.rules import (
    COUNTING,
    ENDED,
    SIDE,
    STATE_LABELS,
    TRANSITION,
    Act,
    Holder,
    State,
)
from jinfuyun.audit import actions as audit
from jinfuyun.consents import actions as consents
from jinfuyun.enterprises import queries as enterprises
from jinfuyun.institutions import queries as institutions
from jinfuyun.kit.actor import Actor, Role
from jinfuyun.kit.calendar import SEEDED, SHANGHAI, local_day
from jinfuyun.kit.errors import TooLate
from jinfuyun.kit.lending import Security
from jinfuyun.kit.permissions import require
from jinfuyun.notifications.actions import notify
from jinfuyun.notifications.rules import Template
from jinfuyun.workdays import queries as workdays

APPROVERS = frozenset({Role.APPROVER})
ADMINISTRATORS = frozenset({Role.INSTITUTION_ADMIN})


@transaction.atomic
def move(
    *,
    application: Application,
    act: Act,
    by: Actor,
    at: datetime,
    why: str = "",
    security: Security | None = None,
    offer_until: date | None = None,
    changes: dict[str, Any] | None = None,
) -> None:
    """Take the step if the table allows it from where the application stands; TooLate if somebody was first.

    `changes`: plain columns that change with it. The instance is brought up to date.
    """
    step = TRANSITION[act]
    house = (
        application.institution_house if SIDE[step.permission] is Holder.INSTITUTION else application.enterprise_house
    )
    require(step.permission, by=by, over=house)
    if application.state not in step.sources:
        raise _overtaken(application)
    source, today = application.state, local_day(at)
    columns = application.stepped(
        act, at=at, security=security, offer_until=offer_until,
        notices=workdays.notices() if step.clock in COUNTING else SEEDED,
    ) | (changes or {})  # fmt: skip
    # Also by when it came there: it may have gone away and come back since.
    standing = Application.objects.filter(pk=application.pk, state=source, state_at=application.state_at)
    changed = standing.update(**columns)
    if not changed:
        raise _overtaken(application)
    write_down(
        application=application, act=act, source=source, target=step.target, due_on=columns["due_on"], why=why, by=by,
        at=at,
    )  # fmt: skip
    for name, value in columns.items():
        setattr(application, name, value)
    if step.target in ENDED and application.release_on == today:
        release(application=application, by=by, at=at)


def _overtaken(application: Application) -> TooLate:
    """Says who was first, when, and with what; the other person need not search for it."""
    last = Move.objects.filter(application=application).order_by("-id").first()
    if last is None:
        return TooLate()
    when, label = f"{last.at.astimezone(SHANGHAI):%m-%d %H:%M}", STATE_LABELS[State(last.target)]
    return TooLate(f"操作没有生效：{last.by_label}已于 {when} 办理，申请现在是“{label}”。请看过最新情况再办。")


@transaction.atomic(savepoint=False)
def write_down(
    *, application: Application, act: Act, source: str, target: str, due_on: date | None, why: str, by: Actor,
    at: datetime,
) -> None:  # fmt: skip
    """The step in the application's own history and in the book."""
    Move.objects.create(
        application=application, act=act, source=source, target=target, at=at, by=by.id, by_label=by.label, why=why,
        due_on=due_on,
    )  # fmt: skip
    audit.record(
        f"application.{act}", subject=f"application:{application.number}", by=by, at=at, uscc=application.uscc,
        consent_number=application.consent_number, source=source, target=target,
        due_on=due_on.isoformat() if due_on else None,
    )  # fmt: skip


@transaction.atomic
def release(*, application: Application, by: Actor, at: datetime) -> None:
    """The institution loses the place in the consent that this application gave it."""
    Application.objects.filter(pk=application.pk).update(release_on=None)
    consents.release_institution(
        uscc=application.uscc, institution_code=application.institution.code, because=application.number, by=by, at=at
    )


@transaction.atomic(savepoint=False)
def tell_institution(
    *, application: Application, roles: frozenset[Role], template: Template, at: datetime, handler: bool = False,
    **context: str,
) -> None:  # fmt: skip
    """Inside the platform: people of the institution with one of the roles, and with `handler` who handles it.

    Where nobody handles it yet, every officer and approver may be the one. Of a branch only who sees it.
    """
    anybody = handler and not application.caller_account
    for person in accounts.staff_of(application.institution_house):
        is_meant = bool((roles | queries.HANDLERS if anybody else roles) & set(person.roles))
        is_meant = is_meant and institutions.sees(person.unit_id, application.unit)
        if accounts.is_open(person) and (is_meant or (handler and str(person.pk) == application.caller_account)):
            notify(
                user_id=person.pk, template=template, at=at,
                context=queries.words_of(application) | context,
            )  # fmt: skip


@transaction.atomic(savepoint=False)
def tell_enterprise(*, application: Application, template: Template, at: datetime, **context: str) -> None:
    """By short message to the contact, and in the platform to the account that holds the enterprise."""
    notify(
        phone=application.contact_phone, user_id=enterprises.holder_id(application.uscc), template=template, at=at,
        context={
            "number": application.number, "institution": application.institution.name,
            "product": application.version.name, **context,
        },
    )  # fmt: skip
