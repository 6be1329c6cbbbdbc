"""What step 3 accepts."""

from datetime import date

import pytest

from jinfuyun.consents.rules import Terms, UtilityEntry, last_day_max, why_not_terms
from jinfuyun.kit.grant import Category

TODAY = date(2026, 3, 2)


def terms(**changes: object) -> Terms:
    fine: dict[str, object] = {
        "term_kind": "fixed", "start": TODAY, "end": date(2027, 3, 1), "utilities": (), "chosen": (),
        "personal_notice": False, "recommend": False, "agree": True,
    }  # fmt: skip
    return Terms(**(fine | changes))


def test_a_year_from_today_is_fine() -> None:
    assert why_not_terms(terms(), today=TODAY) == {}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"end": date(2026, 3, 1)}, "end"),
        ({"end": date(2020, 1, 1)}, "end"),
        ({"end": date(2125, 3, 2)}, "end"),
        ({"end": date(2031, 3, 3)}, "end"),
        ({"end": None}, "end"),
        ({"start": None}, "start"),
        ({"start": date(2026, 3, 1)}, "start"),
        ({"start": date(2026, 4, 2), "end": date(2026, 5, 1)}, "start"),
        ({"term_kind": "forever"}, "term_kind"),
        ({"agree": False}, "agree"),
        ({"utilities": (UtilityEntry(Category.WATER, "", "123"),)}, "water_supplier"),
        ({"utilities": (UtilityEntry(Category.WATER, "示例", "1 or 1=1"),)}, "water_account"),
        ({"utilities": (UtilityEntry(Category.GAS, "示例", "9" * 31),)}, "gas_account"),
    ],
)
def test_what_cannot_stand_is_named_at_its_field(changes: dict[str, object], field: str) -> None:
    assert field in why_not_terms(terms(**changes), today=TODAY)


def test_one_day_is_a_term() -> None:
    assert why_not_terms(terms(end=TODAY), today=TODAY) == {}


def test_five_years_from_the_leap_day_end_on_the_28th() -> None:
    leap = date(2028, 2, 29)
    assert last_day_max(leap) == date(2033, 2, 28)
    assert why_not_terms(terms(start=leap, end=date(2033, 2, 28)), today=leap) == {}
    assert "end" in why_not_terms(terms(start=leap, end=date(2033, 3, 1)), today=leap)


def test_until_settlement_needs_no_end() -> None:
    assert why_not_terms(terms(term_kind="until_settlement", end=None), today=TODAY) == {}
