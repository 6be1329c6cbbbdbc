"""How good a card is, said by rows it has not seen. Pure: numbers in, numbers out; the higher the risk, the worse."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from jinfuyun.data.score.develop.table import Floats, Words

BANDS_MAX = 10
BAND_ROWS_MIN = 25  # of a calibration curve, and of a PSI: fewer are noise
GROUP_ROWS_MIN = 20
CURVE_POINTS = 60


@dataclass(frozen=True, slots=True)
class Power:
    """How well risk tells the bad from the good: all 0 to 1 (`gini` -1 to 1)."""

    auc: float
    ks: float

    @property
    def gini(self) -> float:
        return 2 * self.auc - 1


@dataclass(frozen=True, slots=True)
class Band:
    """A tenth of the rows by risk: mean expected and seen share of defaults."""

    rows: int
    expected: float
    seen: float


@dataclass(frozen=True, slots=True)
class Group:
    """One value of a column that the result is looked at by; `power` None: too few rows, or of one kind only."""

    column: str
    value: str
    rows: int
    bad: int
    expected: float
    power: Power | None
    psi: float | None  # its distribution against everybody's


def power(risk: Floats, bad: Floats) -> Power:
    from sklearn.metrics import roc_auc_score, roc_curve

    false, true, _ = roc_curve(bad, risk)
    return Power(float(roc_auc_score(bad, risk)), float(np.max(true - false)))


def curve(risk: Floats, bad: Floats) -> list[tuple[float, float]]:
    """Share of the good and of the bad above each risk: the ROC curve, thinned for drawing."""
    from sklearn.metrics import roc_curve

    false, true, _ = roc_curve(bad, risk)
    shown = np.unique(np.linspace(0, len(false) - 1, CURVE_POINTS).astype(int))
    return [(float(false[each]), float(true[each])) for each in shown]


def calibration(expected: Floats, bad: Floats, *, enterprises: int) -> list[Band]:
    """Bands of equally many rows by risk; how many bands is up to the `enterprises` behind the rows."""
    count = int(np.clip(enterprises // BAND_ROWS_MIN, 2, BANDS_MAX))
    parts = np.array_split(np.argsort(expected, kind="stable"), count)
    return [Band(len(part), float(expected[part].mean()), float(bad[part].mean())) for part in parts]


def psi(before: Floats, after: Floats) -> tuple[float, float]:
    """Population stability index of two samples over equal bands of the first, and what chance alone gives on average.

    Half a row is added to each band, so that an empty one is not infinite.
    """
    count = int(np.clip(min(len(before), len(after)) // BAND_ROWS_MIN, 2, BANDS_MAX))
    edges = np.unique(np.quantile(before, np.linspace(0, 1, count + 1)[1:-1]))
    shares = []
    for sample in (before, after):
        rows = np.bincount(np.digitize(sample, edges), minlength=len(edges) + 1) + 0.5
        shares.append(rows / rows.sum())
    index = float(np.sum((shares[0] - shares[1]) * np.log(shares[0] / shares[1])))
    return index, len(edges) * (1 / len(before) + 1 / len(after))


def groups(expected: Floats, bad: Floats, by: Mapping[str, Words]) -> Iterator[Group]:
    for column, values in by.items():
        for value in sorted(set(values)):
            here = values == value
            rows, defaults = int(here.sum()), int(bad[here].sum())
            enough = rows >= GROUP_ROWS_MIN and 0 < defaults < rows
            yield Group(
                column=column,
                value=str(value),
                rows=rows,
                bad=defaults,
                expected=float(expected[here].mean()),
                power=power(expected[here], bad[here]) if enough else None,
                psi=psi(expected, expected[here])[0] if rows >= GROUP_ROWS_MIN else None,
            )


def mean(same: Sequence[Group]) -> Group:
    """One group as several trials saw it."""
    powers = [each.power for each in same if each.power]
    stable = [each.psi for each in same if each.psi is not None]
    return replace(
        same[0],
        expected=float(np.mean([each.expected for each in same])),
        power=Power(*(float(np.mean([getattr(each, name) for each in powers])) for name in ("auc", "ks")))
        if powers
        else None,
        psi=float(np.mean(stable)) if stable else None,
    )
