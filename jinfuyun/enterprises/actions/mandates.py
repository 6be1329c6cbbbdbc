"""The legal representative hands a mandate to another phone, and takes it back."""

import uuid
from datetime import date, datetime

from django.db import transaction

from jinfuyun.accounts import queries as accounts
from jinfuyun.audit import actions as audit
from jinfuyun.enterprises import queries
from jinfuyun.enterprises.actions.authenticate import Incomplete
from jinfuyun.enterprises.models import Enterprise, Mandate
from jinfuyun.enterprises.rules import why_not_mandate
from jinfuyun.kit.actor import Actor, enterprise_house
from jinfuyun.kit.errors import TooLate
from jinfuyun.kit.identity import normalise_phone
from jinfuyun.kit.permissions import Permission, require
from jinfuyun.notifications.actions import notify
from jinfuyun.notifications.rules import Template
from jinfuyun.storage.fields import mark_of


@transaction.atomic
def give_mandate(*, uscc: str, phone: str, acts: list[str], ends_on: date | None, by: Actor, at: datetime) -> Mandate:
    """Let the holder of that phone act for the enterprise until the end day; the phone is told.

    The form sent twice gives the one mandate.
    """
    require(Permission.MANDATE_GIVE, by=by, over=enterprise_house(uscc))
    one_form = normalise_phone(phone)
    enterprise = queries.profile(uscc)
    today = at.astimezone(queries.SHANGHAI).date()
    if wrong := why_not_mandate(
        phone=one_form, own_phone=enterprise.legal_phone, acts=acts, ends_on=ends_on, today=today
    ):
        raise Incomplete(wrong)
    assert one_form is not None and ends_on is not None  # why_not_mandate refused them otherwise
    Enterprise.objects.select_for_update().get(pk=uscc)  # the other click waits, and finds what this one gives
    same = queries.mandates_in_force(at).filter(
        enterprise_id=uscc, phone_mark=mark_of("phone", one_form), acts__contains=acts, acts__contained_by=acts,
        ends_on=ends_on,
    )  # fmt: skip
    if (given_before := same.first()) is not None:
        return given_before
    clerk = accounts.by_phone(one_form)
    mandate = Mandate.objects.create(
        enterprise_id=uscc, given_by_id=uuid.UUID(by.id), phone=one_form, user=clerk, acts=acts, ends_on=ends_on,
        given_at=at,
    )  # fmt: skip
    context = {"enterprise": enterprise.name, "end": str(ends_on)}
    notify(phone=one_form, user_id=clerk.pk if clerk else None, template=Template.MANDATE_GIVEN, context=context, at=at)
    audit.record(
        "mandate.given", subject=f"mandate:{mandate.pk}", by=by, at=at, uscc=uscc, acts=acts, ends_on=str(ends_on)
    )
    return mandate


@transaction.atomic
def take_mandate_back(*, mandate: Mandate, by: Actor, at: datetime) -> None:
    """From `at` on the mandate is worth nothing."""
    require(Permission.MANDATE_TAKE_BACK, by=by, over=enterprise_house(mandate.enterprise_id))
    if not Mandate.objects.filter(pk=mandate.pk, taken_back_at=None).update(taken_back_at=at):
        raise TooLate("该授权已经结束。")
    audit.record("mandate.taken_back", subject=f"mandate:{mandate.pk}", by=by, at=at, uscc=mandate.enterprise_id)


@transaction.atomic
def bind_mandates(*, user_id: uuid.UUID, by: Actor, at: datetime) -> None:
    """Mandates that were given to this account's phone before it had an account are the account's from now on."""
    require(Permission.MANDATE_BIND, by=by, over=None)
    phone = accounts.user(user_id).phone
    waiting = Mandate.objects.filter(user=None, phone_mark=mark_of("phone", phone)) if phone else Mandate.objects.none()
    bound = waiting.update(user_id=user_id)
    audit.record("mandate.bound", subject=f"user:{user_id}", by=by, at=at, mandates=bound)
