"""How a 督办 (a regulator's note to an institution) and a complaint move, their clocks, and what a look at a named
enterprise needs. No database."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from jinfuyun.applications.rules import State as ApplicationState
from jinfuyun.kit.calendar import ONE_DAY
from jinfuyun.kit.permissions import Permission
from jinfuyun.kit.reasons import Reason

# Which clock of an application has run out, by where it stands.
CLOCKS = {
    ApplicationState.SUBMITTED: "受理",
    ApplicationState.ACCEPTED: "对接",
    ApplicationState.CONTACTED: "审批",
    ApplicationState.UNDER_REVIEW: "审批",
    ApplicationState.RECONSIDERING: "复议",
    ApplicationState.OFFER_ACCEPTED: "签约放款",
    ApplicationState.CONTRACTED: "签约放款",
}


class About(StrEnum):
    """What a note is about."""

    APPLICATION = "application"
    DEMAND = "demand"
    QUESTION = "question"
    COMPLAINT = "complaint"


ABOUT_LABELS = {
    About.APPLICATION: "逾期申请",
    About.DEMAND: "无方案的需求",
    About.QUESTION: "逾期询问",
    About.COMPLAINT: "企业投诉",
}


class NoteState(StrEnum):
    SENT = "sent"
    ANSWERED = "answered"
    RETURNED = "returned"
    CLOSED = "closed"


NOTE_LABELS = {
    NoteState.SENT: "待机构答复",
    NoteState.ANSWERED: "已答复，待核",
    NoteState.RETURNED: "已退回，待重新答复",
    NoteState.CLOSED: "已办结",
}
WAITS_FOR_INSTITUTION = (NoteState.SENT, NoteState.RETURNED)


class ComplaintState(StrEnum):
    NEW = "new"
    ANSWERED = "answered"
    RAISED = "raised"
    SETTLED = "settled"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


COMPLAINT_LABELS = {
    ComplaintState.NEW: "办理中",
    ComplaintState.ANSWERED: "已答复",
    ComplaintState.RAISED: "管理部门处理中",
    ComplaintState.SETTLED: "管理部门已答复",
    ComplaintState.CLOSED: "已办结",
    ComplaintState.WITHDRAWN: "已撤回",
}


class Act(StrEnum):
    """Of notes and of complaints."""

    SEND = "send"
    ANSWER = "answer"
    RETURN = "return"
    CLOSE = "close"
    LIFT = "lift"
    FILE = "file"
    RAISE = "raise"
    SETTLE = "settle"
    RATE = "rate"
    WITHDRAW = "withdraw"
    LAPSE = "lapse"


@dataclass(frozen=True, slots=True)
class Transition:
    """From any of `sources` to `target`, by whom. `label` is the button and the line of the history."""

    act: Act
    label: str
    sources: tuple[StrEnum, ...]
    target: StrEnum
    permission: Permission


KEEP, FILE, TEND = Permission.OVERSIGHT_KEEP, Permission.COMPLAINT_FILE, Permission.OVERSIGHT_TEND
NOTE_STEPS = (
    Transition(Act.SEND, "发出督办", (), NoteState.SENT, KEEP),
    Transition(Act.ANSWER, "书面答复", WAITS_FOR_INSTITUTION, NoteState.ANSWERED, Permission.NOTE_ANSWER),
    Transition(Act.RETURN, "退回重新答复", (NoteState.ANSWERED,), NoteState.RETURNED, KEEP),
    Transition(Act.CLOSE, "办结", (NoteState.ANSWERED,), NoteState.CLOSED, KEEP),
    Transition(Act.LIFT, "撤销督办", WAITS_FOR_INSTITUTION, NoteState.CLOSED, KEEP),
)
_NEW, _ANSWERED, _RAISED, _SETTLED = (
    ComplaintState.NEW, ComplaintState.ANSWERED, ComplaintState.RAISED, ComplaintState.SETTLED
)  # fmt: skip
COMPLAINT_STEPS = (
    Transition(Act.FILE, "提出投诉", (), _NEW, FILE),
    Transition(Act.ANSWER, "书面答复", (_NEW,), _ANSWERED, Permission.COMPLAINT_ANSWER),
    # Once: nothing leads back to where it starts. Before an answer only when that is late (`may_raise`).
    Transition(Act.RAISE, "上报管理部门", (_NEW, _ANSWERED), _RAISED, FILE),
    Transition(Act.SETTLE, "管理部门答复", (_RAISED,), _SETTLED, KEEP),
    Transition(Act.RATE, "评价并办结", (_ANSWERED, _SETTLED), ComplaintState.CLOSED, FILE),
    Transition(Act.WITHDRAW, "撤回投诉", (_NEW, _ANSWERED, _RAISED), ComplaintState.WITHDRAWN, FILE),
    Transition(Act.LAPSE, "答复后到期办结", (_ANSWERED, _SETTLED), ComplaintState.CLOSED, TEND),
)
NOTE_STEP = {one.act: one for one in NOTE_STEPS}
COMPLAINT_STEP = {one.act: one for one in COMPLAINT_STEPS}
COMPLAINT_OPEN = (_NEW, _RAISED)


class Topic(StrEnum):
    """What a complaint is about, as statistics tell it apart."""

    SLOW = "slow"
    FEES = "fees"
    REFUSAL = "refusal"
    READING = "reading"
    CONDUCT = "conduct"
    OTHER = "other"


TOPIC_LABELS = {
    Topic.SLOW: "办理拖延、无人联系",
    Topic.FEES: "收费、利率与约定不符",
    Topic.REFUSAL: "拒绝的理由不实或不说明",
    Topic.READING: "未经同意查询信用信息",
    Topic.CONDUCT: "服务态度、捆绑搭售",
    Topic.OTHER: "其他",
}


class Matter(StrEnum):
    """Which business a complaint names; "" none."""

    NONE = ""
    APPLICATION = "application"
    LOAN = "loan"
    READING = "reading"


MATTER_LABELS = {Matter.APPLICATION: "融资申请", Matter.LOAN: "借据", Matter.READING: "查询的报告"}

# Working days that a regulator may give an institution, and what the form proposes.
NOTE_DAYS, NOTE_DAYS_MAX = 3, 20
# An answer that nobody reacts to counts as read after this (as for disputes).
CLOSE_DAYS_AFTER_ANSWER = 30
# The answering side is reminded so many days before the last one.
REMIND_DAYS_BEFORE = 3
# A complaint's file is evidence while a court may be asked (three years), and erased then.
KEEP_FILE_DAYS = 3 * 365
SATISFACTION = {5: "非常满意", 4: "满意", 3: "一般", 2: "不满意", 1: "非常不满意"}
SATISFIED = 4  # this mark and better count as satisfied
SATISFACTION_LEAST, SATISFACTION_MOST = min(SATISFACTION), max(SATISFACTION)
TEXT_LENGTH, CASE_LENGTH = (4, 1_000), (4, 40)
# A look is good for a week; one for a registered case until its end, after which the enterprise sees it.
LOOK_DAYS, CASE_DAYS_MAX = 7, 90


class LookState(StrEnum):
    ASKED = "asked"
    OPEN = "open"
    REFUSED = "refused"


LOOK_LABELS = {LookState.ASKED: "待同事同意", LookState.OPEN: "可查阅", LookState.REFUSED: "未同意"}


def due_on(started_on: date, days: int) -> date:
    """Natural days; the first does not count, the last counts in full."""
    return started_on + days * ONE_DAY


def may_raise(state: str, due: date, today: date) -> bool:
    """With an answer in hand at once; without one when it is late."""
    return state == ComplaintState.ANSWERED or (state == ComplaintState.NEW and due < today)


def why_not_text(text: str, field: str = "text") -> list[Reason]:
    return _length(text, field, TEXT_LENGTH)


def why_not_note(text: str, days: int) -> list[Reason]:
    reasons = why_not_text(text)
    if not 1 <= days <= NOTE_DAYS_MAX:
        reasons.append(Reason("days", f"答复期限为 1 至 {NOTE_DAYS_MAX} 个工作日。"))
    return reasons


def why_not_look(
    case_number: str, reason: str, *, is_case: bool, ends_on: date | None, today: date
) -> list[Reason]:  # fmt: skip
    """Everything that stands against it. Only a registered case may be delayed, and never for longer than the limit."""
    reasons = _length(case_number, "case_number", CASE_LENGTH) + _length(reason, "reason", TEXT_LENGTH)
    if is_case and (ends_on is None or not today < ends_on <= today + CASE_DAYS_MAX * ONE_DAY):
        reasons.append(Reason("ends_on", f"请填写截止日：自明日起，最迟不超过 {CASE_DAYS_MAX} 日。"))
    return reasons


def _length(text: str, field: str, span: tuple[int, int]) -> list[Reason]:
    least, most = span
    return [] if least <= len(text) <= most else [Reason(field, f"请用文字写明（{least} 至 {most} 个字）。")]
