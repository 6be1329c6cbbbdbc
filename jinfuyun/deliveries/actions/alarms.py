"""Data-quality alarms: raised by the platform, taken by a person, closed with a note."""

from datetime import datetime

from django.db import transaction

from jinfuyun.audit import actions as audit
from jinfuyun.deliveries import queries
from jinfuyun.deliveries.checks import Finding
from jinfuyun.deliveries.models import Alarm
from jinfuyun.deliveries.rules import AlarmState
from jinfuyun.kit.actor import Actor
from jinfuyun.kit.errors import TooLate
from jinfuyun.kit.permissions import Permission, require


@transaction.atomic
def raise_alarm(
    *, feed: str, department: str, finding: Finding, delivery: str, since: datetime, by: Actor, at: datetime
) -> None:
    """Once per cause: what was raised before, closed or not, is not raised again."""
    require(Permission.DELIVERY_TEND, by=by, over=queries.department_house(department))
    alarm, is_new = Alarm.objects.get_or_create(
        feed=feed, kind=finding.kind, subject=finding.subject, delivery=delivery,
        defaults={"department": department, "text": finding.text, "since": since, "state": AlarmState.OPEN},
    )  # fmt: skip
    if is_new:
        audit.record("alarm.raised", subject=f"alarm:{alarm.pk}", by=by, at=at, feed=feed, kind=finding.kind)


@transaction.atomic
def take_alarm(*, alarm: Alarm, by: Actor, at: datetime) -> None:
    """This person sees to it. Raises TooLate if somebody does already."""
    require(Permission.ALARM_HANDLE, by=by, over=queries.department_house(alarm.department))
    taken = Alarm.objects.filter(pk=alarm.pk, state=AlarmState.OPEN)
    if not taken.update(state=AlarmState.TAKEN, taken_by=by.label, taken_at=at):
        raise TooLate
    audit.record("alarm.taken", subject=f"alarm:{alarm.pk}", by=by, at=at, feed=alarm.feed)


@transaction.atomic
def close_alarm(*, alarm: Alarm, note: str, by: Actor, at: datetime) -> None:
    """What was found and done. Raises TooLate if it is closed."""
    require(Permission.ALARM_HANDLE, by=by, over=queries.department_house(alarm.department))
    living = Alarm.objects.filter(pk=alarm.pk).exclude(state=AlarmState.CLOSED)
    if not living.update(state=AlarmState.CLOSED, note=note, closed_by=by.label, closed_at=at):
        raise TooLate
    audit.record("alarm.closed", subject=f"alarm:{alarm.pk}", by=by, at=at, feed=alarm.feed, note=note)
