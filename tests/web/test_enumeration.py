"""Nobody learns whether an account exists: every answer is the same, and so is the work behind it.

Seen red: with "该手机号已注册" said at registration; with a sentence of its own for a disabled account; with the hash
skipped for an absent person (hashes differ); with no withheld message for an absent one (statements differ).
"""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from jinfuyun.accounts.actions import reserve
from jinfuyun.accounts.models import User
from jinfuyun.accounts.rules import Limit
from jinfuyun.kit.errors import TooMany
from tests.cast import PASSWORD, STAFF_PASSWORD, enterprise_person, hashed
from tests.web.visits import Visitor, fingerprint

PHONE = "13800001234"


def absent() -> None:
    pass


def present() -> None:
    enterprise_person(PHONE, "林存在")


def disabled() -> None:
    present()
    User.objects.update(disabled_at=timezone.now())


def closed() -> None:
    present()
    for user in User.objects.all():
        user.phone, user.closed_at = "", timezone.now()
        user.save()


def locked() -> None:
    present()
    with pytest.raises(TooMany):
        while True:
            reserve(limit=Limit.LOGIN_ACCOUNT, key=f"enterprise:{PHONE} 127.0.0.1", at=timezone.now())


STATES = (absent, present, disabled, closed, locked)


def asks_to_register(visitor: Visitor) -> Any:
    return visitor.send("/register", phone=PHONE, captcha=visitor.solve(), send_code="1")


def registers(visitor: Visitor) -> Any:
    asks_to_register(visitor)
    return visitor.send("/register", phone=PHONE, sms_code="x", password=PASSWORD, password_again=PASSWORD, agree="on")


def asks_to_log_in(visitor: Visitor) -> Any:
    return visitor.send("/login", account=PHONE, captcha=visitor.solve(), send_code="1")


def logs_in(visitor: Visitor) -> Any:
    asks_to_log_in(visitor)
    return visitor.send("/login", account=PHONE, password=PASSWORD, sms_code="x")


def logs_in_without_asking(visitor: Visitor) -> Any:
    return visitor.send("/login", account=PHONE, password="not this", sms_code="123456", captcha=visitor.solve())


def asks_to_reset(visitor: Visitor) -> Any:
    return visitor.send("/password", phone=PHONE, captcha=visitor.solve(), send_code="1")


def resets(visitor: Visitor) -> Any:
    asks_to_reset(visitor)
    return visitor.send("/password", phone=PHONE, sms_code="x", password=PASSWORD, password_again=PASSWORD)


def asks_too_often(visitor: Visitor) -> Any:
    asks_to_reset(visitor)
    return asks_to_reset(visitor)


ACTS = (asks_to_register, registers, asks_to_log_in, logs_in, logs_in_without_asking, asks_to_reset, resets,
        asks_too_often)  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("act", ACTS)
def test_the_answer_is_the_same_for_every_kind_of_account_and_for_none(
    act: Callable[[Visitor], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    hashes: list[str] = []
    verify = Argon2PasswordHasher.verify

    def counted(self: Argon2PasswordHasher, password: str, encoded: str) -> bool:
        hashes.append(encoded)
        return bool(verify(self, password, encoded))

    hashed(PASSWORD)
    monkeypatch.setattr(Argon2PasswordHasher, "verify", counted)
    seen, work = {}, {}
    for state in STATES:
        beginning = transaction.savepoint()
        state()
        hashes.clear()
        with CaptureQueriesContext(connection) as statements:
            seen[state.__name__] = fingerprint(act(Visitor()))
        if state is not locked:
            work[state.__name__] = (len(statements), len(hashes))
        transaction.savepoint_rollback(beginning)
    assert len(seen) == len(STATES)
    first = seen["absent"]
    assert [name for name, one in seen.items() if one != first] == []
    assert len(set(work.values())) == 1, work


@pytest.mark.django_db
@pytest.mark.parametrize("state", ["absent", "wrong password", "wrong digits", "disabled", "another tab"])
def test_staff_get_one_answer_too(state: str, operator: Any) -> None:
    if state == "absent":
        User.objects.update(account="another.one")
    if state == "disabled":
        User.objects.update(disabled_at=timezone.now())
    visitor = Visitor()
    role = "regulator" if state == "another tab" else "operator"
    password = "not this" if state == "wrong password" else STAFF_PASSWORD
    otp = "x" if state == "wrong digits" else operator.otp(timezone.now())
    answer = visitor.send(
        "/login?role=operator", role=role, account="operator.one", password=password, otp=otp, captcha=visitor.solve()
    )
    assert answer.status_code == 422
    assert "账号、密码或验证码不正确" in answer.content.decode()
    assert "device" not in answer.cookies
