"""The all-in yearly cost: against figures worked by hand, and against an independent sum of the flows."""

import random
from datetime import date

import pytest

from jinfuyun.kit.all_in import Basis, CostKind, Fee, Loan, Payer, Subsidy, cost, schedule
from jinfuyun.kit.lending import Repayment
from jinfuyun.kit.period import months_after
from jinfuyun.kit.schedule import plan

WAN = 1_000_000
YEAR = Loan(100 * WAN, 12, 400, Repayment.AT_MATURITY)


@pytest.mark.parametrize(
    ("loan", "total_fen", "yearly_bp"),
    [
        (YEAR, 4 * WAN, 400),  # one payment after a year: the rate itself
        (Loan(100 * WAN, 12, 400, Repayment.INTEREST_MONTHLY), 3_999_996, 407),  # (1 + 4 %/12)^12 - 1
        (Loan(100 * WAN, 12, 400, Repayment.INTEREST_QUARTERLY), 3_999_996, 406),
        (Loan(120 * WAN, 12, 400, Repayment.EQUAL_PRINCIPAL), 2_600_000, 407),  # 4 % of 65 万 on average
        (Loan(100 * WAN, 12, 400, Repayment.EQUAL_INSTALMENTS), 2_179_881, 407),
        (Loan(100 * WAN, 6, 400, Repayment.AT_MATURITY), 2 * WAN, 404),  # 1.02² - 1
        (Loan(100 * WAN, 12, 0, Repayment.EQUAL_INSTALMENTS), 0, 0),
    ],
)
def test_interest_by_kind_of_repayment(loan, total_fen, yearly_bp):
    sheet = cost(loan)
    assert abs(sheet.total_fen - total_fen) <= 12  # a fen a month of rounding
    assert sheet.yearly_bp == yearly_bp


def test_a_fee_in_advance_costs_more_than_its_share():
    """98 in hand, 104 back after a year: 6.12 %, not 6 %."""
    fee = Fee(CostKind.APPRAISAL, Payer.ENTERPRISE, Basis.ONCE_BP, 200)
    sheet = cost(Loan(100 * WAN, 12, 400, Repayment.AT_MATURITY, fees=(fee,)))
    assert (sheet.total_fen, sheet.yearly_bp) == (6 * WAN, 612)


def test_what_the_institution_pays_is_listed_and_costs_nothing():
    fee = Fee(CostKind.APPRAISAL, Payer.INSTITUTION, Basis.ONCE_FEN, 200_000)
    sheet = cost(Loan(100 * WAN, 12, 400, Repayment.AT_MATURITY, fees=(fee,)))
    assert sheet.of(CostKind.APPRAISAL, Payer.INSTITUTION) == 200_000
    assert (sheet.total_fen, sheet.yearly_bp) == (4 * WAN, 400)


def test_a_yearly_fee_falls_due_with_each_year_begun():
    fee = Fee(CostKind.GUARANTEE, Payer.ENTERPRISE, Basis.YEARLY_BP, 100)
    assert cost(Loan(100 * WAN, 24, 400, Repayment.AT_MATURITY, (fee,))).of(CostKind.GUARANTEE) == 2 * WAN
    assert cost(Loan(100 * WAN, 25, 400, Repayment.AT_MATURITY, (fee,))).of(CostKind.GUARANTEE) == 3 * WAN


def test_a_subsidy_of_interest_is_taken_off_up_to_its_cap():
    half = Subsidy("贴息", CostKind.INTEREST, year_bp=200)
    assert cost(Loan(100 * WAN, 12, 400, Repayment.AT_MATURITY, subsidies=(half,))).yearly_bp == 200
    capped = Subsidy("贴息", CostKind.INTEREST, year_bp=200, cap_fen=WAN)
    sheet = cost(Loan(100 * WAN, 12, 400, Repayment.AT_MATURITY, subsidies=(capped,)))
    assert (sheet.total_fen, sheet.yearly_bp) == (3 * WAN, 300)


def test_no_subsidy_is_more_than_what_it_eases():
    more = Subsidy("贴息", CostKind.INTEREST, year_bp=900)
    sheet = cost(Loan(100 * WAN, 12, 400, Repayment.INTEREST_MONTHLY, subsidies=(more,)))
    assert (sheet.total_fen, sheet.yearly_bp) == (0, 0)
    no_fee = Subsidy("担保费补贴", CostKind.GUARANTEE, share_bp=5_000)
    assert cost(Loan(100 * WAN, 12, 400, Repayment.AT_MATURITY, subsidies=(no_fee,))).lines == cost(YEAR).lines


def test_half_of_the_guarantee_fee_comes_back():
    fee = Fee(CostKind.GUARANTEE, Payer.ENTERPRISE, Basis.YEARLY_BP, 100)
    half = Subsidy("担保费补贴", CostKind.GUARANTEE, share_bp=5_000)
    sheet = cost(Loan(100 * WAN, 12, 400, Repayment.AT_MATURITY, (fee,), (half,)))
    assert sheet.total_fen == 4 * WAN + WAN // 2


@pytest.mark.parametrize("kind", [Repayment.EQUAL_INSTALMENTS, Repayment.EQUAL_PRINCIPAL])
def test_the_sheet_and_the_plan_say_the_same_to_the_fen(kind):
    """Seen red with halves rounded to even: a plan in thirty differed."""
    dice, start = random.Random(20261127), date(2026, 1, 1)
    for _ in range(300):
        amount, rate, months = dice.randrange(1, 3_000) * 1_000_000, dice.randrange(1, 2_400), dice.randrange(1, 37)
        told = schedule(Loan(amount, months, rate, kind))
        planned = plan(
            amount_fen=amount, rate_bp=rate, start=start, end=months_after(start, months), repayment=kind
        )  # fmt: skip
        assert [(one.interest_fen, one.principal_fen) for one in told] == [
            (one.interest_fen, one.principal_fen) for one in planned
        ]


def test_the_rate_makes_the_flows_worth_nothing_and_the_principal_adds_up():
    """Random loans (seeded): discounted by the yearly figure, what is paid equals what was received within 1 bp."""
    dice = random.Random(20260302)
    for _ in range(300):
        fee = Fee(CostKind.GUARANTEE, Payer.ENTERPRISE, dice.choice(list(Basis)), dice.randrange(0, 300))
        loan = Loan(dice.randrange(WAN, 3_000 * WAN), dice.randrange(1, 121), dice.randrange(0, 2_400),
                    dice.choice(list(Repayment)), fees=(fee,))  # fmt: skip
        plan = schedule(loan)
        assert sum(pay.principal_fen for pay in plan) == loan.amount_fen
        assert all(pay.interest_fen >= 0 and pay.principal_fen >= 0 for pay in plan)
        sheet = cost(loan)
        assert sheet.yearly_bp is not None
        paid = {month: pay.interest_fen + pay.principal_fen for month, pay in enumerate(plan, 1)}
        for month in range(loan.term_months):
            paid[month] = paid.get(month, 0) + fee.due_fen(loan.amount_fen, month)
        worth = [sum(fen / (1 + (sheet.yearly_bp + by) / 10_000) ** (month / 12) for month, fen in paid.items())
                 for by in (-1, 1)]  # fmt: skip
        assert worth[1] <= loan.amount_fen <= worth[0], loan
        assert sum(paid.values()) - loan.amount_fen == sheet.total_fen
