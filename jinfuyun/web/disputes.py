"""How a dispute is shown, to both of its sides, and what a report's page and paper say of open ones."""

from datetime import date
from typing import Any

from jinfuyun.disputes import queries
from jinfuyun.disputes.rules import (
    ANSWER_DAYS,
    MARK,
    OPEN,
    OUTCOME_LABELS,
    STATE_LABELS,
    TRANSITION,
    Act,
    Outcome,
    State,
    is_late,
)
from jinfuyun.kit import refusals
from jinfuyun.kit.actor import Actor
from jinfuyun.kit.calendar import local_day
from jinfuyun.kit.permissions import Permission, may
from jinfuyun.reports.chapters.shown import SCORE_PLACE

# Whose turn it is, as both sides read it.
NEXT_STEP = {
    State.NEW: "开始核查",
    State.PROCESSING: "核查并书面答复",
    State.NEED_MORE_INFO: "企业补充说明（答复时限照常计算）",
    State.RESOLVED: "企业阅读答复",
    State.REJECTED: "企业阅读答复",
}


def beside(report: Any, actor: Actor) -> dict[str, Any]:
    """For a report's page: which figures are disputed now, which the reader may dispute, what was corrected since."""
    own = report.reader_kind == "enterprise"
    return {
        "disputed": queries.open_marks(report.enterprise_id),
        "mark_words": MARK,
        "score_place": SCORE_PLACE,
        "may_dispute": own and may(Permission.DISPUTE_RAISE, by=actor, over=actor.house),
        "overtaken_by": queries.overtaken([report.number]).get(report.number, []),
    }


def department_name(dispute: Any) -> str:
    return queries.ANSWERER_LABELS.get(dispute.department, dispute.department)


def shown(dispute: Any, *, by: Actor, today: date) -> dict[str, Any]:
    """The figure as it stood, where the dispute stands, how much of its clock is left, and what happened."""
    state = State(dispute.state)
    is_open = state in OPEN
    return {
        "dispute": dispute,
        "figure": queries.shown(dispute),
        "category": dispute.category_label,
        "department": department_name(dispute),
        "state_label": STATE_LABELS[state],
        "outcome_label": OUTCOME_LABELS[Outcome(dispute.outcome)] if dispute.outcome else "",
        "rejected_because": refusals.in_words(dispute.rejected_code, ""),
        "next_step": NEXT_STEP.get(state, ""),
        "is_open": is_open,
        "is_late": is_open and is_late(dispute.due_on, today),
        "days_left": (dispute.due_on - today).days,
        "days_used": min(max((today - local_day(dispute.raised_at)).days, 0), ANSWER_DAYS),
        "answer_days": ANSWER_DAYS,
        "timeline": _timeline(dispute, state),
        "acts": {str(act) for act in queries.open_acts(dispute, by=by)},
    }


def _timeline(dispute: Any, state: State) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = [
        {
            "title": TRANSITION[Act(step.act)].label, "at": step.at, "by": step.by_label, "note": step.said or "",
            "state": "bad" if step.act == Act.REJECT else "done",
        }
        for step in queries.steps(dispute)
    ]  # fmt: skip
    if state in NEXT_STEP:
        items.append(
            {"title": f"待办：{NEXT_STEP[state]}", "due": dispute.due_on if state in OPEN else None, "state": "now"}
        )
    return items
