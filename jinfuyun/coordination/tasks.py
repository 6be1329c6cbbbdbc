"""Jobs of the coordination mechanism."""

from datetime import datetime

from jinfuyun.coordination import actions
from jinfuyun.kit.actor import platform
from jinfuyun.kit.jobs import Job


def tend(*, at: datetime) -> None:
    """Once an hour, by the clock: who agrees no more is off the list before anybody is reminded of it."""
    by = platform(Job.TEND_COORDINATION)
    actions.end_opted_out(by=by, at=at)
    actions.remind(by=by, at=at)
