"""What entries add up to: by hand, and for every story that can be made up."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jinfuyun.kit.lending import Repayment
from jinfuyun.loans.content import (
    Entry,
    Terms,
    added_up,
    as_of,
    due_by,
    entered,
    next_due,
    opened,
    overdue_days,
    why_not_enter,
)
from jinfuyun.loans.rules import ENTERED, TRANSITION, TRANSITIONS, Act, Grade, State, Way

WAN = 1_000_000
DRAWN, DUE = date(2026, 1, 15), date(2026, 7, 15)
LATER = date(2027, 1, 1)
TERMS = Terms(60 * WAN, 600, DRAWN, DUE, Repayment.EQUAL_PRINCIPAL, is_guaranteed=True)
SHARE = 10 * WAN  # a month's principal


def told(*entries: Entry, terms: Terms = TERMS, today: date = LATER):
    """The position after these entries; every one of them must stand."""
    position, reasons = added_up(terms, entries, today=today)
    assert reasons == []
    return position


def refused(*entries: Entry, terms: Terms = TERMS, today: date = LATER) -> list[str]:
    """The fields that the last entry fails at; the others stand."""
    position = opened(terms)
    for entry in entries[:-1]:
        assert why_not_enter(position, entry, terms, today=today) == []
        position = entered(position, entry, terms)
    return [reason.field for reason in why_not_enter(position, entries[-1], terms, today=today)]


def repay(month: int, principal: int = SHARE, interest: int = 0, day: int = 15) -> Entry:
    return Entry(Act.REPAY, date(2026, month, day), principal, interest)


PLANNED = [row.interest_fen for row in opened(TERMS).plan]
LIFE = [repay(month, interest=PLANNED[month - 2]) for month in range(2, 8)]


def test_paid_as_planned_it_is_settled_on_its_last_day():
    position = told(*LIFE)
    assert (position.state, position.way, position.settled_on) == (State.SETTLED, Way.ON_TIME, DUE)
    assert (position.balance_fen, position.principal_paid_fen) == (0, 60 * WAN)
    assert position.interest_paid_fen == sum(PLANNED) == 1_050_000


def test_a_day_late_it_is_overdue_and_paid_it_is_not():
    paid = LIFE[0]
    assert told(paid, today=date(2026, 3, 15)).state is State.REPAYING
    late = told(paid, today=date(2026, 3, 18))
    assert (late.state, late.overdue_since, overdue_days(late, date(2026, 3, 18))) == (
        State.OVERDUE, date(2026, 3, 15), 3
    )  # fmt: skip
    assert due_by(late, date(2026, 3, 18)) == (SHARE, PLANNED[1])
    again = told(paid, repay(3, interest=PLANNED[1], day=18), today=date(2026, 3, 18))
    assert (again.state, again.overdue_since) == (State.REPAYING, None)


def test_interest_that_differs_by_the_banks_own_count_of_days_is_no_arrears():
    little = [replace(one, interest_fen=one.interest_fen * 99 // 100) for one in LIFE]
    assert told(*little[:2], today=date(2026, 3, 20)).state is State.REPAYING
    half = [replace(one, interest_fen=one.interest_fen // 2) for one in LIFE]
    assert told(*half[:2], today=date(2026, 3, 20)).state is State.OVERDUE


def test_some_days_early_is_the_instalment_and_a_lump_is_a_prepayment():
    early = told(repay(2, interest=PLANNED[0], day=10), today=date(2026, 2, 20))
    assert early.plan == opened(TERMS).plan
    lump = told(repay(2, 30 * WAN, PLANNED[0]), today=date(2026, 2, 20))
    assert [row.principal_fen for row in lump.plan if row.due_on > date(2026, 2, 15)] == [6 * WAN] * 5
    assert sum(row.principal_fen for row in lump.plan) == 60 * WAN
    assert lump.plan[-1].interest_fen < PLANNED[-1]


def test_prolonged_the_rest_is_spread_to_the_new_day():
    position = told(*LIFE[:5], Entry(Act.PROLONG, date(2026, 7, 1), due_on=date(2026, 10, 15)), today=date(2026, 7, 10))
    assert (position.state, position.due_on, len(position.plan)) == (State.REPAYING, date(2026, 10, 15), 9)
    assert sum(row.principal_fen for row in position.plan) == 60 * WAN
    whole = replace(TERMS, repayment=Repayment.AT_MATURITY)
    on_the_day = told(Entry(Act.PROLONG, DUE, due_on=LATER), terms=whole, today=date(2026, 8, 1))
    assert [row.principal_fen for row in on_the_day.plan] == [60 * WAN]
    assert on_the_day.plan[0].due_on == LATER


def test_the_guarantor_pays_out_and_gets_it_back():
    day = date(2026, 8, 1)
    paid_out = told(Entry(Act.PAY_OUT, day, 60 * WAN, 500_000))
    assert (paid_out.state, paid_out.balance_fen, paid_out.claim_fen) == (State.COMPENSATED, 0, 60 * WAN + 500_000)
    back = told(
        Entry(Act.PAY_OUT, day, 60 * WAN, 500_000), Entry(Act.RECOVER, day, 60 * WAN), Entry(Act.SETTLE, day, 500_000)
    )
    assert (back.state, back.way, back.principal_paid_fen) == (State.SETTLED, Way.COMPENSATED, 0)


def test_written_off_the_debt_stays():
    day = date(2026, 9, 1)
    gone = told(Entry(Act.WRITE_OFF, day))
    assert (gone.state, gone.balance_fen, gone.grade) == (State.WRITTEN_OFF, 60 * WAN, Grade.LOSS)
    some = told(Entry(Act.WRITE_OFF, day), Entry(Act.REPAY, day, SHARE))
    assert (some.state, some.balance_fen) == (State.WRITTEN_OFF, 50 * WAN)
    assert told(Entry(Act.WRITE_OFF, day), Entry(Act.SETTLE, day, 60 * WAN)).way is Way.LATE


@pytest.mark.parametrize(
    ("entries", "fields"),
    [
        ([repay(2, 60 * WAN + 1)], ["principal"]),
        ([repay(2, 0, 0)], ["principal"]),
        ([repay(2, -1)], ["principal"]),
        ([replace(repay(2), balance_fen=50 * WAN + 1)], ["balance"]),
        ([LIFE[0], repay(2, day=14)], ["on"]),
        ([repay(2, day=14), Entry(Act.REPAY, date(2027, 1, 2), SHARE)], ["on"]),
        ([Entry(Act.SETTLE, date(2026, 2, 1), 60 * WAN - 1)], ["principal"]),
        ([Entry(Act.PAY_OUT, date(2026, 2, 1), 60 * WAN)], [""]),
        ([Entry(Act.PAY_OUT, date(2026, 8, 1), 59 * WAN)], ["principal"]),
        ([Entry(Act.PROLONG, date(2026, 2, 1), due_on=DUE)], ["due_on"]),
        ([Entry(Act.PROLONG, date(2026, 2, 1), due_on=DUE + timedelta(days=182))], ["due_on"]),
        ([Entry(Act.PROLONG, date(2026, 8, 1), due_on=LATER)], [""]),
        ([Entry(Act.GRADE, date(2026, 2, 1), grade=Grade.NORMAL)], ["grade"]),
        ([Entry(Act.RECOVER, date(2026, 2, 1), 1)], [""]),
        ([*LIFE, repay(8)], [""]),
        ([Entry(Act.PAY_OUT, date(2026, 8, 1), 60 * WAN), Entry(Act.RECOVER, date(2026, 8, 1), 60 * WAN + 1)],
         ["principal"]),
    ],
)  # fmt: skip
def test_an_entry_that_does_not_add_up_is_refused(entries, fields):
    assert refused(*entries) == fields


def test_without_a_guarantor_nobody_pays_out():
    alone = replace(TERMS, is_guaranteed=False)
    assert refused(Entry(Act.PAY_OUT, date(2026, 8, 1), 60 * WAN), terms=alone) == [""]


def test_all_reasons_are_given_at_once():
    entry = replace(repay(2, 61 * WAN), on=date(2026, 1, 1))
    assert refused(entry) == ["on"]  # amounts are judged once the day can stand
    assert refused(*LIFE, Entry(Act.PAY_OUT, date(2028, 1, 1), 1)) == ["", "on"]


REACHED = {
    State.REPAYING: [],
    State.OVERDUE: [],
    State.COMPENSATED: [Entry(Act.PAY_OUT, date(2026, 8, 1), 60 * WAN)],
    State.WRITTEN_OFF: [Entry(Act.WRITE_OFF, date(2026, 8, 1))],
    State.SETTLED: LIFE,
}


@pytest.mark.parametrize("act", ENTERED)
@pytest.mark.parametrize("state", REACHED)
def test_the_table_and_the_code_agree(state, act):
    """An entry is refused for the state exactly where the table has no way for it, and leads where the table says."""
    day = date(2026, 1, 20) if state is State.REPAYING else date(2026, 9, 1)
    position = as_of(told(*REACHED[state], today=day), day)
    assert position.state is state
    owed = position.claim_fen if state is State.COMPENSATED else position.balance_fen
    amount = {Act.REPAY: 1, Act.SETTLE: owed, Act.PAY_OUT: owed, Act.RECOVER: 1}.get(act, 0)
    grade = Grade.WATCHED if act is Act.GRADE else None
    entry = Entry(act, day, amount, due_on=date(2026, 10, 1) if act is Act.PROLONG else None, grade=grade)
    reasons = why_not_enter(position, entry, TERMS, today=day)
    assert (reasons == []) == (state in TRANSITION[act].sources), reasons
    if not reasons and TRANSITION[act].target:
        assert entered(position, entry, TERMS).state is TRANSITION[act].target


def test_every_state_is_reached_and_every_act_has_one_row():
    assert len(TRANSITIONS) == len(set(Act)) == len(TRANSITION)
    assert set(REACHED) | {State.REVERSED} == set(State)


@settings(max_examples=200, deadline=None)
@given(
    st.sampled_from(Repayment), st.integers(1, 1_000 * WAN), st.integers(1, 2_400), st.integers(20, 1_500),
    st.lists(st.tuples(st.integers(0, 120), st.integers(0, 100), st.booleans()), max_size=12),
)  # fmt: skip
def test_whatever_is_paid_adds_up(repayment, amount, rate, days, story):
    """`story`: days waited, per cent of the balance paid, and whether the due interest is paid with it."""
    terms = Terms(amount, rate, DRAWN, DRAWN + timedelta(days=days), repayment, is_guaranteed=False)
    position, day, paid, interest = opened(terms), DRAWN, 0, 0
    for wait, percent, with_interest in story:
        day += timedelta(days=wait)
        entry = Entry(
            Act.REPAY, day, position.balance_fen * percent // 100,
            due_by(position, day)[1] if with_interest else 0,
        )  # fmt: skip
        if why_not_enter(position, entry, terms, today=day):
            continue
        position = entered(position, entry, terms)
        paid, interest = paid + entry.principal_fen, interest + entry.interest_fen
        assert (position.principal_paid_fen, position.interest_paid_fen) == (paid, interest)
        assert position.balance_fen == amount - paid
        assert sum(row.principal_fen for row in position.plan) == amount
        assert (position.state is State.SETTLED) <= (position.balance_fen == 0)
        due = next_due(position)
        assert due is None or due.principal_fen + due.interest_fen > 0
