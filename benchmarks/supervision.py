"""Figures for regulators at the size of a province: business in bulk, the close of a month, the cockpit, cross-tabs.

ENTERPRISES=N (200,000) are written with their business; TIMES=1,10 says at which multiples of it figures are
measured. Each copy is other enterprises'; their sealed columns are copied as they are and open no more, and nobody
looks at them.
"""

import os
import shutil
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import psutil
import psycopg

from benchmarks import crosstab
from benchmarks.crowd import publish
from benchmarks.figures import tell
from benchmarks.multiply import multiply
from benchmarks.stage import Server, database_cpu, stage

SEED, MONTHS = 20261127, 24
PRODUCTS = 300
CLOSE_SECONDS_MAX, CLOSE_GB_MAX = 60.0, 2.0
COCKPIT_CPU_MS_MAX, PAINT_MS_MAX = 100.0, 1_000.0
REQUESTS, PAINTS = 60, 7
LIVE_TIMES_MAX = 10  # minutes at ten times already: what more would take is known
SLOWEST = 6
GB = 1 << 30
# ms from asking for the page to the first thing on the screen.
PAINTED = """new Promise(done => new PerformanceObserver(
    list => done(list.getEntries()[0].startTime)).observe({type: "paint", buffered: true}))"""


def run() -> None:
    enterprises = int(os.environ.get("ENTERPRISES") or 200_000)
    multiples = [int(times) for times in (os.environ.get("TIMES") or "1,10").split(",")]
    with stage():
        from django.utils import timezone

        at = timezone.now()
        events, standing = _business(enterprises, at), 1
        for turn, times in enumerate(multiples):
            if times > standing:
                events, standing = multiply(times // standing, turn=turn), times
            _settle_down()
            tell(f"database of {events:,} events, on disk", size := _on_disk() / GB, "GB", limit=size)
            _closes(at, events, nth=turn)
            with tempfile.TemporaryDirectory() as folder:
                crosstab.measure(Path(folder), events, at)
            _cockpit(at, events, live=times <= LIVE_TIMES_MAX)


def _business(enterprises: int, at: datetime) -> int:
    """How many entries of loan books there are then; all rules hold, ten figures agree with ten.sql."""
    from django.db import connection

    from jinfuyun.products.models import Product
    from jinfuyun.sandbox.bulk import loading, queries
    from jinfuyun.workdays import queries as workdays

    publish(PRODUCTS)
    Product.objects.update(listed_at=at - timedelta(days=31 * (MONTHS + 1)))
    begun, base = time.process_time(), database_cpu()
    blocks = loading.invented(enterprises, seed=SEED, founded_by=loading.begins(at, MONTHS).date())
    rows = loading.load(blocks, seed=SEED, months=MONTHS, at=at)
    cpu = time.process_time() - begun + database_cpu() - base
    sys.stderr.write(f"{rows}\n")
    tell(f"business of {enterprises:,} enterprises written, CPU", cpu, "s", limit=database_cpu() - base)
    _settle_down()
    with connection.cursor() as cursor, _measured() as checked, _slowest_told():
        broken = queries.broken(cursor, at=at, notices=workdays.notices())
    sys.stderr.write(f"broken: {broken}\n")
    tell("invariants that hold", len(queries.INVARIANTS) - len(broken), "", limit=len(queries.INVARIANTS),
         reach=len(queries.INVARIANTS), less_is_better=False)  # fmt: skip
    tell("invariants looked at", checked.seconds, "s", limit=checked.seconds)
    _ten(at)
    return rows["loan_event"]


def _ten(at: datetime) -> None:
    from django.db import connection

    from jinfuyun.kit import period
    from jinfuyun.kit.calendar import local_day
    from tests.supervision import ten

    month = period.month_of(local_day(at))
    first, last = period.shifted(month, -MONTHS), period.shifted(month, -1)
    chosen = [period.shifted(month, -back) for back in (1, 6, 12, 18)]
    with connection.cursor() as cursor:
        again = ten.recomputed(cursor, first=period.first_day(first), last=period.first_day(last))
    found = ten.counted(chosen)
    again = {key: value for key, value in again.items() if key[1] in chosen}
    wrong = {key for key in {*found, *again} if found.get(key) != again.get(key)}
    sys.stderr.write(f"ten figures, differing: {sorted(wrong)[:5]}\n")
    equal = len({*found, *again}) - len(wrong)
    tell("ten figures as ten.sql has them", equal, "", limit=len(again), reach=len(again), less_is_better=False)


def _settle_down() -> None:
    """As the database does by itself."""
    from jinfuyun.config import database

    with psycopg.connect(database.admin_dsn(database.address().database), autocommit=True) as admin:
        admin.execute("VACUUM ANALYZE")


def _on_disk() -> int:
    from jinfuyun.config import database

    with psycopg.connect(database.admin_dsn(database.address().database)) as admin:
        ((size,),) = admin.execute("SELECT pg_database_size(current_database())").fetchall()
    return size


@dataclass
class Measured:
    """Seconds by the clock and of CPU; memory of this process and of the database's that only they have, at most."""

    seconds: float = 0.0
    cpu: float = 0.0
    own_gb: float = 0.0
    database_gb: float = 0.0
    _done: threading.Event = field(default_factory=threading.Event)

    def watch(self) -> None:
        while not self._done.wait(0.2):
            self.own_gb = max(self.own_gb, psutil.Process().memory_info().rss / GB)
            self.database_gb = max(self.database_gb, _database_memory() / GB)


@contextmanager
def _measured() -> Iterator[Measured]:
    found = Measured()
    watcher = threading.Thread(target=found.watch)
    begun, own, base = time.perf_counter(), time.process_time(), database_cpu()
    watcher.start()
    try:
        yield found
    finally:
        found.seconds = time.perf_counter() - begun
        found._done.set()
        watcher.join()
        found.cpu = time.process_time() - own + database_cpu() - base


def _database_memory() -> int:
    """Of every server process what it shares with none; the buffers that all share are left out."""
    from jinfuyun.config import places

    number = int((places.POSTGRES / "data" / "postmaster.pid").read_text().splitlines()[0])
    total = 0
    for process in psutil.Process(number).children():
        try:
            total += process.memory_full_info().uss
        except psutil.NoSuchProcess:
            continue
    return total


def _closes(at: datetime, events: int, *, nth: int) -> None:
    """A month (the last one, at the next size the one before), beside the same figures counted one by one by hand."""
    from jinfuyun.kit import period
    from jinfuyun.kit.actor import platform
    from jinfuyun.kit.calendar import local_day
    from jinfuyun.supervision import actions

    month = period.shifted(period.month_of(local_day(at)), -1 - nth)
    with _measured() as bare:
        _by_hand(month)
    with _measured() as closed, _slowest_told():
        actions.close(month=month, by=platform("bench"), at=at)
    name = f"monthly close of {events:,} events"
    tell(name, closed.seconds, "s", limit=bare.seconds, reach=CLOSE_SECONDS_MAX)
    tell(f"{name}, CPU", closed.cpu, "s", limit=bare.cpu)
    tell(f"{name}, memory of process and database", closed.own_gb + closed.database_gb, "GB",
         limit=bare.own_gb + bare.database_gb, reach=CLOSE_GB_MAX)  # fmt: skip


@contextmanager
def _slowest_told() -> Iterator[None]:
    """The statements that took longest, for people who want to know where the time went."""
    from django.db import connection

    took: list[tuple[float, str]] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        begun = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            took.append((time.perf_counter() - begun, sql))

    with connection.execute_wrapper(note):
        yield
    for seconds, sql in sorted(took, reverse=True)[:SLOWEST]:
        sys.stderr.write(f"{seconds:8.2f} s  {sql[:60]} … {sql[sql.find(' FROM ') :][:90]}\n")


def _by_hand(month: str) -> None:
    from django.db import connection

    from jinfuyun.supervision.queries import month_span
    from tests.supervision.plain_sql import COUNTS

    span = month_span(month)
    with connection.cursor() as cursor:
        for statement in COUNTS.values():
            cursor.execute(statement, {"a": span.since, "b": span.until, "p": "35%"})
            cursor.fetchall()


def _cockpit(at: datetime, events: int, *, live: bool) -> None:
    """The regulator's page of a closed month through the server and in a browser, beside the same bytes bare."""
    from jinfuyun.kit.actor import House, HouseKind, Role
    from jinfuyun.supervision.queries import months, overview
    from tests.cast import staff_person
    from tests.signing_in import session_key

    last, account = months.months()[0], f"regulator.{events}"
    house = House(HouseKind.REGION, "350000")
    person = staff_person("regulator", account, "13900000004", "郑监管", house, Role.REGULATOR)
    cookie, path = f"session={session_key(person)}", f"/regulator?month={last}"
    with Server("benchmarks.bare:application") as bare:
        base = bare.load(["/"] * REQUESTS, clients=1)
        base_paint = _first_paint(f"http://127.0.0.1:{bare.port}/", "")
    with Server("jinfuyun.config.wsgi:application") as server:
        load = server.load([path] * REQUESTS, clients=1, cookie=cookie)
        paint = _first_paint(f"http://127.0.0.1:{server.port}{path}", cookie.partition("=")[2])
    name = f"cockpit with {events:,} events"
    tell(f"{name}, CPU of the server", load.server_ms, "ms/request", limit=base.server_ms, reach=COCKPIT_CPU_MS_MAX)
    tell(f"{name}, CPU of the database", load.database_ms, "ms/request", limit=base.server_ms)
    if live:
        with _measured() as counted:
            overview(visible_to=person.actor, with_xiamen=True, at=at)
        tell(f"{name}, counted live instead", counted.seconds, "s", limit=float(np.mean(load.took_ms)) / 1_000)
    tell(f"{name}, first paint in the browser", paint, "ms", limit=base_paint, reach=PAINT_MS_MAX)


def _first_paint(address: str, session: str) -> float:
    """Median of some visits, each in a browser context of its own: nothing is cached."""
    from playwright.sync_api import sync_playwright

    from tests.browser import CHROMIUMS, FLAGS

    took = []
    with sync_playwright() as play:
        program = next(filter(None, map(shutil.which, CHROMIUMS)))
        browser = play.chromium.launch(executable_path=program, args=list(FLAGS))
        for _ in range(PAINTS):
            context = browser.new_context(viewport={"width": 1280, "height": 800})
            if session:
                context.add_cookies([{"name": "session", "value": session, "url": address.split("/regulator")[0]}])
            page = context.new_page()
            page.goto(address, wait_until="load")
            took.append(page.evaluate(PAINTED))
            context.close()
        browser.close()
    return median(took)
