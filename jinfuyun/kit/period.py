"""Months and spans of months. A month is written "2020-01" everywhere: in facts, on pages, in partitions."""

from calendar import monthrange
from datetime import date, timedelta

# The month of New Year's day (春节): shops close, so a silent one is not a gap in trading.
SPRING_FESTIVAL_MONTHS = (
    "2015-02", "2016-02", "2017-01", "2018-02", "2019-02", "2020-01", "2021-02", "2022-02",
    "2023-01", "2024-02", "2025-01", "2026-02", "2027-02", "2028-01", "2029-02", "2030-02",
)  # fmt: skip


def month_of(day: date) -> str:
    return f"{day.year:04d}-{day.month:02d}"


def first_day(month: str) -> date:
    return date.fromisoformat(f"{month}-01")


def last_day(month: str) -> date:
    return first_day(shifted(month, 1)) - timedelta(days=1)


def shifted(month: str, by: int) -> str:
    """The month `by` months later (earlier when negative)."""
    start = first_day(month)
    count = start.year * 12 + start.month - 1 + by
    return f"{count // 12:04d}-{count % 12 + 1:02d}"


def months_between(earlier: str, later: str) -> int:
    first, last = first_day(earlier), first_day(later)
    return (last.year - first.year) * 12 + last.month - first.month


def last_full_month(reaches: date) -> str:
    """The last month that data reaching to the end of `reaches` covers whole."""
    month = month_of(reaches)
    return month if last_day(month) == reaches else shifted(month, -1)


def months_to(cut_off: str, count: int) -> tuple[str, str]:
    """First and last of the `count` months that end with `cut_off`."""
    return shifted(cut_off, 1 - count), cut_off


def years_between(start: date, end: date) -> int:
    """Whole years: the anniversary itself counts."""
    return end.year - start.year - ((end.month, end.day) < (start.month, start.day))


def months_after(start: date, months: int) -> date:
    """The same day so many months later, or the last of that month."""
    month = start.month - 1 + months
    year, month = start.year + month // 12, month % 12 + 1
    return date(year, month, min(start.day, monthrange(year, month)[1]))
