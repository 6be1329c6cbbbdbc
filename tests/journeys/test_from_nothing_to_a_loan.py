"""An enterprise comes from nothing to a bank's decision, on data that it authorised."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.steps import Town, authenticate, complete, log_in, looks_right, press, register, sign

pytestmark = pytest.mark.browser


@pytest.fixture
def boss(town: Town) -> dict[str, Any]:
    """Somebody of the province whose company trades all year, in Fuzhou."""
    return next(
        one
        for one in town.service.people
        if one["nature"] == "enterprise" and one["region"].startswith("3501") and one["story"] == "growing"
    )


def test_from_registering_to_the_first_drawdown(
    town: Town, page: Page, boss: dict[str, Any], visitors: Callable[..., Page]
) -> None:
    register(page, town, boss["phone"])
    log_in(page, town, boss["phone"])
    looks_right(page, "journey-chooser-empty")
    authenticate(page, town, boss)
    page.wait_for_url("**/enterprises/new/profile?*")
    for field, known in (("uscc", "uscc"), ("name", "name"), ("legal_name", "legal_name"), ("region", "region")):
        assert page.input_value(f"[name={field}]") == boss[known]
    looks_right(page, "journey-profile")
    complete(page)
    looks_right(page, "journey-consent")
    letter = sign(page, electricity=boss["electricity"]["account"])
    looks_right(page, "journey-letter-waiting")
    town.work()
    the_letter_can_be_checked_by_anyone(town, page, visitors(), letter)
    the_own_report_says_what_there_is(town, page)


def the_letter_can_be_checked_by_anyone(town: Town, page: Page, anyone: Page, letter: str) -> None:
    page.reload()
    looks_right(page, "journey-letter")
    pdf = page.request.get(f"{town.url}/my/consents/{letter}/pdf")
    assert pdf.headers["content-type"] == "application/pdf"
    anyone.goto(f"{town.url}/verify/{letter}")
    expect(anyone.get_by_text("生效", exact=True)).to_be_visible()
    looks_right(anyone, "journey-verify-number")
    anyone.goto(f"{town.url}/verify")
    anyone.set_input_files("[name=file]", {"name": "letter.pdf", "mimeType": "application/pdf", "buffer": pdf.body()})
    press(anyone, "检查文件")
    expect(anyone.get_by_text("没有任何改动")).to_be_visible()
    looks_right(anyone, "journey-verify-file")


def the_own_report_says_what_there_is(town: Town, page: Page) -> None:
    page.goto(town.url + "/my/report")
    press(page, "制作并查看我的报告")
    page.wait_for_url("**/my/reports/*")
    for chapter in ("registration", "invoices", "electricity"):
        assert page.locator(f"#{chapter}").is_visible(), chapter
    looks_right(page, "journey-own-report")
    assert page.request.get(page.url + "/pdf").body().startswith(b"%PDF")
    missing = page.locator("#missing")
    expect(missing.get_by_role("row", name=re.compile("用水"))).to_contain_text("未授权")
