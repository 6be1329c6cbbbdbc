"""From nothing to a signed-in person in a real browser, at both widths, with and without JavaScript."""

import pyotp
import pytest
from django.utils import timezone
from playwright.sync_api import Page

from jinfuyun.accounts import actions
from jinfuyun.accounts.models import Captcha, Invitation, Reservation, User
from jinfuyun.accounts.rules import Kind
from jinfuyun.kit.actor import Role, institution_house
from jinfuyun.notifications.actions import notify
from jinfuyun.notifications.rules import Template
from tests.browser import axe, overflow, shoot
from tests.cast import MONDAY, OTP_SECRET, PASSWORD, RIVER_BANK, STAFF_PASSWORD, Person
from tests.phones import Gateway, send_waiting
from tests.web.visits import Visitor

pytestmark = pytest.mark.browser

PHONE = "13811112222"


def answer(page: Page) -> str:
    """What the picture on this page asks; waits until it has been drawn."""
    page.wait_for_load_state("load")
    return str(Captcha.objects.get().answer)


def a_minute_passes() -> None:
    Reservation.objects.all().delete()


def looks_right(page: Page, name: str) -> None:
    shoot(page, name)
    assert axe(page) == []
    assert overflow(page) == 0


def ask_for_code(page: Page, gateway: Gateway) -> None:
    page.fill("[name=captcha]", answer(page))
    page.click("[name=send_code]")
    page.wait_for_selector("text=验证码已发出")
    send_waiting()
    page.fill("[name=sms_code]", gateway.code(PHONE))


@pytest.mark.parametrize("kind", ["page", "phone", "plain_page"])
def test_from_registering_to_the_choice_of_enterprises(
    site: str, gateway: Gateway, kind: str, request: pytest.FixtureRequest
) -> None:
    page: Page = request.getfixturevalue(kind)
    check = (lambda page, name: shoot(page, f"{name}-plain")) if kind == "plain_page" else looks_right
    page.goto(site)
    page.goto(site + "/register")
    check(page, "register")
    page.get_by_role("button", name="注册", exact=True).click()
    check(page, "register-empty")
    page.fill("[name=phone]", "138 1111 2222")
    ask_for_code(page, gateway)
    check(page, "register-sent")
    assert page.input_value("[name=phone]") == "138 1111 2222"
    page.fill("[name=password]", PASSWORD)
    page.fill("[name=password_again]", PASSWORD)
    page.check("[name=agree]")
    page.get_by_role("button", name="注册", exact=True).click()
    page.wait_for_url("**/login")
    check(page, "login")
    a_minute_passes()
    page.fill("[name=account]", PHONE)
    page.fill("[name=password]", PASSWORD)
    ask_for_code(page, gateway)
    check(page, "login-sent")
    page.fill("[name=password]", PASSWORD)
    page.get_by_role("button", name="登录", exact=True).click()
    page.wait_for_url("**/enterprises")


@pytest.mark.parametrize("kind", ["page", "phone"])
def test_the_own_account(site: str, gateway: Gateway, kind: str, request: pytest.FixtureRequest) -> None:
    page: Page = request.getfixturevalue(kind)
    page.goto(site + "/login?role=operator")
    looks_right(page, "login-staff")
    request.getfixturevalue("operator")
    page.fill("[name=account]", "operator.one")
    page.fill("[name=password]", "not this one")
    page.fill("[name=captcha]", answer(page))
    page.fill("[name=otp]", "000000")
    page.get_by_role("button", name="登录", exact=True).click()
    page.wait_for_selector("text=账号、密码或验证码不正确")
    looks_right(page, "login-wrong")
    page.fill("[name=password]", STAFF_PASSWORD)
    page.fill("[name=captcha]", answer(page))
    page.fill("[name=otp]", pyotp.TOTP(OTP_SECRET).at(timezone.now()))
    page.get_by_role("button", name="登录", exact=True).click()
    page.wait_for_url("**/operator")
    for name, path in (("account", ""), ("account-password", "/password"), ("account-messages", "/messages")):
        page.goto(f"{site}/account{path}")
        looks_right(page, name)


@pytest.mark.parametrize("kind", ["page", "phone"])
def test_the_account_of_an_enterprise_s_person(
    site: str, red_star_owner: Person, kind: str, request: pytest.FixtureRequest
) -> None:
    page: Page = request.getfixturevalue(kind)
    for device in ("Mozilla/5.0 (Linux; Android 15) Chrome/140.0", "Mozilla/5.0 (iPhone) Safari/604.1"):
        visitor = Visitor(headers={"user-agent": device})
        visitor.log_in(red_star_owner, timezone.now())
    notify(user_id=red_star_owner.user_id, template=Template.TAX_CHECK_ANSWERED, context={"passed": True}, at=MONDAY)
    page.context.add_cookies([{"name": "session", "value": visitor.cookies["session"].value, "url": site}])
    page.goto(site + "/account")
    assert page.get_by_text("安卓手机").is_visible()
    looks_right(page, "account-enterprise")
    for name in ("password", "phone", "close", "messages"):
        page.goto(f"{site}/account/{name}")
        looks_right(page, f"account-{name}-enterprise")
    page.get_by_role("button", name="本页全部标为已读").click()
    page.wait_for_load_state("load")
    assert page.get_by_text("未读").count() == 0


@pytest.mark.parametrize("kind", ["page", "phone"])
def test_listening_instead_of_looking(site: str, kind: str, request: pytest.FixtureRequest) -> None:
    page: Page = request.getfixturevalue(kind)
    page.goto(site + "/password")
    looks_right(page, "password")
    page.fill("[name=phone]", PHONE)
    page.get_by_role("button", name="听语音").click()
    looks_right(page, "password-listening")
    assert page.input_value("[name=phone]") == PHONE
    length = page.evaluate(
        "async () => { const a = document.querySelector('audio'); a.load(); a.preload = 'auto';"
        " await new Promise(done => a.addEventListener('loadedmetadata', done)); return a.duration; }"
    )
    assert length > 5
    page.fill("[name=captcha]", answer(page))
    page.click("[name=send_code]")
    page.wait_for_selector("text=验证码已发出")


@pytest.mark.parametrize("kind", ["page", "phone"])
def test_an_invited_person_takes_the_seat(
    site: str, gateway: Gateway, river_bank_admin: Person, kind: str, request: pytest.FixtureRequest
) -> None:
    page: Page = request.getfixturevalue(kind)
    actions.invite(
        kind=Kind.INSTITUTION, account="river.new", phone=PHONE, name="江新人", roles=frozenset({Role.OFFICER}),
        house=institution_house(RIVER_BANK), by=river_bank_admin.actor, at=timezone.now(),
    )  # fmt: skip
    send_waiting()
    page.goto(site + gateway.link(PHONE))
    looks_right(page, "invited")
    page.fill("[name=password]", STAFF_PASSWORD)
    page.fill("[name=password_again]", STAFF_PASSWORD)
    page.fill("[name=otp]", pyotp.TOTP(Invitation.objects.get().totp_secret).at(timezone.now()))
    page.get_by_role("button", name="开通账号").click()
    page.wait_for_url("**/login?role=institution")
    assert User.objects.get(account="river.new").roles == [Role.OFFICER]
