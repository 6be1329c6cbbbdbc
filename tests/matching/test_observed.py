"""What was seen of decisions: only from five on, only of the last twelve months, and nobody named."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from jinfuyun.applications import queries
from jinfuyun.applications.models import Application
from tests import market
from tests.cast import MONDAY

pytestmark = pytest.mark.usefixtures("db")


def decided(product, number, *, rate_bp, days=2, at=MONDAY):
    Application.objects.create(
        number=f"RZ{number}", form_token=uuid4(), uscc=f"U{number}", enterprise_name="示例", region_code="350111",
        contact_name="某", contact_phone="13800000000", institution=product.institution, product=product,
        version=product.current, consent_number="S1", amount_fen=1, term_months=12, purpose="stock",
        submitted_at=at - timedelta(days=days), submitted_by="1", decided_at=at, state="approved", state_at=at,
        offer_rate_bp=rate_bp, offer_amount_fen=rate_bp and 1,
    )  # fmt: skip


@pytest.fixture
def product():
    return market.product(replace(market.FACTORY_LOAN))


def test_nothing_is_said_of_four_and_the_median_is_said_of_five(product):
    for number, rate in enumerate((300, 400, 380, None)):
        decided(product, number, rate_bp=rate, days=number + 1)
    assert queries.observed("product", at=MONDAY) == {}
    decided(product, 9, rate_bp=None, days=30)
    seen = queries.observed("product", at=MONDAY)["MLYH001"]
    assert (seen.decided, seen.approved_share_bp, seen.rate_bp, seen.days) == (5, 6_000, 380, 3.0)
    assert queries.observed("institution", at=MONDAY)["MLYH"] == seen
    assert queries.observed("product", at=MONDAY, code="OTHER") == {}


def test_what_is_older_than_a_year_no_longer_counts(product):
    for number in range(5):
        decided(product, number, rate_bp=300, at=MONDAY - timedelta(days=365 if number else 364))
    assert queries.observed("product", at=MONDAY) == {}
