"""The market in a real browser, at both widths."""

from dataclasses import replace

import pytest

from jinfuyun.kit.all_in import Basis, CostKind, Fee, Payer
from jinfuyun.kit.lending import Security, Tag
from tests import market
from tests.browser import axe, overflow, shoot

pytestmark = pytest.mark.browser

PATHS = {
    "products": "/products",
    "products-none": "/products?q=没有这样的产品&amount=abc",
    "product": "/products/MLYH001",
    "products-compare": "/products/compare?code=MLYH001&code=LLW001&code=LLW002",
}


@pytest.fixture
def a_market(committed_db):
    xiamen = market.institution(market.LANLUWAN)
    market.product()
    market.product(market.FACTORY_LOAN, code="LLW001", of=xiamen)
    market.product(
        replace(
            market.TAX_LOAN,
            name="票链贷",
            summary="开票稳定的批发零售企业，按票据流水核额。",
            regions=("350200", "350500"),
            securities=(Security.GUARANTEE, Security.UNSECURED),
            tags=(Tag.FIRST_LOAN, Tag.RISK_SHARING),
            fees=(Fee(CostKind.GUARANTEE, Payer.ENTERPRISE, Basis.YEARLY_BP, 50, "由合作担保机构收取"),),
        ),
        code="LLW002",
        of=xiamen,
    )
    for number in range(2, 34):
        market.product(replace(market.TAX_LOAN, name=f"税易融 {number} 号"), code=f"MLYH{number:03}")


def look(page, site):
    for name, path in PATHS.items():
        page.goto(site + path)
        assert axe(page) == [], name
        assert overflow(page) == 0, name
        shoot(page, name)


def test_every_page_of_the_market_at_desk_width(site, a_market, page):
    look(page, site)


def test_every_page_of_the_market_on_a_phone(site, a_market, phone):
    look(phone, site)


def test_a_printed_list_says_what_was_asked_for_and_nothing_else(site, a_market, page):
    page.emulate_media(media="print")
    page.goto(site + "/products?q=税易融&security=unsecured&kind=")
    asked = page.get_by_role("region", name="筛选条件")
    assert asked.locator("input:visible").evaluate_all("them => them.map(one => one.value)") == ["税易融"]
    assert [text.split()[0] for text in asked.locator(".chip:visible").all_inner_texts()] == ["信用"]
    page.goto(site + "/products")
    assert not asked.is_visible()


def test_search_pick_two_and_compare_without_scripts(site, a_market, plain_page):
    page = plain_page
    page.goto(site + "/products")
    page.get_by_label("产品或机构").fill("llw")
    page.get_by_role("button", name="查找").click()
    for box in page.get_by_role("checkbox").all():
        box.check()
    page.get_by_role("button", name="对比所选").click()
    page.wait_for_url("**/compare?*")
    heads = page.locator("thead a").all_inner_texts()
    assert heads == ["厂房抵押经营贷", "票链贷"]
