"""Jobs of handovers."""

from datetime import datetime

from jinfuyun.handovers import actions
from jinfuyun.kit.actor import platform
from jinfuyun.kit.jobs import Job


def tend(*, at: datetime) -> None:
    """Once a day, by the clock, before the desks open."""
    actions.tend(by=platform(Job.TEND_HANDOVERS), at=at)
