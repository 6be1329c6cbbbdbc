"""What people do on the pages, in their own words. Every step waits for what it brings about."""

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from playwright.sync_api import Page, expect

from jinfuyun.accounts.models import Captcha, Reservation
from tests.browser import axe, overflow, shoot
from tests.cast import PASSWORD, Person
from tests.sandbox.service import Service

LOGIN_TABS = {"institution": "金融机构", "department": "数据部门", "regulator": "金融管理部门", "operator": "平台运营"}


@dataclass(frozen=True)
class Town:
    """`url` of the site, the departments' `service`, and `work()`: what the worker does until nothing is due."""

    url: str
    service: Service
    work: Callable[[], None]

    def texts(self, number: str) -> list[str]:
        """The messages on that phone, newest first."""
        self.work()
        return [message["text"] for message in self.service.get(f"/phones/{number}")]

    def code(self, number: str) -> str:
        self.work()
        return str(self.service.get(f"/phones/{number}")[0]["code"])


def looks_right(page: Page, name: str) -> None:
    """No barrier, no sideways scrolling, and a picture to look at."""
    if os.environ.get("JOURNEY_UNSEEN"):  # only the journey itself is measured
        return
    shoot(page, name)
    barriers, wide = axe(page), overflow(page)
    assert not barriers, f"{name}: {barriers}"
    assert not wide, f"{name} is {wide} pixels wider than its window"


def a_minute_passes() -> None:
    """Nobody waits for the next code in a test; the limits have their own tests."""
    Reservation.objects.all().delete()


def answer_picture(page: Page) -> None:
    page.wait_for_load_state("load")
    page.fill("[name=captcha]", Captcha.objects.latest("ends_at").answer)


def ask_for_code(page: Page, town: Town, number: str) -> None:
    """Press the button and type what the phone got."""
    a_minute_passes()
    page.click("[name=send_code]")
    expect(page.get_by_text(re.compile("验证码已发"))).to_be_visible()
    page.fill("[name=sms_code]", town.code(number))


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def register(page: Page, town: Town, number: str) -> None:
    page.goto(town.url + "/register")
    page.fill("[name=phone]", number)
    answer_picture(page)
    ask_for_code(page, town, number)
    page.fill("[name=password]", PASSWORD)
    page.fill("[name=password_again]", PASSWORD)
    page.check("[name=agree]")
    press(page, "注册")
    page.wait_for_url("**/login")


def log_in(page: Page, town: Town, number: str) -> None:
    page.goto(town.url + "/login")
    page.fill("[name=account]", number)
    answer_picture(page)
    ask_for_code(page, town, number)
    page.fill("[name=password]", PASSWORD)
    press(page, "登录")
    page.wait_for_url("**/enterprises")


def log_in_staff(page: Page, town: Town, kind: str, person: Person) -> None:
    page.goto(f"{town.url}/login?role={kind}")
    page.fill("[name=account]", person.account)
    page.fill("[name=password]", person.password)
    answer_picture(page)
    page.fill("[name=otp]", person.otp(timezone.now()))
    press(page, "登录")
    page.wait_for_url(re.compile(r"/(bank|regulator|operator|department)/?(\?|$)"))


def fill_elements(page: Page, told: Mapping[str, Any]) -> None:
    """The five elements, as this person knows them."""
    page.fill("[name=tax_number]", told["tax_number"])
    page.fill("[name=legal_name]", told["legal_name"])
    page.select_option("[name=id_type]", told["id_type"])
    page.fill("[name=id_number]", told["id_number"])
    page.fill("[name=phone]", told["phone"])


def authenticate(page: Page, town: Town, told: Mapping[str, Any]) -> None:
    """Step 1, from the choice of enterprises."""
    page.goto(town.url + "/enterprises")
    page.get_by_role("link", name="增加").click()
    page.wait_for_url("**/enterprises/new/elements")
    fill_elements(page, told)
    ask_for_code(page, town, told["phone"])
    press(page, "身份核验")


def complete(page: Page) -> None:
    """Step 2, when the registry has filled everything in."""
    page.wait_for_url("**/enterprises/new/profile?*")
    press(page, "提交信息")
    page.wait_for_url("**/enterprises/new/consent?*")


def sign(page: Page, *, electricity: str = "") -> str:
    """Step 3; the number of the letter."""
    page.fill("[name=electricity_account]", electricity)
    page.check("[name=agree]")
    press(page, "立即授权")
    if electricity:  # the letter now says whether the account was confirmed: read it, then sign
        page.get_by_text("授权书内容已按您的选择更新").first.wait_for()
        looks_right(page, "journey-consent-again")
        press(page, "立即授权")
    page.wait_for_url("**/my/consents/*")
    return page.url.rpartition("/")[2]


def enter_as(page: Page, town: Town, name: str) -> None:
    """Choose that enterprise."""
    page.goto(town.url + "/enterprises")
    page.get_by_role("radio", name=name).check()
    press(page, "确认")
    page.wait_for_url("**/my")
