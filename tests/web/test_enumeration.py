"""Nobody learns whether an account exists: every answer is the same, and so is the work behind it.

Seen red: with "该手机号已注册" said at registration; with a sentence of its own for a disabled account; with the hash
skipped for an absent person (hashes differ); with no withheld message for an absent one (statements differ); with
"已被占用" said when a phone is changed; with a lock of staff told in its own words.
"""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from jinfuyun.accounts import queries
from jinfuyun.accounts.actions import reserve
from jinfuyun.accounts.models import User
from jinfuyun.accounts.rules import Limit
from jinfuyun.kit.errors import TooMany
from jinfuyun.notifications.models import Message
from jinfuyun.notifications.rules import Template
from tests.cast import (
    PASSWORD,
    STAFF_PASSWORD,
    Firm,
    Person,
    enterprise_of,
    enterprise_person,
    given,
    hashed,
    id_number_of,
    uscc_of,
)
from tests.web.inside import inside
from tests.web.visits import Visitor, fingerprint

PHONE = "13800001234"
# A run's id and the minute are new each time.
NAMES = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|\d\d:\d\d")


def absent() -> None:
    pass


def present() -> None:
    enterprise_person(PHONE, "林存在")


def disabled() -> None:
    present()
    User.objects.filter(id=queries.by_phone(PHONE).id).update(disabled_at=timezone.now())


def closed() -> None:
    present()
    user = queries.by_phone(PHONE)
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


# What somebody who is logged in can try with another's phone, or with another's enterprise.


def gives_a_mandate(firm: Firm) -> Any:
    answer = inside_of(firm).post(
        "/my/mandates", {"acting_for": firm.uscc, "phone": PHONE, "acts": "apply", "end": f"{timezone.localdate()}"}
    )
    assert answer.status_code == 302
    return answer


def asks_to_change_phone(firm: Firm) -> Any:
    return inside_of(firm).post("/account/phone", {"phone": PHONE, "send_code": "1"})


def changes_phone(firm: Firm) -> Any:
    owner = inside_of(firm)
    owner.post("/account/phone", {"phone": PHONE, "send_code": "1"})
    return owner.post("/account/phone", {"phone": PHONE, "sms_code": "123456", "password": PASSWORD})


def step_one(**fields: str) -> dict[str, str]:
    return {
        "tax_number": uscc_of(7), "legal_name": "林存在", "id_type": "resident", "id_number": id_number_of(7),
        "phone": PHONE, **fields,
    }  # fmt: skip


def asks_for_the_code_of_step_one(firm: Firm) -> Any:
    return inside_of(firm).post("/enterprises/new/elements", step_one(send_code="1"))


def adds_the_enterprise(firm: Firm) -> Any:
    """With the legal representative's own code: as far as one gets before the tax department has said yes."""
    owner = inside_of(firm)
    run = owner.post("/enterprises/new/elements", step_one(send_code="1")).headers["Location"].partition("run=")[2]
    text = Message.objects.filter(template=Template.CODE_TAX_ELEMENTS).latest("made_at").text
    code = text.partition("验证码 ")[2][:6]
    answer = owner.post("/enterprises/new/elements", step_one(sms_code=code, run=run), follow=True)
    assert "税务接口暂时没有回应" in answer.content.decode()
    return answer


def inside_of(firm: Firm) -> Client:
    return inside(Person(str(firm.owner.id), firm.owner, "", firm.legal_phone, PASSWORD), uscc=firm.uscc)


def held() -> None:
    """Another account has authenticated that enterprise and signed for it."""
    given(enterprise_of(enterprise_person(PHONE, "林存在"), number=7, name="存在示例厂", legal_name="林存在"))


@pytest.mark.django_db
@pytest.mark.parametrize(
    "act",
    [gives_a_mandate, asks_to_change_phone, changes_phone, asks_for_the_code_of_step_one, adds_the_enterprise],
)
def test_nor_does_who_is_logged_in_learn_it(act: Callable[[Firm], Any], red_star: Firm) -> None:
    seen, work = {}, {}
    for state in (absent, present, disabled, closed, held):
        beginning = transaction.savepoint()
        state()
        with CaptureQueriesContext(connection) as statements:
            seen[state.__name__] = NAMES.sub("-", str(fingerprint(act(red_star))))
        work[state.__name__] = len(statements)
        transaction.savepoint_rollback(beginning)
    assert [name for name, one in seen.items() if one != seen["absent"]] == []
    # Who has an account finds the mandate in his inbox too: one row more, far below what a network hides.
    assert max(work.values()) - min(work.values()) <= (act is gives_a_mandate), work


STAFF_STATES = ("absent", "wrong password", "wrong digits", "disabled", "another tab", "locked")


@pytest.mark.django_db
def test_staff_get_one_answer_too(operator: Person) -> None:
    """Page, headers and cookies alike; the tab's own name is what the visitor chose."""
    seen = {}
    for state in STAFF_STATES:
        beginning = transaction.savepoint()
        seen[state] = fingerprint(staff_log_in(state, operator))
        transaction.savepoint_rollback(beginning)
    status, body, _, cookies = seen["absent"]
    assert status == 422
    assert "账号、密码或验证码不正确" in body
    assert not any("device" in name for name in cookies)
    assert [state for state, one in seen.items() if one != seen["absent"]] == []


def staff_log_in(state: str, operator: Person) -> Any:
    now, account, role, password = timezone.now(), "operator.one", "operator", STAFF_PASSWORD
    if state == "absent":
        User.objects.filter(id=operator.user_id).update(account="another.one")
    if state == "disabled":
        User.objects.filter(id=operator.user_id).update(disabled_at=now)
    if state == "another tab":  # the same account, sought among the people of another house
        User.objects.filter(id=operator.user_id).update(kind="regulator")
    if state == "wrong password":
        password = "not this"
    if state == "locked":
        with pytest.raises(TooMany):
            while True:
                reserve(limit=Limit.LOGIN_ACCOUNT, key="operator:operator.one 127.0.0.1", at=now)
    otp = "x" if state == "wrong digits" else operator.otp(now)
    visitor = Visitor()
    return visitor.send(
        "/login?role=operator", role=role, account=account, password=password, otp=otp, captcha=visitor.solve()
    )
