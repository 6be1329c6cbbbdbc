"""How an application moves, who holds it, how long each may take, and why it may be refused. No database."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from jinfuyun.kit.calendar import SEEDED, Notices, due_after, working_days_between
from jinfuyun.kit.lending import Security
from jinfuyun.kit.permissions import Permission
from jinfuyun.kit.reasons import Reason


class State(StrEnum):
    SUBMITTED = "submitted"
    DECLINED_INTAKE = "declined_intake"
    ACCEPTED = "accepted"
    CONTACTED = "contacted"
    UNDER_REVIEW = "under_review"
    ACTION_REQUIRED = "action_required"
    APPROVED = "approved"
    REJECTED = "rejected"
    RECONSIDERING = "reconsidering"
    OFFER_ACCEPTED = "offer_accepted"
    OFFER_DECLINED = "offer_declined"
    CONTRACTED = "contracted"
    FUNDED = "funded"
    WITHDRAWN = "withdrawn"


STATE_LABELS = {
    State.SUBMITTED: "已提交",
    State.DECLINED_INTAKE: "不予受理",
    State.ACCEPTED: "已受理",
    State.CONTACTED: "已对接",
    State.UNDER_REVIEW: "审批中",
    State.ACTION_REQUIRED: "待补件",
    State.APPROVED: "审批通过（已批复）",
    State.REJECTED: "未通过",
    State.RECONSIDERING: "复议中",
    State.OFFER_ACCEPTED: "企业确认",
    State.OFFER_DECLINED: "企业放弃",
    State.CONTRACTED: "已签约",
    State.FUNDED: "首笔放款",
    State.WITHDRAWN: "撤回",
}

ENDED = frozenset({State.DECLINED_INTAKE, State.REJECTED, State.OFFER_DECLINED, State.FUNDED, State.WITHDRAWN})
OPEN = tuple(state for state in State if state not in ENDED)
APPROVED_EVER = (
    State.APPROVED, State.OFFER_ACCEPTED, State.OFFER_DECLINED, State.CONTRACTED, State.FUNDED
)  # fmt: skip


class Holder(StrEnum):
    """Whose turn it is."""

    INSTITUTION = "institution"
    ENTERPRISE = "enterprise"
    NOBODY = "nobody"


HOLDER: dict[State, Holder] = {
    State.SUBMITTED: Holder.INSTITUTION,
    State.ACCEPTED: Holder.INSTITUTION,
    State.CONTACTED: Holder.INSTITUTION,
    State.UNDER_REVIEW: Holder.INSTITUTION,
    State.RECONSIDERING: Holder.INSTITUTION,
    State.ACTION_REQUIRED: Holder.ENTERPRISE,
    State.APPROVED: Holder.ENTERPRISE,
    State.OFFER_ACCEPTED: Holder.INSTITUTION,
    State.CONTRACTED: Holder.INSTITUTION,
    **dict.fromkeys(ENDED, Holder.NOBODY),
}

# What the holder has to do next, as both sides read it.
NEXT_STEP: dict[State, str] = {
    State.SUBMITTED: "机构决定是否受理",
    State.ACCEPTED: "机构与企业联系",
    State.CONTACTED: "机构开始审批",
    State.UNDER_REVIEW: "机构作出审批决定",
    State.RECONSIDERING: "机构由另一位审批人复议",
    State.ACTION_REQUIRED: "企业补充材料（机构办理时限暂停）",
    State.APPROVED: "企业确认或放弃批复方案",
    State.OFFER_ACCEPTED: "双方签订合同",
    State.CONTRACTED: "机构发放首笔款项",
}


class Clock(StrEnum):
    """What a move does to the running clock."""

    ACCEPT = "accept"
    CONTACT = "contact"
    DECIDE = "decide"
    RECONSIDER = "reconsider"
    DISBURSE = "disburse"
    GO_ON = "go_on"
    PAUSE = "pause"
    RESUME = "resume"
    OFFER = "offer"
    STOP = "stop"


# Those for which the calendar of working days is looked at.
COUNTING = frozenset(Clock) - {Clock.GO_ON, Clock.OFFER, Clock.STOP}


class Act(StrEnum):
    SUBMIT = "submit"
    ACCEPT = "accept"
    DECLINE_INTAKE = "decline_intake"
    CONTACT = "contact"
    REVIEW = "review"
    ASK_MORE = "ask_more"
    SUPPLY = "supply"
    APPROVE = "approve"
    REJECT = "reject"
    APPEAL = "appeal"
    UPHOLD = "uphold"
    REOPEN = "reopen"
    ACCEPT_OFFER = "accept_offer"
    DECLINE_OFFER = "decline_offer"
    LAPSE_OFFER = "lapse_offer"
    SIGN = "sign"
    FUND = "fund"
    WITHDRAW = "withdraw"
    REASSIGN = "reassign"  # another person handles it: no step of the table, the state stays


@dataclass(frozen=True, slots=True)
class Transition:
    """From any of `sources` to `target`, by whom, and what becomes of the clock. `label` is the button."""

    act: Act
    label: str
    sources: tuple[State, ...]
    target: State
    permission: Permission
    clock: Clock


BEFORE_CONTRACT = (
    State.SUBMITTED, State.ACCEPTED, State.CONTACTED, State.UNDER_REVIEW, State.ACTION_REQUIRED, State.RECONSIDERING,
    State.APPROVED, State.OFFER_ACCEPTED,
)  # fmt: skip
HANDLE, DECIDE, ANSWER = (
    Permission.APPLICATION_HANDLE, Permission.APPLICATION_DECIDE, Permission.APPLICATION_ANSWER
)  # fmt: skip
SUPPLY, WITHDRAW, TEND = (
    Permission.APPLICATION_SUPPLY, Permission.APPLICATION_WITHDRAW, Permission.APPLICATION_TEND
)  # fmt: skip

TRANSITIONS = (
    Transition(Act.ACCEPT, "受理", (State.SUBMITTED,), State.ACCEPTED, HANDLE, Clock.CONTACT),
    Transition(Act.DECLINE_INTAKE, "不予受理", (State.SUBMITTED,), State.DECLINED_INTAKE, HANDLE, Clock.STOP),
    Transition(Act.CONTACT, "登记已对接", (State.ACCEPTED,), State.CONTACTED, HANDLE, Clock.DECIDE),
    Transition(Act.REVIEW, "开始审批", (State.CONTACTED,), State.UNDER_REVIEW, HANDLE, Clock.GO_ON),
    Transition(Act.ASK_MORE, "要求补件", (State.UNDER_REVIEW,), State.ACTION_REQUIRED, HANDLE, Clock.PAUSE),
    Transition(Act.SUPPLY, "提交补充说明", (State.ACTION_REQUIRED,), State.UNDER_REVIEW, SUPPLY, Clock.RESUME),
    Transition(Act.APPROVE, "审批通过", (State.UNDER_REVIEW,), State.APPROVED, DECIDE, Clock.OFFER),
    Transition(Act.REJECT, "不通过", (State.UNDER_REVIEW,), State.REJECTED, DECIDE, Clock.STOP),
    Transition(Act.APPEAL, "申请复议", (State.REJECTED,), State.RECONSIDERING, SUPPLY, Clock.RECONSIDER),
    Transition(Act.UPHOLD, "维持原决定", (State.RECONSIDERING,), State.REJECTED, DECIDE, Clock.STOP),
    Transition(Act.REOPEN, "恢复审批", (State.RECONSIDERING,), State.UNDER_REVIEW, DECIDE, Clock.DECIDE),
    Transition(Act.ACCEPT_OFFER, "确认接受", (State.APPROVED,), State.OFFER_ACCEPTED, ANSWER, Clock.DISBURSE),
    Transition(Act.DECLINE_OFFER, "放弃", (State.APPROVED,), State.OFFER_DECLINED, ANSWER, Clock.STOP),
    Transition(Act.LAPSE_OFFER, "逾期未确认", (State.APPROVED,), State.OFFER_DECLINED, TEND, Clock.STOP),
    Transition(Act.SIGN, "登记已签约", (State.OFFER_ACCEPTED,), State.CONTRACTED, HANDLE, Clock.GO_ON),
    Transition(Act.FUND, "登记首笔放款", (State.CONTRACTED,), State.FUNDED, HANDLE, Clock.STOP),
    Transition(Act.WITHDRAW, "撤回申请", BEFORE_CONTRACT, State.WITHDRAWN, WITHDRAW, Clock.STOP),
)
TRANSITION = {transition.act: transition for transition in TRANSITIONS}
# Whose right each permission is.
SIDE = {
    HANDLE: Holder.INSTITUTION,
    DECIDE: Holder.INSTITUTION,
    ANSWER: Holder.ENTERPRISE,
    SUPPLY: Holder.ENTERPRISE,
    WITHDRAW: Holder.ENTERPRISE,
    TEND: Holder.NOBODY,
}

# Working days the platform allows (平台办理时限规则, sandbox); a product that promises less is held to its promise.
DAYS_MAX: dict[Clock, int] = {Clock.ACCEPT: 1, Clock.CONTACT: 3, Clock.DECIDE: 10, Clock.RECONSIDER: 5}
# From the enterprise's answer to the money: registering a mortgage takes its time.
DISBURSE_DAYS_MAX: dict[Security, int] = {
    Security.UNSECURED: 5,
    Security.GUARANTEE: 10,
    Security.PLEDGE: 15,
    Security.MORTGAGE: 20,
    Security.COMBINED: 20,
}
# A refusal may be appealed within as many working days as the review of it may take.
APPEAL_DAYS = DAYS_MAX[Clock.RECONSIDER]
# The person who handles it is reminded when so much of the clock is used up; 100: its last day has come.
REMIND_AT_PERCENT = (50, 80, 100)
# Later than this many working days after the last day, an administrator of the institution has to name somebody else.
LATE_DAYS_BEFORE_PASSING_ON = 1
# After a refusal the institution may still look, so that it can answer an objection within the legal twenty days.
KEEP_AFTER_REJECTION_DAYS = 20


@dataclass(frozen=True, slots=True)
class Promise:
    """Working days a product's version promises."""

    accept_days: int
    approve_days: int
    disburse_days: int


@dataclass(frozen=True, slots=True)
class Running:
    """A clock: `days` working days after `since`, so until `due_on`. Paused: only `days`, what is left of it."""

    since: date | None = None
    days: int | None = None
    due_on: date | None = None
    provisional: bool = False


STOPPED = Running()


def started(since: date, days: int, notices: Notices = SEEDED) -> Running:
    due = due_after(since, days, notices)
    return Running(since, days, due.day, due.provisional)


def after(
    clock: Clock, running: Running, *, today: date, promise: Promise, security: Security | None = None,
    offer_until: date | None = None, notices: Notices = SEEDED,
) -> Running:  # fmt: skip
    """The clock after a move of today. `security` for DISBURSE, `offer_until` for OFFER."""
    if clock is Clock.STOP:
        return STOPPED
    if clock is Clock.GO_ON:
        return running
    if clock is Clock.PAUSE:
        left = working_days_between(today, running.due_on, notices) if running.due_on else 0
        return Running(days=max(left, 1))  # a late bank still gets the day to go on
    if clock is Clock.RESUME:
        return started(today, running.days or 1, notices)
    if clock is Clock.OFFER:
        return Running(due_on=offer_until)
    return started(today, _days(clock, promise, security), notices)


def _days(clock: Clock, promise: Promise, security: Security | None) -> int:
    if clock is Clock.DISBURSE:
        limit = DISBURSE_DAYS_MAX[security or Security.COMBINED]
        return min(limit, promise.disburse_days)
    promised = {Clock.ACCEPT: promise.accept_days, Clock.DECIDE: promise.approve_days}
    return min(DAYS_MAX[clock], promised.get(clock, DAYS_MAX[clock]))


def reminder(running: Running, today: date, notices: Notices = SEEDED) -> int:
    """The last of REMIND_AT_PERCENT that the clock has reached; 0 before the first, and for one that stands still."""
    if running.since is None or not running.days or running.due_on is None:
        return 0
    percent = working_days_between(running.since, today, notices) * 100 // running.days
    return max((step for step in REMIND_AT_PERCENT if step <= percent), default=0)


def must_pass_on(due_on: date | None, today: date, notices: Notices = SEEDED) -> bool:
    """Whether it is so late that somebody else should handle it."""
    return due_on is not None and working_days_between(due_on, today, notices) > LATE_DAYS_BEFORE_PASSING_ON


def appeal_until(refused_on: date, notices: Notices = SEEDED) -> date:
    """The last day on which the enterprise may ask for a review of the refusal."""
    return due_after(refused_on, APPEAL_DAYS, notices).day


def is_late(due_on: date | None, today: date) -> bool:
    return due_on is not None and due_on < today


def release_on(target: State, today: date) -> date | None:
    """When the institution loses its place in the consent; never by this when money was lent."""
    if target is State.FUNDED:
        return None
    return today + timedelta(days=KEEP_AFTER_REJECTION_DAYS) if target is State.REJECTED else today


@dataclass(frozen=True, slots=True)
class Wish:
    """What an enterprise asks for: the three things that the platform cannot know."""

    amount_fen: int
    term_months: int
    purpose: str
    purpose_text: str = ""


@dataclass(frozen=True, slots=True)
class Offer:
    """What the institution approves. `valid_till`: the last day to accept it."""

    amount_fen: int
    rate_bp: int
    term_months: int
    security: Security
    repayment: str
    valid_till: date


@dataclass(frozen=True, slots=True)
class Bounds:
    """What the product's version allows."""

    amount_min_fen: int
    amount_max_fen: int
    term_min_months: int
    term_max_months: int
    rate_min_bp: int
    rate_max_bp: int
    securities: tuple[str, ...]
    repayments: tuple[str, ...]


OFFER_DAYS_MIN, OFFER_DAYS_MAX = 3, 90
FEN_PER_WAN = 1_000_000


def why_not_submit(wish: Wish, bounds: Bounds) -> list[Reason]:
    """What stands against the wish, field by field."""
    reasons = []
    if not bounds.amount_min_fen <= wish.amount_fen <= bounds.amount_max_fen:
        low, high = bounds.amount_min_fen / FEN_PER_WAN, bounds.amount_max_fen / FEN_PER_WAN
        reasons.append(Reason("amount", f"该产品的额度为 {low:g} 万元至 {high:g} 万元。"))
    if not bounds.term_min_months <= wish.term_months <= bounds.term_max_months:
        reasons.append(Reason("term", f"该产品的期限为 {bounds.term_min_months} 至 {bounds.term_max_months} 个月。"))
    if wish.purpose == "other" and len(wish.purpose_text) < 4:
        reasons.append(Reason("reason", "选择“其他经营用途”时，请用一句话说明。"))
    if len(wish.purpose_text) > 200:
        reasons.append(Reason("reason", "用途说明不超过 200 个字。"))
    return reasons


def why_not_offer(offer: Offer, bounds: Bounds, *, today: date) -> list[Reason]:
    """What stands against the offer: it may not be worse than the product promises."""
    reasons = []
    if not 0 < offer.amount_fen <= bounds.amount_max_fen:
        reasons.append(Reason("amount", f"批复金额不超过产品上限 {bounds.amount_max_fen / FEN_PER_WAN:g} 万元。"))
    if not 0 < offer.rate_bp <= bounds.rate_max_bp:
        reasons.append(Reason("rate", f"年化利率不能高于产品公布的上限 {bounds.rate_max_bp / 100:.2f}%。"))
    if not 1 <= offer.term_months <= bounds.term_max_months:
        reasons.append(Reason("term", f"期限为 1 至 {bounds.term_max_months} 个月。"))
    if offer.security not in bounds.securities:
        reasons.append(Reason("security", "担保方式不在产品公布的范围内。"))
    if offer.repayment not in bounds.repayments:
        reasons.append(Reason("repayment", "还款方式不在产品公布的范围内。"))
    if not OFFER_DAYS_MIN <= (offer.valid_till - today).days <= OFFER_DAYS_MAX:
        reasons.append(Reason("valid_till", f"批复有效期为 {OFFER_DAYS_MIN} 至 {OFFER_DAYS_MAX} 天。"))
    return reasons


@dataclass(frozen=True, slots=True)
class FirstDrawdown:
    """What the institution reports of the first money. `is_first_loan`: 首贷户, which only the institution knows."""

    amount_fen: int
    rate_bp: int
    on: date
    is_first_loan: bool


def why_not_drawdown(
    drawdown: FirstDrawdown, *, offered_fen: int, offered_rate_bp: int, signed_on: date | None, today: date
) -> list[Reason]:
    """What stands against the report of the first drawdown."""
    reasons = []
    if not 0 < drawdown.amount_fen <= offered_fen:
        reasons.append(Reason("amount", f"放款金额须大于零，不超过批复金额 {offered_fen / FEN_PER_WAN:g} 万元。"))
    if not 0 < drawdown.rate_bp <= offered_rate_bp:
        reasons.append(Reason("rate", f"放款利率不能高于批复利率 {offered_rate_bp / 100:.2f}%。"))
    if signed_on is None or not signed_on <= drawdown.on <= today:
        reasons.append(Reason("on", "放款日不能早于签约日，也不能晚于今天。"))
    return reasons
