"""The enterprise looks for what fits it, in a real browser at both widths."""

from dataclasses import replace

import pytest
from django.utils import timezone

from jinfuyun.kit.conditions import Condition
from tests import market
from tests.browser import axe, overflow, shoot
from tests.cast import given
from tests.documents import plant
from tests.matching.test_looking import chapter
from tests.web.inside import let_in

pytestmark = pytest.mark.browser


@pytest.fixture
def known(committed_db, red_star):
    given(red_star, at=timezone.now())
    plant(
        red_star.uscc,
        chapter("registration", ("age_months", "months", 20)),
        chapter(
            "tax", ("tax_paid_r12", "fen", 4_500_000), ("tax_arrears", "fen", 0), ("tax_grade", "grade", "B"),
            ("tax_abnormal", "count", 0), ("declared_sales_r12", "fen", 90_000_000_000),
        ),
        chapter("judicial", ("dishonest_debtor", "count", 0), ("enforcement_open_fen", "fen", 0)),
        chapter("public_credit", ("serious_violation", "count", 0)),
        chapter("social_insurance", ("insured_people", "people", 30)),
    )  # fmt: skip
    market.product(market.FACTORY_LOAN)
    market.product(code="MLYH002")
    market.product(
        replace(market.FACTORY_LOAN, name="科创贷", conditions=(Condition("patents", ">=", 1, "至少 1 件发明专利"),)),
        code="MLYH003",
    )
    return red_star


def look(page, site):
    for name, path in {
        "matching": "/my/matching?amount=80&term=12",
        "match": "/my/matching/MLYH002?amount=80&term=12",
        "policies": "/policies",
        "policy": "/policies/P2026-01",
    }.items():
        page.goto(site + path)
        shoot(page, name)
        assert axe(page) == [], name
        assert overflow(page) == 0, name


def test_an_enterprise_sees_what_fits_and_why_not(site, known, page, red_star_owner):
    let_in(page, site, red_star_owner, uscc=known.uscc)
    look(page, site)
    page.goto(site + "/my/matching?amount=80&term=12")
    names = [text.split("\n")[0].strip() for text in page.locator("tbody td.main").all_inner_texts()]
    assert names == ["厂房抵押经营贷", "科创贷", "税易融"]
    assert page.locator("tbody .pill").all_inner_texts() == ["满足", "缺数据", "不满足"]
    page.set_viewport_size({"width": 390, "height": 844})
    look(page, site)
