"""Jobs of supervision."""

from datetime import datetime

from jinfuyun.kit.actor import platform
from jinfuyun.kit.jobs import Job
from jinfuyun.supervision import actions
from jinfuyun.supervision.queries import bulletins, cross


def make_bulletin(*, month: str, at: datetime) -> None:
    """After a closing or a correction; tried again while the signature cannot be had."""
    for closing in bulletins.unmade(month):
        actions.make_bulletin(closing=closing, by=platform(Job.MAKE_BULLETIN), at=at)


def tend_bulletins(*, at: datetime) -> None:
    """Every morning: what was given up is made, and that of months closed before there were bulletins."""
    make_bulletin(month="", at=at)


def gather_drawdowns(*, at: datetime) -> None:
    """Every night, and whenever a regulator wants cross-tabs of the newest rows."""
    cross.gather(at=at)
