"""Points by hand; which schemes are refused, and on which line."""

import re
from dataclasses import replace

import pytest

from jinfuyun.evaluation.content import BadScheme, scheme
from jinfuyun.evaluation.queries.schemes import FOLDER, INDICATORS, SAMPLES, SCHEMES
from jinfuyun.evaluation.rules import (
    Cadence,
    Figure,
    mark,
    median,
    months_of,
    periods,
    ranks,
    shared,
)
from jinfuyun.supervision.rules import Cell
from tests.evaluation.stage import SCHEME


def figures(in_time, accepted, first, unstated, sample=3):
    values = (in_time, accepted, first, unstated)
    made = [Figure(Cell(value, value), 0 if value is None else sample) for value in values]
    return dict(zip((item.indicator for item in SCHEME.items), made, strict=True))


@pytest.mark.parametrize(
    ("told", "points", "total"),
    [
        ((9000, 5000, 1000, 0), (6000, 3000, 1000, 0), 10000),
        ((8999, 4999, 999, 2000), (3000, 1200, 0, -500), 3700),
        # Of 90 that are left 60 are 66.67 and 30 are 33.33: 33.33 (half of it) and 13.33 (40 of 100).
        ((5000, 0, None, None), (3334, 1333, 0, 0), 4667),
        ((0, 4999, None, 9000), (0, 1333, 0, -500), 833),
        ((0, None, None, 9000), (0, 0, 0, -500), -500),
        ((None, 9000, 9000, 0), (0, 7500, 2500, 0), None),
    ],
)
def test_points_as_paper_and_pencil_give_them(told, points, total):
    found = mark(SCHEME, figures(*told))
    assert (tuple(each.points for each in found.marks), found.total) == (points, total)


def test_too_small_a_sample_is_no_zero_and_its_weight_is_shared():
    few = figures(9000, 9000, 0, 9000) | {"first_share": Figure(Cell(0, 0), 2)}
    found = mark(SCHEME, few)
    assert found.total == 10000 - 500
    assert [(each.why, each.share) for each in found.marks] == [("", 6667), ("", 3333), ("sample", 0), ("", 0)]
    aside = mark(SCHEME, figures(0, 9000, 9000, 0), aside={"intake_in_time"})
    assert [each.why for each in aside.marks] == ["aside", "", "", ""] and aside.total is None, (
        "40 of 100 is too little"
    )


@pytest.mark.parametrize("weights", [[], [100], [1, 1, 1], [33, 33, 34], [20, 15, 20, 15, 15], [7, 11, 13]])
def test_shared_weights_sum_to_a_hundred_points(weights):
    assert sum(shared(weights)) == (10000 if weights else 0)
    assert all(abs(got - 10000 * one / sum(weights)) < 1 for got, one in zip(shared(weights), weights, strict=True))


def test_equal_totals_have_equal_ranks_and_without_a_total_there_is_none():
    assert ranks({"a": 5, "b": 9, "c": 5, "d": None, "e": -1}) == {"b": 1, "a": 2, "c": 2, "e": 4}


def test_a_median_of_fewer_than_five_gives_somebody_away():
    assert median([1, 2, 3, 4, None]) is None
    assert (median([5, 1, 2, 9, 4]), median([1, 2, 3, 4, 5, 6])) == (4, 4)


@pytest.mark.parametrize(
    ("name", "months"),
    [("2026-03", ("2026-03",)), ("2026-Q4", ("2026-10", "2026-11", "2026-12")), ("2026-Q5", ()), ("2026-13", ()),
     ("", ()), ("２026-03", ())],
)  # fmt: skip
def test_periods(name, months):
    assert months_of(name) == months


def test_a_quarter_is_there_when_its_three_months_are():
    closed = [f"2026-{month:02d}" for month in range(2, 10)]
    assert periods(closed, Cadence.QUARTER) == ["2026-Q3", "2026-Q2"]
    assert periods(closed, Cadence.MONTH)[0] == "2026-09"


def test_a_group_is_the_first_that_holds_the_institution():
    quarterly = SCHEMES["quarterly"]
    assert quarterly.group_of("bank", "350100") == "全省性银行"
    assert quarterly.group_of("bank", "350500") == "其他市总部银行"
    assert quarterly.group_of("insurer", "350100") is None


GOOD = (FOLDER / "2020-01-quarterly.yaml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("replaced", "by", "said"),
    [
        ("weight: 20", "weight: 19", "权重合计为 98，应为 100"),
        ("indicator: first\n", "indicator: authenticated\n", "“authenticated”不能按机构统计"),
        ("indicator: first\n", "indicator: products\n", "“products”不能按机构统计"),
        ("sample: refused", "sample: funded_fen", "“funded_fen”不能按机构统计"),
        ("{below: 7000, points: 0}", "{below: 7100, points: 0}", "重叠"),
        ("{from: 10000, points: 100}", "{from: 10000, points: 101}", "101 应在 0 至 100 之间"),
        ("points: -8", "points: -80", "-80 应在 -20 至 20 之间"),
        ("cadence: quarter", "cadence: week", "周期应为"),
        ("kinds: [rural_bank]", "kinds: [bank]", "“bank”已全部归入"),
        ("kinds: [rural_bank]", "kinds: [village]", "没有“village”这类机构"),
        ('["350100", "350200"]', '["350100", "990200"]', "没有代码为“990200”"),
        ("valid_from: 2020-01-01", "valid_from: 2020-01-02", "应自某月 1 日起"),
        ("indicator: first_share", "indicator: approved_share", "“approved_share”出现了两次"),
        ("sample_min: 3", "sample_min: 0", "0 应大于 0"),
    ],
)
def test_a_scheme_that_cannot_be_right_is_refused_with_its_line(replaced, by, said):
    assert replaced in GOOD
    wrong = GOOD.replace(replaced, by)
    with pytest.raises(BadScheme, match=re.escape("评价方案 wrong.yaml 第 ")) as refused:
        scheme(wrong, file="wrong.yaml", indicators=INDICATORS, samples=SAMPLES)
    assert said in str(refused.value)


def test_the_digest_is_of_everything_in_a_scheme():
    assert replace(SCHEME, sample_min=4).content_digest() != SCHEME.content_digest()
    assert replace(SCHEME, items=SCHEME.items[:3]).content_digest() != SCHEME.content_digest()
