"""Charts as SVG, drawn once for page and paper.

Attributes only (no `style=`, no script), so a strict Content-Security-Policy lets them through; told apart by shape as
well as by colour, for black-and-white printers; described in words, for who cannot see them. A month without a figure
is a marked gap, never a zero. Pure.
"""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape

from jinfuyun.kit.money import FEN_PER_WAN, wan

WIDTH, HEIGHT = 720, 270
LEFT, RIGHT, TOP, BOTTOM = 58, 18, 44, 44  # room around the plot for the axis, the legend and the months
FONT = "Noto Sans SC, PingFang SC, Microsoft YaHei, sans-serif"
BLUE, TEAL, RED, INK, QUIET, LINE = "#0b3a75", "#0f766e", "#b3202c", "#152238", "#52627a", "#d5dde8"
TICKS_MAX = 5
MONTH_LABELS_MAX = 13
KWH_PER_WAN = 10_000
KWH_SPOKEN_IN_WAN = 100_000

Figures = tuple[int | None, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawing and the same in words."""

    title: str
    told: str
    svg: str


@dataclass(frozen=True, slots=True)
class Series:
    """One line of figures over the chart's months. `say` writes a figure as words with its unit."""

    label: str
    figures: Figures
    say: Callable[[float], str]


@dataclass(frozen=True, slots=True)
class Frame:
    """Where a month and a figure lie on the sheet."""

    months: tuple[str, ...]
    lowest: float
    highest: float

    @property
    def slot(self) -> float:
        return (WIDTH - LEFT - RIGHT) / len(self.months)

    def x(self, i: int) -> float:
        """Middle of a month's slot."""
        return LEFT + (i + 0.5) * self.slot

    def y(self, figure: float) -> float:
        return TOP + (self.highest - figure) / (self.highest - self.lowest) * (HEIGHT - TOP - BOTTOM)


def sales_and_purchases(by_month: Sequence[Mapping[str, object]]) -> Chart:
    """Bars of 开票销售 (solid) beside 取得进项 (hollow). `by_month`: {"month", "sales_fen", "purchases_fen"}, in order.

    ValueError without a month; a figure may be None.
    """
    months = _months(by_month)
    sales = Series("开票销售", _figures(by_month, "sales_fen"), lambda fen: f"{wan(round(fen))} 万元")
    purchases = Series("取得进项", _figures(by_month, "purchases_fen"), sales.say)
    frame, ticks = _frame(months, (*sales.figures, *purchases.figures), unit=FEN_PER_WAN)
    width = min(frame.slot * 0.36, 17)
    drawn = [
        *_axis(frame, ticks, "万元", lambda fen: wan(round(fen))),
        *_bars(frame, sales.figures, -width, width, f'fill="{BLUE}"'),
        *_bars(frame, purchases.figures, 1.5, width, f'fill="#ffffff" stroke="{TEAL}" stroke-width="1.3"'),
        *_gaps(frame, (sales.figures, -width / 2), (purchases.figures, width / 2)),
        *_peak(frame, sales, -width / 2, BLUE),
        _legend(LEFT, f'<rect x="0" y="-9" width="11" height="11" fill="{BLUE}"/>', sales.label, BLUE),
        _legend(
            LEFT + 92,
            f'<rect x=".6" y="-8.4" width="10" height="10" fill="#ffffff" stroke="{TEAL}" stroke-width="1.3"/>',
            purchases.label,
            TEAL,
        ),
    ]
    return _sheet("chart-sales", "各月开票销售与取得进项", _told(months, (sales, purchases)), drawn)


def electricity(by_month: Sequence[Mapping[str, object]]) -> Chart:
    """A line of 用电量 with a dot a month. `by_month`: {"month", "kwh"}, in order."""
    months, kwh = _months(by_month), _figures(by_month, "kwh")
    unit, name = (KWH_PER_WAN, "万千瓦时") if max(_known(kwh), default=0) >= KWH_SPOKEN_IN_WAN else (1, "千瓦时")
    used = Series("用电量", kwh, lambda figure: f"{_spoken(figure / unit)} {name}")
    frame, ticks = _frame(months, kwh, unit=unit)
    drawn = [
        *_axis(frame, ticks, name, lambda figure: _spoken(figure / unit)),
        *_line(frame, kwh),
        *_gaps(frame, (kwh, 0)),
        *_peak(frame, used, 0, TEAL),
        _legend(LEFT, f'<path d="M-2-4h15" stroke="{TEAL}" stroke-width="2"/>', used.label, TEAL),
    ]
    return _sheet("chart-electricity", "各月用电量", _told(months, (used,)), drawn)


def _months(by_month: Sequence[Mapping[str, object]]) -> tuple[str, ...]:
    if not by_month:
        raise ValueError("A chart needs at least one month.")
    return tuple(str(row["month"]) for row in by_month)


def _figures(by_month: Sequence[Mapping[str, object]], name: str) -> Figures:
    found = (row.get(name) for row in by_month)
    return tuple(round(figure) if isinstance(figure, int | float) else None for figure in found)


def _known(figures: Figures) -> list[int]:
    return [figure for figure in figures if figure is not None]


def _frame(months: tuple[str, ...], figures: Figures, *, unit: int) -> tuple[Frame, list[float]]:
    """From zero (or below it, where reversals outweigh sales) to a round figure, and the round figures between."""
    lowest, highest = min(0, *_known(figures), 0), max(0, *_known(figures), 0)
    step = _round_step((highest - lowest) / TICKS_MAX / unit) * unit
    first, last = math.floor(lowest / step), max(math.ceil(highest / step), 1)
    return Frame(months, first * step, last * step), [i * step for i in range(first, last + 1)]


def _round_step(rough: float) -> float:
    """The next of 1, 2, 5 × 10ⁿ."""
    if rough <= 0:
        return 1
    power = 10 ** math.floor(math.log10(rough))
    return next(float(nice * power) for nice in (1, 2, 5, 10) if nice * power >= rough * 0.999)


def _axis(frame: Frame, ticks: Iterable[float], unit: str, say: Callable[[float], str]) -> Iterable[str]:
    yield _words(LEFT - 8, TOP - 14, unit, anchor="end", fill=QUIET)
    for tick in ticks:
        y = frame.y(tick)
        yield f'<path d="M{LEFT} {y:.1f}H{WIDTH - RIGHT}" stroke="{QUIET if tick == 0 else LINE}" stroke-width="1"/>'
        yield _words(LEFT - 8, y + 3.8, say(tick), anchor="end", fill=QUIET)
    every = next((step for step in (1, 2, 3, 4, 6) if len(frame.months) <= step * MONTH_LABELS_MAX), 12)
    year = ""
    for i, month in enumerate(frame.months):
        if (int(month[5:7]) - 1) % every == 0:  # January is always among them
            yield _words(frame.x(i), HEIGHT - BOTTOM + 16, f"{int(month[5:7])}月", anchor="middle", fill=QUIET)
            if month[:4] != year:
                year = month[:4]
                yield _words(frame.x(i), HEIGHT - BOTTOM + 32, f"{year}年", anchor="middle", fill=INK, weight=700)


def _bars(frame: Frame, figures: Figures, shift: float, width: float, paint: str) -> Iterable[str]:
    for i, figure in enumerate(figures):
        if figure:
            x, top, bottom = frame.x(i) + shift, frame.y(max(figure, 0)), frame.y(min(figure, 0))
            yield f'<rect x="{x:.1f}" y="{top:.1f}" width="{width:.1f}" height="{max(bottom - top, 0.8):.1f}" {paint}/>'


def _line(frame: Frame, figures: Figures) -> Iterable[str]:
    path, pen_is_up = "", True
    for i, figure in enumerate(figures):
        if figure is None:
            pen_is_up = True
            continue
        path += f"{'M' if pen_is_up else 'L'}{frame.x(i):.1f} {frame.y(figure):.1f}"
        pen_is_up = False
    yield f'<path d="{path}" fill="none" stroke="{TEAL}" stroke-width="2" stroke-linejoin="round"/>' if path else ""
    for i, figure in enumerate(figures):
        if figure is not None:
            yield (
                f'<circle cx="{frame.x(i):.1f}" cy="{frame.y(figure):.1f}" r="3" fill="#ffffff" stroke="{TEAL}"'
                ' stroke-width="1.6"/>'
            )


def _gaps(frame: Frame, *placed: tuple[Figures, float]) -> Iterable[str]:
    """A word where a figure is missing: one for the month if nothing is there, else one in the place of its bar."""
    for i in range(len(frame.months)):
        shifts = [shift for figures, shift in placed if figures[i] is None]
        for shift in [0.0] if len(shifts) == len(placed) else shifts:
            yield _words(frame.x(i) + shift, frame.y(0) - 4, "缺", anchor="middle", fill=RED, size=10)


def _peak(frame: Frame, series: Series, shift: float, fill: str) -> Iterable[str]:
    """The highest month carries its own figure, so that the eye has one number to hold on to."""
    known = _known(series.figures)
    if known and max(known) > 0:
        i = series.figures.index(max(known))
        x = min(max(frame.x(i) + shift, LEFT + 40), WIDTH - RIGHT - 40)
        yield _words(x, frame.y(max(known)) - 7, series.say(max(known)), anchor="middle", fill=fill, weight=700)


def _legend(x: float, sample: str, label: str, fill: str) -> str:
    words = _words(17, 1, label, anchor="start", fill=fill, weight=700)
    return f'<g transform="translate({x + 4} 18)">{sample}{words}</g>'


def _words(x: float, y: float, text: str, *, anchor: str, fill: str, size: int = 11, weight: int = 400) -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" font-weight="{weight}" text-anchor="{anchor}"'
        f' fill="{fill}">{escape(text)}</text>'
    )


def _spoken(figure: float) -> str:
    words = f"{figure:,.2f}"
    return words.rstrip("0").rstrip(".")


def _told(months: tuple[str, ...], all_series: Iterable[Series]) -> str:
    """The chart in a sentence a series, with what is missing."""
    sentences = []
    for series in all_series:
        known = _known(series.figures)
        if not known:
            sentences.append(f"{series.label}：各月均无数据。")
            continue
        highest, lowest = max(known), min(known)
        sentences.append(
            f"{series.label}：合计 {series.say(sum(known))}，"
            f"最高 {months[series.figures.index(highest)]} {series.say(highest)}，"
            f"最低 {months[series.figures.index(lowest)]} {series.say(lowest)}"
            + (f"，{len(months) - len(known)} 个月无数据。" if len(known) < len(months) else "。")
        )
    return f"{months[0]} 至 {months[-1]}。" + "".join(sentences)


def _sheet(key: str, title: str, told: str, drawn: Iterable[str]) -> Chart:
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="chart" viewBox="0 0 {WIDTH} {HEIGHT}" role="img"'
        f' aria-labelledby="{key}-title {key}-desc" font-family="{FONT}">'
        f'<title id="{key}-title">{escape(title)}</title><desc id="{key}-desc">{escape(told)}</desc>'
        f"{''.join(drawn)}</svg>"
    )
    return Chart(title, told, svg)
