"""A tax bureau with three deliveries in a lake of its own: one good, one with bad rows, one that nobody authorised."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from jinfuyun.config import database, keys
from jinfuyun.data import door
from jinfuyun.data.door import Delivery
from jinfuyun.kit.actor import House, HouseKind, Role
from tests.cast import MONDAY, Person, staff_person
from tests.data.codes import A, B

COMPANIES = "统一社会信用代码,企业名称,注册日期,企业类型,注册资金,经营范围,地区,注册地址\n"
SALES = "纳税人识别号,发票号码,开票日期,购方单位代号,金额,税额,价税合计,发票状态\n"


@pytest.fixture
def lake(committed_db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """This test's own door and lake, beside what the platform opened at start."""
    monkeypatch.setattr(door, "_doors", [])
    door.open_door(
        app_dsn=database.dsn("jinfuyun_app"), data_dsn=database.dsn("jinfuyun_data"), lake=tmp_path / "lake",
        departments_url="http://127.0.0.1:9", department_keys=keys.department_keys(), ring=keys.field_keys(),
    )  # fmt: skip
    yield
    door.close_door()


@pytest.fixture
def delivered(lake: None, tmp_path: Path) -> list[Delivery]:
    files = (
        ("registration", f"{COMPANIES}{A},厂,2015-01-01,,,,,\n"),
        ("taxpayers", f"纳税人识别号,统一社会信用代码\nT1,{A}\nT2,{B}\nT3,{A[:-1]}\nT4,=1\nT5,{B[:-1]}\n"),
        ("sales_invoices", SALES + "T1,1,2019/12/30,B1,100,0,100,有效发票\nT2,2,2019/12/30,B1,9,0,9,有效发票\n"),
        ("sales_invoices", "表头,不对\n1,2\n"),
    )  # fmt: skip
    found = []
    for number, (feed, words) in enumerate(files):
        path = tmp_path / f"{number}.csv"
        path.write_text(words)
        found.append(door.deliver(feed, path, at=MONDAY))
    return found


@pytest.fixture
def tax_bureau() -> Person:
    house = House(HouseKind.DEPARTMENT, "tax")
    return staff_person("department", "department.tax", "13700000003", "税数据", house, Role.DEPARTMENT)
