"""Many at once, and anything in any order: one effect, and only what the table allows.

Seen red: with the table not asked; with the state left out of the update.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from functools import partial
from itertools import pairwise
from uuid import uuid4

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jinfuyun.applications import actions, queries
from jinfuyun.applications.models import Application, Move
from jinfuyun.applications.rules import ENDED, HOLDER, TRANSITION, FirstDrawdown, Holder, State
from jinfuyun.audit.models import Line
from jinfuyun.consents.models import NamedInstitution
from jinfuyun.kit.actor import platform
from jinfuyun.kit.errors import Refused, TooLate
from tests import market
from tests.at_once import all_at_once
from tests.cast import MONDAY, TUESDAY
from tests.cast import given as given_consent
from tests.market import OFFER, RIVER, WAN, WISH, applied


def hundred_times(act: Callable[[int], object]) -> int:
    """How many of a hundred at once were not told that somebody was first."""

    def once(number: int) -> bool:
        try:
            act(number)
        except TooLate:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(20) as pool:
        return sum(pool.map(once, range(100)))


@pytest.fixture
def in_review(committed_db, red_star, river_bank_officer):
    market.product(code="RIVER001", of=market.institution(RIVER))
    given_consent(red_star)
    application = applied(red_star)
    by = river_bank_officer.actor
    actions.accept(application=application, caller_name="江经理", caller_phone="0591-87000001", by=by, at=MONDAY)
    actions.contact(application=application, note="已电话联系", by=by, at=MONDAY)
    actions.review(application=application, by=by, at=MONDAY)
    return application


def test_a_hundred_approvals_at_once_are_one(in_review, river_bank_approver):
    by = river_bank_approver.actor

    def approve(number: int) -> None:
        stale = queries.application(in_review.number, visible_to=by)
        actions.approve(application=stale, offer=OFFER, by=by, at=TUESDAY + timedelta(seconds=number))

    assert hundred_times(approve) == 1
    assert Move.objects.filter(act="approve").count() == 1
    assert Line.objects.filter(action="application.approve").count() == 1


def test_approvals_and_refusals_and_withdrawals_at_once_have_one_winner(in_review, river_bank_approver, red_star):
    by = river_bank_approver.actor
    at = TUESDAY
    stale = [queries.application(in_review.number, visible_to=by) for _ in range(100)]
    acts = (
        lambda one: actions.approve(application=one, offer=OFFER, by=by, at=at),
        lambda one: actions.reject(application=one, refusal=actions.Refused("credit"), by=by, at=at),
        lambda one: actions.withdraw(application=one, why="", by=red_star.owner, at=at),
    )
    assert hundred_times(lambda number: acts[number % 3](stale[number])) == 1
    assert Move.objects.filter(act__in=("approve", "reject", "withdraw")).count() == 1


def test_two_officers_decide_at_once_and_the_second_reads_who_was_first(in_review, river_bank_approver):
    approver = river_bank_approver.actor
    other = replace(approver, id="another", label="江复核（river.approver2）")
    said = []

    def decide(number: int) -> None:
        mine = queries.application(in_review.number, visible_to=approver)
        try:
            if number:
                actions.reject(application=mine, refusal=actions.Refused("credit"), by=other, at=TUESDAY)
            else:
                actions.approve(application=mine, offer=OFFER, by=approver, at=TUESDAY)
        except TooLate as refusal:
            said.append(str(refusal))
            raise

    assert all_at_once(decide, TooLate, times=2) == 1
    now = Application.objects.get()
    first, label = (approver, "审批通过") if now.state == State.APPROVED else (other, "未通过")
    assert said == [said[0]]
    assert first.label in said[0]
    assert label in said[0]
    assert (now.offer_amount_fen is None, now.refusal_code) == ((False, "") if first is approver else (True, "credit"))


def test_four_desks_move_thirty_applications_at_once_and_nothing_is_lost(committed_db, red_star, river_bank_officer):
    house, by = market.institution(RIVER), river_bank_officer.actor
    given_consent(red_star)
    numbers = []
    for number in range(30):
        market.product(code=f"RIVER{number:03}", of=house)
        numbers.append(applied(red_star, product_code=f"RIVER{number:03}").number)
    steps = (
        lambda one: actions.accept(
            application=one, caller_name="江经理", caller_phone="0591-87000001", by=by, at=MONDAY
        ),
        lambda one: actions.contact(application=one, note="已电话联系", by=by, at=MONDAY),
        lambda one: actions.review(application=one, by=by, at=MONDAY),
    )

    def desk(which: int) -> int:
        won = 0
        for number in numbers if which % 2 else reversed(numbers):
            for step in steps:
                with suppress(TooLate):
                    step(queries.application(number, visible_to=by))
                    won += 1
        connection.close()
        return won

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(desk, range(4))) == 90
    assert set(Application.objects.values_list("state", flat=True)) == {State.UNDER_REVIEW}
    assert Move.objects.exclude(act="submit").values("application", "act").distinct().count() == 90
    assert Move.objects.exclude(act="submit").count() == 90
    booked = Line.objects.filter(action__in=[f"application.{act}" for act in ("accept", "contact", "review")])
    assert booked.count() == 90


def test_what_came_back_meanwhile_is_not_what_was_looked_at(in_review, river_bank_approver, red_star):
    """Under review again after a paper was asked for and given: who had not seen it is told so."""
    by = river_bank_approver.actor
    stale = queries.application(in_review.number, visible_to=by)
    actions.ask_more(application=in_review, what="请补充合同", by=by, at=TUESDAY)
    actions.supply(application=in_review, text="已补充", by=red_star.owner, at=TUESDAY + timedelta(minutes=1))
    with pytest.raises(TooLate):
        actions.reject(application=stale, refusal=actions.Refused("credit"), by=by, at=TUESDAY + timedelta(minutes=2))
    in_review.refresh_from_db()
    assert in_review.state == State.UNDER_REVIEW


def test_a_hundred_times_the_same_form_is_one_application(committed_db, red_star):
    market.product(code="RIVER001", of=market.institution(RIVER))
    given_consent(red_star)
    token = uuid4()
    submit = partial(
        actions.submit, uscc=red_star.uscc, product_code="RIVER001", wish=WISH, form_token=token, by=red_star.owner,
        at=MONDAY,
    )  # fmt: skip
    assert hundred_times(lambda _: submit()) == 100
    assert Application.objects.count() == 1
    assert Move.objects.count() == 1
    assert NamedInstitution.objects.count() == 1


def test_a_hundred_forms_for_one_product_are_one_application(committed_db, red_star):
    market.product(code="RIVER001", of=market.institution(RIVER))
    given_consent(red_star)

    def submit(_: int) -> None:
        with suppress(actions.AlreadyOpen):
            applied(red_star)

    hundred_times(submit)
    assert Application.objects.count() == 1
    assert NamedInstitution.objects.count() == 1


ACTS = (*TRANSITION, "submit", "answer", "lapse", "release", "clocks")


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(steps=st.lists(st.tuples(st.sampled_from(ACTS), st.integers(0, 4)), max_size=25))
def test_whatever_is_tried_in_whatever_order_the_history_is_a_walk_through_the_table(
    db, red_star, river_bank_approver, river_bank_second_approver, steps
):
    with transaction.atomic():
        market.product(code="RIVER001", of=market.institution(RIVER))
        given_consent(red_star)
        walk(red_star, river_bank_approver.actor, river_bank_second_approver.actor, steps)
        transaction.set_rollback(True)


def walk(firm, bank, second, steps) -> None:
    application, at = applied(firm), MONDAY
    drawdown = partial(FirstDrawdown, 10 * WAN, 390, is_first_loan=False)
    for name, days in steps:
        at += timedelta(days=days)
        this = {"application": application, "at": at}
        acts = {
            "submit": partial(applied, firm, at=at),
            "answer": partial(actions.answer_drawdown, agrees=False, text="金额不对", by=firm.owner, **this),
            "lapse": partial(actions.lapse_offers, by=platform("test"), at=at),
            "lapse_offer": partial(actions.lapse_offers, by=platform("test"), at=at),
            "release": partial(actions.release_kept, by=platform("test"), at=at),
            "clocks": partial(actions.set_clocks_right, by=platform("test"), at=at),
            "accept": partial(actions.accept, caller_name="江经理", caller_phone="95588", by=bank, **this),
            "decline_intake": partial(actions.decline_intake, refusal=actions.Refused("incomplete"), by=bank, **this),
            "contact": partial(actions.contact, note="已联系", by=bank, **this),
            "review": partial(actions.review, by=bank, **this),
            "ask_more": partial(actions.ask_more, what="请补充合同", by=bank, **this),
            "supply": partial(actions.supply, text="已补充", by=firm.owner, **this),
            "approve": partial(actions.approve, offer=OFFER, by=bank, **this),
            "reject": partial(actions.reject, refusal=actions.Refused("credit"), by=bank, **this),
            "appeal": partial(actions.appeal, why="订单已补充", by=firm.owner, **this),
            "uphold": partial(actions.uphold, text="仍不符合条件", by=second, **this),
            "reopen": partial(actions.reopen, text="已有新的订单", by=second, **this),
            "accept_offer": partial(actions.accept_offer, by=firm.owner, **this),
            "decline_offer": partial(actions.decline_offer, why="", by=firm.owner, **this),
            "sign": partial(actions.sign, contract_number="HT-0001", signed_on=at.date(), by=bank, **this),
            "fund": partial(actions.fund, drawdown=drawdown(on=at.date()), by=bank, **this),
            "withdraw": partial(actions.withdraw, why="", by=firm.owner, **this),
        }
        with suppress(Refused), transaction.atomic():
            acts[name]()
        application.refresh_from_db()
        is_right(application)


def is_right(application: Application) -> None:
    moves = list(queries.moves(application))
    assert moves[-1].target == application.state
    for before, now in pairwise(moves):
        step = TRANSITION[now.act]
        assert now.source == before.target
        assert now.source in step.sources
        assert now.target == step.target
    assert Application.objects.filter(uscc=application.uscc).exclude(state__in=ENDED).count() <= 1
    runs = HOLDER[State(application.state)] is Holder.INSTITUTION or application.state == State.APPROVED
    assert (application.due_on is not None) == runs
    named = NamedInstitution.objects.filter(because=application.number, until=None).exists()
    gone = {State.WITHDRAWN, State.DECLINED_INTAKE, State.OFFER_DECLINED}
    assert named or application.state in gone | {State.REJECTED}
    assert not (named and application.state in gone)
