"""The whole making of a card tried on rows it has not seen, again and again."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from jinfuyun.data.score.develop.bins import Trend
from jinfuyun.data.score.develop.judge import psi
from jinfuyun.data.score.develop.model import Model, fitted, regression
from jinfuyun.data.score.develop.table import Column, Floats, Table

FOLDS = 5
ROWS_FEW = 2000  # so few are split ten times anew: one splitting is luck
REPEATS_FEW = 10
SEED = 20260101

Progress = Callable[[str, float], None]


@dataclass(frozen=True, slots=True)
class Trial:
    """`odds`: repeats × n, ln(odds) of being good that a model gave a row outside its fold; `folds`: alike, the fold.

    `stability`: PSI of seen against unseen rows and its chance level, a fold each; `chosen`: in what share of the
    folds each characteristic was.
    """

    odds: Floats
    folds: np.ndarray
    stability: Floats  # folds × 2
    chosen: Mapping[str, float]

    def expected(self, bad: Floats) -> Floats:
        """repeats × n: the probability of default. Each fold is calibrated by what the other folds came to."""
        out = np.empty_like(self.odds)
        for odds, folds, risk in zip(self.odds, self.folds, out, strict=True):
            for fold in range(FOLDS):
                here = folds == fold
                base, slope = calibrated(odds[~here], bad[~here])
                risk[here] = 1 / (1 + np.exp(base + slope * odds[here]))
        return out


def tried(
    table: Table,
    *,
    at_most: int,
    trends: Mapping[str, Trend],
    repeats: int | None,
    splitting: int = SEED,
    on_progress: Progress,
) -> Trial:
    """`repeats` splittings into five, the first by the seed `splitting`; None: ten if the rows are few, else one."""
    from sklearn.model_selection import StratifiedKFold

    count = repeats or (REPEATS_FEW if len(table.bad) < ROWS_FEW else 1)
    odds, folds = np.empty((count, len(table.bad))), np.empty((count, len(table.bad)), dtype=int)
    stability, chosen = [], Counter[str]()
    for repeat in range(count):
        splits = StratifiedKFold(FOLDS, shuffle=True, random_state=splitting + repeat).split(table.bad, table.bad)
        for fold, (seen, unseen) in enumerate(splits):
            on_progress("交叉验证", (repeat * FOLDS + fold) / (count * FOLDS))
            model = fitted(_rows(table.columns, seen), table.bad[seen], at_most=at_most, trends=trends)
            odds[repeat, unseen] = model.log_odds(_rows(table.columns, unseen))
            folds[repeat, unseen] = fold
            stability.append(psi(model.log_odds(_rows(table.columns, seen)), odds[repeat, unseen]))
            chosen.update(each.name for each in model.binnings)
    shares = {name: times / (count * FOLDS) for name, times in chosen.most_common()}
    return Trial(odds, folds, np.array(stability), shares)


def _rows(columns: Mapping[str, Column], rows: np.ndarray) -> dict[str, Column]:
    return {name: column[rows] for name, column in columns.items()}


def calibrated(odds: Floats, bad: Floats) -> tuple[float, float]:
    """What to make of odds that unseen rows were given: ln(odds) = base + slope × them; the slope is not negative."""
    base, slope = regression(odds.reshape(-1, 1), bad)
    return base, float(slope[0])


def corrected(model: Model, trial: Trial, bad: Floats) -> Model:
    """The model with its odds as unseen rows say they should be."""
    base, slope = calibrated(trial.odds.ravel(), np.tile(bad, len(trial.odds)))
    return Model(model.binnings, model.factors * slope, base + slope * model.base)
