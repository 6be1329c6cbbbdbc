from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.sandbox.service import Service, departments, small_province


@pytest.fixture(scope="session")
def province_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_province(tmp_path_factory.mktemp("province"))


@pytest.fixture(scope="session")
def service(province_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with departments(province_folder, tmp_path_factory.mktemp("state")) as running:
        yield running
