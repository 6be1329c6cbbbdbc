"""What an institution does with an application made to it."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from jinfuyun.applications.actions.moving import move, tell_enterprise
from jinfuyun.applications.checks import MATERIAL_LENGTH
from jinfuyun.applications.models import Application
from jinfuyun.applications.rules import Act, FirstDrawdown, Offer, why_not_drawdown, why_not_offer
from jinfuyun.institutions.rules import PHONE
from jinfuyun.kit.actor import Actor
from jinfuyun.kit.calendar import local_day
from jinfuyun.kit.permissions import Permission, require
from jinfuyun.kit.reasons import NotInOrder, Reason
from jinfuyun.kit.refusals import REFUSAL, Basis, Refusal
from jinfuyun.notifications.rules import Template
from jinfuyun.reports import actions as reports
from jinfuyun.reports import queries as reports_read


@dataclass(frozen=True, slots=True)
class Refused:
    """A coded refusal: `fact` names the figure of the opened report where the basis is platform data."""

    code: str
    text: str = ""
    fact: str = ""


@transaction.atomic
def accept(*, application: Application, caller_name: str, caller_phone: str, by: Actor, at: datetime) -> None:
    """Take it on and say who will call; the enterprise is told before anybody does."""
    caller_name, caller_phone = caller_name.strip(), caller_phone.strip()
    reasons = []
    if not 2 <= len(caller_name) <= 20:
        reasons.append(Reason("caller_name", "请填写将与企业联系的客户经理姓名。"))
    if not PHONE.fullmatch(caller_phone):
        reasons.append(Reason("caller_phone", "请填写客户经理用来联系企业的电话。"))
    if reasons:
        raise NotInOrder(reasons)
    move(application=application, act=Act.ACCEPT, by=by, at=at, changes={"caller_account": by.id})
    application.caller_name, application.caller_phone = caller_name, caller_phone
    application.save(update_fields=["caller_name", "caller_phone"])
    tell_enterprise(
        application=application, template=Template.APPLICATION_ACCEPTED, at=at, caller=caller_name, phone=caller_phone
    )


@transaction.atomic
def decline_intake(*, application: Application, refusal: Refused, by: Actor, at: datetime) -> None:
    """Not even looked into; only for reasons that need no report."""
    found = _known(refusal, at_intake=True)
    move(
        application=application, act=Act.DECLINE_INTAKE, why=_said(found, refusal), by=by, at=at,
        changes=_refusal_columns(found, refusal, None, at),
    )  # fmt: skip
    tell_enterprise(application=application, template=Template.APPLICATION_REFUSED, at=at, reason=found.label)


@transaction.atomic
def contact(*, application: Application, note: str, by: Actor, at: datetime) -> None:
    """The first talk has taken place."""
    move(application=application, act=Act.CONTACT, why=_text(note, "note", least=2), by=by, at=at)


@transaction.atomic
def review(*, application: Application, by: Actor, at: datetime) -> None:
    move(application=application, act=Act.REVIEW, by=by, at=at)


@transaction.atomic
def ask_more(*, application: Application, what: str, material: str = "", by: Actor, at: datetime) -> None:
    """The clock stands still until the enterprise answers, and both see that it does. `material`: a paper by name."""
    what = _text(what, "what", least=4)
    material = material.strip()
    if material and not MATERIAL_LENGTH[0] <= len(material) <= MATERIAL_LENGTH[1]:
        raise NotInOrder([Reason("material", f"材料名称为 {MATERIAL_LENGTH[0]} 至 {MATERIAL_LENGTH[1]} 个字。")])
    move(application=application, act=Act.ASK_MORE, why=what, by=by, at=at, changes={"asked_material": material})
    tell_enterprise(application=application, template=Template.APPLICATION_ASKS_MORE, at=at)


@transaction.atomic
def approve(*, application: Application, offer: Offer, by: Actor, at: datetime) -> None:
    """Raises NotInOrder where the offer is outside what the product's version promised."""
    reasons = why_not_offer(offer, application.bounds, today=local_day(at))
    if reasons:
        raise NotInOrder(reasons)
    move(
        application=application, act=Act.APPROVE, by=by, at=at, offer_until=offer.valid_till,
        changes={
            "decided_at": at, "offer_amount_fen": offer.amount_fen, "offer_rate_bp": offer.rate_bp,
            "offer_term_months": offer.term_months, "offer_security": offer.security,
            "offer_repayment": offer.repayment, "offer_valid_till": offer.valid_till,
        },
    )  # fmt: skip
    tell_enterprise(
        application=application, template=Template.APPLICATION_APPROVED, at=at, until=f"{offer.valid_till:%Y-%m-%d}"
    )


def reject(*, application: Application, refusal: Refused, by: Actor, at: datetime) -> None:
    """With a coded reason; where its basis is platform data, bound to the fact as it stood in the opened report.

    Not atomic itself: looking at the fact is booked on its own, also when it is refused.
    """
    require(Permission.APPLICATION_DECIDE, by=by, over=application.institution_house)
    found = _known(refusal, at_intake=False)
    fact = _fact(application, refusal, by, at) if found.basis is Basis.PLATFORM_DATA else None
    _turn_down(application, found, refusal, fact, by=by, at=at)


@transaction.atomic
def _turn_down(
    application: Application, found: Refusal, refusal: Refused, fact: dict[str, Any] | None, *, by: Actor, at: datetime
) -> None:
    move(
        application=application, act=Act.REJECT, why=_said(found, refusal), by=by, at=at,
        changes=_refusal_columns(found, refusal, fact, at),
    )  # fmt: skip
    tell_enterprise(application=application, template=Template.APPLICATION_REFUSED, at=at, reason=found.label)


@transaction.atomic
def sign(*, application: Application, contract_number: str, signed_on: date, by: Actor, at: datetime) -> None:
    """The contract is signed; `contract_number` is kept masked."""
    reasons = []
    contract_number = contract_number.strip()
    if not 4 <= len(contract_number) <= 40:
        reasons.append(Reason("contract_number", "合同号为 4 至 40 个字。"))
    if not local_day(application.submitted_at) <= signed_on <= local_day(at):
        reasons.append(Reason("signed_on", "签约日不能早于申请日，也不能晚于今天。"))
    if reasons:
        raise NotInOrder(reasons)
    masked = f"{contract_number[:2]}****{contract_number[-2:]}"
    move(
        application=application, act=Act.SIGN, by=by, at=at,
        changes={"contract_number": masked, "signed_on": signed_on},
    )  # fmt: skip


@transaction.atomic
def fund(*, application: Application, drawdown: FirstDrawdown, by: Actor, at: datetime) -> None:
    """The first drawdown, as the institution reports it; the enterprise confirms or disputes it."""
    reasons = why_not_drawdown(
        drawdown, offered_fen=application.offer_amount_fen or 0, offered_rate_bp=application.offer_rate_bp or 0,
        signed_on=application.signed_on, today=local_day(at),
    )  # fmt: skip
    if reasons:
        raise NotInOrder(reasons)
    move(
        application=application, act=Act.FUND, by=by, at=at,
        changes={
            "funded_fen": drawdown.amount_fen, "funded_rate_bp": drawdown.rate_bp, "funded_on": drawdown.on,
            "is_first_loan": drawdown.is_first_loan,
        },
    )  # fmt: skip
    tell_enterprise(application=application, template=Template.APPLICATION_FUNDED, at=at)


def _known(refusal: Refused, *, at_intake: bool) -> Refusal:
    found = REFUSAL.get(refusal.code)
    if found is None or (at_intake and not found.at_intake):
        raise NotInOrder([Reason("code", "请选择不通过的原因。")])
    if len(refusal.text.strip()) > 200:
        raise NotInOrder([Reason("text", "补充说明不超过 200 个字。")])
    return found


def _fact(application: Application, refusal: Refused, by: Actor, at: datetime) -> dict[str, Any]:
    """The fact as it stood in the newest report of this application; looking at it is booked like every look."""
    newest = reports_read.for_application(application.number, visible_to_actor=by).first()
    if newest is None:
        raise NotInOrder([Reason("code", "以平台数据为由的，须先为本申请查询信用报告。")])
    labels = dict(reports_read.fact_labels(newest, at=at))
    if labels and refusal.fact not in labels:
        raise NotInOrder([Reason("fact", "请选择所依据的数据。")])
    data = reports.view_report(report=newest, how="refusal", by=by, at=at)  # refuses, booked, what may not be named
    for chapter in data.chapters:
        for fact in chapter.facts:
            if fact.name == refusal.fact:
                return {
                    "report": newest.number, "name": fact.name, "label": fact.label, "unit": fact.unit,
                    "value": fact.value, "period": fact.period, "as_of": fact.as_of,
                    "deliveries": list(fact.deliveries), "department": chapter.department,
                }  # fmt: skip
    raise NotInOrder([Reason("fact", "请选择所依据的数据。")])


def _refusal_columns(found: Refusal, refusal: Refused, fact: dict[str, Any] | None, at: datetime) -> dict[str, Any]:
    return {
        "refusal_code": found.code, "refusal_basis": found.basis, "refusal_text": refusal.text.strip(),
        "refusal_fact": fact, "decided_at": at,
    }  # fmt: skip


def _said(found: Refusal, refusal: Refused) -> str:
    return f"{found.label}：{refusal.text.strip()}" if refusal.text.strip() else found.label


def _text(text: str, field: str, *, least: int) -> str:
    text = text.strip()
    if not least <= len(text) <= 400:
        raise NotInOrder([Reason(field, f"请用文字说明（{least} 至 400 个字）。")])
    return text
