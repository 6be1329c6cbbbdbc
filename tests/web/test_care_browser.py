"""Care for applications in a real browser at both widths: papers, giving away, appeal, calendar; looked at by axe."""

from datetime import timedelta

import pytest
from django.utils import timezone

from jinfuyun.applications import actions
from jinfuyun.workdays import actions as workdays
from jinfuyun.workdays.rules import Draft, days_of
from tests import market
from tests.browser import axe, overflow, shoot
from tests.cast import given
from tests.market import RIVER, applied
from tests.web.inside import let_in

pytestmark = pytest.mark.browser
PDF = {"name": "合同.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7\n%%EOF\n"}


@pytest.fixture
def refused(committed_db, red_star, river_bank_officer, river_bank_approver):
    """Refused by the first approver; another product of another bank would take the wish."""
    market.product(code="RIVER001", of=market.institution(RIVER))
    market.product(code="RIVER002", of=market.institution(RIVER))
    market.product(code="HILL001", of=market.institution(market.HILL))
    given(red_star)
    applied(red_star, product_code="RIVER002", at=timezone.now() - timedelta(days=12))
    by, at = river_bank_officer.actor, timezone.now()
    application = applied(red_star, at=at)
    actions.accept(application=application, caller_name="江经理", caller_phone="95588", by=by, at=at)
    actions.contact(application=application, note="已电话联系", by=by, at=at)
    actions.review(application=application, by=by, at=at)
    actions.reject(application=application, refusal=actions.Refused("credit"), by=river_bank_approver.actor, at=at)
    return application


def look(page, name: str) -> None:
    assert axe(page) == [], name
    assert overflow(page) == 0, name
    shoot(page, name)


def confirm(page) -> None:
    page.get_by_role("dialog").get_by_role("button", name="确认", exact=True).click()


def appeal(page, site, number: str) -> None:
    page.goto(f"{site}/my/applications/{number}")
    page.get_by_text("我不同意，申请复议").click()
    page.get_by_label("理由").fill("新签了三百万元的订单合同")
    look(page, "care-refused")
    page.get_by_role("button", name="申请复议").click()
    page.get_by_text("复议中").first.wait_for()
    page.get_by_role("link", name="查看和上传材料").click()
    page.get_by_label("是什么材料").fill("订单合同")
    page.get_by_label("文件", exact=False).last.set_input_files(PDF)
    page.get_by_role("button", name="上传").click()
    page.get_by_text("材料已加密保存").wait_for()
    look(page, "care-documents")


def decide_again(page, site, number: str) -> None:
    page.goto(f"{site}/bank/applications/{number}")
    look(page, "care-appeal")
    page.get_by_label("复议意见").first.fill("订单属实，恢复审批")
    page.get_by_role("button", name="撤回原决定，恢复审批").click()
    confirm(page)
    page.get_by_text("已恢复审批").wait_for()


def give_away(page, site) -> None:
    page.goto(f"{site}/bank/assigning")
    look(page, "care-assigning")
    page.get_by_role("button", name="转派").first.click()
    page.get_by_text("接手的同事已收到消息").wait_for()


def keep_calendar(page, site, operator) -> None:
    year = timezone.localdate().year + 1
    days = days_of(f"{year}-01-01\n{year}-02-05 至 {year}-02-12\n{year}-10-01 至 {year}-10-07")
    assert days is not None
    draft = Draft(year, "示例通知〔2026〕1号", days, ())
    workdays.propose(draft=draft, by=operator.actor, at=timezone.now())
    page.goto(f"{site}/operator/calendar")
    look(page, "care-calendar")
    page.get_by_role("button", name="核对无误，生效").click()
    confirm(page)
    page.get_by_text("在途时限将按新的日历重算").wait_for()


@pytest.mark.parametrize("width", ["page", pytest.param("phone", marks=pytest.mark.deep)])
def test_a_refusal_is_looked_at_again_and_what_is_late_is_given_away(
    request, width, site, refused, red_star, red_star_owner, river_bank_admin, river_bank_second_approver, operator,
    second_operator,
):  # fmt: skip
    window = request.getfixturevalue(width)
    let_in(window, site, red_star_owner, uscc=red_star.uscc)
    appeal(window, site, refused.number)
    let_in(window, site, river_bank_second_approver)
    decide_again(window, site, refused.number)
    let_in(window, site, river_bank_admin)
    give_away(window, site)
    let_in(window, site, second_operator)
    keep_calendar(window, site, operator)
