"""Robot banks answer demands and applications by themselves, and what they write says so."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from jinfuyun.applications import actions as applications
from jinfuyun.applications.models import Application
from jinfuyun.applications.rules import State
from jinfuyun.demands import actions as demands
from jinfuyun.demands.models import Party
from jinfuyun.demands.rules import PartyState
from jinfuyun.loans.models import Loan
from jinfuyun.sandbox import robots, staff
from tests import market
from tests.cast import MONDAY, Firm, given
from tests.demands.stage import posted
from tests.market import TAX_LOAN, applied

SINCE = MONDAY - timedelta(hours=1)
LATER = robots.DELAY + timedelta(seconds=1)
BANKS = (*robots.CODES[:5], staff.SHOWN)


@pytest.fixture
def firm(db: None, tmp_path, red_star: Firm) -> Firm:
    """Signed; five banks of robots and the one that people play, each with a product."""
    staff.seat_everybody(staff.logins(tmp_path, enterprise_phone="16400000001"), at=MONDAY)
    for number, code in enumerate(BANKS):
        draft = replace(market.MINLING, code=code, name=f"{code}银行", licence_number=f"B{number:04d}H235010001")
        market.product(TAX_LOAN, code=f"{code}001", of=market.institution(draft))
    given(red_star)
    return red_star


def goes_on(at: datetime, steps: int) -> datetime:
    for _ in range(steps):
        at += LATER
        robots.answer(since=SINCE, at=at)
    return at


def test_from_a_demand_to_money_the_enterprise_alone_has_to_act(firm):
    demand = posted(firm)
    assert robots.answer(since=SINCE, at=MONDAY) == 0, "a moment later nobody answered yet"
    at = goes_on(MONDAY, 3)
    parties = Party.objects.filter(demand=demand, state=PartyState.PROPOSED).select_related("institution", "proposal")
    assert len(parties) == robots.PROPOSALS and {one.institution.code for one in parties} <= set(robots.CODES)
    assert all(robots.SIGNED in one.proposal.needs and one.proposal.security == "unsecured" for one in parties)
    chosen = parties[0].institution.code
    demands.look(demand=demand, institution_code=chosen, by=firm.owner, at=at)
    application = demands.choose(demand=demand, institution_code=chosen, by=firm.owner, at=at)
    at = goes_on(at, 5)
    application.refresh_from_db()
    assert (application.state, application.caller_name) == (State.APPROVED, robots.SIGNED)
    assert application.offer_amount_fen is not None and application.offer_amount_fen <= application.amount_fen
    applications.accept_offer(application=application, by=firm.owner, at=at)
    goes_on(at, 3)
    assert Application.objects.get().state == State.FUNDED
    assert Loan.objects.get().institution.code == chosen


def test_an_assignment_is_taken_and_answered(firm):
    demand = posted(firm)
    other = robots.CODES[0]
    party = Party.objects.create(
        demand=demand, institution=market.institution(replace(market.MINLING, code=other)), origin="assignment",
        place=1, state=PartyState.INVITED, state_at=MONDAY, joined_at=MONDAY,
    )  # fmt: skip
    demand.state = "assigned"
    demand.save(update_fields=["state"])
    goes_on(MONDAY, 1)
    party.refresh_from_db()
    assert party.state == PartyState.PROPOSED


def test_what_was_there_before_and_the_bank_that_people_play_are_left_alone(firm):
    old = applied(firm, product_code=f"{robots.CODES[0]}001", at=SINCE - timedelta(hours=1))
    ours = applied(firm, product_code=f"{staff.SHOWN}001")
    goes_on(MONDAY, 2)
    assert {one.number: one.state for one in Application.objects.all()} == {
        old.number: State.SUBMITTED, ours.number: State.SUBMITTED
    }  # fmt: skip


def test_the_switch_keeps_what_somebody_chose(tmp_path):
    assert robots.since(tmp_path) is None
    robots.begin(tmp_path, at=MONDAY)
    assert robots.since(tmp_path) == MONDAY
    robots.switch(tmp_path, on=False, at=MONDAY)
    robots.begin(tmp_path, at=MONDAY)
    assert robots.since(tmp_path) is None
    robots.switch(tmp_path, on=True, at=MONDAY + LATER)
    assert robots.since(tmp_path) == MONDAY + LATER
