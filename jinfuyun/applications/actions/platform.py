"""What the platform does by itself, once a day: offers lapse, names are released, provisional clocks are set right."""

from datetime import datetime

from django.db import transaction

from jinfuyun.applications.actions.moving import move, release, tell_enterprise
from jinfuyun.applications.models import Application
from jinfuyun.applications.rules import Act, State, started
from jinfuyun.audit import actions as audit
from jinfuyun.kit.actor import Actor
from jinfuyun.kit.calendar import SEEDED, Notices, local_day
from jinfuyun.kit.errors import TooLate
from jinfuyun.kit.permissions import Permission, require
from jinfuyun.notifications.rules import Template


@transaction.atomic
def lapse_offers(*, by: Actor, at: datetime) -> int:
    """Offers past their last day count as declined; returns how many."""
    require(Permission.APPLICATION_TEND, by=by, over=None)
    over = Application.objects.filter(state=State.APPROVED, offer_valid_till__lt=local_day(at))
    lapsed = 0
    for application in over.select_related("institution", "version"):
        try:
            move(application=application, act=Act.LAPSE_OFFER, why="批复有效期届满，企业未确认", by=by, at=at)
        except TooLate:  # the enterprise answered in this very moment
            continue
        tell_enterprise(application=application, template=Template.APPLICATION_LAPSED, at=at)
        lapsed += 1
    return lapsed


@transaction.atomic
def release_kept(*, by: Actor, at: datetime) -> int:
    """Institutions whose time to answer objections is over lose their place in the consent; returns how many."""
    require(Permission.APPLICATION_TEND, by=by, over=None)
    over = list(Application.objects.filter(release_on__lte=local_day(at)).select_related("institution"))
    for application in over:
        release(application=application, by=by, at=at)
    return len(over)


@transaction.atomic
def set_clocks_right(*, by: Actor, at: datetime, notices: Notices = SEEDED) -> int:
    """Clocks that a notice changes are counted again; returns how many moved."""
    require(Permission.APPLICATION_TEND, by=by, over=None)
    moved = 0
    for application in Application.objects.select_for_update().filter(clock_since__isnull=False):
        running = application.running
        assert running.since is not None and running.days is not None
        clock = started(running.since, running.days, notices)
        if clock == running:
            continue
        moved += clock.due_on != running.due_on
        Application.objects.filter(pk=application.pk).update(due_on=clock.due_on, due_provisional=clock.provisional)
        audit.record(
            "application.clock_set_right", subject=f"application:{application.number}", by=by, at=at,
            uscc=application.uscc, due_on=clock.due_on.isoformat() if clock.due_on else None,
        )  # fmt: skip
    return moved
