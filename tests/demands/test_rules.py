"""The table of moves, the assignment rule and what stands against publishing: pure, without a database."""

from dataclasses import replace
from datetime import date
from itertools import product

from jinfuyun.demands.content import WEIGHTS, Candidate, Offered, rank, why_not_post
from jinfuyun.demands.rules import (
    ANSWERED,
    GUARDS,
    LIVE,
    PLACES,
    STATE_LABELS,
    TRANSITIONS,
    Act,
    Around,
    State,
    transition,
)
from tests.demands.stage import WANTED
from tests.market import WAN

TODAY = date(2026, 3, 2)
LOAN = Offered("税易融", 1 * WAN, 300 * WAN, 1, 12, 340, ("unsecured",), True)
RIVER = Candidate("RIVER", "闽江银行", (LOAN,), same_city=True, load=2, kept=9, given=10)


def test_every_state_has_a_name_and_a_way_in():
    assert set(STATE_LABELS) == set(State)
    assert {row.target for row in TRANSITIONS} | {State.DRAFT} == set(State)
    assert {row.act for row in TRANSITIONS} == set(Act)


def test_at_most_one_row_answers_whatever_happens():
    """Seen red with the guard of a holder that counts proposals too."""
    for act, state, invited, holding, proposals in product(Act, State, range(3), range(3), range(3)):
        around = Around(invited, holding, proposals)
        rows = [
            row for row in TRANSITIONS if row.act is act and state in row.sources and GUARDS[row.guard](around)
        ]  # fmt: skip
        assert len(rows) <= 1, (act, state, around, rows)


def test_whoever_leaves_the_demand_stands_where_the_others_are():
    left = {
        Around(1, 1, 1): State.PROPOSED, Around(1, 1, 0): State.CLAIMED, Around(1, 0, 0): State.ASSIGNED,
        Around(): State.OPEN,
    }  # fmt: skip
    for act, state, (around, target) in product((Act.HAND_BACK, Act.LAPSE), ANSWERED, left.items()):
        row = transition(act, state, around)
        assert row is not None
        assert row.target is target


def test_a_sixth_institution_finds_no_row():
    for state in LIVE:
        assert transition(Act.CLAIM, state, Around(holding=PLACES - 1)) is not None
        assert transition(Act.CLAIM, state, Around(holding=PLACES)) is None


def test_what_lacks_is_said_field_by_field():
    assert why_not_post(WANTED, today=TODAY) == []
    empty = replace(
        WANTED, amount_fen=None, term_months=None, purpose="", securities=(), loan_kind="", open_until=TODAY,
        needed_on=date(2026, 3, 1), rate_max_bp=0, preferred=("A",), excluded=("A",),
    )  # fmt: skip
    fields = [reason.field for reason in why_not_post(empty, today=TODAY)]
    assert fields == [
        "amount_fen", "term_months", "purpose", "securities", "loan_kind", "rate_max_bp", "needed_on", "open_until",
        "excluded",
    ]  # fmt: skip


def test_the_weights_are_a_hundred():
    assert sum(most for _, most, _ in WEIGHTS) == 100


def test_the_rule_says_what_each_part_gives():
    [best] = rank(replace(WANTED, preferred=("RIVER",)), [RIVER])
    assert best.points == 40 + 15 + 15 + 13 + 13
    assert best.reasons == (
        "产品“税易融”适合 +40", "企业期望的机构 +15", "与企业同城 +15", "在办 2 件 +13", "以往 10 件中按时 9 件 +13",
    )  # fmt: skip


def test_who_cannot_is_not_ranked():
    """Excluded by the enterprise; too small, too short, no such security, not there."""
    outside = (
        replace(LOAN, amount_max_fen=99 * WAN), replace(LOAN, term_max_months=11),
        replace(LOAN, securities=("mortgage",)), replace(LOAN, here=False),
    )  # fmt: skip
    assert rank(WANTED, [replace(RIVER, products=(one,)) for one in outside]) == []
    assert rank(replace(WANTED, excluded=("RIVER",)), [RIVER]) == []


def test_the_better_one_comes_first_and_equal_ones_by_load():
    worse = (
        replace(RIVER, code="FAR", same_city=False), replace(RIVER, code="BUSY", load=14),
        replace(RIVER, code="SLOW", kept=1), replace(RIVER, code="DEAR", products=(replace(LOAN, rate_min_bp=500),)),
    )  # fmt: skip
    for one in worse:
        assert [each.code for each in rank(WANTED, [one, RIVER])] == ["RIVER", one.code]
    light = replace(RIVER, code="A", load=0, kept=7, given=10)  # 15 + 10 of what RIVER has as 13 + 13, and one less
    tied = replace(RIVER, code="Z")
    assert [each.code for each in rank(WANTED, [tied, RIVER])] == ["RIVER", "Z"]
    assert rank(WANTED, [light])[0].points == rank(WANTED, [RIVER])[0].points - 1


def test_an_institution_without_a_record_gets_half_of_it():
    [new] = rank(WANTED, [replace(RIVER, kept=0, given=0)])
    assert "尚无接单记录 +7" in new.reasons
