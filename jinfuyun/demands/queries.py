"""Reading demands. An enterprise sees its own; an institution what the enterprise lets it; a regulator its region's.

An institution never gets a Demand to show, only its `Sight`: what is not to be seen is not in it.
"""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.db import connection
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery

from jinfuyun.applications.models import Application
from jinfuyun.applications.rules import OPEN as APPLICATIONS_OPEN
from jinfuyun.demands.content import Candidate, Offered
from jinfuyun.demands.models import Demand, Party, Proposal, Step
from jinfuyun.demands.rules import AT_IT, LIVE, PLACES, Around, PartyState, State
from jinfuyun.institutions import queries as institutions
from jinfuyun.institutions.models import Institution
from jinfuyun.institutions.rules import State as InstitutionState
from jinfuyun.kit import regions
from jinfuyun.kit.actor import Actor, HouseKind, Role
from jinfuyun.kit.calendar import local_day
from jinfuyun.kit.errors import NotFound
from jinfuyun.kit.period import years_between
from jinfuyun.kit.regions import PROVINCE_CODE
from jinfuyun.products import queries as products

POSTING_LOCK = 20281127

# What an institution's desk shows under one heading.
TRAYS = {
    "market": "可抢需求",
    "todo": "待本机构办理",
    "proposed": "已提交方案",
    "ended": "已结束",
}
TRAY_STATES = {
    "todo": (PartyState.INVITED, PartyState.HOLDING),
    "proposed": (PartyState.PROPOSED,),
    "ended": (
        PartyState.CHOSEN, PartyState.PASSED_OVER, PartyState.HANDED_BACK, PartyState.LAPSED, PartyState.ENDED
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Filters:
    """What an institution looks for on the market of demands; empty: all the same."""

    city: str = ""
    amount_min_fen: int | None = None
    amount_max_fen: int | None = None
    purpose: str = ""
    security: str = ""
    loan_kind: str = ""


@dataclass(frozen=True, slots=True)
class Sight:
    """What one institution may see of a demand. `name`, `contact` and `phone` are "" until it may."""

    number: str
    state: str
    posted_on: date | None
    open_until: date | None
    city_code: str
    industry_code: str
    size: str
    years: int | None
    amount_fen: int | None
    term_months: int | None
    rate_max_bp: int | None
    purpose: str
    purpose_text: str
    securities: list[str]
    collateral: str
    needed_on: date | None
    loan_kind: str
    existing_fen: int | None
    contact_time: str
    wished: bool
    name: str = ""
    contact: str = ""
    phone: str = ""


def visible(actor: Actor) -> QuerySet[Demand]:
    """An enterprise's own; a region's that were published; to anybody else none (see `on_the_market`)."""
    if actor.house is not None and actor.house.kind is HouseKind.ENTERPRISE:
        return Demand.objects.filter(uscc=actor.house.code)
    if actor.house is not None and actor.house.kind is HouseKind.REGION and Role.REGULATOR in actor.roles:
        published = Demand.objects.exclude(state=State.DRAFT)
        return published if actor.house.code == PROVINCE_CODE else published.filter(city_code=actor.house.code)
    return Demand.objects.none()


def demand(number: str, *, visible_to: Actor) -> Demand:
    """Raises NotFound."""
    found = visible(visible_to).filter(number=number).first()
    if found is None:
        raise NotFound("没有这项需求。")
    return found


def begun(demand_id: uuid.UUID, *, uscc: str) -> Demand | None:
    """The demand with the name that a page was given before there was one. Raises NotFound if it is another's."""
    found = Demand.objects.filter(id=demand_id).first()
    if found is not None and found.uscc != uscc:
        raise NotFound
    return found


def mine(actor: Actor) -> QuerySet[Demand]:
    """An enterprise's own, newest first, with how many are at each and how many proposals wait unseen."""
    unseen = Q(parties__state=PartyState.PROPOSED, parties__proposal__seen_at=None)
    return visible(actor).annotate(
        at_it=Count("parties", filter=Q(parties__state__in=AT_IT)),
        proposals=Count("parties", filter=Q(parties__state=PartyState.PROPOSED)),
        unseen=Count("parties", filter=unseen),
    ).order_by("-drafted_at")  # fmt: skip


def unseen(usccs: list[str]) -> QuerySet[Demand]:
    """Demands of these enterprises with a proposal that nobody has looked at."""
    waiting = Party.objects.filter(demand=OuterRef("pk"), state=PartyState.PROPOSED, proposal__seen_at=None)
    return Demand.objects.filter(Exists(waiting), uscc__in=usccs, state=State.PROPOSED)


def unseen_count(actor: Actor) -> int:
    return unseen([actor.house.code]).count() if actor.house and actor.house.kind is HouseKind.ENTERPRISE else 0


def last_application(uscc: str) -> Application | None:
    """The newest application, from which a new demand takes what is the same."""
    return Application.objects.filter(uscc=uscc).order_by("-submitted_at").first()


def parties(demand: Demand) -> list[Party]:
    """All institutions that are or were at it, in the order they came."""
    return list(demand.parties.select_related("institution", "proposal__product").order_by("joined_at", "id"))


def proposals(demand: Demand) -> list[Proposal]:
    """What lies on the table, cheapest in interest and fees first; the sealed ones are for the caller to hide."""
    standing = (PartyState.PROPOSED, PartyState.CHOSEN, PartyState.PASSED_OVER)
    found = Proposal.objects.filter(party__demand=demand, party__state__in=standing)
    return list(found.select_related("party__institution", "product").order_by(F("rate_bp") + F("fee_year_bp"), "id"))


def steps(demand: Demand) -> QuerySet[Step]:
    return demand.steps.order_by("id")


def around(demand: Demand) -> Around:
    """Who is at it now."""
    states = list(demand.parties.filter(state__in=AT_IT).values_list("state", flat=True))
    return Around(states.count(PartyState.INVITED), states.count(PartyState.HOLDING), states.count(PartyState.PROPOSED))


def take_posting_lock(uscc: str) -> None:
    """Of two demands that one enterprise publishes at once the second waits; the lock ends with the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [POSTING_LOCK, uscc])


def free_place(demand: Demand) -> int | None:
    taken = set(demand.parties.exclude(place=None).values_list("place", flat=True))
    return next((place for place in range(1, PLACES + 1) if place not in taken), None)


def words_of(demand: Demand) -> dict[str, str]:
    """What a message says of a demand: to institutions neither name nor phone."""
    return {"number": demand.number, "amount": f"{(demand.amount_fen or 0) / 1_000_000:g}"}


# -- institutions -----------------------------------------------------------------------------------------------------


def code_of(actor: Actor) -> str:
    """The institution for which somebody acts; "" for everybody else."""
    house = actor.house
    return house.code if house is not None and house.kind is HouseKind.INSTITUTION else ""


def own(actor: Actor) -> QuerySet[Party]:
    """Where the actor's institution is or was at a demand; people of a branch see their own."""
    return Party.objects.filter(
        institutions.within(actor, unit="unit", handler="officer"), institution__code=code_of(actor)
    )


def on_the_market(actor: Actor, filters: Filters | None = None) -> QuerySet[Demand]:
    """Open demands that this institution is not at and may claim, the newest first."""
    code, wanted = code_of(actor), filters or Filters()
    been = Party.objects.filter(demand=OuterRef("pk"), institution__code=code)
    found = Demand.objects.filter(~Exists(been), state__in=LIVE).exclude(excluded__contains=[code])
    found = found.annotate(taken=Count("parties", filter=Q(parties__state__in=AT_IT))).filter(taken__lt=PLACES)
    for field, value in (
        ("city_code", wanted.city), ("amount_fen__gte", wanted.amount_min_fen),
        ("amount_fen__lte", wanted.amount_max_fen), ("purpose", wanted.purpose), ("loan_kind", wanted.loan_kind),
        ("securities__contains", [wanted.security] if wanted.security else ""),
    ):  # fmt: skip
        if value not in ("", None):
            found = found.filter(**{field: value})
    return found.order_by("-posted_at", "number") if code else found.none()


def party(number: str, *, visible_to: Actor) -> Party:
    """How the actor's institution stands to this demand; raises NotFound where it never was at it."""
    found = own(visible_to).filter(demand__number=number).select_related("demand", "institution").first()
    if found is None:
        raise NotFound("没有这项需求。")
    return found


def for_institution(number: str, *, visible_to: Actor) -> tuple[Sight, Party | None]:
    """A demand as the actor's institution may see it: of the market, or one it is or was at. Raises NotFound."""
    code = code_of(visible_to)
    at_it = own(visible_to).filter(demand__number=number).select_related("demand", "institution", "proposal").first()
    if at_it is not None:
        return sight(at_it.demand, at_it, code), at_it
    found = on_the_market(visible_to).filter(number=number).first()
    if found is None:
        raise NotFound("没有这项需求，或已结束、名额已满。")
    return sight(found, None, code), None


def sight(found: Demand, party: Party | None, code: str) -> Sight:
    """Name: where the enterprise is not anonymous, or agreed. Contact: only of those who are at it now."""
    at_it = party is not None and party.state in (PartyState.HOLDING, PartyState.PROPOSED, PartyState.CHOSEN)
    agreed = at_it and party is not None and party.disclosed_at is not None
    open_name, known = not found.anonymous, at_it and (agreed or not found.anonymous)
    posted = local_day(found.posted_at) if found.posted_at else None
    return Sight(
        number=found.number, state=found.state, posted_on=posted, open_until=found.open_until,
        city_code=found.city_code, industry_code=found.industry_code[:1], size=found.size,
        years=None if found.founded_on is None or posted is None else years_between(found.founded_on, posted),
        amount_fen=found.amount_fen, term_months=found.term_months, rate_max_bp=found.rate_max_bp,
        purpose=found.purpose, purpose_text=found.purpose_text, securities=found.securities,
        collateral=found.collateral, needed_on=found.needed_on, loan_kind=found.loan_kind,
        existing_fen=found.existing_fen, contact_time=found.contact_time, wished=code in found.preferred,
        name=found.enterprise_name if open_name or agreed else "",
        contact=found.contact_name if known else "", phone=found.contact_phone if known else "",
    )  # fmt: skip


def of_institution(actor: Actor, tray: str) -> QuerySet[Party]:
    """One tray: what is due first comes first; what ended, the last first."""
    found = own(actor).filter(state__in=TRAY_STATES[tray])
    found = found.select_related("demand", "institution", "proposal")
    order = ("-state_at",) if tray == "ended" else (F("due_on").asc(nulls_last=True), "joined_at")
    return found.order_by(*order)


def tray_counts(actor: Actor, today: date) -> dict[str, int]:
    """How many lie in each tray, how many of the institution's own are late, and how many were assigned to it."""
    counts = {tray: Count("pk", filter=Q(state__in=states)) for tray, states in TRAY_STATES.items()}
    late = Count("pk", filter=Q(state__in=TRAY_STATES["todo"], due_on__lt=today))
    due = Count("pk", filter=Q(state__in=TRAY_STATES["todo"], due_on=today))
    invited = Count("pk", filter=Q(state=PartyState.INVITED))
    found = own(actor).aggregate(**counts, late=late, today=due, invited=invited)
    return {"market": on_the_market(actor).count(), **found}


def todo_count(actor: Actor) -> int:
    """What the institution has to answer or to propose."""
    return own(actor).filter(state__in=TRAY_STATES["todo"]).count()


class OnOffer(NamedTuple):
    """A product of the market, as far as the rule of assignment looks at it; `regions` empty: everywhere."""

    institution_id: uuid.UUID
    regions: list[str]
    name: str
    amount_min_fen: int
    amount_max_fen: int
    term_min_months: int
    term_max_months: int
    rate_min_bp: int | None
    securities: list[str]


def on_offer() -> list[OnOffer]:
    """The whole market, read once for all demands of a round."""
    names = ("institution_id", *(f"current__{name}" for name in OnOffer._fields[1:]))
    return [OnOffer._make(row) for row in products.on_the_market().values_list(*names)]


def _offers(demand: Demand, market: Iterable[OnOffer]) -> dict[uuid.UUID, list[Offered]]:
    """By institution, without the institutions that were at this demand before."""
    been = set(demand.parties.values_list("institution_id", flat=True))
    places = {demand.city_code, demand.region_code}
    offers: dict[uuid.UUID, list[Offered]] = {}
    for one in market:
        if one.institution_id not in been:
            here = not one.regions or not places.isdisjoint(one.regions)
            offers.setdefault(one.institution_id, []).append(
                Offered(
                    one.name, one.amount_min_fen, one.amount_max_fen, one.term_min_months, one.term_max_months,
                    one.rate_min_bp, tuple(one.securities), here,
                )
            )  # fmt: skip
    return offers


def candidates(demand: Demand, market: Iterable[OnOffer]) -> list[Candidate]:
    """Every institution that may be assigned: active, on the market with a product, never at this demand before."""
    offers = _offers(demand, market)
    own = Party.objects.filter(institution=OuterRef("pk")).order_by().values("institution")
    given = own.annotate(n=Count("pk")).values("n")
    lapsed = own.filter(state=PartyState.LAPSED).annotate(n=Count("pk")).values("n")
    busy = own.filter(state__in=AT_IT).annotate(n=Count("pk")).values("n")
    applied = Application.objects.filter(institution=OuterRef("pk"), state__in=APPLICATIONS_OPEN)
    asked = applied.order_by().values("institution").annotate(n=Count("pk")).values("n")
    houses = Institution.objects.filter(pk__in=list(offers), state=InstitutionState.ACTIVE).annotate(
        given=Subquery(given), lapsed=Subquery(lapsed), busy=Subquery(busy), asked=Subquery(asked)
    )
    return [
        Candidate(
            code=house.code, name=house.name, products=tuple(offers[house.pk]),
            same_city=_city(house.region_code) == demand.city_code, load=(house.busy or 0) + (house.asked or 0),
            kept=(house.given or 0) - (house.lapsed or 0), given=house.given or 0,
        )
        for house in houses.order_by("code")
    ]  # fmt: skip


def _city(code: str) -> str:
    city = regions.city_of(code)
    return city.code if city else code


# -- regulators -------------------------------------------------------------------------------------------------------


def escalated(actor: Actor) -> QuerySet[Demand]:
    """Demands of the region that have had no proposal for too long, the oldest first."""
    if actor.house is None or actor.house.kind is not HouseKind.REGION:
        return Demand.objects.none()
    waiting = visible(actor).filter(state__in=LIVE, escalated_at__isnull=False).exclude(state=State.PROPOSED)
    return waiting.annotate(at_it=Count("parties", filter=Q(parties__state__in=AT_IT))).order_by("posted_at")
