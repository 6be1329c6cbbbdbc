"""Reading applications. Every read begins with whose application it is; a stranger's does not exist."""

from datetime import date, datetime

from django.db.models import Count, F, Q, QuerySet

from jinfuyun.applications.models import Application, Move
from jinfuyun.applications.rules import ENDED, HOLDER, OPEN, TRANSITIONS, Act, Holder, State
from jinfuyun.kit.actor import Actor, HouseKind
from jinfuyun.kit.errors import NotFound
from jinfuyun.kit.permissions import may
from jinfuyun.reports import queries as reports

# What the desk shows under one heading.
TRAYS: dict[str, tuple[str, tuple[State, ...]]] = {
    "todo": ("待机构办理", tuple(state for state in OPEN if HOLDER[state] is Holder.INSTITUTION)),
    "waiting": ("待企业办理", tuple(state for state in OPEN if HOLDER[state] is Holder.ENTERPRISE)),
    "ended": ("已办结", tuple(sorted(ENDED))),
}


def visible(actor: Actor) -> QuerySet[Application]:
    """An enterprise sees its own, an institution those made to it; nobody else sees any."""
    everything = Application.objects.select_related("institution", "version", "product")
    if actor.house is not None and actor.house.kind is HouseKind.ENTERPRISE:
        return everything.filter(uscc=actor.house.code)
    if actor.house is not None and actor.house.kind is HouseKind.INSTITUTION:
        return everything.filter(institution__code=actor.house.code)
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


def inbox(actor: Actor, tray: str) -> QuerySet[Application]:
    """One tray of the desk: what is due first comes first; what is ended, the last first."""
    found = visible(actor).filter(state__in=TRAYS[tray][1])
    return (
        found.order_by("-state_at") if tray == "ended" else found.order_by(F("due_on").asc(nulls_last=True), "state_at")
    )


def tray_counts(actor: Actor, today: date) -> dict[str, int]:
    """How many lie in each tray, and how many of the desk's own are late."""
    counts = {tray: Count("pk", filter=Q(state__in=states)) for tray, (_, states) in TRAYS.items()}
    late = Count("pk", filter=Q(state__in=TRAYS["todo"][1], due_on__lt=today))
    return dict(visible(actor).aggregate(**counts, late=late))


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


def open_acts(application: Application, *, by: Actor) -> frozenset[Act]:
    """What this person may do with it now, by the table; the page shows these and nothing else."""
    return frozenset(
        step.act for step in TRANSITIONS
        if application.state in step.sources and may(step.permission, by=by, over=by.house)
    )  # fmt: skip
