"""How an application may move, and how long each step may take."""

from dataclasses import replace
from datetime import date

import pytest

from jinfuyun.applications.rules import (
    COUNTING,
    DISBURSE_DAYS_MAX,
    ENDED,
    HOLDER,
    NEXT_STEP,
    SIDE,
    STATE_LABELS,
    TRANSITIONS,
    Act,
    Bounds,
    Clock,
    FirstDrawdown,
    Holder,
    Offer,
    Promise,
    Running,
    State,
    Wish,
    after,
    is_late,
    why_not_drawdown,
    why_not_offer,
    why_not_submit,
)
from jinfuyun.kit.calendar import SEEDED, Notices
from jinfuyun.kit.lending import Security
from jinfuyun.kit.refusals import BASIS_LABELS, REFUSALS

WAN = 1_000_000
BOUNDS = Bounds(10 * WAN, 300 * WAN, 3, 24, 340, 420, ("unsecured", "guarantee"), ("at_maturity",))
WISH = Wish(100 * WAN, 12, "stock")
OFFER = Offer(80 * WAN, 390, 12, Security.UNSECURED, "at_maturity", date(2026, 3, 20))
TODAY = date(2026, 3, 2)
PROMISE = Promise(accept_days=2, approve_days=15, disburse_days=30)


def targets(state: State) -> set[State]:
    return {step.target for step in TRANSITIONS if state in step.sources}


def test_the_table_is_the_life_of_an_application():
    s = State
    assert {state: targets(state) for state in State} == {
        s.SUBMITTED: {s.ACCEPTED, s.DECLINED_INTAKE, s.WITHDRAWN},
        s.ACCEPTED: {s.CONTACTED, s.WITHDRAWN},
        s.CONTACTED: {s.UNDER_REVIEW, s.WITHDRAWN},
        s.REJECTED: {s.RECONSIDERING},
        s.RECONSIDERING: {s.REJECTED, s.UNDER_REVIEW, s.WITHDRAWN},
        s.UNDER_REVIEW: {s.ACTION_REQUIRED, s.APPROVED, s.REJECTED, s.WITHDRAWN},
        s.ACTION_REQUIRED: {s.UNDER_REVIEW, s.WITHDRAWN},
        s.APPROVED: {s.OFFER_ACCEPTED, s.OFFER_DECLINED, s.WITHDRAWN},
        s.OFFER_ACCEPTED: {s.CONTRACTED, s.WITHDRAWN},
        s.CONTRACTED: {s.FUNDED},
        **{state: set() for state in ENDED if state is not s.REJECTED},
    }


def test_every_state_has_a_name_a_holder_and_while_open_a_next_step():
    assert set(STATE_LABELS) == set(HOLDER) == set(State)
    assert set(NEXT_STEP) == set(State) - ENDED
    assert {state for state in State if HOLDER[state] is Holder.NOBODY} == ENDED
    assert {step.permission for step in TRANSITIONS} == set(SIDE)
    assert {step.act for step in TRANSITIONS} == set(Act) - {Act.SUBMIT, Act.REASSIGN}


@pytest.mark.parametrize(
    ("clock", "promise", "security", "due"),
    [
        (Clock.ACCEPT, PROMISE, None, date(2026, 3, 3)),  # one working day, whatever the product promises
        (Clock.CONTACT, PROMISE, None, date(2026, 3, 5)),
        (Clock.DECIDE, PROMISE, None, date(2026, 3, 16)),
        (Clock.DECIDE, replace(PROMISE, approve_days=5), None, date(2026, 3, 9)),  # held to its own promise
        (Clock.DISBURSE, PROMISE, Security.UNSECURED, date(2026, 3, 9)),
        (Clock.DISBURSE, PROMISE, Security.MORTGAGE, date(2026, 3, 30)),
        (Clock.DISBURSE, replace(PROMISE, disburse_days=3), Security.MORTGAGE, date(2026, 3, 5)),
    ],
)
def test_clocks_run_in_working_days(clock, promise, security, due):
    assert after(clock, Running(), today=TODAY, promise=promise, security=security).due_on == due


def test_an_unsecured_loan_has_five_days_and_all_others_more():
    assert DISBURSE_DAYS_MAX[Security.UNSECURED] == 5
    assert all(days > 5 for security, days in DISBURSE_DAYS_MAX.items() if security is not Security.UNSECURED)


def test_the_clock_stands_still_while_papers_are_missing():
    running = after(Clock.DECIDE, Running(), today=TODAY, promise=PROMISE)
    paused = after(Clock.PAUSE, running, today=date(2026, 3, 5), promise=PROMISE)
    assert (paused.due_on, paused.days) == (None, 7)  # three of ten are used
    resumed = after(Clock.RESUME, paused, today=date(2026, 4, 1), promise=PROMISE)
    assert resumed.due_on == date(2026, 4, 13)  # seven working days over 清明


def test_a_bank_that_was_late_when_it_paused_has_one_day_to_go_on():
    running = Running(date(2026, 2, 2), 3, date(2026, 2, 5))
    paused = after(Clock.PAUSE, running, today=TODAY, promise=PROMISE)
    assert after(Clock.RESUME, paused, today=TODAY, promise=PROMISE).due_on == date(2026, 3, 3)


def test_spring_festival_does_not_count():
    assert after(Clock.ACCEPT, Running(), today=date(2026, 2, 14), promise=PROMISE).due_on == date(2026, 2, 24)


@pytest.mark.parametrize(
    ("today", "clock", "due"),
    [
        (date(2026, 12, 31), Clock.ACCEPT, date(2027, 1, 1)),
        (date(2026, 12, 28), Clock.DECIDE, date(2027, 1, 11)),
        (date(2027, 12, 31), Clock.CONTACT, date(2028, 1, 5)),
    ],
)
def test_over_new_year_without_a_notice_the_day_is_provisional(today, clock, due):
    running = after(clock, Running(), today=today, promise=PROMISE)
    assert (running.due_on, running.provisional) == (due, True)


def test_with_the_notice_it_is_not():
    notices = Notices(SEEDED.days_off | {date(2027, 1, 1)}, SEEDED.days_worked, SEEDED.years | {2027})
    running = after(Clock.ACCEPT, Running(), today=date(2026, 12, 31), promise=PROMISE, notices=notices)
    assert (running.due_on, running.provisional) == (date(2027, 1, 4), False)


@pytest.mark.parametrize("clock", Clock)
def test_a_clock_that_does_not_count_days_needs_no_calendar(clock):
    counts = False
    try:
        after(clock, Running(TODAY, 5, date(2026, 3, 9)), today=TODAY, promise=PROMISE, notices=None)
    except AttributeError:
        counts = True
    assert counts == (clock in COUNTING)


def test_an_offer_is_due_when_it_ends_and_an_end_has_no_clock():
    until = date(2026, 3, 20)
    assert after(Clock.OFFER, Running(), today=TODAY, promise=PROMISE, offer_until=until) == Running(due_on=until)
    assert after(Clock.STOP, Running(due_on=until), today=TODAY, promise=PROMISE) == Running()


def test_late_is_the_day_after_the_due_day():
    assert not is_late(TODAY, TODAY)
    assert is_late(date(2026, 3, 1), TODAY)
    assert not is_late(None, TODAY)


@pytest.mark.parametrize(
    ("change", "fields"),
    [
        ({}, []),
        ({"amount_fen": 10 * WAN - 1}, ["amount"]),
        ({"amount_fen": 300 * WAN + 1}, ["amount"]),
        ({"term_months": 2}, ["term"]),
        ({"term_months": 25}, ["term"]),
        ({"purpose": "other"}, ["reason"]),
        ({"purpose": "other", "purpose_text": "购置茶机"}, []),
        ({"purpose_text": "长" * 201}, ["reason"]),
        ({"amount_fen": 0, "term_months": 0}, ["amount", "term"]),
    ],
)
def test_a_wish_outside_the_product_is_refused_at_its_field(change, fields):
    assert [reason.field for reason in why_not_submit(replace(WISH, **change), BOUNDS)] == fields


@pytest.mark.parametrize(
    ("change", "fields"),
    [
        ({}, []),
        ({"amount_fen": 0}, ["amount"]),
        ({"amount_fen": 301 * WAN}, ["amount"]),
        ({"amount_fen": 1 * WAN}, []),  # less than asked, even less than the product's least, may be offered
        ({"rate_bp": 0}, ["rate"]),
        ({"rate_bp": 421}, ["rate"]),
        ({"term_months": 25}, ["term"]),
        ({"security": Security.MORTGAGE}, ["security"]),
        ({"repayment": "equal_principal"}, ["repayment"]),
        ({"valid_till": date(2026, 3, 4)}, ["valid_till"]),
        ({"valid_till": date(2026, 3, 5)}, []),
        ({"valid_till": date(2026, 6, 1)}, ["valid_till"]),
    ],
)
def test_an_offer_worse_than_the_product_promises_is_refused(change, fields):
    assert [reason.field for reason in why_not_offer(replace(OFFER, **change), BOUNDS, today=TODAY)] == fields


@pytest.mark.parametrize(
    ("drawdown", "fields"),
    [
        (FirstDrawdown(80 * WAN, 390, TODAY, True), []),
        (FirstDrawdown(81 * WAN, 390, TODAY, True), ["amount"]),
        (FirstDrawdown(0, 391, TODAY, True), ["amount", "rate"]),
        (FirstDrawdown(80 * WAN, 390, date(2026, 2, 27), True), ["on"]),
        (FirstDrawdown(80 * WAN, 390, date(2026, 3, 3), True), ["on"]),
    ],
)
def test_a_drawdown_that_does_not_fit_the_offer_is_refused(drawdown, fields):
    reasons = why_not_drawdown(
        drawdown, offered_fen=80 * WAN, offered_rate_bp=390, signed_on=date(2026, 3, 1), today=TODAY
    )
    assert [reason.field for reason in reasons] == fields


def test_every_refusal_has_a_basis_and_tells_what_can_be_done():
    assert {refusal.basis for refusal in REFUSALS} == set(BASIS_LABELS)
    assert len({refusal.code for refusal in REFUSALS}) == len(REFUSALS)
    assert all(refusal.advice.endswith("。") for refusal in REFUSALS)
