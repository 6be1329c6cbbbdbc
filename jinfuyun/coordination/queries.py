"""Reading the lists of the mechanism: an enterprise's own, a working group's region, an institution's desk."""

from collections.abc import Collection, Sequence
from datetime import date, datetime

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from jinfuyun.consents import queries as consents
from jinfuyun.coordination.content import VisitState, ZoneState, ZoneText
from jinfuyun.coordination.models import Declaration, Judgement, Recommendation, Step, Visit, Zone
from jinfuyun.coordination.rules import LIVE, OPEN, STANDARDS, Answer, State
from jinfuyun.demands.models import Demand
from jinfuyun.demands.queries import code_of, on_offer
from jinfuyun.demands.rules import LIVE as DEMAND_LIVE
from jinfuyun.enterprises.models import Enterprise
from jinfuyun.institutions import queries as institutions
from jinfuyun.institutions.models import Institution
from jinfuyun.kit import regions
from jinfuyun.kit.actor import Actor, HouseKind, Role
from jinfuyun.kit.calendar import local_day
from jinfuyun.kit.errors import NotFound
from jinfuyun.kit.regions import PROVINCE_CODE
from jinfuyun.policies import queries as policies
from jinfuyun.policies.rules import Policy
from jinfuyun.products import queries as products
from jinfuyun.products.queries import Filters

TRAYS = {"todo": "待答复", "late": "已逾期", "answered": "已答复", "ended": "已结束"}
FOUND_MAX = 20  # each of them is booked and told to the enterprise


def mandate(actor: Actor) -> Q:
    """Rows with a `region_code` of the county, city or province that a working group belongs to; else none."""
    within = counties_of(actor)
    return Q() if within is None else Q(region_code__in=within)


def counties_of(actor: Actor) -> frozenset[str] | None:
    """The counties of a working group; None: all of the province, and whatever lies outside it."""
    house = actor.house
    if house is None or house.kind is not HouseKind.REGION or Role.REGULATOR not in actor.roles:
        return frozenset()
    if house.code == PROVINCE_CODE:
        return None
    return frozenset({house.code, *(one.code for one in regions.COUNTIES if house.code in (one.code, one.city))})


def agreed(field: str, at: datetime) -> Exists:
    """The enterprise of the row's column `field` agrees to be recommended, at this moment."""
    return Exists(consents.recommendable(at).filter(enterprise_id=OuterRef(field)))


def is_agreed(uscc: str, at: datetime) -> bool:
    return consents.recommendable(at).filter(enterprise_id=uscc).exists()


# -- enterprises and working groups -----------------------------------------------------------------------------------


def visible(actor: Actor, at: datetime) -> QuerySet[Declaration]:
    """An enterprise's own; a region's, of those that agree or whose declaration is over; to anybody else none."""
    if actor.house is not None and actor.house.kind is HouseKind.ENTERPRISE:
        return Declaration.objects.filter(uscc=actor.house.code)
    return Declaration.objects.filter(mandate(actor)).filter(~Q(state__in=LIVE) | agreed("uscc", at))


def declaration(number: str, *, visible_to: Actor, at: datetime) -> Declaration:
    """Raises NotFound."""
    found = visible(visible_to, at).filter(number=number).first()
    if found is None:
        raise NotFound("没有这项申报。")
    return found


def listed(actor: Actor, at: datetime, *, state: str = "", words: str = "") -> QuerySet[Declaration]:
    """With how many institutions it was recommended to, how many still owe an answer, how many of them are late, and
    whether the enterprise still agrees: who does not is shown, and found, without its name."""
    still = Q(recommendations__state__in=OPEN)
    found = visible(actor, at).annotate(
        agrees=agreed("uscc", at), asked=Count("recommendations"), waiting=Count("recommendations", filter=still),
        late=Count("recommendations", filter=still & Q(recommendations__due_on__lt=local_day(at))),
    )  # fmt: skip
    if state:
        found = found.filter(state=state)
    if words:
        named = Q(enterprise_name__icontains=words, agrees=True) & ~Q(state=State.WITHDRAWN)
        found = found.filter(named | Q(number=words))
    return found.order_by("-declared_at", "number")


def counts(actor: Actor, at: datetime) -> dict[str, int]:
    """How many stand in each state."""
    rows = visible(actor, at).order_by().values("state").annotate(n=Count("pk"))
    return {row["state"]: row["n"] for row in rows}


def to_judge(actor: Actor, at: datetime) -> QuerySet[Declaration]:
    """What waits for the region's working group."""
    return visible(actor, at).filter(state=State.DECLARED)


def late(actor: Actor, at: datetime) -> QuerySet[Recommendation]:
    """Institutions that did not answer within the month, of the region's declarations; the longest first."""
    found = Recommendation.objects.filter(declaration__in=visible(actor, at), state__in=OPEN)
    found = found.filter(agreed("declaration__uscc", at), due_on__lt=local_day(at))
    return found.select_related("declaration", "institution").order_by("due_on", "pk")


def standing(declaration: Declaration) -> dict[str, Judgement]:
    """The last judgement of each standard."""
    found = {one.standard: one for one in declaration.judgements.order_by("id")}
    return {name: found[name] for name in STANDARDS if name in found}


def recommendations(declaration: Declaration) -> list[Recommendation]:
    return list(declaration.recommendations.select_related("institution").order_by("recommended_at", "pk"))


def steps(declaration: Declaration) -> QuerySet[Step]:
    return declaration.steps.order_by("id")


def live_of(uscc: str) -> Declaration | None:
    return Declaration.objects.filter(uscc=uscc, state__in=LIVE).first()


def found_by(words: str, *, by: Actor, at: datetime) -> list[Enterprise]:
    """Enterprises of the region that agree and are on no list now, by part of the name or the whole code."""
    listed_now = Declaration.objects.filter(uscc=OuterRef("pk"), state__in=LIVE)
    found = Enterprise.objects.filter(mandate(by), agreed("pk", at), ~Exists(listed_now))
    return list(found.filter(Q(name__icontains=words) | Q(pk=words.upper())).order_by("name", "pk")[:FOUND_MAX])


def demands_to_list(actor: Actor, at: datetime) -> QuerySet[Demand]:
    """Open demands of the region whose enterprise agrees and is on no list now; those that wait longest first."""
    listed_now = Declaration.objects.filter(uscc=OuterRef("uscc"), state__in=LIVE)
    found = Demand.objects.filter(mandate(actor), agreed("uscc", at), ~Exists(listed_now), state__in=DEMAND_LIVE)
    return found.order_by("posted_at", "number")


def institutions_for(declaration: Declaration) -> list[Institution]:
    """Whoever lends in that county with a product of the market, was not excluded and not asked before."""
    city = regions.city_of(declaration.region_code)
    here = {declaration.region_code, *([city.code] if city else [])}
    lenders = {one.institution_id for one in on_offer() if not one.regions or not here.isdisjoint(one.regions)}
    asked = declaration.recommendations.values("institution")
    return list(
        institutions.listed(state="active").filter(pk__in=lenders).exclude(pk__in=asked)
        .exclude(code__in=declaration.excluded).order_by("name")
    )  # fmt: skip


# -- visits -----------------------------------------------------------------------------------------------------------


def visits(actor: Actor, *, state: str = "", words: str = "") -> QuerySet[Visit]:
    """Of the working group's region; what is planned next comes first, then what was done last."""
    found = Visit.objects.filter(mandate(actor)).select_related("declaration")
    if state:
        found = found.filter(state=state)
    if words:
        found = found.filter(Q(enterprise_name__icontains=words) | Q(uscc=words.upper()) | Q(visitor__icontains=words))
    return found.order_by("-planned_on", "number")


def visit_counts(actor: Actor) -> dict[str, int]:
    rows = Visit.objects.filter(mandate(actor)).order_by().values("state").annotate(n=Count("pk"))
    return {row["state"]: row["n"] for row in rows}


def visit(number: str, *, visible_to: Actor) -> Visit:
    """Raises NotFound."""
    found = Visit.objects.filter(mandate(visible_to), number=number).first()
    if found is None:
        raise NotFound("没有这次走访。")
    return found


def planned_at(names: Collection[str], actor: Actor) -> set[tuple[str, str, date]]:
    """Where and when visits to enterprises of these names are or were arranged, in the group's region."""
    found = Visit.objects.filter(mandate(actor), enterprise_name__in=names).exclude(state=VisitState.CANCELLED)
    return set(found.values_list("region_code", "enterprise_name", "planned_on"))


def visits_of(uscc: str) -> list[Visit]:
    """As the visited enterprise sees them; what was cancelled did not happen."""
    return list(Visit.objects.filter(uscc=uscc).exclude(state=VisitState.CANCELLED).order_by("-planned_on", "pk")[:20])


# -- zones ------------------------------------------------------------------------------------------------------------


def running_zones(on: date) -> list[Zone]:
    """What everybody sees today, the ones that end first first; one whose products are all gone is not shown."""
    found = Zone.objects.filter(state=ZoneState.PUBLISHED, since__lte=on, until__gte=on).order_by("until", "slug")
    return [one for one in found if products_of(one.text) or policies_of(one.text, on)]


def running_zone(slug: str, on: date) -> Zone:
    """Raises NotFound: not begun, over, or nothing in it any more."""
    found = next((one for one in running_zones(on) if one.slug == slug), None)
    if found is None:
        raise NotFound("没有这个专区，或专区已结束。")
    return found


def products_of(text: ZoneText) -> list[int]:
    """On the market now, offered in the zone's region: chosen by code or found by the condition, cheapest first."""
    wanted = set(products.on_the_market().filter(code__in=text.product_codes).values_list("id", flat=True))
    if text.has_condition:
        wanted |= {*products.listed(Filters(region=text.region_code, tag=text.tag, security=text.security)).ids}
    return [one for one in products.listed(Filters(region=text.region_code)).ids if one in wanted]


def policies_of(text: ZoneText, on: date) -> list[Policy]:
    return [one for one in policies.in_force(on) if one.code in text.policy_codes]


def zones(actor: Actor) -> QuerySet[Zone]:
    """All for an operator; a regulator's own house's. Nobody else keeps any."""
    if Role.OPERATOR in actor.roles:
        return Zone.objects.all()
    if actor.house is not None and Role.REGULATOR in actor.roles:
        return Zone.objects.filter(house_code=actor.house.code)
    return Zone.objects.none()


def zone(slug: str, *, visible_to: Actor) -> Zone:
    """Raises NotFound."""
    found = zones(visible_to).filter(slug=slug).first()
    if found is None:
        raise NotFound("没有这个专区。")
    return found


# -- institutions -----------------------------------------------------------------------------------------------------


def own(actor: Actor, at: datetime) -> QuerySet[Recommendation]:
    """What was recommended to the actor's institution, while the enterprise agrees; a branch sees its own."""
    found = Recommendation.objects.filter(
        institutions.within(actor, unit="unit", handler="officer"), agreed("declaration__uscc", at),
        institution__code=code_of(actor),
    )  # fmt: skip
    return found.select_related("declaration", "institution", "unit")


def tray(actor: Actor, at: datetime, name: str) -> QuerySet[Recommendation]:
    today = local_day(at)
    wanted = {
        "todo": Q(state__in=OPEN), "late": Q(state__in=OPEN, due_on__lt=today),
        "answered": Q(state__in=[Answer.GRANTED, Answer.REFUSED]), "ended": Q(state=Answer.ENDED),
    }[name]  # fmt: skip
    order: Sequence[str] = ("due_on", "pk") if name in ("todo", "late") else ("-state_at", "pk")
    return own(actor, at).filter(wanted).order_by(*order)


def tray_counts(actor: Actor, at: datetime) -> dict[str, int]:
    return {name: tray(actor, at, name).count() for name in TRAYS}


def recommendation(number: str, *, visible_to: Actor, at: datetime) -> Recommendation:
    """Raises NotFound: never recommended here, or the enterprise took it back."""
    found = own(visible_to, at).filter(declaration__number=number).exclude(state=Answer.ENDED).first()
    if found is None:
        raise NotFound("没有这项推荐，或企业已撤回。")
    return found


# -- the platform -----------------------------------------------------------------------------------------------------


def opted_out() -> QuerySet[Declaration]:
    """On a list, or with an answer open, though no letter agrees to it any more."""
    waiting = Recommendation.objects.filter(declaration=OuterRef("pk"), state__in=OPEN)
    agrees = consents.may_be_recommended_again().filter(enterprise_id=OuterRef("uscc"))
    return Declaration.objects.filter(Q(state__in=LIVE) | Exists(waiting), ~Exists(agrees))


def unanswered(due_before: date) -> QuerySet[Recommendation]:
    """Recommendations that wait for an answer which is due before that day."""
    found = Recommendation.objects.filter(state__in=OPEN, due_on__lt=due_before)
    return found.select_related("declaration", "institution", "unit").order_by("pk")


def words_of(declaration: Declaration) -> dict[str, str]:
    return {"number": declaration.number, "amount": f"{declaration.amount_fen / 1_000_000:g}"}
