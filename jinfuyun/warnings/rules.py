"""Early warning: what a rule is, when a figure breaks it, and which steps a warning may take. No database."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from statistics import median
from typing import NamedTuple

from jinfuyun.kit import money
from jinfuyun.supervision.rules import Unit

WHOLE_BP = 10_000
EARLIER_MIN = 4  # fewer earlier spans say nothing about what is usual
AGAIN_AFTER_DAYS = 30  # a cause that still stands so long after its warning was ended is warned of anew
TEXT_LENGTH = (4, 500)


class Scope(StrEnum):
    """What one warning is about."""

    PROVINCE = "province"
    CITY = "city"
    INSTITUTION = "institution"
    FEED = "feed"


class Severity(StrEnum):
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class Side(StrEnum):
    ABOVE = "above"
    BELOW = "below"


class Owner(StrEnum):
    """Whose regulators see to it: the province's, or those of the city that the subject belongs to."""

    PROVINCE = "province"
    CITY = "city"


SCOPE_LABELS = {
    Scope.PROVINCE: "全省", Scope.CITY: "设区市", Scope.INSTITUTION: "金融机构", Scope.FEED: "数据"
}  # fmt: skip
SEVERITY_LABELS = {Severity.HIGH: "重要", Severity.MEDIUM: "一般", Severity.LOW: "提示"}
SIDE_LABELS = {Side.ABOVE: "高于", Side.BELOW: "低于"}


@dataclass(frozen=True, slots=True)
class Rule:
    """`figure` (or its share of `of`) over the last `days` full days, `side` of `bound` in the figure's unit.

    With `usual` the bound is a multiple, in basis points, of the median of so many spans before. `sample`: fewer rows
    behind the figure say nothing.
    """

    code: str
    label: str
    scope: Scope
    figure: str
    of: str
    days: int
    usual: int
    side: Side
    bound: int
    sample: int
    severity: Severity
    owner: Owner
    working_days: int
    valid_from: date


class Seen(NamedTuple):
    """A figure of one subject, what it was before, and how many rows stand behind it."""

    value: int | None
    sample: int | None
    earlier: tuple[int, ...] = ()


def limit_of(rule: Rule, seen: Seen) -> int | None:
    """What the figure may not pass; None where nothing is usual yet."""
    if not rule.usual:
        return rule.bound
    usual = median(seen.earlier) if len(seen.earlier) >= EARLIER_MIN else 0
    return round(usual * rule.bound / WHOLE_BP) if usual else None


def is_broken(rule: Rule, seen: Seen) -> bool:
    limit = limit_of(rule, seen)
    if seen.value is None or limit is None or (seen.sample or 0) < rule.sample:
        return False
    return seen.value > limit if rule.side is Side.ABOVE else seen.value < limit


def said(unit: Unit, value: int) -> str:
    """A figure as a sentence has it."""
    if unit is Unit.BP:
        return money.percent(value)
    return f"{money.wan(value)} 万元" if unit is Unit.FEN else f"{value:,} {unit}"


def text_of(rule: Rule, seen: Seen, unit: Unit, figure: str, when: str) -> str:
    """What is wrong, in words; `figure`: what it is called, `when`: the span."""
    limit = limit_of(rule, seen)
    assert seen.value is not None and limit is not None, "only what is broken is told"
    sample = f"，样本 {seen.sample:,}" if rule.sample and seen.sample is not None else ""
    bound = f"{bound_of(rule, unit)}{f'，即 {said(unit, limit)}' if rule.usual else ''}"
    return f"{figure} {said(unit, seen.value)}，{bound}（{when}{sample}）"


def bound_of(rule: Rule, unit: Unit) -> str:
    """What may not be, in words."""
    usual = f"此前 {rule.usual} 期中位数的 {rule.bound / WHOLE_BP:g} 倍"
    return f"{SIDE_LABELS[rule.side]}{usual if rule.usual else f' {said(unit, rule.bound)}'}"


class State(StrEnum):
    NEW = "new"
    CONFIRMED = "confirmed"
    HANDLING = "handling"
    DONE = "done"
    FALSE_ALARM = "false_alarm"


STATE_LABELS = {
    State.NEW: "新", State.CONFIRMED: "已确认", State.HANDLING: "处理中", State.DONE: "已办结",
    State.FALSE_ALARM: "误报",
}  # fmt: skip
OPEN = (State.NEW, State.CONFIRMED, State.HANDLING)


class Act(StrEnum):
    RAISE = "raise"
    CONFIRM = "confirm"
    ASSIGN = "assign"
    BEGIN = "begin"
    CLOSE = "close"
    DISMISS = "dismiss"
    LEAVE = "leave"
    RETURN = "return"
    OVERDUE = "overdue"


ACT_LABELS = {
    Act.RAISE: "发出预警", Act.CONFIRM: "确认", Act.ASSIGN: "指定责任人", Act.BEGIN: "开始处理", Act.CLOSE: "办结",
    Act.DISMISS: "认定误报", Act.LEAVE: "情形消失", Act.RETURN: "情形再次出现", Act.OVERDUE: "超过处理期限",
}  # fmt: skip
# What people do: from which states, and to which; None: it stays where it is.
STEPS: Mapping[Act, tuple[tuple[State, ...], State | None]] = {
    Act.CONFIRM: ((State.NEW,), State.CONFIRMED),
    Act.ASSIGN: (OPEN, None),
    Act.BEGIN: ((State.CONFIRMED,), State.HANDLING),
    Act.CLOSE: ((State.CONFIRMED, State.HANDLING), State.DONE),
    Act.DISMISS: (OPEN, State.FALSE_ALARM),
}


def acts_open(state: str) -> list[Act]:
    return [act for act, (sources, _) in STEPS.items() if state in sources]


def why_not_text(text: str) -> str:
    least, most = TEXT_LENGTH
    return "" if least <= len(text) <= most else f"请写明情况和依据（{least} 至 {most} 个字）。"
