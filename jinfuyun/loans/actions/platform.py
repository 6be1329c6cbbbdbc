"""What the platform does by itself each night: overdue marks, lines that end, reminders."""

from datetime import datetime

from django.db import transaction

from jinfuyun.audit import actions as audit
from jinfuyun.kit.actor import Actor
from jinfuyun.kit.calendar import local_day
from jinfuyun.kit.permissions import Permission, require
from jinfuyun.loans import queries
from jinfuyun.loans.actions.keeping import event_of, move_line, tell_enterprise, write_down
from jinfuyun.loans.actions.settling import release_line
from jinfuyun.loans.content import Entry, as_of
from jinfuyun.loans.models import Loan
from jinfuyun.loans.rules import Act, LineAct, State, reminder
from jinfuyun.notifications.rules import Template


@transaction.atomic
def mark_overdue(*, by: Actor, at: datetime) -> int:
    """Loans with an instalment unpaid past its day; returns how many. Back again they come by being repaid."""
    require(Permission.LOAN_TEND, by=by, over=None)
    today, marked = local_day(at), 0
    for loan in queries.fallen_due(today).select_for_update(of=("self",)):
        position = as_of(loan.position, today)
        if position.state is not State.OVERDUE:
            continue
        entry = Entry(Act.FALL_OVERDUE, today)
        write_down(event=event_of(loan, entry, position, by=by, at=at), position=position, by=by, at=at)
        tell_enterprise(loan=loan, template=Template.LOAN_OVERDUE, at=at, since=f"{position.overdue_since}")
        marked += 1
    return marked


@transaction.atomic
def expire_lines(*, by: Actor, at: datetime) -> int:
    """Lines past their last day; what is owed under them stays owed. Returns how many."""
    require(Permission.LOAN_TEND, by=by, over=None)
    ended = 0
    for line in queries.over(local_day(at)):
        if move_line(line=line, act=LineAct.EXPIRE, by=by, at=at):
            release_line(line=line, by=by, at=at)
            ended += 1
    return ended


@transaction.atomic
def release_over(*, by: Actor, at: datetime) -> int:
    """Lines whose end did not end what it should have, because something failed or stood against it; how many."""
    require(Permission.LOAN_TEND, by=by, over=None)
    found = list(queries.to_release())
    for line in found:
        release_line(line=line, by=by, at=at)
    return len(found)


@transaction.atomic
def remind(*, by: Actor, at: datetime) -> int:
    """Enterprises that have not looked at amount and rate, on day 3 and day 7; returns how many."""
    require(Permission.LOAN_TEND, by=by, over=None)
    reminded = 0
    for loan in queries.unanswered():
        days = reminder(local_day(loan.reported_at), local_day(at))
        if not Loan.objects.filter(pk=loan.pk, answer="", reminded_days__lt=days).update(reminded_days=days):
            continue
        tell_enterprise(loan=loan, template=Template.LOAN_REMINDED, at=at)
        audit.record("loan.reminded", subject=f"loan:{loan.number}", by=by, at=at, uscc=loan.uscc, days=days)
        reminded += 1
    return reminded


@transaction.atomic
def tell_of_the_end(*, by: Actor, at: datetime) -> int:
    """Enterprises whose loan ends within 60 days may ask for renewal, and are told so once; returns how many."""
    require(Permission.LOAN_TEND, by=by, over=None)
    found = list(queries.near_their_end(local_day(at)))
    for loan in found:
        Loan.objects.filter(pk=loan.pk).update(told_due_at=at)
        tell_enterprise(loan=loan, template=Template.LOAN_DUE_SOON, at=at, due=f"{loan.due_on}")
        audit.record("loan.end_is_near", subject=f"loan:{loan.number}", by=by, at=at, uscc=loan.uscc)
    return len(found)
