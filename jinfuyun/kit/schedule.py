"""还款计划: when how much principal and interest of a loan falls due, by its kind of repayment. In fen, exactly.

Instalments (等额本息, 等额本金) count a whole month as a twelfth of a year; everything else counts days of a year
of 360, as banks do.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from jinfuyun.kit.lending import Repayment
from jinfuyun.kit.period import months_after

BP = 10_000
MONTHS_A_YEAR = 12
DAYS_A_YEAR = 360
# After how many months interest (and principal, where it comes in instalments) falls due; 0: once, at the end.
EVERY_MONTHS: dict[Repayment, int] = {
    Repayment.EQUAL_INSTALMENTS: 1,
    Repayment.EQUAL_PRINCIPAL: 1,
    Repayment.AT_MATURITY: 0,
    Repayment.INTEREST_MONTHLY: 1,
    Repayment.INTEREST_QUARTERLY: 3,
}
INSTALMENTS = (Repayment.EQUAL_INSTALMENTS, Repayment.EQUAL_PRINCIPAL)


@dataclass(frozen=True, slots=True)
class Instalment:
    """What falls due on one day."""

    due_on: date
    principal_fen: int
    interest_fen: int


Plan = tuple[Instalment, ...]


def due_dates(start: date, end: date, repayment: Repayment) -> tuple[date, ...]:
    """Every day on which something falls due; the last is `end`, also where that is no whole month."""
    every = EVERY_MONTHS[repayment]
    days: list[date] = []
    while every and (day := months_after(start, every * (len(days) + 1))) < end:
        days.append(day)
    return (*days, end)


def plan(*, amount_fen: int, rate_bp: int, start: date, end: date, repayment: Repayment) -> Plan:
    """The whole schedule of a loan drawn on `start` and due on `end`."""
    days = due_dates(start, end, repayment)
    return spread(amount_fen=amount_fen, rate_bp=rate_bp, start=start, days=days, repayment=repayment)


def spread(*, amount_fen: int, rate_bp: int, start: date, days: Sequence[date], repayment: Repayment) -> Plan:
    """The schedule of what is owed since `start`, on these days. Principal adds up to `amount_fen` to the fen."""
    if repayment not in INSTALMENTS:
        return _interest_first(amount_fen, rate_bp, start, days)
    left, before, rows = amount_fen, start, []
    share = amount_fen // len(days)
    instalment = _equal_instalment(amount_fen, rate_bp, len(days))
    for day in days:
        interest = _rounded(left * _year_share(before, day) * Fraction(rate_bp, BP))
        wanted = share if repayment is Repayment.EQUAL_PRINCIPAL else instalment - interest
        principal = left if day == days[-1] else min(max(wanted, 0), left)
        rows.append(Instalment(day, principal, interest))
        left, before = left - principal, day
    return tuple(rows)


def _interest_first(amount_fen: int, rate_bp: int, start: date, days: Sequence[date]) -> Plan:
    """Interest by days, principal at the end. Rounded as a running total, so that the parts add up to the whole."""
    rows, taken = [], 0
    for day in days:
        so_far = _rounded(amount_fen * Fraction((day - start).days, DAYS_A_YEAR) * Fraction(rate_bp, BP))
        rows.append(Instalment(day, amount_fen if day == days[-1] else 0, so_far - taken))
        taken = so_far
    return tuple(rows)


def _equal_instalment(amount_fen: int, rate_bp: int, count: int) -> int:
    """The annuity: what is paid each month."""
    rate = Fraction(rate_bp, BP * MONTHS_A_YEAR)
    if rate == 0:
        return _rounded(Fraction(amount_fen, count))
    growth = (1 + rate) ** count
    return _rounded(amount_fen * rate * growth / (growth - 1))


def _year_share(start: date, end: date) -> Fraction:
    """A whole month is a twelfth, whatever its days; a broken one counts them.

    From the last day of a short month to the day that was meant (28 February → 31 March) is a whole month too.
    """
    next_month = months_after(start.replace(day=1), 1)
    at_the_end = (next_month - start).days == 1 and end.replace(day=1) == next_month and end.day >= start.day
    if end == months_after(start, 1) or at_the_end:
        return Fraction(1, MONTHS_A_YEAR)
    return Fraction((end - start).days, DAYS_A_YEAR)


def _rounded(value: Fraction) -> int:
    """To the nearest fen, halves up."""
    return int((value * 2 + 1) // 2)
