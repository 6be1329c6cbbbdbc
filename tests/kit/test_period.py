from datetime import date

import pytest

from jinfuyun.kit import period


def test_months_count_over_the_turn_of_the_year():
    assert period.shifted("2019-12", 1) == "2020-01"
    assert period.shifted("2020-01", -12) == "2019-01"
    assert period.months_between("2019-02", "2020-01") == 11


@pytest.mark.parametrize(
    ("reaches", "month"),
    [
        (date(2020, 2, 21), "2020-01"),
        (date(2020, 2, 28), "2020-01"),
        (date(2020, 2, 29), "2020-02"),
        (date(2020, 1, 31), "2020-01"),
        (date(2020, 1, 1), "2019-12"),
    ],
)
def test_a_month_is_full_only_when_its_last_day_was_delivered(reaches, month):
    assert period.last_full_month(reaches) == month


def test_twelve_months_end_with_the_cut_off():
    assert period.months_to("2020-01", 12) == ("2019-02", "2020-01")
