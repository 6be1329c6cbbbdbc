"""An institution with two people for its products."""

from dataclasses import replace

import pytest

from jinfuyun.kit.actor import Role, institution_house
from tests import market
from tests.cast import RIVER_BANK, staff_person

RIVER = replace(market.MINLING, code=RIVER_BANK, name="闽江银行", licence_number="B0003H235010003")


@pytest.fixture
def river(db):
    return market.institution(RIVER)


@pytest.fixture
def second():
    """The colleague who looks before the operator does."""
    return colleague()


def colleague():
    house = institution_house(RIVER_BANK)
    return staff_person("institution", "river.second", "13900000009", "江复核", house, Role.INSTITUTION_ADMIN)
