"""Can somebody with a stop-watch tell whether an account exists? The gap of medians, present against absent.

    .venv/bin/python -m benchmarks.enumeration            # PAIRS=2000 by default

One JSON line per form on standard output, a table for people on standard error.
"""

import json
import logging
import os
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

import django

from tests import database as own_folder  # noqa: F401  gives this process its own var/, before Django is set up

PAIRS = int(os.environ.get("PAIRS", "2000"))
GAP_MS_MAX = 5.0
PRESENT, ABSENT = "13800000001", "13800000009"
MS = 1000.0


def measure(act: Callable[[str], Any]) -> float:
    """The gap in ms between the medians; the two kinds take turns, so that noise hits both alike."""
    times: dict[str, list[float]] = {PRESENT: [], ABSENT: []}
    for number in range(PAIRS):
        for phone in (PRESENT, ABSENT) if number % 2 else (ABSENT, PRESENT):
            times[phone].append(act(phone))
    return abs(statistics.median(times[PRESENT]) - statistics.median(times[ABSENT])) * MS


def run() -> None:
    from django.utils import timezone

    from jinfuyun.accounts.actions import ask_picture
    from jinfuyun.accounts.models import Reservation
    from tests.cast import PASSWORD, enterprise_person
    from tests.web.visits import Visitor

    enterprise_person(PRESENT, "林存在")
    visitor = Visitor()

    page = visitor.get("/register").content.decode()
    token = page.partition('name="csrfmiddlewaretoken" value="')[2].partition('"')[0]
    visitor.get("/captcha.webp")  # gives the session its name

    def timed(path: str, **fields: str) -> float:
        Reservation.objects.all().delete()
        answer = ask_picture(session=visitor.session["name"], at=timezone.now())
        begun = time.perf_counter()
        visitor.post(path, {"csrfmiddlewaretoken": token, "captcha": answer, **fields})
        return time.perf_counter() - begun

    acts: dict[str, Callable[[str], float]] = {
        "register: code": lambda phone: timed("/register", phone=phone, send_code="1"),
        "login: code": lambda phone: timed("/login", account=phone, send_code="1"),
        "login": lambda phone: timed("/login", account=phone, password=PASSWORD, sms_code="123456"),
        "reset: code": lambda phone: timed("/password", phone=phone, send_code="1"),
        "reset": lambda phone: timed(
            "/password", phone=phone, sms_code="123456", password=PASSWORD, password_again=PASSWORD
        ),
    }
    for name, act in acts.items():
        gap = measure(act)
        line = {"name": f"enumeration, {name}", "value": round(gap, 3), "unit": "ms", "limit": GAP_MS_MAX,
                "ratio": round(gap / GAP_MS_MAX, 3), "reach": None, "ok": gap < GAP_MS_MAX}  # fmt: skip
        print(json.dumps(line, ensure_ascii=False), flush=True)
        print(f"{name:16} {gap:8.3f} ms over {PAIRS} pairs (limit {GAP_MS_MAX} ms)", file=sys.stderr)


def main() -> None:
    django.setup()
    from django.core.management import call_command
    from django.test.utils import setup_test_environment

    from jinfuyun.config import database, keys, places, postgres

    setup_test_environment()
    logging.getLogger("django.request").setLevel(logging.ERROR)  # it warns of every form that comes back
    with postgres.serving(places.POSTGRES, password=keys.database_passwords()["postgres"], durable=False):
        database.prepare()
        call_command("migrate", database="owner", verbosity=0)
        run()


if __name__ == "__main__":
    main()
