"""Jobs of products."""

from datetime import datetime

from jinfuyun.kit.actor import platform
from jinfuyun.kit.jobs import Job
from jinfuyun.products import actions


def tend(*, at: datetime) -> None:
    """Once a day, by the clock."""
    actions.tend(by=platform(Job.TEND_PRODUCTS), at=at)
