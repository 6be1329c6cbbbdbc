"""The credit report through its own pages: read under the consent, booked, drawn, set, signed.

Each reading of a page books a line, each PDF is set and signed anew, with a time stamp. Beside it a page that only has
the frame. 2,000 enterprises are delivered; ENTERPRISES=N lets the tables behind the door be as deep as those of N, with
empty documents and a consent each for the rest.
"""

import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import psycopg

from benchmarks.data import indexed_afterwards
from benchmarks.figures import tell
from benchmarks.stage import MS, stage

ENTERPRISES = 2_000
TIMES = 30
PAGE_MS_MAX = 50.0
PDF_MS_MAX = 150.0
SIGNATURE_MS_MAX = 60.0


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
        _crowd(int(os.environ.get("ENTERPRISES") or ENTERPRISES) - ENTERPRISES)
        anybody = Client()
        form = {"acting_for": uscc}
        address = owner.post("/my/report", form).headers["Location"]
        frame = cpu_ms(lambda: _asked(anybody, "/privacy"))
        tell("report opened and frozen, CPU", cpu_ms(lambda: owner.post("/my/report", form)), "ms", limit=frame)
        page = cpu_ms(lambda: _asked(owner, address))
        tell("report page, booked and drawn, CPU", page, "ms", limit=frame, reach=PAGE_MS_MAX)
        with _stamped(Path(folder)) as stamps:
            paper = cpu_ms(lambda: _printed_anew(owner, address))
            tell("report PDF, booked, set and signed, CPU", paper, "ms", limit=frame, reach=PDF_MS_MAX)
            signature = cpu_ms(lambda: _signed(stamps))
            tell("signature with time stamp, CPU", signature, "ms", limit=frame, reach=SIGNATURE_MS_MAX)


def _owner(out: Path):
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


def _crowd(more: int) -> None:
    """Rows for so many enterprises more, of each category as many as one of those that are there has."""
    from jinfuyun.config import database

    invented = "'91' || lpad(number::text, 16, '0')"
    with psycopg.connect(database.dsn("jinfuyun_owner"), autocommit=True) as owner:
        with indexed_afterwards(owner, "document"):
            owner.execute(
                "INSERT INTO serving.document (uscc, category, release, body)"
                f" SELECT {invented}, category, release, '{{}}'"
                " FROM (SELECT category, max(release) AS release FROM serving.document GROUP BY category) AS kinds,"
                " generate_series(1, %s) AS number",
                [more],
            )
        with indexed_afterwards(owner, "authorised"):
            owner.execute(
                f"INSERT INTO serving.authorised (uscc, category, consent_number, pdf_sha256, start_on)"
                f" SELECT {invented}, category, 'SQ-bench', '', '2020-01-01'"
                " FROM (SELECT DISTINCT category FROM serving.document) AS kinds, generate_series(1, %s) AS number",
                [more],
            )


@contextmanager
def _stamped(folder: Path) -> Iterator[Any]:
    """Documents are stamped by the sandbox's service while this lasts."""
    from django.conf import settings
    from django.test import override_settings

    from jinfuyun.sandbox.departments.stamps import CERTIFICATE
    from tests.sandbox.service import departments

    with departments(folder, folder / "state") as service:
        stamps = replace(settings.STAMPS, url=f"{service.url}/time-stamps", certificates=service.state / CERTIFICATE)
        with override_settings(STAMPS=stamps):
            yield stamps


def _signed(stamps: Any) -> bytes:
    from django.conf import settings

    from jinfuyun.storage import signing
    from tests.cast import MONDAY
    from tests.storage.test_signing import blank_paper

    return signing.sign(blank_paper(), keys=settings.DOCUMENT_KEYS, stamps=stamps, reason="企业信用报告", at=MONDAY)


def _printed_anew(client: Any, address: str) -> None:
    from jinfuyun.reports.models import Printed

    Printed.objects.all().delete()
    _asked(client, address + "/pdf")


def _asked(client, address: str) -> None:
    answer = client.get(address)
    if answer.status_code != 200:
        raise RuntimeError(f"{address}: {answer.status_code}")
