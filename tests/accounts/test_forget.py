"""What is over is not kept, and what still counts is."""

from datetime import timedelta

import pytest

from jinfuyun.accounts import actions
from jinfuyun.accounts.models import Captcha, Code, Reservation
from jinfuyun.accounts.rules import CodePurpose, Limit
from jinfuyun.accounts.tasks import forget_old
from jinfuyun.kit.errors import TooMany
from jinfuyun.notifications.models import Message
from tests.cast import MONDAY

PHONE = "13800009999"


@pytest.mark.django_db
def test_after_a_day_codes_and_counts_are_gone_after_a_month_the_messages() -> None:
    actions.send_code(phone=PHONE, purpose=CodePurpose.TAX_ELEMENTS, session="s", ip="192.0.2.1", at=MONDAY)
    actions.ask_picture(session="s", at=MONDAY)
    forget_old(at=MONDAY + timedelta(minutes=1))
    assert (Code.objects.count(), Captcha.objects.count(), Reservation.objects.count()) == (1, 1, 3)
    with pytest.raises(TooMany):
        actions.reserve(limit=Limit.SMS_PHONE, key=PHONE, at=MONDAY + timedelta(seconds=59))
    forget_old(at=MONDAY + timedelta(days=1, seconds=1))
    assert (Code.objects.count(), Captcha.objects.count(), Reservation.objects.count()) == (0, 0, 0)
    assert Message.objects.count() == 1
    forget_old(at=MONDAY + timedelta(days=30, seconds=1))
    assert Message.objects.count() == 0
