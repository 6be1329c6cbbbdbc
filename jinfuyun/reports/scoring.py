"""The score in words, as it is frozen in a report: what it is, what it rests on, what it cost, what betters it."""

import math
from collections.abc import Mapping

from jinfuyun.data.door import Mark, Score
from jinfuyun.data.score.card import DIMENSIONS, Bin
from jinfuyun.reports.content import MarkLine, ScoreLines, spoken

REASONS_MAX = 5
WHOLE = frozenset({"count", "people", "months", "days"})  # of these 1 comes after 0


def score_lines(score: Score, units: Mapping[str, str], *, own_copy: bool) -> ScoreLines:
    """`units`: the unit of each fact that the report holds. What would better the score is the enterprise's to read."""
    card, known = score.card, sum(each.known for each in score.marks)
    odds, double = f"{card.scale.odds:g}", f"{card.scale.points_to_double:g}"
    scale = f"{card.scale.score} 分对应好坏比 {odds} 比 1，每增加 {double} 分翻一番"
    return ScoreLines(
        card=card.label,
        valid_from=card.valid_from.isoformat(),
        reference=card.reference,
        calibrated=card.calibrated,
        scale=scale if card.calibrated else f"设计刻度：{scale}；尚未经违约样本校准",
        start=card.start,
        span=card.span,
        score=score.score,
        grade=score.grade,
        known=known,
        of=len(score.marks),
        needs=math.ceil(card.coverage_min * len(score.marks)),
        dimensions=tuple((DIMENSIONS[name], share) for name, share in score.dimensions().items()),
        marks=tuple(_line(each, units) for each in score.marks),
        reasons=tuple(_reason(each, units) for each in score.reasons()[:REASONS_MAX]),
        better=tuple(_better(each, units) for each in score.reasons() if own_copy and each.characteristic.advice),
        unknown=tuple(each.characteristic.label for each in score.unknown()),
    )


def _line(each: Mark, units: Mapping[str, str]) -> MarkLine:
    name = each.characteristic.indicator
    return MarkLine(
        fact=name,
        label=each.characteristic.label,
        dimension=DIMENSIONS[each.characteristic.dimension],
        value=spoken(each.value, units.get(name, "")),
        band=band(each.bin, units.get(name, "")) if each.bin else "",
        points=each.points,
        best=each.characteristic.best,
    )


def _reason(each: Mark, units: Mapping[str, str]) -> str:
    line = _line(each, units)
    within = f"（{line.band}）" if line.band != line.value else ""
    return f"{line.label}：{line.value}{within}，比最高一档少 {each.cost} 分"


def _better(each: Mark, units: Mapping[str, str]) -> str:
    target = each.better()
    assert target is not None, "what costs points has something better"
    words = band(target, units.get(each.characteristic.indicator, ""))
    gain = target.points - each.points
    return f"{each.characteristic.label}改善到“{words}”，可增加 {gain} 分。{each.characteristic.advice}"


def band(each: Bin, unit: str) -> str:
    """A bin as people say it: 不足 50 万元, 50 万元以上、不足 200 万元, 1 至 2 个, A或B."""
    if each.among:
        return "或".join(each.among)
    if unit in WHOLE:
        return _whole_band(each, unit)
    if each.low is None and each.high == 1:
        return "无"
    high = None if each.high is None else spoken(each.high, unit)
    if each.low is None:
        return f"不足 {high}" if high else "任何数值"
    low = "有" if each.low == 1 else f"{spoken(each.low, unit)}以上"
    return f"{low}、不足 {high}" if high else low


def _whole_band(each: Bin, unit: str) -> str:
    first = 0 if each.low is None else int(each.low)
    if each.high is None:
        return f"{spoken(first, unit)}以上"
    last = int(each.high) - 1
    return spoken(last, unit) if first >= last else f"{first} 至 {spoken(last, unit)}"
