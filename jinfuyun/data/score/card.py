"""What a score card is. Points for facts, in dated YAML: read here, refused here with file, line and reason.

A card: characteristics, each a measured fact cut into bins with points, and points of their own for "unknown". The
score is `start` and all points, whole numbers, cut to `span`; nothing else. Cards lie in `cards/`; `registry` says
which is in force.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from jinfuyun.kit.cards import Bin

# The sides from which an enterprise is looked at, in the order of the radar.
DIMENSIONS: Mapping[str, str] = {
    "business": "经营",
    "tax": "纳税",
    "trade": "交易",
    "people": "用工用能",
    "conduct": "守信",
}

Value = int | float | str | None


@dataclass(frozen=True, slots=True)
class Characteristic:
    """One measured fact and what its values are worth. `unknown`: the points of not knowing, a bin of its own."""

    indicator: str
    label: str
    dimension: str  # a key of DIMENSIONS
    bins: tuple[Bin, ...]  # figures ascending without gap
    unknown: int
    advice: str = ""

    @property
    def best(self) -> int:
        return max(each.points for each in self.bins)

    @property
    def worst(self) -> int:
        return min(each.points for each in self.bins)

    def bin_of(self, value: Value) -> Bin | None:
        """None: unknown, or a word that the card does not know."""
        return None if value is None else next((each for each in self.bins if each.holds(value)), None)


@dataclass(frozen=True, slots=True)
class Scale:
    """`score` points stand for `odds` good to one bad; `points_to_double` more for twice the odds."""

    score: int
    odds: float
    points_to_double: float


@dataclass(frozen=True, slots=True)
class Grade:
    name: str
    low: int  # from this score on


@dataclass(frozen=True, slots=True)
class Card:
    """`calibrated`: the scale was fitted to what happened; else it is what the points were meant for."""

    name: str
    label: str
    valid_from: date
    reference: str
    scale: Scale
    calibrated: bool
    start: int
    span: tuple[int, int]
    coverage_min: float  # share of characteristics that must be known for a score
    grades: tuple[Grade, ...]  # best first
    characteristics: tuple[Characteristic, ...]

    def grade_of(self, score: int) -> str:
        return next(grade.name for grade in self.grades if score >= grade.low)
