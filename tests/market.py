"""Institutions and products for tests, straight into the tables; the invented ones of the sandbox province."""

from dataclasses import replace
from datetime import date, datetime
from uuid import uuid4

from jinfuyun.applications import actions as applications
from jinfuyun.applications.models import Application
from jinfuyun.applications.rules import Offer, Wish
from jinfuyun.institutions.models import Institution
from jinfuyun.institutions.rules import Draft, Kind
from jinfuyun.institutions.rules import State as InstitutionState
from jinfuyun.kit.conditions import Condition
from jinfuyun.kit.lending import (
    Borrower,
    Drawdown,
    ProductKind,
    RateKind,
    Repayment,
    Security,
    Tag,
    Tenor,
)
from jinfuyun.products.models import Product, Version
from jinfuyun.products.rules import Material, Review, State, Terms
from tests.cast import MONDAY, Firm

LPR_BP = {Tenor.ONE_YEAR: 300, Tenor.FIVE_YEARS: 350}
WAN = 1_000_000

MINLING = Draft(
    code="MLYH", name="闽岭银行", kind=Kind.BANK, licence_number="B0001H235010001", region_code="350100",
    hotline="0591-87000001", contact_name="林知远", contact_phone="13805910001",
)  # fmt: skip
LANLUWAN = Draft(
    code="LLW", name="蓝鹭湾银行", kind=Kind.BANK, licence_number="B0002H235020001", region_code="350200",
    hotline="0592-5000002", contact_name="陈鹭生", contact_phone="13805920002",
)  # fmt: skip

TAX_LOAN = Terms(
    name="税易融", kind=ProductKind.WORKING_CAPITAL, summary="按时纳税的小微企业，凭纳税信用申请，随借随还。",
    amount_min_fen=1 * WAN, amount_max_fen=300 * WAN, term_min_months=1, term_max_months=12,
    rate_kind=RateKind.FLOATING, lpr_tenor=Tenor.ONE_YEAR, spread_min_bp=40, spread_max_bp=120,
    securities=(Security.UNSECURED,), repayments=(Repayment.INTEREST_MONTHLY, Repayment.AT_MATURITY),
    drawdown=Drawdown.REVOLVING, borrowers=(Borrower.COMPANY, Borrower.SMALL_OWNER), hotline="0591-87000001",
    age_months_min=24, tax_grades=("A", "B", "M"), approve_days=5, tags=(Tag.FIRST_LOAN,),
    conditions=(
        Condition("tax_paid_r12", ">=", 1, "近 12 个月入库税额不低于 1 万元"),
        Condition("tax_arrears", "=", 0, "没有欠税"),
    ),
    materials=(Material("营业执照", "data"), Material("近一年主要合同", "upload")),
)  # fmt: skip
FACTORY_LOAN = replace(
    TAX_LOAN, name="厂房抵押经营贷", summary="有工业厂房的企业，抵押率最高七成，期限长。", rate_kind=RateKind.FIXED,
    rate_min_bp=310, rate_max_bp=380, lpr_tenor=None, spread_min_bp=None, spread_max_bp=None,
    amount_min_fen=50 * WAN, amount_max_fen=2000 * WAN, term_min_months=6, term_max_months=36,
    securities=(Security.MORTGAGE,), repayments=(Repayment.INTEREST_MONTHLY,), drawdown=Drawdown.ONE_OFF,
    approve_days=10, disburse_days=20, conditions=(), tax_grades=(), age_months_min=12, tags=(),
)  # fmt: skip


def institution(draft: Draft = MINLING, *, state: InstitutionState = InstitutionState.ACTIVE) -> Institution:
    """An institution in that state; the same one again if it is there already."""
    found = Institution.objects.filter(code=draft.code).first()
    if found:
        return found
    new = Institution(state=state, state_at=MONDAY, admitted_at=MONDAY)
    new.write(draft)
    new.save()
    return new


def product(
    terms: Terms = TAX_LOAN, *, code: str = "MLYH001", of: Institution | None = None, state: State = State.LISTED
) -> Product:
    """A product with one passed version."""
    house = of or institution()
    new = Product.objects.create(code=code, institution=house, state=State.DRAFT, state_at=MONDAY)
    version = Version(
        product=new, number=1, review=Review.PASSED, drafted_by="1", drafted_at=MONDAY, reviewed_at=MONDAY
    )
    version.write(terms, institution_name=house.name, lpr_bp=LPR_BP)
    version.save()
    new.current, new.state, new.listed_at = version, state, MONDAY
    new.save()
    return new


HILL = replace(MINLING, code="HILL", name="示例山岭银行", licence_number="B0004H235010004")
RIVER = replace(MINLING, code="RIVER", name="闽江银行", licence_number="B0003H235010003")
WISH = Wish(amount_fen=100 * WAN, term_months=12, purpose="stock")
OFFER = Offer(
    amount_fen=80 * WAN, rate_bp=390, term_months=12, security=Security.UNSECURED, repayment="interest_monthly",
    valid_till=date(2026, 3, 20),
)  # fmt: skip


def applied(firm: Firm, *, product_code: str = "RIVER001", wish: Wish = WISH, at: datetime = MONDAY) -> Application:
    """The firm's application to River Bank; the consent is there already."""
    return applications.submit(
        uscc=firm.uscc, product_code=product_code, wish=wish, form_token=uuid4(), by=firm.owner, at=at
    )
