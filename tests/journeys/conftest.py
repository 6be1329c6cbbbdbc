"""The real parts together: the site, the departments in their own process, and whatever the worker would do."""

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from threading import Thread

import pytest
from django.conf import LazySettings
from django.db import connections
from playwright.sync_api import Browser, Page
from procrastinate.contrib.django import app as django_app
from procrastinate.contrib.django.models import ProcrastinateJob

from jinfuyun.config import database, keys, places
from jinfuyun.data.door import open_door
from jinfuyun.sandbox.departments.faults import DEPARTMENTS
from tests.browser import DESK, PHONE, open_page
from tests.journeys.steps import Town
from tests.sandbox.service import Service, departments, small_province

FRESH_SECONDS = 300.0  # what the departments ask for outside tests too


@pytest.fixture(scope="session")
def province_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_province(tmp_path_factory.mktemp("province"), enterprises=60)


@pytest.fixture(scope="session")
def departments_of_the_town(province_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    state = tmp_path_factory.mktemp("departments")
    with departments(province_folder, state, max_age=FRESH_SECONDS, keys=keys.department_keys()) as running:
        yield running


@pytest.fixture
def lake(tmp_path: Path) -> Path:
    return tmp_path / "lake"


@pytest.fixture
def town(site: str, departments_of_the_town: Service, settings: LazySettings, lake: Path) -> Iterator[Town]:
    """Everything is up; nobody has an account yet, and no feed has come."""
    service = departments_of_the_town
    settings.DEPARTMENTS_URL = settings.SMS_URL = service.url
    settings.PUBLIC_URL = site
    _open_door(lake, service.url)
    yield Town(site, service, work)
    for department in DEPARTMENTS:
        service.fault(department, "off")
    _open_door(places.LAKE, "http://127.0.0.1:9")  # the discard port: nobody answers


def _open_door(lake: Path, url: str) -> None:
    open_door(
        app_dsn=database.dsn("jinfuyun_app"), data_dsn=database.dsn("jinfuyun_data"), lake=lake,
        departments_url=url, department_keys=keys.department_keys(), ring=keys.field_keys(),
    )  # fmt: skip


def work(*, may_fail: bool = False) -> None:
    """What the worker does until nothing is due, by procrastinate's own worker. A job that fails fails the test.

    In a thread of its own: the test's thread belongs to the browser's event loop.
    """
    trouble: list[BaseException] = []

    async def until_nothing_is_due() -> None:
        hands = ThreadPoolExecutor(1)
        asyncio.get_running_loop().set_default_executor(hands)
        with django_app.replace_connector(django_app.connector.get_worker_connector()) as app:
            async with app.open_async():
                await app.run_worker_async(wait=False, listen_notify=False, install_signal_handlers=False)
        await asyncio.get_running_loop().run_in_executor(hands, connections.close_all)

    def run() -> None:
        try:
            asyncio.run(until_nothing_is_due())
        except BaseException as broken:
            trouble.append(broken)

    thread = Thread(target=run)
    thread.start()
    thread.join()
    if trouble:
        raise trouble[0]
    left = ProcrastinateJob.objects.exclude(status="succeeded").filter(attempts__gt=0)
    tries = [(job.task_name, job.status, job.attempts) for job in left]
    assert may_fail or not tries, f"jobs failed: {tries}; the log says why"


@pytest.fixture
def visitors(browser: Browser) -> Iterator[Callable[..., Page]]:
    """`visitors()` opens one more browser of its own, `visitors(phone=True)` on a phone, `scripts=False` without."""
    with ExitStack() as stack:

        def come(*, phone: bool = False, scripts: bool = True) -> Page:
            opened = open_page(browser, PHONE if phone else DESK, scripts=scripts)
            page = next(opened)
            stack.callback(lambda: next(opened, None))
            return page

        yield come
