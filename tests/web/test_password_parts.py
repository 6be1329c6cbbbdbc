"""What others know of a person's enterprises is no password: at registration, in a reset and in a change alike."""

from typing import Any

import pytest
from django.utils import timezone

from jinfuyun.accounts.models import Reservation, User
from jinfuyun.enterprises import actions as enterprises
from jinfuyun.notifications.models import Message
from tests.cast import PASSWORD, Firm, Person
from tests.web.visits import Visitor

pytestmark = pytest.mark.django_db

NEW = "溪山行旅 2026"
NEW_CLERK = "13800000093"


def code_asked(visitor: Visitor, path: str, phone: str) -> str:
    Reservation.objects.all().delete()
    visitor.send(path, phone=phone, captcha=visitor.solve(), send_code="1")
    text = next(one.text for one in Message.objects.order_by("-made_at") if one.phone == phone)
    return text.partition("验证码 ")[2][:6]


def nameless() -> None:
    """Who registered himself told the platform no name; the tax department did."""
    user = User.objects.get()
    user.name = ""
    user.save(update_fields=["name"])


def send(visitor: Visitor, path: str, phone: str, code: str, password: str) -> Any:
    return visitor.send(path, phone=phone, sms_code=code, password=password, password_again=password, agree="on")


@pytest.mark.parametrize("weak", ["uscc", "name"])
def test_a_reset_with_the_right_code_refuses_the_own_enterprises_code_and_the_own_name(
    red_star: Firm, red_star_owner: Person, weak: str
) -> None:
    """Seen red: only the phone was looked at. The code is not used up by the refusal."""
    nameless()
    visitor, phone = Visitor(), red_star_owner.phone
    code = code_asked(visitor, "/password", phone)
    bad = {"uscc": f"x{red_star.uscc}", "name": "林红星 2026 年"}[weak]
    answer = send(visitor, "/password", phone, code, bad)
    assert (answer.status_code, "密码不能包含" in answer.content.decode()) == (422, True)
    assert send(visitor, "/password", phone, code, NEW).status_code == 302


def test_who_has_no_right_code_learns_nothing_of_the_enterprise(red_star: Firm, red_star_owner: Person) -> None:
    visitor = Visitor()
    code_asked(visitor, "/password", red_star_owner.phone)
    page = send(visitor, "/password", red_star_owner.phone, "x", f"x{red_star.uscc}").content.decode()
    assert ("短信验证码不正确" in page, "密码不能包含" in page) == (True, False)


def test_who_registers_with_a_phone_that_a_mandate_waits_for_may_not_take_that_enterprises_code(
    red_star: Firm,
) -> None:
    enterprises.give_mandate(
        uscc=red_star.uscc, phone=NEW_CLERK, acts=["apply"], ends_on=timezone.localdate(), by=red_star.owner,
        at=timezone.now(),
    )  # fmt: skip
    visitor = Visitor()
    code = code_asked(visitor, "/register", NEW_CLERK)
    answer = send(visitor, "/register", NEW_CLERK, code, f"x{red_star.uscc}")
    assert (answer.status_code, "密码不能包含" in answer.content.decode()) == (422, True)
    assert send(visitor, "/register", NEW_CLERK, code, NEW).status_code == 302


def test_who_registers_with_the_phone_of_a_legal_representative_may_not_take_his_name(red_star: Firm) -> None:
    User.objects.update(phone_mark=b"another")  # the enterprise was authenticated by another account
    visitor = Visitor()
    code = code_asked(visitor, "/register", red_star.legal_phone)
    answer = send(visitor, "/register", red_star.legal_phone, code, "林红星 2026 年")
    assert (answer.status_code, "密码不能包含姓名" in answer.content.decode()) == (422, True)


def test_a_change_refuses_the_own_name(red_star: Firm, red_star_owner: Person) -> None:
    """Seen red: the account's own name is empty for who registered himself."""
    visitor = Visitor()
    visitor.log_in(red_star_owner, timezone.now())
    nameless()
    bad = "林红星 2026 年"
    answer = visitor.send("/account/password", old=PASSWORD, password=bad, password_again=bad)
    assert (answer.status_code, "密码不能包含姓名" in answer.content.decode()) == (422, True)
