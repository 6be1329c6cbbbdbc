"""What an institution does with a demand: claim it, take or hand back an assignment, propose."""

from datetime import datetime

from django.db import IntegrityError, transaction

from jinfuyun.accounts import queries as accounts
from jinfuyun.accounts.models import User
from jinfuyun.applications.models import bounds_of
from jinfuyun.applications.rules import Bounds, Wish, why_not_submit
from jinfuyun.audit import actions as audit
from jinfuyun.demands import queries
from jinfuyun.demands.actions.moving import _held, _stand, move, tell_enterprise
from jinfuyun.demands.content import Sheet, why_not_propose
from jinfuyun.demands.models import Demand, Party, Proposal
from jinfuyun.demands.rules import (
    AT_IT,
    HAND_BACK_BASIS,
    HAND_BACK_REASONS,
    LIVE,
    PLACES,
    Act,
    Origin,
    PartyState,
    party_due,
)
from jinfuyun.institutions import queries as institutions
from jinfuyun.institutions.rules import State as InstitutionState
from jinfuyun.kit.actor import Actor, HouseKind
from jinfuyun.kit.calendar import local_day
from jinfuyun.kit.errors import NotAllowed, NotFound, Refused, TooLate
from jinfuyun.kit.permissions import Permission, require
from jinfuyun.kit.reasons import NotInOrder, Reason
from jinfuyun.notifications.rules import Template
from jinfuyun.products import queries as products
from jinfuyun.workdays import queries as workdays


class NoPlaceLeft(Refused):
    message = f"已有 {PLACES} 家机构抢先，名额已满；有机构退出时会重新出现在可抢需求里。"


@transaction.atomic
def claim(*, number: str, by: Actor, at: datetime) -> Party:
    """One of the places at a demand of the market; wins nothing but that. Again gives the same place.

    Raises NotFound, NoPlaceLeft, TooLate (it is over, or the institution left it before).
    """
    require(Permission.DEMAND_HANDLE, by=by, over=by.house)
    if by.house is None or by.house.kind is not HouseKind.INSTITUTION:
        raise NotAllowed
    institution = institutions.institution(by.house.code)
    found = Demand.objects.filter(number=number).exclude(excluded__contains=[institution.code]).first()
    if found is None or found.posted_at is None or institution.state != InstitutionState.ACTIVE:
        raise NotFound("没有这项需求。")
    held = _held(found)
    before = held.parties.filter(institution=institution).first()
    if before is not None and before.state in (PartyState.HOLDING, PartyState.PROPOSED):
        return before
    if before is not None or held.state not in LIVE:
        raise TooLate
    place = queries.free_place(held)
    if place is None:
        raise NoPlaceLeft
    move(demand=held, act=Act.CLAIM, by=by, at=at, institution=institution.name)
    due = party_due(PartyState.HOLDING, local_day(at), workdays.notices())
    assert due is not None
    party = Party(
        demand=held, institution=institution, unit_id=by.unit or None, origin=Origin.CLAIM, place=place,
        state=PartyState.HOLDING, state_at=at, joined_at=at, due_on=due.day, due_provisional=due.provisional,
        officer=by.id, officer_label=by.label,
    )  # fmt: skip
    try:
        with transaction.atomic():
            party.save(force_insert=True)
    except IntegrityError:
        raise NoPlaceLeft from None
    tell_enterprise(demand=held, template=Template.DEMAND_CLAIMED, at=at, institution=institution.name)
    return party


def _own(party: Party, *states: PartyState) -> tuple[Demand, Party]:
    """The demand held, and the party as it stands now; TooLate where it does not stand so any more."""
    held = _held(party.demand)
    now = Party.objects.select_related("institution").get(pk=party.pk)
    if now.state not in states or held.state not in LIVE:
        raise TooLate
    return held, now


@transaction.atomic
def take(*, party: Party, by: Actor, at: datetime) -> None:
    """The assignment is accepted: from now on it is held like a claim."""
    require(Permission.DEMAND_HANDLE, by=by, over=party.institution_house)
    held, now = _own(party, PartyState.INVITED)
    _stand(now, PartyState.HOLDING, at, officer=by.id, officer_label=by.label)
    move(demand=held, act=Act.TAKE, by=by, at=at, institution=now.institution.name)
    tell_enterprise(demand=held, template=Template.DEMAND_CLAIMED, at=at, institution=now.institution.name)


@transaction.atomic
def hand_back(*, party: Party, reason: str, by: Actor, at: datetime) -> None:
    """Leave the demand with a coded reason that the enterprise reads; an assignment goes on to the next."""
    require(Permission.DEMAND_HANDLE, by=by, over=party.institution_house)
    if reason not in HAND_BACK_REASONS:
        raise NotInOrder([Reason("reason", "请选择退回的原因。")])
    held, now = _own(party, *AT_IT)
    _stand(now, PartyState.HANDED_BACK, at, left_because=reason)
    move(
        demand=held, act=Act.HAND_BACK, by=by, at=at, institution=now.institution.name,
        said=HAND_BACK_REASONS[reason], reason=reason, basis=HAND_BACK_BASIS[reason],
    )  # fmt: skip


@transaction.atomic
def propose(*, party: Party, sheet: Sheet, by: Actor, at: datetime) -> Proposal:
    """意向方案 for one of the institution's own products. May be replaced until the enterprise has looked at it."""
    require(Permission.DEMAND_HANDLE, by=by, over=party.institution_house)
    held, now = _own(party, PartyState.HOLDING, PartyState.PROPOSED)
    before = Proposal.objects.filter(party=now).first()
    if before is not None and before.seen_at is not None:
        raise TooLate("企业已查看该方案，不能再改；需要调整的请与企业联系。")
    product = products.on_the_market().select_related("current").filter(
        code=sheet.product_code, institution=now.institution
    ).first()  # fmt: skip
    if product is None or product.current is None:
        raise NotInOrder([Reason("product_code", "请选择本机构上架中的产品。")])
    reasons = _outside(sheet, bounds_of(product.current), held) + why_not_propose(sheet, today=local_day(at))
    if reasons:
        raise NotInOrder(reasons)
    proposal = before or Proposal(party=now)
    proposal.write(sheet)
    proposal.product, proposal.product_name = product, product.current.name
    proposal.made_at, proposal.made_by = at, by.label
    proposal.save()
    _stand(now, PartyState.PROPOSED, at)
    move(demand=held, act=Act.PROPOSE, by=by, at=at, institution=now.institution.name, product=product.code)
    tell_enterprise(demand=held, template=Template.DEMAND_PROPOSED, at=at, institution=now.institution.name)
    return proposal


def _outside(sheet: Sheet, bounds: Bounds, demand: Demand) -> list[Reason]:
    """Where the sheet promises what the product does not allow: chosen, it could not become an application."""
    names = {"amount": "amount_fen", "term": "term_months"}
    wish = Wish(sheet.amount_fen, sheet.term_months, demand.purpose, demand.purpose_text)
    reasons = [Reason(names.get(one.field, one.field), one.text) for one in why_not_submit(wish, bounds)]
    if not 0 < sheet.rate_bp <= bounds.rate_max_bp:
        reasons.append(Reason("rate_bp", f"年化利率不能高于产品公布的上限 {bounds.rate_max_bp / 100:.2f}%。"))
    if sheet.security not in bounds.securities:
        reasons.append(Reason("security", "担保方式不在产品公布的范围内。"))
    if sheet.repayment not in bounds.repayments:
        reasons.append(Reason("repayment", "还款方式不在产品公布的范围内。"))
    return reasons


@transaction.atomic
def pass_on(*, party: Party, to: User | None, by: Actor, at: datetime) -> None:
    """Another colleague's from now on, None: everybody's who sees it. Raises TooLate."""
    require(Permission.APPLICATION_ASSIGN, by=by, over=party.institution_house)
    label = accounts.actor(to).label if to else ""
    same = Party.objects.filter(pk=party.pk, state=party.state, state_at=party.state_at, officer=party.officer)
    if not same.update(officer=str(to.pk) if to else "", officer_label=label):
        raise TooLate
    party.refresh_from_db()
    audit.record(
        "demand.passed_on", subject=f"demand:{party.demand.number}", by=by, at=at, uscc=party.demand.uscc,
        institution=party.institution.code, to=party.officer,
    )  # fmt: skip
