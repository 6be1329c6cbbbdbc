"""One step of an application: the only place where its state changes."""

from datetime import date, datetime
from typing import Any

from django.db import transaction

from jinfuyun.applications.models import Application, Move
from jinfuyun.applications.rules import (
    ENDED,
    KEEP_AFTER_REJECTION_DAYS,
    SIDE,
    TRANSITION,
    Act,
    Holder,
    State,
    after,
)
from jinfuyun.audit import actions as audit
from jinfuyun.consents import actions as consents
from jinfuyun.enterprises import queries as enterprises
from jinfuyun.kit.actor import Actor
from jinfuyun.kit.calendar import ONE_DAY, local_day
from jinfuyun.kit.errors import TooLate
from jinfuyun.kit.lending import Security
from jinfuyun.kit.permissions import require
from jinfuyun.notifications.actions import notify
from jinfuyun.notifications.rules import Template


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
        raise TooLate
    source, today = application.state, local_day(at)
    clock = after(
        step.clock, application.running, today=today, promise=application.promise, security=security,
        offer_until=offer_until,
    )  # fmt: skip
    ending = {"release_on": _release_on(step.target, today)} if step.target in ENDED else {}
    changed = Application.objects.filter(pk=application.pk, state=source).update(
        state=step.target, state_at=at, clock_since=clock.since, clock_days=clock.days, due_on=clock.due_on,
        due_provisional=clock.provisional, **ending, **(changes or {}),
    )  # fmt: skip
    if not changed:
        raise TooLate
    write_down(
        application=application, act=act, source=source, target=step.target, due_on=clock.due_on, why=why, by=by, at=at
    )
    application.refresh_from_db()
    if step.target in ENDED and application.release_on == today:
        release(application=application, by=by, at=at)


def _release_on(target: State, today: date) -> date | None:
    """When the institution loses its place in the consent; never by this when money was lent."""
    if target is State.FUNDED:
        return None
    return today + KEEP_AFTER_REJECTION_DAYS * ONE_DAY if target is State.REJECTED else today


@transaction.atomic
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


@transaction.atomic
def tell_enterprise(*, application: Application, template: Template, at: datetime, **context: str) -> None:
    """By short message to the contact, and in the platform to the account that holds the enterprise."""
    notify(
        phone=application.contact_phone, user_id=enterprises.holder_id(application.uscc), template=template, at=at,
        context={
            "number": application.number, "institution": application.institution.name,
            "product": application.version.name, **context,
        },
    )  # fmt: skip
