"""Reading disputes and questions. Every read begins with whose they are; a stranger's does not exist."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, F, Q, QuerySet

from jinfuyun.accounts.queries import inside
from jinfuyun.deliveries.queries import DEPARTMENT_LABELS, answers_for, is_reckoned
from jinfuyun.disputes.content import Figure
from jinfuyun.disputes.models import Dispute, Overtaken, Question, Step
from jinfuyun.disputes.rules import (
    ANSWER,
    ANSWERED,
    MARK,
    OPEN,
    PLATFORM,
    PLATFORM_LABEL,
    TRANSITIONS,
    Act,
    State,
)
from jinfuyun.kit.actor import Actor, HouseKind, Role
from jinfuyun.kit.calendar import local_day
from jinfuyun.kit.errors import NotFound
from jinfuyun.kit.permissions import Permission, may
from jinfuyun.reports.models import Report

# What a desk shows under one heading.
TRAYS: dict[str, tuple[str, tuple[State, ...]]] = {
    "todo": ("待核查答复", (State.NEW, State.PROCESSING)),
    "waiting": ("待企业补充", (State.NEED_MORE_INFO,)),
    "ended": ("已答复、已办结", (*ANSWERED, State.CLOSED)),
}
ANSWERER_LABELS = DEPARTMENT_LABELS | {PLATFORM: PLATFORM_LABEL}
QUESTION_TRAYS = {"todo": "待答复", "ended": "已答复"}


@dataclass(frozen=True, slots=True)
class Mark:
    """That a figure is disputed, by which dispute, since when."""

    number: str
    since: datetime


# -- disputes --------------------------------------------------------------------------------------------------------


def visible(actor: Actor) -> QuerySet[Dispute]:
    """An enterprise sees its own, a department those of its feeds, operators those of the platform's own figures."""
    if actor.house is not None and actor.house.kind is HouseKind.ENTERPRISE:
        return Dispute.objects.filter(uscc=actor.house.code)
    if actor.house is not None and actor.house.kind is HouseKind.DEPARTMENT:
        return Dispute.objects.filter(department=actor.house.code)
    if Role.OPERATOR in actor.roles:
        return Dispute.objects.filter(department=PLATFORM)
    return Dispute.objects.none()


def answerer(figure: Figure, *, computed: bool = False) -> str:
    """Who answers for it: the department that delivered it; the platform for its own, and for how it reckons."""
    if computed and is_reckoned(figure.key):
        return PLATFORM
    return answers_for(figure.category, figure.feeds) or PLATFORM


def dispute(number: str, *, visible_to: Actor) -> Dispute:
    """Raises NotFound."""
    found = visible(visible_to).filter(number=number).first()
    if found is None:
        raise NotFound("没有这条异议。")
    return found


def mine(actor: Actor) -> QuerySet[Dispute]:
    """An enterprise's own, newest first."""
    return visible(actor).order_by("-raised_at")


def desk(actor: Actor, tray: str) -> QuerySet[Dispute]:
    """One tray: what is due first comes first; what is ended, the last first."""
    found = visible(actor).filter(state__in=TRAYS[tray][1])
    return found.order_by("-state_at") if tray == "ended" else found.order_by("due_on", "raised_at")


def tray_counts(actor: Actor, today: date) -> dict[str, int]:
    """How many lie in each tray, and how many are late."""
    counts = {tray: Count("pk", filter=Q(state__in=states)) for tray, (_, states) in TRAYS.items()}
    late = Count("pk", filter=Q(state__in=OPEN, due_on__lt=today))
    return dict(visible(actor).aggregate(**counts, late=late))


def open_count(actor: Actor) -> int:
    return visible(actor).filter(state__in=OPEN).count()


def waiting(usccs: list[str]) -> QuerySet[Dispute]:
    """Disputes of these enterprises in which the department asked back."""
    return Dispute.objects.filter(uscc__in=usccs, state=State.NEED_MORE_INFO)


def open_of(*, uscc: str, category: str, key: str) -> Dispute | None:
    """The one about this figure that nobody answered yet."""
    return Dispute.objects.filter(uscc=uscc, category=category, key=key, state__in=OPEN).first()


def open_marks(uscc: str) -> dict[tuple[str, str], Mark]:
    """Which figures of the enterprise are disputed now, by category and key."""
    found = Dispute.objects.filter(uscc=uscc, state__in=OPEN)
    rows = found.values_list("category", "key", "number", "raised_at")
    return {(category, key): Mark(number, since) for category, key, number, since in rows}


def marks_in_words(uscc: str) -> dict[tuple[str, str], str]:
    """The same as paper says it."""
    return {place: f"{MARK}（自 {local_day(mark.since)}）" for place, mark in open_marks(uscc).items()}


def steps(dispute: Dispute) -> QuerySet[Step]:
    """Every step, first to last."""
    return dispute.steps.order_by("nth")


def shown(dispute: Dispute) -> Figure:
    """The figure as it stood in the report."""
    return Figure.from_json(dispute.shown)


def open_acts(dispute: Dispute, *, by: Actor) -> frozenset[Act]:
    """What this person may do with it now, by the table; the page shows these and nothing else."""
    return frozenset(
        step.act for step in TRANSITIONS
        if dispute.state in step.sources and may(permission(dispute, step.permission), by=by, over=by.house)
    )  # fmt: skip


def permission(dispute: Dispute, asked: Permission) -> Permission:
    """To answer for the platform's own figures is another right than to answer for a department's."""
    return Permission.DISPUTE_ANSWER_OWN if asked is ANSWER and dispute.is_platforms else asked


def reports_since(dispute: Dispute) -> QuerySet[Report]:
    """Reports about the enterprise that were made after it objected, newest first."""
    found = Report.objects.filter(enterprise_id=dispute.uscc, made_at__gt=dispute.raised_at)
    return found.order_by("-made_at")


def late(actor: Actor, *, today: date) -> QuerySet[Dispute]:
    """Not answered in time, longest first: for those who run the platform."""
    found = Dispute.objects.filter(state__in=OPEN, due_on__lt=today).order_by("due_on", "number")
    return found if Role.OPERATOR in actor.roles else found.none()


def overtaken(report_numbers: Collection[str]) -> dict[str, list[Dispute]]:
    """By report: the corrections that came after it was made."""
    found: dict[str, list[Dispute]] = {}
    rows = Overtaken.objects.filter(report__number__in=set(report_numbers)).select_related("dispute", "report")
    for row in rows.order_by("dispute__answered_at"):
        found.setdefault(row.report.number, []).append(row.dispute)
    return found


def words_of(dispute: Dispute) -> dict[str, str]:
    """What the messages may say of it."""
    return {
        "number": dispute.number, "enterprise": dispute.enterprise_name, "figure": dispute.label,
        "department": ANSWERER_LABELS.get(dispute.department, dispute.department), "due": f"{dispute.due_on}",
    }  # fmt: skip


# -- questions -------------------------------------------------------------------------------------------------------


def visible_questions(actor: Actor) -> QuerySet[Question]:
    """An enterprise sees those it asked, an institution those it was asked."""
    if actor.house is not None and actor.house.kind is HouseKind.ENTERPRISE:
        return Question.objects.filter(uscc=actor.house.code).select_related("report")
    if actor.house is not None and actor.house.kind is HouseKind.INSTITUTION:
        return Question.objects.filter(institution_code=actor.house.code).select_related("report")
    return Question.objects.none()


def question(number: str, *, visible_to: Actor) -> Question:
    """Raises NotFound."""
    found = visible_questions(visible_to).filter(number=number).first()
    if found is None:
        raise NotFound("没有这条询问。")
    return found


def question_desk(actor: Actor, tray: str) -> QuerySet[Question]:
    """What waits for an answer, first due first; or what was answered, the last first."""
    found = visible_questions(actor)
    if tray == "ended":
        return found.filter(answered_at__isnull=False).order_by("-answered_at")
    return found.filter(answered_at=None).order_by("due_on", "asked_at")


def question_counts(actor: Actor, today: date) -> dict[str, int]:
    waiting = Q(answered_at=None)
    return dict(
        visible_questions(actor).aggregate(
            todo=Count("pk", filter=waiting), ended=Count("pk", filter=~waiting),
            late=Count("pk", filter=waiting & Q(due_on__lt=today)),
        )
    )  # fmt: skip


def unanswered_count(actor: Actor) -> int:
    return visible_questions(actor).filter(answered_at=None).count()


def questions_about(report_numbers: Collection[str], *, visible_to: Actor) -> dict[str, Question]:
    """By the number of the report that was asked about."""
    found = visible_questions(visible_to).filter(report__number__in=set(report_numbers))
    return {each.report.number: each for each in found}


def late_questions(actor: Actor, *, today: date) -> QuerySet[Question]:
    """Not answered in time, longest first: an operator's of the whole province, a regulator's of its region."""
    found = Question.objects.filter(answered_at=None, due_on__lt=today).select_related("report")
    found = found.order_by(F("due_on").asc(), "number")
    if Role.OPERATOR in actor.roles:
        return found
    here = inside(actor)
    return found.none() if here is None else found.filter(here)
