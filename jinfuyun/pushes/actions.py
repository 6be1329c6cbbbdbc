"""Pushing a file in parts: begin, keep each part, complete, take the whole in, tidy up."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from jinfuyun.audit import actions as audit
from jinfuyun.data import door
from jinfuyun.data.door import Delivery, Incoming, Manifest
from jinfuyun.jobs import actions as jobs
from jinfuyun.kit.actor import Actor, House, HouseKind
from jinfuyun.kit.errors import NotFound, Refused, TooLate
from jinfuyun.kit.jobs import Job
from jinfuyun.kit.permissions import Permission, require
from jinfuyun.pushes import queries, rules
from jinfuyun.pushes.models import Part, Push, UsedRequest
from jinfuyun.pushes.rules import State
from jinfuyun.storage import files

COUNTS = ("state", "delivered", "accepted", "superseded", "quarantined", "unauthorised")


class KeyReused(Refused):
    message = "同一个 Idempotency-Key 已用于另一个请求。"


class Replayed(Refused):
    message = "该请求编号已经用过，请换一个编号并重新签名。"


class PartDiffers(TooLate):
    message = "这一段已经收到，内容不同。"


class NotWhole(TooLate):
    message = "文件还没有传完。"


def use_request_id(*, request_id: str, by: Actor, at: datetime) -> None:
    """Each counts once; commits on its own, so that a request that fails later is not played again either."""
    if not rules.REQUEST_ID.fullmatch(request_id):
        raise Replayed("请求编号须是 16 到 64 位的字母、数字、_ 或 -。")
    try:
        with transaction.atomic():
            UsedRequest.objects.create(department=_house(by).code, request_id=request_id, at=at)
    except IntegrityError as used:
        raise Replayed from used


@transaction.atomic
def begin(
    *,
    feed: str,
    name: str,
    size: int,
    sha256: str,
    rows: int | None,
    sums: Mapping[str, str | int | float],
    covers_until: date | None = None,
    idempotency_key: str,
    by: Actor,
    at: datetime,
) -> Push:
    """A new push, or the one that the same key began. Raises KeyReused if that one was another."""
    house = _house(by)
    require(Permission.DELIVERY_PUSH, by=by, over=house)
    if door.FEED_DEPARTMENTS.get(feed) != house.code:
        raise NotFound(f"贵单位没有名为“{feed[:40]}”的数据。")
    asked = _mark([feed, name, size, sha256, rows, dict(sums), *([str(covers_until)] if covers_until else [])])
    if before := Push.objects.filter(department=house.code, idempotency_key=idempotency_key).first():
        return _same(before, asked)
    open_now = Push.objects.filter(department=house.code, state=State.OPEN).count()
    if reasons := rules.why_not_create(
        size=size, sha256=sha256, name=name, idempotency_key=idempotency_key, open_now=open_now
    ):
        raise Refused("".join(reasons))
    try:
        with transaction.atomic():
            push = Push.objects.create(
                department=house.code, feed=feed, name=name, size=size, sha256=sha256, rows=rows, sums=dict(sums),
                covers_until=covers_until, idempotency_key=idempotency_key, asked=asked, made_at=at,
            )  # fmt: skip
    except IntegrityError:  # the same request came twice at once
        return _same(Push.objects.get(department=house.code, idempotency_key=idempotency_key), asked)
    audit.record("push.begun", subject=str(push.pk), by=by, at=at, feed=feed, size=size, sha256=sha256)
    return push


@transaction.atomic
def keep_part(*, push_id: UUID | str, number: int, content: bytes, by: Actor, at: datetime) -> None:
    """Sealed at once. The same part with the same bytes again changes nothing."""
    push = _locked(push_id, by)
    if push.state != State.OPEN:
        raise TooLate("该文件已经传完或过期，不再接收。")
    if len(content) != (wanted := rules.part_size(number, push.size)) or not wanted:
        raise Refused(f"第 {number} 段应有 {wanted} 字节，收到 {len(content)} 字节。" if wanted else "没有这一段。")
    digest = hashlib.sha256(content).hexdigest()
    if before := push.parts.filter(number=number).first():
        if before.sha256 != digest:
            raise PartDiffers
        return
    Part.objects.create(push=push, number=number, sha256=digest, reference=files.put(content))


@transaction.atomic
def complete(*, push_id: UUID | str, by: Actor, at: datetime) -> Push:
    """The whole waits for the job that takes it in; asking again changes nothing."""
    push = _locked(push_id, by)
    if push.state != State.OPEN:
        return push
    there = set(push.parts.values_list("number", flat=True))
    if missing := [number for number in range(1, rules.part_count(push.size) + 1) if number not in there]:
        named = "、".join(str(number) for number in missing[:10])
        raise NotWhole(f"还缺 {len(missing)} 段：第 {named} 段{'等' if len(missing) > 10 else ''}。")
    push.state = State.WAITING
    push.save(update_fields=["state"])
    audit.record("push.completed", subject=str(push.pk), by=by, at=at)
    _defer(push)
    return push


def take_in(*, push_id: UUID | str, by: Actor, at: datetime) -> None:
    """The whole through the same validation as every file. Killed at any point, it is begun anew and counts once."""
    push = Push.objects.get(pk=push_id)
    require(Permission.DELIVERY_PUSH, by=by, over=House(HouseKind.DEPARTMENT, push.department))
    if push.state == State.WAITING:
        one = door.deliver(
            push.feed,
            Incoming(push.name, lambda: _content(push)),
            manifest=Manifest(sha256=push.sha256, rows=push.rows, sum=push.sums, covers_until=push.covers_until),
            on_progress=lambda stage, share: _show(push, stage, share),
            at=at,
        )
        _settle(push, one, by=by, at=at)
    _forget_parts(push)


def tend(*, by: Actor, at: datetime) -> None:
    """What was never completed ends after its time; bytes that a kill left behind go; used ids are forgotten."""
    require(Permission.DELIVERY_PUSH, by=by, over=None)
    for push in Push.objects.filter(state=State.OPEN, made_at__lt=at - rules.OPEN_FOR):
        with transaction.atomic():
            if Push.objects.filter(pk=push.pk, state=State.OPEN).update(state=State.EXPIRED, ended_at=at):
                audit.record("push.expired", subject=str(push.pk), by=by, at=at)
    for push in Push.objects.exclude(state__in=(State.OPEN, State.WAITING)).filter(parts__isnull=False).distinct():
        _forget_parts(push)
    for push in Push.objects.filter(state=State.WAITING):  # whose job gave up, for example while the disk was full
        _defer(push)
    UsedRequest.objects.filter(at__lt=at - 2 * rules.REQUEST_FRESH_FOR).delete()


def _defer(push: Push) -> None:
    jobs.defer(Job.TAKE_IN_PUSH, once=f"push-{push.pk}", push_id=str(push.pk))


def _house(by: Actor) -> House:
    if by.house is None or by.house.kind is not HouseKind.DEPARTMENT:
        raise NotFound
    return by.house


def _locked(push_id: UUID | str, by: Actor) -> Push:
    found = queries.push(push_id, visible_to=by)
    require(Permission.DELIVERY_PUSH, by=by, over=_house(by))
    return Push.objects.select_for_update().get(pk=found.pk)


def _same(before: Push, asked: str) -> Push:
    if before.asked != asked:
        raise KeyReused
    return before


def _mark(asked: list[object]) -> str:
    return hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()


def _content(push: Push) -> Iterator[bytes]:
    for reference in push.parts.order_by("number").values_list("reference", flat=True):
        yield files.get(reference)


def _show(push: Push, stage: str, share: float) -> None:
    Push.objects.filter(pk=push.pk).update(stage=stage, share=share)


@transaction.atomic
def _settle(push: Push, one: Delivery, *, by: Actor, at: datetime) -> None:
    push.state = State.REFUSED if one.state == "refused" else State.DONE
    push.ended_at, push.delivery_number, push.reason = at, one.number, one.reason
    push.counts = {name: getattr(one, name) for name in COUNTS}
    push.stage, push.share = "完成", 1.0
    push.save()
    audit.record("push.taken_in", subject=str(push.pk), by=by, at=at, delivery=one.number, state=one.state)


def _forget_parts(push: Push) -> None:
    """First the bytes, then the rows that name them: so none is ever left without a name."""
    for part in push.parts.all():
        files.destroy(part.reference)
        part.delete()
