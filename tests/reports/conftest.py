"""An enterprise with data and a bank that may read them."""

import pytest

from jinfuyun.consents import actions as consents
from tests.cast import MONDAY, RIVER_BANK, Firm, given
from tests.documents import plant
from tests.reports.sample import INVOICES, REGISTRATION


@pytest.fixture
def applied(committed_db: None, red_star: Firm) -> Firm:
    """Red Star signed, its data came, and it applied at River Bank."""
    given(red_star)
    plant(red_star.uscc, REGISTRATION, INVOICES)
    bank = {"institution_code": RIVER_BANK, "institution_name": "江岸示例银行", "because": "A1"}
    consents.name_institution(uscc=red_star.uscc, by=red_star.owner, at=MONDAY, **bank)
    return red_star
