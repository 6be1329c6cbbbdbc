"""A scheme from its YAML, refused with file, line and reason. Which indicators may stand in it the caller says."""

from collections.abc import Collection
from datetime import date

from jinfuyun.evaluation.rules import WHOLE, Cadence, Group, Item, Scheme
from jinfuyun.institutions.rules import Kind
from jinfuyun.kit import regions
from jinfuyun.kit.cards import ascending, bin_at
from jinfuyun.kit.placed import BadFile, Place, once, opened

ADDS_MAX = 20  # points that one bonus or malus may come to


class BadScheme(BadFile):
    """A scheme that cannot be used: file, line and reason."""

    what = "评价方案"


def scheme(text: str, *, file: str, indicators: Collection[str], samples: Collection[str]) -> Scheme:
    """`indicators`: what can be counted for one institution; `samples`: what is a count of rows. Raises BadScheme."""
    all_of_it = opened(text, file=file, trouble=BadScheme)
    places = all_of_it["characteristics"].items()
    extra = all_of_it["adjustments"].items() if "adjustments" in all_of_it else []
    items = [_item(each, indicators, samples, weighted=True) for each in places]
    items += [_item(each, indicators, samples, weighted=False) for each in extra]
    once(all_of_it["characteristics"], [each.indicator for each in items])
    if (weights := sum(each.weight for each in items)) != WHOLE:
        raise all_of_it["characteristics"].bad(f"权重合计为 {weights}，应为 {WHOLE}。")
    cadence = all_of_it["cadence"].word()
    if cadence not in set(Cadence):
        raise all_of_it["cadence"].bad("周期应为 month 或 quarter。")
    return Scheme(
        name=all_of_it["name"].word(), label=all_of_it["label"].word(), valid_from=_first_of(all_of_it["valid_from"]),
        reference=all_of_it["reference"].word(), cadence=Cadence(cadence),
        sample_min=all_of_it["sample_min"].whole(above=0),
        coverage_min=_within(all_of_it["coverage_min"], 1, WHOLE),
        groups=_groups(all_of_it["groups"]), items=tuple(items),
    )  # fmt: skip


def _first_of(place: Place) -> date:
    day = place.day()
    if day.day != 1:
        raise place.bad("应自某月 1 日起。")
    return day


def _within(place: Place, least: int, most: int) -> int:
    number = place.whole()
    if not least <= number <= most:
        raise place.bad(f"{number} 应在 {least} 至 {most} 之间。")
    return number


def _item(place: Place, indicators: Collection[str], samples: Collection[str], *, weighted: bool) -> Item:
    for name, known in (("indicator", indicators), ("sample", samples)):
        if place[name].word() not in known:
            raise place[name].bad(
                f"“{place[name].word()}”不能按机构统计，或不是{'指标' if name == 'indicator' else '笔数'}。"
            )
    bands = tuple(bin_at(each) for each in place["bands"].items())
    if any(each.among for each in bands):
        raise place["bands"].bad("分档应按数值划分。")
    ascending(place["bands"].items(), bands)
    least, most = (0, WHOLE) if weighted else (-ADDS_MAX, ADDS_MAX)
    for each in place["bands"].items():
        _within(each["points"], least, most)
    weight = _within(place["weight"], 1, WHOLE) if weighted else 0
    return Item(place["indicator"].word(), place["label"].word(), place["sample"].word(), weight, bands)


def _groups(place: Place) -> tuple[Group, ...]:
    """Every institution falls into one group or none: the first that holds it, and none is out of reach."""
    found, whole = [], set[str]()
    for each in place.items():
        kinds = tuple(kind.word() for kind in each["kinds"].items())
        cities = tuple(city.word() for city in each["cities"].items()) if "cities" in each else ()
        for kind in kinds:
            if kind not in set(Kind):
                raise each["kinds"].bad(f"没有“{kind}”这类机构；可用的是 {'、'.join(Kind)}。")
            if kind in whole:
                raise each["kinds"].bad(f"“{kind}”已全部归入前面的组。")
        if unknown := set(cities) - {city.code for city in regions.CITIES}:
            raise each["cities"].bad(f"没有代码为“{'、'.join(sorted(unknown))}”的设区市。")
        found.append(Group(each["name"].word(), kinds, cities))
        whole |= set() if cities else set(kinds)
    once(place, [group.name for group in found])
    return tuple(found)
