"""专区: written, published while there is something in it, closed early; by its days it ends by itself."""

from dataclasses import asdict
from datetime import datetime

from django.db import IntegrityError, transaction

from jinfuyun.audit import actions as audit
from jinfuyun.coordination import queries
from jinfuyun.coordination.content import ZoneState, ZoneText, why_not_zone
from jinfuyun.coordination.models import Zone
from jinfuyun.kit.actor import Actor
from jinfuyun.kit.calendar import local_day
from jinfuyun.kit.errors import NotFound, Refused, TooLate
from jinfuyun.kit.permissions import Permission, require
from jinfuyun.kit.reasons import NotInOrder, Reason


class Empty(Refused):
    message = "专区里没有在架的产品，也没有生效的政策，不能发布。"


@transaction.atomic
def keep_zone(*, text: ZoneText, by: Actor, at: datetime, slug: str = "") -> Zone:
    """A new draft; or with `slug` that zone's words, also while it runs. Raises NotInOrder, NotFound, Empty."""
    require(Permission.ZONE_KEEP, by=by, over=by.house)
    reasons = why_not_zone(text)
    within = queries.counties_of(by)
    if within and text.region_code not in within:  # a city's or a county's regulator
        reasons.append(Reason("region_code", "请选择辖内的地区。"))
    if reasons:
        raise NotInOrder(reasons)
    if by.house is None:
        raise NotFound
    zone = queries.zone(slug, visible_to=by) if slug else Zone(state=ZoneState.DRAFT, house_code=by.house.code)
    if zone.state == ZoneState.CLOSED:
        raise TooLate("专区已关闭，不能再改；需要时请新建。")
    for name, value in asdict(text).items():
        setattr(zone, name, list(value) if isinstance(value, tuple) else value)
    zone.made_at, zone.made_by = at, by.label
    if zone.state == ZoneState.PUBLISHED:
        _must_hold_something(zone, at)
    try:
        with transaction.atomic():
            zone.save()
    except IntegrityError:
        raise NotInOrder([Reason("slug", "这个网址名已被使用，请换一个。")]) from None
    audit.record("zone.kept", subject=f"zone:{zone.slug}", by=by, at=at)
    return zone


def _must_hold_something(zone: Zone, at: datetime) -> None:
    if not queries.products_of(zone.text) and not queries.policies_of(zone.text, local_day(at)):
        raise Empty


@transaction.atomic
def publish_zone(*, slug: str, by: Actor, at: datetime) -> None:
    """Everybody sees it from its first day to its last. Raises Empty, TooLate."""
    require(Permission.ZONE_KEEP, by=by, over=by.house)
    zone = queries.zone(slug, visible_to=by)
    _must_hold_something(zone, at)
    if zone.until < local_day(at):
        raise TooLate("结束日期已过，请先改期。")
    if not Zone.objects.filter(pk=zone.pk, state=ZoneState.DRAFT).update(state=ZoneState.PUBLISHED):
        raise TooLate
    audit.record("zone.published", subject=f"zone:{slug}", by=by, at=at, since=f"{zone.since}", until=f"{zone.until}")


@transaction.atomic
def close_zone(*, slug: str, by: Actor, at: datetime) -> None:
    """Before its last day, for good."""
    require(Permission.ZONE_KEEP, by=by, over=by.house)
    zone = queries.zone(slug, visible_to=by)
    if not Zone.objects.filter(pk=zone.pk, state=ZoneState.PUBLISHED).update(state=ZoneState.CLOSED):
        raise TooLate
    audit.record("zone.closed", subject=f"zone:{slug}", by=by, at=at)
