"""Loans in a real browser, at both widths: each page looked at, axe, nothing wider than the screen."""

import pytest
from playwright.sync_api import Page

from tests import market
from tests.browser import axe, overflow, shoot
from tests.cast import Firm, Person, given
from tests.loans.steps import funded
from tests.market import RIVER, applied
from tests.web.inside import let_in

pytestmark = pytest.mark.browser


def look(page: Page, name: str) -> None:
    shoot(page, f"loans-{name}")
    assert axe(page) == [], name
    assert overflow(page) == 0, name


def test_the_bank_enters_a_repayment_and_the_enterprise_confirms_the_loan(
    site: str,
    page: Page,
    phone: Page,
    red_star: Firm,
    red_star_owner: Person,
    river_bank_officer: Person,
    river_bank_approver: Person,
) -> None:
    market.product(code="RIVER001", of=market.institution(RIVER))
    given(red_star)
    loan = funded(applied(red_star), river_bank_officer.actor, river_bank_approver.actor, red_star.owner)
    for each in (page, phone):
        let_in(each, site, river_bank_approver)
        each.goto(f"{site}/bank/loans")
        look(each, "desk")
        each.goto(f"{site}/bank/loans/{loan.number}")
        each.get_by_text("其他登记").wait_for()
        look(each, "bank")
        each.goto(f"{site}/bank/lines/{loan.line.number}")
        look(each, "line")
    page.goto(f"{site}/bank/loans/{loan.number}")
    page.get_by_label("实还本金").first.fill("600000")
    page.get_by_role("button", name="登记还款").click()
    page.get_by_role("alert").wait_for()
    look(page, "refused")
    page.get_by_label("实还本金").first.fill("100000")
    page.get_by_role("button", name="登记还款").click()
    page.get_by_text("已入账").wait_for()
    for each in (page, phone):
        let_in(each, site, red_star_owner, uscc=red_star.uscc)
        each.goto(f"{site}/my/loans")
        look(each, "mine")
        each.goto(f"{site}/my/loans/{loan.number}")
        look(each, "my-loan")
    phone.get_by_role("button", name="金额和利率无误").click()
    phone.get_by_text("已确认").first.wait_for()
