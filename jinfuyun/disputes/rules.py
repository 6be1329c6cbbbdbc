"""How a dispute of a figure moves, who may move it, its clock; and how long an institution has for a question.

No database.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from jinfuyun.kit.actor import PLATFORM_HOUSE
from jinfuyun.kit.calendar import ONE_DAY
from jinfuyun.kit.permissions import Permission
from jinfuyun.kit.reasons import Reason


class State(StrEnum):
    NEW = "new"
    PROCESSING = "processing"
    NEED_MORE_INFO = "need_more_info"
    RESOLVED = "resolved"
    REJECTED = "rejected"
    CLOSED = "closed"


STATE_LABELS = {
    State.NEW: "已提交",
    State.PROCESSING: "核查中",
    State.NEED_MORE_INFO: "待企业补充",
    State.RESOLVED: "已答复",
    State.REJECTED: "未采纳",
    State.CLOSED: "已办结",
}

# While it is in one of these, nobody answered: its figure is marked, its clock runs.
OPEN = (State.NEW, State.PROCESSING, State.NEED_MORE_INFO)
ANSWERED = (State.RESOLVED, State.REJECTED)


# The score stands in no chapter; the platform's operators answer for what it itself reckoned.
SCORE, SCORE_LABEL, SCORE_CHAPTER = "score", "信用评分", "平台测算"
PLATFORM, PLATFORM_LABEL = PLATFORM_HOUSE.code, "平台运营方"

# What stands beside the figure meanwhile, in every report.
MARK = "异议处理中"


class Outcome(StrEnum):
    """What came of it."""

    CORRECTED = "corrected"
    EXPLAINED = "explained"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


OUTCOME_LABELS = {
    Outcome.CORRECTED: "数据已更正",
    Outcome.EXPLAINED: "已说明，数据不变",
    Outcome.REJECTED: "经核查未采纳",
    Outcome.WITHDRAWN: "企业已撤回",
}


class Act(StrEnum):
    RAISE = "raise"
    TAKE = "take"
    ASK_MORE = "ask_more"
    SUPPLY = "supply"
    RESOLVE = "resolve"
    REJECT = "reject"
    WITHDRAW = "withdraw"
    CLOSE = "close"
    LAPSE = "lapse"


@dataclass(frozen=True, slots=True)
class Transition:
    """From any of `sources` to `target`, by whom. `label` is the button and the line in the history."""

    act: Act
    label: str
    sources: tuple[State, ...]
    target: State
    permission: Permission


RAISE, ANSWER, TEND = Permission.DISPUTE_RAISE, Permission.DISPUTE_ANSWER, Permission.DISPUTE_TEND
TRANSITIONS = (
    Transition(Act.RAISE, "提出异议", (), State.NEW, RAISE),
    Transition(Act.TAKE, "开始核查", (State.NEW,), State.PROCESSING, ANSWER),
    Transition(Act.ASK_MORE, "要求补充说明", (State.PROCESSING,), State.NEED_MORE_INFO, ANSWER),
    Transition(Act.SUPPLY, "补充说明", (State.NEED_MORE_INFO,), State.PROCESSING, RAISE),
    Transition(Act.RESOLVE, "答复", (State.PROCESSING, State.NEED_MORE_INFO), State.RESOLVED, ANSWER),
    Transition(Act.REJECT, "不采纳", (State.PROCESSING, State.NEED_MORE_INFO), State.REJECTED, ANSWER),
    Transition(Act.WITHDRAW, "撤回异议", OPEN, State.CLOSED, RAISE),
    Transition(Act.CLOSE, "已阅，办结", ANSWERED, State.CLOSED, RAISE),
    Transition(Act.LAPSE, "答复后到期办结", ANSWERED, State.CLOSED, TEND),
)
TRANSITION = {transition.act: transition for transition in TRANSITIONS}

# Objections to credit data are answered in writing within twenty natural days: nothing pauses them, no question back.
ANSWER_DAYS = 20
# When the department is reminded, in percent of its days; the last on the due day itself.
REMIND_AT_PERCENT = (50, 80, 100)
# An answer that nobody reacts to counts as read after this.
CLOSE_DAYS_AFTER_ANSWER = 30
# An institution that read a report says why within these working days.
QUESTION_WORKING_DAYS = 5

REASON_LENGTH = (4, 500)
RIGHT_LENGTH_MAX = 200
TEXT_LENGTH = (2, 500)
ANSWER_LENGTH = (4, 1_000)


def due_on(raised_on: date) -> date:
    """The last day to answer, counted in full; the day it was raised does not count."""
    return raised_on + ANSWER_DAYS * ONE_DAY


def reminder(raised_on: date, today: date) -> int:
    """The last of REMIND_AT_PERCENT that is reached; 0 before the first."""
    percent = (today - raised_on).days * 100 // ANSWER_DAYS
    return max((step for step in REMIND_AT_PERCENT if step <= percent), default=0)


def is_late(due: date, today: date) -> bool:
    return due < today


def why_not_raise(reason: str, right: str) -> list[Reason]:
    """What stands against what the enterprise wrote, field by field."""
    reasons = _length(reason, "reason", REASON_LENGTH)
    if len(right) > RIGHT_LENGTH_MAX:
        reasons.append(Reason("right", f"不超过 {RIGHT_LENGTH_MAX} 个字。"))
    return reasons


def why_not_text(text: str, field: str) -> list[Reason]:
    return _length(text, field, TEXT_LENGTH)


def why_not_answer(text: str) -> list[Reason]:
    """An answer is written, and not just a word."""
    return _length(text, "answer", ANSWER_LENGTH)


def _length(text: str, field: str, span: tuple[int, int]) -> list[Reason]:
    least, most = span
    return [] if least <= len(text) <= most else [Reason(field, f"请用文字说明（{least} 至 {most} 个字）。")]
