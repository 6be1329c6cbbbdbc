"""Proposals are made by the platform and decided by an operator; every decision can be taken back."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from jinfuyun.audit import actions as audit
from jinfuyun.data.joining import Candidate, Unknown
from jinfuyun.jobs.actions import defer
from jinfuyun.joins.models import JoinedKey, Proposal
from jinfuyun.joins.rules import ACTS, State
from jinfuyun.kit.actor import Actor
from jinfuyun.kit.errors import Refused, TooLate
from jinfuyun.kit.jobs import Job
from jinfuyun.kit.permissions import Permission, require


class NoReason(Refused):
    message = "请写明依据，例如查阅了哪一份登记档案。"


class OneKeyOneEnterprise(Refused):
    message = "这一编号已关联到另一家企业，请先在那里拆分。"


@transaction.atomic
def note(*, unknown: Sequence[Unknown], candidates: Sequence[Candidate], by: Actor, at: datetime) -> int:
    """Keep what was found: new proposals, fresh counts on those still open; how many are new.

    What a person decided stays decided. An open proposal whose key waits no more is dropped.
    """
    require(Permission.JOIN_PROPOSE, by=by, over=None)
    waits = {one.key: one for one in unknown}
    Proposal.objects.filter(state=State.OPEN).exclude(key__in=waits).delete()
    new = 0
    for one in candidates:
        told = waits[one.key]
        levels = {name: [level, round(weight * 10)] for name, (level, weight) in one.levels.items()}
        seen = {
            "told_name": told.name[:200], "feeds": list(told.feeds), "row_count": told.row_count, "levels": levels,
            "name": one.name[:200], "weight_tenths": round(one.weight * 10),
        }  # fmt: skip
        if not Proposal.objects.filter(key=one.key, uscc=one.uscc, state=State.OPEN).update(**seen):
            _, made = Proposal.objects.get_or_create(key=one.key, uscc=one.uscc, defaults=seen | {"made_at": at})
            new += made
    if new:
        audit.record("join.proposed", subject="platform", by=by, at=at, proposals=new)
    return new


@transaction.atomic
def decide(*, proposal: Proposal, act: str, because: str, by: Actor, at: datetime) -> None:
    """Join, refuse, part or reopen; the rows follow by a job. Raises NoReason, TooLate, OneKeyOneEnterprise."""
    require(Permission.JOIN_DECIDE, by=by, over=None)
    before, after, _, line = ACTS[act]
    if not because.strip():
        raise NoReason
    # One decision on a key at a time: two proposals of one key are two rows.
    keys = Proposal.objects.select_for_update().filter(key=proposal.key).order_by("id")
    if after is State.JOINED and any(one.state == State.JOINED and one.pk != proposal.pk for one in keys):
        raise OneKeyOneEnterprise
    decided = {
        "state": after, "because": because.strip()[:200], "decided_by": by.id, "decided_by_label": by.label,
        "decided_at": at,
    }  # fmt: skip
    if not keys.filter(pk=proposal.pk, state__in=before).update(**decided):
        raise TooLate
    if after is State.JOINED:
        JoinedKey.objects.create(key=proposal.key, uscc=proposal.uscc)
    elif act == "part":
        JoinedKey.objects.filter(key=proposal.key).delete()
    # The key itself may be made of a person's ID number: the book names the proposal.
    audit.record(
        line, subject=f"join:{proposal.pk}", by=by, at=at, uscc=proposal.uscc, weight_tenths=proposal.weight_tenths
    )
    if after is State.JOINED or act == "part":
        defer(Job.SETTLE_WAITING)


@transaction.atomic
def ask_about(*, usccs: Sequence[str], by: Actor, at: datetime) -> None:
    """A register knows their key now: the departments are asked about them anew."""
    require(Permission.JOIN_PROPOSE, by=by, over=None)
    for uscc in usccs:
        defer(Job.PULL_FACTS, once=f"pull:{uscc}", uscc=uscc)
    if usccs:
        audit.record("join.asked_anew", subject="platform", by=by, at=at, enterprises=len(usccs))
