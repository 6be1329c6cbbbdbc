"""What the department does that delivered the disputed figure, or the operators for what the platform reckoned: look
into it, ask, and answer in writing."""

from datetime import datetime

from django.db import transaction

from jinfuyun.audit import actions as audit
from jinfuyun.deliveries import queries as deliveries
from jinfuyun.deliveries.rules import STANDING
from jinfuyun.disputes import queries
from jinfuyun.disputes.actions.moving import move, tell_enterprise, tell_house
from jinfuyun.disputes.models import Dispute, Overtaken
from jinfuyun.disputes.rules import SCORE, Act, Outcome, why_not_answer, why_not_text
from jinfuyun.kit.actor import Actor, Role, institution_house
from jinfuyun.kit.errors import NotFound
from jinfuyun.kit.reasons import NotInOrder, Reason
from jinfuyun.kit.refusals import Desk, why_not_ground
from jinfuyun.notifications.rules import Template
from jinfuyun.reports import queries as reports
from jinfuyun.reports.models import Report

READERS = frozenset({Role.OFFICER, Role.APPROVER})


@transaction.atomic
def take(*, dispute: Dispute, by: Actor, at: datetime) -> None:
    """Begin to look into it."""
    move(dispute=dispute, act=Act.TAKE, by=by, at=at)


@transaction.atomic
def ask_more(*, dispute: Dispute, text: str, by: Actor, at: datetime) -> None:
    """Ask the enterprise back. The clock goes on: the law gives twenty days in all."""
    text = text.strip()
    reasons = why_not_text(text, "text")
    if reasons:
        raise NotInOrder(reasons)
    move(dispute=dispute, act=Act.ASK_MORE, said=text, by=by, at=at)
    tell_enterprise(dispute=dispute, template=Template.DISPUTE_ASKS_MORE, at=at)


@transaction.atomic
def reject(*, dispute: Dispute, ground: str, answer: str, by: Actor, at: datetime) -> None:
    """The figure stands; a ground of GROUNDS and the answer say why. Raises NotInOrder without them."""
    answer = answer.strip()
    reasons = why_not_ground(Desk.DISPUTE, ground) + why_not_answer(answer)
    if reasons:
        raise NotInOrder(reasons)
    _answer(dispute, Act.REJECT, answer, Outcome.REJECTED, ground=ground, by=by, at=at)


@transaction.atomic
def resolve(*, dispute: Dispute, answer: str, outcome: str, correction: str, by: Actor, at: datetime) -> None:
    """Put right by the delivery `correction` of this department, or explained; in writing. Raises NotInOrder.

    What the platform reckoned is put right in a report made since, which `correction` names.
    """
    answer, correction = answer.strip(), correction.strip()
    reasons = why_not_answer(answer)
    if outcome not in (Outcome.CORRECTED, Outcome.EXPLAINED):
        reasons.append(Reason("outcome", "请选择答复的结果。"))
    if outcome == Outcome.CORRECTED:
        reasons += _why_no_correction(dispute, correction, by)
    if reasons:
        raise NotInOrder(reasons)
    corrected = outcome == Outcome.CORRECTED
    _answer(dispute, Act.RESOLVE, answer, Outcome(outcome), correction=correction if corrected else "", by=by, at=at)
    if corrected:
        _tell_readers(dispute, by=by, at=at)


def _why_no_correction(dispute: Dispute, correction: str, by: Actor) -> list[Reason]:
    if dispute.is_platforms:
        found_in = queries.reports_since(dispute).filter(number=correction)
        return [] if found_in.exists() else [Reason("correction", "请填写提出异议以后、已经更正的报告编号。")]
    if not correction:
        return [Reason("correction", "请填写更正数据的批次号。")]
    try:
        found = deliveries.delivery(correction, visible_to=by)
    except NotFound:
        return [Reason("correction", "没有这个批次，或不是本部门送达的批次。")]
    if found.number in dispute.delivery_numbers:
        return [Reason("correction", "这是被提出异议的批次，请填写之后更正的批次。")]
    return [] if found.state in STANDING else [Reason("correction", "这个批次没有入库，不能作为更正。")]


def _answer(
    dispute: Dispute, act: Act, answer: str, outcome: Outcome, *, correction: str = "", ground: str = "", by: Actor,
    at: datetime,
) -> None:  # fmt: skip
    """The answer before the step: the database takes no answered dispute without one."""
    dispute.answer = answer
    dispute.save(update_fields=["answer"])
    move(
        dispute=dispute, act=act, said=answer, by=by, at=at,
        changes={
            "outcome": outcome, "correction": correction, "rejected_code": ground, "answered_at": at,
            "answered_by": by.label,
        },
    )  # fmt: skip
    tell_enterprise(dispute=dispute, template=Template.DISPUTE_ANSWERED, at=at)


def _tell_readers(dispute: Dispute, *, by: Actor, at: datetime) -> None:
    """Every institution whose report holds the chapter as it was before the correction is told, report by report."""
    read = reports.queries_by_institutions(dispute.uscc).filter(made_at__gte=dispute.delivered_at)
    if dispute.is_platforms:
        read = read.filter(made_at__lt=queries.reports_since(dispute).get(number=dispute.correction).made_at)
    for report in read:
        if not _holds_what_was_wrong(report, dispute):
            continue
        Overtaken.objects.create(dispute=dispute, report=report)
        tell_house(
            house=institution_house(report.reader_code), roles=READERS, template=Template.REPORT_CORRECTED, at=at,
            context=queries.words_of(dispute) | {"report": report.number},
        )  # fmt: skip
        audit.record(
            "dispute.reader_told", subject=f"dispute:{dispute.number}", by=by, at=at, uscc=dispute.uscc,
            report=report.number, reader=report.reader_code,
        )  # fmt: skip


def _holds_what_was_wrong(report: Report, dispute: Dispute) -> bool:
    behind = {str(category): numbers for category, numbers in reports.outline(report).items()}
    if dispute.key == SCORE:
        return True
    return dispute.category in behind and dispute.correction not in behind[dispute.category]
