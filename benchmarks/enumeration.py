"""Can somebody with a stop-watch tell whether an account exists? The gap of medians, present against absent.

PAIRS=2000 by default. The limit beside each gap is what the same stop-watch sees between two absent accounts.
"""

import logging
import os
import statistics
import time
from collections.abc import Callable

from benchmarks.figures import tell
from benchmarks.stage import MS, stage

PAIRS = int(os.environ.get("PAIRS", "2000"))
GAP_MS_MAX = 5.0
PRESENT, ABSENT, ABSENT_TOO = "13800000001", "13800000008", "13800000009"


def run() -> None:
    with stage():
        from django.test.utils import setup_test_environment

        setup_test_environment()
        logging.getLogger("django.request").setLevel(logging.ERROR)  # it warns of every form that comes back
        for name, act in _acts().items():
            gap, noise = _gaps(act)
            tell(f"enumeration, {name}", gap, "ms", limit=noise, reach=GAP_MS_MAX)


def _gaps(act: Callable[[str], float]) -> tuple[float, float]:
    """In ms: present against absent, absent against absent. They take turns, so that noise hits all alike."""
    phones = [PRESENT, ABSENT, ABSENT_TOO]
    times: dict[str, list[float]] = {phone: [] for phone in phones}
    for _ in range(PAIRS):
        for phone in phones:
            times[phone].append(act(phone))
        phones = phones[1:] + phones[:1]
    present, absent, absent_too = (statistics.median(times[phone]) for phone in (PRESENT, ABSENT, ABSENT_TOO))
    return abs(present - absent) * MS, abs(absent - absent_too) * MS


def _acts() -> dict[str, Callable[[str], float]]:
    """Seconds that one request takes for this phone, by what is asked."""
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

    new = {"password": PASSWORD, "password_again": PASSWORD}
    return {
        "code to register": lambda phone: timed("/register", phone=phone, send_code="1"),
        "registering": lambda phone: timed("/register", phone=phone, sms_code="123456", agree="on", **new),
        "code to log in": lambda phone: timed("/login", account=phone, send_code="1"),
        "logging in": lambda phone: timed("/login", account=phone, password=PASSWORD, sms_code="123456"),
        "code to reset": lambda phone: timed("/password", phone=phone, send_code="1"),
        "resetting": lambda phone: timed("/password", phone=phone, sms_code="123456", **new),
    }
