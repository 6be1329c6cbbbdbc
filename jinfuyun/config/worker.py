"""The quiet processes: the worker, which does what was deferred, the sealer, which links the book, and the watch."""

import asyncio
import json
import logging
import os
import signal
import threading
from datetime import datetime
from typing import Any

from asgiref.sync import async_to_sync
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import close_old_connections
from django.utils import timezone
from procrastinate import App, JobContext
from procrastinate.contrib.django import app as django_app

from jinfuyun.audit import actions
from jinfuyun.config import drop, jobs, keys, places

LINES: tuple[dict[str, Any], ...] = (
    {"name": "worker", "concurrency": 2},
    {"name": "at_once", "concurrency": 1, "queues": [jobs.AT_ONCE], "install_signal_handlers": False},
)
GRACE_SECONDS = 20.0  # a job that is running when we are told to stop gets this long
STALLED_SECONDS = 30.0  # procrastinate's own beat is 10 s
SEAL_EVERY_SECONDS = 1.0
LOOK_EVERY_SECONDS = 2.0
ROBOTS_EVERY_SECONDS = 5.0
LOOK_AFTER_TROUBLE_SECONDS = 60.0

log = logging.getLogger(__name__)


def work() -> None:
    """Run jobs until SIGTERM or SIGINT."""
    connector: Any = django_app.connector  # Django's; its base knows no worker's
    with django_app.replace_connector(connector.get_worker_connector()) as app:
        _take_up_again(app)
        asyncio.run(both_lines(app))


async def both_lines(app: App) -> None:
    """What somebody waits for at this moment has a line of its own: a night's bulk in the other never holds it up."""
    async with app.open_async():
        lines = [
            asyncio.create_task(app.run_worker_async(**line, shutdown_graceful_timeout=GRACE_SECONDS)) for line in LINES
        ]
        try:
            await asyncio.wait(lines, return_when=asyncio.FIRST_COMPLETED)
        finally:  # told to stop, or one broke: both end, each with the job it has
            for line in lines:
                line.cancel()
            ended = await asyncio.gather(*lines, return_exceptions=True)
        for trouble in (one for one in ended if isinstance(one, Exception)):
            raise trouble


def _take_up_again(app: App) -> None:
    """Jobs whose worker was killed in the middle start anew: at once with a new worker, then every minute."""

    async def retry_all() -> None:
        for job in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_SECONDS):
            log.warning("job %s was left behind by its worker and starts anew", job.id)
            await app.job_manager.retry_job(job)

    async def every_minute(context: JobContext, timestamp: int) -> None:
        await retry_all()

    async def once() -> None:
        async with app.open_async():
            await retry_all()

    task = app.task(name="take_up_again", pass_context=True, queue=jobs.AT_ONCE, queueing_lock="take_up_again")
    app.periodic(cron="* * * * *")(task(every_minute))
    async_to_sync(once)()


def _told_to_stop() -> threading.Event:
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    return stopping


def watch_for_ever() -> None:
    """Take in what departments drop. One file's unforeseen trouble is logged and tried again; others go on."""
    stopping = _told_to_stop()
    drop.make_folders(places.DROP)
    tried_again_at: dict[str, float] = {}
    left = 0
    while not stopping.wait(LOOK_EVERY_SECONDS):
        close_old_connections()
        at = timezone.now()
        waiting = {name for name, moment in tried_again_at.items() if moment > at.timestamp()}
        for feed, name in drop.pairs(places.DROP):
            if f"{feed}/{name}" in waiting or stopping.is_set():
                continue
            try:
                drop.take(places.DROP, feed, name, at=at)
            except Exception:  # disk or database: whatever it is, it is not this department's, and may be over soon
                log.exception("a dropped file of %s could not be taken in and is tried again", feed)
                tried_again_at[f"{feed}/{name}"] = at.timestamp() + LOOK_AFTER_TROUBLE_SECONDS
        if (count := len(drop.leftovers(places.DROP, at=at))) != left:
            left = count
            log.warning("%s files have lain in the drop folder for a day without their other half", count)


def robots_for_ever() -> None:
    """In a sandbox some banks answer by themselves, unless somebody switched them off."""
    from jinfuyun.sandbox import robots  # here: only a sandbox has them

    stopping = _told_to_stop()
    robots.begin(places.SANDBOX, at=timezone.now())
    while not stopping.wait(ROBOTS_EVERY_SECONDS):
        close_old_connections()
        try:
            if since := robots.since(places.SANDBOX):
                robots.answer(since=since, at=timezone.now())
        except Exception:
            log.exception("the robot banks stumbled and go on")


def seal_for_ever() -> None:
    """Link and sign what was written, each second; keep every signed head outside the database too."""
    stopping = _told_to_stop()
    key = Ed25519PrivateKey.from_private_bytes(keys.book_key())
    while not stopping.wait(SEAL_EVERY_SECONDS):
        close_old_connections()
        seal_once(key, at=timezone.now())


def seal_once(key: Ed25519PrivateKey, *, at: datetime) -> None:
    """Seal everything there is now. A head is appended to the file only after the database has it."""
    while head := actions.seal(key=key, at=at):
        places.HEADS.parent.mkdir(parents=True, exist_ok=True)
        line = {
            "position": head.position,
            "digest": head.digest.hex(),
            "at": head.at,
            "signature": head.signature.hex(),
        }
        with places.HEADS.open("a") as out:
            out.write(json.dumps(line) + "\n")
            out.flush()
            os.fsync(out.fileno())
