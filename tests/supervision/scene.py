"""Business in three cities, straight into the tables, so that every figure can be counted by hand."""

from datetime import date, datetime, timedelta
from uuid import uuid4

from jinfuyun.applications.models import Application
from jinfuyun.consents.models import Consent
from jinfuyun.enterprises.models import Enterprise
from jinfuyun.kit.actor import Actor, House, HouseKind, Role
from jinfuyun.loans.actions.institution import loan_of
from jinfuyun.loans.content import opened
from jinfuyun.loans.models import CreditLine, Loan, LoanEvent
from jinfuyun.loans.rules import Drawdown
from jinfuyun.oversight.models import Complaint
from jinfuyun.reports.models import Report
from tests import market
from tests.cast import MONDAY, TODAY, Person, id_number_of, uscc_of

FUZHOU, XIAMEN, PINGTAN = "350102", "350203", "350128"  # 鼓楼区, 思明区, 平潭
WAN = market.WAN


def regulator(code: str) -> Actor:
    return Actor(id="1", label="监管", roles=frozenset({Role.REGULATOR}), house=House(HouseKind.REGION, code))


def enterprise(number: int, region: str, at: datetime = MONDAY) -> Enterprise:
    uscc = uscc_of(number)
    return Enterprise.objects.create(
        uscc=uscc, tax_number=uscc, name=f"示例{number}号", region_code=region, industry_code="C",
        nature="enterprise", legal_name="林某", legal_id_type="resident", legal_id_number=id_number_of(number),
        legal_phone="13800000001", contact_name="林某", contact_phone="13800000001", authenticated_at=at,
    )  # fmt: skip


def consent(
    of: Enterprise, person: Person, *, state: str = "active", end: date | None = None, start: date = TODAY,
    signed_at: datetime = MONDAY, ended_at: datetime | None = None,
) -> Consent:  # fmt: skip
    return Consent.objects.create(
        number=f"SQ{uuid4().hex[:12]}", enterprise=of, state=state, term_kind="until_settlement", start_on=start,
        end_on=end, categories=["registration"], purposes=["pre_loan"], personal_notice=False, recommend=False,
        letter_version="1", letter="x", text_sha256="0", prepared_by_id=person.user_id, prepared_at=MONDAY,
        signed_at=signed_at, ended_at=ended_at,
    )  # fmt: skip


def application(
    of: Enterprise, *, wan: int, state: str = "submitted", code: str = "MLYH001", **more: object
) -> Application:
    product = market.Product.objects.filter(code=code).first() or market.product()
    return Application.objects.create(
        number=uuid4().hex[:20], form_token=uuid4(), uscc=of.uscc, enterprise_name=of.name,
        region_code=of.region_code, contact_name="林某", contact_phone="13800000001",
        institution=product.institution, product=product, version=product.current, consent_number="SQ1",
        amount_fen=wan * WAN, term_months=12, purpose="stock", submitted_by="1", state=state, state_at=MONDAY,
        **({"submitted_at": MONDAY} | more),
    )  # fmt: skip


def funded(of: Enterprise, *, wan: int, first: bool = False, security: str = "mortgage", answer: str = "") -> None:
    """Asked for and offered the double of what was drawn; a first report was wrong and reversed."""
    asked = application(
        of, wan=2 * wan, state="funded", offer_amount_fen=2 * wan * WAN, offer_security=security,
        funded_fen=wan * WAN, funded_rate_bp=390, funded_on=TODAY, is_first_loan=first,
    )  # fmt: skip
    line = line_of(asked, wan=2 * wan, security=security)
    drawn(line, wan=wan, first=first, answer=answer)
    wrong = drawn(line, wan=wan, first=first, answer=answer)
    Loan.objects.filter(pk=wrong.pk).update(state="reversed", balance_fen=0)
    [draw] = wrong.events.all()
    entered(wrong, act="reverse", target="reversed", balance_fen=0, reverses=draw)


def line_of(asked: Application, *, wan: int, security: str) -> CreditLine:
    return CreditLine.objects.create(
        number=uuid4().hex[:20], application=asked, uscc=asked.uscc, enterprise_name=asked.enterprise_name,
        region_code=asked.region_code, institution=asked.institution, product_name="税易融", consent_number="SQ1",
        kind="revolving", amount_fen=wan * WAN, rate_bp=390, term_months=12, security=security,
        repayment="at_maturity", contract_number="JK****01", signed_on=TODAY, until_on=date(2027, 3, 2),
        state="in_force", state_at=MONDAY,
    )  # fmt: skip


def drawn(line: CreditLine, *, wan: int, first: bool, answer: str, at: datetime = MONDAY) -> Loan:
    drawdown = Drawdown(wan * WAN, 390, TODAY, date(2027, 3, 2), "stock", is_first_loan=first)
    loan = loan_of(line, drawdown, renews=None, at=MONDAY)
    loan.answer = answer
    loan.stand(opened(loan.terms))
    loan.save(force_insert=True)
    entered(loan, act="draw", target="repaying", balance_fen=wan * WAN, at=at)
    return loan


def entered(loan: Loan, *, act: str, target: str, balance_fen: int, at: datetime = MONDAY, **more: object) -> LoanEvent:
    return LoanEvent.objects.create(
        loan=loan, institution=loan.institution, act=act, on=at.date(), balance_fen=balance_fen, target=target, at=at,
        by="1", by_label="林某", **more,
    )  # fmt: skip


def read(of: Enterprise, *, kind: str = "institution", because: str = "SQ1") -> None:
    Report.objects.create(
        number=uuid4().hex[:20], enterprise=of, consent_number="SQ1", reader_kind=kind, reader_code="MLYH",
        reader_name="闽岭银行", opened_by="林某", purpose="pre_loan", because=because, made_at=MONDAY,
        content_file="x", content_sha256="0",
    )  # fmt: skip


def complaint(of: Enterprise, *, at: datetime, answered_at: datetime | None = None) -> None:
    """To be answered within ten days."""
    due = at.date() + timedelta(days=10)
    Complaint.objects.create(
        number=uuid4().hex[:20], form_token=uuid4(), uscc=of.uscc, enterprise_name=of.name, region_code=of.region_code,
        contact_name="林某", contact_phone="13800000001", topic="slow", text="没有人联系。", filed_at=at,
        state="answered" if answered_at else "new", state_at=answered_at or at, due_on=due, answer_due_on=due,
        answered_at=answered_at, answer="已电话联系。" if answered_at else None,
    )  # fmt: skip


def three_cities(person: Person) -> None:
    """福州: five enterprises, three consents in force; 厦门: one; 平潭: one. Amounts in 万元."""
    one, two, three, four, five = (enterprise(number, FUZHOU) for number in range(1, 6))
    six, seven = enterprise(6, XIAMEN), enterprise(7, PINGTAN)
    for each in (one, two, three, six):
        consent(each, person)
    consent(four, person, state="revoked", ended_at=MONDAY)
    consent(five, person, end=date(2026, 3, 1))
    funded(one, wan=100, first=True, security="unsecured", answer="confirmed")
    funded(one, wan=50)
    funded(two, wan=30, first=True, answer="disputed")
    funded(six, wan=200, security="unsecured")
    application(two, wan=70)
    application(three, wan=80, state="withdrawn", offer_amount_fen=60 * WAN)
    application(seven, wan=10, state="rejected")
    read(one)
    read(six)
    read(six, because="")
    read(six, kind="enterprise")
    market.product(market.FACTORY_LOAN, code="LLW001", of=market.institution(market.LANLUWAN))
