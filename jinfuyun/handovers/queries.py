"""What a person has at work, and how it was handed over."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet

from jinfuyun.accounts import queries as accounts
from jinfuyun.accounts.models import User
from jinfuyun.applications.models import Application
from jinfuyun.applications.queries import HANDLERS
from jinfuyun.applications.rules import OPEN
from jinfuyun.applications.rules import State as ApplicationState
from jinfuyun.demands.models import Party
from jinfuyun.demands.rules import PartyState
from jinfuyun.handovers.models import Handover
from jinfuyun.handovers.rules import State
from jinfuyun.institutions import queries as institutions
from jinfuyun.kit.actor import Actor
from jinfuyun.kit.errors import NotFound
from jinfuyun.loans.models import Loan
from jinfuyun.loans.rules import OWING


@dataclass(frozen=True, slots=True)
class Work:
    """Open applications; those whose money is still owed, with their loans; demands that he took on."""

    applications: list[Application]
    lent: list[Application]
    parties: list[Party]

    @property
    def count(self) -> int:
        return len(self.applications) + len(self.lent) + len(self.parties)


def work_of(user_id: UUID | str) -> Work:
    his = Application.objects.filter(caller_account=str(user_id)).select_related("institution", "version", "unit")
    owing = Loan.objects.filter(state__in=OWING, line__application__caller_account=str(user_id))
    lent = his.filter(state=ApplicationState.FUNDED, pk__in=owing.values("line__application"))
    parties = Party.objects.filter(officer=str(user_id), state__in=(PartyState.HOLDING, PartyState.PROPOSED))
    return Work(
        list(his.filter(state__in=OPEN).order_by("number")), list(lent.order_by("number")),
        list(parties.select_related("demand", "institution").order_by("joined_at", "id")),
    )  # fmt: skip


def holding(actor: Actor) -> set[str]:
    """Who of the actor's people has something at work, by account."""
    people = [str(pk) for pk in institutions.colleagues(actor).values_list("pk", flat=True)]
    held = Application.objects.filter(caller_account__in=people, state__in=OPEN).values_list("caller_account")
    asked = Party.objects.filter(officer__in=people, state__in=(PartyState.HOLDING, PartyState.PROPOSED))
    return {account for (account,) in held.union(asked.values_list("officer"))}


def colleagues_for(person: User, actor: Actor, today: date) -> list[User]:
    """Who may take on this person's work: open, with one of his roles, not on leave today."""
    roles = HANDLERS & set(person.roles)
    away = away_now(actor, today)
    return [
        one for one in institutions.colleagues(actor)
        if one.pk != person.pk and accounts.is_open(one) and roles & set(one.roles) and one.pk not in away
    ]  # fmt: skip


def away_now(actor: Actor, today: date) -> set[UUID]:
    """Who of the actor's house is on leave."""
    on_leave = handovers(actor).filter(state=State.RUNNING, from_on__lte=today, until_on__gte=today)
    return set(on_leave.values_list("person_id", flat=True))


def handovers(actor: Actor) -> QuerySet[Handover]:
    """Those of the actor's house, or of the people of his branch; the newest first."""
    found = Handover.objects.filter(institution_code=actor.house.code if actor.house else "")
    if actor.unit:
        found = found.filter(person_id__in=institutions.colleagues(actor).values("pk"))
    return found.order_by("-made_at")


def handover(handover_id: UUID, *, visible_to: Actor) -> Handover:
    """Raises NotFound."""
    found = handovers(visible_to).filter(pk=handover_id).first()
    if found is None:
        raise NotFound("没有这次交接。")
    return found


def to_begin(today: date) -> QuerySet[Handover]:
    return Handover.objects.filter(state=State.PLANNED, from_on__lte=today)


def to_give_back(today: date) -> QuerySet[Handover]:
    """Leaves whose last day is over."""
    return Handover.objects.filter(Q(until_on__lt=today), state=State.RUNNING)
