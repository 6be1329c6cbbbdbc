"""From a table to a card: what is said of it is true of enterprises that it has not seen."""

import math
from datetime import date

import numpy as np
import pytest

from jinfuyun.data.score import marking, reading
from jinfuyun.data.score.develop import fit, judge, points
from jinfuyun.data.score.develop.bins import Trend
from jinfuyun.data.score.develop.table import Table
from tests.data.score.develop.made_up import enterprises

WORDS = points.Words("developed", "试算卡", date(2026, 1, 1), "测试", {"sales": "开票销售"}, {"sales": "trade"})


def made(table: Table, at_most: int = 12, repeats: int = 1) -> fit.Developed:
    trends = dict.fromkeys(table.columns, Trend.EITHER)
    return fit.developed(table, WORDS, at_most=at_most, trends=trends, repeats=repeats)


@pytest.fixture(scope="module")
def card() -> fit.Developed:
    return made(enterprises(2000))


def test_what_the_trial_says_holds_for_enterprises_that_come_later(card: fit.Developed) -> None:
    later = enterprises(20_000, seed=2)
    odds = card.model.log_odds(later.columns)
    assert abs(judge.power(-odds, later.bad).auc - card.figures.auc) < 0.02
    risk = 1 / (1 + np.exp(odds))
    for band in judge.calibration(risk, later.bad, enterprises=len(risk)):
        assert abs(band.expected - band.seen) < 0.05


@pytest.mark.deep
def test_chance_is_called_chance() -> None:
    """Thirty columns of noise, cut, weighed and chosen: good on rows seen, worth nothing on others."""
    chance = np.random.default_rng(3)
    columns = {f"x{place}": chance.normal(size=150) for place in range(30)}
    figures = made(Table(columns, np.tile([0.0, 0.0, 1.0], 50), {}), repeats=2).figures
    assert abs(figures.auc - 0.5) < 0.12
    assert figures.seen.auc > 0.6


def test_the_card_reads_back_as_it_was_written(card: fit.Developed) -> None:
    text = points.written(card.card)
    assert reading.card(text, file="card.yaml") == card.card
    assert "label: 开票销售\n    dimension: trade" in text
    grades = np.array(["A", "B 级", "否", "1"] * 200, dtype=np.object_)
    bad = (np.random.default_rng(1).random(800) < np.tile([0.1, 0.2, 0.6, 0.8], 200)).astype(float)
    of_words = made(Table({"grade": grades}, bad, {})).card
    assert {word for each in of_words.characteristics[0].bins for word in each.among} == {"A", "B 级", "否", "1"}
    assert reading.card(points.written(of_words), file="card.yaml") == of_words


def test_points_are_the_odds_of_the_model(card: fit.Developed) -> None:
    table = enterprises(200, seed=5)
    odds = card.model.log_odds(table.columns)
    for place in range(200):
        facts = {
            name: None if np.isnan(column[place]) else float(column[place]) for name, column in table.columns.items()
        }
        score = marking.mark(card.card, facts).score
        exact = 600 + 40 / math.log(2) * (odds[place] - math.log(20))
        assert score is None or abs(score - np.clip(exact, 300, 900)) <= 1 + len(card.card.characteristics) / 2


def test_each_region_is_judged_by_itself(card: fit.Developed) -> None:
    groups = {group.value: group for group in card.figures.groups}
    assert set(groups) == {"福州市", "厦门市"}
    for group in groups.values():
        assert group.power is not None
        assert abs(group.power.auc - card.figures.auc) < 0.05
        assert abs(group.expected - group.bad / group.rows) < 0.05
        assert group.psi is not None
        assert group.psi < 0.05


@pytest.mark.deep
def test_a_group_that_is_treated_unfairly_is_seen() -> None:
    table = enterprises(1500)
    harsh = table.by["region"] == "厦门市"
    bad = np.where(harsh & (np.random.default_rng(1).random(1500) < 0.4), 1.0, table.bad)
    groups = {group.value: group for group in made(Table(table.columns, bad, table.by)).figures.groups}
    assert groups["厦门市"].bad / groups["厦门市"].rows - groups["厦门市"].expected > 0.05
    assert groups["福州市"].expected - groups["福州市"].bad / groups["福州市"].rows > 0.05


def test_too_small_a_group_is_counted_but_not_judged() -> None:
    table = enterprises(300)
    table.by["region"][:5] = "平潭"
    small = next(group for group in made(table).figures.groups if group.value == "平潭")
    assert small.rows == 5
    assert small.power is None
    assert small.psi is None


def test_a_table_without_any_information_makes_no_card() -> None:
    with pytest.raises(fit.CannotDevelop, match="没有一列能区分"):
        made(Table({"x": np.ones(100)}, np.tile([0.0, 1.0], 50), {}))


def test_the_same_table_makes_the_same_card() -> None:
    table = enterprises(300)
    assert points.written(made(table).card) == points.written(made(table).card)


def test_stability_of_a_moved_sample_is_far_above_chance() -> None:
    chance = np.random.default_rng(1)
    same, by_chance = judge.psi(chance.normal(size=3000), chance.normal(size=3000))
    moved, _ = judge.psi(chance.normal(size=3000), chance.normal(0.5, 1, size=3000))
    assert same < 3 * by_chance < moved
