"""Applications on their way, in memory: each step is one of the table, with its clock, at a moment of its own."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from jinfuyun.applications.models import Application, Move
from jinfuyun.applications.rules import STOPPED, Act, Clock, Promise, State, after, reminder
from jinfuyun.enterprises.models import Enterprise
from jinfuyun.institutions.models import Unit
from jinfuyun.kit.actor import Actor
from jinfuyun.kit.calendar import SHANGHAI, Notices, local_day
from jinfuyun.kit.lending import LoanPurpose, Security
from jinfuyun.kit.refusals import REFUSALS, Basis
from jinfuyun.products.models import Product
from jinfuyun.sandbox import business

FEN_PER_WAN = 1_000_000
ASKED_WAN_MAX = 200  # above the product's least amount
OFFER_DAYS = 20
NIGHT = time(2)  # when the platform does what it does by itself
MOVES_MAX = 20  # of one application: its numbers run in twenties
LATE_SHARE, LATE_TIMES = 0.06, 5  # of the steps, and how many times as long they take
HOURS = business.HOURS | {
    "supply": (10, 60), "reassign": (1, 10), "decline_offer": (4, 48), "appeal": (4, 48), "uphold": (24, 72),
    "reopen": (24, 72),
}  # fmt: skip
REVIEW, OFFER = business.TO_REVIEW, business.TO_OFFER
MORE = (*REVIEW, "ask_more", "supply")
TAKEN = ("accept_offer", "sign", "fund")
ENDINGS: tuple[tuple[float, tuple[str, ...]], ...] = (
    (0.42, (*OFFER, *TAKEN)),
    (0.06, (*MORE, "approve", *TAKEN)),
    (0.02, ("accept", "reassign", *OFFER[1:], *TAKEN)),
    (0.01, (*REVIEW, "reject", "appeal", "reopen", "approve", *TAKEN)),
    (0.01, (*REVIEW, "reject", "appeal", "uphold")),
    (0.14, (*REVIEW, "reject")),
    (0.04, (*MORE, "reject")),
    (0.09, ("decline_intake",)),
    (0.08, ("accept", "withdraw")),
    (0.03, (*REVIEW, "ask_more", "withdraw")),
    (0.05, (*OFFER, "decline_offer")),
    (0.05, (*OFFER, "lapse_offer")),
)
PURPOSES = (LoanPurpose.STOCK, LoanPurpose.WAGES, LoanPurpose.EQUIPMENT, LoanPurpose.ORDERS)
# A refusal by platform data is bound to a fact of a report, and no reports are made here.
REFUSABLE = tuple(one for one in REFUSALS if one.basis is not Basis.PLATFORM_DATA)
AT_INTAKE = tuple(one for one in REFUSABLE if one.at_intake)


@dataclass(frozen=True, slots=True)
class Offered:
    """A product on the market and who handles its applications: officer, approver, another approver."""

    product: Product
    people: tuple[Actor, Actor, Actor]
    unit: Callable[[str], Unit | None]


@dataclass(slots=True)
class Case:
    """One application and its moves so far."""

    offered: Offered
    owner: Actor
    application: Application
    moves: list[Move]


def walk(
    *, enterprise: Enterprise, consent_number: str, offered: Offered, owner: Actor, number: int, begins: datetime,
    until: datetime, notices: Notices, dice: random.Random,
) -> Case:  # fmt: skip
    """From submitting to wherever it has come by `until`."""
    case = _submitted(enterprise, consent_number, offered, owner, number, begins, notices, dice)
    [(_, acts)] = dice.choices(ENDINGS, [share for share, _ in ENDINGS])
    moment = begins
    for act in acts:
        moment = _next(case, act, moment, dice)
        if moment > until:
            break
        _take(case, Act(act), moment, notices, dice)
    application, today = case.application, local_day(until)
    application.reminded_percent = reminder(application.running, today, notices)
    if application.release_on and application.release_on <= today:  # the night has released it
        application.release_on = None
    return case


def _submitted(
    enterprise: Enterprise, consent_number: str, offered: Offered, owner: Actor, number: int, at: datetime,
    notices: Notices, dice: random.Random,
) -> Case:  # fmt: skip
    product, version = offered.product, offered.product.current
    assert version is not None, "the database keeps a listed product's version"
    clock = after(
        Clock.ACCEPT, STOPPED, today=local_day(at), notices=notices,
        promise=Promise(version.accept_days, version.approve_days, version.disburse_days),
    )  # fmt: skip
    most = min(version.amount_max_fen, version.amount_min_fen + ASKED_WAN_MAX * FEN_PER_WAN)
    own, wan = dice.getrandbits(128), dice.randint(0, (most - version.amount_min_fen) // FEN_PER_WAN)
    new = Application(
        id=UUID(int=own, version=4), number=f"RZ{local_day(at):%Y%m%d}{number:08d}",
        form_token=UUID(int=own ^ 1, version=4), uscc=enterprise.uscc, enterprise_name=enterprise.name,
        region_code=enterprise.region_code, industry_code=enterprise.industry_code,
        contact_name=enterprise.contact_name, contact_phone=enterprise.contact_phone,
        institution=product.institution, unit=offered.unit(enterprise.region_code), product=product, version=version,
        consent_number=consent_number,
        amount_fen=version.amount_min_fen + wan * FEN_PER_WAN,
        term_months=min(version.term_max_months, max(version.term_min_months, 12)), purpose=dice.choice(PURPOSES),
        submitted_at=at, submitted_by=owner.id, state=State.SUBMITTED, state_at=at, clock_since=clock.since,
        clock_days=clock.days, due_on=clock.due_on, due_provisional=clock.provisional,
    )  # fmt: skip
    first = Move(
        id=number * MOVES_MAX, application=new, act=Act.SUBMIT, target=new.state, at=at, by=owner.id,
        by_label=owner.label, due_on=new.due_on,
    )  # fmt: skip
    return Case(offered, owner, new, [first])


def _next(case: Case, act: str, moment: datetime, dice: random.Random) -> datetime:
    if act == Act.LAPSE_OFFER:
        over = case.application.offer_valid_till
        assert over is not None, "only what was offered lapses"
        return datetime.combine(over + timedelta(days=1), NIGHT, SHANGHAI)
    hours = dice.uniform(*HOURS[act])
    if dice.random() < LATE_SHARE and act not in (Act.APPEAL, Act.ACCEPT_OFFER):  # these have a last day
        hours *= LATE_TIMES
    return moment + timedelta(minutes=int(hours * 60))


def _take(case: Case, act: Act, at: datetime, notices: Notices, dice: random.Random) -> None:
    application, source = case.application, case.application.state
    if act is not Act.REASSIGN:
        changes, security, offer_until = _changes(case, act, at, dice)
        columns = application.stepped(act, at=at, security=security, offer_until=offer_until, notices=notices)
        for name, value in (columns | changes).items():
            setattr(application, name, value)
    by = _by(case, act)
    step = Move(
        id=case.moves[-1].pk + 1, application=application, act=act, source=source, target=application.state, at=at,
        by=by.id, by_label=by.label, due_on=application.due_on,
    )  # fmt: skip
    case.moves.append(step)


def _by(case: Case, act: Act) -> Actor:
    officer, approver, second = case.offered.people
    if act in (Act.APPROVE, Act.REJECT):
        return approver
    if act in (Act.UPHOLD, Act.REOPEN):
        return second
    if act in (Act.SUPPLY, Act.APPEAL, Act.ACCEPT_OFFER, Act.DECLINE_OFFER, Act.WITHDRAW):
        return case.owner
    return officer


def _changes(case: Case, act: Act, at: datetime, dice: random.Random) -> tuple[dict[str, Any], Security | None, Any]:
    """What else the step writes, and what its clock goes by."""
    application, today = case.application, local_day(at)
    if act is Act.ACCEPT:
        officer = case.offered.people[0]
        return {"caller_account": officer.id, "caller_name": "经客户", "caller_phone": "16490000000"}, None, None
    if act in (Act.DECLINE_INTAKE, Act.REJECT):
        found = dice.choice(AT_INTAKE if act is Act.DECLINE_INTAKE else REFUSABLE)
        return {"refusal_code": found.code, "refusal_basis": found.basis, "decided_at": at}, None, None
    if act is Act.REOPEN:
        return {"refusal_code": "", "refusal_basis": "", "decided_at": None}, None, None
    if act is Act.APPEAL:
        return {"release_on": None}, None, None
    if act is Act.APPROVE:
        version, until = application.version, today + timedelta(days=OFFER_DAYS)
        offer = {
            "decided_at": at, "offer_rate_bp": dice.randint(version.rate_min_bp or 300, version.rate_max_bp or 400),
            "offer_amount_fen": max(application.amount_fen * dice.randint(6, 10) // 10, version.amount_min_fen),
            "offer_term_months": application.term_months, "offer_security": dice.choice(version.securities),
            "offer_repayment": dice.choice(version.repayments), "offer_valid_till": until,
        }  # fmt: skip
        return offer, None, until
    if act is Act.ACCEPT_OFFER:
        return {}, Security(application.offer_security), None
    if act is Act.SIGN:
        return {"contract_number": f"HT****{application.number[-2:]}", "signed_on": today}, None, None
    if act is Act.FUND:
        return {"funded_rate_bp": application.offer_rate_bp, "funded_on": today}, None, None
    return {}, None, None
