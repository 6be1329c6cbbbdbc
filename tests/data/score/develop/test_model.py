"""Which characteristics, and how much of each."""

import numpy as np

from jinfuyun.data.score.develop.bins import Trend
from jinfuyun.data.score.develop.model import fitted, regression
from jinfuyun.data.score.develop.table import Table
from tests.data.score.develop.made_up import enterprises


def of(table: Table, at_most: int = 12):
    return fitted(table.columns, table.bad, at_most=at_most, trends=dict.fromkeys(table.columns, Trend.EITHER))


def test_no_more_characteristics_than_asked_and_the_best_first() -> None:
    table = enterprises(1000, noise=8)
    assert {each.name for each in of(table, at_most=2).binnings} == {"sales", "voids"}
    assert [each.name for each in of(table, at_most=1).binnings] == ["sales"]


def test_no_characteristic_speaks_against_its_own_evidence() -> None:
    assert (of(enterprises(300, noise=20)).factors > 0).all()
    chance = np.random.default_rng(1)
    evidence = chance.normal(size=(500, 1))
    bad = (-evidence[:, 0] + chance.logistic(size=500) > 0).astype(float)
    echo = evidence + chance.normal(0, 0.3, evidence.shape) + 0.3 * bad[:, None]  # good by itself, bad beside the first
    _, factors = regression(np.hstack([evidence, echo]), bad)
    assert factors[0] > 0
    assert factors[1] == 0


def test_the_regression_agrees_with_scikit_learn_where_no_sign_is_held() -> None:
    from sklearn.linear_model import LogisticRegression

    chance = np.random.default_rng(1)
    evidence = chance.normal(size=(500, 3))
    bad = (evidence @ [-1.0, -0.5, -0.2] + chance.logistic(size=500) > 0).astype(float)
    base, factors = regression(evidence, bad, ridge=2.0)
    theirs = LogisticRegression(C=0.5, tol=1e-8).fit(evidence, 1 - bad)
    np.testing.assert_allclose(factors, theirs.coef_[0], atol=1e-3)
    assert abs(base - theirs.intercept_[0]) < 1e-3


def test_a_table_that_says_nothing_makes_an_empty_model() -> None:
    model = fitted({"x": np.ones(100)}, np.tile([0.0, 1.0], 50), at_most=12, trends={})
    assert model.binnings == ()
    assert list(model.log_odds({"x": np.ones(3)})) == [0.0, 0.0, 0.0]
