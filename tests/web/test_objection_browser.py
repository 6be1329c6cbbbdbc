"""The score is disputed from the report and answered at the operators' desk, in a real browser at both widths."""

import pytest
from playwright.sync_api import Page, expect

from jinfuyun.kit.grant import Category
from tests.browser import axe, overflow, shoot
from tests.cast import Firm, Person, given
from tests.disputes.stage import report_of
from tests.reports.test_scoring import lines
from tests.web.inside import let_in

pytestmark = pytest.mark.browser
OWN = "BG20260302000001"


def look(page: Page, name: str) -> None:
    shoot(page, f"objections-{name}")
    assert axe(page) == [], name
    assert overflow(page) == 0, name


def press(page: Page, label: str) -> None:
    page.get_by_role("button", name=label, exact=True).first.click()


@pytest.mark.parametrize("kind", ["page", pytest.param("phone", marks=pytest.mark.deep)])
def test_from_the_score_to_the_operators_answer(
    site: str, red_star: Firm, red_star_owner: Person, operator: Person, kind: str, request: pytest.FixtureRequest
) -> None:
    page: Page = request.getfixturevalue(kind)
    consent = given(red_star, utilities=(Category.ELECTRICITY,))
    report_of(red_star, number=OWN, consent_number=consent.number, score=lines(0))
    let_in(page, site, red_star_owner, uscc=red_star.uscc)
    page.goto(f"{site}/my/reports/{OWN}")
    look(page, "report")
    page.locator("#score-card").get_by_role("link", name="对此数据提出异议").click()
    page.get_by_label("为什么认为有误").fill("开票销售重复计入了一次更正申报。")
    look(page, "new")
    press(page, "提交异议")
    page.wait_for_url("**/my/disputes/YY*")
    number = page.url.rsplit("/", 1)[1]
    look(page, "mine")
    page.goto(f"{site}/my/reports/{OWN}")
    expect(page.locator("#score-card").get_by_text("异议处理中")).to_be_visible()
    let_in(page, site, operator)
    page.goto(f"{site}/operator/objections")
    look(page, "desk")
    page.goto(f"{site}/operator/objections/{number}")
    look(page, "one")
    press(page, "开始核查")
    page.get_by_text("已开始核查").wait_for()
    press(page, "答复企业")
    page.get_by_role("dialog").get_by_role("button", name="确认", exact=True).click()
    page.get_by_role("alert").first.wait_for()
    look(page, "wrong")
    page.get_by_label("已说明，数据不变").check()
    page.get_by_label("书面答复").fill("更正申报按规则只计一次，评分卡没有重复计入。")
    press(page, "答复企业")
    page.get_by_role("dialog").get_by_role("button", name="确认", exact=True).click()
    page.get_by_text("已书面答复").wait_for()
    look(page, "answered")
    page.goto(f"{site}/sandbox/")
    look(page, "sandbox")
    press(page, "开启自动办理")
    press(page, "停用自动办理")
    expect(page.get_by_role("button", name="开启自动办理")).to_be_visible()
