"""What a department's program may see of its pushes."""

from typing import Any
from uuid import UUID

from jinfuyun.kit.actor import Actor, HouseKind
from jinfuyun.kit.errors import NotFound
from jinfuyun.pushes.models import Push
from jinfuyun.pushes.rules import PART_BYTES, State, part_count


def push(push_id: UUID | str, *, visible_to: Actor) -> Push:
    """Raises NotFound, for another department's too."""
    house = visible_to.house
    if house is None or house.kind is not HouseKind.DEPARTMENT:
        raise NotFound
    found = Push.objects.filter(pk=push_id, department=house.code).first()
    if found is None:
        raise NotFound
    return found


def as_told(one: Push) -> dict[str, Any]:
    """How it stands: which parts are there, how far the taking in is, what came of it."""
    there = sorted(one.parts.values_list("number", flat=True)) if one.state == State.OPEN else []
    ended = one.state in (State.DONE, State.REFUSED)
    return {
        "id": str(one.pk), "feed": one.feed, "name": one.name, "size": one.size, "sha256": one.sha256,
        "state": one.state, "part_bytes": PART_BYTES, "part_count": part_count(one.size), "parts": there,
        "stage": one.stage, "share": one.share,
        "result": {"number": one.delivery_number, "reason": one.reason, **one.counts} if ended else None,
    }  # fmt: skip
