"""What an institution does with an enterprise that was recommended to it: contact, apply, grant or refuse."""

from datetime import datetime
from typing import Any

from django.db import transaction

from jinfuyun.coordination.actions.moving import _held, _must_agree, _step, _tell_enterprise
from jinfuyun.coordination.models import Declaration, Recommendation
from jinfuyun.coordination.rules import AMOUNT_MAX_FEN, OPEN, Act
from jinfuyun.kit.actor import Actor
from jinfuyun.kit.errors import TooLate
from jinfuyun.kit.permissions import Permission, require
from jinfuyun.kit.reasons import NotInOrder, Reason
from jinfuyun.kit.refusals import REFUSAL
from jinfuyun.notifications.rules import Template


def _moved(
    recommendation: Recommendation, act: Act, *, by: Actor, at: datetime, said: str = "", answers: bool = False,
    booked: dict[str, Any] | None = None, **columns: Any,
) -> tuple[Declaration, Recommendation]:  # fmt: skip
    """The step, while the enterprise agrees. Raises TooLate, NotAgreed."""
    require(Permission.COORDINATION_HANDLE, by=by, over=recommendation.institution_house)
    found = _held(recommendation.declaration)
    now = Recommendation.objects.select_related("institution", "unit").get(pk=recommendation.pk)
    if now.state not in OPEN:
        raise TooLate
    _must_agree(found.uscc, at)
    row = _step(found, act, by=by, at=at, about=now, said=said, **(booked or {}))
    columns |= {"answered_at": at} if answers else {}
    for name, value in {
        "state": row.to,
        "state_at": at,
        "officer": by.id,
        "officer_label": by.label,
        **columns,
    }.items():
        setattr(now, name, value)
    now.save()
    return found, now


@transaction.atomic
def contact(*, recommendation: Recommendation, by: Actor, at: datetime) -> None:
    """Spoken with the enterprise; from now on it is this officer's."""
    _moved(recommendation, Act.CONTACT, by=by, at=at)


@transaction.atomic
def apply(*, recommendation: Recommendation, by: Actor, at: datetime) -> None:
    """The enterprise has applied, here or at the counter."""
    _moved(recommendation, Act.APPLY, by=by, at=at)


@transaction.atomic
def grant(*, recommendation: Recommendation, granted_fen: int, by: Actor, at: datetime) -> None:
    """授信: the answer of the month, with the amount."""
    if not 0 < granted_fen <= AMOUNT_MAX_FEN:
        raise NotInOrder([Reason("granted_fen", "授信金额须大于零，不超过 10,000 万元。")])
    said = f"授信 {granted_fen / 1_000_000:g} 万元"
    found, now = _moved(
        recommendation, Act.GRANT, by=by, at=at, said=said, answers=True, granted_fen=granted_fen,
        booked={"granted_fen": granted_fen},
    )  # fmt: skip
    _tell_enterprise(
        found, Template.COORDINATION_GRANTED, at=at, institution=now.institution.name,
        granted=f"{granted_fen / 1_000_000:g}",
    )  # fmt: skip


@transaction.atomic
def refuse(*, recommendation: Recommendation, reason: str, by: Actor, at: datetime) -> None:
    """No credit, with one of the coded reasons; the enterprise reads it and what it can do."""
    if reason not in REFUSAL:
        raise NotInOrder([Reason("reason", "请选择不予授信的原因。")])
    why = REFUSAL[reason]
    found, now = _moved(
        recommendation, Act.REFUSE, by=by, at=at, said=why.label, answers=True, refusal=reason,
        booked={"reason": reason, "basis": why.basis},
    )  # fmt: skip
    _tell_enterprise(
        found, Template.COORDINATION_REFUSED, at=at, institution=now.institution.name, reason=why.label,
        advice=why.advice,
    )  # fmt: skip
