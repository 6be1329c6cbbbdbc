"""Many at once, and anything in any order: five places and no sixth, one winner, only what the table allows.

Seen red with the row not held.
"""

from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jinfuyun.applications.models import Application
from jinfuyun.demands import actions, queries, tasks
from jinfuyun.demands.models import Demand, Party, Step
from jinfuyun.demands.rules import AT_IT, LIVE, LIVE_MAX, TRANSITIONS, PartyState, State
from jinfuyun.kit.errors import Refused, TooLate
from jinfuyun.kit.reasons import NotInOrder
from tests.at_once import all_at_once
from tests.cast import MONDAY, TUESDAY
from tests.cast import given as given_consent
from tests.demands.stage import SHEET, WANTED, bank, claimed, now, officer_of, posted, proposed

CODES = tuple(f"BANK{number}" for number in range(8))


@pytest.fixture
def on_the_market(committed_db, red_star):
    for number, code in enumerate(CODES):
        bank(code, 20 + number)
    return posted(red_star)


def test_eight_institutions_at_once_find_five_places(on_the_market):
    won = all_at_once(lambda number: claimed(on_the_market, CODES[number]), actions.NoPlaceLeft, times=8)
    assert won == 5
    assert sorted(Party.objects.values_list("place", flat=True)) == [1, 2, 3, 4, 5]
    assert Step.objects.filter(act="claim").count() == 5


def test_two_at_the_fifth_place_have_one_winner(on_the_market):
    for code in CODES[:4]:
        claimed(on_the_market, code)
    assert all_at_once(lambda number: claimed(on_the_market, CODES[4 + number]), actions.NoPlaceLeft, times=2) == 1
    assert Party.objects.count() == 5


def test_choosing_withdrawing_and_handing_back_at_once_have_one_winner(on_the_market, red_star):
    given_consent(red_star)
    for code in CODES[:2]:
        proposed(on_the_market, code)
        actions.look(demand=on_the_market, institution_code=code, by=red_star.owner, at=MONDAY)
    stale = [Demand.objects.get() for _ in range(9)]
    this = {"by": red_star.owner, "at": TUESDAY}
    acts = (
        lambda one: actions.choose(demand=one, institution_code=CODES[0], **this),
        lambda one: actions.choose(demand=one, institution_code=CODES[1], **this),
        lambda one: actions.withdraw(demand=one, **this),
    )
    assert all_at_once(lambda number: acts[number % 3](stale[number]), TooLate, times=9) == 1
    assert Step.objects.filter(target__in=(State.CHOSEN, State.WITHDRAWN)).count() == 1
    assert Application.objects.count() == (now(on_the_market).state == State.CHOSEN)


def test_of_ten_drafts_published_at_once_five_are_public(on_the_market, red_star):
    """Seen red without the lock: all were counted before any was there."""
    drafts = [
        actions.keep_draft(uscc=red_star.uscc, demand_id=uuid4(), wanted=WANTED, by=red_star.owner, at=MONDAY)
        for _ in range(10)
    ]
    won = all_at_once(
        lambda number: actions.post(demand=drafts[number], by=red_star.owner, at=MONDAY), NotInOrder, times=10
    )
    assert won == LIVE_MAX - 1
    assert Demand.objects.filter(state=State.OPEN).count() == LIVE_MAX


ACTS = (
    "claim", "claim", "take", "hand_back", "propose", "propose", "look", "look", "disclose", "choose", "decline",
    "withdraw", "tend", "tend", "post",
)  # fmt: skip


@settings(max_examples=8, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(steps=st.lists(st.tuples(st.sampled_from(ACTS), st.integers(0, 2), st.integers(0, 3)), max_size=30))
def test_whatever_is_tried_the_history_is_a_walk_through_the_table(db, red_star, steps):
    with transaction.atomic():
        given_consent(red_star)
        for number, code in enumerate(CODES[:3]):
            bank(code, 20 + number)
        walk(red_star, steps)
        transaction.set_rollback(True)


def walk(firm, steps) -> None:
    demand, at = posted(firm, replace(WANTED, anonymous=True)), MONDAY
    for name, bank_number, days in steps:
        at += timedelta(days=days)
        with suppress(Refused), transaction.atomic():
            one_act(name, demand, firm, CODES[bank_number], at)
        is_right(now(demand))


def one_act(name, demand, firm, code, at) -> None:
    party = Party.objects.filter(institution__code=code).select_related("demand", "institution").first()
    this = {"by": firm.owner, "at": at}
    sheet = replace(SHEET, product_code=f"{code}001", valid_till=at.date() + timedelta(days=5))
    theirs = {"party": party, "by": officer_of(code), "at": at}
    acts = {
        "post": lambda: actions.post(demand=demand, **this),
        "claim": lambda: claimed(demand, code, at=at),
        "take": lambda: actions.take(**theirs),
        "hand_back": lambda: actions.hand_back(reason="terms", **theirs),
        "propose": lambda: actions.propose(sheet=sheet, **theirs),
        "look": lambda: actions.look(demand=demand, institution_code=code, **this),
        "disclose": lambda: actions.disclose(demand=demand, institution_code=code, **this),
        "choose": lambda: actions.choose(demand=demand, institution_code=code, **this),
        "decline": lambda: actions.decline(demand=demand, reason="slow", **this),
        "withdraw": lambda: actions.withdraw(demand=demand, **this),
        "tend": lambda: tasks.tend(at=at),
    }
    if party is None and name in ("take", "hand_back", "propose"):
        return
    acts[name]()


def is_right(demand: Demand) -> None:
    steps = list(queries.steps(demand))
    assert steps[-1].target == demand.state
    before = State.DRAFT
    for step in steps:
        assert step.source == before
        rows = [row for row in TRANSITIONS if row.act == step.act and step.source in row.sources]
        assert step.target in {row.target for row in rows}, (step.act, step.source, step.target)
        before = State(step.target)
    states = list(demand.parties.values_list("state", flat=True))
    at_it = [one for one in states if one in AT_IT]
    if demand.state not in LIVE:
        assert at_it == []
        assert states.count(PartyState.CHOSEN) == (demand.state == State.CHOSEN)
        return
    stands = (
        State.PROPOSED if PartyState.PROPOSED in at_it
        else State.CLAIMED if PartyState.HOLDING in at_it
        else State.ASSIGNED if at_it else State.OPEN
    )  # fmt: skip
    assert demand.state == stands
