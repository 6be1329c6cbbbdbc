"""What the platform does by itself, once an hour: expire, lapse, assign, escalate, follow what became of it."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from jinfuyun.applications import queries as applications
from jinfuyun.applications.rules import ENDED as APPLICATION_ENDED
from jinfuyun.applications.rules import Running, reminder
from jinfuyun.applications.rules import State as ApplicationState
from jinfuyun.audit import actions as audit
from jinfuyun.demands import queries
from jinfuyun.demands.actions.moving import (
    _held,
    _stand,
    end_parties,
    move,
    tell_enterprise,
    tell_house,
    tell_party,
)
from jinfuyun.demands.content import Ranked, rank
from jinfuyun.demands.models import Demand, Party
from jinfuyun.demands.rules import (
    ASSIGN_AFTER_DAYS,
    ESCALATE_AFTER_DAYS,
    LIVE,
    PARTY_DAYS,
    UNMET_REASONS,
    Act,
    Origin,
    PartyState,
    State,
    is_over,
    party_due,
)
from jinfuyun.institutions import queries as institutions
from jinfuyun.kit.actor import Actor, House, HouseKind, Role
from jinfuyun.kit.calendar import SEEDED, Notices, local_day
from jinfuyun.kit.errors import TooLate
from jinfuyun.kit.permissions import Permission, require
from jinfuyun.kit.regions import PROVINCE_CODE
from jinfuyun.notifications.rules import Template

REGULATORS = frozenset({Role.REGULATOR})
ADMINISTRATORS = frozenset({Role.INSTITUTION_ADMIN})
WAITED_FOR = {PartyState.INVITED: "答复接单或退回", PartyState.HOLDING: "提交意向方案"}


@transaction.atomic
def expire(*, by: Actor, at: datetime) -> int:
    """Demands past the day that the enterprise set; returns how many."""
    require(Permission.DEMAND_TEND, by=by, over=None)
    ended = 0
    for found in Demand.objects.filter(state__in=LIVE, open_until__lt=local_day(at)):
        held = _held(found)
        if held.state not in LIVE:  # ended in this very moment
            continue
        move(demand=held, act=Act.EXPIRE, by=by, at=at)
        end_parties(demand=held, state=PartyState.ENDED, template=Template.DEMAND_ENDED, at=at)
        tell_enterprise(demand=held, template=Template.DEMAND_EXPIRED, at=at)
        ended += 1
    return ended


@transaction.atomic
def lapse(*, by: Actor, at: datetime, notices: Notices = SEEDED) -> int:
    """Institutions that did not answer or propose in time, and proposals past their last day; returns how many.

    The days are counted anew from when they began, so that a year's notice that came meanwhile counts.
    """
    require(Permission.DEMAND_TEND, by=by, over=None)
    today, lapsed = local_day(at), 0
    late = Q(state=PartyState.PROPOSED, proposal__valid_till__lt=today) | Q(state__in=list(PARTY_DAYS))
    for found in Party.objects.filter(late, demand__state__in=LIVE).select_related("demand"):
        held = _held(found.demand)
        party = Party.objects.select_related("institution").get(pk=found.pk)
        due = party_due(PartyState(party.state), local_day(party.state_at), notices)
        if party.state != found.state or held.state not in LIVE or (due is not None and due.day >= today):
            if due is not None and (due.day, due.provisional) != (party.due_on, party.due_provisional):
                Party.objects.filter(pk=party.pk).update(due_on=due.day, due_provisional=due.provisional)
            continue
        _stand(party, PartyState.LAPSED, at)
        move(demand=held, act=Act.LAPSE, by=by, at=at, institution=party.institution.name, said="期限内没有办理")
        tell_party(party=party, template=Template.DEMAND_LAPSED, context=queries.words_of(held), at=at)
        lapsed += 1
    return lapsed


@transaction.atomic
def remind(*, by: Actor, at: datetime, notices: Notices = SEEDED) -> int:
    """At half, four fifths and all of an institution's time, each once; returns how many.

    Told are its administrators and who claimed the demand, or everybody who may answer one that was assigned.
    """
    require(Permission.DEMAND_TEND, by=by, over=None)
    reminded = 0
    waiting = Party.objects.filter(state__in=list(PARTY_DAYS), demand__state__in=LIVE)
    for party in waiting.select_related("demand", "institution"):
        clock = Running(local_day(party.state_at), PARTY_DAYS[PartyState(party.state)], party.due_on)
        percent = reminder(clock, local_day(at), notices)
        standing = Party.objects.filter(pk=party.pk, state_at=party.state_at, reminded_percent__lt=percent)
        if not standing.update(reminded_percent=percent):
            continue
        what = WAITED_FOR[PartyState(party.state)]
        words = queries.words_of(party.demand) | {"percent": f"{percent}", "due": f"{party.due_on}", "what": what}
        tell_house(
            house=party.institution_house, template=Template.DEMAND_REMINDED, at=at, also=party.officer,
            roles=ADMINISTRATORS, context=words,
        )  # fmt: skip
        if not party.officer:
            tell_party(party=party, template=Template.DEMAND_REMINDED, context=words, at=at)
        audit.record(
            "demand.reminded", subject=f"demand:{party.demand.number}", by=by, at=at, uscc=party.demand.uscc,
            institution=party.institution.code, percent=percent,
        )  # fmt: skip
        reminded += 1
    return reminded


@transaction.atomic
def assign(*, by: Actor, at: datetime, notices: Notices = SEEDED) -> int:
    """Demands that nobody has claimed for two working days go to the best institution by the rule; returns how many."""
    require(Permission.DEMAND_TEND, by=by, over=None)
    assigned, market = 0, queries.on_offer()
    for found in Demand.objects.filter(state=State.OPEN).order_by("posted_at"):
        assert found.posted_at is not None, "the database keeps when it was published"
        if not is_over(local_day(found.posted_at), ASSIGN_AFTER_DAYS, local_day(at), notices):
            continue
        held = _held(found)
        best = rank(held.wanted, queries.candidates(held, market))[:1]
        if held.state == State.OPEN and best:
            _give(held, best[0], by, at, notices)
            assigned += 1
    return assigned


def _give(held: Demand, best: Ranked, by: Actor, at: datetime, notices: Notices) -> None:
    institution = institutions.institution(best.code)
    due = party_due(PartyState.INVITED, local_day(at), notices)
    assert due is not None
    said = f"{best.points} 分：{'；'.join(best.reasons)}"[:200]
    move(
        demand=held, act=Act.ASSIGN, by=by, at=at, institution=institution.name, said=said, to=best.code,
        points=best.points,
    )  # fmt: skip
    party = Party.objects.create(
        demand=held, institution=institution, unit=institutions.nearest(institution, held.region_code),
        origin=Origin.ASSIGNMENT, reasons=list(best.reasons), state_at=at,
        place=queries.free_place(held), state=PartyState.INVITED, joined_at=at, due_on=due.day,
        due_provisional=due.provisional,
    )  # fmt: skip
    context = queries.words_of(held) | {"due": f"{due.day}"}
    tell_party(party=party, template=Template.DEMAND_ASSIGNED, context=context, at=at)


@transaction.atomic
def escalate(*, by: Actor, at: datetime, notices: Notices = SEEDED) -> int:
    """Demands without any proposal for five working days come on the regulators' list, once; returns how many."""
    require(Permission.DEMAND_TEND, by=by, over=None)
    escalated = 0
    waiting = (State.OPEN, State.CLAIMED, State.ASSIGNED)
    for found in Demand.objects.filter(state__in=waiting, escalated_at=None):
        assert found.posted_at is not None, "the database keeps when it was published"
        if not is_over(local_day(found.posted_at), ESCALATE_AFTER_DAYS, local_day(at), notices):
            continue
        held = _held(found)
        try:
            move(demand=held, act=Act.ESCALATE, by=by, at=at, changes={"escalated_at": at})
        except TooLate:  # a proposal came in this very moment
            continue
        for code in {held.city_code, PROVINCE_CODE}:
            tell_house(
                house=House(HouseKind.REGION, code), template=Template.DEMAND_ESCALATED, context=queries.words_of(held),
                at=at, roles=REGULATORS,
            )  # fmt: skip
        escalated += 1
    return escalated


@transaction.atomic
def follow_applications(*, by: Actor, at: datetime, notices: Notices = SEEDED) -> int:
    """Chosen demands whose application came to an end: closed with the money, unmet without; returns how many.

    A refusal that the enterprise may still appeal against is no end yet.
    """
    require(Permission.DEMAND_TEND, by=by, over=None)
    chosen = Demand.objects.filter(state=State.CHOSEN, application__state__in=[one.value for one in APPLICATION_ENDED])
    followed = 0
    for one in chosen.select_related("application"):
        assert one.application is not None, "the database keeps a chosen demand's application"
        if applications.appeal_ends(one.application, local_day(at), notices):
            continue
        held, followed = _held(one), followed + 1
        if one.application.state == ApplicationState.FUNDED:
            move(demand=held, act=Act.FINISH, by=by, at=at)
            continue
        reason = "application_ended"
        move(
            demand=held, act=Act.FALL_THROUGH, said=UNMET_REASONS[reason], by=by, at=at,
            changes={"unmet_reason": reason}, reason=reason,
        )  # fmt: skip
    return followed
