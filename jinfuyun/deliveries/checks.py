"""Is something wrong with what a feed delivers? Figures in, findings out: no database, no clock."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import log
from statistics import median
from typing import Any

from jinfuyun.deliveries.rules import AlarmKind

EARLIER = 5  # so many deliveries before are what a new one is compared with
EARLIER_MIN = 3  # fewer say nothing about what is usual
SHRUNK_SHARE = 0.5  # of the usual number of rows
NULL_SHIFT_BP = 2_000  # a fifth of all rows more, or fewer, say nothing
PSI_MAX = 0.25  # the usual mark between a moderate and a large shift of a distribution
SHARE_MIN = 0.005  # a class that is empty now must not weigh without end


@dataclass(frozen=True, slots=True)
class Finding:
    """`subject`: the column, "" for the delivery as a whole; `text`: what the owner reads."""

    kind: AlarmKind
    subject: str
    text: str


Late = Finding | None


def overdue(
    last: datetime | None, first_of_any: datetime | None, *, lateness_days: int, at: datetime
) -> Finding | None:
    """Late since the last delivery, or never delivered since the platform has data at all."""
    limit = timedelta(days=lateness_days)
    if last is None:
        if first_of_any is None or at - first_of_any <= limit:
            return None
        return Finding(AlarmKind.MISSING, "", f"从未收到过，按约定每 {lateness_days} 天内应有一次。")
    if at - last <= limit:
        return None
    days = (at - last).days
    return Finding(AlarmKind.LATE, "", f"距上次收到已 {days} 天，按约定不超过 {lateness_days} 天。")


def shrunk(rows: int, earlier: Sequence[int]) -> Finding | None:
    usual = median(earlier) if len(earlier) >= EARLIER_MIN else 0
    if rows >= usual * SHRUNK_SHARE:
        return None
    return Finding(AlarmKind.SHRINKING, "", f"只有 {rows:,} 行，此前几批的中位数是 {usual:,.0f} 行。")


def drifted(now: Mapping[str, Any], earlier: Sequence[Mapping[str, Any]], labels: Mapping[str, str]) -> list[Finding]:
    """Of two profiles' figures (data/ingest/profile.py), column by column; `labels`: what a column is called."""
    usual = [one for one in earlier if "null_bp" in one]
    if len(usual) < EARLIER_MIN or "null_bp" not in now:
        return []
    found: dict[str, str] = {}
    for column, share_bp in now["null_bp"].items():
        before = median(one["null_bp"].get(column, 0) for one in usual)
        if abs(share_bp - before) > NULL_SHIFT_BP:
            found[column] = f"空值占 {share_bp / 100:.1f}%，此前约 {before / 100:.1f}%。"
    for column, counts in now["choices"].items():
        shift = psi_of_choices(counts, [one["choices"].get(column, {}) for one in usual])
        if shift > PSI_MAX:
            found.setdefault(column, f"各取值的占比明显变化（PSI {shift:.2f}）。")
    for column, cuts in now["deciles"].items():
        before = [one["deciles"][column] for one in usual if column in one["deciles"]]
        shift = psi_of_deciles(cuts, before) if len(before) >= EARLIER_MIN else 0.0
        if shift > PSI_MAX:
            found.setdefault(column, f"数值的分布明显变化（PSI {shift:.2f}）。")
    return [Finding(AlarmKind.DRIFTING, column, f"“{labels.get(column, column)}”{text}")
            for column, text in found.items()]  # fmt: skip


def psi_of_choices(now: Mapping[str, int], earlier: Sequence[Mapping[str, int]]) -> float:
    """Population stability index of the shares now against the mean of the earlier ones."""
    values = sorted({*now, *(value for one in earlier for value in one)})
    before = [_mean(_share(one, value) for one in earlier if one) for value in values]
    return _psi([_share(now, value) for value in values], before) if now and any(before) else 0.0


def psi_of_deciles(now: Sequence[float], earlier: Sequence[Sequence[float]]) -> float:
    """Between the usual cut points a tenth of the rows is expected; how much lies there now is read off its own."""
    usual = [median(points) for points in zip(*earlier, strict=True)]
    cuts, expected, last = [], [], 0.0
    for place, cut in enumerate(usual, 1):
        if place == len(usual) or usual[place] > cut:  # equal cut points are one
            cuts.append(cut)
            expected.append(place / 10 - last)
            last = place / 10
    below = [_share_below(now, cut) for cut in cuts]
    actual = [after - before for before, after in zip([0.0, *below], [*below, 1.0], strict=True)]
    return _psi(actual, [*expected, 1 - last])


def _share_below(deciles: Sequence[float], value: float) -> float:
    """What share of the rows is at most `value`: between the cut points on a straight line, beyond by its slope."""
    place = bisect_right(deciles, value)
    low, high = max(place - 1, 0), min(place, len(deciles) - 1)
    if low == high:  # beyond the first or the last cut point
        low, high = (0, 1) if place == 0 else (len(deciles) - 2, len(deciles) - 1)
    width = deciles[high] - deciles[low]
    if width <= 0:
        return place / 10
    return min(max((low + 1 + (value - deciles[low]) / width) / 10, 0.0), 1.0)


def _psi(actual: Sequence[float], expected: Sequence[float]) -> float:
    pairs = [(max(a, SHARE_MIN), max(e, SHARE_MIN)) for a, e in zip(actual, expected, strict=True)]
    return sum((a - e) * log(a / e) for a, e in pairs)


def _share(counts: Mapping[str, int], value: str) -> float:
    return counts.get(value, 0) / max(sum(counts.values()), 1)


def _mean(values: Any) -> float:
    found = list(values)
    return sum(found) / len(found) if found else 0.0
