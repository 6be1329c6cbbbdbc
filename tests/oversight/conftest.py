"""Red Star's application at River Bank that nobody touched for weeks, and the regulators of two cities and all."""

from datetime import timedelta

import pytest

from jinfuyun.applications.models import Application
from jinfuyun.kit.actor import House, HouseKind, Role
from tests import market
from tests.cast import MONDAY, Firm, Person, given, staff_person

LATER = MONDAY + timedelta(days=14)


def regulator(place: str, number: int, name: str = "监管") -> Person:
    house = House(HouseKind.REGION, place)
    return staff_person("regulator", f"r{place}.{number}", f"137000002{number:02}", name, house, Role.REGULATOR)


@pytest.fixture
def late(db: None, red_star: Firm) -> Application:
    given(red_star)
    market.product(code="RIVER001", of=market.institution(market.RIVER))
    return market.applied(red_star)


@pytest.fixture
def province(db: None) -> Person:
    return regulator("350000", 1, "闽监管")


@pytest.fixture
def province_second(db: None) -> Person:
    return regulator("350000", 2, "闽复核")


@pytest.fixture
def xiamen(db: None) -> Person:
    return regulator("350200", 3, "厦监管")


@pytest.fixture
def pingtan(db: None) -> Person:
    return regulator("350128", 4, "岚监管")
