"""What a report keeps: the documents as they were, with units, age and origin, and never a zero for the unknown."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from jinfuyun.kit.grant import Category
from jinfuyun.reports.content import (
    ReportData,
    age,
    chapter,
    in_todays_words,
    record_of,
    spoken,
)
from tests.reports.sample import ELECTRICITY, REGISTRATION, REPORT


@pytest.mark.parametrize(
    ("value", "unit", "words"),
    [
        (2_345_678_901, "fen", "2,345.68 万元"),
        (-820, "bp", "-8.20%"),
        (11, "months", "11 个月"),
        (182_345.5, "kwh", "182,345.5 千瓦时"),
        (1.0, "months", "1 个月"),
        (5, "艘", "5 艘"),
        ("A", "grade", "A"),
        (0, "fen", "0 万元"),
        (4_000, "fen", "40 元"),
        (None, "fen", "无数据"),
    ],
)
def test_a_figure_is_spoken_with_its_unit(value: float | str | None, unit: str, words: str) -> None:
    assert spoken(value, unit) == words


def test_a_kept_report_comes_back_as_it_was() -> None:
    assert ReportData.from_json(REPORT.to_json()) == REPORT
    assert ReportData.from_json(REPORT.to_json().decode()).to_json() == REPORT.to_json()


def test_the_check_code_follows_every_figure() -> None:
    first, *others = REPORT.chapters[1].facts
    changed = replace(REPORT.chapters[1], facts=(replace(first, value=1), *others))
    assert (
        replace(REPORT, chapters=(changed,)).check_code() != replace(REPORT, chapters=REPORT.chapters[1:2]).check_code()
    )
    assert replace(REPORT, number="BG1").check_code() != REPORT.check_code()


def test_how_old_the_figures_are_is_said_in_months_of_shanghai() -> None:
    last_minute_of_april = datetime(2020, 4, 30, 15, 59, tzinfo=UTC)
    first_minute_of_may = datetime(2020, 4, 30, 16, 0, tzinfo=UTC)
    assert age("2020-01", last_minute_of_april) == "2020年1月（距制作时 3 个月）"
    assert age("2020-01", first_minute_of_may) == "2020年1月（距制作时 4 个月）"
    assert age("", first_minute_of_may) == ""


def test_a_month_that_nobody_delivered_stands_in_its_place_without_a_figure() -> None:
    read = [{"month": "2019-12", "kwh": 5.0}, {"month": "2019-10", "kwh": 7.0}]
    part = chapter(ELECTRICITY | {"series": {"by_month": read}})
    assert [(row["month"], row.get("kwh")) for row in part.by_month] == [
        ("2019-10", 7.0),
        ("2019-11", None),
        ("2019-12", 5.0),
        ("2020-01", None),
    ]


def test_a_document_with_nothing_in_it_is_still_a_chapter() -> None:
    part = chapter({"category": "tax", "department": "税务局", "facts": None, "series": None, "record": None})
    assert (part.category, part.facts, part.by_month, part.record) == (Category.TAX, (), (), {})


def test_a_registration_field_that_is_missing_is_said_to_be() -> None:
    shown = dict(record_of(chapter(REGISTRATION)))
    assert shown["主体性质"] == "无数据"
    assert shown["企业名称"] == "福州云杉沙箱机械有限公司"


@pytest.mark.parametrize(
    ("field", "told", "shown"),
    [
        ("region", {"region": "漳州", "address": "漳州市龙海市角美镇"}, "漳州市龙海区（登记为漳州）"),
        ("region", {"region": None, "uscc": "913501820000000000"}, "福州市长乐区"),  # a county withdrawn in 2017
        ("region", {"region": "福州市", "uscc": "913501000000000000"}, "福州市"),  # names no county: as it stands
        ("industry", {"industry": "C3411"}, "通用设备制造业（登记为C3411）"),
        ("industry", {"industry": "仓储业"}, "装卸搬运和仓储业（登记为仓储业）"),
        ("industry", {"industry": "未分类"}, "未分类"),
    ],
)
def test_county_and_industry_are_called_as_they_are_today(field: str, told: dict[str, str], shown: str) -> None:
    assert in_todays_words(told)[field] == shown
