"""Once a day, by the clock: are the rules kept, and is every warning seen to in time?"""

from datetime import datetime

from jinfuyun.kit.actor import platform
from jinfuyun.kit.jobs import Job
from jinfuyun.reports import actions as reports
from jinfuyun.warnings import actions
from jinfuyun.workdays import queries as workdays


def tend(*, at: datetime) -> None:
    by = platform(Job.TEND_WARNINGS)
    reports.note_feeds(by=by, at=at)
    actions.watch(by=by, at=at, notices=workdays.notices())
    actions.mark_late(by=by, at=at)
