"""What an enterprise does with its demand."""

import secrets
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction

from jinfuyun.applications import actions as applications
from jinfuyun.applications.models import Application
from jinfuyun.applications.rules import Wish, is_late
from jinfuyun.audit import actions as audit
from jinfuyun.demands import queries
from jinfuyun.demands.actions.moving import (
    HANDLERS,
    _held,
    _stand,
    end_parties,
    move,
    tell_house,
    tell_party,
)
from jinfuyun.demands.content import Wanted, why_not_post
from jinfuyun.demands.models import Demand, Party
from jinfuyun.demands.rules import (
    AT_IT,
    LEFT_TEXT_LENGTH_MAX,
    LIVE,
    LIVE_MAX,
    NOT_CHOSEN,
    OPEN_DAYS,
    UNMET_BY_PLATFORM,
    UNMET_REASONS,
    Act,
    PartyState,
    State,
)
from jinfuyun.enterprises import queries as enterprises
from jinfuyun.kit import regions
from jinfuyun.kit.actor import Actor, enterprise_house, institution_house
from jinfuyun.kit.calendar import local_day
from jinfuyun.kit.errors import NotFound, Refused, TooLate
from jinfuyun.kit.permissions import Permission, require
from jinfuyun.kit.reasons import NotInOrder, Reason
from jinfuyun.notifications.rules import Template


class ProposalOver(Refused):
    message = "该方案已过有效期，不能再选定；可以请机构更新，或选其他方案。"


class ProductGone(Refused):
    message = "该方案对应的产品已下架，不能据此提交申请；请选其他方案。"


@transaction.atomic
def keep_draft(*, uscc: str, demand_id: UUID, wanted: Wanted, by: Actor, at: datetime) -> Demand:
    """What was typed so far, as far as it can be read. The page named the demand; a published one is left alone."""
    require(Permission.DEMAND_POST, by=by, over=enterprise_house(uscc))
    found = queries.begun(demand_id, uscc=uscc) or _new(uscc, demand_id, by, at)
    if found.state == State.DRAFT:
        found.write(wanted)
        found.save()
    return found


def _new(uscc: str, demand_id: UUID, by: Actor, at: datetime) -> Demand:
    profile = enterprises.profile(uscc)
    city = regions.city_of(profile.region_code)
    registered_on = profile.registered.get("registered_on")
    new = Demand(
        id=demand_id, number=f"XQ{local_day(at):%Y%m%d}{secrets.randbelow(10**8):08d}", uscc=uscc,
        enterprise_name=profile.name, region_code=profile.region_code,
        city_code=city.code if city else profile.region_code, industry_code=profile.industry_code,
        founded_on=date.fromisoformat(registered_on) if registered_on else None, contact_name=profile.contact_name,
        contact_phone=profile.contact_phone, state=State.DRAFT, state_at=at, drafted_at=at,
    )  # fmt: skip
    try:
        with transaction.atomic():
            new.save(force_insert=True)
    except IntegrityError:  # the page saved itself twice at once
        raise TooLate from None
    audit.record("demand.draft", subject=f"demand:{new.number}", by=by, at=at, uscc=uscc)
    return new


@transaction.atomic
def discard(*, demand: Demand, by: Actor, at: datetime) -> None:
    """A draft that nobody saw is thrown away."""
    require(Permission.DEMAND_POST, by=by, over=demand.enterprise_house)
    if not Demand.objects.filter(pk=demand.pk, state=State.DRAFT).delete()[0]:
        raise TooLate
    audit.record("demand.discard", subject=f"demand:{demand.number}", by=by, at=at, uscc=demand.uscc)


@transaction.atomic
def post(*, demand: Demand, by: Actor, at: datetime) -> None:
    """Publish the draft to all institutions but the excluded ones. Needs no consent: nobody queries data for it."""
    require(Permission.DEMAND_POST, by=by, over=demand.enterprise_house)
    queries.take_posting_lock(demand.uscc)
    held, today = _held(demand), local_day(at)
    if held.open_until is None:
        held.open_until = today + timedelta(days=OPEN_DAYS)
    reasons = why_not_post(held.wanted, today=today)
    if Demand.objects.filter(uscc=held.uscc, state__in=LIVE).count() >= LIVE_MAX:
        reasons.append(Reason("", f"同时公开的需求最多 {LIVE_MAX} 项，请先办结或撤回一项。"))
    if reasons:
        raise NotInOrder(reasons)
    published = {"posted_at": at, "posted_by": by.id, "open_until": held.open_until}
    move(demand=held, act=Act.POST, by=by, at=at, changes=published, anonymous=held.anonymous)
    for code in held.preferred:
        tell_house(
            house=institution_house(code), template=Template.DEMAND_WISHED, context=queries.words_of(held), at=at,
            roles=HANDLERS,
        )  # fmt: skip
    demand.refresh_from_db()


@transaction.atomic
def withdraw(*, demand: Demand, by: Actor, at: datetime) -> None:
    """Take it back; whoever is at it is told."""
    held = _held(demand)
    move(demand=held, act=Act.WITHDRAW, by=by, at=at)
    end_parties(demand=held, state=PartyState.ENDED, template=Template.DEMAND_ENDED, at=at)
    demand.refresh_from_db()


@transaction.atomic
def decline(*, demand: Demand, reason: str, text: str = "", by: Actor, at: datetime) -> None:
    """None of it suits: the demand ends unmet, with a coded reason that statistics count and, like what is written
    beside it, the institutions at it read."""
    if reason not in UNMET_REASONS or reason in UNMET_BY_PLATFORM:
        raise NotInOrder([Reason("reason", "请选择未达成的原因。")])
    text = text.strip()
    if len(text) > LEFT_TEXT_LENGTH_MAX:
        raise NotInOrder([Reason("text", f"不超过 {LEFT_TEXT_LENGTH_MAX} 个字。")])
    held = _held(demand)
    changes = {"unmet_reason": reason}
    move(demand=held, act=Act.DECLINE, said=UNMET_REASONS[reason], by=by, at=at, changes=changes, reason=reason)
    end_parties(
        demand=held, state=PartyState.ENDED, template=Template.DEMAND_DECLINED, at=at, because=reason, text=text
    )
    demand.refresh_from_db()


def _party(demand: Demand, code: str, *states: PartyState) -> Party:
    found = (
        demand.parties.select_related("institution", "unit", "proposal__product").filter(institution__code=code).first()
    )
    if found is None:
        raise NotFound
    if found.state not in states:
        raise TooLate
    return found


@transaction.atomic
def look(*, demand: Demand, institution_code: str, by: Actor, at: datetime) -> None:
    """Break the seal of a proposal: booked, and the institution sees that it was looked at. Again changes nothing."""
    require(Permission.DEMAND_POST, by=by, over=demand.enterprise_house)
    held = _held(demand)
    party = _party(held, institution_code, PartyState.PROPOSED)
    if party.proposal.seen_at is not None:
        return
    party.proposal.seen_at = at
    party.proposal.save(update_fields=["seen_at"])
    name = party.institution.name
    move(demand=held, act=Act.LOOK, by=by, at=at, institution=name, of=institution_code)
    tell_party(party=party, template=Template.DEMAND_SEEN, context=queries.words_of(held), at=at)


@transaction.atomic
def disclose(*, demand: Demand, institution_code: str, by: Actor, at: datetime) -> None:
    """This institution, and no other, may know who asks and whom to call; again changes nothing."""
    require(Permission.DEMAND_POST, by=by, over=demand.enterprise_house)
    held = _held(demand)
    party = _party(held, institution_code, PartyState.HOLDING, PartyState.PROPOSED)
    if party.disclosed_at is not None:
        return
    party.disclosed_at = at
    party.save(update_fields=["disclosed_at"])
    move(demand=held, act=Act.DISCLOSE, by=by, at=at, institution=party.institution.name, to=institution_code)
    tell_party(party=party, template=Template.DEMAND_DISCLOSED, context=queries.words_of(held), at=at)


@transaction.atomic
def choose(*, demand: Demand, institution_code: str, by: Actor, at: datetime) -> Application:
    """One proposal becomes an application for its product; the others are told.

    Raises TooLate (not looked at, withdrawn, or chosen before), ProposalOver, ProductGone, and what
    applications.actions.submit raises: NeedsConsent, AlreadyOpen, NotInOrder.
    """
    require(Permission.DEMAND_POST, by=by, over=demand.enterprise_house)
    held = _held(demand)
    party = _party(held, institution_code, *AT_IT)
    if held.state != State.PROPOSED or party.state != PartyState.PROPOSED or party.proposal.seen_at is None:
        raise TooLate
    proposal = party.proposal
    if is_late(proposal.valid_till, local_day(at)):
        raise ProposalOver
    wish = Wish(proposal.amount_fen, proposal.term_months, held.purpose, held.purpose_text)
    try:
        application = applications.submit(
            uscc=held.uscc, product_code=proposal.product.code, wish=wish, form_token=proposal.pk, unit=party.unit,
            by=by, at=at,
        )  # fmt: skip
    except NotFound:
        raise ProductGone from None
    move(
        demand=held, act=Act.CHOOSE, by=by, at=at, institution=party.institution.name,
        changes={"application": application}, of=institution_code, application=application.number,
    )  # fmt: skip
    _stand(party, PartyState.CHOSEN, at, disclosed_at=party.disclosed_at or at)
    context = queries.words_of(held) | {"application": application.number}
    tell_party(party=party, template=Template.DEMAND_CHOSEN, context=context, at=at)
    end_parties(
        demand=held, state=PartyState.PASSED_OVER, template=Template.DEMAND_NOT_CHOSEN, at=at, because=NOT_CHOSEN
    )
    demand.refresh_from_db()
    return application
