"""What the matrix of addresses plays on: Red Star with one of everything, and who looks at it."""

import re
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.utils import timezone

from jinfuyun.accounts import actions as accounts
from jinfuyun.accounts.models import SignIn
from jinfuyun.accounts.rules import Kind
from jinfuyun.consents import actions as consents
from jinfuyun.consents.models import Consent
from jinfuyun.consents.rules import TermKind, Terms, day
from jinfuyun.coordination import actions as coordination
from jinfuyun.coordination.content import Plan as VisitPlan
from jinfuyun.coordination.content import ZoneText
from jinfuyun.data.door import Verdict
from jinfuyun.demands import actions as demands
from jinfuyun.demands.content import Wanted
from jinfuyun.disputes import actions as disputes
from jinfuyun.enterprises import actions as enterprises
from jinfuyun.enterprises.actions.authenticate import write_verdict
from jinfuyun.enterprises.rules import MANDATE_ACTS, Elements
from jinfuyun.evaluation.models import Appeal, Result, Round
from jinfuyun.handovers import actions as handovers
from jinfuyun.handovers.rules import Kind as Leave
from jinfuyun.handovers.rules import Plan
from jinfuyun.institutions import actions as institutions
from jinfuyun.institutions.models import AdmissionRequest
from jinfuyun.institutions.rules import Level, UnitDraft
from jinfuyun.joins.models import Proposal
from jinfuyun.kit.actor import Actor, House, HouseKind, Role, institution_house
from jinfuyun.kit.grant import Purpose, Reader, ReaderKind
from jinfuyun.loans import actions as loans
from jinfuyun.loans.checks import HEADING
from jinfuyun.notifications.models import Message
from jinfuyun.oversight import actions as oversight
from jinfuyun.oversight.actions.complaints import Filed
from jinfuyun.oversight.models import Complaint, Note
from jinfuyun.pushes import actions as pushes
from jinfuyun.reports import actions as reports
from jinfuyun.storage.sheets import sheet
from jinfuyun.supervision import actions as supervision
from jinfuyun.supervision.queries.targets import Wanted as Aim
from tests import market
from tests.cast import HILL_BANK, RIVER_BANK, Firm, Person, given, id_number_of, uscc_of
from tests.coordination.stage import MET, WISH
from tests.disputes.stage import raised, report_of
from tests.loans.steps import funded
from tests.reports.sample import INVOICES, REGISTRATION

MARKET = Actor("test", "市场监管", frozenset({Role.DEPARTMENT}), House(HouseKind.DEPARTMENT, "market"))
OF_THE_MARKET = {"/my/matching/": "RIVER001", "/policies/": "P2026-01"}
LICENCE = b"\x89PNG\r\n\x1a\n" + bytes(100)


def newest_link(phone: str, path: str) -> str:
    """The token of the newest link below `path` that was sent to this phone."""
    for message in Message.objects.order_by("-made_at"):
        found = re.search(rf"{path}/([\w-]+)", message.text) if message.phone == phone else None
        if found:
            return found[1]
    raise AssertionError(f"no link was sent to this phone: {path}")


def unfinished_run(person: Person, *, number: int, verdict: Verdict, at: datetime) -> Any:
    """The wizard after step 1, with that answer of the tax department."""
    elements = Elements(uscc_of(number), "林红星", "resident", id_number_of(number), person.phone)
    run = enterprises.keep_draft(run=None, typed=asdict(elements), by=person.actor, at=at)
    return write_verdict(run=run, elements=elements, verdict=verdict, registered=None, by=person.actor, at=at)


def pushed(at: datetime) -> str:
    """A file that the market department has begun to push."""
    push = pushes.begin(
        feed="registration", name="x.csv", size=1, sha256="0" * 64, rows=None, sums={}, idempotency_key="key-0001",
        by=MARKET, at=at,
    )  # fmt: skip
    return str(push.pk)


def objects(firm: Firm, owner: Person, clerk: Person, officer: Person, admin: Person) -> dict[str, str]:
    """One of everything that an address can name, by the beginning of its route."""
    at = timezone.now()
    living = given(firm)
    market.product(code="RIVER001", of=market.institution(market.RIVER))
    application = market.applied(firm, at=at)
    mandate = enterprises.give_mandate(
        uscc=firm.uscc, phone=clerk.phone, acts=list(MANDATE_ACTS), ends_on=day(at) + timedelta(days=30),
        by=firm.owner, at=at,
    )  # fmt: skip
    own = reports.open_report(
        uscc=firm.uscc, reader=Reader(ReaderKind.ENTERPRISE, firm.uscc), reader_name=firm.name,
        purpose=Purpose.OWN_VIEW, because="", by=firm.owner, at=at,
    )  # fmt: skip
    theirs = reports.open_report(
        uscc=firm.uscc, reader=Reader(ReaderKind.INSTITUTION, RIVER_BANK), reader_name="闽江银行",
        purpose=Purpose.PRE_LOAN, because=application.number, by=officer.actor, at=at,
    )  # fmt: skip
    run = unfinished_run(owner, number=11, verdict=Verdict.MATCHES, at=at)
    waiting = unfinished_run(owner, number=12, verdict=Verdict.DIFFERS, at=at)
    case = enterprises.open_case(run=waiting, reason="differs", note="", licence=LICENCE, by=owner.actor, at=at)
    invited = accounts.invite(
        kind=Kind.INSTITUTION, account="river.new", phone="13900000099", name="江新人",
        roles=frozenset({Role.OFFICER}), house=institution_house(RIVER_BANK), by=admin.actor, at=at,
    )  # fmt: skip
    return {
        "/api/v1/deliveries/": pushed(at),
        "/account/sign-ins/": str(SignIn.objects.get(user_id=owner.user_id).pk),
        "/enterprises/new/": f"?run={run.pk}",
        "/invited/": newest_link("13900000099", "invited"),
        "/my/consents/": living.number,
        "/my/mandates/": str(mandate.pk),
        "/my/reports/": own,
        **dict.fromkeys(("/my/applications/", "/bank/applications/", "/bank/assigning/"), application.number),
        "/bank/products/": "RIVER001",
        "/bank/reports/": theirs,
        "/bank/staff/": officer.user_id,
        **own_house(officer, admin, invited),
        "/products/": "RIVER001",
        "/operator/desk/": str(case.pk),
        "/operator/institutions/": RIVER_BANK,
        "/operator/products/": "RIVER001",
        "/operator/staff/": admin.user_id,
        "/department/alarms/": "1",
        **dict.fromkeys(("/department/uploads/", "/operator/calendar/"), "00000000-0000-4000-8000-000000000001"),
        "/department/": "D1",  # nobody here may look at a delivery, so none need be there
        "/sandbox/phone/": owner.phone,
        "/sign/": link_to_sign(firm),
        "/verify/": living.number,
    } | {"/operator/joins/": proposed(firm), "/regulator/warnings/": "YJ1"}  # nor is there a warning


def compared() -> dict[str, str]:
    """River Bank's result of a period, and its appeal."""
    made = Round.objects.create(
        period="2026-03", nth=0, scheme="monthly_2026", scheme_label="x", scheme_digest="0", versions={},
        made_at=timezone.now(), by="1", by_label="x",
    )  # fmt: skip
    result = Result.objects.create(
        round=made, institution_code=RIVER_BANK, institution_name="闽江银行", peers="银行", marks=[], total=None
    )  # fmt: skip
    Appeal.objects.create(
        number="PS1", result=result, indicator="x", label="x", reason="x", raised_at=timezone.now(), raised_by="1",
        raised_by_label="x",
    )  # fmt: skip
    at = "/regulator/evaluation/"
    return {f"{at}schemes/": "monthly_2026", f"{at}periods/": "2026-03", f"{at}appeals/": "PS1"}


def own_house(officer: Person, admin: Person, invited: UUID) -> dict[str, str]:
    """What an institution's administrator keeps, a request for admission, and what regulators name."""
    return {
        "/bank/units/": branch_of(admin), "/bank/invitations/": str(invited),
        "/bank/handovers/": leave_of(officer, admin), "/operator/institutions/requests/": asked_in(),
        "/regulator/bulletins/": "JB202603-1", "/regulator/charts/": "funnel",  # no month is closed there
    }  # fmt: skip


def branch_of(admin: Person) -> str:
    """A branch where nobody works."""
    draft = UnitDraft("厦门分行", Level.BRANCH, None, ("350200",))
    return str(institutions.add_unit(draft=draft, by=admin.actor, at=timezone.now()).pk)


def leave_of(officer: Person, admin: Person) -> str:
    """A handover that begins tomorrow."""
    tomorrow = timezone.localdate() + timedelta(days=1)
    plan = Plan(Leave.LEAVE, None, tomorrow, tomorrow)
    made = handovers.hand_over(user_id=UUID(officer.user_id), plan=plan, by=admin.actor, at=timezone.now())
    return str(made.pk)


def asked_in() -> str:
    """A request of the public form."""
    institutions.ask(asked=replace(market.LANLUWAN, code=""), ip="10.0.0.1", at=timezone.now())
    return str(AdmissionRequest.objects.get().pk)


def demanded(firm: Firm, officer: Person) -> dict[str, str]:
    """A demand that River Bank claimed, and that Hill Bank is not to see."""
    at = timezone.now()
    market.institution(replace(market.RIVER, code=HILL_BANK, name="闽岭示例银行", licence_number="B0004H235010004"))
    wanted = Wanted(
        amount_fen=50 * market.WAN, term_months=12, purpose="stock", securities=("unsecured",), loan_kind="further",
        excluded=(HILL_BANK,),
    )  # fmt: skip
    demand = demands.keep_draft(uscc=firm.uscc, demand_id=uuid4(), wanted=wanted, by=firm.owner, at=at)
    demands.post(demand=demand, by=firm.owner, at=at)
    demands.claim(number=demand.number, by=officer.actor, at=at)
    doors = ("/my/demands/", "/bank/demands/", "/regulator/demands/", "/regulator/coordination/demands/")
    return dict.fromkeys(doors, demand.number)


def coordinated(firm: Firm, regulator: Person) -> dict[str, str]:
    """Red Star recommended to River Bank, visited, part of an aim, and a product of the market in a zone."""
    at, by = timezone.now(), regulator.actor
    Consent.objects.update(recommend=True)
    declaration = coordination.declare(uscc=firm.uscc, wish=WISH, by=firm.owner, at=at)
    coordination.judge(declaration=declaration, findings=MET, by=by, at=at)
    coordination.recommend(declaration=declaration, codes=[RIVER_BANK], by=by, at=at)
    plan = VisitPlan(firm.name, firm.uscc, "350111", "榕走访", day(at))
    visit = coordination.plan_visit(plan=plan, by=by, at=at)
    month = f"{day(at):%Y-%m}"
    target = supervision.set_target(wanted=Aim("funded", "350100", "", month, month, 9), by=by, at=at)
    text = ZoneText("tea", "春茶专区", "汇集春茶收购和加工的贷款产品。", day(at), day(at), "350100", ("RIVER001",))
    coordination.keep_zone(text=text, by=by, at=at)
    coordination.publish_zone(slug="tea", by=by, at=at)
    lists = "/regulator/coordination/"
    doors = ("/my/coordination/", "/bank/recommendations/", f"{lists}declarations/")
    return dict.fromkeys(doors, declaration.number) | {
        f"{lists}visits/": visit.number, f"{lists}targets/": str(target.pk), "/zones/": "tea",
        "/regulator/zones/": "tea",
    }  # fmt: skip


def lent(firm: Firm, officer: Person) -> dict[str, str]:
    """A loan of the same bank from half a year ago, its line, and a sheet about it."""
    market.product(code="RIVER002", of=market.institution(market.RIVER))
    approver = replace(officer.actor, roles=frozenset({Role.APPROVER}))
    old = market.applied(firm, product_code="RIVER002")
    loan = funded(old, officer.actor, approver, firm.owner)
    return {
        "/my/loans/": loan.number,
        "/bank/loans/sheets/": sheet_of(officer, loan.number, timezone.now()),
        "/bank/loans/": loan.number,
        "/bank/lines/": loan.line.number,
    }


def sheet_of(officer: Person, number: str, at: datetime) -> str:
    """A sheet whose only row is wrong."""
    row = ("L1", "还款", number, "2026-03-07", "9999999999.00", "", "", "", "", "")
    made = loans.upload(file_name="x.xlsx", content=sheet(HEADING, [row]), by=officer.actor, at=at)
    loans.take_in(upload_id=made.pk, at=at)
    return str(made.pk)


def disputed(firm: Firm, found: dict[str, str]) -> dict[str, str]:
    """With `found` (as `objects` gives it): a dispute of a figure in an own report, a question about the bank's."""
    at, theirs, bodies = timezone.now(), found["/bank/reports/"], (REGISTRATION, INVOICES)
    own = report_of(firm, number="BG20260302000077", consent_number=found["/my/consents/"], bodies=bodies)
    dispute = raised(own, firm, figure=("invoices", "growth"), at=at)
    objection = raised(own, firm, at=at, computed=True)
    question = disputes.ask(uscc=firm.uscc, report_number=theirs, by=firm.owner, at=at)
    return {
        "/my/disputes/": dispute.number,
        "/my/readings/": theirs,
        "/bank/questions/": question.number,
        "/department/disputes/": dispute.number,
        "/operator/objections/": objection.number,
        **OF_THE_MARKET,
    }


def overseen(firm: Firm, found: dict[str, str], regulator: Person) -> dict[str, str]:
    """With `found` (as `objects` gives it): complaints about the bank and the platform, a note, a look.

    The enterprise moves to Xiamen in the end, so that nothing of it is Fuzhou's any more.
    """
    at, number = timezone.now(), found["/bank/applications/"]
    about = (
        Filed("slow", "没有人联系。", matter="application", number=number),
        Filed("other", "短信晚到。", "platform"),
    )
    complaint, of_platform = (
        oversight.file_complaint(uscc=firm.uscc, filed=one, form_token=uuid4(), by=firm.owner, at=at) for one in about
    )
    note = oversight.send_note(
        about="complaint", number=complaint.number, text="请按期答复。", days=3, by=regulator.actor, at=at
    )
    province = replace(regulator.actor, house=House(HouseKind.REGION, "350000"))
    look = oversight.ask_look(
        asked=firm.uscc, case_number="闽金监函〔2026〕1 号", reason="核实举报。", is_case=False, ends_on=None,
        by=province, at=at,
    )  # fmt: skip
    for model in (Complaint, Note):
        model.objects.update(region_code="350200")  # type: ignore[attr-defined]  # both have one
    return {
        **dict.fromkeys(("/my/complaints/", "/bank/complaints/", "/regulator/complaints/"), complaint.number),
        "/operator/complaints/": of_platform.number,
        **dict.fromkeys(("/bank/notes/", "/regulator/notes/"), note.number),
        "/regulator/looks/": look.number,
        "/regulator/late/": number,
    }


def proposed(firm: Firm) -> str:
    """A key that may be the firm's."""
    found = Proposal.objects.create(
        key="350100200099999", uscc=firm.uscc, name=firm.name, feeds=["branches"], row_count=1,
        weight_tenths=50, levels={"name": ["close", 56]}, made_at=timezone.now(),
    )  # fmt: skip
    return str(found.pk)


def link_to_sign(firm: Firm) -> str:
    """A second letter, prepared for the owner to sign from an SMS; it replaces nothing until then."""
    at = timezone.now()
    terms = Terms(
        term_kind=TermKind.UNTIL_SETTLEMENT, start=day(at), end=None, utilities=(), chosen=(),
        personal_notice=False, recommend=False, agree=True,
    )  # fmt: skip
    letter = consents.prepare(uscc=firm.uscc, terms=terms, utilities=[], by=firm.owner, at=at)
    consents.send_sign_link(consent=letter, url="http://testserver/sign/", by=firm.owner, at=at)
    return newest_link(firm.legal_phone, "sign")
