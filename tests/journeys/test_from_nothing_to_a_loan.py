"""An enterprise comes from nothing to a bank's decision and the first money, on data that it authorised, and back."""

import os
import re
import time
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Frame, Page, expect

from jinfuyun.applications.models import Application
from tests import market
from tests.cast import Person
from tests.journeys.leaks import nothing_personal_left
from tests.journeys.steps import Town, authenticate, complete, log_in, log_in_staff, looks_right, press, register, sign

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]


@pytest.fixture
def boss(town: Town) -> dict[str, Any]:
    """Somebody of the province whose company trades all year, in Fuzhou."""
    return next(
        one
        for one in town.service.people
        if one["nature"] == "enterprise" and one["region"].startswith("3501") and one["story"] == "growing"
    )


@pytest.fixture
def loan(town: Town) -> str:
    """River Bank's loan, listed; its code."""
    return str(market.product(code="RIVER001", of=market.institution(market.RIVER)).code)


def test_from_registering_to_the_first_drawdown_and_back(
    town: Town, page: Page, boss: dict[str, Any], loan: str, visitors: Callable[..., Page],
    river_bank_officer: Person, river_bank_approver: Person, fuzhou_regulator: Person,
    record_property: Callable[[str, object], None],
) -> None:  # fmt: skip
    asked: list[str] = []
    went: list[Frame] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("framenavigated", lambda frame: went.append(frame))
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
    began = time.perf_counter()
    letter = sign(page, electricity=boss["electricity"]["account"])
    looks_right(page, "journey-letter-waiting")
    town.work()
    record_property("facts_seconds", time.perf_counter() - began)
    the_letter_can_be_checked_by_anyone(town, page, visitors(), letter)
    the_own_report_says_what_there_is(town, page)

    number = apply_for(town, page, loan)
    officer, approver = visitors(), visitors()
    log_in_staff(officer, town, "institution", river_bank_officer)
    log_in_staff(approver, town, "institution", river_bank_approver)
    the_bank_takes_it_in(officer, boss)
    report = the_bank_opens_the_report(officer)
    the_enterprise_sees_who_looked(town, page, river_bank_officer)
    the_bank_decides(town, officer, approver, number)
    the_enterprise_accepts(town, page, number)
    the_bank_pays(town, officer, page, number)
    the_regulator_counts_it(town, visitors(), fuzhou_regulator)
    the_consent_is_revoked(town, page, letter, officer, report)
    nothing_personal_left(town, boss, asked)
    record_property("pages", len(went))
    record_property("bare_seconds", to_the_emptiest_page(town, page, len(went)))


def to_the_emptiest_page(town: Town, page: Page, times: int) -> float:
    """Seconds, for who measures the journey beside it; once where nobody does."""
    began = time.perf_counter()
    for _ in range(times if os.environ.get("JOURNEY_UNSEEN") else 1):
        page.goto(town.url + "/healthz")
    return time.perf_counter() - began


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
    for chapter in ("summary", "basics", "invoices", "utilities"):
        assert page.locator(f"#{chapter}").is_visible(), chapter
    looks_right(page, "journey-own-report")
    assert page.request.get(page.url + "/pdf").body().startswith(b"%PDF")
    missing = page.locator("#missing")
    expect(missing.get_by_role("row", name=re.compile("用水"))).to_contain_text("未授权")


def apply_for(town: Town, page: Page, loan: str) -> str:
    """From the list of products to the application; its number."""
    page.goto(town.url + "/products")
    page.fill("[name=q]", "税易融")
    press(page, "查找")
    page.get_by_role("link", name="税易融").first.click()
    page.wait_for_url(f"**/products/{loan}")
    looks_right(page, "journey-product")
    page.get_by_role("link", name="申请此产品").click()
    looks_right(page, "journey-apply")
    press(page, "提交申请")
    expect(page.locator(".error-summary")).to_be_visible()
    looks_right(page, "journey-apply-empty")
    page.fill("[name=amount]", "80")
    page.fill("[name=term]", "12")
    page.select_option("[name=purpose]", "stock")
    page.get_by_role("button", name="提交申请").dblclick(no_wait_after=True)
    page.wait_for_url("**/my/applications/RZ*")
    looks_right(page, "journey-application")
    number = page.url.rpartition("/")[2]
    page.goto(town.url + "/my/applications")
    assert [one.number for one in Application.objects.all()] == [number], "two clicks are one application"
    looks_right(page, "journey-applications")
    return number


def the_bank_takes_it_in(officer: Page, boss: dict[str, Any]) -> None:
    looks_right(officer, "bank-home")
    officer.get_by_role("link", name="融资申请", exact=True).click()
    looks_right(officer, "bank-applications")
    officer.get_by_role("link", name=boss["name"]).first.click()
    officer.wait_for_url("**/bank/applications/RZ*")
    expect(officer.get_by_text(boss["phone"])).to_have_count(0)
    officer.fill("[name=caller_phone]", "")
    press(officer, "受理")
    expect(officer.locator(".error-summary")).to_be_visible()
    officer.fill("[name=caller_phone]", "0591-87000001")
    press(officer, "受理")
    expect(officer.get_by_text("已受理，企业已收到联系人姓名和电话")).to_be_visible()
    looks_right(officer, "bank-application")
    officer.fill("[name=note]", "已电话联系，约定周三下户")
    press(officer, "登记已对接")
    press(officer, "开始审批")
    expect(officer.get_by_text("已开始审批")).to_be_visible()


def the_bank_opens_the_report(officer: Page) -> str:
    """Its address."""
    officer.get_by_role("button", name="查询信用报告").click()
    officer.wait_for_url("**/bank/reports/BG*")
    for chapter in ("summary", "basics", "invoices", "utilities"):
        assert officer.locator(f"#{chapter}").is_visible(), chapter
    assert officer.locator("#missing").count() == 0
    looks_right(officer, "bank-report")
    assert officer.request.get(officer.url + "/pdf").body().startswith(b"%PDF")
    return officer.url


def the_enterprise_sees_who_looked(town: Town, page: Page, officer: Person) -> None:
    page.goto(town.url + "/my/access")
    looked = page.get_by_role("row").filter(has_text="查询信用报告").filter(has_text="闽江银行")
    expect(looked.first).to_contain_text("贷前审查")
    done = " ".join(page.locator("td:nth-child(2)").all_inner_texts())
    assert not re.search(r"[a-z]+\.[a-z_]+", done), "every line of the book is said in words"
    looks_right(page, "journey-access")
    page.goto(town.url + "/my")
    expect(page.get_by_text("闽江银行").first).to_be_visible()
    looks_right(page, "journey-home")


def the_bank_decides(town: Town, officer: Page, approver: Page, number: str) -> None:
    officer.goto(f"{town.url}/bank/applications/{number}")
    expect(officer.get_by_role("button", name="审批通过")).to_have_count(0)
    approver.goto(f"{town.url}/bank/applications/{number}")
    looks_right(approver, "bank-decision")
    approver.fill("[name=amount]", "80")
    approver.fill("[name=rate]", "39")
    press(approver, "审批通过")
    press(approver, "确认")
    expect(approver.locator(".error-summary")).to_be_visible()
    approver.fill("[name=rate]", "3.9")
    press(approver, "审批通过")
    press(approver, "确认")
    expect(approver.get_by_text("已批复，等待企业确认")).to_be_visible()
    looks_right(approver, "bank-approved")


def the_enterprise_accepts(town: Town, page: Page, number: str) -> None:
    page.goto(f"{town.url}/my/applications/{number}")
    looks_right(page, "journey-offer")
    press(page, "确认接受批复方案")
    press(page, "确认")
    expect(page.get_by_text("已确认批复方案")).to_be_visible()


def the_bank_pays(town: Town, officer: Page, page: Page, number: str) -> None:
    officer.reload()
    officer.fill("[name=contract_number]", "JK20260001")
    press(officer, "登记已签约")
    expect(officer.get_by_role("heading", name="首笔放款")).to_be_visible()
    officer.select_option("[name=is_first_loan]", "yes")
    press(officer, "登记首笔放款")
    expect(officer.get_by_text("首笔放款").first).to_be_visible()
    looks_right(officer, "bank-funded")
    page.goto(f"{town.url}/my/applications/{number}")
    looks_right(page, "journey-funded")
    press(page, "金额和利率无误")
    expect(page.get_by_text("已确认").first).to_be_visible()


def the_regulator_counts_it(town: Town, regulator: Page, person: Person) -> None:
    log_in_staff(regulator, town, "regulator", person)
    for label, figure in (("放款金额", "80"), ("企业已确认放款笔数", "1")):
        card = regulator.locator(".figure-card").filter(has=regulator.locator("dt", has_text=re.compile(f"^{label}$")))
        expect(card.locator(".figure-value")).to_contain_text(figure)
    looks_right(regulator, "regulator-overview")


def the_consent_is_revoked(town: Town, page: Page, letter: str, officer: Page, report: str) -> None:
    page.goto(f"{town.url}/my/consents/{letter}")
    page.get_by_role("link", name="撤回授权").click()
    expect(page.get_by_text("闽江银行").first).to_be_visible()
    looks_right(page, "journey-revoke")
    press(page, "确认撤回")
    expect(page.get_by_text("授权已撤销")).to_be_visible()
    assert officer.request.get(report).status == 403
    assert officer.request.get(report + "/pdf").status == 403
    officer.goto(report)
    looks_right(officer, "bank-report-refused")
    town.work()
    page.goto(town.url + "/my/access")
    expect(page.get_by_text("平台删除已采集的授权数据")).to_be_visible()
    page.goto(town.url + "/my/report")
    expect(page.get_by_text("没有生效的授权书")).to_be_visible()
    looks_right(page, "journey-report-after")
