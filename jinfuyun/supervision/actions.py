"""Closing a month, and putting a closed one right: both are added, neither changes what stands. Bulletins; targets."""

import hashlib
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction

from jinfuyun.audit import actions as audit
from jinfuyun.jobs.actions import defer
from jinfuyun.kit.actor import Actor
from jinfuyun.kit.calendar import SHANGHAI
from jinfuyun.kit.errors import NotAllowed, Refused, TooLate
from jinfuyun.kit.jobs import Job
from jinfuyun.kit.permissions import Permission, require
from jinfuyun.kit.reasons import NotInOrder
from jinfuyun.storage import files, signing
from jinfuyun.storage.typesetting import typesetter
from jinfuyun.supervision.models import Bulletin, Closing, Slice, Snapshot, Target
from jinfuyun.supervision.paper import bulletin_pdf
from jinfuyun.supervision.queries import bulletins, months, slices, targets
from jinfuyun.supervision.queries.months import Cells
from jinfuyun.supervision.queries.slices import Slices
from jinfuyun.supervision.queries.structure import DIMENSIONS, FIGURES
from jinfuyun.supervision.queries.table import BY_NAME
from jinfuyun.supervision.rules import why_not_why
from jinfuyun.supervision.shown import bulletin


@transaction.atomic
def close(*, month: str, by: Actor, at: datetime) -> int:
    """Freeze every monthly figure with its definition's version; how many. Raises Refused, TooLate."""
    require(Permission.STATISTICS_CLOSE, by=by, over=None)
    _of_the_province(by)
    months.checked(month, at=at)
    closing = _opened(month, 0, "", by=by, at=at)
    rows = months.rows_of(month)
    told = slices.counted_again(month, rows, DIMENSIONS, FIGURES)
    return _keep(closing, months.counted_again(month, rows), told, "statistics.closed", by=by, at=at)


@transaction.atomic
def correct(*, month: str, why: str, by: Actor, at: datetime) -> int:
    """更正: what is counted otherwise today stands beside what was closed; how many. Raises Refused, TooLate."""
    require(Permission.STATISTICS_CLOSE, by=by, over=None)
    _of_the_province(by)
    reason = why_not_why(why.strip())
    if reason:
        raise Refused(reason)
    again = months.recount(month, at=at)
    if not again.changed:
        raise Refused(f"{month} 重新计算的结果与现有数字一致，无需更正。")
    closing = _opened(month, len(months.closings(month)), why.strip(), by=by, at=at)
    now, before = slices.counted_again(month, months.rows_of(month), DIMENSIONS, FIGURES), slices.kept(month)
    told = {key: now.get(key, 0) for key in {*now, *before} if now.get(key, 0) != before.get(key, 0)}
    return _keep(closing, again.changed, told, "statistics.corrected", by=by, at=at)


def _of_the_province(by: Actor) -> None:
    if not months.may_close(by):
        raise NotAllowed("月度数据由省级金融管理部门或平台运营方关账。")


def _opened(month: str, nth: int, why: str, *, by: Actor, at: datetime) -> Closing:
    """Before anything is counted: whoever is second waits here, and is told who was first."""
    closing = Closing(month=month, nth=nth, why=why, closed_at=at, by=by.id, by_label=by.label)
    try:
        with transaction.atomic():
            closing.save(force_insert=True)
    except IntegrityError as taken:
        first = months.closings(month)[-1]
        when = f"{first.closed_at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
        raise TooLate(
            f"{month} 已由{first.by_label}于 {when} {'更正' if first.nth else '关账'}，没有重复办理。"
        ) from taken
    return closing


def _keep(closing: Closing, cells: Cells, told: Slices, word: str, *, by: Actor, at: datetime) -> int:
    Snapshot.objects.bulk_create(
        [
            Snapshot(
                closing=closing, indicator=name, version=BY_NAME[name].version, region_code=code,
                with_xiamen=with_xiamen, value=cell.value, numerator=cell.numerator, denominator=cell.denominator,
            )
            for (name, code, with_xiamen), cell in cells.items()
        ]
    )  # fmt: skip
    Slice.objects.bulk_create(
        Slice(closing=closing, dimension=dimension, kind=kind, region_code=city, name=name, count=count)
        for (dimension, kind, city, name), count in told.items()
    )
    defer(Job.MAKE_BULLETIN, once=f"bulletin:{closing.month}", month=closing.month)
    audit.record(word, subject=f"statistics:{closing.month}", by=by, at=at, nth=closing.nth, why=closing.why)
    return len(cells)


@transaction.atomic
def set_target(*, wanted: targets.Wanted, by: Actor, at: datetime) -> Target:
    """In place of the one for the same figure, place and period, if there is one. Raises NotInOrder."""
    require(Permission.TARGET_SET, by=by, over=by.house)
    if reasons := targets.why_not(wanted, by=by):
        raise NotInOrder(reasons)
    told = asdict(wanted)
    values = {"goal": told.pop("goal"), "at_most": told.pop("at_most"), "set_at": at, "by_label": by.label}
    target, _ = Target.objects.update_or_create(**told, defaults=values)
    audit.record(
        "target.set", subject=f"target:{target.pk}", by=by, at=at, **told, goal=wanted.goal, at_most=wanted.at_most
    )
    return target


@transaction.atomic
def drop_target(*, target: Target, by: Actor, at: datetime) -> None:
    """It is no target any more; the book keeps what it was."""
    require(Permission.TARGET_SET, by=by, over=by.house)
    if not targets.own(by).filter(pk=target.pk).delete()[0]:
        raise TooLate
    audit.record(
        "target.dropped", subject=f"target:{target.pk}", by=by, at=at, indicator=target.indicator, goal=target.goal,
        region_code=target.region_code, institution_code=target.institution_code,
    )  # fmt: skip


def make_bulletin(*, closing: Closing, by: Actor, at: datetime) -> Bulletin:
    """The edition of a closing or a correction, made once. Paper and signature are made outside any transaction.

    Raises CannotSign: nothing unsigned is kept, the job tries again.
    """
    require(Permission.STATISTICS_CLOSE, by=by, over=None)
    _of_the_province(by)
    content = bulletin.content(bulletins.issue(closing))
    sha256 = bulletin.sha256_of(content)
    plain = bulletin_pdf(
        content, sha256=sha256, operator=settings.OPERATOR["name"], at=at,
        verify_url=f"{settings.PUBLIC_URL}/verify/{content['number']}", setter=typesetter(settings.DOCUMENT_FONTS),
    )  # fmt: skip
    signed = signing.sign(
        plain, keys=settings.DOCUMENT_KEYS, stamps=settings.STAMPS, reason=content["title"], at=at
    )  # fmt: skip
    return keep_bulletin(closing=closing, content=content, signed=signed, by=by, at=at)


@transaction.atomic
def keep_bulletin(*, closing: Closing, content: dict[str, Any], signed: bytes, by: Actor, at: datetime) -> Bulletin:
    """Of two who make it at once the first one's stays."""
    require(Permission.STATISTICS_CLOSE, by=by, over=None)
    defaults = {
        "number": content["number"], "content": content, "content_sha256": bulletin.sha256_of(content),
        "file": files.put(signed), "sha256": hashlib.sha256(signed).hexdigest(), "made_at": at,
    }  # fmt: skip
    kept, first = Bulletin.objects.get_or_create(closing=closing, defaults=defaults)
    if first:
        audit.record(
            "statistics.bulletin", subject=f"statistics:{closing.month}", by=by, at=at, nth=closing.nth,
            number=kept.number, sha256=kept.sha256,
        )  # fmt: skip
    return kept


@transaction.atomic
def gather_drawdowns(*, by: Actor) -> None:
    """Cross-tabs of the newest rows are wanted: counted behind the page, one at a time."""
    require(Permission.STATISTICS_READ, by=by, over=by.house)
    defer(Job.GATHER_DRAWDOWNS, once="gather_drawdowns")
