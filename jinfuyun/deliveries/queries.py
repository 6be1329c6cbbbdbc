"""What a department delivered, and what became of it. Each department sees its own."""

from jinfuyun.data import door
from jinfuyun.data.door import DEPARTMENT_LABELS, FEED_LABELS, Delivery, Held
from jinfuyun.kit.actor import Actor, HouseKind
from jinfuyun.kit.errors import NotFound

__all__ = ["DEPARTMENT_LABELS", "FEED_LABELS", "ROWS_SHOWN", "Delivery", "Held", "held_rows", "mine"]

DELIVERIES_SHOWN = 200
ROWS_SHOWN = 500


def mine(actor: Actor) -> list[Delivery]:
    """The newest deliveries of the actor's department."""
    return door.deliveries(department=_department(actor), limit=DELIVERIES_SHOWN)


def held_rows(number: str, *, visible_to: Actor) -> tuple[Delivery, list[Held]]:
    """One delivery with the first rows that wait in quarantine; raises NotFound for another department's."""
    found = door.deliveries(department=_department(visible_to), number=number, limit=1)
    if not found:
        raise NotFound
    # The lake is slow to ask; most deliveries have nothing waiting.
    return found[0], door.held_back(number, limit=ROWS_SHOWN) if found[0].quarantined else []


def _department(actor: Actor) -> str:
    if actor.house is None or actor.house.kind is not HouseKind.DEPARTMENT:
        raise NotFound
    return actor.house.code
