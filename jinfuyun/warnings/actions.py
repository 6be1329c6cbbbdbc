"""Warnings are raised, grow and are told gone by the platform; regulators confirm, hand on, handle and end them."""

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from jinfuyun.accounts import queries as accounts
from jinfuyun.audit import actions as audit
from jinfuyun.kit.actor import Actor, House, HouseKind
from jinfuyun.kit.calendar import SEEDED, Notices, due_after, local_day
from jinfuyun.kit.errors import NotFound, TooLate
from jinfuyun.kit.permissions import Permission, require
from jinfuyun.kit.reasons import NotInOrder, Reason
from jinfuyun.kit.regions import PROVINCE_CODE
from jinfuyun.notifications.actions import notify
from jinfuyun.notifications.rules import Template
from jinfuyun.warnings import queries
from jinfuyun.warnings.models import EarlyWarning, Step
from jinfuyun.warnings.queries import Finding
from jinfuyun.warnings.rules import AGAIN_AFTER_DAYS, OPEN, STEPS, Act, Owner, Rule, State, why_not_text


@transaction.atomic
def watch(*, by: Actor, at: datetime, notices: Notices = SEEDED) -> int:
    """Every rule of the day over its figures: new causes are raised, standing ones grow, the others are told gone;
    how many were raised. Run twice a day it is as run once."""
    require(Permission.WARNING_TEND, by=by, over=None)
    queries.take_watching_lock()
    raised: list[EarlyWarning] = []
    rules = queries.in_force(local_day(at))
    for rule in rules:
        standing = queries.current(rule.code)
        for found in queries.broken(rule, at=at):
            before = standing.pop(found.subject, None)
            if before is not None and not _is_old(before, at):
                _grow(before, found, by, at)
                continue
            if before is not None:
                _stand(before, Act.LEAVE, by, at, gone_at=at)
            raised.append(_raise(rule, found, by, at, notices))
        _gone(standing.values(), by, at)
    dropped = EarlyWarning.objects.filter(gone_at=None).exclude(rule__in=[rule.code for rule in rules])
    _gone(dropped, by, at)
    _tell_of_new(raised, at)
    return len(raised)


def _is_old(warning: EarlyWarning, at: datetime) -> bool:
    """Ended by a person so long ago that the same cause is worth another look."""
    return not warning.is_open and at - warning.state_at >= timedelta(days=AGAIN_AFTER_DAYS)


def _raise(rule: Rule, found: Finding, by: Actor, at: datetime, notices: Notices) -> EarlyWarning:
    due = due_after(local_day(at), rule.working_days, notices)
    warning = EarlyWarning.objects.create(
        number=f"YJ{local_day(at):%Y%m%d}{secrets.randbelow(10**8):08d}", rule=rule.code, label=rule.label,
        valid_from=rule.valid_from, severity=rule.severity, scope=rule.scope, subject=found.subject,
        subject_label=found.label, region_code=found.region_code,
        owner_region=found.region_code if rule.owner is Owner.CITY else PROVINCE_CODE,
        raised_at=at, state=State.NEW, state_at=at, due_on=due.day, **_now(found, at),
    )  # fmt: skip
    _write_down(warning, Act.RAISE, "", by, at, said=found.text)
    return warning


def _now(found: Finding, at: datetime) -> dict[str, Any]:
    return {
        "value": found.seen.value, "bound": found.bound, "sample": found.seen.sample, "text": found.text,
        "seen_on": local_day(at),
    }  # fmt: skip


def _grow(warning: EarlyWarning, found: Finding, by: Actor, at: datetime) -> None:
    more = int(warning.seen_on != local_day(at))
    if warning.gone_at is not None:
        _stand(warning, Act.RETURN, by, at, said=found.text, gone_at=None)
    EarlyWarning.objects.filter(pk=warning.pk).update(days=warning.days + more, **_now(found, at))


def _gone(warnings: Iterable[EarlyWarning], by: Actor, at: datetime) -> None:
    for warning in warnings:
        if warning.gone_at is None:
            _stand(warning, Act.LEAVE, by, at, gone_at=at)


@transaction.atomic
def mark_late(*, by: Actor, at: datetime) -> int:
    """Open warnings past their last day: who has them is told, once; how many."""
    require(Permission.WARNING_TEND, by=by, over=None)
    found = list(EarlyWarning.objects.filter(state__in=OPEN, due_on__lt=local_day(at), late_at=None))
    for warning in found:
        _stand(warning, Act.OVERDUE, by, at, late_at=at)
        _tell_late(warning, at)
    return len(found)


@transaction.atomic
def confirm(*, warning: EarlyWarning, by: Actor, at: datetime) -> None:
    """It is no mistake. Whoever confirms owns it. Raises TooLate."""
    _move(warning, Act.CONFIRM, by, at, owner=by.id, owner_label=by.label)


@transaction.atomic
def assign(*, warning: EarlyWarning, to: str, said: str, by: Actor, at: datetime) -> None:
    """Another person's from now on, who is told. Raises NotFound, TooLate."""
    person = next((one for one in queries.colleagues(warning) if str(one.pk) == to), None)
    if person is None:
        raise NotFound("请选择一位可以办理这条预警的同事。")
    actor = accounts.actor(person)
    words = f"交给 {actor.label}" + (f"：{said}" if said else "")
    _move(warning, Act.ASSIGN, by, at, said=words, owner=actor.id, owner_label=actor.label)
    notify(user_id=person.pk, template=Template.WARNING_YOURS, context=_words(warning), at=at)


@transaction.atomic
def begin(*, warning: EarlyWarning, by: Actor, at: datetime) -> None:
    """Somebody is at it. Raises TooLate."""
    _move(warning, Act.BEGIN, by, at)


@transaction.atomic
def close(*, warning: EarlyWarning, outcome: str, by: Actor, at: datetime) -> None:
    """What was found and done. Raises NotInOrder, TooLate."""
    _move(warning, Act.CLOSE, by, at, said=_checked(outcome), outcome=outcome)


@transaction.atomic
def dismiss(*, warning: EarlyWarning, outcome: str, by: Actor, at: datetime) -> None:
    """A false alarm, and why. Raises NotInOrder, TooLate."""
    _move(warning, Act.DISMISS, by, at, said=_checked(outcome), outcome=outcome)


def _checked(outcome: str) -> str:
    if reason := why_not_text(outcome):
        raise NotInOrder([Reason("outcome", reason)])
    return outcome


def _move(warning: EarlyWarning, act: Act, by: Actor, at: datetime, *, said: str = "", **changes: Any) -> None:
    """Take the step if nobody was first: the warning has to stand where `warning` says, with the same owner."""
    over = House(HouseKind.REGION, warning.region_code)
    if by.house == House(HouseKind.REGION, PROVINCE_CODE):
        over = by.house
    require(Permission.WARNING_HANDLE, by=by, over=over)
    sources, target = STEPS[act]
    source, target = warning.state, target or State(warning.state)
    standing = EarlyWarning.objects.filter(pk=warning.pk, state=source, owner=warning.owner)
    if source not in sources or not standing.update(state=target, state_at=at, **changes):
        raise TooLate
    warning.refresh_from_db()
    _write_down(warning, act, source, by, at, said=said)


def _stand(warning: EarlyWarning, act: Act, by: Actor, at: datetime, *, said: str = "", **changes: Any) -> None:
    """What the platform notes of it; it stays where it is."""
    EarlyWarning.objects.filter(pk=warning.pk).update(**changes)
    warning.refresh_from_db()
    _write_down(warning, act, warning.state, by, at, said=said)


def _write_down(warning: EarlyWarning, act: Act, source: str, by: Actor, at: datetime, *, said: str = "") -> None:
    Step.objects.create(
        warning=warning, nth=warning.steps.count(), act=act, source=source, target=warning.state, at=at, by=by.id,
        by_label=by.label, said=said,
    )  # fmt: skip
    audit.record(
        f"warning.{act}", subject=f"warning:{warning.number}", by=by, at=at, rule=warning.rule, of=warning.subject,
        source=source, target=warning.state,
    )  # fmt: skip


def _words(warning: EarlyWarning) -> dict[str, str]:
    return {
        "number": warning.number, "label": warning.label, "subject": warning.subject_label, "due": f"{warning.due_on}"
    }  # fmt: skip


def _tell_of_new(raised: list[EarlyWarning], at: datetime) -> None:
    """Everybody whose house sees to some of them, in one message for all."""
    for house in dict.fromkeys(warning.owner_house for warning in raised):
        first, *more = [f"{one.subject_label}{one.label}" for one in raised if one.owner_house == house]
        context = {"count": f"{1 + len(more)}", "first": f"{first}{' 等' if more else ''}"}
        for person in queries.regulators_of(house):
            notify(user_id=person.pk, template=Template.WARNING_RAISED, context=context, at=at)


def _tell_late(warning: EarlyWarning, at: datetime) -> None:
    """Its owner, or while it has none everybody whose house sees to it."""
    people = [warning.owner] if warning.owner else [one.pk for one in queries.regulators_of(warning.owner_house)]
    for person in people:
        notify(user_id=person, template=Template.WARNING_LATE, context=_words(warning), at=at)
