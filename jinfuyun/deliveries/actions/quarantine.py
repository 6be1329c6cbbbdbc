"""What a department's people do with what they delivered."""

from datetime import datetime

from django.db import transaction

from jinfuyun.audit import actions as audit
from jinfuyun.data import door
from jinfuyun.deliveries import paper, queries
from jinfuyun.kit.actor import Actor
from jinfuyun.kit.errors import Refused
from jinfuyun.kit.permissions import Permission, require

ROWS_MAX = 100_000  # in one file of corrections: what a spreadsheet still opens at ease
FORMATS = {"csv": paper.as_csv, "xlsx": paper.as_xlsx}


class NothingToCorrect(Refused):
    message = "这一批次没有待更正的行。"


@transaction.atomic
def take_quarantine(*, number: str, kind: str, by: Actor, at: datetime) -> bytes:
    """The rows of a delivery that wait for correction, as a file of that kind. Raises NothingToCorrect, NotFound."""
    delivery = queries.delivery(number, visible_to=by)
    require(Permission.DELIVERY_MAKE, by=by, over=queries.department_house(delivery.department))
    held = [one for one in door.held_back(number, limit=ROWS_MAX) if not one.came_in]
    if not held or not delivery.header or delivery.state == "withdrawn":
        raise NothingToCorrect
    audit.record("delivery.quarantine_taken", subject=f"delivery:{number}", by=by, at=at, rows=len(held), kind=kind)
    return FORMATS[kind](*paper.rows_to_correct(number, delivery.header, held))
