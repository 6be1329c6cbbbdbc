"""Jobs of loans."""

from datetime import datetime

from jinfuyun.kit.actor import platform
from jinfuyun.kit.jobs import Job
from jinfuyun.loans import actions


def take_in(*, upload_id: str, at: datetime) -> None:
    actions.take_in(upload_id=upload_id, at=at)


def tend(*, at: datetime) -> None:
    """Once a day, by the clock."""
    by = platform(Job.TEND_LOANS)
    actions.mark_overdue(by=by, at=at)
    actions.expire_lines(by=by, at=at)
    actions.remind(by=by, at=at)
    actions.tell_of_the_end(by=by, at=at)
