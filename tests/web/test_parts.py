"""The parts pages are made of: without barriers, and whole without JavaScript."""

import asyncio

import pytest
from playwright.sync_api import Browser, Page

from tests.browser import DESK, axe, open_page, overflow, shoot

pytestmark = [pytest.mark.browser, pytest.mark.urls("tests.web.parts")]


def test_all_parts_have_no_barrier_on_a_desk(site: str, page: Page) -> None:
    page.goto(site + "/parts?security=credit&page=3")
    shoot(page, "parts")
    assert axe(page) == []
    assert overflow(page) == 0


def test_tests_between_those_with_a_browser_may_run_loops_of_their_own(chromium: object) -> None:
    assert asyncio.run(asyncio.sleep(0, "done")) == "done"


def test_all_parts_have_no_barrier_on_a_phone(site: str, phone: Page) -> None:
    phone.goto(site + "/parts")
    shoot(phone, "parts")
    assert axe(phone) == []
    assert overflow(phone) == 0


def filled(page: Page) -> None:
    page.get_by_label("企业名称").fill("红星面馆")
    page.get_by_label("手机号").fill("x")
    page.get_by_label("图形验证码").fill("abcd")
    page.get_by_label("所属区域").select_option("350111")
    page.get_by_text("至结清之日止").click()
    page.get_by_text("税务", exact=True).click()


def test_a_form_works_without_scripts_and_leads_to_its_errors(site: str, plain_page: Page) -> None:
    plain_page.goto(site + "/parts")
    filled(plain_page)
    plain_page.get_by_role("button", name="提交信息").click()
    summary = plain_page.get_by_role("alert").first
    assert "短信验证码" in summary.inner_text()
    assert plain_page.get_by_label("企业名称").input_value() == "红星面馆"
    wrong = plain_page.get_by_label("短信验证码")
    assert wrong.get_attribute("aria-invalid") == "true"
    assert "sms_code_error" in (wrong.get_attribute("aria-describedby") or "")
    summary.get_by_role("link", name="短信验证码").click()
    assert plain_page.evaluate("() => location.hash") == "#id_sms_code"
    plain_page.get_by_label("短信验证码").fill("123456")
    plain_page.get_by_label("我已阅读并同意").check()
    plain_page.get_by_role("button", name="提交信息").click()
    assert "已保存。" in plain_page.get_by_role("status").inner_text()


def test_the_menu_opens_on_a_phone_without_scripts(site: str, plain_phone: Page) -> None:
    plain_phone.goto(site + "/")
    link = plain_phone.get_by_role("navigation", name="主导航").get_by_role("link", name="融资产品")
    assert not link.is_visible()
    plain_phone.get_by_role("button", name="打开菜单").click()
    assert link.is_visible()


def test_the_menu_opens_on_a_phone(site: str, phone: Page) -> None:
    phone.goto(site + "/")
    phone.get_by_role("button", name="打开菜单").click()
    menu = phone.locator("#site-menu")
    menu.get_by_role("link", name="融资产品").wait_for()
    phone.wait_for_function("() => !document.querySelector('#site-menu').classList.contains('showing')")
    shoot(phone, "menu")
    assert axe(phone) == []
    menu.get_by_role("button", name="关闭菜单").click()
    menu.wait_for(state="hidden")


def test_errors_and_messages_have_no_barrier(site: str, phone: Page) -> None:
    phone.goto(site + "/parts")
    filled(phone)
    phone.get_by_role("button", name="提交信息").click()
    phone.get_by_role("dialog").get_by_text("提交后将进入下一步。").wait_for()
    assert axe(phone) == []
    phone.get_by_role("dialog").get_by_role("button", name="确认").click()
    phone.locator(".error-summary").wait_for()
    shoot(phone, "parts-errors")
    assert axe(phone) == []


def test_saying_no_to_the_question_sends_nothing(site: str, page: Page) -> None:
    page.goto(site + "/parts")
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.method) if request.method == "POST" else None)
    page.get_by_role("button", name="撤回").first.click()
    page.get_by_role("button", name="再想想").click()
    page.get_by_role("dialog").wait_for(state="hidden")
    assert sent == []


def test_two_clicks_send_a_form_once(site: str, page: Page) -> None:
    page.goto(site + "/parts")
    sent: list[str] = []
    # An answer without content leaves the page where it is, so that the second click meets the same form.
    page.route("**/parts", lambda route: (sent.append(route.request.method), route.fulfill(status=204)))
    button = page.get_by_role("button", name="获取验证码")
    with page.expect_response("**/parts"):
        button.click()
    button.click(force=True)
    assert page.evaluate("() => document.querySelectorAll('form[data-sent]').length") == 1
    assert sent == ["POST"]


def test_an_inline_script_does_not_run_and_fails_the_test_that_met_it(site: str, browser: Browser) -> None:
    pages = open_page(browser, DESK)
    page = next(pages)
    page.goto(site + "/faulty")
    assert page.evaluate("() => window.ran") is None
    assert [line.split(":")[0] for line in axe(page)] != []
    with pytest.raises(AssertionError, match="Content Security Policy"):
        next(pages)
