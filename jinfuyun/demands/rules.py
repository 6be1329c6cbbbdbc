"""How a demand moves, how many may answer it, how long each has, and the coded reasons. No database."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from jinfuyun.kit.calendar import SEEDED, Due, Notices, due_after
from jinfuyun.kit.permissions import Permission
from jinfuyun.kit.refusals import BASIS_LABELS, Basis


class State(StrEnum):
    DRAFT = "draft"
    OPEN = "open"
    CLAIMED = "claimed"
    ASSIGNED = "assigned"
    PROPOSED = "proposed"
    CHOSEN = "chosen"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    UNMET = "unmet"


STATE_LABELS = {
    State.DRAFT: "草稿",
    State.OPEN: "已发布",
    State.CLAIMED: "抢单中",
    State.ASSIGNED: "派单中",
    State.PROPOSED: "已获意向方案",
    State.CHOSEN: "已选定",
    State.CLOSED: "办结",
    State.WITHDRAWN: "撤回",
    State.EXPIRED: "过期",
    State.UNMET: "未达成",
}
LIVE = (State.OPEN, State.CLAIMED, State.ASSIGNED, State.PROPOSED)
ANSWERED = (State.CLAIMED, State.ASSIGNED, State.PROPOSED)  # somebody is at it

# What comes next, as the enterprise reads it.
NEXT_STEP = {
    State.OPEN: "等待机构抢单",
    State.CLAIMED: "机构编写意向方案",
    State.ASSIGNED: "被派单机构答复是否接单",
    State.PROPOSED: "查看并比较方案，选定一家",
    State.CHOSEN: "机构办理融资申请",
}


class PartyState(StrEnum):
    """How an institution stands to a demand."""

    INVITED = "invited"
    HOLDING = "holding"
    PROPOSED = "proposed"
    HANDED_BACK = "handed_back"
    LAPSED = "lapsed"
    CHOSEN = "chosen"
    PASSED_OVER = "passed_over"
    ENDED = "ended"


PARTY_LABELS = {
    PartyState.INVITED: "派单待答复",
    PartyState.HOLDING: "待提交方案",
    PartyState.PROPOSED: "已提交方案",
    PartyState.HANDED_BACK: "已退回",
    PartyState.LAPSED: "逾期失效",
    PartyState.CHOSEN: "已被选定",
    PartyState.PASSED_OVER: "未被选定",
    PartyState.ENDED: "需求已结束",
}
AT_IT = (PartyState.INVITED, PartyState.HOLDING, PartyState.PROPOSED)


class Origin(StrEnum):
    CLAIM = "claim"
    ASSIGNMENT = "assignment"


ORIGIN_LABELS = {Origin.CLAIM: "抢单", Origin.ASSIGNMENT: "派单"}


class Act(StrEnum):
    POST = "post"
    CLAIM = "claim"
    ASSIGN = "assign"
    TAKE = "take"
    PROPOSE = "propose"
    HAND_BACK = "hand_back"
    LAPSE = "lapse"
    LOOK = "look"
    DISCLOSE = "disclose"
    CHOOSE = "choose"
    DECLINE = "decline"
    WITHDRAW = "withdraw"
    EXPIRE = "expire"
    ESCALATE = "escalate"
    FINISH = "finish"
    FALL_THROUGH = "fall_through"


PLACES = 5  # institutions at one demand at a time: enough to compare, few enough to be called back


@dataclass(frozen=True, slots=True)
class Around:
    """The institutions at a demand: before a claim, and after somebody left."""

    invited: int = 0
    holding: int = 0
    proposals: int = 0

    @property
    def places_taken(self) -> int:
        return self.invited + self.holding + self.proposals


class Guard(StrEnum):
    NONE = "none"
    PLACE_LEFT = "place_left"
    NOBODY_LEFT = "nobody_left"
    ONLY_INVITED_LEFT = "only_invited_left"
    HOLDER_LEFT = "holder_left"
    PROPOSAL_LEFT = "proposal_left"


GUARDS: dict[Guard, Callable[[Around], bool]] = {
    Guard.NONE: lambda around: True,
    Guard.PLACE_LEFT: lambda around: around.places_taken < PLACES,
    Guard.NOBODY_LEFT: lambda around: around.places_taken == 0,
    Guard.ONLY_INVITED_LEFT: lambda around: around.invited > 0 and not around.holding and not around.proposals,
    Guard.HOLDER_LEFT: lambda around: around.holding > 0 and not around.proposals,
    Guard.PROPOSAL_LEFT: lambda around: around.proposals > 0,
}


@dataclass(frozen=True, slots=True)
class Transition:
    """From any of `sources` to `target`, by whom, if the guard holds. `label` is the button and the line of history."""

    act: Act
    label: str
    sources: tuple[State, ...]
    target: State
    permission: Permission
    guard: Guard = Guard.NONE


ASK, HANDLE, TEND = Permission.DEMAND_POST, Permission.DEMAND_HANDLE, Permission.DEMAND_TEND

TRANSITIONS = (
    Transition(Act.POST, "发布需求", (State.DRAFT,), State.OPEN, ASK),
    Transition(Act.CLAIM, "抢单", (State.OPEN, State.CLAIMED, State.ASSIGNED), State.CLAIMED, HANDLE, Guard.PLACE_LEFT),
    Transition(Act.CLAIM, "抢单", (State.PROPOSED,), State.PROPOSED, HANDLE, Guard.PLACE_LEFT),
    Transition(Act.ASSIGN, "平台派单", (State.OPEN,), State.ASSIGNED, TEND, Guard.NOBODY_LEFT),
    Transition(Act.TAKE, "接单", (State.CLAIMED, State.ASSIGNED), State.CLAIMED, HANDLE),
    Transition(Act.TAKE, "接单", (State.PROPOSED,), State.PROPOSED, HANDLE),
    Transition(Act.PROPOSE, "提交意向方案", (State.CLAIMED, State.PROPOSED), State.PROPOSED, HANDLE),
    Transition(Act.HAND_BACK, "退回", ANSWERED, State.PROPOSED, HANDLE, Guard.PROPOSAL_LEFT),
    Transition(Act.HAND_BACK, "退回", ANSWERED, State.CLAIMED, HANDLE, Guard.HOLDER_LEFT),
    Transition(Act.HAND_BACK, "退回", ANSWERED, State.ASSIGNED, HANDLE, Guard.ONLY_INVITED_LEFT),
    Transition(Act.HAND_BACK, "退回", ANSWERED, State.OPEN, HANDLE, Guard.NOBODY_LEFT),
    Transition(Act.LAPSE, "逾期失效", ANSWERED, State.PROPOSED, TEND, Guard.PROPOSAL_LEFT),
    Transition(Act.LAPSE, "逾期失效", ANSWERED, State.CLAIMED, TEND, Guard.HOLDER_LEFT),
    Transition(Act.LAPSE, "逾期失效", ANSWERED, State.ASSIGNED, TEND, Guard.ONLY_INVITED_LEFT),
    Transition(Act.LAPSE, "逾期失效", ANSWERED, State.OPEN, TEND, Guard.NOBODY_LEFT),
    Transition(Act.LOOK, "查看意向方案", (State.PROPOSED,), State.PROPOSED, ASK),
    Transition(Act.DISCLOSE, "同意透露名称和联系方式", (State.CLAIMED,), State.CLAIMED, ASK),
    Transition(Act.DISCLOSE, "同意透露名称和联系方式", (State.PROPOSED,), State.PROPOSED, ASK),
    Transition(Act.CHOOSE, "选定方案", (State.PROPOSED,), State.CHOSEN, ASK),
    Transition(Act.DECLINE, "结束需求：未达成", LIVE, State.UNMET, ASK),
    Transition(Act.WITHDRAW, "撤回需求", LIVE, State.WITHDRAWN, ASK),
    Transition(Act.EXPIRE, "到期", LIVE, State.EXPIRED, TEND),
    Transition(Act.ESCALATE, "列入督办", (State.OPEN,), State.OPEN, TEND),
    Transition(Act.ESCALATE, "列入督办", (State.CLAIMED,), State.CLAIMED, TEND),
    Transition(Act.ESCALATE, "列入督办", (State.ASSIGNED,), State.ASSIGNED, TEND),
    Transition(Act.FINISH, "融资办成", (State.CHOSEN,), State.CLOSED, TEND),
    Transition(Act.FALL_THROUGH, "所选申请未办成", (State.CHOSEN,), State.UNMET, TEND),
)
ACT_LABELS = {one.act: one.label for one in TRANSITIONS}


def transition(act: Act, state: str, around: Around) -> Transition | None:
    """The row that allows it; None if there is none."""
    rows = (row for row in TRANSITIONS if row.act is act and state in row.sources and GUARDS[row.guard](around))
    return next(rows, None)


# Working days of each clock (平台需求对接规则, sandbox).
ASSIGN_AFTER_DAYS, ESCALATE_AFTER_DAYS = 2, 5
ANSWER_DAYS, PROPOSE_DAYS = 1, 3
PARTY_DAYS = {PartyState.INVITED: ANSWER_DAYS, PartyState.HOLDING: PROPOSE_DAYS}
OPEN_DAYS, OPEN_DAYS_MAX = 30, 90  # calendar days that a demand stays open, if the enterprise says nothing else
LIVE_MAX = 5  # demands of one enterprise at a time


def party_due(state: PartyState, since: date, notices: Notices = SEEDED) -> Due | None:
    """Until when an institution has to act; None where it has nothing to do."""
    days = PARTY_DAYS.get(state)
    return None if days is None else due_after(since, days, notices)


def is_over(since: date, working_days: int, today: date, notices: Notices = SEEDED) -> bool:
    """Whether that many working days after `since` have passed in full."""
    return due_after(since, working_days, notices).day < today


class LoanKind(StrEnum):
    FIRST = "first"
    FURTHER = "further"
    RENEWAL = "renewal"


LOAN_KIND_LABELS = {LoanKind.FIRST: "首贷（从未贷过款）", LoanKind.FURTHER: "新增", LoanKind.RENEWAL: "续贷"}

# Why an institution hands back, and on what basis; the words are what the enterprise reads.
_HAND_BACKS = (
    ("no_product", "没有适合的产品", Basis.POLICY),
    ("out_of_region", "不在服务区域", Basis.POLICY),
    ("out_of_policy", "行业或用途不在准入范围", Basis.POLICY),
    ("terms", "金额、期限或利率达不到", Basis.POLICY),
    ("unreachable", "无法与企业取得联系", Basis.INCOMPLETE),
    ("capacity", "近期无法按时对接", Basis.POLICY),
)
HAND_BACK_REASONS = {code: f"{label}（{BASIS_LABELS[basis]}）" for code, label, basis in _HAND_BACKS}
HAND_BACK_BASIS = {code: basis for code, _, basis in _HAND_BACKS}
# Why nothing came of it, as the enterprise or the platform says; the institutions at it read it too.
_UNMET = (
    ("rate", "利率或费用偏高", "方案条件"),
    ("amount", "金额或期限不合适", "方案条件"),
    ("security", "担保要求达不到", "方案条件"),
    ("slow", "对接太慢", "机构办理"),
    ("elsewhere", "已通过其他渠道解决", "企业情况"),
    ("no_need", "暂时不需要了", "企业情况"),
    ("application_ended", "所选机构的申请未办成", "办理结果"),
)
UNMET_REASONS = {code: f"{label}（{basis}）" for code, label, basis in _UNMET}
UNMET_BY_PLATFORM = ("application_ended",)
# Why a proposal was not taken while another was, and with it every reason why an institution is at a demand no more.
NOT_CHOSEN = "not_chosen"
LEFT_REASONS = HAND_BACK_REASONS | UNMET_REASONS | {NOT_CHOSEN: "企业选定了其他方案（企业选择）"}
LEFT_TEXT_LENGTH_MAX = 200
