"""The report's page in a real browser: every figure opens to its origin by the keyboard, at both widths, on paper too.

Seen red: with the rows behind a figure left out, with cards wider than a phone.
"""

from dataclasses import replace
from datetime import datetime

import pytest
from django.utils import timezone

from jinfuyun.consents import queries as consents
from jinfuyun.kit.grant import Category, Purpose, Reader, ReaderKind
from jinfuyun.reports import actions
from tests.browser import axe, overflow
from tests.cast import Firm, given
from tests.reports import full
from tests.web.inside import let_in

pytestmark = pytest.mark.browser
NUMBER = "BG2020052200000045"


@pytest.fixture
def opened(committed_db, red_star: Firm, red_star_owner) -> Firm:
    """Red Star's own copy of a report in which everything is known that its letter covers."""
    given(red_star, utilities=("electricity", "water"))
    at: datetime = timezone.now()
    reader = Reader(ReaderKind.ENTERPRISE, red_star.uscc)
    grant = consents.grant_for(uscc=red_star.uscc, reader=reader, purpose=Purpose.OWN_VIEW, because="", at=at)
    data = full.report({"tax_grade": "D"}, without=tuple(set(Category) - grant.categories), number=NUMBER)
    data = replace(data, own_copy=True, purpose=Purpose.OWN_VIEW, enterprise=red_star.name, uscc=red_star.uscc)
    actions.freeze(data=data, grant=grant, because="", by=red_star.owner, at=at)
    return red_star


def test_every_figure_opens_to_its_origin_without_a_mouse_or_a_script(
    opened: Firm, red_star_owner, plain_page, site
) -> None:
    let_in(plain_page, site, red_star_owner, uscc=opened.uscc)
    plain_page.goto(f"{site}/my/reports/{NUMBER}")
    figures = plain_page.locator(".figure-list > li")
    assert figures.count() > 80
    assert figures.locator("details > summary").count() == figures.count()
    paid = plain_page.locator("#fact-tax_burden_r12")
    told = paid.locator(".origin-told")
    assert not told.is_visible()
    paid.locator("summary").focus()
    plain_page.keyboard.press("Enter")
    assert told.is_visible()
    for words in ("税务局", "2020-01", "20200220-001000", "接收 120,001", "隔离 39", "覆盖 12 个月", "依据 120 行"):
        assert words in told.inner_text()


@pytest.mark.parametrize("size", ["page", "phone"])
def test_the_page_fits_reads_well_and_prints(opened: Firm, red_star_owner, site, size: str, request) -> None:
    page = request.getfixturevalue(size)
    let_in(page, site, red_star_owner, uscc=opened.uscc)
    page.goto(f"{site}/my/reports/{NUMBER}")
    assert axe(page) == []
    assert overflow(page) == 0
    if size == "page":
        page.emulate_media(media="print")
        assert not page.get_by_role("link", name="PDF").is_visible()
        assert page.locator(".origin-told").first.is_hidden()
        assert overflow(page) == 0
