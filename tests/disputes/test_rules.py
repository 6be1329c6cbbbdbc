"""The table of moves and the clock of twenty natural days."""

from datetime import date, timedelta

import pytest

from jinfuyun.disputes.rules import (
    ANSWERED,
    OPEN,
    STATE_LABELS,
    TRANSITIONS,
    State,
    due_on,
    is_late,
    reminder,
    why_not_answer,
    why_not_raise,
)

RAISED = date(2026, 1, 20)  # the New Year holidays lie in its twenty days: they count like any other


def test_twenty_natural_days_are_twenty_days_of_the_calendar() -> None:
    assert due_on(RAISED) == date(2026, 2, 9)
    assert not is_late(due_on(RAISED), date(2026, 2, 9))
    assert is_late(due_on(RAISED), date(2026, 2, 10))


@pytest.mark.parametrize(("days", "percent"), [
    (0, 0), (9, 0), (10, 50), (15, 50), (16, 80), (19, 80), (20, 100), (21, 100), (400, 100),
])  # fmt: skip
def test_the_department_is_reminded_at_half_four_fifths_and_all_of_its_days(days: int, percent: int) -> None:
    assert reminder(RAISED, RAISED + timedelta(days=days)) == percent


def test_every_state_can_be_left_but_the_last_and_nothing_leads_back_to_the_first() -> None:
    left = {state for step in TRANSITIONS for state in step.sources}
    assert left == set(State) - {State.CLOSED}
    assert [step.act for step in TRANSITIONS if step.target is State.NEW] == ["raise"]
    assert set(STATE_LABELS) == set(State) == {*OPEN, *ANSWERED, State.CLOSED}


def test_a_reason_is_neither_a_word_nor_a_book() -> None:
    assert [one.field for one in why_not_raise("错", "")] == ["reason"]
    assert [one.field for one in why_not_raise("错" * 501, "对" * 201)] == ["reason", "right"]
    assert why_not_raise("错" * 500, "对" * 200) == []


def test_an_answer_is_written() -> None:
    assert [one.field for one in why_not_answer("")] == ["answer"]
    assert why_not_answer("已核实无误") == []
