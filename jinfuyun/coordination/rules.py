"""融资协调工作机制: how a declaration moves, the five standards, the month of an answer. No database."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from jinfuyun.kit.lending import LOAN_PURPOSE_LABELS
from jinfuyun.kit.period import months_after
from jinfuyun.kit.permissions import Permission
from jinfuyun.kit.reasons import Reason


class State(StrEnum):
    """Of a declaration."""

    DECLARED = "declared"
    RETURNED = "returned"
    RECOMMENDED = "recommended"
    GRANTED = "granted"
    UNMET = "unmet"
    WITHDRAWN = "withdrawn"


STATE_LABELS = {
    State.DECLARED: "申报清单",
    State.RETURNED: "已退回",
    State.RECOMMENDED: "推荐清单",
    State.GRANTED: "已获授信",
    State.UNMET: "未获授信",
    State.WITHDRAWN: "已撤回",
}
LIVE = (State.DECLARED, State.RECOMMENDED)
# What comes next, as the enterprise reads it.
NEXT_STEP = {
    State.DECLARED: "工作专班逐项核对五项标准，推荐给机构或退回",
    State.RECOMMENDED: "机构对接，一个月内答复是否授信",
}


class Answer(StrEnum):
    """How an institution stands to an enterprise that was recommended to it."""

    WAITING = "waiting"
    CONTACTED = "contacted"
    APPLIED = "applied"
    GRANTED = "granted"
    REFUSED = "refused"
    ENDED = "ended"


ANSWER_LABELS = {
    Answer.WAITING: "待对接",
    Answer.CONTACTED: "已对接",
    Answer.APPLIED: "已申请",
    Answer.GRANTED: "已授信",
    Answer.REFUSED: "不予授信",
    Answer.ENDED: "企业已撤回",
}
OPEN = (Answer.WAITING, Answer.CONTACTED, Answer.APPLIED)


class Origin(StrEnum):
    ENTERPRISE = "enterprise"
    REGULATOR = "regulator"
    DEMAND = "demand"
    VISIT = "visit"


ORIGIN_LABELS = {
    Origin.ENTERPRISE: "企业自主申报",
    Origin.REGULATOR: "工作专班列入",
    Origin.DEMAND: "由融资需求列入",
    Origin.VISIT: "走访后列入",
}

# 五项推荐标准, as the mechanism names them.
STANDARDS = {
    "compliant": "合规经营",
    "premises": "有固定经营场所",
    "need": "有真实融资需求",
    "credit": "信用状况良好",
    "use": "贷款用途依法合规",
}


class Act(StrEnum):
    DECLARE = "declare"  # the first step: there was nothing before
    JUDGE = "judge"
    RECOMMEND = "recommend"
    RETURN = "return"
    CONTACT = "contact"
    APPLY = "apply"
    GRANT = "grant"
    REFUSE = "refuse"
    WITHDRAW = "withdraw"
    OPT_OUT = "opt_out"


@dataclass(frozen=True, slots=True)
class Transition:
    """From any of `sources` to `target`, by whom.

    `of`, `to`: how the one institution that it is about has to stand, and stands then. `open_left`: whether an
    institution (for REFUSE: another one) still has to answer; None: all the same.
    """

    act: Act
    label: str
    sources: tuple[State, ...]
    target: State
    permission: Permission
    of: tuple[Answer, ...] = ()
    to: Answer | None = None
    open_left: bool | None = None


WORK, HANDLE = Permission.COORDINATION_WORK, Permission.COORDINATION_HANDLE
DECLARE, TEND = Permission.COORDINATION_DECLARE, Permission.COORDINATION_TEND
RECOMMENDED, GRANTED = State.RECOMMENDED, State.GRANTED

TRANSITIONS = (
    Transition(Act.JUDGE, "逐项核对五项标准", (State.DECLARED,), State.DECLARED, WORK),
    Transition(Act.RECOMMEND, "推荐给机构", (State.DECLARED, RECOMMENDED, State.UNMET), RECOMMENDED, WORK),
    Transition(Act.RETURN, "退回", (State.DECLARED,), State.RETURNED, WORK),
    Transition(Act.CONTACT, "机构已对接", (RECOMMENDED,), RECOMMENDED, HANDLE, (Answer.WAITING,), Answer.CONTACTED),
    Transition(Act.CONTACT, "机构已对接", (GRANTED,), GRANTED, HANDLE, (Answer.WAITING,), Answer.CONTACTED),
    Transition(Act.APPLY, "企业已提交申请", (RECOMMENDED,), RECOMMENDED, HANDLE, (Answer.CONTACTED,), Answer.APPLIED),
    Transition(Act.APPLY, "企业已提交申请", (GRANTED,), GRANTED, HANDLE, (Answer.CONTACTED,), Answer.APPLIED),
    Transition(
        Act.GRANT, "机构授信", (RECOMMENDED, GRANTED), GRANTED, HANDLE, (Answer.CONTACTED, Answer.APPLIED),
        Answer.GRANTED,
    ),
    Transition(Act.REFUSE, "机构不予授信", (RECOMMENDED,), RECOMMENDED, HANDLE, OPEN, Answer.REFUSED, open_left=True),
    Transition(Act.REFUSE, "机构不予授信", (RECOMMENDED,), State.UNMET, HANDLE, OPEN, Answer.REFUSED, open_left=False),
    Transition(Act.REFUSE, "机构不予授信", (GRANTED,), GRANTED, HANDLE, OPEN, Answer.REFUSED),
    Transition(Act.WITHDRAW, "企业撤回", LIVE, State.WITHDRAWN, DECLARE),
    Transition(Act.WITHDRAW, "企业撤回", (GRANTED,), GRANTED, DECLARE, open_left=True),
    Transition(Act.OPT_OUT, "授权不再同意对接推荐，自动结束", LIVE, State.WITHDRAWN, TEND),
    Transition(Act.OPT_OUT, "授权不再同意对接推荐，自动结束", (GRANTED,), GRANTED, TEND, open_left=True),
)  # fmt: skip
ACT_LABELS = {Act.DECLARE: "列入申报清单", **{one.act: one.label for one in TRANSITIONS}}


def transition(act: Act, state: str, answer: str = "", *, open_left: bool = False) -> Transition | None:
    """The row that allows it; None if there is none."""
    rows = (
        row for row in TRANSITIONS
        if row.act is act and state in row.sources and (answer in row.of if row.of else not answer)
        and row.open_left in (None, open_left)
    )  # fmt: skip
    return next(rows, None)


ANSWER_MONTHS = 1  # 银行在一个月内作出是否授信的决定
REMIND_DAYS_LEFT = (10, 3, 0)  # days before the month is over, each told once; 0 is its last day
AMOUNT_MAX_FEN = 10_000_000_000  # 一亿元: what is more is no small enterprise's loan
TERM_MAX_MONTHS = 360
NOTE_LENGTH = (2, 200)


def answer_due(recommended_on: date) -> date:
    return months_after(recommended_on, ANSWER_MONTHS)


def reminder(due_on: date, today: date) -> int | None:
    """Which of the reminders is due by now; None before the first, and once the day is over."""
    left = (due_on - today).days
    return min((days for days in REMIND_DAYS_LEFT if left <= days), default=None) if left >= 0 else None


@dataclass(frozen=True, slots=True)
class Wish:
    """What an enterprise needs the money for; money in fen."""

    amount_fen: int
    term_months: int
    purpose: str
    purpose_text: str = ""


def why_not_wish(wish: Wish) -> list[Reason]:
    reasons = []
    if not 0 < wish.amount_fen <= AMOUNT_MAX_FEN:
        reasons.append(Reason("amount_fen", "金额须大于零，不超过 10,000 万元。"))
    if not 0 < wish.term_months <= TERM_MAX_MONTHS:
        reasons.append(Reason("term_months", f"期限为 1 至 {TERM_MAX_MONTHS} 个月。"))
    if wish.purpose not in LOAN_PURPOSE_LABELS:
        reasons.append(Reason("purpose", "请选择用途。"))
    return reasons


@dataclass(frozen=True, slots=True)
class Finding:
    """What a person found of one standard."""

    met: bool
    note: str


def why_not_judge(findings: Mapping[str, Finding]) -> list[Reason]:
    """Each of the five has an answer and a note that says by what."""
    reasons = [Reason(name, f"请判断“{label}”。") for name, label in STANDARDS.items() if name not in findings]
    return reasons + [
        Reason(f"{name}_note", f"请写明“{STANDARDS[name]}”的依据，{NOTE_LENGTH[0]} 至 {NOTE_LENGTH[1]} 字。")
        for name, one in findings.items()
        if not NOTE_LENGTH[0] <= len(one.note.strip()) <= NOTE_LENGTH[1]
    ]


def not_met(standing: Mapping[str, bool]) -> list[str]:
    """Labels of the standards that stand against a recommendation: judged so, or not judged at all."""
    return [label for name, label in STANDARDS.items() if not standing.get(name)]
