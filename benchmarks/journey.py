"""From signature to facts: an enterprise has just signed, its data are asked for, and its documents can be read."""

import os
import time
import urllib.request

import duckdb
import psycopg

from benchmarks.figures import tell
from benchmarks.stage import READY_SECONDS_MAX, stage

ENTERPRISES = "2000"
SIGNERS = 5
SECONDS_MAX = 60.0
CATEGORIES_MIN = 2  # registration and at least one that needs a consent


def run() -> None:
    os.environ["JINFUYUN_ENTERPRISES"] = ENTERPRISES
    from jinfuyun.config import province

    province.make()
    departments = province.departments()
    departments.start()
    try:
        _wait(os.environ["DEPARTMENTS_URL"] + "/healthz")
        with stage():
            _measure()
    finally:
        departments.stop()


def _measure() -> None:
    from django.utils import timezone

    from jinfuyun.accounts.actions import hash_password
    from jinfuyun.config import province
    from jinfuyun.data import door
    from jinfuyun.sandbox import holders
    from jinfuyun.sandbox.province import people

    at = timezone.now()
    for feed in ("registration", "taxpayers"):
        door.deliver(feed, province.PROVINCE / f"{feed}.csv", at=at)
    signers = people(province.PROVINCE)[:SIGNERS]
    holders.settle(signers, password_hash=hash_password("山高水长 2026 年春"), at=at)
    slowest = 0.0
    for signer in signers:
        begun = time.perf_counter()
        door.pull([signer["uscc"]], at=timezone.now())
        slowest = max(slowest, time.perf_counter() - begun)
        if _documents(signer["uscc"]) < CATEGORIES_MIN:
            raise RuntimeError("the pull brought no facts")
    begun = time.perf_counter()
    for feed in ("sales_invoices", "purchase_invoices", "electricity"):
        duckdb.sql(f"SELECT count(*) FROM '{province.PROVINCE / feed}.csv'").fetchall()
    bare = time.perf_counter() - begun
    tell(f"from signature to facts, slowest of {SIGNERS}", slowest, "s", limit=bare, reach=SECONDS_MAX)


def _documents(uscc: str) -> int:
    from jinfuyun.config import database

    with psycopg.connect(database.dsn("jinfuyun_data")) as connection:
        row = connection.execute("SELECT count(*) FROM serving.document WHERE uscc = %s", [uscc]).fetchone()
        return int(row[0]) if row else 0


def _wait(address: str) -> None:
    deadline = time.monotonic() + READY_SECONDS_MAX
    while True:
        try:
            with urllib.request.urlopen(address, timeout=2):
                return
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)
