"""A data plane of its own for each test: an empty lake, the real serving tables, and files written in place."""

import gzip
from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path

import psycopg
import pytest
from deltalake import DeltaTable

from jinfuyun.config import database, keys
from jinfuyun.data import door, pipeline
from jinfuyun.data.departments.registry import FEEDS
from jinfuyun.data.lake import engine, serving
from jinfuyun.data.lake.ledger import Delivery
from jinfuyun.data.lake.tables import Lake
from tests.sandbox.service import KEYS, Service, departments, small_province

AT = datetime(2020, 3, 2, 9, 0, tzinfo=serving.SHANGHAI)
SERVING_TABLES = (
    "document", "head", "reach", "looked_through", "authorised", "delivery", "release", "feed_switch", "pull_asked",
    "pull_waiting", "joined_key", "sent_list",
)  # fmt: skip

Deliver = Callable[..., Delivery]
Look = Callable[..., list[tuple[object, ...]]]


@pytest.fixture(scope="session")
def serving_schema(django_db_setup: None) -> str:
    """Connection string of the data role, with the serving tables in place."""
    with psycopg.connect(database.dsn("jinfuyun_owner")) as owner:
        owner.execute(serving.DDL.read_text())
    return database.dsn("jinfuyun_data")


@pytest.fixture(scope="session")
def province_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_province(tmp_path_factory.mktemp("province"))


@pytest.fixture(scope="session")
def service(province_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """The pretend departments, running."""
    with departments(province_folder, tmp_path_factory.mktemp("state")) as running:
        yield running


@pytest.fixture
def plane(serving_schema: str, tmp_path: Path) -> Iterator[pipeline.Plane]:
    yield pipeline.Plane(lake=Lake(tmp_path / "lake"), data_dsn=serving_schema, ring=keys.field_keys())
    with psycopg.connect(database.dsn("jinfuyun_owner"), autocommit=True) as owner:
        owner.execute("TRUNCATE " + ", ".join(f"serving.{name}" for name in SERVING_TABLES))


@pytest.fixture
def deliver(plane: pipeline.Plane, tmp_path: Path) -> Deliver:
    """Deliver words, bytes or a file to a feed."""

    def given(
        feed: str, content: str | bytes | Path, *, at: datetime = AT, packed: bool = False, **rest: object
    ) -> Delivery:
        path = content
        if not isinstance(path, Path):
            body = content.encode() if isinstance(content, str) else bytes(content)
            path = tmp_path / ("delivered.csv.gz" if packed else "delivered.csv")
            path.write_bytes(gzip.compress(body) if packed else body)
        return pipeline.deliver(plane, FEEDS[feed], path, at=at, **rest)

    return given


@pytest.fixture
def authorise(serving_schema: str) -> Callable[..., None]:
    """What consents does when a letter is signed."""

    def signed(
        *usccs: str,
        category: str = "invoices",
        start: date = date(2020, 1, 1),
        end: date | None = None,
        number: str = "SQ1",
    ) -> None:
        with psycopg.connect(database.dsn("jinfuyun_app"), autocommit=True) as app, app.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO serving.authorised VALUES (%s, %s, %s, %s, %s, %s)",
                [(uscc, category, number, "0" * 64, start, end) for uscc in usccs],
            )

    return signed


@pytest.fixture
def look(plane: pipeline.Plane) -> Look:
    """Rows of a released table of the lake: look("registration.current", "uscc, name")."""

    def rows(table: str, columns: str, order: str = "ALL") -> list[tuple[object, ...]]:
        version = plane.lake.release().tables.get(table)
        if version is None:
            return []
        with engine.opened(plane.lake.work) as sql:
            sql.offer("t", DeltaTable(plane.lake.root / "tables" / table, version=version).to_pyarrow_table())
            return sql.rows(f"SELECT {columns} FROM t ORDER BY {order}")

    return rows


@pytest.fixture
def opened(plane, service: Service, monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    """This test's own door, beside the one that the platform opened at start."""
    monkeypatch.setattr(door, "_doors", [])
    door.open_door(
        app_dsn=database.dsn("jinfuyun_app"), data_dsn=plane.data_dsn, lake=plane.lake.root,
        departments_url=service.url, department_keys=KEYS, ring=keys.field_keys(),
    )  # fmt: skip
    yield service
    door.close_door()
