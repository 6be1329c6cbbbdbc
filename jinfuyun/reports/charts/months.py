"""Figures month by month: pairs of bars, lines, and two lines on a common scale.

Each takes rows in order, {"month": "2020-01", …}; a figure may be None. ValueError without a month.
"""

from collections.abc import Mapping, Sequence

from jinfuyun.kit.money import FEN_PER_WAN, FEN_PER_YUAN, amount
from jinfuyun.kit.period import shifted
from jinfuyun.reports.charts.sheet import (
    BLUE,
    DASHES,
    HOLLOW,
    HOLLOW_SAMPLE,
    SOLID,
    SOLID_SAMPLE,
    TEAL,
    Chart,
    Figures,
    Series,
    axis,
    bars,
    figures_of,
    framed,
    gaps,
    known,
    legend,
    line,
    months_of,
    peak,
    sheet,
    spoken,
    told,
)

KWH_PER_WAN = 10_000
KWH_SPOKEN_IN_WAN = 100_000
BAR_MAX = 17
YEAR = 12
AVERAGE = 100  # what a line of its own average is set to

ByMonth = Sequence[Mapping[str, object]]
LINE_SAMPLE = f'<path d="M-2-4h15" stroke="{TEAL}" stroke-width="2"/>'
DASHED_SAMPLE = f'<path d="M-2-4h17" stroke="{BLUE}" stroke-width="2"{DASHES}/>'


def sales_and_purchases(by_month: ByMonth) -> Chart:
    """开票销售 beside 取得进项. {"sales_fen", "purchases_fen"}."""
    names = (("sales_fen", "开票销售"), ("purchases_fen", "取得进项"))
    return _pair("chart-sales", "各月开票销售与取得进项", by_month, *names)


def trade(by_month: ByMonth) -> Chart:
    """出口 beside 进口. {"export_fen", "import_fen"}."""
    names = (("export_fen", "出口"), ("import_fen", "进口"))
    return _pair("chart-trade", "各月出口与进口", by_month, *names)


def takings(by_month: ByMonth) -> Chart:
    """收款 beside 退款. {"paid_fen", "refunded_fen"}."""
    names = (("paid_fen", "收款"), ("refunded_fen", "退款"))
    return _pair("chart-takings", "各月收款与退款", by_month, *names)


def sales_year_on_year(by_month: ByMonth) -> Chart | None:
    """The last twelve months beside the same months a year before; none without a month to compare with."""
    found = {str(row["month"]): row.get("sales_fen") for row in by_month}
    recent = list(found)[-YEAR:]
    compared = [{"month": m, "now": found[m], "before": found.get(shifted(m, -YEAR))} for m in recent]
    if not any(row["before"] is not None for row in compared):
        return None
    return _pair(
        "chart-yoy", "近12个月开票销售与去年同月", compared, ("now", "本年"), ("before", "去年同月")
    )  # fmt: skip


def paid_taxes(by_month: ByMonth) -> Chart:
    """入库税额. {"tax_fen"}."""
    months = months_of(by_month)
    paid = _money("入库税额", figures_of(by_month, "tax_fen"))
    unit, name = _money_unit(paid.figures)
    frame, ticks = framed(months, paid.figures, unit=unit)
    width = min(frame.slot * 0.6, BAR_MAX * 1.3)
    drawn = [
        *axis(frame, ticks, name, lambda fen: spoken(fen / unit)),
        *bars(frame, paid.figures, -width / 2, width, SOLID),
        *gaps(frame, (paid.figures, 0)),
        *peak(frame, paid, 0, BLUE),
        *legend((SOLID_SAMPLE, paid.label, BLUE)),
    ]
    return sheet("chart-taxes", "各月入库税额", told(months, (paid,)), drawn)


def electricity(by_month: ByMonth) -> Chart:
    """用电量, a dot a month. {"kwh"}."""
    kwh = figures_of(by_month, "kwh")
    unit, name = (KWH_PER_WAN, "万千瓦时") if max(known(kwh), default=0) >= KWH_SPOKEN_IN_WAN else (1, "千瓦时")
    used = Series("用电量", kwh, lambda figure: f"{spoken(figure / unit)} {name}")
    return _one_line("chart-electricity", "各月用电量", by_month, used, unit, name)


def heads(by_month: ByMonth, *, key: str, label: str) -> Chart:
    """How many people were insured (参保人数), or have a fund (缴存人数). {"heads"}."""
    people = Series(label, figures_of(by_month, "heads"), lambda figure: f"{spoken(figure)} 人")
    return _one_line(f"chart-{key}", f"各月{label}", by_month, people, 1, "人", counted=True)


def sales_and_electricity(by_month: ByMonth) -> Chart | None:
    """Do both go the same way? Each as a share of its own monthly average, so that both fit one scale.

    {"sales_fen", "kwh"}; none unless both are known somewhere and above zero.
    """
    months = months_of(by_month)
    sales, kwh = (_of_average(figures_of(by_month, name)) for name in ("sales_fen", "kwh"))
    if sales is None or kwh is None:
        return None
    sold, used = (
        Series(label, each, lambda share: f"{share:.0f}") for label, each in (("开票销售", sales), ("用电量", kwh))
    )
    frame, ticks = framed(months, (*sales, *kwh), unit=1)
    drawn = [
        *axis(frame, ticks, "月均=100", spoken),
        *line(frame, sales, stroke=BLUE, dashed=True),
        *line(frame, kwh),
        *gaps(frame, (sales, -4), (kwh, 4)),
        *legend((DASHED_SAMPLE, sold.label, BLUE), (LINE_SAMPLE, used.label, TEAL)),
    ]
    words = "以各自有数据月份的月均为 100。" + told(months, (sold, used), summed=False)
    return sheet("chart-power", "用电量与开票销售的走势", words, drawn)


def _of_average(figures: Figures) -> Figures | None:
    found = known(figures)
    average = sum(found) / len(found) if found else 0
    if average <= 0:
        return None
    return tuple(None if each is None else round(each * AVERAGE / average) for each in figures)


def _money(label: str, figures: Figures) -> Series:
    return Series(label, figures, lambda fen: amount(round(fen)))


def _money_unit(figures: Figures) -> tuple[int, str]:
    """Below 1 万元 an axis in 万元 would say the same figure twice."""
    highest = max((abs(each) for each in known(figures)), default=0)
    return (FEN_PER_YUAN, "元") if 0 < highest < FEN_PER_WAN else (FEN_PER_WAN, "万元")


def _pair(key: str, title: str, by_month: ByMonth, first: tuple[str, str], second: tuple[str, str]) -> Chart:
    """Solid bars beside hollow ones, in 万元 or 元. `first`, `second`: the field and its label."""
    months = months_of(by_month)
    solid, hollow = (_money(label, figures_of(by_month, field)) for field, label in (first, second))
    unit, name = _money_unit((*solid.figures, *hollow.figures))
    frame, ticks = framed(months, (*solid.figures, *hollow.figures), unit=unit)
    width = min(frame.slot * 0.36, BAR_MAX)
    drawn = [
        *axis(frame, ticks, name, lambda fen: spoken(fen / unit)),
        *bars(frame, solid.figures, -width, width, SOLID),
        *bars(frame, hollow.figures, 1.5, width, HOLLOW),
        *gaps(frame, (solid.figures, -width / 2), (hollow.figures, width / 2)),
        *peak(frame, solid, -width / 2, BLUE),
        *legend((SOLID_SAMPLE, solid.label, BLUE), (HOLLOW_SAMPLE, hollow.label, TEAL)),
    ]
    return sheet(key, title, told(months, (solid, hollow)), drawn)


def _one_line(
    key: str, title: str, by_month: ByMonth, series: Series, unit: int, name: str, *, counted: bool = False
) -> Chart:
    """`counted`: things of which there is no half, and no sum over months."""
    months = months_of(by_month)
    frame, ticks = framed(months, series.figures, unit=unit, whole=counted)
    drawn = [
        *axis(frame, ticks, name, lambda figure: spoken(figure / unit)),
        *line(frame, series.figures),
        *gaps(frame, (series.figures, 0)),
        *peak(frame, series, 0, TEAL),
        *legend((LINE_SAMPLE, series.label, TEAL)),
    ]
    return sheet(key, title, told(months, (series,), summed=not counted), drawn)
