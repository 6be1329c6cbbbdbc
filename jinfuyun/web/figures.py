"""Figures of the one table as cards of a page; how they are written stands in supervision.shown."""

from typing import NamedTuple

from jinfuyun.supervision.queries import Indicator
from jinfuyun.supervision.rules import Unit
from jinfuyun.supervision.shown.words import (
    FEN_UNIT,
    MINUTES_PER_DAY,
    MISSING,
    change,
    definition,
    definitions,
    exact,
    heading,
    number,
    short,
    spoken,
    unit_of,
)

__all__ = [
    "FEN_UNIT", "MINUTES_PER_DAY", "MISSING", "Card", "card", "change", "definition", "definitions", "exact", "heading",
    "number", "short", "unit_of",
]  # fmt: skip


class Card(NamedTuple):
    """As the macro `figures` wants it. `value` None is drawn as a dash."""

    label: str
    value: str | None
    unit: str
    note: str
    tone: str
    definition: str
    name: str = ""  # of the indicator, for the markup


def card(one: Indicator, value: int | None, note: str = "", *, of_month: bool = False) -> Card:
    text, unit = spoken(one, value)
    tone = "money" if one.unit is Unit.FEN else ""
    said = definition(one, of_month=of_month)
    return Card(one.label, None if value is None else text, unit, note, tone, said, one.name)
