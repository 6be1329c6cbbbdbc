"""From applying to the first money in a real browser, at both widths; every page looked at by axe."""

import pytest

from tests import market
from tests.browser import axe, overflow, shoot
from tests.cast import given
from tests.market import RIVER
from tests.web.inside import let_in

pytestmark = pytest.mark.browser


@pytest.fixture
def prepared(committed_db, red_star, red_star_owner, river_bank_officer, river_bank_approver):
    market.product(code="RIVER001", of=market.institution(RIVER))
    given(red_star)
    return red_star


def look(page, name: str) -> None:
    assert axe(page) == [], name
    assert overflow(page) == 0, name
    shoot(page, name)


def confirm(page) -> None:
    page.get_by_role("dialog").get_by_role("button", name="确认", exact=True).click()


def walk(page, site, firm, owner, officer, approver) -> None:
    """The enterprise, the officer and the approver by turns, in one browser."""
    let_in(page, site, owner, uscc=firm.uscc)
    number = apply(page, site)
    desk, mine = f"{site}/bank/applications/{number}", f"{site}/my/applications/{number}"
    let_in(page, site, officer)
    take_on(page, site, desk)
    let_in(page, site, owner, uscc=firm.uscc)
    page.goto(mine)
    look(page, "application-caller")
    let_in(page, site, approver)
    decide(page, desk)
    let_in(page, site, owner, uscc=firm.uscc)
    page.goto(mine)
    look(page, "application-offer")
    page.get_by_role("button", name="确认接受批复方案").click()
    confirm(page)
    page.get_by_text("机构将与您签订合同").wait_for()
    let_in(page, site, officer)
    lend(page, desk)
    let_in(page, site, owner, uscc=firm.uscc)
    page.goto(mine)
    look(page, "application-funded")
    page.get_by_role("button", name="金额和利率无误").click()
    page.get_by_text("已确认").first.wait_for()
    page.goto(site + "/my/applications")
    look(page, "applications")


def apply(page, site) -> str:
    """From the product's page to the application; returns its number."""
    page.goto(site + "/products/RIVER001")
    page.get_by_role("link", name="申请此产品").click()
    page.get_by_role("button", name="提交申请").click()
    page.get_by_role("alert").wait_for()
    look(page, "apply-empty")
    page.get_by_label("申请金额").fill("100")
    page.get_by_label("期限").fill("12")
    page.get_by_label("用途", exact=False).first.select_option("stock")
    look(page, "apply")
    page.get_by_role("button", name="提交申请").click()
    page.wait_for_url("**/my/applications/RZ*")
    look(page, "application-submitted")
    return page.url.rsplit("/", 1)[1]


def take_on(page, site, desk) -> None:
    for name, address in (("bank-home", site + "/bank/"), ("bank-inbox", site + "/bank/applications")):
        page.goto(address)
        look(page, name)
    page.goto(desk)
    look(page, "bank-intake")
    page.get_by_role("button", name="受理", exact=True).click()
    page.get_by_label("对接情况").fill("已电话联系，约定周三下户")
    page.get_by_role("button", name="登记已对接").click()
    page.get_by_role("button", name="开始审批").click()
    page.get_by_text("要求补件").wait_for()


def decide(page, desk) -> None:
    page.goto(desk)
    page.get_by_text("不通过", exact=True).first.click()
    look(page, "bank-decide")
    page.get_by_label("年化利率").fill("3.9")
    page.get_by_role("button", name="审批通过").click()
    confirm(page)
    page.get_by_text("等待企业确认").wait_for()


def lend(page, desk) -> None:
    page.goto(desk)
    page.get_by_label("合同号").fill("JK20260001")
    page.get_by_role("button", name="登记已签约").click()
    page.get_by_label("是否首贷户").select_option("yes")
    look(page, "bank-fund")
    page.get_by_role("button", name="登记首笔放款").click()
    page.get_by_text("等待企业核对").wait_for()


def test_from_applying_to_the_first_money(
    site, prepared, page, red_star_owner, river_bank_officer, river_bank_approver
):
    walk(page, site, prepared, red_star_owner, river_bank_officer, river_bank_approver)


def test_the_same_on_a_phone(site, prepared, phone, red_star_owner, river_bank_officer, river_bank_approver):
    walk(phone, site, prepared, red_star_owner, river_bank_officer, river_bank_approver)
