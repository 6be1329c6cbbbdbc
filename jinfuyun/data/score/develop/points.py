"""A model as a card: odds into whole points, and the card as YAML that `score/reading.py` reads back."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import yaml

from jinfuyun.data.score.card import Bin, Card, Characteristic, Grade, Scale
from jinfuyun.data.score.develop.bins import Binning
from jinfuyun.data.score.develop.model import Model

SCALE = Scale(score=600, odds=20, points_to_double=40)
SPAN = (300, 900)
GRADES = (("AAA", 800), ("AA", 740), ("A", 680), ("BBB", 620), ("BB", 560), ("B", 500), ("C", 420), ("D", 300))
COVERAGE_MIN = 0.5


@dataclass(frozen=True, slots=True)
class Words:
    """What the card says of itself; `labels` and `dimensions` by column, else the column's name and "business"."""

    name: str
    label: str
    valid_from: date
    reference: str
    labels: Mapping[str, str]
    dimensions: Mapping[str, str]


def card(model: Model, words: Words) -> Card:
    """`SCALE.score` points are `SCALE.odds` good to one bad, as often as the model's odds are true."""
    points = SCALE.points_to_double / math.log(2)  # of one more in ln(odds)
    return Card(
        name=words.name,
        label=words.label,
        valid_from=words.valid_from,
        reference=words.reference,
        scale=SCALE,
        calibrated=True,
        start=round(SCALE.score + points * (model.base - math.log(SCALE.odds))),
        span=SPAN,
        coverage_min=COVERAGE_MIN,
        grades=tuple(Grade(name, low) for name, low in GRADES),
        characteristics=tuple(
            _characteristic(each, points * float(factor), words)
            for each, factor in zip(model.binnings, model.factors, strict=True)
        ),
    )


def _characteristic(cut: Binning, points: float, words: Words) -> Characteristic:
    worth = [round(points * float(weight)) for weight in cut.weights]
    if cut.groups:
        bins = [Bin(worth[place], among=group) for place, group in enumerate(cut.groups)]
    else:
        ends = (None, *cut.edges, None)
        bins = [Bin(worth[place], low=ends[place], high=ends[place + 1]) for place in range(len(cut.edges) + 1)]
    label, dimension = words.labels.get(cut.name, cut.name), words.dimensions.get(cut.name, "business")
    return Characteristic(cut.name, label, dimension, tuple(bins), worth[-1])


def written(card: Card) -> str:
    """The card as YAML, a bin a line."""
    head = {
        "name": card.name,
        "label": card.label,
        "valid_from": card.valid_from,
        "reference": card.reference,
        "calibrated": card.calibrated,
        "start": card.start,
        "coverage_min": card.coverage_min,
    }
    flat = {
        "scale": {"score": card.scale.score, "odds": card.scale.odds, "points_to_double": card.scale.points_to_double},
        "range": {"from": card.span[0], "to": card.span[1]},
    }
    lines = [_yaml(head), *(f"{name}: {_inline(value)}\n" for name, value in flat.items()), "grades:\n"]
    lines += [f"  - {_inline({'grade': grade.name, 'from': grade.low})}\n" for grade in card.grades]
    lines.append("characteristics:\n")
    for each in card.characteristics:
        said = _yaml({"indicator": each.indicator, "label": each.label, "dimension": each.dimension})
        lines.append("  - " + said.replace("\n", "\n    ").rstrip(" ") + "    bins:\n")
        lines += [f"      - {_inline(_bin(bin))}\n" for bin in each.bins]
        lines.append(f"    unknown: {each.unknown}\n")
    return "".join(lines)


def _bin(bin: Bin) -> dict[str, object]:
    if bin.among:
        return {"among": list(bin.among), "points": bin.points}
    ends = {"from": bin.low, "below": bin.high}
    return {**{name: _short(end) for name, end in ends.items() if end is not None}, "points": bin.points}


def _short(number: float) -> float | int:
    return int(number) if float(number).is_integer() else number


def _yaml(value: object) -> str:
    return yaml.safe_dump(value, allow_unicode=True, sort_keys=False, width=10_000)


def _inline(value: object) -> str:
    return yaml.safe_dump(value, allow_unicode=True, sort_keys=False, width=10_000, default_flow_style=True).strip()
