"""How a loan is shown, to the enterprise and to the institution alike."""

from datetime import date
from typing import Any

from jinfuyun.loans import queries
from jinfuyun.loans.content import due_by, overdue_days
from jinfuyun.loans.rules import (
    GRADE_LABELS,
    LINE_LABELS,
    RENEWAL_LABELS,
    STATE_LABELS,
    TRANSITION,
    WAY_LABELS,
    Act,
    Grade,
    LineState,
    Renewal,
    State,
    Way,
)


def shown(loan: Any, *, today: date) -> dict[str, Any]:
    """Where it stands, what is due, its schedule and its book."""
    position = loan.position
    principal, interest = due_by(position, today) if position.state in (State.REPAYING, State.OVERDUE) else (0, 0)
    return {
        "loan": loan,
        "line": loan.line,
        "state_label": STATE_LABELS[State(loan.state)],
        "grade_label": GRADE_LABELS[Grade(loan.grade)],
        "renewal_label": RENEWAL_LABELS[Renewal(loan.renewal)],
        "way_label": WAY_LABELS[Way(loan.way)] if loan.way else "",
        "line_label": LINE_LABELS[LineState(loan.line.state)],
        "days": overdue_days(position, today),
        "due_principal": principal,
        "due_interest": interest,
        "schedule": _schedule(loan, today),
        "book": [_entry(event) for event in queries.events(loan)],
    }


def _schedule(loan: Any, today: date) -> list[dict[str, Any]]:
    """Each instalment with what is left to pay after it, and whether it is paid."""
    rows, principal, interest = [], 0, 0
    first_open = loan.next_due_on or date.max
    for number, row in enumerate(loan.schedule, 1):
        principal, interest = principal + row.principal_fen, interest + row.interest_fen
        state, label = "plain", "未到期"
        if row.due_on < first_open or loan.state == State.SETTLED:
            state, label = "good", "已还"
        elif row.due_on < today:
            state, label = "bad", "逾期"
        rows.append(
            {
                "number": number, "due_on": row.due_on, "principal_fen": row.principal_fen,
                "interest_fen": row.interest_fen, "total_fen": row.principal_fen + row.interest_fen,
                "left_fen": loan.amount_fen - principal, "tone": state, "label": label,
            }
        )  # fmt: skip
    return rows


def _entry(event: Any) -> dict[str, Any]:
    undone = getattr(event, "reversed_by", None)
    label = TRANSITION[Act(event.act)].label
    if event.reverses_id:
        label = f"冲正：{TRANSITION[Act(event.reverses.act)].label}（{event.reverses.on}）"
    notes = [event.why]
    if event.due_on:
        notes.append(f"展期至 {event.due_on}")
    if event.grade:
        notes.append(GRADE_LABELS[Grade(event.grade)])
    if event.reference:
        notes.append(f"流水号 {event.reference}")
    return {
        "pk": event.pk, "label": label, "on": event.on, "principal_fen": event.principal_fen,
        "interest_fen": event.interest_fen, "balance_fen": event.balance_fen, "by": event.by_label, "at": event.at,
        "note": " · ".join(note for note in notes if note), "undone": undone is not None,
        "may_be_reversed": undone is None and event.act not in (Act.REVERSE, Act.FALL_OVERDUE),
    }  # fmt: skip
