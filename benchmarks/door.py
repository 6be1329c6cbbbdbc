"""One enterprise through the door: consent checked, durably booked, documents put together; two processes at once.

Beside it a bare SELECT of the same rows. Once in quiet, and once while releases are published all the time.
"""

import multiprocessing
import os
import random
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import psycopg

from benchmarks.figures import tell
from benchmarks.stage import MS, stage

ENTERPRISES = 2_000
READS = 3_000  # by each of the processes
PROCESSES = 2
P50_MS_MAX, P99_MS_MAX, PER_SECOND_MIN = 1.0, 4.0, 2_000.0


def run() -> None:
    with tempfile.TemporaryDirectory() as folder, stage():
        usccs = _fill(Path(folder))
        bare, _ = _at_once(_select, usccs)
        for what, meanwhile in (("", None), (", a release being published", Path(folder))):
            took, per_second = _at_once(_read, usccs, meanwhile)
            for share, reach in ((50, P50_MS_MAX), (99, P99_MS_MAX)):
                limit = float(np.percentile(bare, share))
                tell(f"door p{share}{what}", float(np.percentile(took, share)), "ms", limit=limit, reach=reach)
            limit = PROCESSES * MS / float(np.mean(bare))
            tell(f"door{what}", per_second, "readings/s", limit=limit, reach=PER_SECOND_MIN, less_is_better=False)


def _fill(out: Path) -> list[str]:
    """Consents in force and their documents."""
    from django.utils import timezone

    from jinfuyun.accounts.actions import hash_password
    from jinfuyun.data import door
    from jinfuyun.sandbox import holders
    from jinfuyun.sandbox.province import delivered, generate, people

    generate(enterprises=ENTERPRISES, seed=1, until=date(2026, 3, 10), out=out)
    holders.settle(people(out), password_hash=hash_password("山高水长 2026 年春"), at=timezone.now())
    for feed, until in delivered(out).items():
        door.deliver(feed, out / f"{feed}.csv", at=timezone.now(), covers_until=until)
    return [person["uscc"] for person in people(out)]


def _at_once(
    act: Callable[[list[str], int, Any], None], usccs: list[str], meanwhile: Path | None = None
) -> tuple[list[float], float]:
    """ms of every reading, and readings a second of all processes together."""
    from django.db import connections

    from jinfuyun.data import door

    connections.close_all()  # nothing open may be shared with those who are forked
    door.close_door()
    processes = multiprocessing.get_context("fork")  # they find the same platform
    told = processes.Queue()
    readers = [processes.Process(target=act, args=(usccs, seed, told)) for seed in range(PROCESSES)]
    for reader in readers:
        reader.start()
    if meanwhile:
        _publish(meanwhile, until=lambda: told.qsize() == PROCESSES)
    found = [told.get() for _ in readers]
    for reader in readers:
        reader.join()
    per_second = sum(len(took) * MS / sum(took) for took in found)
    return [one for took in found for one in took], per_second


def _select(usccs: list[str], seed: int, told: Any) -> None:
    from jinfuyun.config import database

    with psycopg.connect(database.dsn("jinfuyun_data"), autocommit=True) as data:
        query = "SELECT category, body FROM serving.document WHERE uscc = %s"
        told.put(_timed(usccs, seed, lambda uscc: data.execute(query, [uscc]).fetchall()))


def _read(usccs: list[str], seed: int, told: Any) -> None:
    from django.apps import apps
    from django.utils import timezone

    from jinfuyun.consents import queries as consents
    from jinfuyun.data import door
    from jinfuyun.kit.grant import Purpose, Reader, ReaderKind

    apps.get_app_config("config").ready()
    grants = {
        uscc: consents.grant_for(
            uscc=uscc, reader=Reader(ReaderKind.ENTERPRISE, uscc), purpose=Purpose.OWN_VIEW, at=timezone.now()
        )
        for uscc in usccs
    }

    def ask(uscc: str) -> object:
        return door.read_facts(grants[uscc], actor="bench", actor_label="基准", at=timezone.now())

    told.put(_timed(usccs, seed, ask))


def _publish(out: Path, until: Callable[[], bool]) -> None:
    """Small deliveries, one after the other."""
    from django.apps import apps
    from django.utils import timezone

    from jinfuyun.data import door

    apps.get_app_config("config").ready()
    lines = (out / "electricity.csv").read_text().splitlines()
    part = out / f"again-{os.getpid()}.csv"
    for turn in range(1, len(lines)):
        part.write_text("\n".join([lines[0], *lines[turn : turn + 200]]) + "\n")
        door.deliver("electricity", part, at=timezone.now())
        if until():
            return


def _timed(usccs: list[str], seed: int, act: Callable[[str], object]) -> list[float]:
    chance, took = random.Random(seed), []
    for uscc in chance.choices(usccs, k=READS // 10):
        act(uscc)  # warm
    for uscc in chance.choices(usccs, k=READS):
        begun = time.perf_counter()
        act(uscc)
        took.append((time.perf_counter() - begun) * MS)
    return took
