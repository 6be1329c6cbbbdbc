"""One step of a dispute: the only place where its state changes; and telling the people of a house."""

from datetime import datetime
from typing import Any

from django.db import transaction

from jinfuyun.accounts import queries as accounts
from jinfuyun.audit import actions as audit
from jinfuyun.disputes import queries
from jinfuyun.disputes.models import Dispute, Step
from jinfuyun.disputes.rules import TRANSITION, Act
from jinfuyun.enterprises import queries as enterprises
from jinfuyun.kit.actor import Actor, House, Role
from jinfuyun.kit.errors import TooLate
from jinfuyun.kit.permissions import Permission, require
from jinfuyun.notifications.actions import notify
from jinfuyun.notifications.rules import Template


@transaction.atomic
def move(
    *, dispute: Dispute, act: Act, by: Actor, at: datetime, said: str = "", changes: dict[str, Any] | None = None
) -> None:
    """Take the step if the table allows it from where the dispute stands; TooLate if somebody was first.

    `changes`: plain columns that change with it. The instance is brought up to date.
    """
    step = TRANSITION[act]
    is_departments = step.permission is Permission.DISPUTE_ANSWER
    require(
        queries.permission(dispute, step.permission),
        by=by,
        over=dispute.department_house if is_departments else dispute.enterprise_house,
    )
    if dispute.state not in step.sources:
        raise TooLate
    source = dispute.state
    standing = Dispute.objects.filter(pk=dispute.pk, state=source)
    if not standing.update(state=step.target, state_at=at, **(changes or {})):
        raise TooLate
    write_down(dispute=dispute, act=act, source=source, target=step.target, said=said, by=by, at=at)
    dispute.refresh_from_db()


@transaction.atomic
def write_down(
    *, dispute: Dispute, act: Act, source: str, target: str, said: str, by: Actor, at: datetime
) -> None:  # fmt: skip
    """The step in the dispute's own history and in the book; what people wrote stands in neither in the clear."""
    Step.objects.create(
        dispute=dispute, nth=dispute.steps.count(), act=act, source=source, target=target, at=at, by=by.id,
        by_label=by.label, said=said or None,
    )  # fmt: skip
    audit.record(
        f"dispute.{act}", subject=f"dispute:{dispute.number}", by=by, at=at, uscc=dispute.uscc,
        consent_number=dispute.consent_number, category=dispute.category, key=dispute.key,
        department=dispute.department, source=source, target=target,
    )  # fmt: skip


@transaction.atomic
def tell_house(
    *, house: House, template: Template, context: dict[str, str], at: datetime, roles: frozenset[Role] = frozenset()
) -> None:
    """Inside the platform, everybody who has a seat there now (and one of the roles, where some are named)."""
    for person in accounts.staff_of(house):
        if accounts.is_open(person) and (not roles or roles & set(person.roles)):
            notify(user_id=person.pk, template=template, context=context, at=at)


@transaction.atomic
def tell_enterprise(*, dispute: Dispute, template: Template, at: datetime) -> None:
    """By short message to the contact, and in the platform to the account that holds the enterprise."""
    notify(
        phone=enterprises.profile(dispute.uscc).contact_phone, user_id=enterprises.holder_id(dispute.uscc),
        template=template, context=queries.words_of(dispute), at=at,
    )  # fmt: skip
