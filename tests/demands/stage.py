"""Red Star's demand, and institutions that answer it."""

from dataclasses import replace
from datetime import date, datetime
from uuid import uuid4

from jinfuyun.demands import actions, queries
from jinfuyun.demands.content import Sheet, Wanted
from jinfuyun.demands.models import Demand, Party
from jinfuyun.institutions.models import Institution
from jinfuyun.kit.actor import Actor, Role, institution_house
from tests import market
from tests.cast import MONDAY, Firm
from tests.market import RIVER, WAN

WANTED = Wanted(
    amount_fen=100 * WAN, term_months=12, rate_max_bp=450, purpose="stock", purpose_text="采购春季备货的原材料",
    securities=("unsecured", "guarantee"), loan_kind="further", open_until=date(2026, 4, 1),
)  # fmt: skip
SHEET = Sheet(
    product_code="RIVER001", amount_fen=90 * WAN, rate_bp=390, term_months=12, security="unsecured",
    repayment="interest_monthly", fee_year_bp=0, fees_text="", needs="近三个月流水", valid_till=date(2026, 3, 20),
)  # fmt: skip


def bank(code: str, number: int, **changes: str) -> Institution:
    """One more active bank with one product, CODE001."""
    draft = replace(RIVER, code=code, name=f"{code}示例银行", licence_number=f"B{number:04d}H235010099", **changes)
    house = market.institution(draft)
    market.product(code=f"{code}001", of=house)
    return house


def officer_of(code: str) -> Actor:
    """Somebody at that bank's desk, without an account."""
    return Actor(f"officer-{code}", f"{code}经理", frozenset({Role.OFFICER}), institution_house(code))


def posted(firm: Firm, wanted: Wanted = WANTED, *, at: datetime = MONDAY) -> Demand:
    demand = actions.keep_draft(uscc=firm.uscc, demand_id=uuid4(), wanted=wanted, by=firm.owner, at=at)
    actions.post(demand=demand, by=firm.owner, at=at)
    return demand


def claimed(demand: Demand, code: str, *, at: datetime = MONDAY) -> Party:
    return actions.claim(number=demand.number, by=officer_of(code), at=at)


def proposed(demand: Demand, code: str, *, at: datetime = MONDAY, **changes: object) -> Party:
    """Claimed by the bank, with a proposal of its own product."""
    party = claimed(demand, code, at=at)
    sheet = replace(SHEET, **{"product_code": f"{code}001", **changes})
    actions.propose(party=party, sheet=sheet, by=officer_of(code), at=at)
    return party


def now(demand: Demand) -> Demand:
    return Demand.objects.get(pk=demand.pk)


def sight(demand: Demand, code: str) -> queries.Sight:
    return queries.for_institution(demand.number, visible_to=officer_of(code))[0]
