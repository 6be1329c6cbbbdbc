"""From a phone number to a signed-in person, and out again."""

from datetime import datetime, timedelta

import pytest

from jinfuyun.accounts import actions, queries
from jinfuyun.accounts.actions import Client, WrongCode, WrongLogin
from jinfuyun.accounts.rules import CodePurpose, Kind
from jinfuyun.notifications.models import Message
from tests.cast import MONDAY, PASSWORD, STAFF_PASSWORD, Person

HOME = Client(ip="198.51.100.7", agent="Firefox")
ELSEWHERE = Client(ip="203.0.113.9")
MINUTE = timedelta(minutes=1)


def code_sent(phone: str) -> str:
    """The code in the newest message that was written for this phone."""
    newest = next(message for message in Message.objects.order_by("-made_at") if message.phone == phone)
    return "".join(c for c in newest.text.partition("验证码 ")[2][:6] if c.isdigit())


def asked(phone: str, purpose: CodePurpose, *, session: str = "s", at: datetime = MONDAY) -> str:
    actions.send_code(phone=phone, purpose=purpose, session=session, ip=HOME.ip, at=at)
    return code_sent(phone)


@pytest.mark.django_db
def test_who_registers_can_log_in_and_is_known_by_that_sign_in() -> None:
    code = asked("13811112222", CodePurpose.REGISTER)
    user_id = actions.register(phone="13811112222", password=PASSWORD, code=code, session="s", at=MONDAY)
    at = MONDAY + MINUTE
    code = asked("13811112222", CodePurpose.LOGIN, at=at)
    signed_in = actions.log_in(phone="13811112222", password=PASSWORD, code=code, session="s", client=HOME, at=at)
    standing = queries.standing(signed_in.sign_in_id, at=at)
    assert standing is not None
    assert standing.user_id == user_id


@pytest.mark.django_db
def test_a_code_of_registering_does_not_log_anybody_in(red_star_owner: Person) -> None:
    code = asked("13811112222", CodePurpose.REGISTER)
    actions.register(phone="13811112222", password=PASSWORD, code=code, session="s", at=MONDAY)
    code = asked("13811112222", CodePurpose.SIGN_CONSENT, at=MONDAY + MINUTE)
    with pytest.raises(WrongLogin):
        actions.log_in(phone="13811112222", password=PASSWORD, code=code, session="s", client=HOME, at=MONDAY + MINUTE)


@pytest.mark.django_db
def test_staff_need_password_and_the_digits_and_the_digits_only_once(river_bank_officer: Person) -> None:
    def log_in(password: str, otp: str, at: datetime) -> str:
        return actions.log_in_staff(
            kind=Kind.INSTITUTION, account="River.Officer", password=password, otp=otp, client=HOME, at=at
        ).sign_in_id

    digits = river_bank_officer.otp(MONDAY)
    for password, otp in ((STAFF_PASSWORD, ""), (STAFF_PASSWORD, "000000"), ("wrong", digits)):
        with pytest.raises(WrongLogin):
            log_in(password, otp, MONDAY)
    assert log_in(STAFF_PASSWORD, digits, MONDAY)
    with pytest.raises(WrongLogin):
        log_in(STAFF_PASSWORD, digits, MONDAY)
    assert log_in(STAFF_PASSWORD, river_bank_officer.otp(MONDAY + MINUTE), MONDAY + MINUTE)


@pytest.mark.django_db
def test_a_registered_phone_gets_a_warning_and_no_code(red_star_owner: Person) -> None:
    actions.send_code(phone=red_star_owner.phone, purpose=CodePurpose.REGISTER, session="s", ip=HOME.ip, at=MONDAY)
    assert Message.objects.get().template == "already_registered"
    for number in range(5):
        with pytest.raises(WrongCode):
            actions.register(phone=red_star_owner.phone, password=PASSWORD, code=f"{number:06}", session="s", at=MONDAY)
