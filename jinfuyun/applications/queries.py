"""Reading applications. Every read begins with whose application it is; a stranger's does not exist."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import NamedTuple
from uuid import UUID

from django.db.models import Aggregate, Count, F, FloatField, Q, QuerySet
from django.db.models.functions import Extract

from jinfuyun.accounts import queries as accounts
from jinfuyun.applications.checks import Scan
from jinfuyun.applications.models import Application, Document, Move
from jinfuyun.applications.rules import (
    ENDED,
    HOLDER,
    OPEN,
    REMIND_AT_PERCENT,
    STATE_LABELS,
    TRANSITIONS,
    Act,
    Holder,
    State,
    appeal_until,
)
from jinfuyun.institutions import queries as institutions
from jinfuyun.institutions.models import Institution
from jinfuyun.kit.actor import ROLE_LABELS, Actor, HouseKind, Role
from jinfuyun.kit.calendar import SEEDED, SHANGHAI, Notices, local_day
from jinfuyun.kit.errors import NotFound
from jinfuyun.kit.permissions import may
from jinfuyun.products import queries as products
from jinfuyun.reports import queries as reports

NEXT_BEST_MAX = 3
# A desk shows no more of one tray, and counts no further: nobody pages through two thousand.
COUNTED_MAX = 2_000
# Whose work an application is.
HANDLERS = frozenset({Role.OFFICER, Role.APPROVER})
DAY_SECONDS = 86_400
FUNNEL_DAYS = 90
HEAD_OFFICE = "总部"

# What the desk shows under one heading.
TRAYS: dict[str, tuple[str, tuple[State, ...]]] = {
    "todo": ("待机构办理", tuple(state for state in OPEN if HOLDER[state] is Holder.INSTITUTION)),
    "waiting": ("待企业办理", tuple(state for state in OPEN if HOLDER[state] is Holder.ENTERPRISE)),
    "ended": ("已办结", tuple(sorted(ENDED))),
}


def visible(actor: Actor) -> QuerySet[Application]:
    """An enterprise sees its own, an institution those made to it, a branch its own; nobody else sees any."""
    everything = Application.objects.select_related("institution", "version", "product", "unit")
    if actor.house is not None and actor.house.kind is HouseKind.ENTERPRISE:
        return everything.filter(uscc=actor.house.code)
    if actor.house is not None and actor.house.kind is HouseKind.INSTITUTION:
        # By the key itself, so that the indexes of the trays give the rows in order.
        own = Institution.objects.filter(code=actor.house.code).values("pk")[:1]
        return everything.filter(institutions.within(actor, unit="unit", handler="caller_account"), institution_id=own)
    return everything.none()


def application(number: str, *, visible_to: Actor) -> Application:
    """Raises NotFound."""
    found = visible(visible_to).filter(number=number).first()
    if found is None:
        raise NotFound("没有这笔申请。")
    return found


def mine(actor: Actor) -> QuerySet[Application]:
    """An enterprise's own, newest first."""
    return visible(actor).order_by("-submitted_at")


# What a line of the desk shows; the rest of an application and of its product's terms is much more.
_LINE = (
    "number", "enterprise_name", "region_code", "amount_fen", "term_months", "state", "due_on", "due_provisional",
    "version__name",
)  # fmt: skip


def inbox(actor: Actor, tray: str) -> QuerySet[Application]:
    """One tray of the desk: what is due first comes first; what is ended, the last first."""
    found = visible(actor).select_related(None).select_related("version").only(*_LINE)
    found = found.filter(state__in=TRAYS[tray][1])
    if tray == "ended":
        return found.order_by("-state_at")[:COUNTED_MAX]
    return found.order_by(F("due_on").asc(nulls_last=True), "state_at")[:COUNTED_MAX]


def tray_counts(actor: Actor, today: date) -> dict[str, int]:
    """How many lie in each tray, how many of the desk's own are due today and late; none counted beyond COUNTED_MAX."""
    trays = {tray: visible(actor).filter(state__in=states) for tray, (_, states) in TRAYS.items()}
    trays["today"] = visible(actor).filter(state__in=TRAYS["todo"][1], due_on=today)
    return {tray: _counted(which) for tray, which in trays.items()} | {"late": late_count(actor, today)}


def late_count(actor: Actor, today: date) -> int:
    """How many are in slow hands, no further than COUNTED_MAX."""
    return _counted(in_slow_hands(actor, today))


def _counted(found: QuerySet[Application]) -> int:
    # By a column of the index, so that no row is looked at.
    return found.select_related(None).values("institution")[:COUNTED_MAX].count()


OBSERVED_MIN = 5
OBSERVED_DAYS = 365


class Observed(NamedTuple):
    """What was seen of decisions of the last twelve months; only said of OBSERVED_MIN and more."""

    decided: int
    approved_share_bp: int
    rate_bp: int | None  # median of what was offered
    days: float  # median from submission to decision, calendar days


class _Median(Aggregate):
    function = "percentile_cont"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"


def observed(by: str, *, at: datetime, code: str = "") -> dict[str, Observed]:
    """`by`: product or institution; by its code, those with too few decisions left out. Nobody is named in it."""
    found = Application.objects.filter(decided_at__gt=at - timedelta(days=OBSERVED_DAYS), decided_at__lte=at)
    if code:
        found = found.filter(**{f"{by}__code": code})
    took = Extract(F("decided_at") - F("submitted_at"), "epoch", output_field=FloatField())
    rows = (
        found.values_list(f"{by}__code")
        .annotate(
            n=Count("pk"), approved=Count("offer_amount_fen"),
            rate=_Median("offer_rate_bp", output_field=FloatField()), took=_Median(took, output_field=FloatField()),
        )
        .filter(n__gte=OBSERVED_MIN)
    )  # fmt: skip
    return {
        one: Observed(n, approved * 10_000 // n, None if rate is None else round(rate), round(took / DAY_SECONDS, 1))
        for one, n, approved, rate, took in rows
    }


class Funnel(NamedTuple):
    """Of what one unit received in FUNNEL_DAYS: how far it came, and the median days from submission, None: none."""

    unit: str
    received: int
    accepted: int
    approved: int
    drawn: int
    accept_days: float | None
    approve_days: float | None
    drawn_days: float | None

    def share(self, part: int) -> str:
        return f"{round(100 * part / self.received)}%"


def funnels(actor: Actor, today: date) -> list[Funnel]:
    """By unit, the head office first, those without any left out. From the moves, in one statement."""
    since = datetime.combine(today - timedelta(days=FUNNEL_DAYS), time(), tzinfo=SHANGHAI)
    recent = visible(actor).select_related(None).filter(submitted_at__gte=since)
    took = Extract(F("at") - F("application__submitted_at"), "epoch", output_field=FloatField())
    columns: dict[str, Aggregate] = {"received": Count("application", distinct=True)}
    for name, act in (("accepted", Act.ACCEPT), ("approved", Act.APPROVE), ("drawn", Act.FUND)):
        columns[name] = Count("application", distinct=True, filter=Q(act=act))
        columns[f"{name}_took"] = _Median(took, filter=Q(act=act), output_field=FloatField())
    moved = Move.objects.filter(application__in=recent.values("pk")).order_by().values("application__unit")
    found = {row[0]: row[1:] for row in moved.annotate(**columns).values_list("application__unit", *columns)}
    units = {None: HEAD_OFFICE} | {one.pk: one.name for one in institutions.units(actor)}
    made = []
    for name, row in ((name, found[pk]) for pk, name in units.items() if pk in found):
        received, accepted, accepted_took, approved, approved_took, drawn, drawn_took = row
        took_days = (_days(accepted_took), _days(approved_took), _days(drawn_took))
        made.append(Funnel(name, received, accepted, approved, drawn, *took_days))
    return made


def _days(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds / DAY_SECONDS, 1)


def moves(application: Application) -> QuerySet[Move]:
    """Every step, first to last."""
    return application.moves.order_by("id")


def open_for(*, uscc: str, product_code: str) -> Application | None:
    """The application of this enterprise for this product that is still under way."""
    return Application.objects.filter(uscc=uscc, product__code=product_code, state__in=OPEN).first()


def with_open(usccs: list[str]) -> set[str]:
    """Those of these enterprises that have an application under way."""
    return set(Application.objects.filter(uscc__in=usccs, state__in=OPEN).values_list("uscc", flat=True))


def waiting(usccs: list[str]) -> QuerySet[Application]:
    """Applications of these enterprises in which it is their turn: to supply, to answer an offer, to confirm money."""
    turn = Q(state__in=TRAYS["waiting"][1]) | Q(state=State.FUNDED, drawdown_answer="")
    return Application.objects.filter(turn, uscc__in=usccs).select_related("institution", "version")


def facts_to_name(application: Application, *, visible_to: Actor, at: datetime) -> list[tuple[str, str]]:
    """Names and labels of the facts in the newest report that was opened for this application; no figures."""
    newest = reports.for_application(application.number, visible_to_actor=visible_to).first()
    return [] if newest is None else reports.fact_labels(newest, at=at)


@dataclass(frozen=True, slots=True)
class Handler:
    """A colleague who may handle applications, where he works, and how many he has at work."""

    account_id: str
    label: str
    roles: str
    unit: str
    open_count: int
    late_count: int


def handlers(actor: Actor, today: date) -> list[Handler]:
    """The open officers and approvers that the actor may give work to, those with the fewest applications first."""
    if actor.house is None or actor.house.kind is not HouseKind.INSTITUTION:
        return []
    late = Count("pk", filter=Q(state__in=TRAYS["todo"][1], due_on__lt=today))
    loads = visible(actor).filter(state__in=OPEN).values("caller_account").annotate(open=Count("pk"), late=late)
    load = {row["caller_account"]: (row["open"], row["late"]) for row in loads.order_by()}
    units: dict[UUID | None, str] = {one.pk: one.name for one in institutions.units(actor)}
    people = [
        Handler(
            str(one.pk), accounts.actor(one).label, "、".join(ROLE_LABELS[Role(role)] for role in one.roles),
            units.get(one.unit_id, HEAD_OFFICE), *load.get(str(one.pk), (0, 0)),
        )
        for one in institutions.colleagues(actor)
        if accounts.is_open(one) and HANDLERS & set(one.roles)
    ]  # fmt: skip
    return sorted(people, key=lambda one: (one.open_count, one.label))


def to_assign(actor: Actor) -> QuerySet[Application]:
    """What is open: what an administrator has to give out first, then by due day."""
    found = visible(actor).filter(state__in=OPEN)
    found = found.order_by(F("passed_on_at").asc(nulls_last=True), F("due_on").asc(nulls_last=True), "state_at")
    return found[:COUNTED_MAX]


def in_slow_hands(actor: Actor, today: date) -> QuerySet[Application]:
    """Those of the institution that are over their time."""
    return visible(actor).filter(state__in=TRAYS["todo"][1], due_on__lt=today)


def late(today: date) -> QuerySet[Application]:
    """Those that an institution should have moved by now, longest over time first; for the clock's own jobs."""
    found = Application.objects.filter(state__in=TRAYS["todo"][1], due_on__lt=today)
    return found.select_related("institution", "version").order_by("due_on")


def running() -> QuerySet[Application]:
    """Those whose clock runs against an institution and that were not reminded to the last; for the clock's jobs."""
    found = Application.objects.filter(
        state__in=TRAYS["todo"][1], clock_since__isnull=False, reminded_percent__lt=REMIND_AT_PERCENT[-1]
    )
    return found.select_related("institution", "version").order_by("due_on")


def words_of(application: Application) -> dict[str, str]:
    """What messages to an institution's people say of it."""
    return {
        "number": application.number, "enterprise": application.enterprise_name,
        "state": STATE_LABELS[State(application.state)],
        "due": f"{application.due_on}" if application.due_on else "暂停计时",
    }  # fmt: skip


def refused_by(application: Application) -> str:
    """The account that refused it last; "" if nobody did."""
    last = application.moves.filter(act=Act.REJECT).order_by("-id").first()
    return last.by if last else ""


def appeal_ends(application: Application, today: date, notices: Notices = SEEDED) -> date | None:
    """Until when the enterprise may appeal against the refusal; None if it may not, or has done so before."""
    if application.state != State.REJECTED or application.decided_at is None:
        return None
    until = appeal_until(local_day(application.decided_at), notices)
    asked = application.moves.filter(act=Act.APPEAL).exists()
    return None if asked or until < today else until


def next_best(application: Application) -> list[products.Card]:
    """Other products whose amount, term and region take this wish, cheapest first; NEXT_BEST_MAX of them.

    The bounds only: no condition is judged here.
    """
    wish = products.Filters(
        region=application.region_code, amount_fen=application.amount_fen, term_months=application.term_months
    )
    others = [one for one in products.listed(wish).ids if one != application.product_id]
    return products.cards(others[:NEXT_BEST_MAX])


def may_still_look(application: Application) -> bool:
    """Whether the institution may read what belongs to it: while it is open or lent, and until it is let go."""
    return application.state in (*OPEN, State.FUNDED) or application.release_on is not None


def document(document_id: UUID, *, number: str, visible_to: Actor) -> Document:
    """Raises NotFound."""
    found = Document.objects.filter(pk=document_id, application__number=number, application__in=visible(visible_to))
    one = found.select_related("application__institution").first()
    if one is None:
        raise NotFound
    return one


def documents(application: Application) -> QuerySet[Document]:
    """By material, the newest version of each first."""
    return application.documents.order_by("material", "-version")


def documents_of_ended() -> QuerySet[Document]:
    """Files that are still there although their application has ended."""
    kept = Document.objects.exclude(state__in=(Scan.ERASED, Scan.INFECTED)).filter(application__state__in=ENDED)
    return kept.select_related("application__institution")


def open_acts(application: Application, *, by: Actor) -> frozenset[Act]:
    """What this person may do with it now, by the table; the page shows these and nothing else."""
    return frozenset(
        step.act for step in TRANSITIONS
        if application.state in step.sources and may(step.permission, by=by, over=by.house)
    )  # fmt: skip
