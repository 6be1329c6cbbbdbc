"""What ends when an enterprise is another's from now on: another account's, or another legal representative's."""

from datetime import datetime

from jinfuyun.enterprises.models import Holding, Mandate
from jinfuyun.jobs.actions import defer
from jinfuyun.kit.jobs import Job
from jinfuyun.notifications.actions import notify
from jinfuyun.notifications.rules import Template


def end_what_was_signed(*, uscc: str, at: datetime) -> None:
    """Mandates at once; the consent and letters that wait by a job, but nothing that is signed after this moment."""
    Mandate.objects.filter(enterprise_id=uscc, taken_back_at=None).update(taken_back_at=at)
    defer(Job.END_CONSENT, uscc=uscc, made_before=at.isoformat())


def end_holding(*, uscc: str, at: datetime) -> None:
    """Two operators found that the enterprise passed on: the former account loses it, its mandates and its consent."""
    holding = Holding.objects.get(enterprise_id=uscc, until=None)
    holding.until = at
    holding.save(update_fields=["until"])
    end_what_was_signed(uscc=uscc, at=at)
    context = {"enterprise": holding.enterprise.name}
    notify(user_id=holding.user_id, template=Template.ENTERPRISE_PASSED_ON, context=context, at=at)
