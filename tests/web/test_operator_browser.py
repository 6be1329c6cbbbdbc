"""The pages of operators, product managers and administrators in a real browser, at both widths."""

from dataclasses import replace

import pytest

from jinfuyun.institutions import actions as institutions
from jinfuyun.products import actions as products
from tests import market
from tests.browser import axe, overflow, shoot
from tests.cast import MONDAY
from tests.market import RIVER, TAX_LOAN
from tests.web.inside import let_in

pytestmark = pytest.mark.browser


@pytest.fixture
def prepared(committed_db, operator, river_bank_product_manager, river_bank_admin):
    market.institution(RIVER)
    manager = river_bank_product_manager.actor
    first = products.draft(institution_code="RIVER", terms=TAX_LOAN, by=manager, at=MONDAY)
    submitted = products.submit(code=first.code, by=manager, at=MONDAY)
    seen = {"code": first.code, "number": 1, "on_screen": submitted.submitted_digest, "at": MONDAY}
    products.confirm(by=river_bank_admin.actor, **seen)
    products.list_version(by=operator.actor, **seen)
    products.write(code=first.code, terms=replace(TAX_LOAN, spread_max_bp=150), by=manager, at=MONDAY)
    again = products.submit(code=first.code, by=manager, at=MONDAY)
    products.confirm(
        code=first.code, number=2, on_screen=again.submitted_digest, by=river_bank_admin.actor, at=MONDAY
    )  # fmt: skip
    products.draft(institution_code="RIVER", terms=market.FACTORY_LOAN, by=manager, at=MONDAY)
    institutions.propose(draft=market.MINLING, by=operator.actor, at=MONDAY)
    institutions.submit(code="MLYH", by=operator.actor, at=MONDAY)


def look(page, site, *pages: tuple[str, str]) -> None:
    for name, path in pages:
        page.goto(site + path)
        assert axe(page) == [], name
        assert overflow(page) == 0, name
        shoot(page, name)


def visit(page, site, second_operator, manager, admin) -> None:
    let_in(page, site, second_operator)
    look(
        page, site, ("operator-home", "/operator"), ("operator-institutions", "/operator/institutions"),
        ("operator-institution", "/operator/institutions/MLYH"), ("operator-active", "/operator/institutions/RIVER"),
        ("operator-institution-new", "/operator/institutions/new"), ("operator-products", "/operator/products"),
        ("operator-product", "/operator/products/RIVER-001/2"),
    )  # fmt: skip
    let_in(page, site, manager)
    look(
        page, site, ("manager-home", "/bank/"), ("manager-products", "/bank/products"),
        ("manager-product", "/bank/products/RIVER-002"), ("manager-form", "/bank/products/RIVER-002/edit"),
    )  # fmt: skip
    page.get_by_label("产品名称").fill("")
    page.get_by_role("button", name="检查并存为草稿").last.click()
    page.get_by_role("alert").wait_for()
    assert axe(page) == []
    shoot(page, "manager-form-wrong")
    let_in(page, site, admin)
    look(page, site, ("admin-staff", "/bank/staff"))


@pytest.mark.deep
def test_at_desk_width(site, prepared, page, second_operator, river_bank_product_manager, river_bank_admin):
    visit(page, site, second_operator, river_bank_product_manager, river_bank_admin)


def test_on_a_phone(site, prepared, phone, second_operator, river_bank_product_manager, river_bank_admin):
    visit(phone, site, second_operator, river_bank_product_manager, river_bank_admin)
