"""Clocks in working days, around the holidays where they usually break."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jinfuyun.kit.calendar import SEEDED, Due, Notices, due_after, is_working_day, local_day, working_days_between

DAYS = st.dates(date(2004, 1, 1), date(2035, 12, 31))


def test_spring_festival_stops_the_clock_and_a_worked_saturday_counts():
    # 2026: off from 15 to 23 February, worked on Saturday the 14th and Saturday the 28th.
    assert due_after(date(2026, 2, 13), 1) == Due(date(2026, 2, 14), provisional=False)
    assert due_after(date(2026, 2, 13), 3) == Due(date(2026, 2, 25), provisional=False)
    assert is_working_day(date(2026, 2, 28))
    assert not is_working_day(date(2026, 2, 17))


@pytest.mark.parametrize(
    ("start", "days", "due"),
    [
        (date(2026, 12, 31), 1, date(2027, 1, 1)),  # no notice for 2027 yet: weekends only, and marked
        (date(2026, 12, 30), 3, date(2027, 1, 4)),
        (date(2027, 12, 30), 10, date(2028, 1, 13)),
        (date(2028, 2, 28), 1, date(2028, 2, 29)),
    ],
)
def test_a_clock_over_new_year_without_a_notice_is_provisional_and_never_fails(start, days, due):
    assert due_after(start, days) == Due(due, provisional=True)


def test_the_notice_when_it_comes_moves_the_due_day_and_takes_the_mark_away():
    notice = Notices(
        SEEDED.days_off | {date(2027, 1, 1)}, SEEDED.days_worked | {date(2027, 1, 3)}, SEEDED.years | {2027}
    )
    assert due_after(date(2026, 12, 31), 1, notice) == Due(date(2027, 1, 3), provisional=False)


def test_a_day_begins_in_fujian_not_in_greenwich():
    assert local_day(datetime(2026, 2, 13, 16, 30, tzinfo=UTC)) == date(2026, 2, 14)


def test_what_comes_in_at_the_weekend_counts_from_monday():
    friday, monday = date(2026, 3, 6), date(2026, 3, 9)
    assert due_after(friday + timedelta(days=1), 1).day == monday
    assert due_after(friday, 1).day == monday


def test_a_clock_of_no_days_is_a_mistake():
    with pytest.raises(ValueError):
        due_after(date(2026, 3, 6), 0)


@given(start=DAYS, days=st.integers(1, 40))
def test_the_count_back_is_the_count_forth(start, days):
    due = due_after(start, days)
    assert is_working_day(due.day)
    assert working_days_between(start, due.day) == days
    assert working_days_between(start, due.day - timedelta(days=1)) == days - 1
