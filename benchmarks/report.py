"""The credit report at 2,000 enterprises, through its own pages: read under the consent, booked, drawn, set, signed.

Each reading of a page books a line, each PDF is set and signed anew. Beside it a page that only has the frame.
"""

import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

from benchmarks.figures import tell
from benchmarks.stage import MS, stage

ENTERPRISES = 2_000
TIMES = 30
PAGE_MS_MAX = 50.0
PDF_MS_MAX = 150.0


def cpu_ms(act: Callable[[], object]) -> float:
    """CPU of this process per call, after two to warm up."""
    act()
    act()
    begun = time.process_time()
    for _ in range(TIMES):
        act()
    return (time.process_time() - begun) * MS / TIMES


def run() -> None:
    with tempfile.TemporaryDirectory() as folder, stage():
        from django.test import Client

        owner, uscc = _owner(Path(folder))
        anybody = Client()
        form = {"acting_for": uscc}
        address = owner.post("/my/report", form).headers["Location"]
        frame = cpu_ms(lambda: _asked(anybody, "/privacy"))
        tell("report opened and frozen, CPU", cpu_ms(lambda: owner.post("/my/report", form)), "ms", limit=frame)
        page = cpu_ms(lambda: _asked(owner, address))
        tell("report page, booked and drawn, CPU", page, "ms", limit=frame, reach=PAGE_MS_MAX)
        paper = cpu_ms(lambda: _asked(owner, address + "/pdf"))
        tell("report PDF, booked, set and signed, CPU", paper, "ms", limit=frame, reach=PDF_MS_MAX)


def _owner(out: Path):  # type: ignore[no-untyped-def]
    """Somebody of a province that has all delivered, logged in for an enterprise that signed; and its USCC."""
    from django.utils import timezone

    from jinfuyun.accounts import queries as accounts
    from jinfuyun.accounts.actions import hash_password
    from jinfuyun.data import door
    from jinfuyun.kit.actor import Actor, enterprise_house
    from jinfuyun.sandbox import holders
    from jinfuyun.sandbox.province import delivered, generate, people
    from tests.cast import Person
    from tests.web.inside import inside

    generate(enterprises=ENTERPRISES, seed=1, until=date(2026, 3, 10), out=out)
    everybody, password = people(out), "山高水长 2026 年春"
    holders.settle(everybody, password_hash=hash_password(password), at=timezone.now())
    for feed, until in delivered(out).items():
        door.deliver(feed, out / f"{feed}.csv", at=timezone.now(), covers_until=until)
    one = next(each for each in everybody if each["nature"] == "enterprise" and each["story"] == "growing")
    user = accounts.by_phone(one["phone"])
    assert user is not None
    actor = Actor(id=str(user.pk), label="", roles=frozenset(), house=enterprise_house(one["uscc"]))
    return inside(Person(str(user.pk), actor, "", one["phone"], password), uscc=one["uscc"]), one["uscc"]


def _asked(client, address: str) -> None:  # type: ignore[no-untyped-def]
    answer = client.get(address)
    if answer.status_code != 200:
        raise RuntimeError(f"{address}: {answer.status_code}")
