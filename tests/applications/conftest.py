"""River Bank's product, Red Star's application for it, and the bank's people."""

import pytest

from tests import market
from tests.cast import given
from tests.market import RIVER, applied


@pytest.fixture
def river_product(db):
    return market.product(code="RIVER001", of=market.institution(RIVER))


@pytest.fixture
def application(river_product, red_star):
    given(red_star)
    return applied(red_star)


@pytest.fixture
def officer(river_bank_officer):
    return river_bank_officer.actor


@pytest.fixture
def approver(river_bank_approver):
    return river_bank_approver.actor
