"""What an enterprise does: declare itself with one click, and take it back."""

from datetime import datetime

from django.db import transaction

from jinfuyun.coordination.actions.moving import _end_open, _held, _put_on_list, _step
from jinfuyun.coordination.models import Declaration
from jinfuyun.coordination.rules import Act, Origin, Wish
from jinfuyun.kit.actor import Actor, enterprise_house
from jinfuyun.kit.permissions import Permission, require


@transaction.atomic
def declare(*, uscc: str, wish: Wish, by: Actor, at: datetime) -> Declaration:
    """Onto the 申报清单 of its county. Raises NotAgreed, NotInOrder, OnTheList."""
    require(Permission.COORDINATION_DECLARE, by=by, over=enterprise_house(uscc))
    return _put_on_list(uscc, wish, Origin.ENTERPRISE, by=by, at=at)


@transaction.atomic
def withdraw(*, declaration: Declaration, by: Actor, at: datetime) -> None:
    """Off every list; institutions that have not answered owe nothing any more. Raises TooLate."""
    found = _held(declaration)
    _step(found, Act.WITHDRAW, by=by, at=at)
    _end_open(found, at=at)
