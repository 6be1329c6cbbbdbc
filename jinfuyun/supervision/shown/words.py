"""How the figures of the one table are written on pages, papers and in files, with their definitions."""

from collections.abc import Iterable

from jinfuyun.kit import money
from jinfuyun.supervision.queries.feeds import Figure
from jinfuyun.supervision.queries.terms import Indicator
from jinfuyun.supervision.rules import Moment, Unit

Measured = Indicator | Figure

FEN_UNIT = "万元"
MISSING = "—"
MINUTES_PER_DAY = 1440
FLOW_WORDS = ("平台运行以来累计", "当月发生额")  # live, of a month


def short(one: Measured, value: int | None) -> str:
    """Without its unit, as a table's cell or the map wants it."""
    if value is None:
        return MISSING
    if one.unit is Unit.FEN:
        return money.wan(value)
    if one.unit is Unit.MINUTE:
        return f"{value / MINUTES_PER_DAY:.1f}"
    return money.percent(value) if one.unit is Unit.BP else f"{value:,}"


def spoken(one: Indicator, value: int | None) -> tuple[str, str]:
    """With its unit, for a card or a sentence; large sums are spoken of in 亿元."""
    if one.unit is Unit.FEN and value is not None and value >= money.FEN_PER_YI:
        return money.yi(value), "亿元"
    return short(one, value), unit_of(one)


def exact(one: Measured, value: int | None) -> str:
    """For a spreadsheet: money in yuan to the fen, no thousands' marks, nothing where nothing is known."""
    if value is None:
        return ""
    if one.unit is Unit.FEN:
        return f"{value // money.FEN_PER_YUAN}.{value % money.FEN_PER_YUAN:02}"
    return money.percent(value) if one.unit is Unit.BP else str(value)


def number(one: Measured, value: int | None) -> float | int | str:
    """For a workbook's cell: yuan, percent, or the count; empty where nothing is known."""
    if value is None:
        return ""
    return value / 100 if one.unit in (Unit.FEN, Unit.BP) else value


def change(one: Indicator, now: int | None, before: int | None) -> str:
    """From before to now: counts and sums in percent, shares in points, times in days."""
    if now is None or before is None:
        return MISSING
    if one.unit is Unit.BP:
        return f"{(now - before) / 100:+.2f} 个百分点"
    if one.unit is Unit.POINT:
        return f"{now - before:+d} 个基点"
    if one.unit is Unit.MINUTE:
        return f"{(now - before) / MINUTES_PER_DAY:+.1f} 天"
    return f"{(now - before) / before * 100:+.1f}%" if before else MISSING


def unit_of(one: Measured) -> str:
    """Behind a value; a share's sign stands in the value itself."""
    return {Unit.FEN: FEN_UNIT, Unit.BP: "", Unit.MINUTE: "天"}.get(one.unit, one.unit.value)


def heading(one: Measured) -> str:
    """With its unit, as a table's head wants it."""
    return f"{one.label}（{unit_of(one)}）" if unit_of(one) else one.label


def definition(one: Indicator, *, of_month: bool = False) -> str:
    counted = f"{one.numerator} ÷ {one.denominator}" if one.denominator else one.numerator
    place = f"按{one.source.place}归入各市" if one.source.region else one.source.place
    moment = FLOW_WORDS[of_month] if one.moment is Moment.FLOW else one.moment.value
    dated = f"，按{one.source.dated}归入月份" if one.source.when else ""
    return f"{counted}。{moment}{dated}，{place}。口径第 {one.version} 版。"


def definitions(shown: Iterable[Indicator]) -> list[tuple[str, str]]:
    return [(one.label, definition(one)) for one in shown]
