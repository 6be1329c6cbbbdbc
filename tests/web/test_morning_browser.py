"""A regulator's morning in one browser, from signing in to the wall; the steps are those of the pages' own walks."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page

from jinfuyun.demands.models import Demand
from jinfuyun.evaluation.queries import schemes
from jinfuyun.oversight import actions as oversight
from jinfuyun.oversight.models import Complaint, Note
from jinfuyun.supervision import actions as supervision
from jinfuyun.warnings.models import EarlyWarning
from tests import market
from tests.browser import axe, overflow, shoot
from tests.cast import Firm, Person, given
from tests.evaluation import stage
from tests.oversight.conftest import regulator
from tests.oversight.test_complaints import filed
from tests.supervision import scene
from tests.web import test_demand_browser as demand_steps
from tests.web import test_oversight_browser as steps
from tests.web.inside import let_in
from tests.web.test_warning_pages import handled, refused_unstated

pytestmark = pytest.mark.browser


@pytest.fixture
def province(committed_db: None) -> Person:
    return regulator("350000", 1, "闽监管")


@pytest.fixture
def business(
    committed_db: None, red_star: Firm, river_bank_officer: Person, province: Person,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """Months of loans, closed and evaluated; and of today a late application, a complaint, a demand, a warning."""
    monkeypatch.setitem(schemes.SCHEMES, "by_hand", stage.SCHEME)
    now = timezone.now()
    long_ago = now - timedelta(days=20)
    for number, county in enumerate((scene.FUZHOU, scene.FUZHOU, scene.XIAMEN, scene.PINGTAN), 11):
        scene.funded(scene.enterprise(number, county), wan=10 * number, first=True)
    stage.evaluated(province.actor, regulator("350000", 2, "闽复核").actor, now)
    supervision.close(month="2026-04", by=province.actor, at=now)
    refused_unstated(scene.enterprise(15, scene.FUZHOU))
    given(red_star)
    late = market.applied(red_star, at=long_ago)
    complaint = filed(red_star, long_ago, matter="application", number=late.number)
    oversight.raise_complaint(complaint=complaint, text="到期没有答复。", by=red_star.owner, at=now)
    demand_steps.unclaimed(red_star)


def look(page: Page, name: str) -> None:
    shoot(page, f"morning-{name}")
    assert axe(page) == [], name
    assert overflow(page) == 0, name


def saved(page: Page, link: str, begins: bytes) -> None:
    with page.expect_download() as found:
        page.locator(link).first.click()
    assert found.value.path().read_bytes().startswith(begins), link


def reads_the_cockpit(page: Page) -> None:
    """The newest closed month beside the one before, the month before, live; a city, its county, without 厦门."""
    page.wait_for_url("**/regulator?month=2026-04")
    page.get_by_text("较上月 -100.0%").first.wait_for()
    look(page, "compared")
    for choice, lead in (("2026-03", "2026-03 月度数据"), ("实时", "实时统计")):
        page.get_by_label("统计期").select_option(choice)
        page.get_by_role("button", name="切换").click()
        page.get_by_text(lead).first.wait_for()
    page.locator("#map").get_by_role("link", name="厦门市").click()
    page.get_by_role("heading", name="厦门市分区县").wait_for()
    page.locator("#counties").get_by_text("思明区").wait_for()
    look(page, "county")
    page.get_by_role("link", name="不含厦门", exact=True).click()
    page.get_by_text("全省（不含厦门）").first.wait_for()
    assert page.locator("#map tbody").get_by_text("厦门市").count() == 0
    page.get_by_role("link", name="含厦门", exact=True).click()
    for kind, begins in (("png", b"\x89PNG"), ("xlsx", b"PK"), ("csv", b"\xef\xbb\xbf")):
        saved(page, f"#trend a[href*='trend.{kind}']", begins)


def takes_the_bulletin(page: Page, site: str) -> None:
    page.goto(f"{site}/regulator/bulletins")
    page.get_by_role("row").filter(has_text="2026-03").get_by_role("button", name="立即制作").click()
    page.get_by_text("2026-03 的简报已制作并签章").wait_for()
    look(page, "bulletins")
    saved(page, "a[href$='JB202603-1.pdf']", b"%PDF")
    saved(page, "a[href$='JB202603-1.docx']", b"PK")


@steps.BOTH
@pytest.mark.deep
def test_a_regulators_morning(
    site: str, business: None, province: Person, river_bank_officer: Person, kind: str, request: pytest.FixtureRequest
) -> None:
    page: Page = request.getfixturevalue(kind)
    let_in(page, site, province)
    page.goto(f"{site}/regulator")
    reads_the_cockpit(page)
    steps.regulator_sends(page, site)
    let_in(page, site, river_bank_officer)
    steps.bank_answers(page, site, "notes", "已由支行受理并联系企业。", "提交答复")
    let_in(page, site, province)
    steps.regulator_returns_and_closes(page, site)
    demand_steps.called_back(page, site)
    steps.regulator_settles(page, site)
    page.goto(f"{site}/regulator/warnings")
    handled(page)
    page.goto(f"{site}/regulator/evaluation/periods/{stage.MARCH}")
    look(page, "ranking")
    page.goto(f"{site}/regulator/data")
    look(page, "data")
    takes_the_bulletin(page, site)
    page.goto(f"{site}/regulator/wall")
    page.get_by_text("数据截至").first.wait_for()
    look(page, "wall")
    assert (Note.objects.get().state, Complaint.objects.get().state) == ("closed", "settled")
    assert EarlyWarning.objects.filter(state="done").count() == 1 and Demand.objects.get().state == "open"
