"""What ends when an enterprise is another's from now on: another account's, or another legal representative's."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from jinfuyun.accounts import queries as accounts
from jinfuyun.audit import actions as audit
from jinfuyun.enterprises import queries
from jinfuyun.enterprises.actions.runs import move
from jinfuyun.enterprises.models import Holding, Mandate
from jinfuyun.enterprises.rules import RunState
from jinfuyun.jobs.actions import defer
from jinfuyun.kit.actor import Actor
from jinfuyun.kit.errors import Refused
from jinfuyun.kit.jobs import Job
from jinfuyun.kit.permissions import Permission, require
from jinfuyun.notifications.actions import notify
from jinfuyun.notifications.rules import Template


class HeldByAnother(Refused):
    """Another account holds the enterprise."""

    message = "该企业已由其他账号完成认证。"


def make_room(*, uscc: str, user_id: UUID, id_number: str, may_take_over: bool, at: datetime) -> bool:
    """Let go of whatever stands against this account's holding it; whether it still has to become the holder.

    What a former legal representative signed ends. Another account gives way only if it was closed, or if two
    operators found that the enterprise passed on (`may_take_over`). Raises HeldByAnother.
    """
    held = Holding.objects.filter(enterprise_id=uscc, until=None).select_related("enterprise").first()
    if held is None or held.user_id == user_id:
        if queries.is_another_person(uscc, id_number):
            end_what_was_signed(uscc=uscc, at=at)
        return held is None
    gone = accounts.user(held.user_id).closed_at is not None
    if not (gone or may_take_over):
        raise HeldByAnother
    end_holding(holding=held, at=at)
    if not gone:
        context = {"enterprise": held.enterprise.name}
        notify(user_id=held.user_id, template=Template.ENTERPRISE_PASSED_ON, context=context, at=at)
    return True


def end_holding(*, holding: Holding, at: datetime) -> None:
    """The account loses it, its mandates and its consent."""
    holding.until = at
    holding.save(update_fields=["until"])
    end_what_was_signed(uscc=holding.enterprise_id, at=at)


def end_what_was_signed(*, uscc: str, at: datetime) -> None:
    """Mandates at once; the consent and letters that wait by a job, but nothing that is signed after this moment."""
    Mandate.objects.filter(enterprise_id=uscc, taken_back_at=None).update(taken_back_at=at)
    defer(Job.END_CONSENT, uscc=uscc, made_before=at.isoformat())


@transaction.atomic
def end_holdings(*, user_id: UUID, by: Actor, at: datetime) -> None:
    """The account was closed: nobody holds its enterprises any more, and what it had typed is forgotten."""
    require(Permission.ENTERPRISE_END, by=by, over=None)
    for holding in Holding.objects.filter(user_id=user_id, until=None):
        end_holding(holding=holding, at=at)
        uscc = holding.enterprise_id
        audit.record("enterprise.holding_ended", subject=f"enterprise:{uscc}", by=by, at=at, uscc=uscc)
    for run in queries.open_runs(user_id):
        move(run, RunState.DROPPED, at=at, draft="{}")
