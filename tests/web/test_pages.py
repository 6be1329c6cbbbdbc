"""The public pages: reachable by keyboard and screen reader, at both widths, under the strict policy."""

import pytest
from playwright.sync_api import Page

from tests import market
from tests.browser import axe, overflow, shoot

pytestmark = pytest.mark.browser

PAGES = (
    ("home", "/"),
    ("help", "/help"),
    ("agreement", "/agreement"),
    ("privacy", "/privacy"),
    ("not-found", "/no-such-page"),
)


@pytest.mark.parametrize(("name", "path"), PAGES)
def test_a_public_page_has_no_barrier_on_a_desk(site: str, page: Page, name: str, path: str) -> None:
    page.goto(site + path)
    shoot(page, name)
    assert axe(page) == []
    assert overflow(page) == 0


@pytest.mark.parametrize(("name", "path"), PAGES)
def test_a_public_page_has_no_barrier_on_a_phone(site: str, phone: Page, name: str, path: str) -> None:
    phone.goto(site + path)
    shoot(phone, name)
    assert axe(phone) == []
    assert overflow(phone) == 0


def test_home_shows_what_came_to_the_market_last(site: str, page: Page, phone: Page) -> None:
    market.product()
    market.product(market.FACTORY_LOAN, code="LLW001", of=market.institution(market.LANLUWAN))
    for at_width in (page, phone):
        at_width.goto(site + "/")
        assert at_width.get_by_role("link", name=market.FACTORY_LOAN.name).is_visible()
        assert axe(at_width) == []
        shoot(at_width, "home-with-products")
