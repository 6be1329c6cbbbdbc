"""A department sees what it delivered and which rows wait; another's delivery does not exist."""

from collections.abc import Iterator

import pytest
from django.utils import timezone
from playwright.sync_api import Page

from jinfuyun.data import door
from jinfuyun.data.door import Delivery, Held
from jinfuyun.kit.actor import House, HouseKind, Role
from tests.browser import axe, overflow, shoot
from tests.cast import MONDAY, Person, staff_person
from tests.web.visits import Visitor

LOADED = Delivery(
    number="20260302-taxpayers-0001", feed="taxpayers", department="tax", sha256="0" * 64, basis="",
    file_name="taxpayers.csv", received_at=MONDAY, state="partly_loaded", delivered=120, accepted=117, superseded=1,
    quarantined=2,
)  # fmt: skip
REFUSED = Delivery(
    number="20260303-taxpayers-0002", feed="taxpayers", department="tax", sha256="1" * 64, basis="",
    file_name="second.csv", received_at=MONDAY, state="refused", reason="第 1 行：缺少“纳税人识别号”一列。",
)  # fmt: skip
ROWS = [Held(7, "tax_number", "纳税人识别号校验位不符", "9135…,=HYPERLINK(1)"), Held(9, "uscc", "未登记的代码", None)]


@pytest.fixture
def tax_bureau() -> Person:
    house = House(HouseKind.DEPARTMENT, "tax")
    return staff_person("department", "tax.lin", "13500000001", "税数据", house, Role.DEPARTMENT)


@pytest.fixture(autouse=True)
def ledger(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """What the door would say; the door itself is tested in tests/data."""
    monkeypatch.setattr(
        door,
        "deliveries",
        lambda *, department, number=None, limit: [
            each for each in (REFUSED, LOADED) if each.department == department and number in (None, each.number)
        ],
    )
    monkeypatch.setattr(door, "held_back", lambda number, *, limit: ROWS if number == LOADED.number else [])
    yield


def logged_in(person: Person) -> Visitor:
    visitor = Visitor()
    assert visitor.log_in(person, timezone.now()).headers["Location"] == "/department"
    return visitor


@pytest.mark.django_db
def test_a_department_sees_the_balance_of_each_file_and_the_rows_that_wait(tax_bureau: Person) -> None:
    visitor = logged_in(tax_bureau)
    assert LOADED.number in visitor.get("/department").content.decode()
    body = visitor.get(f"/department/deliveries/{LOADED.number}").content.decode()
    for text in ("120", "117", "纳税人识别号校验位不符", "=HYPERLINK(1)", "未授权保存原文", "7"):
        assert text in body
    assert "缺少“纳税人识别号”一列" in visitor.get(f"/department/deliveries/{REFUSED.number}").content.decode()


@pytest.mark.django_db
def test_another_department_s_delivery_does_not_exist(tax_bureau: Person) -> None:
    """Seen red with `mine` asking for every department's."""
    house = House(HouseKind.DEPARTMENT, "market")
    other = staff_person("department", "market.lin", "13500000002", "市数据", house, Role.DEPARTMENT)
    visitor = logged_in(other)
    assert LOADED.number not in visitor.get("/department").content.decode()
    assert visitor.get(f"/department/deliveries/{LOADED.number}").status_code == 404
    assert visitor.get("/department/deliveries/no-such").status_code == 404


@pytest.mark.browser
@pytest.mark.parametrize("kind", ["page", "phone"])
def test_the_pages_have_no_barrier(site: str, tax_bureau: Person, kind: str, request: pytest.FixtureRequest) -> None:
    page: Page = request.getfixturevalue(kind)
    session = logged_in(tax_bureau).cookies["session"].value
    page.context.add_cookies([{"name": "session", "value": session, "url": site}])
    for name, path in (("department", "/department"), ("delivery", f"/department/deliveries/{LOADED.number}")):
        assert page.goto(site + path).ok, name
        shoot(page, name)
        assert axe(page) == []
        assert overflow(page) == 0
