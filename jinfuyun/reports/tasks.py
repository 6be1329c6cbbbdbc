"""What the worker does for reports: making the paper that could not be signed when it was asked for."""

from datetime import datetime

from jinfuyun.kit.actor import platform
from jinfuyun.kit.jobs import Job
from jinfuyun.reports import actions, queries


def print_report(*, number: str, user_id: str, at: datetime) -> None:
    """Tried again by the worker while the signature cannot be had."""
    report = queries.by_number(number)
    assert report is not None, "reports are never deleted"
    actions.print_waiting(report=report, user_id=user_id, by=platform(Job.PRINT_REPORT), at=at)
