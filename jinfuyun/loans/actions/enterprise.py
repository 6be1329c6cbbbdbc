"""What an enterprise says and asks about its loans."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from jinfuyun.applications import actions as applications
from jinfuyun.applications.models import Application
from jinfuyun.applications.rules import Wish
from jinfuyun.audit import actions as audit
from jinfuyun.kit.actor import Actor
from jinfuyun.kit.calendar import local_day
from jinfuyun.kit.errors import Refused, TooLate
from jinfuyun.kit.permissions import Permission, require
from jinfuyun.kit.reasons import NotInOrder
from jinfuyun.loans import queries
from jinfuyun.loans.actions.keeping import tell_institution
from jinfuyun.loans.models import Loan, RenewalAsk
from jinfuyun.loans.rules import State, why_not_text
from jinfuyun.notifications.rules import Template


@transaction.atomic
def answer(*, loan: Loan, agrees: bool, text: str, by: Actor, at: datetime) -> None:
    """Confirm or dispute amount and rate, once; a dispute says what is wrong. Raises NotInOrder, TooLate.

    The first drawdown is the one that its application reported, so the application has the same answer.
    """
    require(Permission.LOAN_ANSWER, by=by, over=loan.enterprise_house)
    text = text.strip()
    if not agrees and (reasons := why_not_text(text, "text")):
        raise NotInOrder(reasons)
    unanswered = Loan.objects.filter(pk=loan.pk, answer="").exclude(state=State.REVERSED)
    said = "confirmed" if agrees else "disputed"
    if not unanswered.update(answer=said, answered_at=at, answer_text="" if agrees else text):
        raise TooLate
    loan.refresh_from_db()
    first = not loan.line.loans.filter(reported_at__lt=loan.reported_at).exists()
    if first and not loan.line.application.drawdown_answer:
        applications.answer_drawdown(application=loan.line.application, agrees=agrees, text=text, by=by, at=at)
    audit.record(
        f"loan.{said}", subject=f"loan:{loan.number}", by=by, at=at, uscc=loan.uscc,
        consent_number=loan.line.consent_number,
    )  # fmt: skip
    if not agrees:
        tell_institution(
            line=loan.line, template=Template.LOAN_DISPUTED, at=at, number=loan.number,
            enterprise=loan.line.enterprise_name,
        )  # fmt: skip


@transaction.atomic
def ask_renewal(*, loan: Loan, wish: Wish, form_token: UUID, by: Actor, at: datetime) -> Application:
    """续贷: an application for the same product, marked as paying this loan; funding it settles the loan.

    Raises what applications.submit raises, and Refused where the loan cannot be renewed now.
    """
    require(Permission.APPLICATION_SUBMIT, by=by, over=loan.enterprise_house)
    sent_before = Application.objects.filter(form_token=form_token, uscc=loan.uscc).first()
    if sent_before:
        return sent_before
    able = queries.renewable(loan, local_day(at))
    if able.why_not or able.number:
        raise Refused(able.why_not or f"已申请续贷（{able.number}）。")
    application = applications.submit(
        uscc=loan.uscc, product_code=loan.line.application.product.code, wish=wish, form_token=form_token, by=by, at=at
    )
    RenewalAsk.objects.create(application=application, loan=loan, asked_at=at, asked_by=by.id)
    audit.record(
        "loan.renewal_asked", subject=f"loan:{loan.number}", by=by, at=at, uscc=loan.uscc,
        consent_number=loan.line.consent_number, application=application.number,
    )  # fmt: skip
    return application
