"""Reading credit lines, loans and their book. Every read begins with whose they are; a stranger's does not exist."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice
from uuid import UUID

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet, Sum

from jinfuyun.applications.models import Application
from jinfuyun.applications.rules import State as Asked
from jinfuyun.consents import queries as consents
from jinfuyun.consents.models import Authorised, Consent, NamedInstitution
from jinfuyun.consents.rules import LIVING as CONSENT_LIVING
from jinfuyun.consents.rules import TermKind
from jinfuyun.institutions import queries as institutions
from jinfuyun.institutions.models import Institution
from jinfuyun.kit.actor import Actor, HouseKind
from jinfuyun.kit.calendar import local_day
from jinfuyun.kit.errors import NotFound
from jinfuyun.kit.grant import Category
from jinfuyun.kit.lending import Drawdown as DrawdownKind
from jinfuyun.kit.permissions import may
from jinfuyun.loans.content import Financing, together
from jinfuyun.loans.models import CreditLine, Loan, LoanEvent, LoanUpload, RenewalAsk
from jinfuyun.loans.rules import (
    BAD_GRADES,
    ENTERED,
    LINE_OPEN,
    LINE_STEPS,
    LIVING,
    OWING,
    REMIND_AFTER_DAYS,
    RENEWAL_DAYS,
    TRANSITIONS,
    Act,
    Grade,
    LineAct,
    LineState,
    Room,
    State,
)
from jinfuyun.storage import files

# What the desk shows under one heading.
TRAYS: dict[str, str] = {
    "living": "还款中",
    "overdue": "逾期",
    "soon": f"{RENEWAL_DAYS} 天内到期",
    "disputed": "企业有异议",
    "trouble": "代偿、核销",
    "ended": "已结清",
}
FOUND_MAX = 60  # characters of a search
TOLD_AT_ONCE = 2000


def _trays(today: date) -> dict[str, Q]:
    return {
        "living": Q(state__in=LIVING),
        "overdue": Q(state=State.OVERDUE),
        "soon": Q(state__in=LIVING, due_on__lte=today + timedelta(days=RENEWAL_DAYS)),
        "disputed": Q(answer="disputed") & ~Q(state=State.REVERSED),
        "trouble": Q(state__in=(State.COMPENSATED, State.WRITTEN_OFF)),
        "ended": Q(state__in=(State.SETTLED, State.REVERSED)),
    }


def visible(actor: Actor) -> QuerySet[Loan]:
    """An enterprise sees its own, an institution those it lent; nobody else sees any."""
    everything = Loan.objects.select_related("line", "institution")
    if actor.house is not None and actor.house.kind is HouseKind.ENTERPRISE:
        return everything.filter(uscc=actor.house.code)
    if actor.house is not None and actor.house.kind is HouseKind.INSTITUTION:
        own = institutions.within(actor, unit="line__application__unit", handler="line__application__caller_account")
        return everything.filter(own, institution__code=actor.house.code)
    return everything.none()


def loan(number: str, *, visible_to: Actor) -> Loan:
    """Raises NotFound."""
    found = visible(visible_to).filter(number=number).first()
    if found is None:
        raise NotFound("没有这笔借据。")
    return found


def visible_lines(actor: Actor) -> QuerySet[CreditLine]:
    everything = CreditLine.objects.select_related("institution", "application")
    if actor.house is not None and actor.house.kind is HouseKind.ENTERPRISE:
        return everything.filter(uscc=actor.house.code)
    if actor.house is not None and actor.house.kind is HouseKind.INSTITUTION:
        own = institutions.within(actor, unit="application__unit", handler="application__caller_account")
        return everything.filter(own, institution__code=actor.house.code)
    return everything.none()


def line(number: str, *, visible_to: Actor) -> CreditLine:
    """Raises NotFound."""
    found = visible_lines(visible_to).filter(number=number).first()
    if found is None:
        raise NotFound("没有这个授信额度。")
    return found


def desk(actor: Actor, tray: str, *, asked: str, today: date) -> QuerySet[Loan]:
    """One tray, what falls due first on top; `asked`: part of a name, a number or a credit code."""
    found = visible(actor).filter(_trays(today)[tray])
    if asked:
        words = asked[:FOUND_MAX]
        found = found.filter(
            Q(number__icontains=words) | Q(uscc__icontains=words) | Q(line__enterprise_name__icontains=words)
            | Q(line__number__icontains=words)
        )  # fmt: skip
    return found.order_by("-settled_on", "-drawn_on") if tray == "ended" else found.order_by("due_on", "number")


def tray_counts(actor: Actor, today: date) -> dict[str, int]:
    counts = {tray: Count("pk", filter=which) for tray, which in _trays(today).items()}
    return dict(visible(actor).aggregate(**counts))


def sums(actor: Actor) -> dict[str, int]:
    """The figures of the one table of definitions of those names, of what the actor sees, in fen.

    What was paid out or written off is no balance any more.
    """
    living = Q(state__in=LIVING)
    return dict(
        visible(actor).aggregate(
            owed_fen=Sum("balance_fen", filter=living, default=0),
            overdue_fen=Sum("balance_fen", filter=Q(state=State.OVERDUE), default=0),
            bad_fen=Sum("balance_fen", filter=living & Q(grade__in=BAD_GRADES), default=0),
        )
    )


def mine(actor: Actor) -> QuerySet[Loan]:
    """An enterprise's own, what is owed first, then the newest."""
    owed = Q(state__in=OWING)
    return visible(actor).annotate(is_owed=owed).order_by("-is_owed", "-drawn_on", "-number")


def unanswered_count(actor: Actor) -> int:
    return visible(actor).filter(answer="").exclude(state=State.REVERSED).count()


def waiting(usccs: list[str]) -> QuerySet[Loan]:
    """Loans of these enterprises whose amount and rate nobody there has looked at; first ones wait as applications."""
    found = Loan.objects.filter(uscc__in=usccs, answer="").exclude(state=State.REVERSED)
    found = found.exclude(line__application__drawdown_answer="")
    return found.select_related("institution", "line")


def events(loan: Loan) -> QuerySet[LoanEvent]:
    """The whole book of one loan, first to last."""
    return loan.events.select_related("reverses", "reversed_by").order_by("id")


def event(loan: Loan, pk: int) -> LoanEvent:
    """One entry of this loan; raises NotFound."""
    found = loan.events.filter(pk=pk).first()
    if found is None:
        raise NotFound("没有这条记录。")
    return found


def standing(loan: Loan) -> list[LoanEvent]:
    """The entries that count: made by people, and not reversed."""
    made = loan.events.filter(act__in=[*ENTERED, Act.DRAW], reversed_by=None)
    return list(made.order_by("id"))


def room(line: CreditLine) -> Room:
    """What may still be drawn. A revolving line has its repaid part again, a one-off line has not."""
    counted = "balance_fen" if line.kind == DrawdownKind.REVOLVING else "amount_fen"
    used = line.loans.exclude(state=State.REVERSED).aggregate(used=Sum(counted, default=0))["used"]
    return Room(
        LineState(line.state), line.signed_on, line.until_on, line.amount_fen - used, line.rate_bp, line.term_months
    )


def is_under_way(line: CreditLine) -> bool:
    """Whether something is owed under the line, or may still be drawn."""
    now = CreditLine.objects.get(pk=line.pk)
    return now.state in LINE_OPEN or now.loans.filter(state__in=OWING).exists()


def consent_to_end(uscc: str) -> Consent | None:
    """The enterprise's living consent, if it lasts until its loans are settled and nothing is owed any more."""
    consent = consents.living(uscc)
    if consent is None or consent.term_kind != TermKind.UNTIL_SETTLEMENT:
        return None
    return None if Loan.objects.filter(uscc=uscc, state__in=OWING).exists() else consent


def first_of(application_number: str) -> Loan | None:
    """The first drawdown after this application."""
    found = Loan.objects.filter(line__application__number=application_number).select_related("line", "institution")
    return found.exclude(state=State.REVERSED).order_by("reported_at").first()


def open_acts(loan: Loan, *, by: Actor) -> frozenset[Act]:
    """What this person may enter now, by the table."""
    return frozenset(
        step.act for step in TRANSITIONS
        if loan.state in step.sources and step.act in (*ENTERED, Act.REVERSE)
        and may(step.permission, by=by, over=loan.institution_house)
    )  # fmt: skip


def open_line_acts(line: CreditLine, *, by: Actor) -> frozenset[LineAct]:
    return frozenset(
        step.act for step in LINE_STEPS
        if line.state in step.sources and step.act in (LineAct.FREEZE, LineAct.UNFREEZE, LineAct.CLOSE)
        and may(step.permission, by=by, over=line.institution_house)
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Renewable:
    """Whether a loan can be asked to be renewed now: the reason against it, or the application under way."""

    why_not: str
    number: str


def renewable(loan: Loan, today: date) -> Renewable:
    """续贷 needs a loan near its end, without arrears and graded normal (无欠息、五级正常)."""
    asked = RenewalAsk.objects.filter(loan=loan).select_related("application").order_by("-asked_at").first()
    if asked and asked.application.state not in ("declined_intake", "rejected", "offer_declined", "withdrawn"):
        return Renewable("", asked.application.number)
    if loan.state != State.REPAYING or loan.grade != Grade.NORMAL:
        return Renewable("没有逾期、五级分类正常的借据才能申请续贷。", "")
    if loan.due_on - today > timedelta(days=RENEWAL_DAYS):
        return Renewable(f"到期前 {RENEWAL_DAYS} 天内可以申请续贷。", "")
    return Renewable("", "")


# -- for the night's work --------------------------------------------------------------------------------------------


def fallen_due(today: date) -> QuerySet[Loan]:
    """Repaying, with an instalment that was due before today."""
    found = Loan.objects.filter(state=State.REPAYING, next_due_on__lt=today)
    return found.select_related("line", "institution")


def over(today: date) -> QuerySet[CreditLine]:
    """Lines past their last day."""
    return CreditLine.objects.filter(state__in=LINE_OPEN, until_on__lt=today).select_related(
        "institution", "application"
    )


def to_release() -> QuerySet[CreditLine]:
    """Lines that are over while their institution is still named, or while a consent until settlement stands that has
    seen business and has none left: what the settlement itself could not end."""
    named = NamedInstitution.objects.filter(because=OuterRef("application__number"), consent__state__in=CONSENT_LIVING)
    others = NamedInstitution.objects.filter(consent=OuterRef("consent"), until=None)
    served = named.filter(~Exists(others), consent__term_kind=TermKind.UNTIL_SETTLEMENT)
    owing = Loan.objects.filter(state__in=OWING)
    over = CreditLine.objects.exclude(state__in=LINE_OPEN).exclude(Exists(owing.filter(line=OuterRef("pk"))))
    nothing_owed = ~Exists(owing.filter(uscc=OuterRef("uscc")))
    found = over.filter(Exists(named.filter(until=None)) | Q(Exists(served)) & nothing_owed)
    return found.select_related("institution", "application").order_by("number")


def unanswered() -> QuerySet[Loan]:
    """Reported, and not answered yet."""
    found = Loan.objects.filter(answer="", reminded_days__lt=max(REMIND_AFTER_DAYS)).exclude(state=State.REVERSED)
    return found.select_related("line", "institution")


def near_their_end(today: date) -> QuerySet[Loan]:
    """Living loans that come to their last day soon, of which nobody was told yet."""
    soon = Q(due_on__gte=today, due_on__lte=today + timedelta(days=RENEWAL_DAYS))
    return Loan.objects.filter(soon, state=State.REPAYING, told_due_at=None).select_related("line", "institution")


def locked_lines(institution_id: UUID, numbers: set[str]) -> QuerySet[CreditLine]:
    """For a sheet: nobody else changes them until it is entered. In one order, so that two sheets never cross."""
    found = CreditLine.objects.select_for_update(of=("self",)).filter(institution_id=institution_id, number__in=numbers)
    return found.select_related("institution", "application", "application__product").order_by("pk")


def locked_loans(institution_id: UUID, numbers: set[str]) -> QuerySet[Loan]:
    found = Loan.objects.select_for_update(of=("self",)).filter(institution_id=institution_id, number__in=numbers)
    return found.select_related("line", "line__institution", "line__application", "institution").order_by("pk")


def entered_before(institution_id: UUID, references: set[str]) -> dict[str, tuple[str, str, date, int, int]]:
    """What stands in the book under these numbers of the institution's own: act, subject, day, principal, interest."""
    found = LoanEvent.objects.filter(institution_id=institution_id, reference__in=references - {""})
    return {
        one.reference: (
            one.act, one.loan.line.number if one.act == Act.DRAW else one.loan.number, one.on, one.principal_fen,
            one.interest_fen,
        )
        for one in found.select_related("loan__line")
    }  # fmt: skip


def institution_of(actor: Actor) -> Institution:
    """The institution this person works for; raises NotFound."""
    found = Institution.objects.filter(code=actor.house.code if actor.house else "").first()
    if found is None:
        raise NotFound
    return found


# -- what the platform tells of its own business ---------------------------------------------------------------------

# An application that came to no loan, in the words of the feed's contract.
_WORDS = {
    **dict.fromkeys((Asked.REJECTED, Asked.DECLINED_INTAKE), "未通过"),
    **dict.fromkeys((Asked.WITHDRAWN, Asked.OFFER_DECLINED), "企业放弃"),
    **dict.fromkeys((Asked.APPROVED, Asked.OFFER_ACCEPTED, Asked.CONTRACTED, Asked.FUNDED), "审批通过"),
}


def tellable(day: date) -> list[str]:
    """Enterprises whose consent covers what the platform knows of them."""
    in_force = Q(start_on__lte=day) & (Q(end_on=None) | Q(end_on__gte=day))
    return list(Authorised.objects.filter(in_force, category=Category.PLATFORM).values_list("uscc", flat=True))


def financing(day: date) -> Iterator[Financing]:
    """Every application of theirs and the loans that came of it, as they stand on that day."""
    applications = Application.objects.filter(uscc__in=tellable(day)).select_related("institution", "product")
    every = applications.order_by("uscc", "number").iterator()
    while some := list(islice(every, TOLD_AT_ONCE)):
        loans = Loan.objects.filter(line__application__in=some).select_related("line")
        of_application: dict[UUID, list[Loan]] = {}
        for loan in loans.annotate(entered_at=Max("events__at")).order_by("number"):
            of_application.setdefault(loan.line.application_id, []).append(loan)
        for one in some:
            yield _financing(one, of_application.get(one.pk, []), day)


def _financing(one: Application, loans: list[Loan], day: date) -> Financing:
    drawn = together([(loan.terms, loan.position) for loan in loans], day)
    line = loans[0].line if loans else None
    return Financing(
        one.uscc, one.number, one.institution.code, one.product.code, local_day(one.submitted_at), one.amount_fen,
        drawn.word if drawn else _WORDS.get(Asked(one.state), "审批中"),
        line.amount_fen if line else one.offer_amount_fen, line.security if line else one.offer_security, drawn,
        max([one.state_at, *(loan.entered_at for loan in loans)]),  # type: ignore[attr-defined]  # the query adds it
    )  # fmt: skip


# -- sheets ----------------------------------------------------------------------------------------------------------


def uploads(actor: Actor) -> QuerySet[LoanUpload]:
    """An institution's own, newest first."""
    if actor.house is None or actor.house.kind is not HouseKind.INSTITUTION:
        return LoanUpload.objects.none()
    return LoanUpload.objects.filter(institution__code=actor.house.code).order_by("-made_at")


def upload(pk: UUID, *, visible_to: Actor) -> LoanUpload:
    """Raises NotFound."""
    found = uploads(visible_to).filter(pk=pk).first()
    if found is None:
        raise NotFound("没有这次导入。")
    return found


def wrong_rows(upload: LoanUpload) -> bytes | None:
    """The sheet of what could not be entered, with its reasons."""
    return files.get(upload.wrong_file) if upload.wrong_file else None
