"""What a department delivered, and what became of it. Each department sees its own."""

import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from jinfuyun.data import door
from jinfuyun.data.door import DEPARTMENT_LABELS, FEED_LABELS, ByRule, Contract, Delivery, Effects, Held, LeftOut
from jinfuyun.deliveries.models import Upload, Withdrawal
from jinfuyun.deliveries.rules import IN_WORK, UPLOAD_LIFE, UploadState
from jinfuyun.kit.actor import Actor, House, HouseKind
from jinfuyun.kit.errors import NotFound
from jinfuyun.storage import files

__all__ = [
    "DEPARTMENT_LABELS", "FEED_LABELS", "Contract", "Delivery", "Held", "Story", "contract", "contracts", "delivery",
    "department_house", "department_of", "mine", "preview_of", "story", "unconfirmed_since_long", "upload",
    "uploads_in_work", "waiting", "why_not_withdraw", "withdrawal_effects",
]  # fmt: skip

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
    withdrawal: Withdrawal | None


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
        left_out=door.left_out(number) if found.unauthorised and found.state != "withdrawn" else [],
        withdrawal=Withdrawal.objects.filter(delivery=number).first(),
    )


def department_of(actor: Actor) -> str:
    if actor.house is None or actor.house.kind is not HouseKind.DEPARTMENT:
        raise NotFound
    return actor.house.code


def department_house(code: str) -> House:
    return House(HouseKind.DEPARTMENT, code)


def contracts(*, visible_to: Actor) -> list[Contract]:
    """What the actor's department promised, feed by feed."""
    return door.contracts(department_of(visible_to))


def contract(feed: str, *, visible_to: Actor) -> Contract:
    """Raises NotFound for another department's feed."""
    found = next((one for one in contracts(visible_to=visible_to) if one.feed == feed), None)
    if found is None:
        raise NotFound
    return found


def upload(upload_id: uuid.UUID, *, visible_to: Actor) -> Upload:
    """Raises NotFound for another department's."""
    found = Upload.objects.filter(pk=upload_id, department=department_of(visible_to)).first()
    if found is None:
        raise NotFound
    return found


def preview_of(upload: Upload) -> dict[str, Any]:
    """As keep_preview kept it (door.Preview as JSON)."""
    told: dict[str, Any] = json.loads(files.get(upload.preview))
    return told


def uploads_in_work(actor: Actor) -> QuerySet[Upload]:
    """Files of the actor's department that were sent by page and not taken in yet, newest first."""
    return Upload.objects.filter(department=department_of(actor), state__in=IN_WORK).order_by("-made_at")


def unconfirmed_since_long(at: datetime) -> QuerySet[Upload]:
    states = (UploadState.CHECKING, UploadState.PREVIEWED)
    return Upload.objects.filter(state__in=states, made_at__lt=at - UPLOAD_LIFE)


def why_not_withdraw(number: str, *, at: datetime) -> str:
    """The reason why a delivery cannot be taken back, "" if it can."""
    if Withdrawal.objects.filter(delivery=number).exists():
        return "这一批次正在撤回，或已经撤回。"
    return door.why_not_withdraw(number, at=at)


def withdrawal_effects(number: str) -> Effects:
    """What taking it back would change."""
    return door.withdrawal_effects(number)
