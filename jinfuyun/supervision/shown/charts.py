"""The regulator's charts: a figure month by month, and bars of what narrows down. Each stands beside its table."""

from collections.abc import Iterable, Sequence

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

FROM, TILL, ROW, THICK, TOP = 150, WIDTH - 110, 34, 22, 12
SCALES = {Unit.FEN: 1_000_000, Unit.BP: 100, Unit.MINUTE: figures.MINUTES_PER_DAY}


def trend(one: Indicator, months: Sequence[tuple[str, int | None]]) -> Chart:
    """A dot a month; a month that is not closed is a gap."""

    def say(value: float) -> str:
        unit = figures.unit_of(one)
        return f"{figures.short(one, round(value))}{' ' + unit if unit else ''}"

    names = tuple(month for month, _ in months)
    series = Series(one.label, tuple(value for _, value in months), say)
    unit = SCALES.get(one.unit, 1)
    frame, ticks = framed(names, series.figures, unit=unit, whole=one.unit not in SCALES)
    drawn = [
        *axis(frame, ticks, figures.unit_of(one) or "%", lambda value: f"{value / unit:g}"),
        *line(frame, series.figures),
        *gaps(frame, (series.figures, 0)),
        *peak(frame, series, 0, TEAL),
        *legend((LINE_SAMPLE, one.label, TEAL)),
    ]
    return sheet("chart-trend", f"{one.label}走势", told(names, (series,), summed=False), drawn)


def bars(key: str, title: str, rows: Sequence[tuple[str, int | None, str]]) -> Chart:
    """One bar a row: label, length, and the figure as it is written."""
    largest = max(known(tuple(value for _, value, _ in rows)), default=0) or 1
    said = "，".join(f"{label} {text}" for label, _, text in rows)
    drawn = [piece for at, row in enumerate(rows) for piece in _bar(TOP + at * ROW, *row, largest)]
    return sheet(key, title, f"{said}。", drawn, height=2 * TOP + ROW * len(rows))


def _bar(y: int, label: str, value: int | None, text: str, largest: int) -> Iterable[str]:
    width = max((value or 0) / largest * (TILL - FROM), 1 if value else 0)
    yield words(FROM - 10, y + 15, label, anchor="end", fill=INK, size=12)
    yield f'<rect x="{FROM}" y="{y}" width="{width:.1f}" height="{THICK}" {SOLID}/>'
    yield words(FROM + width + 8, y + 15, text, anchor="start", fill=BLUE, size=12, weight=700)
