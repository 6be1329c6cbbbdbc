"""Jobs of demands."""

from datetime import datetime

from jinfuyun.demands import actions
from jinfuyun.kit.actor import platform
from jinfuyun.kit.jobs import Job


def tend(*, at: datetime) -> None:
    """Once an hour, by the clock: what lapsed makes room before anything is assigned."""
    by = platform(Job.TEND_DEMANDS)
    actions.expire(by=by, at=at)
    actions.lapse(by=by, at=at)
    actions.assign(by=by, at=at)
    actions.escalate(by=by, at=at)
    actions.follow_applications(by=by, at=at)
