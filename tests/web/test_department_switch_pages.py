"""The authorised list, and the switch and quota of each feed, as a department's people see them."""

import pytest
from django.utils import timezone
from playwright.sync_api import Page

from jinfuyun.audit.models import Line
from jinfuyun.deliveries import queries
from tests.browser import axe, overflow, shoot
from tests.cast import Person
from tests.data.codes import A, B
from tests.deliveries.conftest import delivered, lake, tax_bureau
from tests.deliveries.test_switches import consent, tax_admin
from tests.web.test_department_pages import logged_in
from tests.web.visits import Visitor

__all__ = ("delivered", "lake", "tax_admin", "tax_bureau")
FEED = "/department/feeds/sales_invoices"


def test_an_administrator_stops_opens_and_limits_a_feed_by_form(lake: None, tax_admin: Person) -> None:
    visitor = logged_in(tax_admin)
    answer = visitor.send(FEED, stop="1", because="")
    assert answer.status_code == 422 and "请填写停送的原因" in answer.content.decode()
    visitor.send(FEED, stop="1", because="系统割接")
    assert queries.stopped_feeds() == {"sales_invoices"}
    assert "系统割接" in visitor.get("/department/feeds").content.decode()
    visitor.send(FEED, open="1")
    assert queries.stopped_feeds() == set()
    for wrong in ("0", "-1", "x"):
        assert visitor.send(FEED, quota="1", daily_quota=wrong).status_code == 422
    visitor.send(FEED, quota="1", daily_quota="30")
    assert queries.switches(visible_to=tax_admin.actor)["sales_invoices"].daily_quota == 30
    visitor.send(FEED, quota="1", daily_quota="")
    assert queries.switches(visible_to=tax_admin.actor)["sales_invoices"].daily_quota is None
    assert visitor.get("/department/feeds/electricity").status_code == 404


def test_others_of_the_department_see_the_switches_and_may_not_touch_them(lake: None, tax_bureau: Person) -> None:
    """Seen red with the guard open to everybody of the department."""
    visitor = logged_in(tax_bureau)
    page = visitor.get("/department/feeds").content.decode()
    assert "由本部门管理员办理" in page and FEED not in page
    assert visitor.get(FEED).status_code == 404


def test_taking_the_list_is_booked(delivered: list[object], tax_bureau: Person) -> None:
    today = timezone.localdate()
    consent(A, "SQ1", start=today)
    visitor = logged_in(tax_bureau)
    page = visitor.get("/department/authorised").content.decode()
    assert "SQ1" in page and "T1" in page
    token = page.split('csrfmiddlewaretoken" value="')[1].split('"')[0]
    answer = visitor.post("/department/authorised/file", {"csrfmiddlewaretoken": token})
    assert A in answer.content.decode() and Line.objects.filter(action="authorised.taken").count() == 1


@pytest.mark.browser
@pytest.mark.parametrize("kind", ["page", "phone"])
def test_the_pages_have_no_barrier(
    site: str, delivered: list[object], tax_admin: Person, kind: str, request: pytest.FixtureRequest
) -> None:
    page: Page = request.getfixturevalue(kind)
    visitor: Visitor = logged_in(tax_admin)
    page.context.add_cookies([{"name": "session", "value": visitor.cookies["session"].value, "url": site}])

    def looks_right(path: str, name: str) -> None:
        assert page.goto(site + path).ok, path
        shoot(page, f"switch-{name}")
        assert axe(page) == [], path
        assert overflow(page) == 0, path

    looks_right("/department/authorised", "authorised-empty")
    consent(A, "SQ1", start=timezone.localdate())
    consent(B, "SQ2", start=timezone.localdate(), end=timezone.localdate())
    looks_right("/department/authorised", "authorised")
    looks_right(FEED, "feed")
    visitor.send(FEED, stop="1", because="系统割接")
    visitor.send(FEED, quota="1", daily_quota="30")
    looks_right(FEED, "feed-stopped")
    looks_right("/department/feeds", "feeds")
