"""What the platform does by itself, once a day: remind, close what was answered, show cases whose end has come."""

from datetime import datetime
from functools import partial

from django.db import transaction

from jinfuyun.applications.checks import Scan
from jinfuyun.audit import actions as audit
from jinfuyun.jobs.actions import defer
from jinfuyun.kit.actor import Actor
from jinfuyun.kit.calendar import ONE_DAY, SEEDED, Notices, due_after, local_day
from jinfuyun.kit.errors import TooLate
from jinfuyun.kit.jobs import Job
from jinfuyun.kit.permissions import Permission, require
from jinfuyun.notifications.rules import Template
from jinfuyun.oversight.actions.looks import _book, _tell_enterprise
from jinfuyun.oversight.actions.moving import move, tell_answerers, tell_regulators
from jinfuyun.oversight.models import Complaint, Look, Note
from jinfuyun.oversight.rules import (
    CLOSE_DAYS_AFTER_ANSWER,
    COMPLAINT_OPEN,
    KEEP_FILE_DAYS,
    REMIND_DAYS_BEFORE,
    WAITS_FOR_INSTITUTION,
    Act,
    ComplaintState,
    LookState,
)
from jinfuyun.storage import files

SOON, LATE = 1, 2


@transaction.atomic
def remind(*, by: Actor, at: datetime) -> int:
    """Before the last day whoever has to answer; once it is over both sides. Returns how many were told."""
    require(Permission.OVERSIGHT_TEND, by=by, over=None)
    today, count = local_day(at), 0
    waiting: tuple[tuple[type[Note] | type[Complaint], tuple[str, ...], int], ...] = (
        (Note, WAITS_FOR_INSTITUTION, 0),
        (Complaint, COMPLAINT_OPEN, REMIND_DAYS_BEFORE),
    )
    for model, states, before in waiting:
        found = model.objects.filter(state__in=states, due_on__lte=today + before * ONE_DAY, told__lt=LATE)
        for thing in found.select_related("institution", "unit"):
            step = LATE if thing.due_on < today else SOON
            if not model.objects.filter(pk=thing.pk, state=thing.state, told__lt=step).update(told=step):
                continue
            name = "LATE" if step == LATE else "REMINDED"
            template = Template[f"{thing.kind.upper()}_{name}"]
            if thing.state != ComplaintState.RAISED:
                tell_answerers(thing=thing, template=template, at=at)
            if step == LATE or thing.state == ComplaintState.RAISED:
                tell_regulators(thing=thing, template=template, at=at)
            audit.record(
                f"{thing.kind}.{name.lower()}", subject=f"{thing.kind}:{thing.number}", by=by, at=at, uscc=thing.uscc
            )  # fmt: skip
            count += 1
    return count


@transaction.atomic
def set_clocks_right(*, by: Actor, at: datetime, notices: Notices = SEEDED) -> int:
    """Notes whose days a notice of working days changes are counted again; returns how many moved."""
    require(Permission.OVERSIGHT_TEND, by=by, over=None)
    moved = 0
    for note in Note.objects.select_for_update().filter(state__in=WAITS_FOR_INSTITUTION):
        due = due_after(local_day(note.state_at), note.days, notices)
        if (due.day, due.provisional) == (note.due_on, note.due_provisional):
            continue
        moved += due.day != note.due_on
        Note.objects.filter(pk=note.pk).update(due_on=due.day, due_provisional=due.provisional)
        audit.record(
            "note.clock_set_right", subject=f"note:{note.number}", by=by, at=at, uscc=note.uscc, due_on=f"{due.day}"
        )
    return moved


@transaction.atomic
def lapse_answered(*, by: Actor, at: datetime) -> int:
    """Answers that nobody reacted to for a month count as read; returns how many."""
    require(Permission.OVERSIGHT_TEND, by=by, over=None)
    closed = 0
    for complaint in Complaint.objects.filter(
        state__in=(ComplaintState.ANSWERED, ComplaintState.SETTLED),
        state_at__lt=at - CLOSE_DAYS_AFTER_ANSWER * ONE_DAY,
    ):
        try:
            move(thing=complaint, act=Act.LAPSE, by=by, at=at)
        except TooLate:  # the enterprise rated it in this very moment
            continue
        closed += 1
    return closed


@transaction.atomic
def reveal_looks(*, by: Actor, at: datetime) -> int:
    """Registered cases whose last day is over: a line in the enterprise's own book, and it is told; how many."""
    require(Permission.OVERSIGHT_TEND, by=by, over=None)
    ended = Look.objects.select_for_update().filter(
        is_case=True, state=LookState.OPEN, ends_on__lt=local_day(at), told_at=None
    )
    found = list(ended)
    for look in found:
        look.told_at = at
        look.save(update_fields=["told_at"])
        _book("revealed", look, by=by, at=at)
        _tell_enterprise(look, Template.LOOK_ENDED, at)
    return len(found)


@transaction.atomic
def erase_files(*, by: Actor, at: datetime) -> int:
    """Files of complaints that ended long ago go; what still waits is scanned again. Returns how many went."""
    require(Permission.OVERSIGHT_TEND, by=by, over=None)
    old = Complaint.objects.filter(
        state__in=(ComplaintState.CLOSED, ComplaintState.WITHDRAWN), state_at__lt=at - KEEP_FILE_DAYS * ONE_DAY,
        file_state__in=(Scan.CLEAN, Scan.UNSCANNED),
    )  # fmt: skip
    found = list(old)
    for complaint in found:
        Complaint.objects.filter(pk=complaint.pk).update(file_state=Scan.ERASED, file_name=None)
        audit.record(
            "complaint.file_erased", subject=f"complaint:{complaint.number}", by=by, at=at, uscc=complaint.uscc
        )
        transaction.on_commit(partial(files.destroy, complaint.file_reference))
    for waiting in Complaint.objects.filter(file_state=Scan.WAITING):
        defer(Job.SCAN_COMPLAINT, once=f"scan-{waiting.pk}", complaint_id=str(waiting.pk))
    return len(found)
