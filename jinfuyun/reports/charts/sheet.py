"""What every chart is drawn with: a frame of months, bars, lines, marked gaps, a legend; and the sheet around them.

Attributes only (no `style=`, no script), so a strict Content-Security-Policy lets them through; told apart by shape as
well as by colour, for black-and-white printers; described in words, for who cannot see them. A month without a figure
is a marked gap, never a zero. Pure.
"""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape

WIDTH, HEIGHT = 720, 270
LEFT, RIGHT, TOP, BOTTOM = 58, 18, 44, 44  # room around the plot for the axis, the legend and the months
FONT = "Noto Sans SC, PingFang SC, Microsoft YaHei, sans-serif"
BLUE, TEAL, RED, INK, QUIET, LINE = "#0b3a75", "#0f766e", "#b3202c", "#152238", "#52627a", "#d5dde8"
TICKS_MAX = 5
MONTH_LABELS_MAX = 13
LETTER = 11.5  # width of a Chinese letter in the legend
DASHES = ' stroke-dasharray="6 4"'
HALO = 'paint-order="stroke" stroke="#ffffff" stroke-width="3" stroke-linejoin="round"'
SOLID = f'fill="{BLUE}"'
HOLLOW = f'fill="#ffffff" stroke="{TEAL}" stroke-width="1.3"'
SOLID_SAMPLE = f'<rect x="0" y="-9" width="11" height="11" {SOLID}/>'
HOLLOW_SAMPLE = f'<rect x=".6" y="-8.4" width="10" height="10" {HOLLOW}/>'

Figures = tuple[int | None, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawing and the same in words; `narrow` is the drawing again where a phone needs its own."""

    title: str
    told: str
    svg: str
    narrow: str = ""


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
    width: int = WIDTH

    @property
    def slot(self) -> float:
        return (self.width - LEFT - RIGHT) / len(self.months)

    def x(self, i: int) -> float:
        """Middle of a month's slot."""
        return LEFT + (i + 0.5) * self.slot

    def y(self, figure: float) -> float:
        return TOP + (self.highest - figure) / (self.highest - self.lowest) * (HEIGHT - TOP - BOTTOM)


def months_of(by_month: Sequence[Mapping[str, object]]) -> tuple[str, ...]:
    if not by_month:
        raise ValueError("A chart needs at least one month.")
    return tuple(str(row["month"]) for row in by_month)


def figures_of(by_month: Sequence[Mapping[str, object]], name: str) -> Figures:
    found = (row.get(name) for row in by_month)
    return tuple(round(figure) if isinstance(figure, int | float) else None for figure in found)


def known(figures: Figures) -> list[int]:
    return [figure for figure in figures if figure is not None]


def framed(
    months: tuple[str, ...], figures: Figures, *, unit: int, whole: bool = False, width: int = WIDTH
) -> tuple[Frame, list[float]]:
    """From zero (or below it, where reversals outweigh sales) to a round figure, and the round figures between.

    `whole`: there is no half of it.
    """
    lowest, highest = min(0, *known(figures), 0), max(0, *known(figures), 0)
    step = _round_step((highest - lowest) / TICKS_MAX / unit) * unit
    step = max(step, unit) if whole else step
    first, last = math.floor(lowest / step), max(math.ceil(highest / step), 1)
    return Frame(months, first * step, last * step, width), [i * step for i in range(first, last + 1)]


def _round_step(rough: float) -> float:
    """The next of 1, 2, 5 × 10ⁿ."""
    if rough <= 0:
        return 1
    power = 10 ** math.floor(math.log10(rough))
    return next(float(nice * power) for nice in (1, 2, 5, 10) if nice * power >= rough * 0.999)


def axis(frame: Frame, ticks: Iterable[float], unit: str, say: Callable[[float], str]) -> Iterable[str]:
    yield words(LEFT - 8, TOP - 14, unit, anchor="end", fill=QUIET)
    for tick in ticks:
        y = frame.y(tick)
        stroke = QUIET if tick == 0 else LINE
        yield f'<path d="M{LEFT} {y:.1f}H{frame.width - RIGHT}" stroke="{stroke}" stroke-width="1"/>'
        yield words(LEFT - 8, y + 3.8, say(tick), anchor="end", fill=QUIET)
    most = MONTH_LABELS_MAX * frame.width // WIDTH
    every = next((step for step in (1, 2, 3, 4, 6) if len(frame.months) <= step * most), 12)
    year = ""
    for i, month in enumerate(frame.months):
        if (int(month[5:7]) - 1) % every == 0:  # January is always among them
            yield words(frame.x(i), HEIGHT - BOTTOM + 16, f"{int(month[5:7])}月", anchor="middle", fill=QUIET)
            if month[:4] != year:
                year = month[:4]
                yield words(frame.x(i), HEIGHT - BOTTOM + 32, f"{year}年", anchor="middle", fill=INK, weight=700)


def bars(frame: Frame, figures: Figures, shift: float, width: float, paint: str) -> Iterable[str]:
    for i, figure in enumerate(figures):
        if figure:
            x, top, bottom = frame.x(i) + shift, frame.y(max(figure, 0)), frame.y(min(figure, 0))
            yield f'<rect x="{x:.1f}" y="{top:.1f}" width="{width:.1f}" height="{max(bottom - top, 0.8):.1f}" {paint}/>'


def line(frame: Frame, figures: Figures, *, stroke: str = TEAL, dashed: bool = False) -> Iterable[str]:
    """With a dot a month; dashed with squares, so that two lines are told apart without colour."""
    path, pen_is_up = "", True
    for i, figure in enumerate(figures):
        if figure is None:
            pen_is_up = True
            continue
        path += f"{'M' if pen_is_up else 'L'}{frame.x(i):.1f} {frame.y(figure):.1f}"
        pen_is_up = False
    drawn = f' fill="none" stroke="{stroke}" stroke-width="2" stroke-linejoin="round"'
    yield f'<path d="{path}"{drawn}{DASHES if dashed else ""}/>' if path else ""
    paint = f'fill="#ffffff" stroke="{stroke}" stroke-width="1.6"'
    for i, figure in enumerate(figures):
        if figure is not None:
            x, y = frame.x(i), frame.y(figure)
            square = f'<rect x="{x - 2.8:.1f}" y="{y - 2.8:.1f}" width="5.6" height="5.6" {paint}/>'
            yield square if dashed else f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" {paint}/>'


def gaps(frame: Frame, *placed: tuple[Figures, float]) -> Iterable[str]:
    """A word where a figure is missing: one for the month if nothing is there, else one in the place of its bar."""
    for i in range(len(frame.months)):
        shifts = [shift for figures, shift in placed if figures[i] is None]
        for shift in [0.0] if len(shifts) == len(placed) else shifts:
            yield words(frame.x(i) + shift, frame.y(0) - 4, "缺", anchor="middle", fill=RED, size=10)


def peak(frame: Frame, series: Series, shift: float, fill: str) -> Iterable[str]:
    """The highest month carries its own figure, so that the eye has one number to hold on to."""
    found = known(series.figures)
    if found and max(found) > 0:
        i = series.figures.index(max(found))
        x = min(max(frame.x(i) + shift, LEFT + 40), frame.width - RIGHT - 40)
        said = words(x, frame.y(max(found)) - 7, series.say(max(found)), anchor="middle", fill=fill, weight=700)
        yield said.replace("<text ", f"<text {HALO} ", 1)  # readable over whatever bar stands there


def legend(*entries: tuple[str, str, str]) -> Iterable[str]:
    """Sample, label and colour of each, one behind the other."""
    x = LEFT + 4.0
    for sample, label, fill in entries:
        said = words(17, 1, label, anchor="start", fill=fill, weight=700)
        yield f'<g transform="translate({x:.0f} 18)">{sample}{said}</g>'
        x += 36 + LETTER * len(label)


def words(x: float, y: float, text: str, *, anchor: str, fill: str, size: int = 11, weight: int = 400) -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" font-weight="{weight}" text-anchor="{anchor}"'
        f' fill="{fill}">{escape(text)}</text>'
    )


def spoken(figure: float) -> str:
    words = f"{figure:,.2f}"
    return words.rstrip("0").rstrip(".")


def told(months: tuple[str, ...], all_series: Iterable[Series], *, summed: bool = True) -> str:
    """The chart in a sentence a series, with what is missing; `summed` where a sum means something."""
    sentences = []
    for series in all_series:
        found = known(series.figures)
        if not found:
            sentences.append(f"{series.label}：各月均无数据。")
            continue
        highest, lowest = max(found), min(found)
        sentences.append(
            f"{series.label}："
            + (f"合计 {series.say(sum(found))}，" if summed else "")
            + f"最高 {months[series.figures.index(highest)]} {series.say(highest)}，"
            f"最低 {months[series.figures.index(lowest)]} {series.say(lowest)}"
            + (f"，{len(months) - len(found)} 个月无数据。" if len(found) < len(months) else "。")
        )
    return f"{months[0]} 至 {months[-1]}。" + "".join(sentences)


def sheet(key: str, title: str, told: str, drawn: Iterable[str], *, height: int = HEIGHT, width: int = WIDTH) -> Chart:
    """`key` names title and description on a page that has several."""
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="chart" viewBox="0 0 {width} {height}" role="img"'
        f' aria-labelledby="{key}-title {key}-desc" font-family="{FONT}">'
        f'<title id="{key}-title">{escape(title)}</title><desc id="{key}-desc">{escape(told)}</desc>'
        f"{''.join(drawn)}</svg>"
    )
    return Chart(title, told, svg)
