"""How points and bands are written, for the regulator's, the institutions' and the public's pages."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from jinfuyun.evaluation.rules import HUNDREDTHS, WORKED_OUT, Item, Mark
from jinfuyun.kit.cards import Bin
from jinfuyun.supervision.queries import BY_NAME, Indicator
from jinfuyun.web import figures

__all__ = ["WORKED_OUT", "Row", "band", "bands", "points", "rows"]


class Row(NamedTuple):
    """One item of a result, in words. `median`: of the peers."""

    indicator: str
    label: str
    weight: str
    value: str
    band: str
    points: str
    median: str
    note: str


def points(hundredths: int | None) -> str:
    return figures.MISSING if hundredths is None else f"{hundredths / HUNDREDTHS:.2f}"


def rows(marks: Iterable[Mark], medians: Mapping[str, int | None]) -> list[Row]:
    return [
        Row(
            each.indicator, each.label, _weight(each), _told(each.indicator, each.value),
            "" if each.worth is None else band(BY_NAME.get(each.indicator), Bin(each.worth, each.low, each.high)),
            figures.MISSING if each.why else points(each.points), _told(each.indicator, medians.get(each.indicator)),
            {"sample": f"样本 {each.sample} 笔，不足以评分", "aside": "申诉成立，不计分"}.get(each.why, ""),
        )
        for each in marks
    ]  # fmt: skip


def _weight(mark: Mark) -> str:
    if not mark.weight:
        return "加减分"
    is_shared = mark.share and mark.share != mark.weight * HUNDREDTHS
    return f"{mark.weight}（分摊后 {points(mark.share)}）" if is_shared else f"{mark.weight}"


def _told(name: str, value: int | float | None) -> str:
    """With its unit; a definition that is gone since leaves the bare number."""
    one = BY_NAME.get(name)
    if value is None or one is None:
        return figures.MISSING if value is None else f"{value}"
    unit = figures.unit_of(one)
    return f"{figures.short(one, int(value))}{f' {unit}' if unit else ''}"


def band(one: Indicator | None, each: Bin) -> str:
    """不足 70.00%, 70.00% 以上、不足 85.00%."""
    name = one.name if one else ""
    low = "" if each.low is None else f"{_told(name, each.low)} 以上"
    high = "" if each.high is None else f"不足 {_told(name, each.high)}"
    return "、".join(filter(None, (low, high))) or "不分档"


def bands(item: Item) -> list[tuple[str, str]]:
    """Each band with what it gives."""
    one = BY_NAME[item.indicator]
    return [
        (band(one, each), f"{each.points}%" if item.weight else f"{each.points:+d} 分" if each.points else "0 分")
        for each in item.bands
    ]
