"""When a feed's delivery is late, fewer, or unlike those before; and when it is not."""

import random
from datetime import timedelta
from statistics import quantiles

import pytest

from jinfuyun.deliveries.charts import line
from jinfuyun.deliveries.checks import drifted, overdue, psi_of_choices, psi_of_deciles, shrunk
from jinfuyun.deliveries.rules import pass_rate_bp
from tests.cast import MONDAY

DAY, SECOND = timedelta(days=1), timedelta(seconds=1)


@pytest.mark.parametrize(
    ("last", "first", "kind"),
    [(MONDAY - 3 * DAY, None, None), (MONDAY - 3 * DAY - SECOND, None, "late"), (None, None, None),
     (None, MONDAY - 3 * DAY, None), (None, MONDAY - 3 * DAY - SECOND, "missing")],
)  # fmt: skip
def test_a_feed_is_late_after_its_own_days_and_missing_where_it_never_came(last, first, kind):
    found = overdue(last, first, lateness_days=3, at=MONDAY)
    assert (found.kind if found else None) == kind


@pytest.mark.parametrize(
    ("rows", "earlier", "is_shrunk"),
    [(49, [100, 90, 110], True), (50, [100, 90, 110], False), (1, [100, 100], False), (0, [0, 0, 0], False)],
)
def test_a_delivery_shrinks_when_it_has_less_than_half_of_the_usual_rows(rows, earlier, is_shrunk):
    assert (shrunk(rows, earlier) is not None) == is_shrunk


def deciles(chance: random.Random, scale: float, count: int = 2000) -> list[float]:
    return quantiles((chance.lognormvariate(8, 1) * scale for _ in range(count)), n=10)


@pytest.mark.parametrize("seed", range(20))
def test_a_distribution_that_only_wavers_is_no_drift_and_one_that_doubles_is(seed):
    """Seen red with the shares beyond the outermost cut points taken as none."""
    chance = random.Random(seed)
    earlier = [deciles(chance, 1.0) for _ in range(4)]
    assert psi_of_deciles(deciles(chance, 1.0), earlier) < 0.1
    assert psi_of_deciles(deciles(chance, 2.0), earlier) > 0.25
    assert psi_of_deciles(deciles(chance, 0.4), earlier) > 0.25


def test_amounts_that_are_mostly_nought_are_compared_too():
    nought = [0.0] * 9
    assert psi_of_deciles(nought, [nought] * 3) == pytest.approx(0)
    assert psi_of_deciles([0.0] * 3 + [float(place) for place in range(1, 7)], [nought] * 3) > 0.25
    some = [0.0] * 5 + [10.0, 20.0, 30.0, 40.0]
    assert psi_of_deciles(some, [some] * 3) == pytest.approx(0)
    assert psi_of_deciles(nought, [some] * 3) > 0.25


def test_choices_are_compared_by_their_shares_not_their_numbers():
    usual = [{"valid": 900, "void": 100}] * 3
    assert psi_of_choices({"valid": 91, "void": 9}, usual) < 0.01
    assert psi_of_choices({"valid": 50, "void": 50}, usual) > 0.25
    assert psi_of_choices({"valid": 60, "new": 40}, usual) > 0.25
    assert psi_of_choices({}, usual) == 0


def shape(null_bp: int = 100, void: int = 10, scale: float = 1.0) -> dict:
    return {
        "rows": 100, "rules": {}, "null_bp": {"code": null_bp},
        "choices": {"state": {"valid": 100 - void, "void": void}},
        "deciles": {"fen": [scale * place for place in (10, 20, 30, 40, 50, 60, 70, 80, 90)]},
    }  # fmt: skip


def test_each_column_that_drifts_is_named_once_in_the_departments_words():
    usual, labels = [shape()] * 3, {"code": "发票代码", "state": "发票状态", "fen": "金额"}
    assert drifted(shape(null_bp=2100), usual, labels) == []
    found = {one.subject: one.text for one in drifted(shape(2101, 50, 3.0), usual, labels)}
    assert set(found) == {"code", "state", "fen"} and all(labels[name] in text for name, text in found.items())
    assert drifted(shape(9000, 90, 9.0), usual[:2], labels) == []  # too few to say what is usual
    assert drifted({"rows": 3, "rules": {}}, usual, labels) == []  # too few rows to have a shape
    assert drifted(shape(), [shape(), {"rows": 1, "rules": {}}, shape(), shape()], labels) == []


def test_rates_and_lines_are_drawn_from_what_was_counted():
    assert (pass_rate_bp(3, 100), pass_rate_bp(0, 0), pass_rate_bp(5, 5)) == (9700, 10_000, 0)
    assert line([1], low=0, high=1) == ""
    assert line([0, 1], low=0, high=1) == "4.0,32.0 156.0,4.0"
