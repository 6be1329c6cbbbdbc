"""Disputes and questions in a real browser, at both widths: each page looked at, axe, nothing wider than the screen."""

import pytest
from django.utils import timezone
from playwright.sync_api import Page

from jinfuyun.consents import actions as consents
from jinfuyun.consents.models import Consent
from jinfuyun.disputes import actions
from jinfuyun.kit.calendar import ONE_DAY, local_day
from jinfuyun.kit.grant import Category
from tests.browser import axe, overflow, shoot
from tests.cast import RIVER_BANK, Firm, Person, given
from tests.disputes.stage import CORRECTION, SAID, department_person, in_the_ledger, raised, report_of
from tests.web.inside import let_in

pytestmark = pytest.mark.browser
OWN, THEIRS = "BG20260302000001", "BG20260302000002"


@pytest.fixture
def consent(committed_db: None, red_star: Firm) -> Consent:
    """Signed long enough ago for something to be late by now."""
    found = given(red_star, utilities=(Category.ELECTRICITY,))
    long_ago = timezone.now() - 40 * ONE_DAY
    Consent.objects.update(signed_at=long_ago, start_on=local_day(long_ago))
    bank = {"institution_code": RIVER_BANK, "institution_name": "闽江银行", "because": "RZ2026030212345678"}
    consents.name_institution(uscc=red_star.uscc, by=red_star.owner, at=timezone.now(), **bank)
    return found


@pytest.fixture
def stage_set(consent: Consent, red_star: Firm) -> None:
    """Two readings by the bank, one long ago; what is late stands beside what is new."""
    bank = {"bank": RIVER_BANK, "because": "RZ2026030212345678"}
    now, long_ago = timezone.now(), timezone.now() - 30 * ONE_DAY
    own = report_of(red_star, number=OWN, consent_number=consent.number)
    report_of(red_star, number=THEIRS, consent_number=consent.number, at=now, **bank)
    report_of(red_star, number="BG20260302000003", consent_number=consent.number, at=long_ago, **bank)
    raised(own, red_star, figure=("invoices", "by_month"), at=long_ago)
    actions.ask(uscc=red_star.uscc, report_number="BG20260302000003", by=red_star.owner, at=long_ago)


def look(page: Page, name: str) -> None:
    shoot(page, f"disputes-{name}")
    assert axe(page) == [], name
    assert overflow(page) == 0, name


def press(page: Page, label: str) -> None:
    page.get_by_role("button", name=label, exact=True).first.click()


def confirm(page: Page) -> None:
    page.get_by_role("dialog").get_by_role("button", name="确认", exact=True).click()


def raises(page: Page, site: str) -> str:
    """From the report to the dispute; returns its number."""
    page.goto(f"{site}/my/reports/{OWN}")
    look(page, "report")
    page.locator("#fact-sales_r12 summary").click()
    page.locator('#fact-sales_r12 a[href$="key=sales_r12"]').click()
    press(page, "提交异议")
    page.get_by_role("alert").wait_for()
    look(page, "new-empty")
    page.get_by_label("为什么认为有误").fill(SAID["reason"])
    page.get_by_label("您认为正确的内容").fill(SAID["right"])
    press(page, "提交异议")
    page.wait_for_url("**/my/disputes/YY*")
    look(page, "mine")
    return page.url.rsplit("/", 1)[1]


def asks(page: Page, site: str) -> None:
    page.goto(f"{site}/my/report")
    press(page, "询问该机构")
    confirm(page)
    page.get_by_text("应在").first.wait_for()
    look(page, "readings")


def department_answers(page: Page, site: str, number: str) -> None:
    page.goto(f"{site}/department/disputes")
    look(page, "desk")
    page.goto(f"{site}/department/disputes/{number}")
    press(page, "开始核查")
    page.get_by_label("数据已更正").check()
    page.get_by_label("书面答复").fill("经核对电子底账，漏计两家门店，已补送更正。")
    press(page, "答复企业")
    confirm(page)
    page.get_by_role("alert").wait_for()
    look(page, "answer-wrong")
    page.get_by_label("更正数据的批次号").fill(CORRECTION)
    press(page, "答复企业")
    confirm(page)
    page.get_by_text("已书面答复，企业已收到通知").wait_for()


def bank_answers(page: Page, site: str) -> None:
    page.goto(f"{site}/bank/questions")
    look(page, "questions")
    page.get_by_role("link", name="答复").last.click()
    look(page, "question")
    page.get_by_label("书面答复").fill("为贵企业的融资申请作贷前审查，客户经理查询一次，仅用于审批。")
    press(page, "答复企业")
    confirm(page)
    page.get_by_text("已答复，企业已收到通知").wait_for()
    page.goto(f"{site}/bank/reports/{THEIRS}")
    look(page, "overtaken")


@pytest.mark.parametrize("kind", ["page", pytest.param("phone", marks=pytest.mark.deep)])
def test_from_a_wrong_figure_to_the_answer(
    site: str, stage_set: None, red_star: Firm, red_star_owner: Person, river_bank_officer: Person, operator: Person,
    fuzhou_regulator: Person, kind: str, request: pytest.FixtureRequest,
) -> None:  # fmt: skip
    page: Page = request.getfixturevalue(kind)
    bureau = department_person("tax", 1)
    let_in(page, site, red_star_owner, uscc=red_star.uscc)
    number = raises(page, site)
    asks(page, site)
    with in_the_ledger():
        let_in(page, site, bureau)
        department_answers(page, site, number)
    let_in(page, site, river_bank_officer)
    bank_answers(page, site)
    let_in(page, site, red_star_owner, uscc=red_star.uscc)
    for name, address in (("list", "/my/disputes"), ("answered", f"/my/disputes/{number}")):
        page.goto(site + address)
        look(page, name)
    for person, address in ((operator, "/operator/disputes"), (fuzhou_regulator, "/regulator/questions")):
        let_in(page, site, person)
        page.goto(site + address)
        look(page, address[1:].replace("/", "-"))
