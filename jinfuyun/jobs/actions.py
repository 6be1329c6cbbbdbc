"""Put work off until after the commit: the job stands in the same transaction as what caused it."""

from datetime import datetime
from typing import Any

from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from jinfuyun.kit.jobs import Job


def defer(job: Job, *, run_at: datetime | None = None, once: str | None = None, **arguments: Any) -> None:
    """Enqueue `job` in the current transaction. Arguments are ids, never personal data.

    `run_at`: not before then. `once`: a key; while a job with the same key waits, no second one is made.
    """
    task = app.configure_task(name=job.value, schedule_at=run_at, queueing_lock=once, allow_unknown=False)
    try:
        # With `once` a savepoint: the refused duplicate must not spoil the caller's transaction.
        with transaction.atomic(savepoint=once is not None):
            task.defer(**arguments)
    except AlreadyEnqueued:
        return  # the waiting one will do this one's work
