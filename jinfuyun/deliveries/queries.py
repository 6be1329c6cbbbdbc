"""What a department delivered, and what became of it. Each department sees its own."""

from collections.abc import Sequence
from dataclasses import dataclass

from jinfuyun.data import door
from jinfuyun.data.door import DEPARTMENT_LABELS, FEED_LABELS, ByRule, Delivery, Held, LeftOut
from jinfuyun.kit.actor import Actor, House, HouseKind
from jinfuyun.kit.errors import NotFound

__all__ = ["DEPARTMENT_LABELS", "FEED_LABELS", "Delivery", "Held", "Story", "delivery", "mine", "story", "waiting"]

DELIVERIES_SHOWN = 200
ROWS_SHOWN = 100


@dataclass(frozen=True, slots=True)
class Story:
    """One delivery: why rows wait, the first of them, how many came again since, and what was not kept."""

    delivery: Delivery
    rules: list[ByRule]
    rows: list[Held]
    waiting: int
    left_out: list[LeftOut]


def mine(actor: Actor) -> list[Delivery]:
    """The newest deliveries of the actor's department."""
    return door.deliveries(department=department_of(actor), limit=DELIVERIES_SHOWN)


def waiting(deliveries: Sequence[Delivery]) -> dict[str, int]:
    """How many rows of each delivery still wait for correction."""
    numbers = [each.number for each in deliveries if each.quarantined and each.state != "withdrawn"]
    return door.held_count(numbers) if numbers else {}  # the lake is slow to ask; most deliveries have nothing waiting


def delivery(number: str, *, visible_to: Actor) -> Delivery:
    """Raises NotFound for another department's."""
    found = door.deliveries(department=department_of(visible_to), number=number, limit=1)
    if not found:
        raise NotFound
    return found[0]


def story(number: str, *, visible_to: Actor) -> Story:
    """One delivery with all that is to be said of it; raises NotFound for another department's."""
    found = delivery(number, visible_to=visible_to)
    held = found.quarantined > 0 and found.state != "withdrawn"
    return Story(
        delivery=found,
        rules=door.held_by_rule(number) if held else [],
        rows=door.held_back(number, limit=ROWS_SHOWN) if held else [],
        waiting=waiting([found]).get(number, 0),
        left_out=door.left_out(number) if found.unauthorised else [],
    )


def department_of(actor: Actor) -> str:
    if actor.house is None or actor.house.kind is not HouseKind.DEPARTMENT:
        raise NotFound
    return actor.house.code


def department_house(code: str) -> House:
    return House(HouseKind.DEPARTMENT, code)
