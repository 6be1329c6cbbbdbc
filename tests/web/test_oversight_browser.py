"""督办, a complaint and a look at an enterprise in a real browser: each page at both widths, axe, no overflow."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page

from jinfuyun.applications.models import Application
from tests import market
from tests.browser import axe, overflow, shoot
from tests.cast import Firm, Person, given
from tests.oversight.conftest import regulator
from tests.web.inside import let_in

pytestmark = pytest.mark.browser


@pytest.fixture
def late(committed_db: None, red_star: Firm) -> Application:
    given(red_star)
    market.product(code="RIVER001", of=market.institution(market.RIVER))
    return market.applied(red_star, at=timezone.now() - timedelta(days=20))


def look(page: Page, name: str) -> None:
    shoot(page, f"oversight-{name}")
    assert axe(page) == [], name
    assert overflow(page) == 0, name


def press(page: Page, label: str, *, sure: bool = False) -> None:
    page.get_by_role("button", name=label, exact=True).first.click()
    if sure:
        page.get_by_role("dialog").get_by_role("button", name="确认", exact=True).click()


def regulator_sends(page: Page, site: str) -> None:
    page.goto(f"{site}/regulator/late")
    look(page, "late")
    press(page, "回访", sure=True)
    page.get_by_text("13800000001").first.wait_for()
    look(page, "call-back")
    page.get_by_role("link", name="督办", exact=True).last.click()
    press(page, "发出督办", sure=True)
    page.get_by_role("alert").wait_for()
    look(page, "note-new")
    page.get_by_label("督办意见").fill("受理已超时，请说明原因并尽快联系企业。")
    press(page, "发出督办", sure=True)
    page.get_by_text("已发出，机构已收到通知").wait_for()
    look(page, "notes")


def bank_answers(page: Page, site: str, what: str, answer: str, button: str) -> None:
    page.goto(f"{site}/bank/{what}")
    look(page, f"bank-{what}")
    page.locator("td.act a").first.click()
    page.get_by_label("书面答复").fill(answer)
    look(page, f"bank-{what}-one")
    press(page, button, sure=True)
    page.get_by_text("已书面答复").first.wait_for()


def regulator_returns_and_closes(page: Page, site: str) -> None:
    page.goto(f"{site}/regulator/notes?tray=answered")
    page.locator("td.act a").first.click()
    look(page, "note-answered")
    press(page, "办结", sure=True)
    page.get_by_text("已办结，机构已收到通知").wait_for()


def enterprise_complains(page: Page, site: str, late: Application) -> None:
    page.goto(f"{site}/my/complaints")
    look(page, "complaints-none")
    page.goto(f"{site}/my/applications/{late.number}")
    page.get_by_role("link", name="投诉这笔申请的办理").click()
    press(page, "提交投诉")
    page.get_by_role("alert").wait_for()
    look(page, "complaint-new")
    page.get_by_label("办理拖延、无人联系").check()
    page.get_by_label("事情经过和诉求").fill("提交后三周没有人联系，请尽快受理。")
    page.get_by_label("证明材料").set_input_files(
        {"name": "催办记录.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 x"}
    )
    press(page, "提交投诉")
    page.wait_for_url("**/my/complaints/TS*")
    look(page, "complaint-mine")


def enterprise_goes_up(page: Page, site: str) -> None:
    page.goto(f"{site}/my/complaints")
    look(page, "complaints")
    page.get_by_role("link", name="查看并评价").first.click()
    look(page, "complaint-answered")
    page.get_by_text("我要上报").click()
    page.get_by_label("为什么不认可").fill("仍然没有人联系。")
    press(page, "上报管理部门")
    page.get_by_text("已上报所在地金融管理部门").wait_for()


def regulator_settles(page: Page, site: str) -> None:
    page.goto(f"{site}/regulator/complaints?tray=raised")
    look(page, "regulator-complaints")
    page.locator("td.act a").first.click()
    page.get_by_label("书面答复").fill("已约谈该行，申请今日受理。")
    look(page, "regulator-complaint")
    press(page, "答复企业", sure=True)
    page.get_by_text("已书面答复").first.wait_for()


def regulator_looks(page: Page, site: str, firm: Firm) -> None:
    page.goto(f"{site}/regulator/looks")
    press(page, "登记查阅", sure=True)
    page.get_by_role("alert").wait_for()
    look(page, "looks")
    page.get_by_label("统一社会信用代码或企业全称").fill(firm.uscc)
    page.get_by_label("案号或文号").fill("闽金监案〔2026〕7 号")
    page.get_by_label("查阅事由").fill("核查骗取贴息的举报。")
    press(page, "登记查阅", sure=True)
    page.wait_for_url("**/regulator/looks/CY*")
    look(page, "look")
    press(page, "打开查阅")
    page.get_by_text("本次查阅已写入账本").wait_for()
    look(page, "look-opened")


BOTH = pytest.mark.parametrize("kind", ["page", pytest.param("phone", marks=pytest.mark.deep)])


@BOTH
def test_from_a_late_application_to_a_note_and_a_look(
    site: str, late: Application, red_star: Firm, red_star_owner: Person, river_bank_officer: Person, kind: str,
    request: pytest.FixtureRequest,
) -> None:  # fmt: skip
    page: Page = request.getfixturevalue(kind)
    watcher = regulator("350100", 1, "榕监管")
    let_in(page, site, watcher)
    regulator_sends(page, site)
    let_in(page, site, river_bank_officer)
    bank_answers(page, site, "notes", "已由支行受理并联系企业。", "提交答复")
    let_in(page, site, watcher)
    regulator_returns_and_closes(page, site)
    regulator_looks(page, site, red_star)
    let_in(page, site, red_star_owner, uscc=red_star.uscc)
    page.goto(f"{site}/my/access")
    page.get_by_text("核查骗取贴息的举报").wait_for()
    look(page, "access")


@BOTH
def test_from_a_complaint_to_a_rated_answer(
    site: str, late: Application, red_star: Firm, red_star_owner: Person, river_bank_officer: Person, kind: str,
    request: pytest.FixtureRequest,
) -> None:  # fmt: skip
    page: Page = request.getfixturevalue(kind)
    watcher = regulator("350100", 1, "榕监管")
    owner = {"person": red_star_owner, "uscc": red_star.uscc}
    let_in(page, site, **owner)
    enterprise_complains(page, site, late)
    let_in(page, site, river_bank_officer)
    page.goto(f"{site}/bank")
    look(page, "bank-home")
    bank_answers(page, site, "complaints", "已致歉并安排专人对接。", "答复企业")
    let_in(page, site, **owner)
    enterprise_goes_up(page, site)
    let_in(page, site, watcher)
    regulator_settles(page, site)
    let_in(page, site, **owner)
    page.goto(f"{site}/my/complaints")
    page.get_by_role("link", name="查看并评价").first.click()
    page.get_by_label("满意", exact=True).check()
    press(page, "提交评价")
    page.get_by_text("谢谢您的评价").wait_for()
    look(page, "complaint-closed")
