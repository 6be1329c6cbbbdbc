"""What the platform does by itself, once a day: remind, mark what is late, close what was answered long ago."""

from datetime import datetime

from django.db import transaction

from jinfuyun.audit import actions as audit
from jinfuyun.disputes import queries
from jinfuyun.disputes.actions.moving import move, tell_house
from jinfuyun.disputes.models import Dispute, Question
from jinfuyun.disputes.rules import (
    ANSWERED,
    CLOSE_DAYS_AFTER_ANSWER,
    OPEN,
    QUESTION_WORKING_DAYS,
    Act,
    reminder,
)
from jinfuyun.kit.actor import PLATFORM_HOUSE, Actor, Role
from jinfuyun.kit.calendar import ONE_DAY, SEEDED, Notices, due_after, local_day
from jinfuyun.kit.errors import TooLate
from jinfuyun.kit.permissions import Permission, require
from jinfuyun.notifications.rules import Template

OPERATORS = frozenset({Role.OPERATOR})
ANSWERERS = frozenset({Role.OFFICER, Role.APPROVER})


@transaction.atomic
def remind(*, by: Actor, at: datetime) -> int:
    """The department of each open dispute, at half, four fifths and all of its days; returns how many."""
    require(Permission.DISPUTE_TEND, by=by, over=None)
    reminded = 0
    for dispute in Dispute.objects.filter(state__in=OPEN):
        percent = reminder(local_day(dispute.raised_at), local_day(at))
        standing = Dispute.objects.filter(pk=dispute.pk, state__in=OPEN, reminded_percent__lt=percent)
        if not standing.update(reminded_percent=percent):
            continue
        context = queries.words_of(dispute) | {"percent": str(percent)}
        tell_house(house=dispute.department_house, template=Template.DISPUTE_REMINDED, context=context, at=at)
        audit.record(
            "dispute.reminded", subject=f"dispute:{dispute.number}", by=by, at=at, uscc=dispute.uscc, percent=percent
        )
        reminded += 1
    return reminded


@transaction.atomic
def escalate(*, by: Actor, at: datetime) -> int:
    """Disputes past their last day go to the operators' desk, once; returns how many."""
    require(Permission.DISPUTE_TEND, by=by, over=None)
    late = Dispute.objects.filter(state__in=OPEN, due_on__lt=local_day(at), escalated_at=None)
    escalated = 0
    for dispute in list(late):
        if not late.filter(pk=dispute.pk).update(escalated_at=at):  # answered in this very moment
            continue
        escalated += 1
        for house in {dispute.department_house, PLATFORM_HOUSE}:
            roles = OPERATORS if house == PLATFORM_HOUSE else frozenset[Role]()
            tell_house(
                house=house, roles=roles, template=Template.DISPUTE_LATE, context=queries.words_of(dispute), at=at
            )  # fmt: skip
        audit.record("dispute.escalated", subject=f"dispute:{dispute.number}", by=by, at=at, uscc=dispute.uscc)
    return escalated


@transaction.atomic
def close_answered(*, by: Actor, at: datetime) -> int:
    """Answers that nobody reacted to for a month count as read; returns how many."""
    require(Permission.DISPUTE_TEND, by=by, over=None)
    closed = 0
    for dispute in Dispute.objects.filter(
        state__in=ANSWERED, state_at__lt=at - CLOSE_DAYS_AFTER_ANSWER * ONE_DAY
    ):  # fmt: skip
        try:
            move(dispute=dispute, act=Act.LAPSE, by=by, at=at)
        except TooLate:  # the enterprise closed it in this very moment
            continue
        closed += 1
    return closed


@transaction.atomic
def escalate_questions(*, by: Actor, at: datetime) -> int:
    """Questions past their last day: the institution and the operators are told, once; returns how many."""
    require(Permission.DISPUTE_TEND, by=by, over=None)
    late = Question.objects.filter(answered_at=None, due_on__lt=local_day(at), escalated_at=None)
    escalated = 0
    for question in list(late.select_related("report")):
        if not late.filter(pk=question.pk).update(escalated_at=at):  # answered in this very moment
            continue
        escalated += 1
        context = {
            "institution": question.institution_name, "report": question.report.number, "due": f"{question.due_on}",
        }  # fmt: skip
        for house, roles in ((question.institution_house, ANSWERERS), (PLATFORM_HOUSE, OPERATORS)):
            tell_house(house=house, roles=roles, template=Template.QUESTION_LATE, context=context, at=at)
        audit.record("question.escalated", subject=f"question:{question.number}", by=by, at=at, uscc=question.uscc)
    return escalated


@transaction.atomic
def set_clocks_right(*, by: Actor, at: datetime, notices: Notices = SEEDED) -> int:
    """Questions whose days a notice changes are counted again; returns how many moved."""
    require(Permission.DISPUTE_TEND, by=by, over=None)
    moved = 0
    for question in Question.objects.select_for_update().filter(answered_at=None):
        due = due_after(local_day(question.asked_at), QUESTION_WORKING_DAYS, notices)
        if (due.day, due.provisional) == (question.due_on, question.due_provisional):
            continue
        moved += due.day != question.due_on
        Question.objects.filter(pk=question.pk).update(due_on=due.day, due_provisional=due.provisional)
        audit.record(
            "question.clock_set_right", subject=f"question:{question.number}", by=by, at=at, uscc=question.uscc,
            due_on=f"{due.day}",
        )  # fmt: skip
    return moved
