"""What dated cards in YAML share: each spot knows its line, so that whatever is wrong is said with it; and bins."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any

import yaml

from jinfuyun.kit.errors import Refused

Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
NUMBER = (int, float)


class BadFile(Refused):
    """A file that cannot be used: which, on which line, why."""

    kind = "文件"

    def __init__(self, reason: str, *, file: str, line: int) -> None:
        super().__init__(f"{self.kind} {file} 第 {line} 行：{reason}")


def top(text: str, *, file: str, error: type[BadFile]) -> "Place":
    """The whole file; what is wrong with it is raised as an `error`."""
    try:
        node = yaml.compose(text, Loader=Loader)
    except yaml.MarkedYAMLError as trouble:
        mark = trouble.problem_mark or trouble.context_mark
        raise error("不是有效的 YAML。", file=file, line=mark.line + 1 if mark else 1) from trouble
    return Place(node, file, error)


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


class Place:
    """A spot in the file: what stands there, and the line for saying that it is wrong."""

    def __init__(self, node: yaml.Node | None, file: str, error: type[BadFile]) -> None:
        self.node, self.file, self.error = node, file, error
        if node is None:
            raise self.bad("文件是空的。")
        if isinstance(node, yaml.MappingNode):
            names = [key.value for key, _ in node.value]
            for name in names:
                if names.count(name) > 1:
                    raise self.bad(f"“{name}”写了两次。")

    def bad(self, reason: str) -> BadFile:
        return self.error(reason, file=self.file, line=self.node.start_mark.line + 1 if self.node else 1)

    def __contains__(self, name: str) -> bool:
        return isinstance(self.node, yaml.MappingNode) and any(key.value == name for key, _ in self.node.value)

    def __getitem__(self, name: str) -> "Place":
        if not isinstance(self.node, yaml.MappingNode):
            raise self.bad(f"这里应有“{name}”等项目。")
        for key, value in self.node.value:
            if key.value == name:
                return Place(value, self.file, self.error)
        raise self.bad(f"缺少“{name}”。")

    def items(self) -> list["Place"]:
        if not isinstance(self.node, yaml.SequenceNode) or not self.node.value:
            raise self.bad("这里应是一个不为空的列表。")
        return [Place(each, self.file, self.error) for each in self.node.value]

    def value(self) -> Any:
        if not isinstance(self.node, yaml.ScalarNode):
            raise self.bad("这里应是一个值。")
        try:
            return yaml.load(yaml.serialize(self.node), Loader=Loader)
        except (ValueError, yaml.YAMLError) as trouble:
            raise self.bad(f"“{self.node.value}”不是有效的值。") from trouble

    def word(self) -> str:
        if not (value := self.value()) or not isinstance(value, str):
            raise self.bad("这里应是文字。")
        return value

    def whole(self, *, above: int | None = None) -> int:
        value = self.value()
        if not isinstance(value, int) or isinstance(value, bool):
            raise self.bad(f"“{value}”不是整数。")
        if above is not None and value <= above:
            raise self.bad(f"{value} 应大于 {above}。")
        return value

    def number(self, *, above: float | None = None, at_most: float | None = None) -> float:
        value = self.value()
        if not isinstance(value, NUMBER) or isinstance(value, bool) or value != value or abs(value) == float("inf"):
            raise self.bad(f"“{value}”不是数字。")
        if above is not None and value <= above:
            raise self.bad(f"{value} 应大于 {above}。")
        if at_most is not None and value > at_most:
            raise self.bad(f"{value} 不能大于 {at_most}。")
        return value

    def truth(self) -> bool:
        if not isinstance(value := self.value(), bool):
            raise self.bad("这里应是 true 或 false。")
        return value

    def day(self) -> date:
        value = self.value()
        if type(value) is not date:
            raise self.bad(f"“{value}”不是日期，应写成 2026-01-01。")
        return value


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


def once(place: Place, names: list[str]) -> None:
    for name in _twice(names):
        raise place.bad(f"“{name}”出现了两次。")


def _twice(names: list[str]) -> Iterator[str]:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            yield name
        seen.add(name)
