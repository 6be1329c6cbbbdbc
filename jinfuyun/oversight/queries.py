"""Reading late applications, notes, complaints and looks. A regulator reads inside its region, never beyond."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet

from jinfuyun.accounts import queries as accounts
from jinfuyun.accounts.queries import inside
from jinfuyun.applications import queries as applications
from jinfuyun.applications.models import Application
from jinfuyun.demands import queries as demands
from jinfuyun.demands.models import Demand
from jinfuyun.disputes import queries as disputes
from jinfuyun.enterprises.models import Enterprise
from jinfuyun.institutions import queries as institutions
from jinfuyun.institutions.models import Institution, Unit
from jinfuyun.institutions.rules import State as InstitutionState
from jinfuyun.kit.actor import Actor, HouseKind, Role
from jinfuyun.kit.errors import NotFound
from jinfuyun.kit.permissions import Permission, may
from jinfuyun.kit.regions import full_name
from jinfuyun.loans import queries as loans
from jinfuyun.loans.models import Loan
from jinfuyun.oversight.models import Complaint, Look, Note, Step
from jinfuyun.oversight.rules import (
    COMPLAINT_OPEN,
    COMPLAINT_STEPS,
    NOTE_STEPS,
    TOPIC_LABELS,
    WAITS_FOR_INSTITUTION,
    About,
    Act,
    ComplaintState,
    LookState,
    Matter,
    NoteState,
    Topic,
    Transition,
    may_raise,
)
from jinfuyun.reports import queries as reports

ROWS_MAX = 200  # of each kind that a look shows

NOTE_TRAYS: dict[str, tuple[str, tuple[NoteState, ...]]] = {
    "waiting": ("待机构答复", WAITS_FOR_INSTITUTION),
    "answered": ("已答复，待核", (NoteState.ANSWERED,)),
    "closed": ("已办结", (NoteState.CLOSED,)),
}
COMPLAINT_TRAYS: dict[str, tuple[str, tuple[ComplaintState, ...]]] = {
    "new": ("待答复", (ComplaintState.NEW,)),
    "raised": ("管理部门处理中", (ComplaintState.RAISED,)),
    "ended": ("已答复、已办结", tuple(one for one in ComplaintState if one not in COMPLAINT_OPEN)),
}


# -- late applications -----------------------------------------------------------------------------------------------


def late(actor: Actor, *, today: date, institution: str = "", city: str = "") -> QuerySet[Application]:
    """Applications of the region that an institution should have moved by now, the longest over time first."""
    here = inside(actor)
    found = applications.late(today).select_related("unit", "product")
    if here is None:
        return found.none()
    found = found.filter(here).order_by("due_on", "number")
    if institution:
        found = found.filter(institution__code=institution)
    return found.filter(accounts.in_city(city)) if city else found


def late_institutions(actor: Actor, *, today: date) -> list[tuple[str, str]]:
    """Code and name of those on the list."""
    found = late(actor, today=today).order_by("institution__name").values_list("institution__code", "institution__name")
    return list(found.distinct())


# -- notes -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Subject:
    """What a note may be about: whose it is, where, and the institution (None: the regulator names one).

    `words` name no enterprise: writing a note is no look at one.
    """

    words: str
    uscc: str
    region_code: str
    institution: Institution | None
    unit: Unit | None = None
    handler: str = ""


def subject(about: str, number: str, *, visible_to: Actor, today: date) -> Subject:
    """One thing of the regulator's own lists. Raises NotFound."""
    found = _SUBJECTS[About(about)](number, visible_to, today) if about in list(About) else None
    if found is None:
        raise NotFound
    return found


def _application(number: str, actor: Actor, today: date) -> Subject | None:
    one = late(actor, today=today).filter(number=number).first()
    if one is None:
        return None
    words = f"申请 {number}（{one.version.name}）"
    return Subject(words, one.uscc, one.region_code, one.institution, one.unit, one.caller_account)


def _demand(number: str, actor: Actor, today: date) -> Subject | None:
    one = demands.escalated(actor).filter(number=number).first()
    return Subject(f"融资需求 {number}", one.uscc, one.region_code, None) if one else None


def _question(number: str, actor: Actor, today: date) -> Subject | None:
    one = disputes.late_questions(actor, today=today).filter(number=number).first()
    if one is None:
        return None
    house = institutions.institution(one.institution_code)
    return Subject(f"询问 {number}（报告 {one.report.number}）", one.uscc, one.region_code, house)


def _complaint(number: str, actor: Actor, today: date) -> Subject | None:
    one = complaints(actor).filter(number=number, state__in=COMPLAINT_OPEN, institution__isnull=False).first()
    if one is None:
        return None
    words = f"投诉 {number}（{TOPIC_LABELS[Topic(one.topic)]}）"
    return Subject(words, one.uscc, one.region_code, one.institution, one.unit, one.handler)


_SUBJECTS: dict[About, Callable[[str, Actor, date], Subject | None]] = {
    About.APPLICATION: _application, About.DEMAND: _demand, About.QUESTION: _question, About.COMPLAINT: _complaint
}  # fmt: skip


def lenders() -> list[tuple[str, str]]:
    """Institutions that a note about a demand may go to: code and name."""
    found = Institution.objects.filter(state=InstitutionState.ACTIVE).order_by("name_key")
    return list(found.values_list("code", "name"))


def notes(actor: Actor) -> QuerySet[Note]:
    """A regulator sees those about its region, an institution those to it, a branch its own."""
    everything, here = Note.objects.select_related("institution", "unit"), inside(actor)
    if here is not None:
        return everything.filter(here)
    if may(Permission.NOTE_ANSWER, by=actor, over=actor.house) and actor.house is not None:
        own = institutions.within(actor, unit="unit", handler="handler")
        return everything.filter(own, institution__code=actor.house.code)
    return everything.none()


def note(number: str, *, visible_to: Actor) -> Note:
    """Raises NotFound."""
    return _one(notes(visible_to), number)


def note_desk(actor: Actor, tray: str) -> QuerySet[Note]:
    found = notes(actor).filter(state__in=NOTE_TRAYS[tray][1])
    return found.order_by("-state_at") if tray == "closed" else found.order_by("due_on", "sent_at")


def open_notes(about: About, numbers: list[str]) -> dict[str, str]:
    """Number of the open note by what it is about, for a page of a list."""
    found = Note.objects.filter(about=about, about_number__in=numbers).exclude(state=NoteState.CLOSED)
    return dict(found.values_list("about_number", "number"))


def late_notes(actor: Actor, today: date) -> int:
    return notes(actor).filter(state__in=WAITS_FOR_INSTITUTION, due_on__lt=today).count()


# -- complaints ------------------------------------------------------------------------------------------------------


def complaints(actor: Actor) -> QuerySet[Complaint]:
    """An enterprise sees its own, an institution those about it, operators those about the platform.

    A regulator: those about institutions in its region, and of those about the platform the ones that went up.
    """
    everything, here = Complaint.objects.select_related("institution", "unit"), inside(actor)
    if here is not None:
        return everything.filter(here, Q(institution__isnull=False) | Q(raised_at__isnull=False))
    if actor.house is not None and actor.house.kind is HouseKind.ENTERPRISE:
        return everything.filter(uscc=actor.house.code)
    if Role.OPERATOR in actor.roles:
        return everything.filter(institution=None)
    if may(Permission.COMPLAINT_ANSWER, by=actor, over=actor.house) and actor.house is not None:
        own = institutions.within(actor, unit="unit", handler="handler")
        return everything.filter(own, institution__code=actor.house.code)
    return everything.none()


def complaint(number: str, *, visible_to: Actor) -> Complaint:
    """Raises NotFound."""
    return _one(complaints(visible_to), number)


def complaint_desk(actor: Actor, tray: str) -> QuerySet[Complaint]:
    found = complaints(actor).filter(state__in=COMPLAINT_TRAYS[tray][1])
    return found.order_by("-state_at") if tray == "ended" else found.order_by("due_on", "filed_at")


def answered_for(usccs: list[str]) -> QuerySet[Complaint]:
    """Answers to these enterprises that they may rate or take further."""
    return Complaint.objects.filter(uscc__in=usccs, state__in=(ComplaintState.ANSWERED, ComplaintState.SETTLED))


def late_complaints(actor: Actor, today: date) -> int:
    return complaints(actor).filter(state__in=COMPLAINT_OPEN, due_on__lt=today).count()


@dataclass(frozen=True, slots=True)
class Named:
    """The business that a complaint names; the institution none for something of the platform's own."""

    matter: Matter
    number: str
    words: str
    institution: Institution | None
    unit: Unit | None = None
    handler: str = ""


def named(matter: str, number: str, *, visible_to: Actor) -> Named:
    """The enterprise's own application, loan, or a report that an institution opened. Raises NotFound."""
    if matter == Matter.APPLICATION:
        one = applications.application(number, visible_to=visible_to)
        return Named(
            Matter.APPLICATION, number, f"{one.institution.name} {one.version.name}", one.institution, one.unit,
            one.caller_account,
        )  # fmt: skip
    if matter == Matter.LOAN:
        loan = loans.loan(number, visible_to=visible_to)
        of = loan.line.application
        return Named(
            Matter.LOAN, number, f"{loan.institution.name} {loan.line.product_name}", loan.institution, of.unit,
            of.caller_account,
        )  # fmt: skip
    assert visible_to.house is not None, "an enterprise's"
    report = reports.queries_by_institutions(visible_to.house.code).filter(number=number).first()
    if matter != Matter.READING or report is None:
        raise NotFound
    return Named(Matter.READING, number, report.reader_name, institutions.institution(report.reader_code))


def dealt_with(actor: Actor) -> list[tuple[str, str]]:
    """Code and name of the institutions that the enterprise applied to or that read its report."""
    assert actor.house is not None, "an enterprise's"
    codes = set(applications.mine(actor).values_list("institution__code", flat=True))
    codes |= set(reports.queries_by_institutions(actor.house.code).values_list("reader_code", flat=True))
    return sorted(institutions.names(codes).items(), key=lambda one: one[1])


# -- both ------------------------------------------------------------------------------------------------------------


def _one(found: QuerySet[Any], number: str) -> Any:
    one = found.filter(number=number).first()
    if one is None:
        raise NotFound
    return one


def steps(thing: Note | Complaint) -> QuerySet[Step]:
    """Every step, first to last."""
    return Step.objects.filter(number=thing.number).order_by("nth")


def words_of(thing: Note | Complaint) -> dict[str, str]:
    """What the messages may say of it."""
    words = {"number": thing.number, "due": f"{thing.due_on}"}
    if isinstance(thing, Note):
        sender = full_name(thing.sender_code)
        return words | {"about": thing.about_words, "institution": thing.institution.name, "sender": sender}
    return words | {"enterprise": thing.enterprise_name, "against": thing.against}


def permission(thing: Note | Complaint, asked: Permission) -> Permission:
    """To answer for the platform is another right than to answer for an institution."""
    is_platforms = isinstance(thing, Complaint) and thing.institution_id is None
    return Permission.COMPLAINT_ANSWER_OWN if asked is Permission.COMPLAINT_ANSWER and is_platforms else asked


def open_acts(thing: Note | Complaint, *, by: Actor, today: date) -> frozenset[Act]:
    """What this person may do with it now, by the tables; the page shows these and nothing else."""
    table: tuple[Transition, ...] = NOTE_STEPS if isinstance(thing, Note) else COMPLAINT_STEPS
    over = thing.sender_house if isinstance(thing, Note) and inside(by) is not None else by.house
    return frozenset(
        one.act for one in table
        if thing.state in one.sources and may(permission(thing, one.permission), by=by, over=over)
        and (one.act is not Act.RAISE or may_raise(thing.state, thing.due_on, today))
    )  # fmt: skip


def tray_counts(found: QuerySet[Any], trays: dict[str, tuple[str, tuple[Any, ...]]]) -> dict[str, int]:
    return dict(
        found.order_by().aggregate(
            **{name: Count("pk", filter=Q(state__in=states)) for name, (_, states) in trays.items()}
        )
    )


# -- looks -----------------------------------------------------------------------------------------------------------


def looks(actor: Actor) -> QuerySet[Look]:
    """Those of the regulator's own house."""
    if inside(actor) is None or actor.house is None:
        return Look.objects.none()
    return Look.objects.filter(house_code=actor.house.code).order_by("-asked_at")


def look(number: str, *, visible_to: Actor) -> Look:
    """Raises NotFound."""
    return _one(looks(visible_to), number)


def to_agree(actor: Actor, today: date) -> QuerySet[Look]:
    """A colleague's registered cases that wait for a second person."""
    return looks(actor).filter(state=LookState.ASKED, ends_on__gt=today).exclude(asked_by=actor.id)


def enterprise_for(asked: str, *, visible_to: Actor) -> Enterprise | None:
    """By its whole USCC or its whole name, inside the region; None otherwise, whatever is the reason."""
    here = inside(visible_to)
    found = Enterprise.objects.filter(Q(uscc=asked.upper()) | Q(name=asked))
    rows = [] if here is None else list(found.filter(here)[:2])
    return rows[0] if len(rows) == 1 else None


def looks_shown(uscc: str, today: date) -> QuerySet[Look]:
    """What the enterprise sees: a plain look at once, one for a registered case once its end has passed."""
    ended = Q(is_case=True, state=LookState.OPEN, ends_on__lt=today)
    return Look.objects.filter(Q(is_case=False) | ended, uscc=uscc).order_by("-asked_at")


@dataclass(frozen=True, slots=True)
class Seen:
    """What a look shows: registration and the business on the platform; nothing that was collected under a consent."""

    enterprise: Enterprise
    applications: list[Application]
    demands: list[Demand]
    loans: list[Loan]
    complaints: list[Complaint]


def seen(look: Look) -> Seen:
    of = {"uscc": look.uscc}
    return Seen(
        Enterprise.objects.get(uscc=look.uscc),
        list(
            Application.objects.filter(**of)
            .select_related("institution", "version")
            .order_by("-submitted_at")[:ROWS_MAX]
        ),
        list(Demand.objects.filter(**of, posted_at__isnull=False).order_by("-posted_at")[:ROWS_MAX]),
        list(Loan.objects.filter(**of).select_related("institution", "line").order_by("-drawn_on")[:ROWS_MAX]),
        list(Complaint.objects.filter(**of).select_related("institution").order_by("-filed_at")[:ROWS_MAX]),
    )


# -- the desk --------------------------------------------------------------------------------------------------------


def regulator_counts(actor: Actor, today: date) -> dict[str, int]:
    """What waits for a regulator, by the page it stands on."""
    return {
        "late": late(actor, today=today).count(),
        "demands": demands.escalated(actor).count(),
        "questions": disputes.late_questions(actor, today=today).count(),
        "notes": notes(actor).filter(state=NoteState.ANSWERED).count(),
        "complaints": complaints(actor).filter(state=ComplaintState.RAISED).count(),
        "looks": to_agree(actor, today).count(),
    }


def bank_counts(actor: Actor, today: date) -> dict[str, int]:
    """What waits for an institution's answer, and how much of it is late."""
    return {
        "notes": notes(actor).filter(state__in=WAITS_FOR_INSTITUTION).count(), "late_notes": late_notes(actor, today),
        "complaints": complaints(actor).filter(state=ComplaintState.NEW).count(),
        "late_complaints": complaints(actor).filter(state=ComplaintState.NEW, due_on__lt=today).count(),
    }  # fmt: skip
