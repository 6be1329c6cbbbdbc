"""Jobs of loans."""

from datetime import datetime

from jinfuyun.data import door
from jinfuyun.kit.actor import platform
from jinfuyun.kit.calendar import local_day
from jinfuyun.kit.jobs import Job
from jinfuyun.loans import actions, paper, queries

FEED = "platform_financing"


def take_in(*, upload_id: str, at: datetime) -> None:
    actions.take_in(upload_id=upload_id, at=at)


def tend(*, at: datetime) -> None:
    """Once a day, by the clock."""
    by = platform(Job.TEND_LOANS)
    actions.mark_overdue(by=by, at=at)
    actions.expire_lines(by=by, at=at)
    actions.release_over(by=by, at=at)
    actions.remind(by=by, at=at)
    actions.tell_of_the_end(by=by, at=at)


def deliver(*, at: datetime) -> None:
    """Every night what the platform knows of those who consented to it, by the same door as any department's file."""
    day = local_day(at)
    if queries.tellable(day):
        told = paper.told(queries.financing(day))
        door.deliver(FEED, door.Incoming(f"{FEED}.csv", lambda: iter([told])), covers_until=day, at=at)
