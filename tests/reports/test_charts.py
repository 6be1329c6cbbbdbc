"""Charts keep their promise to every reader: strict pages, black-and-white printers, screen readers, and the truth."""

from typing import Any
from xml.etree import ElementTree

import pytest

from jinfuyun.reports.charts import BLUE, TEAL, Chart, electricity, sales_and_purchases

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


@pytest.mark.parametrize("chart", [invoices([1, None], [2, 3]), used(1.0, None, 3)])
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
