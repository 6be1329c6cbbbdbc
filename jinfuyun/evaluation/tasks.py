"""Jobs of evaluation."""

from datetime import datetime

from jinfuyun.evaluation import actions
from jinfuyun.kit.actor import platform
from jinfuyun.kit.jobs import Job


def tend(*, at: datetime) -> None:
    """Once a day, by the clock."""
    actions.tell_late(by=platform(Job.TEND_APPEALS), at=at)
