"""What stands against publishing a product: every reason, at its field."""

from dataclasses import replace
from datetime import date

import pytest

from jinfuyun.institutions.rules import Kind, licensed_for
from jinfuyun.kit.all_in import Basis, CostKind, Fee, Payer
from jinfuyun.kit.conditions import Condition
from jinfuyun.kit.grant import Category, Purpose
from jinfuyun.kit.lending import Prepayment, ProductKind, RateKind, Size, Tag, Tenor, Title
from jinfuyun.products.content import changes
from jinfuyun.products.queries import ground, lpr
from jinfuyun.products.rules import TERMS_FIELDS, Material, rates_bp, why_not_publish
from tests.market import FACTORY_LOAN, LPR_BP, TAX_LOAN, WAN

TODAY = date(2026, 3, 2)
YEARLY = Fee(CostKind.GUARANTEE, Payer.ENTERPRISE, Basis.YEARLY_BP, 50, "由合作担保公司收取")


@pytest.mark.parametrize("terms", [TAX_LOAN, FACTORY_LOAN])
def test_a_whole_product_has_nothing_against_it(terms):
    assert why_not_publish(terms, ground(TODAY)) == []


@pytest.mark.parametrize(
    ("change", "fields"),
    [
        ({"name": ""}, {"name"}),
        ({"name": "长" * 41}, {"name"}),
        ({"summary": "短"}, {"summary"}),
        ({"hotline": ""}, {"hotline"}),
        ({"fees": (replace(YEARLY, text="费" * 201),)}, {"fee:1"}),
        ({"fees": (replace(YEARLY, text=""),)}, {"fee:1"}),
        ({"fees": (replace(YEARLY, kind=CostKind.INTEREST),)}, {"fee:1"}),
        ({"fees": (replace(YEARLY, value=0),)}, {"fee:1"}),
        ({"fees": (replace(YEARLY, value=1),) * 9}, {"fees"}),
        ({"fees": (replace(YEARLY, kind=CostKind.APPRAISAL),)}, {"fee:1"}),
        ({"fees": (replace(YEARLY, kind=CostKind.COMMITMENT),), "sizes": (Size.LARGE, Size.MICRO)}, {"fee:1"}),
        ({"kind": ProductKind.BILL}, {"term_max"}),
        ({"term_max_months": 37}, {"term_max"}),
        ({"amount_min_fen": 0}, {"amount_min"}),
        ({"amount_max_fen": 0}, {"amount_max"}),
        ({"amount_min_fen": 400 * WAN}, {"amount_max"}),
        ({"amount_max_fen": 10**15}, {"amount_max"}),
        ({"term_min_months": 0}, {"term_min"}),
        ({"term_max_months": 361}, {"term_max"}),
        ({"term_min_months": 13}, {"term_max"}),
        ({"lpr_tenor": None}, {"lpr_tenor"}),
        ({"spread_min_bp": None}, {"spread_min"}),
        ({"spread_min_bp": 130}, {"spread_max"}),
        ({"spread_min_bp": -300}, {"spread_min"}),
        ({"spread_max_bp": 2001}, {"spread_max"}),
        ({"spread_max_bp": 2000, "fees": (replace(YEARLY, value=101),)}, {"spread_max"}),
        ({"rate_kind": RateKind.FIXED}, {"rate_min"}),
        ({"securities": ()}, {"securities"}),
        ({"repayments": ()}, {"repayments"}),
        ({"borrowers": ()}, {"borrowers"}),
        ({"categories": ()}, {"categories"}),
        ({"repayment_frequency": "now and then"}, {"repayment_frequency"}),
        ({"regions": ("110000",)}, {"regions"}),
        ({"regions": ("350527",)}, {"regions"}),  # 金门 is on the map, not in forms
        ({"industries": ("Z",)}, {"industries"}),
        ({"tax_grades": ("E",)}, {"tax_grades"}),
        ({"conditions": (Condition("luck", ">=", 1, "运气好"),)}, {"condition:1"}),
        ({"conditions": (Condition("patents", "~", 1, "有专利"),)}, {"condition:1"}),
        ({"conditions": (Condition("patents", ">=", 1, ""),)}, {"condition:1"}),
        ({"conditions": (Condition("patents", ">=", 1, "有专利"),) * 21}, {"conditions"}),
        ({"materials": (Material("合同", "somewhere"),)}, {"materials"}),
        ({"accept_days": 0}, {"accept_days"}),
        ({"approve_days": 61}, {"approve_days"}),
        ({"age_months_min": -1}, {"age_months_min"}),
        ({"listed_until": date(2026, 3, 1)}, {"listed_until"}),
    ],
)
def test_each_fault_is_named_at_its_field(change, fields):
    reasons = why_not_publish(replace(TAX_LOAN, **change), ground(TODAY))
    assert {reason.field for reason in reasons} == fields
    assert all(reason.text.endswith("。") for reason in reasons)


def test_all_faults_are_named_at_once():
    broken = replace(TAX_LOAN, name="", amount_min_fen=0, term_min_months=0, securities=(), accept_days=0)
    assert {reason.field for reason in why_not_publish(broken, ground(TODAY))} == {
        "name", "amount_min", "term_min", "securities", "accept_days"
    }  # fmt: skip


def test_the_edges_are_inside():
    edge = replace(
        TAX_LOAN, spread_max_bp=2000, fees=(replace(YEARLY, value=100),), listed_until=TODAY, accept_days=60,
        term_max_months=36, name="两字",
    )  # fmt: skip
    assert why_not_publish(edge, ground(TODAY)) == []


def test_a_floating_rate_is_lpr_plus_spread_and_a_fixed_one_stands():
    assert rates_bp(TAX_LOAN, LPR_BP) == (340, 420)
    assert rates_bp(replace(TAX_LOAN, lpr_tenor=Tenor.FIVE_YEARS, spread_min_bp=-30), LPR_BP) == (320, 470)
    assert rates_bp(FACTORY_LOAN, LPR_BP) == (310, 380)


@pytest.mark.parametrize(
    ("on", "one_year", "five_years"),
    [
        (date(2019, 8, 19), 425, 485),  # before the first quotation: the first
        (date(2019, 9, 19), 425, 485),
        (date(2019, 9, 20), 420, 485),
        (date(2022, 5, 20), 370, 445),
        (date(2025, 5, 20), 300, 350),
        (date(2030, 1, 1), 300, 350),
    ],
)
def test_the_lpr_is_the_one_in_force_that_day(on, one_year, five_years):
    assert (lpr(Tenor.ONE_YEAR, on=on).bp, lpr(Tenor.FIVE_YEARS, on=on).bp) == (one_year, five_years)


def test_who_pays_what_small_enterprises_may_not_pay():
    """By the institution, or by medium and large enterprises: nothing against it."""
    appraisal = replace(YEARLY, kind=CostKind.APPRAISAL)
    for change in ({"fees": (replace(appraisal, payer=Payer.INSTITUTION),)},
                   {"fees": (appraisal,), "sizes": (Size.LARGE, Size.MEDIUM)}):  # fmt: skip
        assert why_not_publish(replace(TAX_LOAN, **change), ground(TODAY)) == []


@pytest.mark.parametrize(
    ("regions", "is_inside"),
    [((), False), (("350500",), True), (("350503", "350521"), True), (("350500", "350203"), False)],
)
def test_a_local_bank_stays_where_it_is_registered(regions, is_inside):
    local = replace(ground(TODAY), confined_to=licensed_for(Kind.RURAL_BANK, "350500"))
    reasons = why_not_publish(replace(TAX_LOAN, regions=regions), local)
    assert [reason.field for reason in reasons] == ([] if is_inside else ["regions"])
    assert is_inside or "泉州市" in reasons[0].text
    assert licensed_for(Kind.BANK, "350500") == ""


OTHERWISE = {
    "name": "别名", "kind": ProductKind.BILL, "summary": "另一句介绍",
    "amount_min_fen": 2 * WAN, "amount_max_fen": 9 * WAN,
    "term_min_months": 2, "term_max_months": 11, "rate_kind": RateKind.FIXED, "rate_min_bp": 300, "rate_max_bp": 400,
    "lpr_tenor": Tenor.FIVE_YEARS, "spread_min_bp": 1, "spread_max_bp": 2, "fees": (YEARLY,), "securities": (),
    "repayments": (), "repayment_frequency": "once", "drawdown": "one_off", "prepayment": Prepayment.FEE,
    "borrowers": (), "regions": ("350100",), "industries": ("C",), "sizes": (Size.MICRO,), "age_months_min": 1,
    "tax_grades": ("A",), "titles": (Title.TECH_SME,), "conditions": (), "materials": (), "accept_days": 2,
    "approve_days": 2, "disburse_days": 2, "categories": (Category.TAX,), "purpose": Purpose.GUARANTEE,
    "tags": (Tag.GREEN,), "branch": "某支行", "hotline": "0591-1", "listed_until": TODAY,
}  # fmt: skip


@pytest.mark.parametrize("field", TERMS_FIELDS)
def test_whatever_changes_is_seen_side_by_side(field):
    base = FACTORY_LOAN if field in ("rate_min_bp", "rate_max_bp") else TAX_LOAN
    assert len(changes(base, replace(base, **{field: OTHERWISE[field]}))) == 1


@pytest.mark.parametrize(
    ("before", "change", "named"),
    [
        (TAX_LOAN, {}, []),
        (TAX_LOAN, {"spread_max_bp": 150}, ["年化利率"]),
        (TAX_LOAN, {"rate_min_bp": 1, "rate_max_bp": 2}, []),  # what a floating rate is today is not its terms
        (TAX_LOAN, {"amount_max_fen": 1, "conditions": ()}, ["额度", "准入与禁入条件"]),
    ],
)
def test_a_reviewer_is_told_what_changed(before, change, named):
    assert [row.label for row in changes(before, replace(before, **change))] == named
