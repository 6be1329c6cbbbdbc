"""Jobs of demands."""

from datetime import datetime

from jinfuyun.demands import actions
from jinfuyun.kit.actor import platform
from jinfuyun.kit.jobs import Job
from jinfuyun.workdays import queries as workdays


def tend(*, at: datetime) -> None:
    """Once an hour, by the clock: what lapsed makes room before anything is assigned."""
    by, notices = platform(Job.TEND_DEMANDS), workdays.notices()
    actions.expire(by=by, at=at)
    for act in (actions.lapse, actions.remind, actions.assign, actions.escalate, actions.follow_applications):
        act(by=by, at=at, notices=notices)
