"""A department stops or opens one of its feeds, or says how many enterprises a day it answers for."""

from datetime import datetime

from django.db import transaction

from jinfuyun.audit import actions as audit
from jinfuyun.data import door
from jinfuyun.deliveries import queries
from jinfuyun.deliveries.models import Switch
from jinfuyun.jobs.actions import defer
from jinfuyun.kit.actor import Actor
from jinfuyun.kit.errors import TooLate
from jinfuyun.kit.jobs import Job
from jinfuyun.kit.permissions import Permission, require


@transaction.atomic
def stop_feed(*, feed: str, because: str, by: Actor, at: datetime) -> None:
    """From now on nothing is taken in and nobody is asked about until it is opened. Raises TooLate if it is stopped."""
    contract = queries.contract(feed, visible_to=by)
    require(Permission.FEED_SWITCH, by=by, over=queries.department_house(contract.department))
    Switch.objects.get_or_create(feed=feed)
    if not Switch.objects.filter(feed=feed, stopped_at=None).update(stopped_at=at, because=because):
        raise TooLate
    audit.record("feed.stopped", subject=f"feed:{feed}", by=by, at=at, because=because)


@transaction.atomic
def open_feed(*, feed: str, by: Actor, at: datetime) -> None:
    """Whoever was not asked about meanwhile is asked about now. Raises TooLate if it is open."""
    contract = queries.contract(feed, visible_to=by)
    require(Permission.FEED_SWITCH, by=by, over=queries.department_house(contract.department))
    if not Switch.objects.filter(feed=feed, stopped_at__isnull=False).update(stopped_at=None, because=""):
        raise TooLate
    waiting = door.pull_waiting(feeds=[feed])
    _ask_again({one.uscc for one in waiting})
    audit.record("feed.opened", subject=f"feed:{feed}", by=by, at=at, waiting=len(waiting))


@transaction.atomic
def set_quota(*, feed: str, daily_quota: int | None, by: Actor, at: datetime) -> None:
    """How many enterprises a day this feed may be asked about; None: as many as there are."""
    contract = queries.contract(feed, visible_to=by)
    require(Permission.FEED_SWITCH, by=by, over=queries.department_house(contract.department))
    Switch.objects.update_or_create(feed=feed, defaults={"daily_quota": daily_quota})
    audit.record("feed.quota_set", subject=f"feed:{feed}", by=by, at=at, daily_quota=daily_quota)


@transaction.atomic
def ask_again(*, by: Actor, at: datetime) -> None:
    """A new day: whoever was over the quota of a feed that is open is asked about again."""
    require(Permission.DELIVERY_TEND, by=by, over=None)
    waiting = [one for one in door.pull_waiting() if one.why == "over_quota"]
    if waiting:
        _ask_again({one.uscc for one in waiting})
        audit.record("feed.asked_again", subject="platform", by=by, at=at, waiting=len(waiting))


def _ask_again(usccs: set[str]) -> None:
    for uscc in sorted(usccs):
        defer(Job.PULL_FACTS, once=f"pull:{uscc}", uscc=uscc)
