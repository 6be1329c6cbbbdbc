"""Working days as the State Council's notices set them. A year without one is 暂定 (provisional): Monday to Friday.

A clock that runs into such a year is marked and computed again when the notice is there; it never fails at New Year.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from chinese_calendar.constants import holidays, workdays

SHANGHAI = ZoneInfo("Asia/Shanghai")
SATURDAY = 5
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Notices:
    """What the yearly notices say: days off, weekend days worked instead, and the years they cover."""

    days_off: frozenset[date]
    days_worked: frozenset[date]
    years: frozenset[int]


# Seeded from the package; the notice of the next year comes with its next release.
SEEDED = Notices(frozenset(holidays), frozenset(workdays), frozenset(day.year for day in holidays))


@dataclass(frozen=True, slots=True)
class Due:
    """The last day in time, counted in full (Asia/Shanghai); `provisional` if the count met a year without a notice."""

    day: date
    provisional: bool


def local_day(at: datetime) -> date:
    """The calendar day in Fujian of a moment."""
    return at.astimezone(SHANGHAI).date()


def is_provisional(day: date, notices: Notices = SEEDED) -> bool:
    return day.year not in notices.years


def is_working_day(day: date, notices: Notices = SEEDED) -> bool:
    if is_provisional(day, notices):
        return day.weekday() < SATURDAY
    return day in notices.days_worked or (day.weekday() < SATURDAY and day not in notices.days_off)


def due_after(start: date, working_days: int, notices: Notices = SEEDED) -> Due:
    """The n-th working day after `start`; the day itself does not count. `working_days` ≥ 1."""
    if working_days < 1:
        raise ValueError(f"a clock of {working_days} working days")
    day, left, provisional = start, working_days, False
    while left:
        day += ONE_DAY
        provisional = provisional or is_provisional(day, notices)
        left -= is_working_day(day, notices)
    return Due(day, provisional)


def working_days_between(start: date, end: date, notices: Notices = SEEDED) -> int:
    """Working days after `start` up to and with `end`; 0 if `end` is not later."""
    days = (end - start).days
    return sum(is_working_day(start + timedelta(days=n), notices) for n in range(1, days + 1))
