"""Why work changes hands, how a handover stands, and what stands against one. No database."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

WHY_LENGTH_MAX = 200


class Kind(StrEnum):
    LEFT = "left"
    LEAVE = "leave"


KIND_LABELS = {Kind.LEFT: "离岗", Kind.LEAVE: "休假"}


class State(StrEnum):
    """`running`: on leave now, the work comes back; `done`: left; `ended`: back from leave."""

    PLANNED = "planned"
    RUNNING = "running"
    DONE = "done"
    ENDED = "ended"
    UNDONE = "undone"


STATE_LABELS = {
    State.PLANNED: "待开始",
    State.RUNNING: "休假中",
    State.DONE: "已交接",
    State.ENDED: "已交还",
    State.UNDONE: "已撤回",
}
STANDING = (State.PLANNED, State.RUNNING)
# act → (from which states, to which)
MOVES: dict[str, tuple[frozenset[State], State]] = {
    "leave": (frozenset({State.PLANNED}), State.DONE),
    "begin": (frozenset({State.PLANNED}), State.RUNNING),
    "cut_short": (frozenset({State.PLANNED, State.RUNNING}), State.ENDED),  # on leave and not coming back
    "give_back": (frozenset({State.RUNNING}), State.ENDED),
    "undo": (frozenset({State.PLANNED, State.RUNNING, State.DONE}), State.UNDONE),
}


@dataclass(frozen=True, slots=True)
class Plan:
    """`to`: the colleague, None: back to everybody's pool. `until_on` (that day included) only of a leave."""

    kind: Kind
    to: UUID | None
    from_on: date
    until_on: date | None = None
    why: str = ""


def why_not_hand_over(plan: Plan, *, today: date, colleagues: Collection[UUID]) -> dict[str, str]:
    """Field → what is wrong with it. `colleagues`: who may take the work on."""
    wrong = {}
    if plan.to is not None and plan.to not in colleagues:
        wrong["to"] = "请选择本机构在岗、同岗位的同事，或退回待分配。"
    if plan.kind is Kind.LEFT and (plan.from_on != today or plan.until_on is not None):
        wrong["from_on"] = "离岗交接当日办理，不填结束日期。"
    if plan.kind is Kind.LEAVE and plan.from_on < today:
        wrong["from_on"] = "开始日期不能早于今天。"
    if plan.kind is Kind.LEAVE and (plan.until_on is None or plan.until_on < plan.from_on):
        wrong["until_on"] = "请填写休假的最后一天，不早于开始日期。"
    if len(plan.why) > WHY_LENGTH_MAX:
        wrong["why"] = f"说明不超过 {WHY_LENGTH_MAX} 个字。"
    return wrong
