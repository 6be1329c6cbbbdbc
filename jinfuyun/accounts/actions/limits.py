"""Reserve, then act. A reservation is committed on its own: a refusal later on must not roll it back."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import transaction

from jinfuyun.accounts.models import Budget, Reservation
from jinfuyun.accounts.rules import DAY_BUDGETS, RATES, Limit
from jinfuyun.kit.errors import TooMany
from jinfuyun.storage.fields import mark_of

SHANGHAI = ZoneInfo("Asia/Shanghai")


def reserve(*, limit: Limit, key: str, at: datetime) -> None:
    """Take one of what `limit` allows for `key` before the costly step; raises TooMany.

    Call it outside any transaction (inside one it raises RuntimeError).
    """
    reserve_all(((limit, key),), at=at)


def reserve_all(wanted: Sequence[tuple[Limit, str]], *, at: datetime) -> None:
    """Take one of each, or none and raise TooMany. Give them always in the same order."""
    with transaction.atomic(durable=True):
        for limit, key in wanted:
            if not _take(limit, key, at):
                raise TooMany


def give_back(*, limit: Limit, key: str) -> None:
    """Forget what `key` has used: it turned out to be the right person."""
    Reservation.objects.filter(limit=limit, mark=_mark(limit, key)).delete()


def _take(limit: Limit, key: str, at: datetime) -> bool:
    if limit in DAY_BUDGETS:
        return Budget.objects.take(limit=limit, day=at.astimezone(SHANGHAI).date(), most=DAY_BUDGETS[limit])
    return Reservation.objects.take(limit=limit, mark=_mark(limit, key), rates=RATES[limit], at=at)


def _mark(limit: Limit, key: str) -> bytes:
    return mark_of(f"limit:{limit}", key)
