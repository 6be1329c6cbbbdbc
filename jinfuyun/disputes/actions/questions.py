"""An enterprise asks an institution why it read a report, with one click; the institution answers in writing."""

import secrets
from datetime import datetime

from django.db import IntegrityError, transaction

from jinfuyun.audit import actions as audit
from jinfuyun.disputes.actions.moving import tell_house
from jinfuyun.disputes.models import Question
from jinfuyun.disputes.rules import QUESTION_WORKING_DAYS, why_not_answer
from jinfuyun.enterprises import queries as enterprises
from jinfuyun.kit.actor import Actor, Role, enterprise_house
from jinfuyun.kit.calendar import due_after, local_day
from jinfuyun.kit.errors import NotFound, TooLate
from jinfuyun.kit.permissions import Permission, require
from jinfuyun.kit.reasons import NotInOrder
from jinfuyun.notifications.actions import notify
from jinfuyun.notifications.rules import Template
from jinfuyun.reports import queries as reports
from jinfuyun.workdays import queries as workdays

ANSWERERS = frozenset({Role.OFFICER, Role.APPROVER})


@transaction.atomic
def ask(*, uscc: str, report_number: str, by: Actor, at: datetime) -> Question:
    """Once a report: asking again gives the same question. Raises NotFound for a report that is not about `uscc`."""
    require(Permission.QUESTION_ASK, by=by, over=enterprise_house(uscc))
    report = reports.queries_by_institutions(uscc).filter(number=report_number).first()
    if report is None:
        raise NotFound
    profile, today = enterprises.profile(uscc), local_day(at)
    due = due_after(today, QUESTION_WORKING_DAYS, workdays.notices())
    new = Question(
        number=f"XW{today:%Y%m%d}{secrets.randbelow(10**8):08d}", report=report, uscc=uscc,
        enterprise_name=profile.name, region_code=profile.region_code, institution_code=report.reader_code,
        institution_name=report.reader_name, asked_at=at, asked_by=by.id, due_on=due.day,
        due_provisional=due.provisional,
    )  # fmt: skip
    try:
        with transaction.atomic():
            new.save(force_insert=True)
    except IntegrityError:
        return Question.objects.select_related("report").get(report=report)
    audit.record(
        "question.asked", subject=f"question:{new.number}", by=by, at=at, uscc=uscc,
        consent_number=report.consent_number, reader=report.reader_code, report=report.number, due_on=f"{due.day}",
    )  # fmt: skip
    context = {"enterprise": profile.name, "report": report.number, "due": f"{due.day}"}
    tell_house(
        house=new.institution_house, roles=ANSWERERS, template=Template.QUESTION_ASKED, context=context, at=at
    )  # fmt: skip
    return new


@transaction.atomic
def answer(*, question: Question, answer: str, by: Actor, at: datetime) -> None:
    """In writing, once. Raises NotInOrder, TooLate."""
    require(Permission.QUESTION_ANSWER, by=by, over=question.institution_house)
    answer = answer.strip()
    reasons = why_not_answer(answer)
    if reasons:
        raise NotInOrder(reasons)
    locked = Question.objects.select_for_update().get(pk=question.pk)
    if locked.answered_at is not None:
        raise TooLate
    locked.answer, locked.answered_at, locked.answered_by = answer, at, by.label
    locked.save(update_fields=["answer", "answered_at", "answered_by"])
    audit.record("question.answered", subject=f"question:{locked.number}", by=by, at=at, uscc=locked.uscc)
    notify(
        phone=enterprises.profile(locked.uscc).contact_phone, user_id=enterprises.holder_id(locked.uscc),
        template=Template.QUESTION_ANSWERED, at=at,
        context={"institution": locked.institution_name, "report": question.report.number},
    )  # fmt: skip
    question.refresh_from_db()
