"""The platform's own cards, by the day from which each is in force. A bad one stops the program at its start."""

from collections.abc import Sequence
from datetime import date
from itertools import pairwise
from pathlib import Path

from jinfuyun.data.indicators.registry import SOURCES
from jinfuyun.data.score.card import Card
from jinfuyun.data.score.reading import read_card
from jinfuyun.kit.errors import Refused

FOLDER = Path(__file__).parent / "cards"
UNITS = {each.name: each.unit for source in SOURCES for each in source.indicators}
CARDS: tuple[Card, ...] = tuple(
    sorted((read_card(path, UNITS) for path in FOLDER.glob("*.yaml")), key=lambda card: card.valid_from)
)


def in_force(day: date, cards: Sequence[Card] = CARDS) -> Card | None:
    """The newest card that is valid on that day; None before the first."""
    return next((card for card in reversed(cards) if card.valid_from <= day), None)


for before, after in pairwise(CARDS):
    if before.valid_from == after.valid_from:
        raise Refused(f"评分卡 {before.name} 与 {after.name} 都自 {after.valid_from} 起生效，只能有一张。")
