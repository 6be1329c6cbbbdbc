"""The inbox of one institution with a million applications, beside the bare SELECT of the same rows.

APPLICATIONS=N (1,000,000). Every tray, any of its pages, by as many people at once as there are cores.
"""

import os
import random
import time
from typing import Any

import numpy as np
import psycopg

from benchmarks.crowd import apply
from benchmarks.figures import tell
from benchmarks.stage import MS, Server, stage

REQUESTS = 1_500
PEOPLE = 2
PAGE, PAGES = 30, 66  # of the two thousand that a tray shows
P99_MS_MAX = 60.0


def run() -> None:
    count = int(os.environ.get("APPLICATIONS") or 1_000_000)
    with stage():
        from django.utils import timezone

        from jinfuyun.applications.queries import TRAYS
        from jinfuyun.kit.actor import Role, institution_house
        from tests import market
        from tests.cast import staff_person
        from tests.signing_in import session_key

        product = market.product(code="RIVER001", of=market.institution(market.RIVER))
        officer = staff_person(
            "institution", "river.officer", "13900000003", "江经理", institution_house("RIVER"), Role.OFFICER
        )
        apply(product, count, at=timezone.now())
        cookie = f"session={session_key(officer)}"
        dice = random.Random(20261127)
        asked = [(dice.choice(list(TRAYS)), 1 + dice.randrange(PAGES)) for _ in range(REQUESTS)]
        with Server("jinfuyun.config.wsgi:application") as server:
            paths = [f"/bank/applications?tray={tray}&page={page}" for tray, page in asked]
            load = server.load(paths, clients=PEOPLE, cookie=cookie)
        bare = _select(product, asked)
    for share, reach in ((50, None), (99, P99_MS_MAX)):
        limit = float(np.percentile(bare, share))
        name = f"inbox of {count:,} applications, p{share}"
        tell(name, float(np.percentile(load.took_ms, share)), "ms", limit=limit, reach=reach)
    tell("inbox, CPU of the server", load.server_ms, "ms/request", limit=float(np.mean(bare)))
    tell("inbox, CPU of the database", load.database_ms, "ms/request", limit=float(np.mean(bare)))


def _select(product: Any, asked: list[tuple[str, int]]) -> list[float]:
    """ms of each."""
    from jinfuyun.applications.queries import TRAYS
    from jinfuyun.config import database

    took = []
    with psycopg.connect(database.dsn("jinfuyun_app"), autocommit=True) as connection:
        for tray, page in asked:
            order = "state_at DESC" if tray == "ended" else "due_on, state_at"
            states = ", ".join(f"'{state}'" for state in TRAYS[tray][1])
            begun = time.perf_counter()
            connection.execute(
                "SELECT number, enterprise_name, region_code, amount_fen, term_months, state, due_on FROM application"
                f" WHERE institution_id = %s AND state IN ({states}) ORDER BY {order} LIMIT {PAGE} OFFSET %s",
                [product.institution_id, (page - 1) * PAGE],
            ).fetchall()
            took.append((time.perf_counter() - begun) * MS)
    return took
