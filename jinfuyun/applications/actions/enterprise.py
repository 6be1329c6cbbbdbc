"""What an enterprise does with its application."""

import secrets
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from jinfuyun.applications import queries
from jinfuyun.applications.actions.moving import move, write_down
from jinfuyun.applications.models import Application, bounds_of
from jinfuyun.applications.rules import (
    STOPPED,
    Act,
    Clock,
    Promise,
    State,
    Wish,
    after,
    is_late,
    why_not_submit,
)
from jinfuyun.audit import actions as audit
from jinfuyun.consents import actions as consents
from jinfuyun.consents import queries as consents_read
from jinfuyun.enterprises import queries as enterprises
from jinfuyun.institutions import queries as institutions
from jinfuyun.institutions.models import Unit
from jinfuyun.kit.actor import Actor, enterprise_house
from jinfuyun.kit.calendar import local_day
from jinfuyun.kit.errors import Refused, TooLate
from jinfuyun.kit.lending import Security
from jinfuyun.kit.permissions import Permission, require
from jinfuyun.kit.reasons import NotInOrder, Reason
from jinfuyun.products import queries as products
from jinfuyun.workdays import queries as workdays

TEXT_LENGTH_MAX = 1_000


class NeedsConsent(Refused):
    message = "提交申请前需要有生效中的授权委托书，请先签署或恢复授权。"


class AlreadyOpen(Refused):
    """The enterprise has an application for this product under way; `number` says which."""

    def __init__(self, number: str) -> None:
        super().__init__(f"该产品已有在办申请 {number}，办结或撤回后可重新申请。")
        self.number = number


class OfferOver(Refused):
    message = "批复已过有效期，不能再确认。需要时请重新申请。"


@transaction.atomic
def submit(
    *, uscc: str, product_code: str, wish: Wish, form_token: UUID, unit: Unit | None = None, by: Actor, at: datetime
) -> Application:
    """Apply, and name the institution in the consent. The same form sent again gives the same application.

    `unit`: the branch that it was agreed with before; else it goes to the nearest one.
    Raises NotFound (product), NeedsConsent, NotInOrder, AlreadyOpen.
    """
    require(Permission.APPLICATION_SUBMIT, by=by, over=enterprise_house(uscc))
    sent_before = Application.objects.filter(form_token=form_token, uscc=uscc).first()
    if sent_before:
        return sent_before
    product = products.product(product_code)
    version = product.current
    assert version is not None  # the database keeps a listed product's version
    consent = consents_read.in_force(uscc, at)
    if consent is None:
        raise NeedsConsent
    reasons = why_not_submit(wish, bounds_of(version))
    if reasons:
        raise NotInOrder(reasons)
    profile = enterprises.profile(uscc)
    clock = after(
        Clock.ACCEPT, STOPPED, today=local_day(at),
        promise=Promise(version.accept_days, version.approve_days, version.disburse_days), notices=workdays.notices(),
    )  # fmt: skip
    new = Application(
        number=f"RZ{local_day(at):%Y%m%d}{secrets.randbelow(10**8):08d}", form_token=form_token, uscc=uscc,
        enterprise_name=profile.name, region_code=profile.region_code, industry_code=profile.industry_code,
        contact_name=profile.contact_name, contact_phone=profile.contact_phone, institution=product.institution,
        unit=unit or institutions.nearest(product.institution, profile.region_code), product=product,
        version=version, consent_number=consent.number, amount_fen=wish.amount_fen,
        term_months=wish.term_months, purpose=wish.purpose, purpose_text=wish.purpose_text, submitted_at=at,
        submitted_by=by.id, state=State.SUBMITTED, state_at=at, clock_since=clock.since, clock_days=clock.days,
        due_on=clock.due_on, due_provisional=clock.provisional,
    )  # fmt: skip
    try:
        with transaction.atomic():
            new.save(force_insert=True)
    except IntegrityError:
        return _the_other_one(new)
    consents.name_institution(
        uscc=uscc, institution_code=product.institution.code, institution_name=product.institution.name,
        because=new.number, by=by, at=at,
    )  # fmt: skip
    write_down(application=new, act=Act.SUBMIT, source="", target=new.state, due_on=new.due_on, why="", by=by, at=at)
    return new


def _the_other_one(new: Application) -> Application:
    """Somebody was first: the same form (then it is the same application), or another for the same product."""
    same = Application.objects.filter(form_token=new.form_token, uscc=new.uscc).first()
    if same:
        return same
    other = queries.open_for(uscc=new.uscc, product_code=new.product.code)
    raise AlreadyOpen(other.number) if other else TooLate


@transaction.atomic
def withdraw(*, application: Application, why: str, by: Actor, at: datetime) -> None:
    """Before the contract; the institution loses its place in the consent at once."""
    move(application=application, act=Act.WITHDRAW, why=_text(why, "reason", least=0, most=200), by=by, at=at)


@transaction.atomic
def supply(*, application: Application, text: str, by: Actor, at: datetime) -> None:
    """Answer what the institution asked for; its clock goes on with the days that were left."""
    said = _text(text, "text", least=2, most=400)
    move(application=application, act=Act.SUPPLY, why=said, by=by, at=at, changes={"asked_material": ""})


@transaction.atomic
def accept_offer(*, application: Application, by: Actor, at: datetime) -> None:
    """Raises OfferOver after the offer's last day."""
    if application.state == State.APPROVED and is_late(application.offer_valid_till, local_day(at)):
        raise OfferOver
    security = Security(application.offer_security) if application.offer_security else None
    move(application=application, act=Act.ACCEPT_OFFER, security=security, by=by, at=at)


@transaction.atomic
def decline_offer(*, application: Application, why: str, by: Actor, at: datetime) -> None:
    move(application=application, act=Act.DECLINE_OFFER, why=_text(why, "reason", least=0, most=200), by=by, at=at)


@transaction.atomic
def answer_drawdown(*, application: Application, agrees: bool, text: str, by: Actor, at: datetime) -> None:
    """Confirm or dispute the reported first drawdown, once; a dispute says what is wrong."""
    require(Permission.APPLICATION_ANSWER, by=by, over=application.enterprise_house)
    said = _text(text, "text", least=0 if agrees else 4, most=200)
    unanswered = Application.objects.filter(pk=application.pk, state=State.FUNDED, drawdown_answer="")
    answer = "confirmed" if agrees else "disputed"
    if not unanswered.update(drawdown_answer=answer, drawdown_answered_at=at, drawdown_text=said):
        raise TooLate
    application.refresh_from_db()
    audit.record(
        f"application.drawdown_{answer}", subject=f"application:{application.number}", by=by, at=at,
        uscc=application.uscc, consent_number=application.consent_number,
    )  # fmt: skip


def _text(text: str, field: str, *, least: int, most: int) -> str:
    text = text.strip()
    if not least <= len(text) <= most:
        span = f"{least} 至 {most}" if least else f"不超过 {most}"
        raise NotInOrder([Reason(field, f"请用文字说明（{span} 个字）。")])
    return text
