"""How a demand is shown: its history to the enterprise, and what a proposal costs a year."""

from typing import Any

from jinfuyun.demands import queries
from jinfuyun.demands.rules import ACT_LABELS, NEXT_STEP, Act, State

BAD = frozenset({Act.LAPSE, Act.HAND_BACK, Act.EXPIRE, Act.DECLINE, Act.WITHDRAW, Act.FALL_THROUGH})


def timeline(demand: Any) -> list[dict[str, Any]]:
    """Every step with the institution it was about, and what comes next."""
    items = []
    for step in queries.steps(demand):
        act = Act(step.act)
        title = f"{ACT_LABELS[act]}（{step.institution}）" if step.institution else ACT_LABELS[act]
        state = "bad" if act in BAD else "done"
        items.append({"title": title, "at": step.at, "by": step.by_label, "note": step.said, "state": state})
    following = NEXT_STEP.get(State(demand.state))
    return [*items, {"title": f"下一步：{following}", "state": "now"}] if following else items


def fee_and_rate_bp(proposal: Any) -> int:
    """Interest and fees a year, of the amount."""
    return int(proposal.rate_bp + proposal.fee_year_bp)
