"""From a table to a card and to what is known about it."""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec

import numpy as np

from jinfuyun.data.score.card import Card
from jinfuyun.data.score.develop import judge, points
from jinfuyun.data.score.develop.bins import Trend
from jinfuyun.data.score.develop.model import Model, fitted
from jinfuyun.data.score.develop.table import Floats, Table
from jinfuyun.data.score.develop.trial import FOLDS, SEED, Progress, Trial, corrected, tried
from jinfuyun.kit.errors import Refused

NEEDED = ("optbinning", "sklearn", "scipy")
CROSS_VALIDATION_SHARE = 0.9  # of the work


class CannotDevelop(Refused):
    """What is missing is said, and what to do."""


@dataclass(frozen=True, slots=True)
class Figures:
    """All from rows that the model had not seen, but `seen`. A standard deviation is one over the folds."""

    auc: float
    auc_deviation: float
    ks: float
    seen: judge.Power  # of the finished card on its own rows: too good by nature
    psi: float
    psi_by_chance: float
    calibration: list[judge.Band]
    roc: list[tuple[float, float]]
    groups: list[judge.Group]
    splits: int

    @property
    def gini(self) -> float:
        return 2 * self.auc - 1


@dataclass(frozen=True, slots=True)
class Developed:
    card: Card
    model: Model
    chosen: Mapping[str, float]  # in what share of the folds
    figures: Figures


def check_installed() -> None:
    """Raises CannotDevelop if a package is missing."""
    if missing := [name for name in NEEDED if find_spec(name) is None]:
        raise CannotDevelop(
            f"本机没有安装开发评分卡的软件包（{'、'.join(missing)}）。请先运行 make setup-score，再重试。"
        )


def developed(
    table: Table,
    words: points.Words,
    *,
    at_most: int,
    trends: Mapping[str, Trend],
    repeats: int | None = None,
    splitting: int = SEED,
    on_progress: Progress = lambda stage, share: None,
) -> Developed:
    """The card of all rows, and the trial of how it was made. Raises CannotDevelop if nothing tells the bad apart."""
    trial = tried(
        table,
        at_most=at_most,
        trends=trends,
        repeats=repeats,
        splitting=splitting,
        on_progress=lambda stage, share: on_progress(stage, share * CROSS_VALIDATION_SHARE),
    )
    on_progress("拟合", CROSS_VALIDATION_SHARE)
    model = fitted(table.columns, table.bad, at_most=at_most, trends=trends)
    model = corrected(model, trial, table.bad)
    if not model.binnings or not model.factors.any():
        raise CannotDevelop("没有一列能区分违约和正常，做不出评分卡。")
    on_progress("评价", 1.0)
    return Developed(points.card(model, words), model, trial.chosen, _figures(table, model, trial))


def _figures(table: Table, model: Model, trial: Trial) -> Figures:
    """Of each repeat by itself, then the mean: a mean over repeats would be a better model than the card is."""
    aucs = [
        judge.power(-odds[folds == fold], table.bad[folds == fold]).auc
        for odds, folds in zip(trial.odds, trial.folds, strict=True)
        for fold in range(FOLDS)
    ]
    expected = trial.expected(table.bad)
    whole = [judge.power(risk, table.bad) for risk in expected]
    return Figures(
        auc=float(np.mean(aucs)),
        auc_deviation=float(np.std(aucs)),
        ks=float(np.mean([each.ks for each in whole])),
        seen=judge.power(-model.log_odds(table.columns), table.bad),
        psi=float(trial.stability[:, 0].mean()),
        psi_by_chance=float(trial.stability[:, 1].mean()),
        calibration=judge.calibration(expected.ravel(), np.tile(table.bad, len(expected)), enterprises=len(table.bad)),
        roc=judge.curve(expected[0], table.bad),
        groups=_groups(table, expected),
        splits=len(aucs),
    )


def _groups(table: Table, expected: Floats) -> list[judge.Group]:
    """Of each repeat, its figures averaged."""
    each = [list(judge.groups(risk, table.bad, table.by)) for risk in expected]
    return [judge.mean(same) for same in zip(*each, strict=True)]
