"""Bins of dated cards: what they hold, and how they are read."""

from dataclasses import dataclass
from itertools import pairwise

from jinfuyun.kit.placed import Place


@dataclass(frozen=True, slots=True)
class Bin:
    """Figures from `low` (counted in) to `high` (not counted in), None: without end; or words `among` these."""

    points: int
    low: float | None = None
    high: float | None = None
    among: tuple[str, ...] = ()

    def holds(self, value: int | float | str) -> bool:
        if self.among or isinstance(value, str):
            return value in self.among
        return (self.low is None or self.low <= value) and (self.high is None or value < self.high)


def bin_at(place: Place) -> Bin:
    points = place["points"].whole()
    if "among" in place:
        return Bin(points, among=tuple(each.word() for each in place["among"].items()))
    low = place["from"].number() if "from" in place else None
    high = place["below"].number() if "below" in place else None
    if low is not None and high is not None and low >= high:
        raise place.bad(f"分箱从 {low} 到 {high} 是空的。")
    return Bin(points, low=low, high=high)


def ascending(places: list[Place], bins: tuple[Bin, ...]) -> None:
    """Every figure falls into one bin and only one."""
    if bins[0].low is not None:
        raise places[0].bad("第一个分箱不能有 from，否则更小的数值无处可归。")
    if bins[-1].high is not None:
        raise places[-1].bad("最后一个分箱不能有 below，否则更大的数值无处可归。")
    for place, (before, after) in zip(places[1:], pairwise(bins), strict=True):
        if before.high is None or after.low is None or after.low < before.high:
            raise place.bad("分箱与前一个重叠。")
        if after.low > before.high:
            raise place.bad(f"分箱与前一个之间有空隙：{before.high} 到 {after.low}。")
