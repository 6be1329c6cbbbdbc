"""Jobs of notes, complaints and looks."""

from datetime import datetime

from jinfuyun.kit.actor import platform
from jinfuyun.kit.jobs import Job
from jinfuyun.oversight import actions
from jinfuyun.workdays import queries as workdays


def tend(*, at: datetime) -> None:
    """Once a day, by the clock."""
    by = platform(Job.TEND_OVERSIGHT)
    actions.set_clocks_right(by=by, at=at, notices=workdays.notices())
    actions.remind(by=by, at=at)
    actions.lapse_answered(by=by, at=at)
    actions.reveal_looks(by=by, at=at)
    actions.erase_files(by=by, at=at)


def scan_document(*, complaint_id: str, at: datetime) -> None:
    """Job.SCAN_COMPLAINT; a scanner that gives no answer raises, and the job is tried again."""
    actions.scan_file(complaint_id=complaint_id, by=platform(Job.SCAN_COMPLAINT), at=at)
