"""ln(odds of being good) as a sum of what a few characteristics say. None may speak against its own evidence."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from jinfuyun.data.score.develop.bins import Binning, Trend, binning
from jinfuyun.data.score.develop.table import Column, Floats

STEPS = 25  # from a penalty under which nothing is left to a hundredth of it
RIDGE = 3.0  # like three more observations: keeps what two alike say from running apart


@dataclass(frozen=True, slots=True)
class Model:
    """k characteristics and their factors (k, none negative); `base` is ln(odds) where all evidence is 0."""

    binnings: tuple[Binning, ...]
    factors: Floats
    base: float

    def log_odds(self, columns: Mapping[str, Column]) -> Floats:
        """n values: ln(P(good) / P(bad))."""
        total = np.full(len(next(iter(columns.values()))), self.base)
        for each, factor in zip(self.binnings, self.factors, strict=True):
            total += factor * each.evidence(columns[each.name])
        return total


def fitted(columns: Mapping[str, Column], bad: Floats, *, at_most: int, trends: Mapping[str, Trend]) -> Model:
    """Everything is chosen from these rows and no others: bins, characteristics (`at_most` so many), factors."""
    cut = [binning(name, column, bad, trend=trends.get(name, Trend.FREE)) for name, column in columns.items()]
    cut = [each for each in cut if np.ptp(each.evidence(columns[each.name])) > 0]
    if not cut:
        return Model((), np.zeros(0), float(np.log((1 - bad).sum() / bad.sum())))
    evidence = np.column_stack([each.evidence(columns[each.name]) for each in cut])
    spread = evidence.std(axis=0)  # penalties weigh all alike, or what is weak by itself would never help others
    chosen = _choice(evidence / spread, bad, at_most)
    base, factors = regression((evidence / spread)[:, chosen], bad, ridge=RIDGE)
    kept = np.flatnonzero(factors > 0)  # the check of signs: what wants to be negative is held at 0 and left out
    places = [chosen[int(each)] for each in kept]
    return Model(tuple(cut[place] for place in places), factors[kept] / spread[places], base)


def _choice(evidence: Floats, bad: Floats, at_most: int) -> Sequence[int]:
    """The last set of no more than `at_most` on the way from a large penalty to a small one."""
    chosen: list[int] = []
    for penalty in np.geomspace(0.2, 0.002, STEPS) * len(bad):
        _, factors = regression(evidence, bad, lasso=float(penalty))
        here = np.flatnonzero(factors > 0).tolist()
        if len(here) > at_most:
            break
        chosen = here
    return chosen


def regression(evidence: Floats, bad: Floats, *, lasso: float = 0.0, ridge: float = 1e-3) -> tuple[float, Floats]:
    """Logistic regression of being good on n × k evidence, no factor negative: (base, k factors).

    `lasso` per factor and `ridge` per half square are weighed against the sum over the rows.
    """
    from scipy.optimize import minimize
    from scipy.special import expit

    count = evidence.shape[1]

    def loss(at: Floats) -> tuple[float, Floats]:
        odds = at[0] + evidence @ at[1:]
        cost = np.logaddexp(0, np.where(bad > 0, odds, -odds)).sum()
        slope = expit(odds) - (1 - bad)
        cost += lasso * at[1:].sum() + ridge / 2 * (at[1:] ** 2).sum()
        return float(cost), np.append(slope.sum(), evidence.T @ slope + lasso + ridge * at[1:])

    start = np.append(np.log((1 - bad).sum() / bad.sum()), np.zeros(count))
    found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=[(None, None)] + [(0, None)] * count).x
    return float(found[0]), found[1:]
