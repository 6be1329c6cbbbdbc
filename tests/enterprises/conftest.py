"""Real departments over HTTP, where what they answer is the matter."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from jinfuyun.config import database, keys, places
from jinfuyun.data.door import open_door
from jinfuyun.sandbox.departments.faults import DEPARTMENTS
from tests.cast import id_number_of, uscc_of
from tests.sandbox.service import Service, departments, small_province

NOBODY = "http://127.0.0.1:9"  # the discard port
# Red Star with a tax number that has nothing of its code: a citizen's old number and a running one.
OLD_NUMBER = "35011180010100101"
RED_STAR: dict[str, Any] = {
    "uscc": uscc_of(1), "tax_number": OLD_NUMBER, "name": "红星示例机械厂", "legal_name": "林红星",
    "id_type": "resident", "id_number": id_number_of(1), "phone": "13800000001", "region": "350111", "industry": "34",
    "nature": "enterprise", "kind": "有限责任公司", "capital": "500万人民币", "registered_on": "2012-05-01",
}  # fmt: skip


@pytest.fixture(scope="session")
def province_service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    folder = small_province(tmp_path_factory.mktemp("province"), enterprises=20)
    state = tmp_path_factory.mktemp("state")
    with departments(folder, state, keys=keys.department_keys()) as running:
        people = state / "people.json"
        people.write_text(json.dumps({"enterprises": [RED_STAR]}))
        assert running.post("/people", {"file": str(people)})[0] == 200
        yield running


@pytest.fixture
def service(province_service: Service, tmp_path: Path) -> Iterator[Service]:
    """The departments answer; all faults are off afterwards."""
    open_line(province_service.url, tmp_path / "lake")
    yield province_service
    for department in DEPARTMENTS:
        province_service.fault(department, "off")
    open_line(NOBODY, places.LAKE)


def open_line(url: str, lake: Path) -> None:
    open_door(
        app_dsn=database.dsn("jinfuyun_app"), data_dsn=database.dsn("jinfuyun_data"), lake=lake, departments_url=url,
        department_keys=keys.department_keys(), ring=keys.field_keys(),
    )  # fmt: skip
