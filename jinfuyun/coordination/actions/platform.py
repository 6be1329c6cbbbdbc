"""What the platform does by itself, once an hour: end what is no longer agreed to, remind of the month."""

from datetime import datetime, timedelta

from django.db import transaction

from jinfuyun.audit import actions as audit
from jinfuyun.coordination import queries
from jinfuyun.coordination.actions.moving import HANDLERS, _end_open, _held, _step, _tell_institution
from jinfuyun.coordination.models import Recommendation
from jinfuyun.coordination.rules import OPEN, REMIND_DAYS_LEFT, Act, reminder, transition
from jinfuyun.kit.actor import Actor, Role
from jinfuyun.kit.calendar import local_day
from jinfuyun.kit.permissions import Permission, require
from jinfuyun.notifications.rules import Template

LATE = -1
LEADERS = HANDLERS | {Role.INSTITUTION_ADMIN}


@transaction.atomic
def end_opted_out(*, by: Actor, at: datetime) -> int:
    """Enterprises whose letter agrees no more, or ended, are on no list any more; how many."""
    require(Permission.COORDINATION_TEND, by=by, over=None)
    ended = 0
    for one in queries.opted_out():
        found = _held(one)
        still = found.recommendations.filter(state__in=OPEN).exists()
        if transition(Act.OPT_OUT, found.state, open_left=still) is None:  # ended in this very moment
            continue
        _step(found, Act.OPT_OUT, by=by, at=at)
        _end_open(found, at=at)
        ended += 1
    return ended


@transaction.atomic
def remind(*, by: Actor, at: datetime) -> int:
    """Ten days, three days, on the last day, and once it is late: each told once; how many."""
    require(Permission.COORDINATION_TEND, by=by, over=None)
    today, told = local_day(at), 0
    for one in queries.unanswered(today + timedelta(days=max(REMIND_DAYS_LEFT) + 1)):
        left = reminder(one.due_on, today)
        mark = LATE if left is None else left
        if one.reminded_days_left is not None and one.reminded_days_left <= mark:
            continue
        if not Recommendation.objects.filter(pk=one.pk, state=one.state).update(reminded_days_left=mark):
            continue
        words = queries.words_of(one.declaration) | {"due": f"{one.due_on}", "days": f"{(one.due_on - today).days}"}
        template = Template.COORDINATION_LATE if mark == LATE else Template.COORDINATION_REMINDED
        _tell_institution(one, template, words, at=at, roles=LEADERS)
        audit.record(
            "coordination.reminded", subject=f"coordination:{one.declaration.number}", by=by, at=at,
            uscc=one.declaration.uscc, institution=one.institution.code, days_left=mark,
        )  # fmt: skip
        told += 1
    return told
