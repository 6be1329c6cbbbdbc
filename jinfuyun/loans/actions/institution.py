"""What an institution enters in the loan book."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db import IntegrityError, transaction

from jinfuyun.applications import actions as applications
from jinfuyun.applications.models import Application
from jinfuyun.applications.rules import FirstDrawdown
from jinfuyun.audit import actions as audit
from jinfuyun.kit.actor import Actor
from jinfuyun.kit.calendar import local_day
from jinfuyun.kit.errors import TooLate
from jinfuyun.kit.lending import Drawdown as DrawdownKind
from jinfuyun.kit.lending import Security
from jinfuyun.kit.period import months_after
from jinfuyun.kit.permissions import require
from jinfuyun.kit.reasons import NotInOrder, Reason
from jinfuyun.loans import queries
from jinfuyun.loans.actions.keeping import event_of, move_line, number, tell_enterprise, write_down
from jinfuyun.loans.actions.settling import release_line, settle_up
from jinfuyun.loans.content import Entry, added_up, entered, opened, why_not_enter
from jinfuyun.loans.models import CreditLine, Loan, LoanEvent, RenewalAsk
from jinfuyun.loans.rules import (
    ENTERED,
    LINE_STEP,
    OWING,
    TRANSITION,
    Act,
    Drawdown,
    LineAct,
    LineState,
    Renewal,
    State,
    Way,
    why_not_draw,
    why_not_reference,
    why_not_text,
)
from jinfuyun.notifications.rules import Template

REFERENCE_USED = "该流水号已登记过另一笔记录。"
# Entries that the enterprise is told of at once.
TOLD = (Act.PROLONG, Act.PAY_OUT, Act.WRITE_OFF)


@dataclass(frozen=True, slots=True)
class Agreed:
    """What the first report says beside the money. Without days: the offer's term, from the day it begins."""

    due_on: date | None = None
    until_on: date | None = None
    is_entrusted: bool = False
    reference: str = ""


@transaction.atomic
def fund(*, application: Application, first: FirstDrawdown, agreed: Agreed, by: Actor, at: datetime) -> Loan:
    """The first money: ends the application, opens the line under its contract, and draws, in one transaction.

    An application for renewal settles the loan that it renews. Raises NotInOrder, TooLate.
    """
    applications.fund(application=application, drawdown=first, by=by, at=at)
    line = _open_line(application, agreed, by=by, at=at)
    # What was paid back meanwhile needs no renewal: then it is a drawdown like any other.
    asked = RenewalAsk.objects.filter(application=application, loan__state__in=OWING)
    ask = asked.select_related("loan").first()
    drawdown = Drawdown(
        amount_fen=first.amount_fen, rate_bp=first.rate_bp, on=first.on,
        due_on=agreed.due_on or months_after(first.on, line.term_months), purpose=application.purpose,
        purpose_text=application.purpose_text, is_entrusted=agreed.is_entrusted, is_first_loan=first.is_first_loan,
        renewal=Renewal.NO_PRINCIPAL if ask else Renewal.NONE, reference=agreed.reference,
    )  # fmt: skip
    loan = draw(line=line, drawdown=drawdown, renews=ask.loan if ask else None, by=by, at=at)
    if ask:
        _settle_renewed(ask.loan, loan, by=by, at=at)
    return loan


def _open_line(application: Application, agreed: Agreed, *, by: Actor, at: datetime) -> CreditLine:
    line = line_of(application, agreed, at=at)
    line.save(force_insert=True)
    _book_line(line, LineAct.OPEN, by=by, at=at)
    return line


def line_of(application: Application, agreed: Agreed, *, at: datetime) -> CreditLine:
    """The line under the contract of an application that is funded, not saved."""
    amount, rate = application.offer_amount_fen, application.offer_rate_bp
    assert application.signed_on and amount and rate, "it is offered and signed before it is funded"
    term = application.offer_term_months or application.term_months
    return CreditLine(
        number=number("SX", at), application=application, uscc=application.uscc,
        enterprise_name=application.enterprise_name, region_code=application.region_code,
        institution=application.institution, product_name=application.version.name,
        consent_number=application.consent_number, kind=application.version.drawdown,
        amount_fen=amount, rate_bp=rate, term_months=term,
        security=application.offer_security, repayment=application.offer_repayment,
        contract_number=application.contract_number, signed_on=application.signed_on,
        until_on=agreed.until_on or months_after(application.signed_on, term), state=LineState.IN_FORCE, state_at=at,
    )  # fmt: skip


@transaction.atomic
def draw(*, line: CreditLine, drawdown: Drawdown, renews: Loan | None = None, by: Actor, at: datetime) -> Loan:
    """Money paid out under the line: a loan with its schedule. Two at once are judged one after the other.

    Raises NotInOrder with every reason.
    """
    require(TRANSITION[Act.DRAW].permission, by=by, over=line.institution_house)
    locked = CreditLine.objects.select_for_update(of=("self",)).select_related("institution").get(pk=line.pk)
    reasons = why_not_draw(drawdown, queries.room(locked), today=local_day(at))
    if reasons:
        raise NotInOrder(reasons)
    loan = loan_of(locked, drawdown, renews=renews, at=at)
    position = opened(loan.terms)
    loan.stand(position)
    loan.state = ""  # before the first entry there is none
    event = event_of(
        loan, Entry(Act.DRAW, drawdown.on, drawdown.amount_fen), position, reference=drawdown.reference, by=by, at=at
    )
    loan.state = position.state
    loan.save(force_insert=True)
    _written(event, loan, by=by, at=at)
    if locked.kind == DrawdownKind.ONE_OFF and queries.room(locked).left_fen == 0:
        move_line(line=locked, act=LineAct.USE_UP, by=by, at=at)
    line.refresh_from_db()
    if line.loans.exclude(pk=loan.pk).exists():  # of the first one the application tells
        tell_enterprise(loan=loan, template=Template.LOAN_DRAWN, at=at)
    return loan


def loan_of(line: CreditLine, drawdown: Drawdown, *, renews: Loan | None, at: datetime) -> Loan:
    """The loan that the drawdown makes, not saved."""
    return Loan(
        number=number("JJ", at), line=line, uscc=line.uscc, institution=line.institution,
        amount_fen=drawdown.amount_fen, rate_bp=drawdown.rate_bp, drawn_on=drawdown.on, agreed_due_on=drawdown.due_on,
        purpose=drawdown.purpose, purpose_text=drawdown.purpose_text, is_entrusted=drawdown.is_entrusted,
        is_first_loan=drawdown.is_first_loan, is_unsecured=line.security == Security.UNSECURED,
        renewal=drawdown.renewal, renews=renews, reported_at=at,
    )  # fmt: skip


def _written(event: LoanEvent, loan: Loan, *, by: Actor, at: datetime) -> None:
    try:
        with transaction.atomic():
            write_down(event=event, position=loan.position, by=by, at=at)
    except IntegrityError as taken:
        if (
            event.reference
            and LoanEvent.objects.filter(institution_id=event.institution_id, reference=event.reference).exists()
        ):
            raise NotInOrder([Reason("reference", REFERENCE_USED)]) from taken
        raise


def _settle_renewed(old: Loan, new: Loan, *, by: Actor, at: datetime) -> None:
    """无还本续贷: the new loan pays the old one's balance on the same day."""
    old.refresh_from_db()
    if new.amount_fen < old.balance_fen:
        reason = f"续贷金额不能小于原借据 {old.number} 的余额 {old.balance_fen / 100:,.2f} 元。"
        raise NotInOrder([Reason("amount", reason)])
    entry = Entry(Act.SETTLE, new.drawn_on, old.balance_fen, way=Way.RENEWED)
    enter(loan=old, entry=entry, reference="", why=f"由 {new.number} 续贷", by=by, at=at)


@transaction.atomic
def enter(*, loan: Loan, entry: Entry, reference: str, why: str, by: Actor, at: datetime) -> LoanEvent:
    """One of ENTERED. Raises NotInOrder with every reason; of two at once the second sees what the first left."""
    assert entry.act in ENTERED
    require(TRANSITION[entry.act].permission, by=by, over=loan.institution_house)
    locked = _locked(loan)
    reasons = why_not_enter(locked.position, entry, locked.terms, today=local_day(at))
    reasons += why_not_reference(reference)
    if entry.act in (Act.WRITE_OFF, Act.GRADE):
        reasons += why_not_text(why, "why")
    if reasons:
        raise NotInOrder(reasons)
    position = entered(locked.position, entry, locked.terms)
    event = event_of(locked, entry, position, reference=reference, why=why, by=by, at=at)
    locked.stand(position)
    _written(event, locked, by=by, at=at)
    if entry.act in TOLD:
        tell_enterprise(loan=locked, template=Template.LOAN_CHANGED, at=at, what=TRANSITION[entry.act].label)
    if position.state is State.SETTLED:
        settle_up(loan=locked, by=by, at=at)
    loan.refresh_from_db()
    return event


def _locked(loan: Loan) -> Loan:
    return (
        Loan.objects.select_for_update(of=("self",))
        .select_related("line", "line__institution", "line__application", "institution")
        .get(pk=loan.pk)
    )


@transaction.atomic
def reverse(*, event: LoanEvent, why: str, by: Actor, at: datetime) -> None:
    """冲正: a wrong entry stands, and a later one says that it does not count. What comes after it is judged again.

    Raises NotInOrder; TooLate if it was reversed already.
    """
    require(TRANSITION[Act.REVERSE].permission, by=by, over=event.loan.institution_house)
    if event.act == Act.DRAW:  # the line before its loans, as sheets and drawdowns take them
        CreditLine.objects.select_for_update().get(pk=event.loan.line_id)
    loan = _locked(event.loan)
    why = why.strip()
    reasons = why_not_text(why, "why")
    if event.act not in (*ENTERED, Act.DRAW):
        reasons.append(Reason("", "这条记录不能冲正。"))
    if reasons:
        raise NotInOrder(reasons)
    if LoanEvent.objects.filter(reverses=event).exists():
        raise TooLate
    standing = [one.entry for one in queries.standing(loan) if one.pk != event.pk and one.act != Act.DRAW]
    if event.act == Act.DRAW and standing:
        raise NotInOrder([Reason("", "放款之后还有记录，请先从最后一笔起逐笔冲正。")])
    if event.act == Act.DRAW and loan.renews and loan.renews.way == Way.RENEWED:
        text = f"该笔放款结清了原借据 {loan.renews.number}，请先冲正原借据的结清记录。"
        raise NotInOrder([Reason("", text)])
    position, against = added_up(loan.terms, standing, today=local_day(at))
    if against:
        raise NotInOrder([Reason("", f"冲正后，之后的记录不再成立：{one.text}") for one in against])
    if event.act == Act.DRAW:
        position = replace(position, state=State.REVERSED, balance_fen=0, plan=(), overdue_since=None)
    entry = Entry(Act.REVERSE, local_day(at), event.principal_fen, event.interest_fen)
    made = event_of(loan, entry, position, why=why, reverses=event, by=by, at=at)
    write_down(event=made, position=position, by=by, at=at)
    tell_enterprise(
        loan=loan, template=Template.LOAN_CHANGED, at=at, what=f"冲正{TRANSITION[Act(event.act)].label}记录"
    )  # fmt: skip
    if event.act == Act.DRAW:
        move_line(line=loan.line, act=LineAct.FREE, by=by, at=at)
    event.loan.refresh_from_db()


@transaction.atomic
def tend_line(*, line: CreditLine, act: LineAct, by: Actor, at: datetime) -> None:
    """Freeze, unfreeze or close a line. Raises TooLate."""
    require(LINE_STEP[act].permission, by=by, over=line.institution_house)
    assert act in (LineAct.FREEZE, LineAct.UNFREEZE, LineAct.CLOSE)
    if not move_line(line=line, act=act, by=by, at=at):
        raise TooLate
    if act is LineAct.CLOSE:
        release_line(line=line, by=by, at=at)


def _book_line(line: CreditLine, act: LineAct, *, by: Actor, at: datetime) -> None:
    audit.record(
        f"line.{act}", subject=f"line:{line.number}", by=by, at=at, uscc=line.uscc, consent_number=line.consent_number,
        amount_fen=line.amount_fen, contract=line.contract_number,
    )  # fmt: skip
