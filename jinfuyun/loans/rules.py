"""The words of credit lines and loans, and the two tables of how they move. No database."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from jinfuyun.kit.lending import Security
from jinfuyun.kit.period import months_after
from jinfuyun.kit.permissions import Permission
from jinfuyun.kit.reasons import Reason

# -- credit lines ----------------------------------------------------------------------------------------------------


class LineState(StrEnum):
    IN_FORCE = "in_force"
    USED = "used"
    FROZEN = "frozen"
    EXPIRED = "expired"
    CLOSED = "closed"


LINE_LABELS = {
    LineState.IN_FORCE: "生效",
    LineState.USED: "已用完",
    LineState.FROZEN: "冻结",
    LineState.EXPIRED: "到期",
    LineState.CLOSED: "终止",
}


class LineAct(StrEnum):
    OPEN = "open"
    USE_UP = "use_up"
    FREE = "free"
    FREEZE = "freeze"
    UNFREEZE = "unfreeze"
    EXPIRE = "expire"
    CLOSE = "close"


@dataclass(frozen=True, slots=True)
class LineStep:
    """From any of `sources` to `target`, by whom. `label` is the button and the word in the book."""

    act: LineAct
    label: str
    sources: tuple[LineState, ...]
    target: LineState
    permission: Permission


KEEP, DECIDE, TEND = Permission.LOAN_KEEP, Permission.LOAN_DECIDE, Permission.LOAN_TEND
LINE_STEPS = (
    LineStep(LineAct.OPEN, "授信生效", (), LineState.IN_FORCE, KEEP),
    LineStep(LineAct.USE_UP, "一次性额度用完", (LineState.IN_FORCE,), LineState.USED, KEEP),
    LineStep(LineAct.FREE, "冲正放款，额度恢复", (LineState.USED,), LineState.IN_FORCE, DECIDE),
    LineStep(LineAct.FREEZE, "冻结额度", (LineState.IN_FORCE,), LineState.FROZEN, DECIDE),
    LineStep(LineAct.UNFREEZE, "解除冻结", (LineState.FROZEN,), LineState.IN_FORCE, DECIDE),
    LineStep(LineAct.EXPIRE, "额度到期", (LineState.IN_FORCE, LineState.FROZEN), LineState.EXPIRED, TEND),
    LineStep(
        LineAct.CLOSE, "终止额度", (LineState.IN_FORCE, LineState.FROZEN, LineState.USED), LineState.CLOSED, DECIDE
    ),
)  # fmt: skip
LINE_STEP = {step.act: step for step in LINE_STEPS}
# Money may still come out of it: the business between the two is not over.
LINE_OPEN = (LineState.IN_FORCE, LineState.FROZEN)

# -- loans -----------------------------------------------------------------------------------------------------------


class State(StrEnum):
    REPAYING = "repaying"
    OVERDUE = "overdue"
    COMPENSATED = "compensated"
    WRITTEN_OFF = "written_off"
    SETTLED = "settled"
    REVERSED = "reversed"


STATE_LABELS = {
    State.REPAYING: "还款中",
    State.OVERDUE: "逾期",
    State.COMPENSATED: "已代偿（追偿中）",
    State.WRITTEN_OFF: "已核销（债权保留）",
    State.SETTLED: "已结清",
    State.REVERSED: "已冲正",
}
LIVING = (State.REPAYING, State.OVERDUE)
# The enterprise owes somebody something.
OWING = (*LIVING, State.COMPENSATED, State.WRITTEN_OFF)


class Grade(StrEnum):
    """五级分类, an axis of its own; the last three are bad."""

    NORMAL = "normal"
    WATCHED = "watched"
    SUBSTANDARD = "substandard"
    DOUBTFUL = "doubtful"
    LOSS = "loss"


GRADE_LABELS = {
    Grade.NORMAL: "正常",
    Grade.WATCHED: "关注",
    Grade.SUBSTANDARD: "次级",
    Grade.DOUBTFUL: "可疑",
    Grade.LOSS: "损失",
}
BAD_GRADES = (Grade.SUBSTANDARD, Grade.DOUBTFUL, Grade.LOSS)


class Way(StrEnum):
    """How a loan was settled."""

    ON_TIME = "on_time"
    EARLY = "early"
    LATE = "late"
    RENEWED = "renewed"
    COMPENSATED = "compensated"


WAY_LABELS = {
    Way.ON_TIME: "到期结清",
    Way.EARLY: "提前结清",
    Way.LATE: "逾期后结清",
    Way.RENEWED: "续贷结清",
    Way.COMPENSATED: "代偿结清",
}


class Renewal(StrEnum):
    """续贷: the money of this loan pays an older one; 无还本: without the enterprise paying it back first."""

    NONE = ""
    NEW_FOR_OLD = "new_for_old"
    NO_PRINCIPAL = "no_principal"


RENEWAL_LABELS = {Renewal.NONE: "否", Renewal.NEW_FOR_OLD: "续贷（借新还旧）", Renewal.NO_PRINCIPAL: "无还本续贷"}


class Act(StrEnum):
    DRAW = "draw"
    REPAY = "repay"
    FALL_OVERDUE = "fall_overdue"
    PROLONG = "prolong"
    SETTLE = "settle"
    PAY_OUT = "pay_out"
    RECOVER = "recover"
    WRITE_OFF = "write_off"
    GRADE = "grade"
    REVERSE = "reverse"


@dataclass(frozen=True, slots=True)
class Transition:
    """From any of `sources` to `target`, or to where the sums lead (None); by whom. `label`: button, line, book."""

    act: Act
    label: str
    sources: tuple[State, ...]
    target: State | None
    permission: Permission


TRANSITIONS = (
    Transition(Act.DRAW, "放款", (), State.REPAYING, KEEP),
    Transition(Act.REPAY, "还款", (*LIVING, State.WRITTEN_OFF), None, KEEP),
    Transition(Act.FALL_OVERDUE, "转为逾期", (State.REPAYING,), State.OVERDUE, TEND),
    Transition(Act.PROLONG, "展期", (State.REPAYING,), None, KEEP),
    Transition(Act.SETTLE, "结清", OWING, State.SETTLED, KEEP),
    Transition(Act.PAY_OUT, "代偿", (State.OVERDUE,), State.COMPENSATED, DECIDE),
    Transition(Act.RECOVER, "追偿收回", (State.COMPENSATED,), None, KEEP),
    Transition(Act.WRITE_OFF, "核销", (State.OVERDUE,), State.WRITTEN_OFF, DECIDE),
    Transition(Act.GRADE, "调整五级分类", (*LIVING, State.WRITTEN_OFF), None, KEEP),
    Transition(Act.REVERSE, "冲正", (*OWING, State.SETTLED), None, DECIDE),
)
TRANSITION = {transition.act: transition for transition in TRANSITIONS}
# What people enter; the rest are marks of the calendar, and what undoes an entry. A reversal works the marks out anew.
ENTERED = (Act.REPAY, Act.PROLONG, Act.SETTLE, Act.PAY_OUT, Act.RECOVER, Act.WRITE_OFF, Act.GRADE)

# -- what stands against a drawdown ----------------------------------------------------------------------------------

FEN_PER_WAN = 1_000_000
RATE_BP_MAX = 3_600
PURPOSE_LENGTH_MAX = 200
REASON_LENGTH = (4, 200)
REFERENCE_LENGTH_MAX = 40
# Whoever guarantees may have to pay out.
GUARANTEED = (Security.GUARANTEE, Security.COMBINED)
# The enterprise is asked to check amount and rate again on these days after the report.
REMIND_AFTER_DAYS = (3, 7)
# So long before the last day the bank's desk and the enterprise's page speak of renewal.
RENEWAL_DAYS = 60


@dataclass(frozen=True, slots=True)
class Drawdown:
    """What the institution reports of money paid out."""

    amount_fen: int
    rate_bp: int
    on: date
    due_on: date
    purpose: str
    purpose_text: str = ""
    is_entrusted: bool = False  # 受托支付: paid straight to the enterprise's counterparty
    is_first_loan: bool = False
    renewal: Renewal = Renewal.NONE
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Room:
    """What a line still allows."""

    state: LineState
    from_on: date
    until_on: date
    left_fen: int
    rate_bp: int
    term_months: int


def why_not_draw(drawdown: Drawdown, room: Room, *, today: date) -> list[Reason]:
    """Every reason against the drawdown, field by field."""
    reasons = []
    if room.state is not LineState.IN_FORCE:
        reasons.append(Reason("", f"授信额度{LINE_LABELS[room.state]}，不能放款。"))
    if not 0 < drawdown.amount_fen <= room.left_fen:
        reasons.append(Reason("amount", f"放款金额须大于零，不超过可用额度 {room.left_fen / FEN_PER_WAN:g} 万元。"))
    if not 0 < drawdown.rate_bp <= min(room.rate_bp, RATE_BP_MAX):
        reasons.append(Reason("rate", f"放款利率不能高于授信利率 {room.rate_bp / 100:.2f}%。"))
    if not room.from_on <= drawdown.on <= min(today, room.until_on):
        reasons.append(Reason("on", f"放款日须在 {room.from_on} 至 {room.until_on} 的额度有效期内，不能晚于今天。"))
    latest = months_after(drawdown.on, room.term_months)
    if not drawdown.on < drawdown.due_on <= latest:
        reasons.append(Reason("due_on", f"到期日须晚于放款日，期限不超过 {room.term_months} 个月。"))
    if len(drawdown.purpose_text) > PURPOSE_LENGTH_MAX:
        reasons.append(Reason("purpose_text", f"用途说明不超过 {PURPOSE_LENGTH_MAX} 个字。"))
    return reasons + why_not_reference(drawdown.reference)


def why_not_reference(reference: str) -> list[Reason]:
    """The institution's own number of an entry; a sheet needs one, a form may do without."""
    if len(reference) > REFERENCE_LENGTH_MAX:
        return [Reason("reference", f"流水号不超过 {REFERENCE_LENGTH_MAX} 个字。")]
    return []


def why_not_text(text: str, field: str) -> list[Reason]:
    least, most = REASON_LENGTH
    return [] if least <= len(text) <= most else [Reason(field, f"请用文字说明（{least} 至 {most} 个字）。")]


def reminder(reported_on: date, today: date) -> int:
    """The last of REMIND_AFTER_DAYS that is reached; 0 before the first."""
    return max((days for days in REMIND_AFTER_DAYS if (today - reported_on).days >= days), default=0)


# -- sheets of entries -----------------------------------------------------------------------------------------------


class UploadState(StrEnum):
    WAITING = "waiting"
    DONE = "done"
    REFUSED = "refused"


UPLOAD_LABELS = {UploadState.WAITING: "处理中", UploadState.DONE: "已处理", UploadState.REFUSED: "未受理"}
# A bank's day is some thousand entries; a sheet beyond this is cut in two rather than kept waiting for.
UPLOAD_BYTES_MAX = 5 << 20
UPLOAD_ROWS_MAX = 20_000
WRONG_SHOWN_MAX = 100
