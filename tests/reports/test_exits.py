"""What comes out through any exit stands in the book first: in a race with a revocation, with the book out of order,
and when the process is killed half-way.

Seen red: without FOR SHARE in the function; without the lock in still_granted; with a report shown again unbooked.
"""

import json
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest
from django.db import connection
from django.db.utils import DatabaseError

from jinfuyun.audit.models import Line
from jinfuyun.config import database
from jinfuyun.consents import actions as consents
from jinfuyun.consents import queries as consent_queries
from jinfuyun.kit.errors import NotGranted
from jinfuyun.reports import actions
from jinfuyun.reports.models import Report
from tests.at_once import AT_ONCE, WAIT_SECONDS
from tests.cast import RIVER_BANK, TUESDAY, Firm, Person
from tests.consents.wall import ask
from tests.reports.test_actions import opened

ASKS_MAX = 2_000  # of one reader; the revocation comes long before, though on a busy machine it waits for its turn
SERVED_BEFORE = 20  # so many were served when the enterprise revokes


def through_the_wall(firm: Firm, officer: Person) -> None:
    consent = Report.objects.get().consent_number
    question = {"purpose": "pre_loan", "categories": ["invoices"], "at": TUESDAY, "because": "A1"}
    refusal, came_out = ask(consent, reader=("institution", RIVER_BANK), **question)
    assert (refusal is None) == (came_out == {"invoices"})
    if refusal:
        raise NotGranted


def through_a_new_report(firm: Firm, officer: Person) -> None:
    opened(firm, officer)


def through_an_old_report(firm: Firm, officer: Person) -> None:
    report = Report.objects.earliest("made_at", "number")
    actions.view_report(report=report, how="page", by=officer.actor, at=TUESDAY)


EXITS = {
    "wall": (through_the_wall, "data.read"),
    "new report": (through_a_new_report, "report.opened"),
    "old report": (through_an_old_report, "report.viewed"),
}


@pytest.mark.parametrize("exit", EXITS)
def test_nothing_is_served_after_the_revocation_has_been_committed(
    applied: Firm, river_bank_officer: Person, exit: str
) -> None:
    """A hundred readers ask until they are refused. The book has the order: every reading before the revocation, which
    took the lock that each of them held, and no refusal before it."""
    read, booked_as = EXITS[exit]
    opened(applied, river_bank_officer)
    before = Line.objects.latest("id").id
    served, start = threading.Semaphore(0), threading.Barrier(AT_ONCE)

    def reader(number: int) -> int:
        try:
            start.wait(timeout=WAIT_SECONDS)
            for count in range(ASKS_MAX):
                try:
                    read(applied, river_bank_officer)
                except NotGranted:
                    return count
                served.release()
        finally:
            connection.close()
        raise AssertionError("never refused")

    with ThreadPoolExecutor(AT_ONCE) as pool:
        counts = [pool.submit(reader, number) for number in range(AT_ONCE)]
        for _ in range(SERVED_BEFORE):
            assert served.acquire(timeout=WAIT_SECONDS)
        consent = consent_queries.living(applied.uscc)
        assert consent is not None
        consents.revoke(consent=consent, by=applied.owner, at=TUESDAY)
        total = sum(count.result() for count in counts)
    lines = Line.objects.filter(id__gt=before)
    read_ids = lines.filter(action=booked_as).values_list("id", flat=True)
    refused_ids = lines.filter(action="data.refused").values_list("id", flat=True)
    assert len(read_ids) == total >= SERVED_BEFORE
    assert len(refused_ids) == AT_ONCE
    assert max(read_ids) < lines.get(action="consent.revoked").id < min(refused_ids)


@pytest.fixture
def book_is_down(applied: Firm, river_bank_officer: Person) -> Iterator[Report]:
    """An old report is there; nobody can write a line any more, the function's owner included."""
    opened(applied, river_bank_officer)
    roles = "jinfuyun_owner, jinfuyun_app"
    with psycopg.connect(database.admin_dsn(database.address().database), autocommit=True) as server:
        server.execute(f"REVOKE INSERT ON audit_line FROM {roles}")
        try:
            yield Report.objects.get()
        finally:
            server.execute(f"GRANT INSERT ON audit_line TO {roles}")


@pytest.mark.parametrize("exit", [*EXITS, "paper"])
def test_what_cannot_be_booked_is_not_read(
    book_is_down: Report, applied: Firm, river_bank_officer: Person, exit: str
) -> None:
    def on_paper(firm: Firm, officer: Person) -> None:
        actions.print_report(report=book_is_down, by=officer.actor, at=TUESDAY)

    read = on_paper if exit == "paper" else EXITS[exit][0]
    with pytest.raises((DatabaseError, psycopg.DatabaseError), match="audit_line"):
        read(applied, river_bank_officer)
    assert Report.objects.count() == 1


# Every case in a process of its own (forked from one that has loaded the platform and opened nothing yet): it reads
# through one exit and gives out what came; killed (SIGKILL) before or after its commit, or not at all.
CASES = [[exit, kill] for exit in ("new report", "old report") for kill in ("before", "after", "never")]
CHILD = """
import json, multiprocessing, os, signal, sys
from datetime import datetime
import django
import psycopg
django.setup()
from jinfuyun.accounts import queries as accounts
from jinfuyun.kit.grant import Purpose, Reader, ReaderKind
from jinfuyun.reports import actions, queries
told = json.loads(sys.argv[1])
at = datetime.fromisoformat(told["at"])

def read(exit, kill, out):
    by = accounts.actor(accounts.user(told["user"]))
    report = queries.report(told["report"], visible_to_actor=by)
    commit = psycopg.Connection.commit

    def deadly(connection):
        if kill == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        commit(connection)
        if kill == "after":
            os.kill(os.getpid(), signal.SIGKILL)

    psycopg.Connection.commit = deadly
    if exit == "new report":
        made = actions.open_report(
            uscc=told["uscc"], reader=Reader(ReaderKind.INSTITUTION, "RIVER"), reader_name="x", because="A1",
            purpose=Purpose.PRE_LOAN, by=by, at=at,
        )
    else:
        made = actions.view_report(report=report, how="page", by=by, at=at).number
    out.send(made)

fork, ends = multiprocessing.get_context("fork"), []
for case in told["cases"]:
    here, there = fork.Pipe(duplex=False)
    process = fork.Process(target=read, args=(*case, there))
    process.start()
    there.close()
    process.join()
    ends.append([process.exitcode, here.poll() and not process.exitcode and bool(here.recv())])
print(json.dumps(ends))
"""


def test_a_process_killed_half_way_has_booked_whatever_it_could_have_shown(
    applied: Firm, river_bank_officer: Person
) -> None:
    number = opened(applied, river_bank_officer)
    told = {
        "user": river_bank_officer.user_id, "uscc": applied.uscc, "report": number, "at": TUESDAY.isoformat(),
        "cases": CASES,
    }  # fmt: skip
    before = Line.objects.latest("id").id
    done = subprocess.run(
        [sys.executable, "-c", CHILD, json.dumps(told)], capture_output=True, text=True, check=True,
        cwd=Path(__file__).parents[2],
    )  # fmt: skip
    killed = [-signal.SIGKILL, False]
    assert json.loads(done.stdout) == [killed, killed, [0, True]] * 2, done.stderr
    # Killed on the way: booked though nothing was shown. Never the other way round. A reading books itself before what
    # it brought is looked at, so that a new report is read three times and shown once.
    lines = Line.objects.filter(id__gt=before)
    assert [lines.filter(action=action).count() for action in ("data.read", "report.viewed")] == [3, 2]
