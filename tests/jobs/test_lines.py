"""Who waits for a code by SMS does not wait for a night's bulk."""

import asyncio
from threading import Event, Semaphore, Thread
from typing import Any

import pytest
from django.db import connections
from procrastinate.contrib.django import app as django_app
from procrastinate.contrib.django.models import ProcrastinateJob

from jinfuyun.config import jobs as bound
from jinfuyun.config.worker import LINES, both_lines
from jinfuyun.jobs.actions import defer
from jinfuyun.kit.jobs import Job

ENOUGH_SECONDS = 60


def worked(until: Event, then: Event) -> None:
    """The worker's two lines, until something has happened; `then` lets go what it still holds."""

    async def lines() -> None:
        connector: Any = django_app.connector  # Django's; its base knows no worker's
        with django_app.replace_connector(connector.get_worker_connector()) as app:
            both = asyncio.create_task(both_lines(app))
            try:
                while not until.is_set() and not both.done():
                    await asyncio.sleep(0.05)
            finally:
                then.set()
                both.cancel()
                await asyncio.wait([both])

    asyncio.run(asyncio.wait_for(lines(), ENOUGH_SECONDS))


def test_a_code_overtakes_jobs_that_take_long(committed_db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Seen red with the line of its own left out."""
    sent, over, begun = Event(), Event(), Semaphore(0)

    def long(**_: Any) -> None:
        begun.release()
        over.wait(ENOUGH_SECONDS)
        connections.close_all()

    def message(**_: Any) -> None:
        sent.set()
        connections.close_all()

    monkeypatch.setitem(bound.BINDINGS, Job.PULL_FACTS, long)
    monkeypatch.setitem(bound.BINDINGS, Job.SEND_MESSAGE, message)
    for number in range(2 * len(LINES)):
        defer(Job.PULL_FACTS, consent_number=str(number))
    thread = Thread(target=worked, args=(sent, over))  # the test's own thread may belong to a browser's loop
    thread.start()
    assert all(begun.acquire(timeout=ENOUGH_SECONDS) for _ in range(LINES[0]["concurrency"]))
    defer(Job.SEND_MESSAGE, message_id="1")
    thread.join()
    assert sent.is_set()
    assert ProcrastinateJob.objects.get(task_name=Job.SEND_MESSAGE).status in ("succeeded", "doing")


@pytest.mark.django_db
def test_what_a_person_waits_for_stands_before_what_nobody_does() -> None:
    for job in (Job.PULL_FACTS, Job.PRINT_REPORT, Job.SEND_MESSAGE):
        defer(job, number="1")
    found = {one.task_name: (one.queue_name, one.priority) for one in ProcrastinateJob.objects.all()}
    assert found == {"pull_facts": ("default", 0), "print_report": ("default", 1), "send_message": ("at_once", 1)}
