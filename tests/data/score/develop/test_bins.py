"""Bins, and what they say."""

import numpy as np
import pytest

from jinfuyun.data.score.develop.bins import Trend, binning
from tests.data.score.develop.made_up import enterprises


@pytest.mark.parametrize("rows", [200, 2000])  # by equal parts, and cut by optbinning
@pytest.mark.parametrize(("column", "trend", "better_above"), [
    ("sales", Trend.UP, True), ("sales", Trend.EITHER, True),
    ("voids", Trend.DOWN, False), ("voids", Trend.EITHER, False),
])  # fmt: skip
def test_what_is_asked_to_be_monotone_is(rows: int, column: str, trend: Trend, better_above: bool) -> None:
    table = enterprises(rows)
    weights = binning(column, table.columns[column], table.bad, trend=trend).weights[:-1]
    steps = np.diff(weights if better_above else -weights)
    assert len(steps) > 0
    assert (steps >= -1e-12).all()


@pytest.mark.parametrize("rows", [200, 2000])
def test_a_column_that_runs_against_the_way_asked_says_nothing(rows: int) -> None:
    table = enterprises(rows)
    weights = binning("sales", table.columns["sales"], table.bad, trend=Trend.DOWN).weights[:-1]
    assert np.ptp(weights) < 1e-9


def test_a_valley_is_seen_unless_monotone_is_asked() -> None:
    column = np.linspace(0, 1, 3000)
    bad = (np.abs(column - 0.5) + np.random.default_rng(1).normal(0, 0.2, 3000) < 0.15).astype(float)
    free = binning("x", column, bad).weights[:-1]
    assert 0 < np.argmin(free) < len(free) - 1
    asked = np.diff(binning("x", column, bad, trend=Trend.EITHER).weights[:-1])
    assert (asked >= 0).all() or (asked <= 0).all()


def test_the_unknown_is_a_bin_of_its_own_and_never_the_worst() -> None:
    sales = np.random.default_rng(1).lognormal(13, 1.5, 1000)
    bad = (np.arange(1000) % 4 == 0).astype(float)
    sales[(bad == 1) & (np.arange(1000) % 8 == 0)] = np.nan
    found = binning("sales", sales, bad)
    assert list(found.rows[[-1]]) == list(found.bad[[-1]]) == [125]  # all of them default
    assert found.weights[-1] > found.weights[:-1].min()


def test_an_unknown_that_was_never_seen_is_worth_nothing() -> None:
    table = enterprises(200)
    known = ~np.isnan(table.columns["sales"])
    assert abs(binning("sales", table.columns["sales"][known], table.bad[known]).weights[-1]) < 1e-12


def test_words_are_grouped_and_a_word_never_seen_is_unknown() -> None:
    grades = np.array(["A", "B", "C", None] * 250, dtype=np.object_)
    bad = (np.random.default_rng(1).random(1000) < np.tile([0.05, 0.3, 0.6, 0.3], 250)).astype(float)
    found = binning("grade", grades, bad)
    assert {word for group in found.groups for word in group} == {"A", "B", "C"}
    best, worst, unknown, strange = found.evidence(np.array(["A", "C", None, "Z"], dtype=np.object_))
    assert best > unknown == strange > worst


def test_what_is_always_the_same_has_one_bin() -> None:
    bad = np.tile([0.0, 1.0], 100)
    for column in (np.ones(200), np.array(["A"] * 200, dtype=np.object_)):
        assert len(binning("x", column, bad).weights) == 2


def test_few_rows_are_drawn_towards_the_trend_and_many_are_not() -> None:
    def far(rows: int) -> float:
        """How far the weights are from what was counted."""
        table = enterprises(rows)
        found = binning("sales", table.columns["sales"], table.bad, trend=Trend.UP)
        good, bad = (found.rows - found.bad)[:-1] + 0.5, found.bad[:-1] + 0.5
        counted = np.log(good / bad) - np.log((1 - table.bad).sum() / table.bad.sum())
        return float(np.abs(found.weights[:-1] - counted).max())

    assert far(120) > 0.3
    assert far(20_000) < 0.05


def test_no_bin_is_without_a_row() -> None:
    """Mostly noughts, and edges so close that rounding makes them one."""
    bad = np.tile([1.0, 0, 0, 0], 50)
    for column in (np.repeat([0.0, 5.0], [170, 30]), np.repeat([5.0, 0.0], [170, 30]), 1000 + np.arange(200) / 100):
        found = binning("x", column, bad, trend=Trend.EITHER)
        assert (found.rows[:-1] > 0).all()
        assert np.isfinite(found.weights).all()
