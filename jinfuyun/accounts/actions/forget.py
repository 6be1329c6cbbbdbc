"""What nobody needs any more is not kept: counts, codes, pictures, devices and offers that are over."""

from datetime import datetime, timedelta

from django.contrib.sessions.models import Session
from django.db import transaction

from jinfuyun.accounts.models import Budget, Captcha, Code, Device, Invitation, Reservation, SignIn
from jinfuyun.accounts.rules import DAY, DEVICE_LIFE
from jinfuyun.audit import actions as audit
from jinfuyun.kit.actor import Actor

SIGN_INS_KEPT = timedelta(days=180)
OFFERS_KEPT = timedelta(days=30)


@transaction.atomic
def forget_what_is_over(*, by: Actor, at: datetime) -> None:
    """Once a day. What happened stands in the book; this is only what the platform worked with."""
    audit.record(
        "accounts.forgot", subject="accounts", by=by, at=at,
        reservations=Reservation.objects.forget(before=at - DAY),
        budgets=Budget.objects.filter(day__lt=(at - 7 * DAY).date()).delete()[0],
        codes=Code.objects.filter(made_at__lt=at - DAY).delete()[0],
        captchas=Captcha.objects.filter(ends_at__lt=at).delete()[0],
        devices=Device.objects.filter(seen_at__lt=at - DEVICE_LIFE).delete()[0],
        sign_ins=SignIn.objects.filter(started_at__lt=at - SIGN_INS_KEPT).delete()[0],
        invitations=Invitation.objects.filter(ends_at__lt=at - OFFERS_KEPT).delete()[0],
        sessions=Session.objects.filter(expire_date__lt=at).delete()[0],
    )  # fmt: skip
