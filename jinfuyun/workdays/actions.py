"""Keeping the calendar: one operator writes a notice down, another confirms exactly that; then clocks are set right."""

from datetime import datetime

from django.db import IntegrityError, transaction

from jinfuyun.accounts import queries as accounts
from jinfuyun.audit import actions as audit
from jinfuyun.jobs.actions import defer
from jinfuyun.kit.actor import Actor
from jinfuyun.kit.calendar import local_day
from jinfuyun.kit.errors import Refused, TooLate
from jinfuyun.kit.four_eyes import Person, Seen, why_not_approve
from jinfuyun.kit.jobs import Job
from jinfuyun.kit.permissions import Permission, require
from jinfuyun.kit.reasons import NotInOrder, Reason
from jinfuyun.workdays.models import Notice
from jinfuyun.workdays.rules import Draft, State, why_not_propose


class FourEyes(Refused):
    """Not this person, or not this content."""


@transaction.atomic
def propose(*, draft: Draft, by: Actor, at: datetime) -> Notice:
    """Write a year's notice down; counts for nothing before another operator confirmed it. Raises NotInOrder."""
    require(Permission.CALENDAR_KEEP, by=by, over=None)
    reasons = why_not_propose(draft, today=local_day(at))
    if reasons:
        raise NotInOrder(reasons)
    new = Notice(
        year=draft.year, document=draft.document, days_off=list(draft.days_off), days_worked=list(draft.days_worked),
        state=State.PROPOSED, proposed_at=at, proposed_by=by.id, proposed_by_label=by.label,
        proposed_mark=accounts.person(by).phone_mark,
    )  # fmt: skip
    try:
        with transaction.atomic():
            new.save(force_insert=True)
    except IntegrityError as taken:
        raise NotInOrder([Reason("year", "该年已有一份待复核的安排，请先复核或退回。")]) from taken
    audit.record("calendar.proposed", subject=f"calendar:{new.pk}", by=by, at=at, year=new.year)
    return new


@transaction.atomic
def confirm(*, notice: Notice, on_screen: str, by: Actor, at: datetime) -> None:
    """The second person's yes: it replaces what stood for the year. Raises FourEyes, TooLate."""
    require(Permission.CALENDAR_KEEP, by=by, over=None)
    now = notice.content_digest()
    seen = Seen(submitted=now, on_screen=on_screen, now=now)  # a proposal cannot be changed, only sent back
    proposer = Person(notice.proposed_by, bytes(notice.proposed_mark))
    reasons = why_not_approve(proposer=proposer, reviewer=accounts.person(by), seen=seen)
    if reasons:
        raise FourEyes("".join(reasons))
    Notice.objects.filter(year=notice.year, state=State.IN_FORCE).update(state=State.REPLACED)
    _decide(notice, State.IN_FORCE, by=by, at=at)
    defer(Job.TEND_CLOCKS, once="tend-clocks")


@transaction.atomic
def send_back(*, notice: Notice, by: Actor, at: datetime) -> None:
    """Not like this; its own proposer may take it back so, too."""
    require(Permission.CALENDAR_KEEP, by=by, over=None)
    _decide(notice, State.SENT_BACK, by=by, at=at)


def _decide(notice: Notice, state: State, *, by: Actor, at: datetime) -> None:
    proposed = Notice.objects.filter(pk=notice.pk, state=State.PROPOSED)
    if not proposed.update(state=state, decided_at=at, decided_by_label=by.label):
        raise TooLate
    audit.record(f"calendar.{state}", subject=f"calendar:{notice.pk}", by=by, at=at, year=notice.year)
