"""What the worker does with one kind of job, in the test's own transaction."""

from datetime import datetime

from procrastinate.contrib.django.models import ProcrastinateJob

from jinfuyun.config import jobs
from jinfuyun.kit.jobs import Job


def work(job: Job, at: datetime) -> int:
    """Do what was put off of that kind; how many."""
    due = list(ProcrastinateJob.objects.filter(task_name=job.value, status="todo").values_list("args", flat=True))
    for arguments in due:
        jobs.run(job, at=at, **arguments)
    return len(due)
