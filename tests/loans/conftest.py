"""River Bank's people, Red Star's application, and the loan that comes of it."""

import pytest

from tests import market
from tests.cast import given
from tests.loans.steps import funded
from tests.market import RIVER, applied


@pytest.fixture
def officer(river_bank_officer):
    return river_bank_officer.actor


@pytest.fixture
def approver(river_bank_approver):
    return river_bank_approver.actor


@pytest.fixture
def application(db, red_star):
    market.product(code="RIVER001", of=market.institution(RIVER))
    given(red_star)
    return applied(red_star)


@pytest.fixture
def loan(application, officer, approver, red_star):
    """50 of 80 万元 of a revolving line, interest monthly, 6 March 2026 to 6 March 2027."""
    return funded(application, officer, approver, red_star.owner)
