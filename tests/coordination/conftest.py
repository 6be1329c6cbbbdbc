"""Two banks with a product each, and Red Star's letter that agrees to be recommended."""

import pytest

from tests.coordination.stage import agreeing
from tests.demands.stage import bank


@pytest.fixture
def banks(db):
    return bank("RIVER", 3), bank("HILL", 4)


@pytest.fixture
def agreed(banks, red_star):
    agreeing(red_star)
    return red_star
