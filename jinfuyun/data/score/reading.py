"""A card from its YAML. What is wrong with it is said with the line on which it stands."""

from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path

from jinfuyun.data.score.card import DIMENSIONS, Card, Characteristic, Grade, Scale
from jinfuyun.kit.cards import ascending, bin_at
from jinfuyun.kit.placed import BadFile, Place, once, opened


class BadCard(BadFile):
    """A card that cannot be used: file, line and reason."""

    what = "评分卡"


def read_card(path: Path, units: Mapping[str, str] | None = None) -> Card:
    """`units`: every fact there is and its unit; None: a card over other columns, whose names nobody knows here.

    Raises BadCard.
    """
    return card(path.read_text(encoding="utf-8"), file=path.name, units=units)


def card(text: str, *, file: str, units: Mapping[str, str] | None = None) -> Card:
    """Raises BadCard."""
    top = opened(text, file=file, trouble=BadCard)
    span = top["range"]
    characteristics = tuple(_characteristic(each, units) for each in top["characteristics"].items())
    once(top["characteristics"], [each.indicator for each in characteristics])
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


def _characteristic(place: Place, units: Mapping[str, str] | None) -> Characteristic:
    indicator = place["indicator"].word()
    if units is not None and indicator not in units:
        raise place["indicator"].bad(f"没有名为“{indicator}”的指标。")
    dimension = place["dimension"].word()
    if dimension not in DIMENSIONS:
        raise place["dimension"].bad(f"没有名为“{dimension}”的维度；可用的是 {'、'.join(DIMENSIONS)}。")
    bins = tuple(bin_at(each) for each in place["bins"].items())
    of_words = [bool(each.among) for each in bins]
    if any(of_words) != all(of_words):
        raise place["bins"].bad("同一指标的分箱不能有的按数值、有的按文字。")
    if units is not None and all(of_words) != (units[indicator] == "grade"):
        raise place["bins"].bad(f"“{indicator}”的单位是 {units[indicator]}，分箱的写法与它不符。")
    if all(of_words):
        once(place["bins"], [word for each in bins for word in each.among])
    else:
        ascending(place["bins"].items(), bins)
    return Characteristic(
        indicator=indicator,
        label=place["label"].word(),
        dimension=dimension,
        bins=bins,
        unknown=place["unknown"].whole(),
        advice=place["advice"].word() if "advice" in place else "",
    )


def _grades(place: Place, *, lowest: int) -> tuple[Grade, ...]:
    grades = tuple(Grade(each["grade"].word(), each["from"].whole()) for each in place.items())
    once(place, [grade.name for grade in grades])
    for each, (better, worse) in zip(place.items()[1:], pairwise(grades), strict=True):
        if worse.low >= better.low:
            raise each.bad("等级应从高到低排列。")
    if grades[-1].low != lowest:
        raise place.items()[-1].bad(f"最低等级应从最低分 {lowest} 开始。")
    return grades
