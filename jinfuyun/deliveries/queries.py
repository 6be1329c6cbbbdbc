"""What a department delivered, and what became of it. Each department sees its own."""

from jinfuyun.data import door
from jinfuyun.data.door import Delivery, Held
from jinfuyun.kit.actor import Actor, HouseKind
from jinfuyun.kit.errors import NotFound

DELIVERIES_SHOWN = 200
ROWS_SHOWN = 500


def mine(actor: Actor) -> list[Delivery]:
    """The newest deliveries of the actor's department."""
    return door.deliveries(department=_department(actor), limit=DELIVERIES_SHOWN)


def held_rows(number: str, *, visible_to: Actor) -> tuple[Delivery, list[Held]]:
    """One delivery with the rows that wait in quarantine; raises NotFound for another department's."""
    for delivery in mine(visible_to):
        if delivery.number == number:
            return delivery, door.held_back(number, limit=ROWS_SHOWN)
    raise NotFound


def _department(actor: Actor) -> str:
    if actor.house is None or actor.house.kind is not HouseKind.DEPARTMENT:
        raise NotFound
    return actor.house.code
