"""Two banks with a product each, and Red Star's demand on the market."""

import pytest

from tests.demands.stage import bank, posted


@pytest.fixture
def banks(db):
    return bank("RIVER", 3), bank("HILL", 4)


@pytest.fixture
def demand(banks, red_star):
    return posted(red_star)
