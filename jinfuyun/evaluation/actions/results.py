"""Evaluating a closed period; putting a result right beside what stands; making ranks public or not; appeals."""

import secrets
from collections.abc import Iterable
from datetime import datetime

from django.db import IntegrityError, transaction

from jinfuyun.audit import actions as audit
from jinfuyun.disputes.actions.moving import tell_house
from jinfuyun.evaluation.models import Appeal, Publication, Result, Round
from jinfuyun.evaluation.queries import reckoning, results, schemes
from jinfuyun.evaluation.queries.reckoning import Reckoned
from jinfuyun.evaluation.rules import Outcome, months_of, why_not_words
from jinfuyun.kit.actor import Actor, House, HouseKind, Role, institution_house
from jinfuyun.kit.calendar import local_day
from jinfuyun.kit.errors import NotAllowed, Refused, TooLate
from jinfuyun.kit.permissions import Permission, require
from jinfuyun.kit.reasons import NotInOrder, Reason
from jinfuyun.kit.regions import PROVINCE_CODE
from jinfuyun.notifications.rules import Template
from jinfuyun.supervision.queries import BY_NAME
from jinfuyun.supervision.rules import why_not_why

READERS = frozenset({Role.INSTITUTION_ADMIN, Role.APPROVER})
REGULATORS = frozenset({Role.REGULATOR})
REGULATOR = House(HouseKind.REGION, PROVINCE_CODE)


@transaction.atomic
def evaluate(*, period: str, by: Actor, at: datetime) -> int:
    """Freeze every institution's points of a closed period; how many institutions. Raises Refused, TooLate."""
    require(Permission.EVALUATION_DECIDE, by=by, over=None)
    schemes.of_the_province(by)
    if not months_of(period):
        raise Refused("请写明评价周期，例如 2026-03 或 2026-Q1。")
    scheme = schemes.in_force(period)
    round = Round(
        period=period, nth=0, scheme=scheme.name, scheme_label=scheme.label, scheme_digest=scheme.content_digest(),
        versions={item.indicator: BY_NAME[item.indicator].version for item in scheme.items}, made_at=at, by=by.id,
        by_label=by.label,
    )  # fmt: skip
    _open(round)
    made = reckoning.reckon(scheme, period, reckoning.evaluated(scheme, period))
    if not made:
        raise Refused(f"{period} 没有可以评价的机构。")
    _keep(round, made)
    audit.record("evaluation.made", subject=f"evaluation:{period}", by=by, at=at, scheme=scheme.name)
    _tell(round, made, Template.EVALUATION_MADE, at=at)
    return len(made)


@transaction.atomic
def correct(*, period: str, why: str, by: Actor, at: datetime) -> int:
    """更正: what is counted otherwise today stands beside what stood; how many. Raises Refused, NotFound, TooLate."""
    require(Permission.EVALUATION_DECIDE, by=by, over=None)
    schemes.of_the_province(by)
    reason = why_not_why(why.strip())
    if reason:
        raise Refused(reason)
    changed = results.again(period)
    if not changed:
        raise Refused(f"{period} 重新计算的结果与现有结果一致，无需更正。")
    _beside(period, why.strip(), changed, by=by, at=at)
    return len(changed)


@transaction.atomic
def publish(*, period: str, is_public: bool, by: Actor, at: datetime) -> None:
    """Ranks and totals for everybody, or no longer. Raises NotFound, TooLate."""
    require(Permission.EVALUATION_DECIDE, by=by, over=None)
    schemes.of_the_province(by)
    results.rankings(period)
    last = results.publications([period]).get(period)
    if (last is not None and last.is_public) == is_public:
        raise TooLate(f"{period} 的排名已{'公布' if is_public else '停止公布或尚未公布'}，没有重复办理。")
    Publication.objects.create(period=period, is_public=is_public, at=at, by=by.id, by_label=by.label)
    audit.record(
        "evaluation.published" if is_public else "evaluation.hidden", subject=f"evaluation:{period}", by=by, at=at
    )


@transaction.atomic
def appeal(*, result: Result, indicator: str, reason: str, by: Actor, at: datetime) -> Appeal:
    """Once a result, within its days. Raises NotInOrder, Refused, TooLate."""
    require(Permission.EVALUATION_APPEAL, by=by, over=result.institution_house)
    if by.unit:
        raise NotAllowed("申诉由机构总部提出。")
    labels = {mark["indicator"]: mark["label"] for mark in result.marks}
    reasons = [] if indicator in labels else [Reason("indicator", "请选择有异议的项目。")]
    if said := why_not_words(reason.strip()):
        reasons.append(Reason("reason", said))
    if reasons:
        raise NotInOrder(reasons)
    _still_open(result, at=at)
    new = Appeal(
        number=f"PS{local_day(at):%Y%m%d}{secrets.randbelow(10**8):08d}", result=result, indicator=indicator,
        label=labels[indicator], reason=reason.strip(), raised_at=at, raised_by=by.id, raised_by_label=by.label,
    )  # fmt: skip
    try:
        with transaction.atomic():
            new.save(force_insert=True)
    except IntegrityError as taken:
        raise TooLate("这个结果已经申诉过，请等待或查看答复。") from taken
    audit.record("evaluation.appealed", subject=f"appeal:{new.number}", by=by, at=at, period=result.round.period)
    context = _words(new) | {"due": f"{results.answer_until(at).day}"}
    tell_house(
        house=REGULATOR, roles=REGULATORS, template=Template.EVALUATION_APPEALED, context=context, at=at,
    )  # fmt: skip
    return new


def _still_open(result: Result, *, at: datetime) -> None:
    if results.standing(result.round.period)[result.institution_code].pk != result.pk:
        raise TooLate("这个结果已经更正，请按更正后的结果申诉。")
    due = results.appeal_until(result).day
    if local_day(at) > due:
        raise Refused(f"申诉期到 {due} 为止，已经结束。")


@transaction.atomic
def answer(*, appeal: Appeal, outcome: str, answer: str, by: Actor, at: datetime) -> None:
    """In writing, once; where the appeal is right, a correction stands beside. Raises NotInOrder, Refused, TooLate."""
    require(Permission.EVALUATION_DECIDE, by=by, over=None)
    schemes.of_the_province(by)
    reasons = [] if outcome in set(Outcome) else [Reason("outcome", "请选择申诉是否成立。")]
    if said := why_not_words(answer.strip()):
        reasons.append(Reason("answer", said))
    if reasons:
        raise NotInOrder(reasons)
    locked = Appeal.objects.select_for_update().get(pk=appeal.pk)
    if locked.answered_at is not None:
        raise TooLate
    locked.outcome, locked.answer, locked.answered_at, locked.answered_by = outcome, answer.strip(), at, by.label
    locked.save(update_fields=["outcome", "answer", "answered_at", "answered_by"])
    if outcome != Outcome.REJECTED:
        _put_right(locked, by=by, at=at)
    audit.record("evaluation.answered", subject=f"appeal:{locked.number}", by=by, at=at, outcome=outcome)
    tell_house(
        house=locked.result.institution_house, roles=READERS, template=Template.EVALUATION_ANSWERED,
        context=_words(locked), at=at,
    )  # fmt: skip
    appeal.refresh_from_db()


def _put_right(appeal: Appeal, *, by: Actor, at: datetime) -> None:
    period, code = appeal.result.round.period, appeal.result.institution_code
    if appeal.outcome == Outcome.SET_ASIDE:
        changed = [results.without(results.standing(period)[code], appeal.indicator)]
    else:
        changed = results.again(period, only=code)
    if not changed:
        raise Refused("按现在的明细重新计算，结果没有变化；请先更正明细，或选择该项目不计分。")
    _beside(period, f"申诉 {appeal.number} 成立：{appeal.label}", changed, by=by, at=at)


def _words(appeal: Appeal) -> dict[str, str]:
    result = appeal.result
    return {"number": appeal.number, "institution": result.institution_name, "period": result.round.period}


@transaction.atomic
def tell_late(*, by: Actor, at: datetime) -> int:
    """Once each: appeals that nobody answered in time; how many."""
    require(Permission.EVALUATION_DECIDE, by=by, over=None)
    found = [one for one in results.late(today=local_day(at)) if one.told_late_at is None]
    for one in found:
        Appeal.objects.filter(pk=one.pk).update(told_late_at=at)
        audit.record("evaluation.late", subject=f"appeal:{one.number}", by=by, at=at)
        tell_house(
            house=REGULATOR, roles=REGULATORS, template=Template.EVALUATION_LATE,
            context=_words(one) | {"due": f"{results.answer_until(one.raised_at).day}"}, at=at,
        )  # fmt: skip
    return len(found)


def _beside(period: str, why: str, changed: list[Reckoned], *, by: Actor, at: datetime) -> None:
    """One more round with these results, by the scheme and the definitions of the first; the institutions are told."""
    first, *others = results.rounds(period)
    kept = {name: getattr(first, name) for name in ("period", "scheme", "scheme_label", "scheme_digest", "versions")}
    round = Round(**kept, nth=1 + len(others), why=why, made_at=at, by=by.id, by_label=by.label)
    _open(round)
    _keep(round, changed)
    audit.record("evaluation.corrected", subject=f"evaluation:{period}", by=by, at=at, nth=round.nth, why=why)
    _tell(round, changed, Template.EVALUATION_CORRECTED, at=at)


def _open(round: Round) -> None:
    """Before anything is counted: whoever is second waits here, and is told who was first."""
    try:
        with transaction.atomic():
            round.save(force_insert=True)
    except IntegrityError as taken:
        last = results.rounds(round.period)[-1]
        raise TooLate(f"{round.period} 已由{last.by_label}办理，没有重复办理。") from taken


def _keep(round: Round, made: Iterable[Reckoned]) -> None:
    Result.objects.bulk_create(results.result_of(one, round) for one in made)


def _tell(round: Round, made: Iterable[Reckoned], template: Template, *, at: datetime) -> None:
    due = f"{results.appeal_until(Result(round=round)).day}"
    for one in made:
        tell_house(
            house=institution_house(one.peer.code), roles=READERS, template=template,
            context={"period": round.period, "due": due}, at=at,
        )  # fmt: skip
