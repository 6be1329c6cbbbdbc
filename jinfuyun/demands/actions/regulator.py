"""督办: a regulator asks for name and phone of a demand that waits too long, to call back. The enterprise sees it."""

from datetime import datetime

from django.db import transaction

from jinfuyun.audit import actions as audit
from jinfuyun.demands import queries
from jinfuyun.demands.models import Demand
from jinfuyun.kit.actor import Actor
from jinfuyun.kit.errors import NotFound
from jinfuyun.kit.permissions import Permission, require


@transaction.atomic
def call_back(*, number: str, by: Actor, at: datetime) -> Demand:
    """One demand of the regulator's own list, with name and phone; booked before it is shown. Raises NotFound."""
    require(Permission.DEMAND_SUPERVISE, by=by, over=by.house)
    found = queries.escalated(by).filter(number=number).first()
    if found is None:
        raise NotFound("没有这项需求。")
    audit.record("demand.call_back", subject=f"demand:{found.number}", by=by, at=at, uscc=found.uscc)
    return found
