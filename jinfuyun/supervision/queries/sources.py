"""The rows that figures are counted from: which they are at a moment, where they belong, and the day they belong to."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import (
    BigIntegerField,
    Case,
    DateTimeField,
    Exists,
    F,
    Func,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Cast, Extract, TruncDate

from jinfuyun.accounts.models import User
from jinfuyun.accounts.rules import Kind
from jinfuyun.applications.models import Application, Move
from jinfuyun.applications.rules import Act, State
from jinfuyun.consents.models import Consent
from jinfuyun.consents.queries import covering
from jinfuyun.consents.rules import State as ConsentState
from jinfuyun.consents.rules import day
from jinfuyun.coordination.models import Declaration, Recommendation
from jinfuyun.coordination.rules import Answer
from jinfuyun.demands.models import Demand, Proposal, Step
from jinfuyun.demands.rules import Act as DemandAct
from jinfuyun.demands.rules import State as DemandState
from jinfuyun.disputes.models import Dispute, Question
from jinfuyun.disputes.rules import Outcome
from jinfuyun.enterprises.models import Enterprise
from jinfuyun.institutions.models import Institution
from jinfuyun.institutions.rules import State as InstitutionState
from jinfuyun.kit.calendar import SHANGHAI
from jinfuyun.kit.grant import ReaderKind
from jinfuyun.kit.lending import Tenor
from jinfuyun.loans.models import Loan, LoanEvent
from jinfuyun.loans.rules import BAD_GRADES, GUARANTEED
from jinfuyun.loans.rules import Act as LoanAct
from jinfuyun.loans.rules import State as LoanState
from jinfuyun.oversight.models import Complaint
from jinfuyun.oversight.rules import ComplaintState
from jinfuyun.products.queries import TABLES, on_the_market
from jinfuyun.reports.models import Report

Rows = QuerySet[Any]
SECONDS_PER_MINUTE = 60


@dataclass(frozen=True, slots=True)
class Source:
    """The rows at a moment, the field that says which region a row belongs to, and the one that dates a flow."""

    rows: Callable[[datetime], Rows]
    region: str  # "" where a row belongs to no region
    place: str  # the same in words
    when: str = ""  # a flow's own date, "…_on" or "…_at"; "" for a stock
    dated: str = ""  # the same in words
    lost: str = ""  # what the rows do not keep, so that a past stock cannot be counted again
    institution: str = ""  # whose row it is, by the code; "" where it is no institution's
    number: str = ""  # what an institution knows its row by


class YearsLater(Func):
    """The same day so many years later."""

    template = "(%(expressions)s + make_interval(years => %(years)s))::date"

    def __init__(self, field: str, years: int) -> None:
        super().__init__(F(field), years=years)


def moves(*acts: Act, since: tuple[Act, ...]) -> Callable[[datetime], Rows]:
    """Steps of applications: `due` is the last day in time, `minutes` how long since the last step of `since`."""
    before = Move.objects.filter(application=OuterRef("application"), pk__lt=OuterRef("pk")).order_by("-pk")
    began = Subquery(before.filter(act__in=since).values("at")[:1], output_field=DateTimeField())
    seconds = Extract(F("at") - F("began"), "epoch")
    steps = Move.objects.filter(act__in=acts).annotate(
        due=Subquery(before.exclude(act=Act.REASSIGN).values("due_on")[:1]), day=TruncDate("at", tzinfo=SHANGHAI),
        began=began, minutes=Cast(seconds / SECONDS_PER_MINUTE, BigIntegerField()),
    )  # fmt: skip
    return lambda at: steps


def _owed(at: datetime) -> Rows:
    """The last entry of each book at that moment, of those whose loan was owed then. One pass over the entries."""
    later = LoanEvent.objects.filter(loan=OuterRef("loan"), pk__gt=OuterRef("pk"), at__lte=at)
    return LoanEvent.objects.filter(~Exists(later), at__lte=at, target__in=[LoanState.REPAYING, LoanState.OVERDUE])


def _undone(**by: datetime) -> Exists:
    """Whether a later entry undoes it. A join that finds nothing says the same; the database takes that to be rare."""
    return Exists(LoanEvent.objects.filter(reverses=OuterRef("pk"), **by))


def _graded(at: datetime) -> Rows:
    """Entries of a grade that were not undone by that moment."""
    return LoanEvent.objects.filter(~_undone(at__lte=at), act=LoanAct.GRADE, at__lte=at)


def _bad(at: datetime) -> Rows:
    """Of `_owed` those of a loan whose last grade was a bad one."""
    later = _graded(at).filter(loan=OuterRef("loan"), pk__gt=OuterRef("pk"))
    bad = _graded(at).filter(~Exists(later), grade__in=BAD_GRADES)
    return _owed(at).filter(loan__in=bad.values("loan"))


def _consented(at: datetime) -> Rows:
    ended = Q(ended_at=None, state=ConsentState.ACTIVE) | Q(ended_at__gt=at)
    return Consent.objects.filter(covering(day(at)), ended, signed_at__lte=at)


def _quoted(tenor: Tenor, which: Q) -> list[When]:
    """The dated table of the release, the newest quote first."""
    quotes = sorted(TABLES["lpr"]["values"][tenor].items(), reverse=True)
    return [When(which, drawn_on__gte=since, then=Value(bp)) for since, bp in quotes]


def _loans(at: datetime) -> Rows:
    """Drawdowns that were not reversed, each with the LPR of its day and tenor."""
    quoted = [*_quoted(Tenor.FIVE_YEARS, LONGER_THAN_5Y), *_quoted(Tenor.ONE_YEAR, ~LONGER_THAN_5Y)]
    return Loan.objects.exclude(state=LoanState.REVERSED).annotate(lpr_bp=Case(*quoted))


def had_before() -> Exists:
    """Whether the enterprise had drawn on the platform before this drawdown."""
    same = Loan.objects.exclude(state=LoanState.REVERSED).exclude(answer="disputed").filter(uscc=OuterRef("uscc"))
    return Exists(same.filter(drawn_on__lt=OuterRef("drawn_on")))


LONGER_THAN_1Y, LONGER_THAN_5Y = (Q(agreed_due_on__gt=YearsLater("drawn_on", years)) for years in (1, 5))
ENTERPRISE, AT_SUBMISSION = "企业所属地区", "提交申请时企业的所属地区"
AT_POSTING = "发布需求时企业的所属地区"
HEAD_OFFICE = "机构总部所在地"
OWN = {"institution": "institution__code", "number": "number"}
ITS = {"institution": "application__institution__code", "number": "application__number"}
ACCOUNTS = Source(
    lambda at: User.objects.filter(Q(closed_at=None) | Q(closed_at__gt=at), kind=Kind.ENTERPRISE, made_at__lte=at),
    "", "不分地区",
)  # fmt: skip
ENTERPRISES = Source(lambda at: Enterprise.objects.filter(authenticated_at__lte=at), "region_code", ENTERPRISE)
CONSENTS = Source(_consented, "enterprise__region_code", ENTERPRISE, lost="授权暂停的起止日期不在授权表内")
INSTITUTIONS = Source(
    lambda at: Institution.objects.filter(state=InstitutionState.ACTIVE), "region_code", HEAD_OFFICE,
    lost="机构暂停、恢复、退出的日期不在机构表内",
)  # fmt: skip
PRODUCTS = Source(
    lambda at: on_the_market(), "institution__region_code", HEAD_OFFICE, lost="产品上下架的历次日期不在产品表内"
)
APPLICATIONS = Source(
    lambda at: Application.objects.all(), "region_code", AT_SUBMISSION, "submitted_at", "提交日", **OWN
)
OFFERS = Source(
    lambda at: Application.objects.filter(offer_amount_fen__isnull=False), "region_code", AT_SUBMISSION,
    "decided_at", "批复日", **OWN,
)  # fmt: skip
REFUSED = Source(
    lambda at: Application.objects.filter(state__in=[State.REJECTED, State.DECLINED_INTAKE]), "region_code",
    AT_SUBMISSION, "decided_at", "决定日", **OWN,
)  # fmt: skip
RESOLVED = Source(
    lambda at: Application.objects.filter(
        Q(state__in=[State.REJECTED, State.DECLINED_INTAKE]) | Q(offer_amount_fen__isnull=False)
    ),
    "region_code", AT_SUBMISSION, "decided_at", "决定日", **OWN,
)  # fmt: skip
OF_MOVE = "application__region_code"
INTAKES = Source(
    moves(Act.ACCEPT, Act.DECLINE_INTAKE, since=(Act.SUBMIT,)), OF_MOVE, AT_SUBMISSION, "at", "受理或不予受理之日",
    **ITS,
)  # fmt: skip
CONTACTS = Source(moves(Act.CONTACT, since=(Act.ACCEPT,)), OF_MOVE, AT_SUBMISSION, "at", "登记对接之日", **ITS)
DECISIONS = Source(
    moves(Act.APPROVE, Act.REJECT, since=(Act.CONTACT, Act.REOPEN)), OF_MOVE, AT_SUBMISSION, "at", "审批决定之日", **ITS
)
FUNDINGS = Source(moves(Act.FUND, since=(Act.ACCEPT_OFFER,)), OF_MOVE, AT_SUBMISSION, "at", "登记首笔放款之日", **ITS)
WITHDRAWN = Source(moves(Act.WITHDRAW, since=(Act.SUBMIT,)), OF_MOVE, AT_SUBMISSION, "at", "撤回之日", **ITS)
DECLINED = Source(
    moves(Act.DECLINE_OFFER, Act.LAPSE_OFFER, since=(Act.APPROVE,)), OF_MOVE, AT_SUBMISSION, "at", "放弃或逾期之日",
    **ITS,
)  # fmt: skip
SETTLED = Source(
    lambda at: Loan.objects.filter(state=LoanState.SETTLED), "line__region_code", AT_SUBMISSION, "settled_on", "结清日",
    **OWN,
)  # fmt: skip
LOANS = Source(_loans, "line__region_code", AT_SUBMISSION, "drawn_on", "放款日", **OWN)
OWED = Source(
    _owed, "loan__line__region_code", AT_SUBMISSION, institution="institution__code", number="loan__number"
)  # fmt: skip
BAD = Source(
    _bad, "loan__line__region_code", AT_SUBMISSION, institution="institution__code", number="loan__number"
)  # fmt: skip
RELEASED = Source(
    lambda at: LoanEvent.objects.filter(
        ~_undone(), act__in=[LoanAct.REPAY, LoanAct.SETTLE, LoanAct.PAY_OUT], loan__line__security__in=GUARANTEED
    ),
    "loan__line__region_code", AT_SUBMISSION, "on", "归还或代偿之日", institution="institution__code",
    number="loan__number",
)  # fmt: skip
PAY_OUTS = Source(
    lambda at: LoanEvent.objects.filter(~_undone(), act=LoanAct.PAY_OUT), "loan__line__region_code",
    AT_SUBMISSION, "on", "代偿日", institution="institution__code", number="loan__number",
)  # fmt: skip
READINGS = Source(
    lambda at: Report.objects.filter(reader_kind=ReaderKind.INSTITUTION), "enterprise__region_code", ENTERPRISE,
    "made_at", "查询日", institution="reader_code", number="number",
)  # fmt: skip
# An authorisation stands from its signing until its end; a pause alone is not seen there, the door has seen to it.
UNAUTHORISED = Source(
    lambda at: Report.objects.filter(
        ~Exists(Consent.objects.filter(
            Q(ended_at=None) | Q(ended_at__gt=OuterRef("made_at")), number=OuterRef("consent_number"),
            enterprise=OuterRef("enterprise"), signed_at__lte=OuterRef("made_at"),
        )),
        reader_kind=ReaderKind.INSTITUTION,
    ),
    "enterprise__region_code", ENTERPRISE, "made_at", "查询日", institution="reader_code", number="number",
)  # fmt: skip
DEMANDS = Source(
    lambda at: Demand.objects.filter(posted_at__isnull=False), "region_code", AT_POSTING, "posted_at", "发布日"
)
STANDING_DEMANDS = Source(
    lambda at: Demand.objects.filter(posted_at__isnull=False), "region_code", AT_POSTING,
    lost="需求此刻的状态，过去的状态不能重建",
)  # fmt: skip
PROPOSALS = Source(
    lambda at: Proposal.objects.all(), "party__demand__region_code", AT_POSTING, "made_at", "方案提交日",
    institution="party__institution__code", number="party__demand__number",
)  # fmt: skip
DISPATCHES = Source(
    lambda at: Step.objects.filter(act__in=[DemandAct.ASSIGN, DemandAct.TAKE]), "demand__region_code", AT_POSTING, "at",
    "派单、接单之日",
)  # fmt: skip
UNMET = Source(
    lambda at: Demand.objects.filter(state=DemandState.UNMET), "region_code", AT_POSTING, "state_at", "结束日"
)
AT_DECLARING = "申报时企业的所属地区"
DECLARATIONS = Source(lambda at: Declaration.objects.all(), "region_code", AT_DECLARING, "declared_at", "列入清单之日")
OF_DECLARATION = "declaration__region_code"
RECOMMENDATIONS = Source(
    lambda at: Recommendation.objects.all(), OF_DECLARATION, AT_DECLARING, "recommended_at", "推荐日"
)
ANSWERS_DUE = Source(
    lambda at: Recommendation.objects.filter(due_on__lt=day(at)).annotate(
        answered_on=TruncDate("answered_at", tzinfo=SHANGHAI), stood_on=TruncDate("state_at", tzinfo=SHANGHAI)
    ).exclude(state=Answer.ENDED, stood_on__lte=F("due_on")),
    OF_DECLARATION, AT_DECLARING, "due_on", "应答复之日",
)  # fmt: skip
GRANTS = Source(
    lambda at: Recommendation.objects.filter(state=Answer.GRANTED), OF_DECLARATION, AT_DECLARING, "answered_at",
    "授信答复之日",
)  # fmt: skip
DISPUTES = Source(lambda at: Dispute.objects.all(), "region_code", ENTERPRISE, "raised_at", "提出日")
DISPUTES_DUE = Source(
    lambda at: Dispute.objects.filter(due_on__lt=day(at)).exclude(outcome=Outcome.WITHDRAWN).annotate(
        answered_on=TruncDate("answered_at", tzinfo=SHANGHAI)
    ),
    "region_code", ENTERPRISE, "due_on", "应答复之日",
)  # fmt: skip
QUESTIONS = Source(
    lambda at: Question.objects.all(), "region_code", ENTERPRISE, "asked_at", "提出日",
    institution="institution_code", number="number",
)  # fmt: skip
QUESTIONS_DUE = Source(
    lambda at: Question.objects.filter(due_on__lt=day(at)).annotate(
        answered_on=TruncDate("answered_at", tzinfo=SHANGHAI)
    ),
    "region_code", ENTERPRISE, "due_on", "应答复之日", institution="institution_code", number="number",
)  # fmt: skip
COMPLAINTS = Source(lambda at: Complaint.objects.all(), "region_code", ENTERPRISE, "filed_at", "提出日")
# One withdrawn before its last day leaves nothing to answer; one withdrawn later was late, and stays so.
COMPLAINTS_DUE = Source(
    lambda at: Complaint.objects.filter(answer_due_on__lt=day(at)).annotate(
        answered_on=TruncDate("answered_at", tzinfo=SHANGHAI), left_on=TruncDate("state_at", tzinfo=SHANGHAI)
    ).exclude(state=ComplaintState.WITHDRAWN, left_on__lte=F("answer_due_on")),
    "region_code", ENTERPRISE, "answer_due_on", "应答复之日",
)  # fmt: skip
RATINGS = Source(
    lambda at: Complaint.objects.filter(rated_at__isnull=False), "region_code", ENTERPRISE, "rated_at", "评价之日"
)
