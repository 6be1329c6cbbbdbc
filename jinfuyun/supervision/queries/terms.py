"""The words of the table: which rows a figure counts, how, and the parts that shares and means are made of."""

from typing import NamedTuple

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Aggregate, BigIntegerField, Count, ExpressionWrapper, F, Q, Sum, Value
from django.db.models.expressions import CombinedExpression

from jinfuyun.applications.rules import Act
from jinfuyun.demands.rules import LIVE as LIVE_DEMANDS
from jinfuyun.demands.rules import Act as DemandAct
from jinfuyun.demands.rules import State as DemandState
from jinfuyun.kit.lending import Tag
from jinfuyun.loans.rules import State as LoanState
from jinfuyun.oversight.rules import SATISFIED
from jinfuyun.supervision.queries.sources import (
    ANSWERS_DUE,
    COMPLAINTS_DUE,
    CONTACTS,
    DECISIONS,
    DISPATCHES,
    DISPUTES_DUE,
    FUNDINGS,
    INTAKES,
    LOANS,
    LONGER_THAN_1Y,
    QUESTIONS_DUE,
    RATINGS,
    RELEASED,
    RESOLVED,
    Source,
    had_before,
)
from jinfuyun.supervision.rules import Group, Mean, Middle, Moment, Share, Unit

DISPUTED = Q(answer="disputed")
CONFIRMED = Q(answer="confirmed")
FUNDED = ~DISPUTED
FIRST = FUNDED & Q(is_first_loan=True)
UNSECURED = FUNDED & Q(is_unsecured=True)
RENEWED = FUNDED & ~Q(renewal="")
LONG = FUNDED & LONGER_THAN_1Y
MADE = FUNDED & Q(line__application__industry_code__startswith="C")
FIRST_HERE = FUNDED & ~Q(had_before())
GREEN, TECH, RURAL = (
    FUNDED & Q(line__application__version__tags__contains=[tag]) for tag in (Tag.GREEN, Tag.TECH, Tag.RURAL)
)
OVERDUE = Q(target=LoanState.OVERDUE)
TIMED = Q(due__isnull=False)
IN_TIME = Q(due__gte=F("day"))
ANSWERED_IN_TIME = Q(answered_on__lte=F("due_on"))


class Demanded:
    """How a demand stands."""

    OPEN = Q(state__in=LIVE_DEMANDS)
    OFFERED = Q(state=DemandState.PROPOSED)
    CHOSEN = Q(state__in=(DemandState.CHOSEN, DemandState.CLOSED))
    WAITING = OPEN & ~OFFERED & Q(escalated_at__isnull=False)


def rows(which: Q | None = None) -> Aggregate:
    return Count("pk", filter=which)


def fen(field: str, which: Q | None = None) -> Aggregate:
    return Sum(field, filter=which, default=0)


def _weighted(rate: F | CombinedExpression) -> Aggregate:
    return Sum(ExpressionWrapper(F("amount_fen") * rate, output_field=BigIntegerField()), filter=FUNDED, default=0)


def _minutes() -> Aggregate:
    return ArrayAgg("minutes", default=Value([]))  # None where nothing began


class Indicator(NamedTuple):
    """One figure: what it is called, what is counted over what, and the very expression that counts it."""

    name: str
    label: str
    unit: Unit
    group: Group
    source: Source
    moment: Moment
    numerator: str
    counted: Aggregate | Share | Mean | Middle
    denominator: str = ""
    behind: str = ""  # the count of enterprises' rows behind it: public only where that is no small cell
    version: int = 1  # of the definition; a closed month keeps the one it was counted by


class Part(NamedTuple):
    """What stands in a share or a mean and is no figure by itself."""

    name: str
    label: str
    source: Source
    counted: Aggregate


PARTS = (
    Part("rate_fen", "放款金额 × 年化利率之和", LOANS, _weighted(F("rate_bp"))),
    Part("spread_fen", "放款金额 ×（年化利率 − 放款日同期限 LPR）之和", LOANS, _weighted(F("rate_bp") - F("lpr_bp"))),
    Part("intakes", "受理和不予受理笔数", INTAKES, rows()),
    Part("intakes_timed", "有时限的受理决定笔数", INTAKES, rows(TIMED)),
    Part("intakes_in_time", "时限内的受理决定笔数", INTAKES, rows(IN_TIME)),
    Part("contacts_timed", "有时限的对接笔数", CONTACTS, rows(TIMED)),
    Part("contacts_in_time", "时限内的对接笔数", CONTACTS, rows(IN_TIME)),
    Part("decisions_timed", "有时限的审批决定笔数", DECISIONS, rows(TIMED)),
    Part("decisions_in_time", "时限内的审批决定笔数", DECISIONS, rows(IN_TIME)),
    Part("decisions", "审批决定笔数", DECISIONS, rows()),
    Part("decisions_for", "审批通过的决定笔数", DECISIONS, rows(Q(act=Act.APPROVE))),
    Part("fundings_timed", "有时限的首笔放款笔数", FUNDINGS, rows(TIMED)),
    Part("fundings_in_time", "时限内的首笔放款笔数", FUNDINGS, rows(IN_TIME)),
    Part("intake_minutes", "自提交至受理决定的自然时长", INTAKES, _minutes()),
    Part("contact_minutes", "自受理至登记对接的自然时长", CONTACTS, _minutes()),
    Part("decision_minutes", "自登记对接（恢复审批）至审批决定的自然时长，含待补件", DECISIONS, _minutes()),
    Part("funding_minutes", "自企业确认批复至登记首笔放款的自然时长", FUNDINGS, _minutes()),
    Part("released_fen", "解除担保的本金（有担保的借据归还和代偿的本金）", RELEASED, fen("principal_fen")),
    Part("taken", "机构接受平台派单的次数", DISPATCHES, rows(Q(act=DemandAct.TAKE))),
    Part("dispatched", "平台派单的次数", DISPATCHES, rows(Q(act=DemandAct.ASSIGN))),
    Part("resolved", "机构已决定（批复方案或拒绝）的申请笔数", RESOLVED, rows()),
    Part("disputes_due", "应在期内答复的异议件数", DISPUTES_DUE, rows()),
    Part("disputes_in_time", "其中按时书面答复的件数", DISPUTES_DUE, rows(ANSWERED_IN_TIME)),
    Part("complaints_due", "应在期内答复的投诉件数（期内撤回的不计）", COMPLAINTS_DUE, rows()),
    Part(
        "complaints_in_time", "其中按时书面答复的投诉件数", COMPLAINTS_DUE,
        rows(Q(answered_on__lte=F("answer_due_on"))),
    ),
    Part("ratings", "企业已评价的投诉件数", RATINGS, rows()),
    Part("ratings_good", "评价为满意、非常满意的投诉件数", RATINGS, rows(Q(satisfaction__gte=SATISFIED))),
    Part("recommended_due", "应在一个月内答复的推荐件数；期限内企业撤回的不计", ANSWERS_DUE, rows()),
    Part("recommended_answered", "其中一个月内答复是否授信的件数", ANSWERS_DUE, rows(ANSWERED_IN_TIME)),
    Part("questions_due", "应在期内答复的询问件数", QUESTIONS_DUE, rows()),
    Part("questions_in_time", "其中按时书面答复的询问件数", QUESTIONS_DUE, rows(ANSWERED_IN_TIME)),
)  # fmt: skip
# Indicators of the profession that no row of the platform can answer, each with the reason.
UNANSWERED = (("普惠小微占比", "按借款人在各家机构的授信总额界定，平台只知道本平台的授信"),)
