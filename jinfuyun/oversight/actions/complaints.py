"""投诉: an enterprise complains, the institution or the operators answer, it may go up to the regulator once."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction

from jinfuyun.applications.actions import File, NotScanned
from jinfuyun.applications.checks import FileKind, Scan, is_clean, kind_of, why_not_keep
from jinfuyun.audit import actions as audit
from jinfuyun.enterprises import queries as enterprises
from jinfuyun.institutions import queries as institutions
from jinfuyun.jobs.actions import defer
from jinfuyun.kit.actor import Actor, enterprise_house
from jinfuyun.kit.calendar import local_day
from jinfuyun.kit.errors import NotFound, TooLate
from jinfuyun.kit.jobs import Job
from jinfuyun.kit.permissions import Permission, require
from jinfuyun.kit.reasons import Reason
from jinfuyun.notifications.rules import Template
from jinfuyun.oversight import queries
from jinfuyun.oversight.actions.moving import (
    _in_order,
    _number,
    move,
    tell_answerers,
    tell_enterprise,
    tell_regulators,
    write_down,
)
from jinfuyun.oversight.models import Complaint
from jinfuyun.oversight.rules import (
    SATISFACTION,
    TOPIC_LABELS,
    Act,
    ComplaintState,
    due_on,
    may_raise,
    why_not_text,
)
from jinfuyun.storage import files

PLATFORM = "platform"  # complained about, where it is no institution
FILE_WORDS = "投诉材料"


@dataclass(frozen=True, slots=True)
class Filed:
    """What the enterprise typed. `against`: an institution's code or PLATFORM; "" where the matter says it."""

    topic: str
    text: str
    against: str = ""
    matter: str = ""
    number: str = ""
    file_name: str = ""
    content: bytes = b""


@transaction.atomic
def file_complaint(*, uscc: str, filed: Filed, form_token: UUID, by: Actor, at: datetime) -> Complaint:
    """Sending one page of the form twice gives the same complaint. Raises NotInOrder, NotFound (no such business)."""
    require(Permission.COMPLAINT_FILE, by=by, over=enterprise_house(uscc))
    standing = Complaint.objects.filter(form_token=form_token, uscc=uscc).first()
    if standing:
        return standing
    _in_order(_why_not(filed, by))
    named = queries.named(filed.matter, filed.number, visible_to=by) if filed.matter else None
    profile, today = enterprises.profile(uscc), local_day(at)
    due = due_on(today, settings.COMPLAINT_ANSWER_DAYS)
    new = Complaint(
        number=_number("TS", today), form_token=form_token, uscc=uscc, enterprise_name=profile.name,
        region_code=profile.region_code, contact_name=profile.contact_name, contact_phone=profile.contact_phone,
        topic=filed.topic, matter=filed.matter, matter_number=filed.number if named else "", text=filed.text.strip(),
        filed_at=at, state=ComplaintState.NEW, state_at=at, due_on=due, answer_due_on=due,
    )  # fmt: skip
    if named:
        new.institution, new.unit, new.handler = named.institution, named.unit, named.handler
    elif filed.against != PLATFORM:
        new.institution = institutions.institution(filed.against)
    if filed.content:
        _keep_file(new, filed)
    try:
        with transaction.atomic():
            new.save(force_insert=True)
    except IntegrityError:  # the second of two clicks
        if new.file_reference:
            files.destroy(new.file_reference)
        standing = Complaint.objects.filter(form_token=form_token, uscc=uscc).first()
        if standing is None:
            raise TooLate from None
        return standing
    write_down(thing=new, act=Act.FILE, source="", said="", by=by, at=at)
    tell_answerers(thing=new, template=Template.COMPLAINT_FILED, at=at)
    if new.institution:
        tell_regulators(thing=new, template=Template.COMPLAINT_FILED, at=at)
    if new.file_state == Scan.WAITING:
        defer(Job.SCAN_COMPLAINT, complaint_id=str(new.pk))
    return new


def _why_not(filed: Filed, by: Actor) -> list[Reason]:
    reasons = why_not_text(filed.text.strip())
    if filed.topic not in list(TOPIC_LABELS):
        reasons.append(Reason("topic", "请选择投诉的事项。"))
    if not filed.matter and filed.against != PLATFORM and filed.against not in dict(queries.dealt_with(by)):
        reasons.append(Reason("against", "请选择投诉的对象。"))
    if filed.content:
        reasons += why_not_keep(FILE_WORDS, filed.file_name, len(filed.content), kind_of(filed.content))
    return reasons


def _keep_file(new: Complaint, filed: Filed) -> None:
    new.file_reference, new.file_name = files.put(filed.content), filed.file_name
    new.file_kind, new.file_sha256 = str(kind_of(filed.content)), hashlib.sha256(filed.content).hexdigest()
    new.file_state = Scan.WAITING if settings.VIRUS_SCANNER else Scan.UNSCANNED


def scan_file(*, complaint_id: str, by: Actor, at: datetime) -> None:
    """A job: ask the scanner outside of any transaction; one that fails raises, and the file goes on waiting."""
    require(Permission.OVERSIGHT_TEND, by=by, over=None)
    found = Complaint.objects.filter(pk=complaint_id, file_state=Scan.WAITING).first()
    if found is None or not settings.VIRUS_SCANNER:
        return
    state = Scan.CLEAN if is_clean(files.get(found.file_reference), scanner=settings.VIRUS_SCANNER) else Scan.INFECTED
    with transaction.atomic():
        if not Complaint.objects.filter(pk=found.pk, file_state=Scan.WAITING).update(file_state=state):
            return
        _book(f"complaint.file_{state}", found, by=by, at=at)
        if state == Scan.INFECTED:
            transaction.on_commit(lambda: files.destroy(found.file_reference))
            tell_enterprise(complaint=found, template=Template.COMPLAINT_INFECTED, at=at)


@transaction.atomic
def fetch_file(*, number: str, by: Actor, at: datetime) -> File:
    """Hand it out to whoever sees the complaint, booked; raises NotFound, NotScanned."""
    found = queries.complaint(number, visible_to=by)
    acts = {
        found.enterprise_house: Permission.COMPLAINT_FILE,
        found.answering_house: queries.permission(found, Permission.COMPLAINT_ANSWER),
    }
    require(
        acts.get(by.house, Permission.OVERSIGHT_KEEP) if by.house else Permission.OVERSIGHT_KEEP, by=by, over=by.house
    )
    if found.file_state == Scan.WAITING:
        raise NotScanned
    if found.file_state not in (Scan.CLEAN, Scan.UNSCANNED):
        raise NotFound("该文件已删除。")
    _book("complaint.file_fetched", found, by=by, at=at)
    return File(found.file_name or "", FileKind(found.file_kind), files.get(found.file_reference))


def _book(action: str, complaint: Complaint, *, by: Actor, at: datetime) -> None:
    audit.record(
        action, subject=f"complaint:{complaint.number}", by=by, at=at, uscc=complaint.uscc,
        sha256=complaint.file_sha256,
    )  # fmt: skip


@transaction.atomic
def answer_complaint(*, complaint: Complaint, text: str, by: Actor, at: datetime) -> None:
    """In writing, once. Raises NotInOrder, TooLate."""
    _in_order(why_not_text(text := text.strip()))
    move(thing=complaint, act=Act.ANSWER, changes={"answer": text, "answered_at": at}, by=by, at=at)
    tell_enterprise(complaint=complaint, template=Template.COMPLAINT_ANSWERED, at=at)


@transaction.atomic
def raise_complaint(*, complaint: Complaint, text: str, by: Actor, at: datetime) -> None:
    """Once, to the regulator: what is wrong with the answer, or that none came in time. Raises NotInOrder, TooLate."""
    _in_order(why_not_text(text := text.strip()))
    today = local_day(at)
    if not may_raise(complaint.state, complaint.due_on, today):
        raise TooLate("答复期限未到或投诉已办结，暂不能上报管理部门。")
    changes = {"raised_at": at, "due_on": due_on(today, settings.COMPLAINT_ANSWER_DAYS), "told": 0}
    move(thing=complaint, act=Act.RAISE, said=text, changes=changes, by=by, at=at)
    tell_regulators(thing=complaint, template=Template.COMPLAINT_RAISED, at=at)
    tell_answerers(thing=complaint, template=Template.COMPLAINT_RAISED, at=at)


@transaction.atomic
def settle(*, complaint: Complaint, text: str, by: Actor, at: datetime) -> None:
    """The regulator's own answer. Raises NotInOrder, TooLate; NotFound outside its region."""
    _in_order(why_not_text(text := text.strip()))
    move(thing=complaint, act=Act.SETTLE, changes={"settlement": text, "settled_at": at}, by=by, at=at)
    tell_enterprise(complaint=complaint, template=Template.COMPLAINT_SETTLED, at=at)
    tell_answerers(thing=complaint, template=Template.COMPLAINT_SETTLED, at=at)


@transaction.atomic
def rate(*, complaint: Complaint, satisfaction: int, by: Actor, at: datetime) -> None:
    """How content the enterprise is with how it was dealt with; it is closed with it. Raises NotInOrder, TooLate."""
    _in_order([] if satisfaction in SATISFACTION else [Reason("satisfaction", "请选择满意程度。")])
    move(thing=complaint, act=Act.RATE, changes={"satisfaction": satisfaction, "rated_at": at}, by=by, at=at)


@transaction.atomic
def withdraw(*, complaint: Complaint, by: Actor, at: datetime) -> None:
    """Nobody need answer any more. Raises TooLate."""
    move(thing=complaint, act=Act.WITHDRAW, by=by, at=at)
    tell_answerers(thing=complaint, template=Template.COMPLAINT_WITHDRAWN, at=at)
