"""A demand in a real browser: written, claimed by two banks, proposed, compared, chosen, and at the bank's desk."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, Route

from jinfuyun.demands import tasks
from jinfuyun.demands.models import Demand
from jinfuyun.kit.calendar import local_day
from tests.browser import axe, overflow, shoot
from tests.cast import Firm, Person, given
from tests.demands.stage import WANTED, bank, posted
from tests.web.inside import let_in

pytestmark = pytest.mark.browser


@pytest.fixture
def stage_set(committed_db: None, red_star: Firm, river_bank_officer: Person, hill_bank_officer: Person) -> None:
    given(red_star)
    bank("RIVER", 3), bank("HILL", 4)


def look(page: Page, name: str) -> None:
    shoot(page, f"demands-{name}")
    assert axe(page) == [], name
    assert overflow(page) == 0, name


def press(page: Page, label: str) -> None:
    page.get_by_role("button", name=label, exact=True).first.click()


def confirm(page: Page) -> None:
    page.get_by_role("dialog").get_by_role("button", name="确认", exact=True).click()


def writes(page: Page, site: str) -> str:
    """From nothing to a published demand; the draft is there before any button was pressed."""
    page.goto(f"{site}/my/demands")
    look(page, "none")
    held: list[Route] = []
    page.route("**/demands*.js", lambda route: held.append(route))  # a builtin is no handler there
    with page.expect_request("**/demands*.js"):
        page.get_by_role("link", name="发布融资需求").first.click()
    page.get_by_label("需要金额").fill("100")  # faster than the file that saves
    held[0].continue_()
    page.unroute("**/demands*.js")
    page.get_by_text("已自动保存草稿").wait_for()
    assert Demand.objects.get().amount_fen == 100_000_000
    press(page, "发布需求")
    confirm(page)
    page.get_by_role("alert").wait_for()
    look(page, "new-wrong")
    page.get_by_label("期限", exact=False).first.fill("12")
    page.get_by_label("用途").first.select_option("stock")
    page.get_by_label("信用", exact=True).check()
    page.get_by_label("新增", exact=True).check()
    press(page, "发布需求")
    confirm(page)
    page.wait_for_url("**/my/demands/XQ*")
    look(page, "open")
    return page.url.rsplit("/", 1)[1]


def proposes(page: Page, site: str, number: str, rate: str, product: str) -> None:
    page.goto(f"{site}/bank/demands")
    look(page, "market")
    page.get_by_role("link", name="查看").first.click()
    look(page, "to-claim")
    assert "红星" not in page.content()
    press(page, "抢单")
    page.get_by_text("抢单成功").wait_for()
    press(page, "提交意向方案")
    page.get_by_role("alert").wait_for()
    look(page, "proposal-wrong")
    page.get_by_label("对应产品").select_option(product)
    page.get_by_label("年化利率", exact=False).first.fill(rate)
    page.get_by_label("还款方式").select_option("interest_monthly")
    page.get_by_label("还需要企业提供").fill("近三个月主要购销合同")
    press(page, "提交意向方案")
    page.get_by_text("意向方案已提交").wait_for()
    look(page, "proposal")


def chooses(page: Page, site: str, number: str) -> None:
    page.goto(f"{site}/my/demands/{number}")
    look(page, "sealed")
    press(page, "同意透露名称和联系方式")
    confirm(page)
    for _ in range(2):
        press(page, "打开方案")
        page.get_by_text("方案已打开").wait_for()
    look(page, "opened")
    page.get_by_role("link", name="并排比较方案").click()
    page.get_by_role("button", name="打印").wait_for()
    look(page, "compare")
    page.goto(f"{site}/my/demands/{number}")
    press(page, "选定这家")
    confirm(page)
    page.wait_for_url("**/my/applications/RZ*")


@pytest.mark.parametrize("kind", ["page", pytest.param("phone", marks=pytest.mark.deep)])
def test_from_a_demand_to_an_application(
    site: str, stage_set: None, red_star: Firm, red_star_owner: Person, river_bank_officer: Person,
    hill_bank_officer: Person, fuzhou_regulator: Person, kind: str, request: pytest.FixtureRequest,
) -> None:  # fmt: skip
    page: Page = request.getfixturevalue(kind)
    let_in(page, site, red_star_owner, uscc=red_star.uscc)
    number = writes(page, site)
    for person, rate, product in ((river_bank_officer, "3.9", "RIVER001"), (hill_bank_officer, "3.6", "HILL001")):
        let_in(page, site, person)
        proposes(page, site, number, rate, product)
    let_in(page, site, red_star_owner, uscc=red_star.uscc)
    chooses(page, site, number)
    application = page.url.rsplit("/", 1)[1]
    chosen = Demand.objects.get().application
    assert chosen is not None
    assert chosen.number == application
    page.goto(f"{site}/my/demands/{number}")
    look(page, "chosen")
    let_in(page, site, river_bank_officer if chosen.institution.code == "RIVER" else hill_bank_officer)
    page.goto(f"{site}/bank/applications/{application}")
    page.get_by_text("红星示例机械厂").first.wait_for()
    page.goto(f"{site}/bank/")
    look(page, "bank-home")


def unclaimed(firm: Firm) -> None:
    """A demand of three weeks ago that no bank took."""
    long_ago, until = timezone.now() - timedelta(days=20), local_day(timezone.now()) + timedelta(days=10)
    posted(firm, replace(WANTED, open_until=until, securities=("pledge",)), at=long_ago)
    tasks.tend(at=timezone.now())


def called_back(page: Page, site: str) -> None:
    page.goto(f"{site}/regulator/demands")
    look(page, "regulator")
    press(page, "回访")
    confirm(page)
    page.get_by_text("本次查看已写入账本").wait_for()
    look(page, "call-back")


@pytest.mark.deep
@pytest.mark.parametrize("kind", ["page", "phone"])
def test_what_waits_too_long_is_called_back_by_the_regulator(
    site: str, stage_set: None, red_star: Firm, fuzhou_regulator: Person, kind: str, request: pytest.FixtureRequest
) -> None:
    page = request.getfixturevalue(kind)
    unclaimed(red_star)
    let_in(page, site, fuzhou_regulator)
    called_back(page, site)
