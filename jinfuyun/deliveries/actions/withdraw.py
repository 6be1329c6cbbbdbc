"""Taking a delivery back: a person of the department says why, a job does it."""

from datetime import datetime

from django.db import transaction

from jinfuyun.audit import actions as audit
from jinfuyun.data import door
from jinfuyun.deliveries import queries
from jinfuyun.deliveries.models import Withdrawal
from jinfuyun.jobs.actions import defer
from jinfuyun.kit.actor import Actor
from jinfuyun.kit.errors import Refused, TooLate
from jinfuyun.kit.jobs import Job
from jinfuyun.kit.permissions import Permission, require


class CannotWithdraw(Refused):
    """The sentence says why."""


@transaction.atomic
def withdraw(*, number: str, because: str, by: Actor, at: datetime) -> None:
    """From the next release on it is as if it had not come. Raises CannotWithdraw; TooLate when asked twice."""
    delivery = queries.delivery(number, visible_to=by)
    require(Permission.DELIVERY_WITHDRAW, by=by, over=queries.department_house(delivery.department))
    if reason := door.why_not_withdraw(number, at=at):
        raise CannotWithdraw(reason)
    _, is_first = Withdrawal.objects.get_or_create(
        delivery=number,
        defaults={
            "department": delivery.department, "because": because, "asked_by": by.id, "asked_by_label": by.label,
            "asked_at": at,
        },
    )  # fmt: skip
    if not is_first:
        raise TooLate
    audit.record("delivery.withdrawal_asked", subject=f"delivery:{number}", by=by, at=at, because=because)
    defer(Job.WITHDRAW_DELIVERY, number=number)


@transaction.atomic
def finish_withdrawal(*, withdrawal: Withdrawal, by: Actor, at: datetime) -> None:
    """The lake has taken it back."""
    require(Permission.DELIVERY_TEND, by=by, over=queries.department_house(withdrawal.department))
    if Withdrawal.objects.filter(pk=withdrawal.pk, done_at=None).update(done_at=at):
        audit.record("delivery.withdrawn", subject=f"delivery:{withdrawal.delivery}", by=by, at=at)
