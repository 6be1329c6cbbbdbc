"""The parts pages are made of: without barriers, and whole without JavaScript."""

import pytest
from playwright.sync_api import Page

from tests.browser import axe, overflow, shoot

pytestmark = [pytest.mark.browser, pytest.mark.urls("tests.web.parts")]


def test_all_parts_have_no_barrier_on_a_desk(site: str, page: Page) -> None:
    page.goto(site + "/parts?security=credit&page=3")
    shoot(page, "parts")
    assert axe(page) == []
    assert overflow(page) == 0


def test_all_parts_have_no_barrier_on_a_phone(site: str, phone: Page) -> None:
    phone.goto(site + "/parts")
    shoot(phone, "parts")
    assert axe(phone) == []
    assert overflow(phone) == 0
