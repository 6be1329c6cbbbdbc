"""The real database, the people, and a guard that no test may write personal data to a log."""

import json
import logging
from collections.abc import Iterator

import psycopg
import pytest
from django.core.management import call_command
from django.db import connections
from procrastinate.jobs import JobDeferrer

from jinfuyun.config import database, keys, logs, places, postgres
from tests.browser import browser, chromium, page, phone, plain_page, plain_phone, site
from tests.database import VAR

__all__ = ("browser", "chromium", "page", "phone", "plain_page", "plain_phone", "site")

# What is kept in memory is told apart by market_change, whose numbers therefore are never used again.
KEPT_TABLES = ("django_migrations", "django_content_type", "auth_permission", "market_change")


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[None]:
    """A server with the three roles and an empty database; ended with the tests."""
    place = database.address()
    if place.embedded:
        with postgres.serving(places.POSTGRES, password=keys.database_passwords()["postgres"], durable=False):
            database.prepare()
            yield
        return
    database.prepare()
    yield
    with psycopg.connect(database.admin_dsn("postgres"), autocommit=True) as server:
        server.execute(psycopg.sql.SQL("DROP DATABASE {} WITH (FORCE)").format(psycopg.sql.Identifier(place.database)))


@pytest.fixture(scope="session")
def django_db_setup(postgres_server: None, django_db_blocker: object) -> Iterator[None]:
    """The tables, made by the owner as in production; tests then work as the application's role.

    Between tests the database stays closed: who asks for a person before the database is told so at once, and leaves
    no committed person behind for somebody else's test.
    """
    with django_db_blocker.unblock():
        call_command("migrate", database="owner", verbosity=0)
    yield
    with django_db_blocker.unblock():
        for connection in connections.all():
            connection.close()


@pytest.fixture
def committed_db(django_db_setup: None, django_db_blocker: object) -> Iterator[None]:
    """For tests whose writes other connections must see: nothing is rolled back, all tables are emptied afterwards."""
    with django_db_blocker.unblock():
        yield
        connections["default"].close()
        with psycopg.connect(database.admin_dsn(database.address().database), autocommit=True) as server:
            _emptied(server)


def _emptied(server: psycopg.Connection[tuple[str]]) -> None:
    """Every table without rows and every number from the start, as TRUNCATE would; that takes a quarter of a second."""
    server.execute("SET session_replication_role = replica")  # in any order, and also what nobody may delete
    ours = "schemaname IN ('public', 'serving')"
    tables = server.execute(
        f"SELECT quote_ident(schemaname) || '.' || quote_ident(tablename) FROM pg_tables WHERE {ours}"
        " AND tablename <> ALL(%s)",
        [list(KEPT_TABLES)],
    ).fetchall()
    for [table] in server.execute(
        " UNION ALL ".join(f"SELECT '{name}' WHERE EXISTS (SELECT FROM {name})" for [name] in tables)
    ).fetchall():
        server.execute(f"DELETE FROM {table}")
    server.execute(
        "SELECT setval(format('%%I.%%I', schemaname, sequencename)::regclass, start_value, false) FROM pg_sequences"
        f" WHERE {ours} AND last_value IS NOT NULL AND NOT sequencename ^@ ANY(%s)",
        [list(KEPT_TABLES)],
    )


class _Listener(logging.Handler):
    def __init__(self) -> None:
        super().__init__()
        self.leaks: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        if logs.PERSONAL.search(record.getMessage()):
            self.leaks.append(record.getMessage())


@pytest.fixture(autouse=True)
def no_personal_data_in_logs() -> Iterator[None]:
    """The filter would blot it out; a line that needs blotting is a defect all the same."""
    listener = _Listener()
    logging.getLogger().addHandler(listener)
    yield
    logging.getLogger().removeHandler(listener)
    assert not listener.leaks, f"personal data reached a log line: {listener.leaks}"


@pytest.fixture(autouse=True)
def no_personal_data_in_jobs(monkeypatch: pytest.MonkeyPatch) -> None:
    """A job's arguments are ids: no phone, no ID number, and nothing that is not ASCII, as names are here."""
    really_defer = JobDeferrer.defer

    def defer(self: JobDeferrer, **arguments: object) -> int:
        told = json.dumps(arguments, ensure_ascii=False, default=str)
        assert told.isascii() and not logs.PERSONAL.search(told), f"personal data in the arguments of a job: {told}"
        return really_defer(self, **arguments)

    monkeypatch.setattr(JobDeferrer, "defer", defer)


@pytest.hookimpl(wrapper=True, tryfirst=True)  # before pytest looks at the marks, and after others put tests in order
def pytest_collection_modifyitems(items: list[pytest.Item]) -> Iterator[None]:
    """Marks what touches the database, for the run against another PostgreSQL, and walks on a phone or without scripts,
    which are the same ones once more, as long counts. What may take minutes begins first, so that nobody waits for it
    at the end."""
    for item in items:
        asks_for = set(getattr(item, "fixturenames", ()))
        if item.get_closest_marker("django_db") or asks_for & {"postgres_server", "django_db_setup", "db"}:
            item.add_marker(pytest.mark.database)
        widths = {*asks_for, *map(str, item.callspec.params.values() if hasattr(item, "callspec") else ())}
        if item.get_closest_marker("browser") and widths & {"phone", "plain_phone", "plain_page", "plain"}:
            item.add_marker(pytest.mark.deep)
    yield
    items.sort(key=lambda item: not item.get_closest_marker("timeout"))


def pytest_report_header() -> str:
    return f"var: {VAR}"
