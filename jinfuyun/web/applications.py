"""How an application is shown, to the enterprise and to the institution alike."""

from datetime import date
from typing import Any

from jinfuyun.applications import queries
from jinfuyun.applications.rules import HOLDER, NEXT_STEP, STATE_LABELS, Act, Holder, State, is_late
from jinfuyun.kit.refusals import BASIS_LABELS, REFUSAL, Basis
from jinfuyun.reports.content import spoken

BAD = frozenset({State.DECLINED_INTAKE, State.REJECTED, State.OFFER_DECLINED, State.WITHDRAWN})


def shown(application: Any, *, today: date) -> dict[str, Any]:
    """Who holds it, since when, until when; what happened; and where it ended, why."""
    state = State(application.state)
    return {
        "application": application,
        "state_label": STATE_LABELS[state],
        "holder": _holder(application, state),
        "next_step": NEXT_STEP.get(state, ""),
        "is_late": is_late(application.due_on, today),
        "timeline": _timeline(application, state),
        "refusal": _refusal(application),
        "offer_over": state is State.APPROVED and is_late(application.offer_valid_till, today),
    }


def _holder(application: Any, state: State) -> str:
    names = {Holder.INSTITUTION: application.institution.name, Holder.ENTERPRISE: application.enterprise_name}
    return names.get(HOLDER[state], "")


def _timeline(application: Any, state: State) -> list[dict[str, Any]]:
    items = []
    for move in queries.moves(application):
        target = State(move.target)
        title = "更换办理人" if move.act == Act.REASSIGN else STATE_LABELS[target]
        items.append(
            {
                "title": title, "at": move.at, "by": move.by_label, "note": move.why,
                "state": "bad" if target in BAD else "done",
            }
        )  # fmt: skip
    if state in NEXT_STEP:
        items.append({"title": f"待办：{NEXT_STEP[state]}", "due": application.due_on, "state": "now"})
    return items


def _refusal(application: Any) -> dict[str, Any] | None:
    if not application.refusal_code:
        return None
    known = REFUSAL[application.refusal_code]
    fact = application.refusal_fact
    return {
        "label": known.label, "basis": BASIS_LABELS[Basis(application.refusal_basis)], "advice": known.advice,
        "text": application.refusal_text, "fact": fact,
        "fact_value": spoken(fact["value"], fact["unit"]) if fact else "",
    }  # fmt: skip
