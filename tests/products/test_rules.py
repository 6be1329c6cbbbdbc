"""What stands against publishing a product: every reason, at its field."""

from dataclasses import replace
from datetime import date

import pytest

from jinfuyun.kit.conditions import Condition
from jinfuyun.kit.lending import RateKind, Tenor
from jinfuyun.products.queries import ground, lpr
from jinfuyun.products.rules import (
    TERM_LABELS,
    TERMS_FIELDS,
    Material,
    changes,
    rates_bp,
    why_not_publish,
    yearly_cost_fen,
)
from tests.market import FACTORY_LOAN, LPR_BP, TAX_LOAN, WAN

TODAY = date(2026, 3, 2)


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
        ({"fees_text": "费" * 201}, {"fees_text"}),
        ({"fee_year_bp": 50}, {"fees_text"}),
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
        ({"spread_max_bp": 2000, "fee_year_bp": 101, "fees_text": "担保费"}, {"spread_max"}),
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
        ({"conditions": (Condition("luck", ">=", 1, "运气好"),)}, {"conditions"}),
        ({"conditions": (Condition("patents", "~", 1, "有专利"),)}, {"conditions"}),
        ({"conditions": (Condition("patents", ">=", 1, ""),)}, {"conditions"}),
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
        TAX_LOAN, spread_max_bp=2000, fee_year_bp=100, fees_text="担保费", listed_until=TODAY, accept_days=60,
        term_max_months=360, name="两字",
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


def test_the_example_counts_interest_and_fees_of_one_year():
    assert yearly_cost_fen(100 * WAN, 340, 60) == 4 * WAN
    assert yearly_cost_fen(100 * WAN, None, 60) is None


def test_every_field_of_the_terms_has_a_label_when_it_changes():
    named = {name for names in TERM_LABELS.values() for name in names} | {"rate_min_bp", "rate_max_bp"}
    assert named == set(TERMS_FIELDS)


@pytest.mark.parametrize(
    ("before", "change", "named"),
    [
        (TAX_LOAN, {}, []),
        (TAX_LOAN, {"spread_max_bp": 150}, ["利率"]),
        (TAX_LOAN, {"rate_min_bp": 1, "rate_max_bp": 2}, []),  # what a floating rate is today is not its terms
        (FACTORY_LOAN, {"rate_max_bp": 400}, ["利率"]),
        (TAX_LOAN, {"amount_max_fen": 1, "conditions": ()}, ["额度", "准入与禁入条件"]),
    ],
)
def test_a_reviewer_is_told_what_changed(before, change, named):
    assert changes(before, replace(before, **change)) == named
