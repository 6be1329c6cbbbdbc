"""The regulator's charts: a figure month by month, and bars of what narrows down. Each stands beside its table."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from jinfuyun.reports.charts.months import LINE_SAMPLE
from jinfuyun.reports.charts.sheet import (
    BLUE,
    INK,
    SOLID,
    TEAL,
    WIDTH,
    Chart,
    Series,
    axis,
    framed,
    gaps,
    known,
    legend,
    line,
    peak,
    sheet,
    told,
    words,
)
from jinfuyun.supervision.queries import Indicator
from jinfuyun.supervision.rules import Unit
from jinfuyun.supervision.shown import words as figures

LABELS, NUMBERS, ROW, THICK, TOP, SIZE, SPACE = 150, 110, 34, 22, 12, 12, 10  # both have at least so much room
NARROW, ABOVE, THIN, LOW = 340, 18, 14, 40  # on a phone labels stand above thinner bars, in rows as high as LOW
SCALES = {Unit.FEN: 1_000_000, Unit.BP: 100, Unit.MINUTE: figures.MINUTES_PER_DAY}


def trend(one: Indicator, months: Sequence[tuple[str, int | None]]) -> Chart:
    """A dot a month; a month that is not closed is a gap."""

    def say(value: float) -> str:
        unit = figures.unit_of(one)
        return f"{figures.short(one, round(value))}{' ' + unit if unit else ''}"

    names = tuple(month for month, _ in months)
    series = Series(one.label, tuple(value for _, value in months), say)
    unit = SCALES.get(one.unit, 1)

    def drawn(key: str, width: int) -> Chart:
        frame, ticks = framed(names, series.figures, unit=unit, whole=one.unit not in SCALES, width=width)
        pieces = [
            *axis(frame, ticks, *_scale(figures.unit_of(one) or "%", unit, frame.highest)),
            *line(frame, series.figures),
            *gaps(frame, (series.figures, 0)),
            *peak(frame, series, 0, TEAL),
            *legend((LINE_SAMPLE, one.label, TEAL)),
        ]
        return sheet(key, f"{one.label}走势", told(names, (series,), summed=False), pieces, width=width)

    return replace(drawn("chart-trend", WIDTH), narrow=drawn("chart-trend-narrow", NARROW).svg)


def _scale(said: str, unit: int, highest: float) -> tuple[str, Callable[[float], str]]:
    """The axis' unit and how its figures are written; from a million on in ten thousands, for which there is room."""
    if highest >= 1_000_000 * unit:
        said, unit = "亿元" if said == figures.FEN_UNIT else f"万{said}", unit * 10_000
    return said, lambda value: f"{value / unit:,g}"


def bars(key: str, title: str, rows: Sequence[tuple[str, int | None, str]]) -> Chart:
    """One bar a row: label, length, and the figure as it is written."""
    largest = max(known(tuple(value for _, value, _ in rows)), default=0) or 1
    said = "，".join(f"{label} {text}" for label, _, text in rows)
    labels, numbers = _room(label for label, _, _ in rows), _room(text for _, _, text in rows)

    def drawn(key: str, width: int, start: float, till: float, row: int) -> Chart:
        scale = (till - start) / largest
        pieces = [piece for at, one in enumerate(rows) for piece in _bar(TOP + at * row, *one, start, scale)]
        return sheet(key, title, f"{said}。", pieces, width=width, height=2 * TOP + row * len(rows))

    wide = drawn(key, WIDTH, max(LABELS, labels), WIDTH - max(NUMBERS, numbers), ROW)
    narrow = drawn(f"{key}-narrow", NARROW, 0, NARROW - numbers, LOW)
    return replace(wide, narrow=narrow.svg)


def _room(texts: Iterable[str]) -> float:
    """What the longest of them needs: a Chinese letter is as wide as high, others (bold digits) two thirds of it."""
    wide = (sum(SIZE if letter > "\u2e80" else SIZE * 2 / 3 for letter in text) for text in texts)
    return max(wide, default=0) + 2 * SPACE


def _bar(y: int, label: str, value: int | None, text: str, start: float, scale: float) -> Iterable[str]:
    width, high = max((value or 0) * scale, 1 if value else 0), THICK if start else THIN
    if start:
        yield words(start - SPACE, y + 15, label, anchor="end", fill=INK, size=SIZE)
    else:
        yield words(0, y + SIZE, label, anchor="start", fill=INK, size=SIZE)
        y += ABOVE
    yield f'<rect x="{start:.1f}" y="{y}" width="{width:.1f}" height="{high}" {SOLID}/>'
    yield words(start + width + 8, y + high / 2 + 4, text, anchor="start", fill=BLUE, size=SIZE, weight=700)
