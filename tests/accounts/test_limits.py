"""Reserve, then act: never one over, however many come at once."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection

from jinfuyun.accounts.actions import reserve
from jinfuyun.accounts.rules import Limit
from jinfuyun.kit.errors import TooMany
from tests.cast import MONDAY

AT_ONCE = 100


def all_at_once(act: Callable[[int], None], refusal: type[Exception]) -> int:
    """Start `act` AT_ONCE times at the same instant, each on its own connection; how many were not refused."""
    start = threading.Barrier(AT_ONCE)

    def one(number: int) -> bool:
        try:
            start.wait(timeout=60)
            act(number)
        except refusal:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return sum(pool.map(one, range(AT_ONCE)))


@pytest.mark.parametrize(("limit", "most"), [(Limit.SMS_PHONE, 1), (Limit.SMS_ADDRESS, 20), (Limit.LOGIN_ACCOUNT, 5)])
def test_a_hundred_at_once_get_what_the_limit_allows_and_not_one_more(
    committed_db: None, limit: Limit, most: int
) -> None:
    assert all_at_once(lambda _: reserve(limit=limit, key="k", at=MONDAY), TooMany) == most


@pytest.mark.django_db
def test_a_phone_gets_one_message_a_minute_five_an_hour_ten_a_day() -> None:
    sent = []
    for minute in range(24 * 60):
        at = MONDAY + timedelta(minutes=minute)
        try:
            reserve(limit=Limit.SMS_PHONE, key="k", at=at)
        except TooMany:
            continue
        sent.append(minute)
    assert sent == [0, 1, 2, 3, 4, 60, 61, 62, 63, 64]
    with pytest.raises(TooMany):
        reserve(limit=Limit.SMS_PHONE, key="k", at=MONDAY + timedelta(days=1, seconds=-1))
    reserve(limit=Limit.SMS_PHONE, key="k", at=MONDAY + timedelta(days=1))
