"""One step of a demand: the only place where its state changes. Whoever moves holds the row; the others wait."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction

from jinfuyun.accounts import queries as accounts
from jinfuyun.audit import actions as audit
from jinfuyun.demands import queries
from jinfuyun.demands.models import Demand, Party, Step
from jinfuyun.demands.rules import AT_IT, HANDLE, LEFT_REASONS, TEND, Act, Around, PartyState, party_due, transition
from jinfuyun.enterprises import queries as enterprises
from jinfuyun.institutions import queries as institutions
from jinfuyun.kit.actor import Actor, House, Role
from jinfuyun.kit.calendar import local_day
from jinfuyun.kit.errors import TooLate
from jinfuyun.kit.permissions import require
from jinfuyun.notifications.actions import notify
from jinfuyun.notifications.rules import Template
from jinfuyun.workdays import queries as workdays

HANDLERS = frozenset({Role.OFFICER, Role.APPROVER})


def _held(demand: Demand) -> Demand:
    """The row as it stands, for this transaction alone."""
    return Demand.objects.select_for_update().get(pk=demand.pk)


@transaction.atomic
def move(
    *, demand: Demand, act: Act, by: Actor, at: datetime, around: Around | None = None, institution: str = "",
    said: str = "", changes: dict[str, Any] | None = None, **booked: Any,
) -> None:  # fmt: skip
    """Take the step if the table allows it from where the demand stands; TooLate if somebody was first.

    `demand` is held by the caller (`_held`). `around`: whom the guard counts, by default who is at it now.
    `institution`: its name, for the history. `booked`: what the book says beside it.
    """
    step = transition(act, demand.state, around or queries.around(demand))
    if step is None:
        raise TooLate
    houses = {HANDLE: by.house, TEND: None}
    require(step.permission, by=by, over=houses.get(step.permission, demand.enterprise_house))
    source = demand.state
    columns = {"state": step.target, **({"state_at": at} if step.target != source else {}), **(changes or {})}
    if not Demand.objects.filter(pk=demand.pk, state=source).update(**columns):
        raise TooLate
    Step.objects.create(
        demand=demand, act=act, source=source, target=step.target, at=at, by=by.id, by_label=by.label,
        institution=institution, said=said,
    )  # fmt: skip
    audit.record(
        f"demand.{act}", subject=f"demand:{demand.number}", by=by, at=at, uscc=demand.uscc, source=source,
        target=step.target, **booked,
    )  # fmt: skip
    demand.refresh_from_db()


def _stand(party: Party, state: PartyState, at: datetime, **columns: Any) -> None:
    """How the institution stands from now on, and until when it has to act; who left has no place any more."""
    due = party_due(state, local_day(at), workdays.notices())
    columns["place"] = party.place if state in AT_IT else None
    for name, value in {
        "state": state, "state_at": at, "due_on": due and due.day, "due_provisional": bool(due and due.provisional),
        "reminded_percent": 0, **columns,
    }.items():  # fmt: skip
        setattr(party, name, value)
    party.save()


@transaction.atomic
def end_parties(
    *, demand: Demand, state: PartyState, template: Template, at: datetime, because: str = "", text: str = ""
) -> None:
    """Everybody who is at it is at it no more, and is told why (`because`: of LEFT_REASONS)."""
    why = {"why": "：".join(part for part in (LEFT_REASONS.get(because), text) if part)}
    for party in demand.parties.select_related("institution", "unit").filter(state__in=AT_IT):
        _stand(party, state, at, left_because=because, left_text=text)
        tell_party(party=party, template=template, context=queries.words_of(demand) | why, at=at)


@transaction.atomic
def tell_party(*, party: Party, template: Template, context: dict[str, str], at: datetime) -> None:
    """Inside the platform, the officers and approvers who see it."""
    for person in accounts.staff_of(party.institution_house):
        is_his = str(person.pk) == party.officer or institutions.sees(person.unit_id, party.unit)
        if accounts.is_open(person) and is_his and HANDLERS & set(person.roles):
            notify(user_id=person.pk, template=template, context=context, at=at)


@transaction.atomic
def tell_house(
    *, house: House, template: Template, context: dict[str, str], at: datetime, roles: Iterable[Role], also: str = ""
) -> None:  # fmt: skip
    """Inside the platform, everybody who has a seat with one of the roles there now, and the person `also`."""
    for person in accounts.staff_of(house):
        if accounts.is_open(person) and (set(roles) & set(person.roles) or str(person.pk) == also):
            notify(user_id=person.pk, template=template, context=context, at=at)


@transaction.atomic
def tell_enterprise(*, demand: Demand, template: Template, at: datetime, **context: str) -> None:
    """By short message to the contact, and in the platform to the account that holds the enterprise."""
    notify(
        phone=demand.contact_phone, user_id=enterprises.holder_id(demand.uscc), template=template, at=at,
        context=queries.words_of(demand) | context,
    )  # fmt: skip
