"""Jobs of disputes and questions."""

from datetime import datetime

from jinfuyun.disputes import actions
from jinfuyun.kit.actor import platform
from jinfuyun.kit.jobs import Job
from jinfuyun.workdays import queries as workdays


def tend(*, at: datetime) -> None:
    """Once a day, by the clock."""
    by = platform(Job.TEND_DISPUTES)
    actions.set_clocks_right(by=by, at=at, notices=workdays.notices())
    actions.remind(by=by, at=at)
    actions.escalate(by=by, at=at)
    actions.close_answered(by=by, at=at)
    actions.escalate_questions(by=by, at=at)
