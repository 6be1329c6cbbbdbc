"""Charts keep their promise to every reader: strict pages, black-and-white printers, screen readers, and the truth."""

from typing import Any
from xml.etree import ElementTree

import pytest

from jinfuyun.reports.charts import (
    BLUE,
    TEAL,
    Chart,
    concentration,
    electricity,
    heads,
    paid_taxes,
    sales_and_electricity,
    sales_and_purchases,
    sales_year_on_year,
)
from jinfuyun.reports.charts.shares import Side

SVG = "{http://www.w3.org/2000/svg}"
# Everything a browser would refuse, or run, under the page's Content-Security-Policy.
NOT_FOR_A_STRICT_PAGE = ("style", "<script", "onload", "href", "<foreignObject", "url(")


def months(count: int, first_year: int = 2018) -> list[str]:
    return [f"{first_year + i // 12}-{i % 12 + 1:02d}" for i in range(count)]


def invoices(sales: list[int | None], purchases: list[int | None]) -> Chart:
    rows = zip(months(len(sales)), sales, purchases, strict=True)
    return sales_and_purchases([{"month": m, "sales_fen": s, "purchases_fen": p} for m, s, p in rows])


def used(*kwh: float | None) -> Chart:
    return electricity([{"month": m, "kwh": k} for m, k in zip(months(len(kwh)), kwh, strict=True)])


def drawn(chart: Chart, tag: str) -> list[dict[str, str]]:
    return [node.attrib for node in ElementTree.fromstring(chart.svg).iter(SVG + tag)]


def words(chart: Chart) -> list[str]:
    return [node.text or "" for node in ElementTree.fromstring(chart.svg).iter(SVG + "text")]


def power(sales: list[int | None], kwh: list[float | None]) -> Chart | None:
    rows = zip(months(len(sales)), sales, kwh, strict=True)
    return sales_and_electricity([{"month": m, "sales_fen": s, "kwh": k} for m, s, k in rows])


def sold(count: int) -> list[dict[str, Any]]:
    return [{"month": m, "sales_fen": i * 1_000_000} for i, m in enumerate(months(count), start=1)]


ALL = (
    invoices([1, None], [2, 3]), used(1.0, None, 3), power([1, None, 3], [2, 4, None]), sales_year_on_year(sold(24)),
    paid_taxes([{"month": "2019-01", "tax_fen": 5}, {"month": "2019-02"}]),
    heads([{"month": "2019-01", "heads": 2}], key="insured", label="参保人数"),
    concentration([Side("客户（37 户）", 2_000, 9_000)]),
)  # fmt: skip


@pytest.mark.parametrize("chart", ALL)
def test_a_strict_page_may_show_it(chart: Chart) -> None:
    assert [word for word in NOT_FOR_A_STRICT_PAGE if word in chart.svg] == []


def test_it_is_one_described_image() -> None:
    chart = invoices([120_000_000, 80_000_000], [50_000_000, None])
    root = ElementTree.fromstring(chart.svg)
    assert root.get("role") == "img"
    assert root.get("aria-labelledby") == "chart-sales-title chart-sales-desc"
    assert [(node.get("id"), node.text) for node in root[:2]] == [
        ("chart-sales-title", "各月开票销售与取得进项"),
        ("chart-sales-desc", chart.told),
    ]
    assert chart.told == (
        "2018-01 至 2018-02。开票销售：合计 200 万元，最高 2018-01 120 万元，最低 2018-02 80 万元。"
        "取得进项：合计 50 万元，最高 2018-01 50 万元，最低 2018-01 50 万元，1 个月无数据。"
    )


def test_the_two_series_differ_by_shape_and_not_by_colour_alone() -> None:
    bars = [bar for bar in drawn(invoices([120_000_000], [50_000_000]), "rect") if "x" in bar and float(bar["x"]) > 50]
    solid, hollow = bars
    assert solid["fill"] == BLUE
    assert (hollow["fill"], hollow["stroke"]) == ("#ffffff", TEAL)


def test_bars_stand_in_proportion_on_a_common_zero() -> None:
    bars = [bar for bar in drawn(invoices([200, 100, None], [None, None, None]), "rect") if "x" in bar]
    high, low = (bar for bar in bars if bar["fill"] == BLUE and float(bar["y"]) > 20)
    assert float(high["height"]) == pytest.approx(2 * float(low["height"]), abs=0.2)
    bottoms = {round(float(bar["y"]) + float(bar["height"]), 1) for bar in (high, low)}
    assert max(bottoms) - min(bottoms) <= 0.2


def test_a_month_without_a_figure_is_marked_and_never_drawn_as_zero() -> None:
    chart = used(10, None, 30)
    assert words(chart).count("缺") == 1
    assert len(drawn(chart, "circle")) == 2
    assert chart.svg.count("M") - chart.svg.count("H") >= 2, "the line is lifted over the gap"
    assert "缺" not in words(used(10, 0, 30))
    assert len(drawn(used(10, 0, 30), "circle")) == 3


def test_one_mark_stands_for_a_month_in_which_nothing_is_known_and_one_for_half_a_month() -> None:
    assert words(invoices([1_000_000, None], [None, None])).count("缺") == 2
    assert words(invoices([1_000_000, None], [1_000_000, None])).count("缺") == 1


def test_reversals_below_zero_hang_from_the_line() -> None:
    bars = [bar for bar in drawn(invoices([-100, 100], [None, None]), "rect") if bar["fill"] == BLUE]
    below, above = (bar for bar in bars if "x" in bar and float(bar["y"]) > 20)
    assert float(below["y"]) == pytest.approx(float(above["y"]) + float(above["height"]), abs=0.2)


def test_money_is_written_in_wan_and_the_peak_carries_its_own_figure() -> None:
    chart = invoices([123_456_789, 100], [None, None])
    assert "123.46 万元" in words(chart)
    assert "万元" in words(chart)
    assert {"0", "50", "100", "150"} <= set(words(chart))


def test_small_sums_have_an_axis_in_yuan_that_says_no_figure_twice() -> None:
    chart = paid_taxes([{"month": "2020-01", "tax_fen": 7_350}, {"month": "2020-02", "tax_fen": None}])
    found = words(chart)
    assert {"元", "73.5 元", "20", "80"} <= set(found)
    assert len([word for word in found if word in ("0", "20", "40", "60", "80")]) == 5


def test_much_electricity_is_written_in_wan_and_little_is_not() -> None:
    assert "23.46 万千瓦时" in words(used(234_567, 1))
    assert "99,999 千瓦时" in words(used(99_999, 1))


@pytest.mark.parametrize("count", [1, 2, 12, 13, 24, 36, 60])
def test_the_months_stay_readable_and_every_year_is_named(count: int) -> None:
    chart = used(*range(1, count + 1))
    labels = [word for word in words(chart) if word.endswith("月")]
    assert 1 <= len(labels) <= 13
    assert {f"{year}年" for year in range(2018, 2018 + (count + 11) // 12)} <= set(words(chart))


@pytest.mark.parametrize("kwh", [(0, 0), (None, None), (0.4,), (10**12, 1)])
def test_nothing_known_nothing_used_and_very_much_are_drawn_too(kwh: tuple[float | None, ...]) -> None:
    chart = used(*kwh)
    assert "NaN" not in chart.svg
    numbers = [float(at["cy"]) for at in drawn(chart, "circle")]
    assert all(0 <= number <= 270 for number in numbers)


def test_without_a_month_there_is_no_chart() -> None:
    nothing: list[dict[str, Any]] = []
    with pytest.raises(ValueError, match="at least one month"):
        electricity(nothing)


def test_this_year_stands_beside_the_same_months_of_the_last_and_not_alone() -> None:
    chart = sales_year_on_year(sold(24))
    assert chart is not None
    assert chart.told.startswith("2019-01 至 2019-12。本年：合计 222 万元")
    assert "去年同月：合计 78 万元" in chart.told
    assert sales_year_on_year(sold(12)) is None


def test_sales_and_electricity_share_a_scale_by_their_own_average_and_a_gap_stays_a_gap() -> None:
    chart = power([100, 300, None], [5.0, 5.0, 20.0])
    assert chart is not None
    assert "开票销售：最高 2018-02 150，最低 2018-01 50，1 个月无数据。" in chart.told
    assert "用电量：最高 2018-03 200，最低 2018-01 50。" in chart.told
    assert words(chart).count("缺") == 1
    assert (len(drawn(chart, "circle")), "stroke-dasharray" in chart.svg) == (3, True), "told apart without colour"
    assert power([None, None], [1.0, 2.0]) is None
    assert power([-1, 0], [1.0, 2.0]) is None


def test_there_is_no_half_of_a_person_on_the_axis() -> None:
    chart = heads([{"month": "2019-01", "heads": 2}, {"month": "2019-02", "heads": 1}], key="x", label="参保人数")
    assert {"0", "1", "2"} <= set(words(chart))
    assert not any("." in word for word in words(chart))
    assert "合计" not in chart.told


def test_the_parts_of_a_concentration_make_the_whole() -> None:
    chart = concentration([Side("客户", 2_500, 6_000), Side("供应商", 10_000, 10_000)])
    assert chart is not None
    widths = [float(bar["width"]) for bar in drawn(chart, "rect") if "x" in bar and bar["height"] == "26"]
    assert len(widths) == 4, "a side that lies with one alone has one part"
    assert sum(widths[:3]) == pytest.approx(widths[3], abs=0.2)
    assert chart.told == "客户：第一大占 25.00%，前五大占 60.00%。供应商：第一大占 100.00%，前五大占 100.00%。"
    assert concentration([]) is None
