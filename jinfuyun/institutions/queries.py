"""Reading institutions."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db.models import F, Q, QuerySet

from jinfuyun.accounts import queries as accounts
from jinfuyun.accounts.models import Invitation, User
from jinfuyun.institutions.models import AdmissionRequest, Institution, Unit
from jinfuyun.institutions.rules import Level, RequestState, State
from jinfuyun.kit import regions
from jinfuyun.kit.actor import Actor
from jinfuyun.kit.errors import NotFound
from jinfuyun.kit.permissions import MAY, Permission


def institution(code: str) -> Institution:
    """By its code; raises NotFound."""
    found = Institution.objects.filter(code=code).first()
    if found is None:
        raise NotFound("没有这个机构。")
    return found


def names(codes: Collection[str]) -> dict[str, str]:
    """Name by code, of those that exist."""
    return dict(Institution.objects.filter(code__in=set(codes)).values_list("code", "name"))


def listed(*, state: str = "", words: str = "") -> QuerySet[Institution]:
    """For the operator's list, by reading of the name; `words` may be pinyin or initials."""
    found = Institution.objects.order_by("name_key")
    if state:
        found = found.filter(state=state)
    for word in words.lower().split()[:5]:
        found = found.filter(search_text__contains=word)
    return found


def in_review() -> QuerySet[Institution]:
    """What waits for a second operator, longest first."""
    return Institution.objects.filter(state=State.IN_REVIEW).order_by("state_at")


def request(request_id: UUID) -> AdmissionRequest:
    """Raises NotFound."""
    found = AdmissionRequest.objects.filter(pk=request_id).first()
    if found is None:
        raise NotFound("没有这份入驻申请。")
    return found


def requests() -> QuerySet[AdmissionRequest]:
    """What came by the public form: waiting ones first, longest first; then the decided, the last first."""
    waiting = Q(state=RequestState.WAITING)
    return AdmissionRequest.objects.annotate(waits=waiting).order_by("-waits", F("decided_at").desc(), "made_at")


def waiting_count() -> int:
    return AdmissionRequest.objects.filter(state=RequestState.WAITING).count()


# -- branches ---------------------------------------------------------------------------------------------------------


def unit(unit_id: UUID | str, *, code: str) -> Unit:
    """One of this institution's, not closed; raises NotFound."""
    found = Unit.objects.filter(pk=unit_id, institution__code=code, closed_at=None).select_related("institution")
    one = found.first()
    if one is None:
        raise NotFound("没有这个分支机构。")
    return one


def units(actor: Actor) -> list[Unit]:
    """Those that the actor sees, each branch followed by its sub-branches."""
    found = Unit.objects.filter(institution__code=actor.house.code if actor.house else "", closed_at=None)
    if actor.unit:
        found = found.filter(Q(pk=actor.unit) | Q(parent=actor.unit))
    return sorted(
        found.select_related("parent"),
        key=lambda one: ((one.parent or one).level, (one.parent or one).name, one.level, one.name),
    )


def below(actor: Actor) -> QuerySet[Unit]:
    """The branch of somebody who belongs to one, and the units under it."""
    return Unit.objects.filter(Q(pk=actor.unit) | Q(parent=actor.unit))


def colleagues(actor: Actor) -> QuerySet[User]:
    """Everybody who has or had a seat in the house, or in the actor's branch and those below it."""
    assert actor.house is not None, "staff belong to a house"
    found = accounts.staff_of(actor.house)
    return found.filter(unit_id__in=below(actor).values("pk")) if actor.unit else found


def invitations(actor: Actor, *, at: datetime) -> QuerySet[Invitation]:
    """Seats that nobody has taken up yet, in the house, or in the actor's branch and those below it."""
    assert actor.house is not None, "staff belong to a house"
    found = accounts.invitations(actor.house, at=at)
    return found.filter(unit_id__in=below(actor).values("pk")) if actor.unit else found


def within(actor: Actor, *, unit: str, handler: str) -> Q:
    """What people of a branch see: its own, that of the units below it, and whatever they handle themselves.

    `unit`, `handler`: the names of the columns. The head office sees everything.
    """
    if not actor.unit:
        return Q()
    return Q(**{f"{unit}__in": below(actor).values("pk")}) | Q(**{handler: actor.id})


def sees(where: UUID | None, unit: Unit | None) -> bool:
    """Whether somebody of the unit `where` sees what belongs to `unit`; None is the head office."""
    return where is None or (unit is not None and where in (unit.pk, unit.parent_id))


def nearest(institution: Institution, region_code: str) -> Unit | None:
    """The deepest unit that serves the county and has somebody who handles work; None: the head office.

    Of two that are as deep, the one that names the county, not the whole city.
    """
    city = regions.city_of(region_code)
    served = [region_code, *([city.code] if city else [])]
    found = list(institution.units.filter(closed_at=None, regions__overlap=served).order_by("name"))
    if not found:
        return None
    handlers = MAY[Permission.APPLICATION_HANDLE]
    staffed = {
        one.unit_id for one in accounts.staff_of(institution.house)
        if accounts.is_open(one) and handlers & set(one.roles)
    }  # fmt: skip
    manned = [one for one in found if one.pk in staffed]
    return max(manned, key=lambda one: (one.level == Level.SUBBRANCH, region_code in one.regions), default=None)
