"""The tax department is silent, or says no; somebody else holds the enterprise; the owner is not at the desk."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect
from procrastinate.contrib.django.models import ProcrastinateJob

from tests.browser import shoot
from tests.cast import Person, enterprise_person
from tests.journeys.steps import (
    Town,
    ask_for_code,
    authenticate,
    complete,
    enter_as,
    fill_elements,
    log_in_staff,
    looks_right,
    press,
    sign,
)
from tests.signing_in import sign_in

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

LICENCE = b"\x89PNG\r\n\x1a\n" + bytes(2000)


@pytest.fixture
def boss(town: Town) -> dict[str, Any]:
    """Somebody of the province whose taxes go to the provincial bureau, not to Xiamen's."""
    return next(one for one in town.service.people if one["region"].startswith("3505"))


@pytest.fixture
def person(town: Town, boss: dict[str, Any]) -> Person:
    return enterprise_person(boss["phone"])


def retries_are_due() -> None:
    """What was put off is due now; nobody waits two minutes in a test."""
    ProcrastinateJob.objects.filter(status="todo").update(scheduled_at=timezone.now())


def test_the_tax_interface_is_down_and_the_person_is_told_when_it_answered(
    town: Town, phone: Page, boss: dict[str, Any], person: Person
) -> None:
    sign_in(phone, town.url, person)
    town.service.fault("tax", "down")
    authenticate(phone, town, boss)
    expect(phone.get_by_text("税务接口暂时没有回应")).to_be_visible()
    looks_right(phone, "journey-tax-silent")
    retries_are_due()
    town.work()
    phone.reload()
    expect(phone.get_by_text("税务接口暂时没有回应")).to_be_visible()
    town.service.fault("tax", "off")
    retries_are_due()
    assert "企业要素认证通过" in town.texts(boss["phone"])[0]
    phone.goto(town.url + "/enterprises")
    expect(phone.get_by_text("已通过认证，待完善信息")).to_be_visible()
    looks_right(phone, "journey-chooser-runs")
    phone.get_by_role("link", name="继续").click()
    complete(phone)
    looks_right(phone, "journey-consent")


@pytest.mark.parametrize("mode", ["slow", "drip", "wrong_enterprise", "malformed"])
def test_whatever_else_the_tax_interface_does_is_no_yes(
    town: Town, page: Page, boss: dict[str, Any], person: Person, mode: str
) -> None:
    sign_in(page, town.url, person)
    town.service.fault("tax", mode)
    authenticate(page, town, boss)
    expect(page.get_by_text("税务接口暂时没有回应")).to_be_visible()


def test_what_differs_goes_to_the_manual_desk_and_two_operators(
    town: Town, page: Page, boss: dict[str, Any], person: Person, operator: Person, second_operator: Person,
    visitors: Callable[..., Page],
) -> None:  # fmt: skip
    sign_in(page, town.url, person)
    authenticate(page, town, boss | {"legal_name": "不是他"})
    expect(page.get_by_text("未能核实企业身份")).to_be_visible()
    expect(page.get_by_text("平台不知道也不会告诉您是哪一项")).to_be_visible()
    looks_right(page, "journey-differs")
    page.get_by_role("link", name="转人工核验").click()
    press(page, "提交人工核验")
    expect(page.locator(".error-summary")).to_be_visible()
    looks_right(page, "journey-manual-empty")
    page.set_input_files("[name=licence]", {"name": "x.png", "mimeType": "image/png", "buffer": LICENCE})
    press(page, "提交人工核验")
    expect(page.get_by_text("人工核验中").first).to_be_visible()
    looks_right(page, "journey-manual-waiting")

    first, second = visitors(), visitors()
    log_in_staff(first, town, "operator", operator)
    looks_right(first, "operator-home")
    first.get_by_role("link", name="去办理").first.click()
    looks_right(first, "operator-desk")
    first.get_by_role("link", name="核对").click()
    looks_right(first, "operator-case")
    press(first, "初审通过")
    expect(first.get_by_text("初审通过，等待另一位同事复审")).to_be_visible()
    first.get_by_role("link", name="核对").click()
    press(first, "复审通过")
    expect(first.get_by_text("没有办成")).to_be_visible()
    log_in_staff(second, town, "operator", second_operator)
    second.goto(town.url + "/operator/desk")
    second.get_by_role("link", name="核对").click()
    press(second, "复审通过")
    expect(second.get_by_text("复审通过，申请人可以继续办理")).to_be_visible()
    page.goto(town.url + "/account/messages")
    expect(page.get_by_text("您申请的人工核验已通过")).to_be_visible()
    looks_right(page, "journey-inbox")
    page.goto(town.url + "/enterprises")
    page.get_by_role("link", name="继续").click()
    page.wait_for_url("**/enterprises/new/profile?*")
    assert page.input_value("[name=name]") == boss["name"]


def test_an_enterprise_that_another_account_holds(
    town: Town, page: Page, boss: dict[str, Any], person: Person, stranger: Person, visitors: Callable[..., Page]
) -> None:
    sign_in(page, town.url, person)
    authenticate(page, town, boss)
    complete(page)
    other = visitors(phone=True)
    sign_in(other, town.url, stranger)
    authenticate(other, town, boss)
    other.wait_for_url("**/enterprises/new/profile?*")
    press(other, "提交信息")
    expect(other.get_by_role("heading", name="该企业已由其他账号认证")).to_be_visible()
    looks_right(other, "journey-held")
    other.get_by_role("link", name="上传营业执照，申请转移").click()
    looks_right(other, "journey-held-manual")


def test_a_clerk_prepares_and_the_owner_signs_on_his_phone(
    town: Town, page: Page, boss: dict[str, Any], person: Person, bookkeeper: Person, visitors: Callable[..., Page]
) -> None:
    sign_in(page, town.url, person)
    authenticate(page, town, boss)
    complete(page)
    first_letter = sign(page)
    page.goto(town.url + "/my/mandates")
    press(page, "授权")
    looks_right(page, "journey-mandates-empty")
    page.fill("[name=phone]", bookkeeper.phone)
    for act in page.locator("[name=acts]").all():
        act.check()
    page.fill("[name=end]", timezone.localdate().replace(month=12, day=31).isoformat())
    press(page, "授权")
    expect(page.get_by_text("已授权，对方会收到短信")).to_be_visible()
    looks_right(page, "journey-mandates")
    assert boss["name"] in town.texts(bookkeeper.phone)[0]

    clerk = visitors()
    sign_in(clerk, town.url, bookkeeper)
    enter_as(clerk, town, boss["name"])
    looks_right(clerk, "journey-clerk-home")
    clerk.goto(town.url + "/my/consents/new")
    clerk.fill("[name=electricity_account]", boss["electricity"]["account"])
    clerk.check("[name=agree]")
    looks_right(clerk, "journey-clerk-prepares")
    press(clerk, "发给法定代表人签署")
    expect(clerk.get_by_text("签署链接已发送到法定代表人手机")).to_be_visible()

    text = town.texts(boss["phone"])[0]
    assert boss["name"] in text
    link = re.search(r"https?://\S+?/sign/[\w-]+", text)
    assert link is not None
    owner = visitors(phone=True, scripts=False)
    owner.goto(link.group())
    expect(owner.get_by_text(f"为 {boss['name']} 签署")).to_be_visible()
    shoot(owner, "journey-sign-link-plain")
    ask_for_code(owner, town, boss["phone"])
    press(owner, "立即授权")
    expect(owner.locator(".field-error")).to_have_text(re.compile("请勾选同意"))
    owner.check("[name=agree]")
    press(owner, "立即授权")
    expect(owner.get_by_role("heading", name="授权书已签署")).to_be_visible()
    shoot(owner, "journey-signed-plain")
    owner.goto(link.group())  # a second time: it says so, and there is nothing to press
    expect(owner.get_by_role("heading", name="授权书已签署")).to_be_visible()

    page.goto(f"{town.url}/my/consents/{first_letter}")
    expect(page.get_by_text("被替换")).to_be_visible()


def test_changing_an_early_answer_forgets_the_later_ones(
    town: Town, page: Page, boss: dict[str, Any], person: Person
) -> None:
    sign_in(page, town.url, person)
    authenticate(page, town, boss)
    complete(page)
    consent_page = page.url
    page.get_by_role("link", name="企业要素认证").click()
    assert page.input_value("[name=tax_number]") == boss["tax_number"]
    other = next(one for one in town.service.people if one["phone"] != boss["phone"])
    fill_elements(page, other)
    ask_for_code(page, town, other["phone"])
    page.goto(consent_page)
    page.wait_for_url("**/enterprises/new/elements?*")
