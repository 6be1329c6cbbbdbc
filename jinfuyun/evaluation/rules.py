"""What a scheme is, how figures become points, and which periods there are. No database."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from jinfuyun.kit import period, regions
from jinfuyun.kit.cards import Bin
from jinfuyun.kit.four_eyes import digest
from jinfuyun.supervision.rules import SMALL_CELL, Cell, Middle, cell_of

WHOLE = 100  # the weights of a scheme
HUNDREDTHS = 100  # of a point: what points are counted in
APPEAL_WORKING_DAYS = 10
ANSWER_WORKING_DAYS = 10
WORDS_LENGTH = (4, 1000)
UNSTATED_MONTHS = 12  # over which 不便说明 is published: a month's refusals are too few
_QUARTER = re.compile(r"(20\d\d)-Q([1-4])", re.ASCII)
_MONTHS_OF_QUARTER = 3


class State(StrEnum):
    """Of a scheme that somebody wants in force."""

    PROPOSED = "proposed"
    IN_FORCE = "in_force"
    SENT_BACK = "sent_back"


STATE_LABELS = {State.PROPOSED: "待复核", State.IN_FORCE: "已生效", State.SENT_BACK: "已退回"}


class Outcome(StrEnum):
    """Of an appeal. Both of the first make a correction: counted again, or one characteristic set aside."""

    RECOUNTED = "recounted"
    SET_ASIDE = "set_aside"
    REJECTED = "rejected"


OUTCOME_LABELS = {
    Outcome.RECOUNTED: "成立，按更正后的明细重新计算",
    Outcome.SET_ASIDE: "成立，申诉的项目不计分，权重由其他项目分摊",
    Outcome.REJECTED: "不成立，结果不变",
}


class Cadence(StrEnum):
    MONTH = "month"
    QUARTER = "quarter"


CADENCE_LABELS = {Cadence.MONTH: "按月", Cadence.QUARTER: "按季"}


@dataclass(frozen=True, slots=True)
class Item:
    """An indicator with its bands. `weight` is of 100, 0 for what only adds or takes points.

    Points of a band: of 100 for what the weight is of; for what only adds or takes, points as they are.
    `sample`: the count that must not be too small.
    """

    indicator: str
    label: str
    sample: str
    weight: int
    bands: tuple[Bin, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """Peers: institutions of these kinds, with their head office in one of `cities` where some are named."""

    name: str
    kinds: tuple[str, ...]
    cities: tuple[str, ...]

    def holds(self, kind: str, region_code: str) -> bool:
        city = regions.city_of(region_code)
        return kind in self.kinds and (not self.cities or (city is not None and city.code in self.cities))


@dataclass(frozen=True, slots=True)
class Scheme:
    """`sample_min`: with fewer, an item gives no points. `coverage_min`: weight that must be left for a total."""

    name: str
    label: str
    valid_from: date
    reference: str
    cadence: Cadence
    sample_min: int
    coverage_min: int
    groups: tuple[Group, ...]
    items: tuple[Item, ...]

    def group_of(self, kind: str, region_code: str) -> str | None:
        """The first that holds it; None: not evaluated."""
        return next((group.name for group in self.groups if group.holds(kind, region_code)), None)

    def content_digest(self) -> str:
        return digest(asdict(self))


class Figure(NamedTuple):
    cell: Cell
    sample: int


@dataclass(frozen=True, slots=True)
class Mark:
    """One item of one result. `worth`: of the band; `share`, `points`: weight and points in hundredths.

    `why`: why it does not count: "sample", "aside" (an appeal was right), "" where it counts.
    """

    indicator: str
    label: str
    weight: int
    value: int | None
    numerator: int | None
    denominator: int | None
    sample: int
    low: float | None = None
    high: float | None = None
    worth: int | None = None
    share: int = 0
    points: int = 0
    why: str = ""


# What is worked out of the indicators: what it is called, and how.
WORKED_OUT = {
    "points": ("得分", "所在档次的百分比 × 分摊后的权重；加减分项按档次直接加减"),
    "sample": ("样本", "这个项目分母的笔数；不足方案的最少样本时不计分"),
    "total": ("总分", "各项得分之和；样本不够的项目不计分，剩下的权重不足方案下限的机构不评总分"),
    "rank": ("名次", "同组有总分的机构按总分从高到低，总分相同的名次相同"),
    "median": ("同组中位数", f"同组各机构计分项目数值的中位数；不足 {SMALL_CELL} 家不显示"),
}


class Marked(NamedTuple):
    marks: tuple[Mark, ...]
    total: int | None  # hundredths; None: too little is known


def mark(scheme: Scheme, figures: Mapping[str, Figure], aside: Iterable[str] = ()) -> Marked:
    """What does not count gives no points, and its weight is shared among the others."""
    left_out = {item.indicator: _why_not(item, figures[item.indicator], scheme, aside) for item in scheme.items}
    counts = [item for item in scheme.items if item.weight and not left_out[item.indicator]]
    shares = dict(zip((item.indicator for item in counts), shared([item.weight for item in counts]), strict=True))
    marks = tuple(
        _mark(item, figures[item.indicator], left_out[item.indicator], shares.get(item.indicator, 0))
        for item in scheme.items
    )
    known = sum(item.weight for item in counts) >= scheme.coverage_min
    return Marked(marks, sum(each.points for each in marks) if known else None)


def _why_not(item: Item, figure: Figure, scheme: Scheme, aside: Iterable[str]) -> str:
    if item.indicator in aside:
        return "aside"
    return "sample" if figure.sample < scheme.sample_min or figure.cell.value is None else ""


def _mark(item: Item, figure: Figure, why: str, share: int) -> Mark:
    cell = figure.cell
    made = Mark(
        item.indicator, item.label, item.weight, cell.value, cell.numerator, cell.denominator, figure.sample, why=why
    )
    if why or cell.value is None:
        return made
    band = next(each for each in item.bands if each.holds(cell.value))
    points = (2 * share * band.points + WHOLE) // (2 * WHOLE) if item.weight else band.points * HUNDREDTHS
    return Mark(**asdict(made) | {
        "low": band.low, "high": band.high, "worth": band.points, "share": share, "points": points,
    })  # fmt: skip


def shared(weights: list[int]) -> list[int]:
    """The weights in hundredths so that they sum to 100 whole points: the largest remainders are rounded up."""
    known = sum(weights)
    if not known:
        return [0 for _ in weights]
    whole = WHOLE * HUNDREDTHS
    found = [weight * whole // known for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda at: -(weights[at] * whole % known))
    for at in by_remainder[: whole - sum(found)]:
        found[at] += 1
    return found


def ranks(totals: Mapping[str, int | None]) -> dict[str, int]:
    """By code, 1 the best; equal totals have equal ranks. Who has no total has no rank."""
    known = {code: total for code, total in totals.items() if total is not None}
    return {code: 1 + sum(other > total for other in known.values()) for code, total in known.items()}


def median(values: Iterable[int | None]) -> int | None:
    """Of peers, where they are so many that it gives nobody away."""
    known = [value for value in values if value is not None]
    return cell_of(Middle("peers"), {"peers": known}).value if len(known) >= SMALL_CELL else None


def months_of(name: str) -> tuple[str, ...]:
    """Of a period, `2026-03` or `2026-Q1`; () if it is neither."""
    if quarter := _QUARTER.fullmatch(name):
        first = f"{quarter[1]}-{(int(quarter[2]) - 1) * _MONTHS_OF_QUARTER + 1:02d}"
        return tuple(period.shifted(first, by) for by in range(_MONTHS_OF_QUARTER))
    return (name,) if re.fullmatch(r"20\d\d-(0[1-9]|1[0-2])", name, re.ASCII) else ()


def cadence_of(name: str) -> Cadence:
    return Cadence.QUARTER if "Q" in name else Cadence.MONTH


def periods(months: Iterable[str], cadence: Cadence) -> list[str]:
    """Those of which every month is among `months`, the newest first."""
    closed = set(months)
    names = {f"{month[:4]}-Q{(int(month[5:]) + 2) // 3}" for month in closed} if cadence is Cadence.QUARTER else closed
    return sorted((name for name in names if closed.issuperset(months_of(name))), reverse=True)


def why_not_words(words: str) -> str:
    least, most = WORDS_LENGTH
    return "" if least <= len(words) <= most else f"请写明理由（{least} 至 {most} 个字）。"
