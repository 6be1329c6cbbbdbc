from collections.abc import Iterator
from pathlib import Path

import pytest

from jinfuyun.data.departments.call import Departments
from tests.sandbox.service import KEYS, Service, departments, small_province


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    folder: Path = small_province(tmp_path_factory.mktemp("province"))
    with departments(folder, tmp_path_factory.mktemp("state")) as running:
        yield running


@pytest.fixture
def line(service: Service) -> Iterator[Departments]:
    """A patient line, breakers closed; all faults are off before and after."""
    fresh = Departments(service.url, KEYS)
    yield fresh
    fresh.close()
    for department in service.get("/faults"):
        service.fault(department, "off")
