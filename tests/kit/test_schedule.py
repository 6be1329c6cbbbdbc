"""Schedules of repayment: known tables, and that every one adds up to the fen."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jinfuyun.kit.lending import Repayment
from jinfuyun.kit.schedule import due_dates, plan

WAN = 1_000_000
START = date(2026, 1, 31)


def test_equal_instalments_are_worth_the_loan():
    """12 万元 at 4.35 % over 12 months: what is paid, discounted at the loan's own rate, is the loan again."""
    rows = plan(
        amount_fen=12 * WAN, rate_bp=435, start=date(2026, 1, 15), end=date(2027, 1, 15),
        repayment=Repayment.EQUAL_INSTALMENTS,
    )  # fmt: skip
    paid = [row.principal_fen + row.interest_fen for row in rows]
    assert len(set(paid[:-1])) == 1
    assert abs(paid[-1] - paid[0]) <= len(rows)
    worth = sum(amount / (1 + 0.0435 / 12) ** month for month, amount in enumerate(paid, 1))
    assert worth == pytest.approx(12 * WAN, abs=len(rows))
    assert rows[0].interest_fen == 43_500
    assert sum(row.principal_fen for row in rows) == 12 * WAN


def test_equal_principal_pays_the_same_principal_and_ever_less_interest():
    rows = plan(
        amount_fen=10 * WAN, rate_bp=600, start=date(2026, 1, 15), end=date(2026, 4, 15),
        repayment=Repayment.EQUAL_PRINCIPAL,
    )  # fmt: skip
    assert [(row.principal_fen, row.interest_fen) for row in rows] == [
        (3_333_333, 50_000), (3_333_333, 33_333), (3_333_334, 16_667)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("repayment", "days", "interest"),
    [
        # 100 万元 at 3.6 %: 10,000 fen a day.
        (Repayment.AT_MATURITY, 1, 1_810_000),
        (Repayment.INTEREST_MONTHLY, 6, 1_810_000),
        (Repayment.INTEREST_QUARTERLY, 2, 1_810_000),
    ],
)
def test_interest_by_days_is_the_same_however_often_it_is_paid(repayment, days, interest):
    rows = plan(amount_fen=100 * WAN, rate_bp=360, start=START, end=date(2026, 7, 31), repayment=repayment)
    assert (len(rows), sum(row.interest_fen for row in rows)) == (days, interest)
    assert [row.principal_fen for row in rows] == [0] * (days - 1) + [100 * WAN]


def test_due_days_keep_to_the_day_and_end_on_the_last():
    assert due_dates(START, date(2026, 5, 10), Repayment.INTEREST_MONTHLY) == (
        date(2026, 2, 28), date(2026, 3, 31), date(2026, 4, 30), date(2026, 5, 10)
    )  # fmt: skip


def test_a_month_that_ends_early_is_a_month():
    rows = plan(
        amount_fen=12 * WAN, rate_bp=120, start=START, end=date(2026, 3, 31), repayment=Repayment.EQUAL_PRINCIPAL
    )  # 28 days of February and 31 of March cost the same
    assert [row.interest_fen for row in rows] == [12_000, 6_000]


@settings(max_examples=150, deadline=None)
@given(
    st.integers(1, 10**11), st.integers(0, 3_600), st.dates(date(2020, 1, 1), date(2030, 12, 31)),
    st.integers(1, 2_000), st.sampled_from(Repayment),
)  # fmt: skip
def test_every_schedule_adds_up(amount, rate, start, days, repayment):
    end = start + timedelta(days=days)
    rows = plan(amount_fen=amount, rate_bp=rate, start=start, end=end, repayment=repayment)
    assert sum(row.principal_fen for row in rows) == amount
    assert all(row.principal_fen >= 0 and row.interest_fen >= 0 for row in rows)
    assert [row.due_on for row in rows] == sorted({row.due_on for row in rows})
    assert rows[-1].due_on == end
