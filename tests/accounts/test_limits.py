"""Reserve, then act: never one over, however many come at once.

Seen red with the WHERE of Reservations.take always true, with the WHERE of Budgets.take always true, with
`durable=True` taken out, and (the parallel ones) with the count read first and written afterwards.
"""

from datetime import timedelta

import pytest
from django.db import transaction

from jinfuyun.accounts.actions import CannotSend, reserve, send_code
from jinfuyun.accounts.actions.limits import reserve_all
from jinfuyun.accounts.models import Reservation
from jinfuyun.accounts.rules import DAY_BUDGETS, CodePurpose, Limit, network_of
from jinfuyun.kit.errors import TooMany
from jinfuyun.notifications.models import Message
from tests.at_once import all_at_once
from tests.cast import MONDAY


@pytest.mark.parametrize(
    ("limit", "most"),
    [(Limit.SMS_PHONE, 1), (Limit.SMS_ADDRESS, 20), (Limit.SMS_SESSION, 10), (Limit.LOGIN_ACCOUNT, 5),
     (Limit.LOGIN_ADDRESS, 20), (Limit.TAX_CHECK, 5)],
)  # fmt: skip
def test_a_hundred_at_once_get_what_the_limit_allows_and_not_one_more(
    committed_db: None, limit: Limit, most: int
) -> None:
    assert all_at_once(lambda _: reserve(limit=limit, key="k", at=MONDAY), TooMany) == most


def test_the_common_budget_of_a_day_is_not_overdrawn_by_one(
    committed_db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(DAY_BUDGETS, Limit.SMS_PLATFORM, 37)
    assert all_at_once(lambda _: reserve(limit=Limit.SMS_PLATFORM, key="", at=MONDAY), TooMany) == 37
    reserve(limit=Limit.SMS_PLATFORM, key="", at=MONDAY + timedelta(days=1))


@pytest.mark.parametrize(("same", "most"), [("phone", 1), ("ip", 20), ("session", 10)])
def test_a_hundred_requests_for_a_code_at_once_send_no_message_too_many(
    committed_db: None, same: str, most: int
) -> None:
    def ask(number: int) -> None:
        send_code(
            phone="13800000000" if same == "phone" else f"138000001{number:02}", purpose=CodePurpose.TAX_ELEMENTS,
            session="s" if same == "session" else f"s{number}", ip="192.0.2.1" if same == "ip" else f"192.0.2.{number}",
            at=MONDAY,
        )  # fmt: skip

    assert all_at_once(ask, CannotSend) == most
    assert Message.objects.count() == most


@pytest.mark.django_db
def test_a_phone_gets_one_message_a_minute_five_an_hour_ten_a_day() -> None:
    sent = []
    for minute in range(24 * 60):
        try:
            reserve(limit=Limit.SMS_PHONE, key="k", at=MONDAY + timedelta(minutes=minute))
        except TooMany:
            continue
        sent.append(minute)
    assert sent == [0, 1, 2, 3, 4, 60, 61, 62, 63, 64]
    with pytest.raises(TooMany):
        reserve(limit=Limit.SMS_PHONE, key="k", at=MONDAY + timedelta(days=1, seconds=-1))
    reserve(limit=Limit.SMS_PHONE, key="k", at=MONDAY + timedelta(days=1))


@pytest.mark.django_db
def test_an_hour_is_any_hour_not_the_clock_s() -> None:
    """Twenty at 10:59 and twenty at 11:01 would be forty in three minutes."""
    for _ in range(20):
        reserve(limit=Limit.SMS_ADDRESS, key="k", at=MONDAY + timedelta(minutes=59))
    for minutes in (61, 90, 118):
        with pytest.raises(TooMany):
            reserve(limit=Limit.SMS_ADDRESS, key="k", at=MONDAY + timedelta(minutes=minutes))
    reserve(limit=Limit.SMS_ADDRESS, key="k", at=MONDAY + timedelta(minutes=119))


@pytest.mark.django_db
def test_of_several_limits_all_are_taken_or_none() -> None:
    reserve(limit=Limit.SMS_PHONE, key="p", at=MONDAY)
    with pytest.raises(TooMany):
        reserve_all(((Limit.SMS_SESSION, "s"), (Limit.SMS_PHONE, "p")), at=MONDAY)
    assert not Reservation.objects.filter(limit=Limit.SMS_SESSION).exists()


def test_a_reservation_refuses_to_stand_in_somebody_s_transaction(committed_db: None) -> None:
    """It would be rolled back with it: twenty wrong tries would leave a counter of nothing."""
    with pytest.raises(RuntimeError), transaction.atomic():
        reserve(limit=Limit.SMS_PHONE, key="k", at=MONDAY)


@pytest.mark.parametrize(
    ("address", "network"),
    [("192.0.2.7", "192.0.2.7"), ("2001:db8:1:2:3::4", "2001:db8:1:2::/64"), ("::ffff:192.0.2.7", "192.0.2.7"),
     ("", "unknown"), ("x, y", "unknown")],
)  # fmt: skip
def test_one_line_of_the_internet_is_one_address(address: str, network: str) -> None:
    assert network_of(address) == network
