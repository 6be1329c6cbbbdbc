"""Every form of an account: empty, overlong, strange, twice, without its picture — a clear sentence, nothing broken."""

from typing import Any

import pytest
from django.conf import LazySettings
from django.utils import timezone

from jinfuyun.accounts.models import Code, Reservation, User
from jinfuyun.notifications.models import Message
from jinfuyun.web.public import captcha
from tests.cast import PASSWORD, Person
from tests.web.visits import Visitor

pytestmark = pytest.mark.django_db

PHONE = "13800001234"
FORMS = {
    "/register": ("phone", "captcha", "sms_code", "password", "password_again"),
    "/login": ("account", "captcha", "sms_code", "password"),
    "/login?role=institution": ("account", "captcha", "otp", "password"),
    "/password": ("phone", "captcha", "sms_code", "password", "password_again"),
}
OWN_FORMS = {
    "/account/password": ("old", "password", "password_again"),
    "/account/phone": ("phone", "sms_code", "password"),
    "/account/close": ("password",),
}
STRANGE = (
    "",
    " ",
    "x" * 100_000,
    "\0",
    "١٣٨٠٠٠٠١٢٣٤",
    "13800001234\r\nBcc: x",
    "' OR '1'='1' --",
    "{{ 7777 * 7777 }}{% debug %}",
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "javascript:alert(1)",
    "😀" * 200,
    "-1",
    "1e400",
)  # fmt: skip


@pytest.mark.parametrize("path", FORMS)
def test_whatever_is_typed_the_form_comes_back_with_a_sentence(path: str) -> None:
    visitor = Visitor()
    role = path.partition("role=")[2] or "enterprise"
    for text in STRANGE:
        for button in ({}, {"send_code": "1"}, {"listen": "1"}, {"new_picture": "1"}):
            answer = visitor.send(path, role=role, **dict.fromkeys(FORMS[path], text), **button)
            assert answer.status_code in (200, 422), (text, button)
            body = answer.content.decode()
            assert "<script>alert" not in body and "<img src=x" not in body and "60481729" not in body
            if not button:
                assert "还有几处需要您改一下" in body
    assert not User.objects.exists()
    assert not Message.objects.exists()


@pytest.mark.parametrize("path", OWN_FORMS)
def test_the_own_account_s_forms_too(path: str, red_star_owner: Person) -> None:
    visitor = Visitor()
    visitor.log_in(red_star_owner, timezone.now())
    for text in STRANGE:
        Reservation.objects.all().delete()
        answer = visitor.send(path, **dict.fromkeys(OWN_FORMS[path], text))
        assert answer.status_code == 422, text
        assert "<script>alert" not in answer.content.decode()


@pytest.mark.parametrize("path", FORMS)
def test_a_form_without_its_token_is_refused(path: str) -> None:
    answer = Visitor().post(path, {"account": PHONE})
    assert answer.status_code == 403
    assert "没有受理" in answer.content.decode()


def registers(visitor: Visitor, **more: str) -> Any:
    visitor.send("/register", phone=PHONE, captcha=visitor.solve(), send_code="1")
    code = Message.objects.get(template="code_register").text.partition("验证码 ")[2][:6]
    form = {"phone": PHONE, "sms_code": code, "password": PASSWORD, "password_again": PASSWORD, "agree": "on"}
    return visitor.send("/register", **(form | more))


def test_a_double_click_registers_once() -> None:
    visitor = Visitor()
    assert registers(visitor).headers["Location"] == "/login"
    code = Code.objects.get()
    assert code.used_at is not None
    again = visitor.send(
        "/register", phone=PHONE, sms_code="123456", password=PASSWORD, password_again=PASSWORD, agree="on"
    )
    assert again.status_code == 422
    assert User.objects.count() == 1


def test_fields_that_no_form_has_are_ignored() -> None:
    registers(
        Visitor(), kind="operator", roles="operator", is_staff="1", is_superuser="1", house_kind="platform",
        house_code="platform", id="00000000-0000-4000-8000-000000000001",
    )  # fmt: skip
    user = User.objects.get()
    assert (user.kind, user.roles, user.house_kind, user.house_code) == ("enterprise", [], "", "")
    assert user.id.int != 0x40008000000000000001


def test_the_agreement_and_both_passwords_are_asked_for() -> None:
    answer = registers(Visitor(), agree="", password_again="something else 1")
    assert "请阅读并同意" in answer.content.decode()
    assert "两次输入的密码不一致" in answer.content.decode()
    assert not User.objects.exists()


def test_a_weak_password_does_not_cost_the_code() -> None:
    visitor = Visitor()
    answer = registers(visitor, password="12345678", password_again="12345678")
    assert "太常见" in answer.content.decode()
    code = Message.objects.get(template="code_register").text.partition("验证码 ")[2][:6]
    answer = visitor.send(
        "/register", phone=PHONE, sms_code=code, password=PASSWORD, password_again=PASSWORD, agree="on"
    )
    assert answer.status_code == 302


@pytest.mark.parametrize(
    "written", ["+86 138 0000 1234", "0086-138-0000-1234", "１３８００００１２３４", " 138-0000-1234 "]
)
def test_at_the_door_a_phone_is_one_account_and_one_limit_however_it_is_written(written: str) -> None:
    """Seen red with the field giving back what was typed."""
    visitor = Visitor()
    visitor.send("/register", phone=written, captcha=visitor.solve(), send_code="1")
    code = Message.objects.get(template="code_register").text.partition("验证码 ")[2][:6]
    visitor.send("/register", phone=PHONE, captcha=visitor.solve(), send_code="1")
    assert Message.objects.count() == 1
    visitor.send("/register", phone=written, sms_code=code, password=PASSWORD, password_again=PASSWORD, agree="on")
    assert User.objects.get().phone == PHONE
    Reservation.objects.all().delete()
    visitor.send("/login", account=written, captcha=visitor.solve(), send_code="1")
    code = Message.objects.get(template="code_login").text.partition("验证码 ")[2][:6]
    visitor.send("/login", account=PHONE, captcha=visitor.solve(), send_code="1")
    assert Message.objects.filter(template="code_login").count() == 1
    assert visitor.send("/login", account=written, password=PASSWORD, sms_code=code).status_code == 302


def test_no_message_leaves_without_a_fresh_picture() -> None:
    """Seen red with `check` instead of `check_new` in sms.send: the second phone got a code for the first's picture."""
    visitor = Visitor()
    answer = visitor.solve()
    visitor.send("/register", phone=PHONE, captcha=answer, send_code="1")
    assert Message.objects.count() == 1
    for wrong in (answer, "", "XXXX"):
        again = visitor.send("/register", phone="13800004321", captcha=wrong, send_code="1")
        assert again.status_code == 422
    foreign = Visitor().solve()
    visitor.get("/captcha.webp")
    visitor.send("/register", phone="13800004321", captcha=foreign, send_code="1")
    assert Message.objects.count() == 1


def test_a_password_is_tried_behind_a_picture_every_time(operator: Person) -> None:
    visitor = Visitor()
    fields = {"role": "operator", "account": operator.account, "password": "guess", "otp": "000000"}
    answer = visitor.send("/login?role=operator", captcha=visitor.solve(), **fields)
    assert "账号、密码或验证码不正确" in answer.content.decode()
    answer = visitor.send("/login?role=operator", **fields)
    assert "账号、密码或验证码不正确" not in answer.content.decode()
    assert "请填写验证码" in answer.content.decode()


@pytest.mark.parametrize("path", ["/captcha.webp", "/captcha.wav"])
def test_the_answer_is_shown_to_the_sandbox_only(path: str, settings: LazySettings) -> None:
    visitor = Visitor()
    visitor.get(path)
    assert visitor.session["captcha_answer_for_sandbox"]
    settings.SANDBOX = False
    visitor = Visitor()
    visitor.get(path)
    assert "captcha_answer_for_sandbox" not in visitor.session


def test_pictures_and_sounds_are_not_kept_by_browsers() -> None:
    picture, sound = Visitor().get("/captcha.webp"), Visitor().get("/captcha.wav")
    assert (picture.headers["Content-Type"], sound.headers["Content-Type"]) == ("image/webp", "audio/wav")
    assert picture.content[8:12] == b"WEBP" and sound.content[8:12] == b"WAVE"
    assert picture.headers["Cache-Control"] == sound.headers["Cache-Control"] == "no-store"


def test_listening_has_a_limit_because_it_costs(monkeypatch: pytest.MonkeyPatch) -> None:
    spoken: list[str] = []
    monkeypatch.setattr(captcha._speaker, "generate", lambda digits: spoken.append(digits) or b"")
    visitor = Visitor()
    assert [visitor.get("/captcha.wav").status_code for _ in range(21)] == [200] * 20 + [429]
    assert len(spoken) == 20
