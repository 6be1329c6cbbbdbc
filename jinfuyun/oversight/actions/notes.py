"""督办: a regulator calls an enterprise back, sends an institution a note, and closes or returns its answer."""

from datetime import datetime

from django.db import IntegrityError, transaction

from jinfuyun.applications.models import Application
from jinfuyun.audit import actions as audit
from jinfuyun.institutions import queries as institutions
from jinfuyun.kit.actor import Actor
from jinfuyun.kit.calendar import due_after, local_day
from jinfuyun.kit.errors import NotFound, TooLate
from jinfuyun.kit.permissions import Permission, require
from jinfuyun.kit.reasons import Reason
from jinfuyun.notifications.rules import Template
from jinfuyun.oversight import queries
from jinfuyun.oversight.actions.moving import _in_order, _number, move, tell_answerers, tell_regulators, write_down
from jinfuyun.oversight.models import Note
from jinfuyun.oversight.rules import Act, NoteState, why_not_note, why_not_text
from jinfuyun.workdays import queries as workdays


@transaction.atomic
def call_back(*, number: str, by: Actor, at: datetime) -> Application:
    """One application of the regulator's late list, with name and phone; booked before it is shown. Or NotFound."""
    require(Permission.OVERSIGHT_KEEP, by=by, over=by.house)
    found = queries.late(by, today=local_day(at)).filter(number=number).first()
    if found is None:
        raise NotFound("没有这笔申请。")
    audit.record("application.call_back", subject=f"application:{number}", by=by, at=at, uscc=found.uscc)
    return found


@transaction.atomic
def send_note(
    *, about: str, number: str, text: str, days: int, institution_code: str = "", by: Actor, at: datetime
) -> Note:
    """About something of the regulator's own lists, due after so many working days. `institution_code`: of a demand.

    Raises NotFound, NotInOrder; TooLate while a note about the same to the same institution is open.
    """
    require(Permission.OVERSIGHT_KEEP, by=by, over=by.house)
    assert by.house is not None, "a regulator has a region"
    today = local_day(at)
    subject = queries.subject(about, number, visible_to=by, today=today)
    reasons = why_not_note(text := text.strip(), days)
    if subject.institution is None and institution_code not in dict(queries.lenders()):
        reasons.append(Reason("institution", "请选择要督办的机构。"))
    _in_order(reasons)
    house = subject.institution or institutions.institution(institution_code)
    due = due_after(today, days, workdays.notices())
    new = Note(
        number=_number("DB", today), about=about, about_number=number, about_words=subject.words, uscc=subject.uscc,
        region_code=subject.region_code, institution=house, unit=subject.unit, handler=subject.handler,
        sender_code=by.house.code, sent_at=at, text=text, state=NoteState.SENT, state_at=at, days=days, due_on=due.day,
        due_provisional=due.provisional,
    )  # fmt: skip
    try:
        with transaction.atomic():
            new.save(force_insert=True)
    except IntegrityError:
        raise TooLate("对这件事的督办还没有办结，不能重复发出。") from None
    write_down(thing=new, act=Act.SEND, source="", said=text, by=by, at=at)
    tell_answerers(thing=new, template=Template.NOTE_SENT, at=at)
    return new


@transaction.atomic
def answer_note(*, note: Note, text: str, by: Actor, at: datetime) -> None:
    """The institution says in writing what it did. Raises NotInOrder, TooLate."""
    _in_order(why_not_text(text := text.strip()))
    move(thing=note, act=Act.ANSWER, said=text, by=by, at=at)
    tell_regulators(thing=note, template=Template.NOTE_ANSWERED, at=at)


@transaction.atomic
def return_note(*, note: Note, text: str, days: int, by: Actor, at: datetime) -> None:
    """The answer is not good enough; why, and a new due day. Raises NotInOrder, TooLate."""
    _in_order(why_not_note(text := text.strip(), days))
    due = due_after(local_day(at), days, workdays.notices())
    changes = {"days": days, "due_on": due.day, "due_provisional": due.provisional, "told": 0}
    move(thing=note, act=Act.RETURN, said=text, changes=changes, by=by, at=at)
    tell_answerers(thing=note, template=Template.NOTE_RETURNED, at=at)


@transaction.atomic
def close_note(*, note: Note, by: Actor, at: datetime) -> None:
    """The answer is good. Raises TooLate."""
    move(thing=note, act=Act.CLOSE, by=by, at=at)
    tell_answerers(thing=note, template=Template.NOTE_CLOSED, at=at)


@transaction.atomic
def lift_note(*, note: Note, text: str, by: Actor, at: datetime) -> None:
    """It needs no answer any more, and why. Raises NotInOrder, TooLate."""
    _in_order(why_not_text(text := text.strip()))
    move(thing=note, act=Act.LIFT, said=text, by=by, at=at)
    tell_answerers(thing=note, template=Template.NOTE_CLOSED, at=at)
