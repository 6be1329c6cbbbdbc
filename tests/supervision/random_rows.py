"""Two months of business in three cities, drawn by lot straight into the tables: nobody knows the counts beforehand."""

import random
from datetime import date, datetime, timedelta
from uuid import uuid4

from jinfuyun.applications.models import Application, Move
from jinfuyun.consents.models import Consent
from jinfuyun.coordination.models import Declaration, Recommendation
from jinfuyun.demands.models import Demand, Party, Proposal, Step
from jinfuyun.disputes.models import Dispute, Question
from jinfuyun.enterprises.models import Enterprise
from jinfuyun.kit.calendar import SHANGHAI, local_day
from jinfuyun.kit.refusals import Basis
from jinfuyun.loans.models import Loan
from jinfuyun.oversight.models import Complaint
from jinfuyun.reports.models import Report
from tests import market
from tests.cast import Person
from tests.supervision import scene
from tests.supervision.scene import FUZHOU, PINGTAN, WAN, XIAMEN

FIRST = datetime(2026, 2, 15, tzinfo=SHANGHAI)
EDGES = tuple(datetime(2026, month, 1, tzinfo=SHANGHAI) for month in (3, 4))  # midnight belongs to the new month
ROUNDS = 60
ENDINGS = (
    "submitted", "accepted", "declined_intake", "withdrawn", "rejected", "approved", "offer_declined", "funded",
    "funded", "funded",
)  # fmt: skip
TO_REVIEW = ("accept", "contact", "review")


def make(person: Person) -> None:
    """The same rows every time."""
    lot, its_own, other_lot, books_lot = (random.Random(seed) for seed in (35, 37, 38, 44))
    for tags, code in ((("green",), "MLYH001"), (("tech", "green"), "MLYH002"), (("rural",), "MLYH003")):
        product = market.product(code=code)
        product.current.tags = list(tags)
        product.current.save()
    for number in range(1, ROUNDS + 1):
        firm = scene.enterprise(number, lot.choice((FUZHOU, FUZHOU, XIAMEN, PINGTAN)), _at(lot))
        state, signed_at = lot.choice(("active", "active", "revoked", "expired")), _at(lot)
        ended_at = None if state == "active" else signed_at + timedelta(days=lot.randint(0, 40))
        scene.consent(firm, person, state=state, start=FIRST.date(), signed_at=signed_at, ended_at=ended_at)
        for code in lot.sample(("MLYH001", "MLYH002", "MLYH003"), k=lot.randint(1, 2)):
            _application(firm, code, lot)
        _voices(firm, lot)
        _demand(firm, lot)
        _complaint(firm, its_own)
        _coordination(firm, other_lot)
        _steps(firm, books_lot)
    for loan in Loan.objects.order_by("number"):
        _graded(loan, books_lot)


def _at(lot: random.Random) -> datetime:
    return lot.choice(EDGES) if lot.random() < 0.05 else FIRST + timedelta(minutes=lot.randint(0, 60 * 24 * 59))


def _application(firm: Enterprise, code: str, lot: random.Random) -> None:
    ending = lot.choice(ENDINGS)
    acts = {
        "submitted": (), "accepted": ("accept",), "declined_intake": ("decline_intake",),
        "withdrawn": ("accept", "withdraw"), "rejected": (*TO_REVIEW, "reject"), "approved": (*TO_REVIEW, "approve"),
        "offer_declined": (*TO_REVIEW, "approve", lot.choice(("decline_offer", "lapse_offer"))),
        "funded": (*TO_REVIEW, "reassign", "approve", "accept_offer", "sign", "fund"),
    }[ending]  # fmt: skip
    at = submitted_at = _at(lot)
    steps = [("submit", at, local_day(at) + timedelta(days=1))]
    for act in acts:
        at += timedelta(minutes=lot.randint(1, 4000))
        due = None if act in ("decline_intake", "fund") or lot.random() < 0.1 else local_day(at + timedelta(days=1))
        steps.append((act, at, due))
    decided = [when for act, when, _ in steps if act in ("decline_intake", "reject", "approve")]
    refused, offered = ending in ("rejected", "declined_intake"), "approve" in acts
    made = scene.application(
        firm, wan=lot.randint(1, 300), state=ending, code=code, industry_code=lot.choice(("C", "C14", "A", "")),
        submitted_at=submitted_at, decided_at=decided[-1] if decided else None,
        refusal_basis=lot.choice(tuple(Basis)) if refused else "",
        offer_amount_fen=lot.randint(1, 300) * WAN if offered else None,
    )  # fmt: skip
    Move.objects.bulk_create(
        Move(application=made, act=act, target="x", at=when, by="1", by_label="林某", due_on=due)
        for act, when, due in steps
    )
    if ending == "funded":
        _loan(made, at, lot)


def _loan(of: Application, at: datetime, lot: random.Random) -> None:
    line = scene.line_of(of, wan=300, security=lot.choice(("unsecured", "guarantee")))
    amount = lot.randint(1, 300)
    loan = scene.drawn(
        line, wan=amount, first=lot.random() < 0.4, answer=lot.choice(("", "confirmed", "disputed")), at=at
    )
    loan.drawn_on, loan.rate_bp = local_day(at), lot.randint(280, 600)
    loan.agreed_due_on = lot.choice(
        (date(2026, 12, 1), loan.drawn_on.replace(year=2027), date(2028, 1, 1), date(2033, 1, 1))
    )
    loan.renewal = lot.choice(("", "", "new_for_old", "no_principal"))
    loan.save()
    ends_as = lot.choice(("repaying", "overdue", "compensated", "settled", "reversed"))
    later = at + timedelta(days=lot.randint(0, 30))
    if ends_as == "compensated":
        scene.entered(loan, act="pay_out", target=ends_as, balance_fen=0, at=later, principal_fen=amount * WAN)
    elif ends_as != "repaying":
        act = {"overdue": "fall_overdue", "settled": "settle", "reversed": "repay"}[ends_as]
        owed = amount * WAN // 2 if ends_as == "overdue" else 0
        scene.entered(loan, act=act, target=ends_as, balance_fen=owed, at=later)
    if ends_as == "settled":
        Loan.objects.filter(pk=loan.pk).update(
            state="settled", balance_fen=0, principal_paid_fen=amount * WAN, settled_on=local_day(later)
        )
    if ends_as == "reversed":
        Loan.objects.filter(pk=loan.pk).update(state="reversed", balance_fen=0)


def _voices(firm: Enterprise, lot: random.Random) -> None:
    for because in lot.choices(("", "SQ1"), k=2):
        scene.read(firm, kind=lot.choice(("institution", "enterprise")), because=because)
    report = Report.objects.filter(enterprise=firm).first()
    Report.objects.filter(enterprise=firm).update(made_at=_at(lot))
    at = _at(lot)
    due = local_day(at) + timedelta(days=lot.randint(1, 20))
    late = lot.randint(-30, 10)
    answered = None if late > 5 else at + timedelta(days=max(0, 12 + late))
    told = {"answer": "x", "answered_at": answered} if answered else {}
    Question.objects.create(
        number=uuid4().hex[:20], report=report, uscc=firm.uscc, enterprise_name="x", region_code=firm.region_code,
        institution_code="MLYH", institution_name="x", asked_at=at, asked_by="1", due_on=due, **told,
    )  # fmt: skip
    Dispute.objects.create(
        number=uuid4().hex[:20], uscc=firm.uscc, enterprise_name="x", region_code=firm.region_code,
        consent_number="SQ1", report_number="R", category="tax", key="x", label="x", department="tax", shown="{}",
        delivery_numbers=[], delivered_at=at, reason="x", right="", raised_at=at, raised_by="1", state="closed",
        state_at=at, due_on=due, outcome=lot.choice(("explained", "rejected", "withdrawn")), **told,
    )  # fmt: skip


def _complaint(firm: Enterprise, lot: random.Random) -> None:
    at = _at(lot)
    due = local_day(at) + timedelta(days=lot.randint(1, 20))
    state = lot.choice(("new", "answered", "closed", "closed", "withdrawn"))
    later = at + timedelta(days=lot.randint(0, 25))
    told = {"answer": "x", "answered_at": later} if state in ("answered", "closed") else {}
    if state == "closed":
        told |= {"satisfaction": lot.randint(1, 5), "rated_at": later + timedelta(days=lot.randint(0, 9))}
    Complaint.objects.create(
        number=uuid4().hex[:20], form_token=uuid4(), uscc=firm.uscc, enterprise_name="x", region_code=firm.region_code,
        contact_name="x", contact_phone="13800000001", topic="slow", text="x", filed_at=at, state=state,
        state_at=later, due_on=due, answer_due_on=due, **told,
    )  # fmt: skip


def _demand(firm: Enterprise, lot: random.Random) -> None:
    at, state = _at(lot), lot.choice(("draft", "proposed", "unmet"))
    demand = Demand.objects.create(
        number=uuid4().hex[:20], uscc=firm.uscc, enterprise_name="x", region_code=firm.region_code,
        city_code=firm.region_code, contact_name="x", contact_phone="13800000001", amount_fen=lot.randint(1, 300) * WAN,
        term_months=12, open_until=date(2026, 6, 1), state=state, state_at=at + timedelta(days=9), drafted_at=at,
        posted_at=None if state == "draft" else at, unmet_reason="rate" if state == "unmet" else "",
    )  # fmt: skip
    if state == "proposed":
        party = Party.objects.create(
            demand=demand, institution=market.institution(), origin="claim", place=1, state="proposed", state_at=at,
            joined_at=at,
        )  # fmt: skip
        Proposal.objects.create(
            party=party, product=market.Product.objects.first(), product_name="x", amount_fen=WAN, rate_bp=390,
            term_months=12, security="unsecured", repayment="at_maturity", fee_year_bp=0, needs="x",
            valid_till=date(2026, 6, 1), made_at=at + timedelta(days=lot.randint(0, 9)), made_by="1",
        )  # fmt: skip


def _steps(firm: Enterprise, lot: random.Random) -> None:
    """Of a demand that the platform offered to institutions; and a consent behind some of what they read."""
    demand, consent = Demand.objects.get(uscc=firm.uscc), Consent.objects.get(enterprise=firm)
    for act in lot.choices(("assign", "take"), k=3):
        Step.objects.create(demand=demand, act=act, target="x", at=_at(lot), by="1", by_label="林某")
    read = Report.objects.filter(enterprise=firm).order_by("number")[: lot.randint(0, 2)]
    Report.objects.filter(pk__in=[one.pk for one in read]).update(consent_number=consent.number)


def _graded(loan: Loan, lot: random.Random) -> None:
    """Some with a grade or two, some of these undone; and money that came back."""
    grades = ("watched", "substandard", "doubtful", "loss", "normal")
    balance = loan.events.last().balance_fen
    for grade in lot.sample(grades, k=lot.choice((0, 1, 2))):
        on_book = {"target": loan.events.last().target, "balance_fen": balance}
        made = scene.entered(loan, act="grade", grade=grade, at=_at(lot), **on_book)
        if lot.random() < 0.3:
            scene.entered(
                loan, act="reverse", reverses=made, at=made.at + timedelta(days=lot.randint(0, 30)), **on_book
            )
    if lot.random() < 0.5:
        last = loan.events.last()
        scene.entered(
            loan,
            act="repay",
            target=last.target,
            balance_fen=balance,
            at=_at(lot),
            principal_fen=lot.randint(1, 9) * WAN,
        )


def _coordination(firm: Enterprise, lot: random.Random) -> None:
    declared_at = _at(lot) - timedelta(days=20)
    declaration = Declaration.objects.create(
        number=uuid4().hex[:20], uscc=firm.uscc, enterprise_name="x", region_code=firm.region_code,
        city_code=firm.region_code, contact_name="x", contact_phone="13800000001", amount_fen=lot.randint(1, 300) * WAN,
        term_months=12, purpose="stock", origin="enterprise", state="recommended", state_at=declared_at,
        declared_at=declared_at, declared_by="x",
    )  # fmt: skip
    recommended_at = declared_at + timedelta(days=lot.randint(0, 9))
    due = local_day(recommended_at) + timedelta(days=lot.randint(5, 31))
    state, state_at = lot.choice(("waiting", "granted", "refused", "ended")), _at(lot)
    answered = {"answered_at": state_at} if state in ("granted", "refused") else {}
    more = {"granted": {"granted_fen": lot.randint(1, 300) * WAN}, "refused": {"refusal": "credit"}}.get(state, {})
    Recommendation.objects.create(
        declaration=declaration, institution=market.Product.objects.first().institution, state=state,
        state_at=state_at, recommended_at=recommended_at, due_on=due, **answered, **more,
    )  # fmt: skip
