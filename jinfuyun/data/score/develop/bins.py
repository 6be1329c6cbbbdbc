"""One column cut into bins, and what each bin says: its weight of evidence, positive where fewer default."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from jinfuyun.data.score.develop.table import Column, Floats

BINS_MAX = 6
BIN_SHARE_MIN = 0.05  # of what is known, and …
BIN_ROWS_MIN = 20  # … never fewer: fewer say nothing
# Each bin is read as if, on average, so many more rows had been seen that do as the trend over all bins says. It
# matters for a hundred enterprises and is nothing for ten thousand.
TREND_ROWS = 100.0
# With fewer defaults there is nothing to optimise by: an optimal cut would follow chance, and would run bins without
# a default together, which are the best there are. Such columns are cut into equal parts.
DEFAULTS_FEW = 100
PARTS = 5
DIGITS = 3  # of an edge: a person reads it


class Trend(StrEnum):
    """What may be asked of a column of numbers; by the number of defaults, as optbinning counts."""

    FREE = "free"
    EITHER = "either"  # monotone, whichever way fits
    UP = "up"  # the higher the better
    DOWN = "down"  # the higher the worse


ASKED = {Trend.FREE: None, Trend.EITHER: "auto_asc_desc", Trend.UP: "descending", Trend.DOWN: "ascending"}


@dataclass(frozen=True, slots=True)
class Binning:
    """`edges` of b bins of numbers (b - 1, ascending, each counted to the bin above), or `groups` of words (b).

    `weights`: b + 1 weights of evidence, the last of "unknown"; `rows` and `bad`: counts alike.
    """

    name: str
    edges: tuple[float, ...]
    groups: tuple[tuple[str, ...], ...]
    weights: Floats
    rows: Floats
    bad: Floats

    def places(self, column: Column) -> np.ndarray:
        """The bin of each row; the last is "unknown", and of a word never seen."""
        return places(column, self.edges, self.groups)

    def evidence(self, column: Column) -> Floats:
        return self.weights[self.places(column)]


def places(column: Column, edges: tuple[float, ...], groups: tuple[tuple[str, ...], ...]) -> np.ndarray:
    if column.dtype == np.object_:
        home = {word: place for place, group in enumerate(groups) for word in group}
        return np.array([home.get(word, len(groups)) for word in column])
    numbers = column.astype(np.float64)
    return np.where(np.isnan(numbers), len(edges) + 1, np.digitize(numbers, edges))


def binning(name: str, column: Column, bad: Floats, *, trend: Trend = Trend.FREE) -> Binning:
    """`column` and `bad` of the same n rows."""
    words = column.dtype == np.object_
    known = np.array([value is not None for value in column]) if words else ~np.isnan(column)
    edges, groups = _cut(name, column[known], bad[known], trend)
    place = places(column, edges, groups)
    bins = len(groups) if words else len(edges) + 1
    rows = np.bincount(place, minlength=bins + 1).astype(np.float64)
    defaults = np.bincount(place, weights=bad, minlength=bins + 1).astype(np.float64)
    return Binning(name, edges, groups, _weights(rows, defaults, None if words else trend), rows, defaults)


def _cut(name: str, known: Column, bad: Floats, trend: Trend) -> tuple[tuple[float, ...], tuple[tuple[str, ...], ...]]:
    from optbinning import OptimalBinning

    words = known.dtype == np.object_
    if len(set(known.tolist())) < 2 or len(set(bad.tolist())) < 2:
        return (), (tuple(sorted(set(known.tolist()))),) if words else ()
    if not words and bad.sum() < DEFAULTS_FEW:
        numbers = known.astype(np.float64)
        return _edges(np.quantile(numbers, np.arange(1, PARTS) / PARTS), numbers), ()
    least = float(np.clip(BIN_ROWS_MIN / len(known), BIN_SHARE_MIN, 0.5))
    found = OptimalBinning(
        name=name,
        dtype="categorical" if words else "numerical",
        solver="cp",
        monotonic_trend=None if words else ASKED[trend],
        max_n_bins=BINS_MAX,
        min_prebin_size=least,
        cat_cutoff=least if words else None,
    ).fit(known, bad.astype(int))
    if words:
        groups = [tuple(str(word) for word in group) for group in found.splits]
        rest = tuple(sorted(set(known.tolist()) - {word for group in groups for word in group}))
        return (), (*groups, rest) if rest else tuple(groups)
    return _edges(found.splits, known.astype(np.float64)), ()


def _edges(exact: Iterable[float], known: Floats) -> tuple[float, ...]:
    """Rounded for people; what rounding or many equal values leave without a row is joined to the bin above."""
    edges = np.unique([float(f"{edge:.{DIGITS}g}") for edge in exact])
    rows = np.bincount(np.digitize(known, edges), minlength=len(edges) + 1)
    kept = [float(edge) for edge, below in zip(edges, rows, strict=False) if below]
    return tuple(kept if rows[-1] else kept[:-1])


def _weights(rows: Floats, bad: Floats, trend: Trend | None) -> Floats:
    """ln(share of the good / share of the bad) of each bin. What few rows say is drawn towards the trend of all.

    `trend` None: bins without an order, drawn towards the share of all.
    """
    share = bad.sum() / rows.sum()
    known, defaults = rows[:-1], bad[:-1]
    ordered = trend is not None and len(known) > 1
    line = _line(known, defaults) if ordered else np.full(len(known), share)
    drawn = TREND_ROWS / (TREND_ROWS + known.mean())  # the same for every bin: what is monotone stays so
    seen = (1 - drawn) * defaults / np.maximum(known, 1) + drawn * line
    if ordered and trend != Trend.FREE:
        rising = trend == Trend.DOWN or (trend == Trend.EITHER and line[-1] > line[0])
        seen = _monotone(seen, known, rising=rising)
    unknown = (bad[-1] + TREND_ROWS * share) / (rows[-1] + TREND_ROWS)
    weights = np.log(1 / np.append(seen, unknown) - 1) - np.log(1 / share - 1)
    # Not to know is no crime: at worst halfway from the mean of what is known to the worst of it.
    mean = np.average(weights[:-1], weights=known) if known.any() else 0.0
    weights[-1] = max(weights[-1], (weights[:-1].min() + mean) / 2)
    return weights


def _monotone(shares: Floats, rows: Floats, *, rising: bool) -> Floats:
    from sklearn.isotonic import IsotonicRegression

    places = np.arange(len(shares))
    nearest: Floats = IsotonicRegression(increasing=rising).fit_transform(places, shares, sample_weight=rows)
    return nearest


def _line(rows: Floats, bad: Floats) -> Floats:
    """Share of defaults in each bin by a logistic line over the ranks."""
    from sklearn.linear_model import LogisticRegression

    middle = ((np.cumsum(rows) - rows / 2) / rows.sum() - 0.5).reshape(-1, 1) * np.sqrt(12)
    line = LogisticRegression(C=1.0).fit(
        np.vstack([middle, middle]),
        np.repeat([1, 0], len(rows)),
        sample_weight=np.concatenate([bad, rows - bad]),
    )
    shares: Floats = line.predict_proba(middle)[:, 1]
    return shares
