"""A product from an empty form to the market in a real browser: kept by itself, row by row, seen by a colleague."""

import pytest
from django.utils import timezone

from jinfuyun.accounts.models import SignIn
from jinfuyun.products.models import Unfinished
from tests import market
from tests.browser import axe, overflow, shoot
from tests.market import RIVER
from tests.web.inside import let_in

pytestmark = pytest.mark.browser
NEW = "/bank/products/new"
PATIENCE_MS = 30_000  # the page counts enterprises by itself while it is filled in, beside other work slowly


@pytest.fixture
def people(committed_db, river_bank_product_manager, river_bank_admin, operator):
    market.institution(RIVER)
    market.product(code="RIVER777", of=market.institution(RIVER))
    return river_bank_product_manager, river_bank_admin, operator


def look(page, name: str) -> None:
    assert axe(page) == [], name
    assert overflow(page) == 0, name
    shoot(page, name)


def fill(page) -> None:
    """Everything but the rows."""
    for label, text in (
        ("产品名称", "票链贷"), ("一句话介绍", "开票稳定的小微企业，凭销项发票核额度。"), ("咨询电话", "0591-87000003"),
        ("最低额度", "1"), ("最高额度", "500"), ("最短期限", "1"), ("最长期限", "12"), ("最低年化利率", "3.5"),
        ("最高年化利率", "4.5"), ("受理时限", "1"), ("审批时限", "5"), ("签约放款时限", "5"),
    ):  # fmt: skip
        page.get_by_label(text=label, exact=False).first.fill(text)
    for label, value in (
        ("产品类型", "working_capital"), ("还款频率", "monthly"), ("支用方式", "revolving"), ("提前还款", "free"),
    ):  # fmt: skip
        page.get_by_label(label, exact=False).first.select_option(value)
    for name, value in (
        ("securities", "guarantee"), ("repayments", "interest_monthly"), ("borrowers", "company"),
        ("categories", "invoices"),
    ):  # fmt: skip
        page.locator(f"input[name={name}][value={value}]").check()


def rows(page) -> None:
    """A number, words, and a fee; each made anew by the server while the rest stays as it was typed."""
    conditions = page.locator("#conditions")
    conditions.get_by_label("比较什么").select_option("invoiced_sales_r12")
    conditions.get_by_text("万元", exact=True).wait_for()
    conditions.get_by_label("数值").fill("200")
    conditions.get_by_role("button", name="加一条条件").click()
    conditions.get_by_label("比较什么").nth(1).wait_for()
    page.locator("#conditions:not(.htmx-added)").wait_for()  # what came is listened to a moment after it is seen
    conditions.get_by_label("比较什么").nth(1).select_option("tax_grade")
    conditions.get_by_label("A 级").check()
    conditions.get_by_role("button", name="加一条条件").click()
    conditions.get_by_role("button", name="第 3 条条件").click()
    conditions.locator("fieldset.form-rows").nth(2).wait_for(state="detached")
    fees = page.locator("#fees")
    fees.get_by_role("button", name="加一条费用").click()
    fees.get_by_label("费用", exact=False).first.select_option("appraisal")
    fees.get_by_label("怎样计收").select_option("once_fen")
    fees.get_by_label("数额").fill("3000")
    fees.get_by_label("由谁收取").fill("评估机构收取，本行承担")


def write(page, site) -> str:
    page.goto(site + NEW)
    look(page, "product-new")
    fill(page)
    rows(page)
    page.get_by_text("已保存 ").wait_for()
    page.locator("#fit").get_by_role("button", name="测算").click()
    page.get_by_text("户符合", exact=False).last.wait_for()
    look(page, "product-filled")
    page.get_by_role("button", name="检查并存为草稿").last.click()
    page.get_by_text("小型、微型企业不得承担评估费").first.wait_for()
    look(page, "product-refused")
    page.locator("#fees").get_by_label("由谁承担").select_option("institution")
    page.get_by_role("button", name="检查并存为草稿").last.click()
    page.wait_for_url("**/bank/products/RIVER-*")
    look(page, "product-draft")
    address = page.url
    page.get_by_role("button", name="提交复核").click()
    page.get_by_role("dialog").get_by_role("button", name="确认", exact=True).click()
    page.get_by_text("等待本机构另一位").wait_for()
    return address


def walk(page, site, people) -> None:
    page.set_default_timeout(PATIENCE_MS)
    manager, admin, operator = people
    let_in(page, site, manager)
    address = write(page, site)
    let_in(page, site, admin)
    page.goto(site + "/bank/products")
    look(page, "product-to-confirm")
    page.goto(address)
    look(page, "product-second-eyes")
    page.get_by_role("button", name="复核通过").click()
    page.get_by_role("dialog").get_by_role("button", name="确认", exact=True).click()
    page.get_by_text("平台正在审核").wait_for()
    let_in(page, site, operator)
    page.goto(f"{site}/operator/products/{address.rsplit('/', 1)[1]}/1")
    look(page, "product-operator")
    page.get_by_role("button", name="审核通过，上架").click()
    page.get_by_role("dialog").get_by_role("button", name="确认", exact=True).click()
    page.get_by_text("审核通过，已上架").wait_for()
    market_of = f"{site}/products/{address.rsplit('/', 1)[1]}"
    for name, place in (("product-public", market_of), ("product-history", market_of + "/history")):
        page.goto(place)
        look(page, name)


def test_a_session_that_ends_meanwhile_loses_nothing(site, people, page):
    """Seen red: the page of before went on trying in silence, and its button led to the login page without a word."""
    manager = people[0]
    let_in(page, site, manager)
    page.goto(site + NEW)
    SignIn.objects.update(ended_at=timezone.now())
    page.get_by_label("产品名称").fill("票链贷")
    page.get_by_text("登录已结束，暂未保存").wait_for()
    page.get_by_role("button", name="检查并存为草稿").last.click()
    page.locator("#fees").get_by_role("button", name="加一条费用").click()
    look(page, "product-signed-out")
    assert page.get_by_label("产品名称").input_value() == "票链贷" and page.url == site + NEW
    assert page.locator("#fees").count() == 1 and not Unfinished.objects.exists()
    let_in(page, site, manager)
    page.get_by_text("已保存 ").wait_for()
    assert Unfinished.objects.get().typed["name"] == "票链贷"
    page.get_by_role("button", name="检查并存为草稿").last.click()
    page.get_by_text("请填写一句话介绍", exact=False).first.wait_for()


@pytest.mark.deep
def test_at_desk_width(site, people, page):
    walk(page, site, people)


def test_on_a_phone(site, people, phone):
    walk(phone, site, people)


def test_what_is_typed_outlives_a_broken_line(site, people, page):
    """The page says that it is not saved, tries again by itself, and is there in full the next time."""
    let_in(page, site, people[0])
    page.goto(site + NEW)
    page.context.set_offline(True)
    page.get_by_label("产品名称").fill("断网时写的")
    page.get_by_text("内容还在本页").wait_for()
    page.context.set_offline(False)
    page.get_by_text("已保存 ").wait_for()
    page.goto(site + "/bank/products")
    page.get_by_role("link", name="继续填写").click()
    assert page.get_by_label("产品名称").input_value() == "断网时写的"
