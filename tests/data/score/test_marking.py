"""Points are added up, and every one of them can be told why."""

import random

import duckdb
import pyarrow as pa
import pytest

from jinfuyun.data.indicators import portable
from jinfuyun.data.score.card import Characteristic, Value
from jinfuyun.data.score.marking import mark, score_sql
from jinfuyun.data.score.reading import card
from jinfuyun.data.score.registry import CARDS, UNITS
from tests.data.score.cards import CARD

SMALL = card(CARD, file="small.yaml")

# sales, tax grade → score, grade, coverage
BY_HAND = (
    (1000, "A", 500 + 120 + 50, "A", 1.0),
    (999, "A", 500 + 10 + 50, "D", 1.0),
    (100, "B", 500 + 10 + 50, "D", 1.0),
    (99, "A", 500 - 30 + 50, "D", 1.0),
    (-5, "D", 300, "D", 1.0),  # 170 is cut to the lowest
    (None, "A", 500 - 5 + 50, "D", 0.5),
    (1000, None, 500 + 120 + 0, "A", 0.5),
    (1000, "E", 500 + 120 + 0, "A", 0.5),  # a word that the card does not know
    (None, None, None, None, 0.0),
)


@pytest.mark.parametrize(("sales", "grade", "score", "of_grade", "coverage"), BY_HAND)
def test_a_score_is_what_a_hand_reckons(
    sales: int | None, grade: str | None, score: int | None, of_grade: str | None, coverage: float
) -> None:
    found = mark(SMALL, {"sales_r12": sales, "tax_grade": grade})
    assert (found.score, found.grade, found.coverage) == (score, of_grade, coverage)


def test_what_is_not_there_is_unknown_and_not_zero() -> None:
    assert mark(SMALL, {"tax_grade": "A"}).marks[0].points == -5


def test_reasons_are_what_costs_most_first_and_never_what_is_unknown() -> None:
    found = mark(SMALL, {"sales_r12": 500, "tax_grade": "D"})
    assert [(each.characteristic.indicator, each.cost) for each in found.reasons()] == [
        ("tax_grade", 350),
        ("sales_r12", 110),
    ]
    unknown = mark(SMALL, {"tax_grade": "A"})
    assert unknown.reasons() == []
    assert [each.characteristic.indicator for each in unknown.unknown()] == ["sales_r12"]


def test_what_would_be_better_is_the_nearest_bin_worth_more() -> None:
    better = mark(SMALL, {"sales_r12": 5, "tax_grade": "A"}).marks[0].better()
    assert better is not None
    assert (better.low, better.points) == (100, 10)
    assert mark(SMALL, {"sales_r12": 5000}).marks[0].better() is None


def test_a_dimension_runs_from_all_points_lost_to_all_points_won() -> None:
    found = mark(SMALL, {"sales_r12": 100, "tax_grade": "A"}).dimensions()
    assert found == {"business": 27, "tax": 100, "trade": None, "people": None, "conduct": None}


def test_sql_gives_the_same_figures() -> None:
    chosen, dice = CARDS[-1], random.Random(4)
    rows = [
        {each.indicator: dice.choice(_worth_trying(each)) if dice.random() < bad / 30 else _best(each)
         for each in chosen.characteristics}
        for bad in range(31) for _ in range(100)
    ]  # fmt: skip
    rows += [dict.fromkeys(rows[0], value) for value in (None, 0, -(10**15), 10**15)]
    given = pa.table(
        {name: pa.array([row[name] if UNITS[name] != "grade" or row[name] is None else str(row[name]) for row in rows])
         for name in rows[0]} | {"id": list(range(len(rows)))}
    )  # fmt: skip
    with duckdb.connect() as engine:
        engine.register("given", given)
        found = engine.execute(f"SELECT * FROM ({score_sql(chosen, 'given', keep='id')}) ORDER BY id").fetchall()
    marked = [mark(chosen, row) for row in rows]
    assert [row[1:] for row in found] == [(one.coverage, one.score, one.grade) for one in marked]
    assert len({one.grade for one in marked}) == len(chosen.grades) + 1  # every grade, and none


def _best(characteristic: Characteristic) -> Value:
    found = max(characteristic.bins, key=lambda each: each.points)
    return found.among[0] if found.among else found.low if found.low is not None else 0


def _worth_trying(characteristic: Characteristic) -> list[Value]:
    """Unknown, at every edge and beside it, every word and one that the card does not know."""
    words = [word for each in characteristic.bins for word in each.among]
    edges = [int(each.low) + by for each in characteristic.bins if each.low is not None for by in (-1, 0, 1)]
    return [None, *edges, *([*words, "Z"] if words else [])]


def test_the_sql_says_only_what_every_engine_understands() -> None:
    assert "`id`" in portable.translated(score_sql(CARDS[-1], "given", keep='"id"'))
