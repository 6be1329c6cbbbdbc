"""The mechanism in a real browser: declared, judged, recommended, answered; visited, aimed at, gathered in a zone."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page

from jinfuyun.coordination.models import Declaration
from tests.browser import axe, overflow, shoot
from tests.cast import Firm, Person
from tests.coordination.stage import agreeing, recommended
from tests.coordination.stage import answers as answer
from tests.demands.stage import bank
from tests.market import WAN
from tests.web.inside import let_in

pytestmark = pytest.mark.browser


@pytest.fixture
def stage_set(committed_db: None, red_star: Firm, river_bank_officer: Person, fuzhou_regulator: Person) -> None:
    agreeing(red_star)
    bank("RIVER", 3), bank("HILL", 4)


def look(page: Page, name: str) -> None:
    shoot(page, f"coordination-{name}")
    assert axe(page) == [], name
    assert overflow(page) == 0, name


def press(page: Page, label: str, *, sure: bool = False) -> None:
    page.get_by_role("button", name=label, exact=True).first.click()
    if sure:
        page.get_by_role("dialog").get_by_role("button", name="确认", exact=True).click()


def fill_wish(page: Page) -> None:
    page.get_by_label("需要金额").fill("100")
    page.get_by_label("期限", exact=False).first.fill("12")
    page.get_by_label("用途", exact=False).first.select_option("stock")


def declares(page: Page, site: str) -> None:
    page.goto(f"{site}/my/demands")
    page.get_by_role("link", name="融资协调机制").click()
    press(page, "列入申报清单")
    page.get_by_role("alert").wait_for()
    look(page, "declare-wrong")
    fill_wish(page)
    press(page, "列入申报清单")
    page.get_by_text("已列入申报清单").wait_for()
    look(page, "declared")


def recommends(page: Page, site: str) -> None:
    page.goto(f"{site}/regulator/coordination")
    look(page, "lists")
    page.locator("td.act a").first.click()
    press(page, "记下判断")
    page.get_by_role("alert").wait_for()
    look(page, "judge-wrong")
    for field in page.locator("input[name$=_note]").all():
        field.fill("现场核对无异常")
    for one in page.get_by_label("符合", exact=True).all():
        one.check()
    press(page, "记下判断")
    page.get_by_text("已记下五项判断").wait_for()
    page.get_by_label("RIVER示例银行").check()
    look(page, "judged")
    press(page, "列入推荐清单", sure=True)
    page.get_by_text("已推荐，机构应在一个月内答复").wait_for()
    look(page, "recommended")


def answers(page: Page, site: str) -> None:
    page.goto(f"{site}/bank/recommendations")
    look(page, "desk")
    page.locator("td.act a").first.click()
    look(page, "waiting")
    press(page, "登记已对接")
    page.get_by_text("已登记对接").wait_for()
    page.get_by_label("授信金额").fill("80")
    look(page, "contacted")
    press(page, "答复：授信", sure=True)
    page.get_by_text("已答复授信").wait_for()
    look(page, "granted")


def visits(page: Page, site: str) -> None:
    page.goto(f"{site}/regulator/coordination/new")
    page.get_by_label("企业名称或统一社会信用代码").fill("红星")
    press(page, "查找")
    look(page, "look-up")
    page.goto(f"{site}/regulator/coordination/visits")
    look(page, "visits-none")
    page.get_by_role("link", name="计划走访").click()
    press(page, "列入计划")
    page.get_by_role("alert").wait_for()
    look(page, "visit-wrong")
    page.get_by_label("企业名称", exact=False).first.fill("示例商行")
    page.get_by_label("所属县（市、区）").select_option("350111")
    page.get_by_label("走访人").fill("榕走访")
    page.get_by_label("计划日期").fill(f"{timezone.localdate()}")
    press(page, "列入计划")
    page.get_by_text("已列入走访计划").wait_for()
    look(page, "visits")
    page.locator("td.act a").first.click()
    page.get_by_label("需求类型").select_option("none")
    look(page, "visit")
    press(page, "记录结果")
    page.get_by_text("已记录走访结果").wait_for()
    page.goto(f"{site}/regulator/coordination/visits/sheet")
    look(page, "visit-sheet")


def aims(page: Page, site: str) -> None:
    page.goto(f"{site}/regulator/coordination/targets")
    page.get_by_label("指标").select_option("recommended_fen")
    page.get_by_label("目标值", exact=False).first.fill("100")
    press(page, "设定")
    page.get_by_text("目标已设定").wait_for()
    page.get_by_text("目标的 80.00%").wait_for()
    look(page, "targets")


def gathers(page: Page, site: str) -> None:
    page.goto(f"{site}/regulator/zones/new")
    press(page, "保存")
    page.get_by_role("alert").wait_for()
    today = timezone.localdate()
    for label, text in (
        ("标题", "春茶备货专区"), ("网址名", "spring-tea"), ("说明", "面向春茶收购和加工的小微企业，集中对接备货贷款"),
        ("开始日期", f"{today}"), ("结束日期", f"{today + timedelta(days=30)}"), ("选定的产品", "RIVER001"),
    ):  # fmt: skip
        page.get_by_label(label, exact=False).first.fill(text)
    press(page, "保存")
    page.get_by_text("已保存").wait_for()
    look(page, "zone-draft")
    press(page, "发布", sure=True)
    page.get_by_text("已发布，在起止日期内公开").wait_for()
    page.goto(f"{site}/regulator/zones")
    look(page, "zones-kept")
    page.goto(f"{site}/zones")
    look(page, "zones")
    page.get_by_role("link", name="春茶备货专区").first.click()
    look(page, "zone")
    page.goto(f"{site}/")
    page.get_by_role("heading", name="正在进行的专区").wait_for()
    look(page, "home")


@pytest.mark.parametrize("screen", ["page", pytest.param("phone", marks=pytest.mark.deep)])
def test_the_mechanism_from_the_click_to_the_credit(
    request, screen, stage_set, site, red_star, red_star_owner, fuzhou_regulator, river_bank_officer
):
    page = request.getfixturevalue(screen)
    let_in(page, site, red_star_owner, uscc=red_star.uscc)
    declares(page, site)
    let_in(page, site, fuzhou_regulator)
    recommends(page, site)
    let_in(page, site, river_bank_officer)
    answers(page, site)
    let_in(page, site, red_star_owner, uscc=red_star.uscc)
    page.goto(f"{site}/my/coordination/{Declaration.objects.get().number}")
    page.get_by_text("授信 80 万元").first.wait_for()
    look(page, "own")


@pytest.mark.deep
@pytest.mark.parametrize("screen", ["page", "phone"])
def test_visits_targets_and_a_zone(request, screen, stage_set, site, red_star, red_star_owner, fuzhou_regulator):
    page, at = request.getfixturevalue(screen), timezone.now()
    answer(recommended(red_star, "RIVER", at=at), "RIVER", "contact", "grant", granted_fen=80 * WAN, at=at)
    let_in(page, site, fuzhou_regulator)
    visits(page, site)
    aims(page, site)
    gathers(page, site)
    let_in(page, site, red_star_owner, uscc=red_star.uscc)
    page.goto(f"{site}/my/coordination")
    look(page, "own-list")
    page.goto(f"{site}/my/matching?zone=spring-tea")
    page.get_by_text("只看专区").wait_for()
    look(page, "matching")
