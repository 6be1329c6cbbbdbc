"""The public pages: reachable by keyboard and screen reader, at both widths, under the strict policy."""

import pytest
from playwright.sync_api import Page

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
