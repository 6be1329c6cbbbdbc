"""A card from its YAML. What is wrong with it is said with the line on which it stands."""

from collections.abc import Iterator, Mapping
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import yaml

from jinfuyun.data.score.card import DIMENSIONS, Bin, Card, Characteristic, Grade, Scale
from jinfuyun.kit.errors import Refused

Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
NUMBER = (int, float)


class BadCard(Refused):
    """A card that cannot be used: file, line and reason."""

    def __init__(self, reason: str, *, file: str, line: int) -> None:
        super().__init__(f"评分卡 {file} 第 {line} 行：{reason}")


def read_card(path: Path, units: Mapping[str, str] | None = None) -> Card:
    """`units`: every fact there is and its unit; None: a card over other columns, whose names nobody knows here.

    Raises BadCard.
    """
    return card(path.read_text(encoding="utf-8"), file=path.name, units=units)


def card(text: str, *, file: str, units: Mapping[str, str] | None = None) -> Card:
    """Raises BadCard."""
    try:
        node = yaml.compose(text, Loader=Loader)
    except yaml.MarkedYAMLError as trouble:
        mark = trouble.problem_mark or trouble.context_mark
        raise BadCard("不是有效的 YAML。", file=file, line=mark.line + 1 if mark else 1) from trouble
    top = _Place(node, file)
    span = top["range"]
    characteristics = tuple(_characteristic(each, units) for each in top["characteristics"].items())
    _once(top["characteristics"], [each.indicator for each in characteristics])
    scale = top["scale"]
    return Card(
        name=top["name"].word(),
        label=top["label"].word(),
        valid_from=top["valid_from"].day(),
        reference=top["reference"].word(),
        scale=Scale(scale["score"].whole(), scale["odds"].number(above=0), scale["points_to_double"].number(above=0)),
        calibrated=top["calibrated"].truth() if "calibrated" in top else False,
        start=top["start"].whole(),
        span=(span["from"].whole(), span["to"].whole(above=span["from"].whole())),
        coverage_min=top["coverage_min"].number(above=0, at_most=1),
        grades=_grades(top["grades"], lowest=span["from"].whole()),
        characteristics=characteristics,
    )


class _Place:
    """A spot in the file: what stands there, and the line for saying that it is wrong."""

    def __init__(self, node: yaml.Node | None, file: str) -> None:
        self.node, self.file = node, file
        if node is None:
            raise self.bad("文件是空的。")
        if isinstance(node, yaml.MappingNode):
            names = [key.value for key, _ in node.value]
            for name in names:
                if names.count(name) > 1:
                    raise self.bad(f"“{name}”写了两次。")

    def bad(self, reason: str) -> BadCard:
        return BadCard(reason, file=self.file, line=self.node.start_mark.line + 1 if self.node else 1)

    def __contains__(self, name: str) -> bool:
        return isinstance(self.node, yaml.MappingNode) and any(key.value == name for key, _ in self.node.value)

    def __getitem__(self, name: str) -> "_Place":
        if not isinstance(self.node, yaml.MappingNode):
            raise self.bad(f"这里应有“{name}”等项目。")
        for key, value in self.node.value:
            if key.value == name:
                return _Place(value, self.file)
        raise self.bad(f"缺少“{name}”。")

    def items(self) -> list["_Place"]:
        if not isinstance(self.node, yaml.SequenceNode) or not self.node.value:
            raise self.bad("这里应是一个不为空的列表。")
        return [_Place(each, self.file) for each in self.node.value]

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


def _characteristic(place: _Place, units: Mapping[str, str] | None) -> Characteristic:
    indicator = place["indicator"].word()
    if units is not None and indicator not in units:
        raise place["indicator"].bad(f"没有名为“{indicator}”的指标。")
    dimension = place["dimension"].word()
    if dimension not in DIMENSIONS:
        raise place["dimension"].bad(f"没有名为“{dimension}”的维度；可用的是 {'、'.join(DIMENSIONS)}。")
    bins = tuple(_bin(each) for each in place["bins"].items())
    of_words = [bool(each.among) for each in bins]
    if any(of_words) != all(of_words):
        raise place["bins"].bad("同一指标的分箱不能有的按数值、有的按文字。")
    if units is not None and all(of_words) != (units[indicator] == "grade"):
        raise place["bins"].bad(f"“{indicator}”的单位是 {units[indicator]}，分箱的写法与它不符。")
    if all(of_words):
        _once(place["bins"], [word for each in bins for word in each.among])
    else:
        _ascending(place["bins"].items(), bins)
    return Characteristic(
        indicator=indicator,
        label=place["label"].word(),
        dimension=dimension,
        bins=bins,
        unknown=place["unknown"].whole(),
        advice=place["advice"].word() if "advice" in place else "",
    )


def _bin(place: _Place) -> Bin:
    points = place["points"].whole()
    if "among" in place:
        return Bin(points, among=tuple(each.word() for each in place["among"].items()))
    low = place["from"].number() if "from" in place else None
    high = place["below"].number() if "below" in place else None
    if low is not None and high is not None and low >= high:
        raise place.bad(f"分箱从 {low} 到 {high} 是空的。")
    return Bin(points, low=low, high=high)


def _ascending(places: list[_Place], bins: tuple[Bin, ...]) -> None:
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


def _grades(place: _Place, *, lowest: int) -> tuple[Grade, ...]:
    grades = tuple(Grade(each["grade"].word(), each["from"].whole()) for each in place.items())
    _once(place, [grade.name for grade in grades])
    for each, (better, worse) in zip(place.items()[1:], pairwise(grades), strict=True):
        if worse.low >= better.low:
            raise each.bad("等级应从高到低排列。")
    if grades[-1].low != lowest:
        raise place.items()[-1].bad(f"最低等级应从最低分 {lowest} 开始。")
    return grades


def _once(place: _Place, names: list[str]) -> None:
    for name in _twice(names):
        raise place.bad(f"“{name}”出现了两次。")


def _twice(names: list[str]) -> Iterator[str]:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            yield name
        seen.add(name)
