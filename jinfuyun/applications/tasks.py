"""Jobs of applications."""

from datetime import datetime

from jinfuyun.applications import actions
from jinfuyun.kit.actor import platform
from jinfuyun.kit.jobs import Job


def tend(*, at: datetime) -> None:
    """Once a day, by the clock."""
    by = platform(Job.TEND_APPLICATIONS)
    actions.lapse_offers(by=by, at=at)
    actions.release_kept(by=by, at=at)
    actions.set_clocks_right(by=by, at=at)
