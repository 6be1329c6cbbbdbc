"""Who handles an application: reminded while its clock runs, replaced when it is late or he is away."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import transaction

from jinfuyun.accounts import queries as accounts
from jinfuyun.accounts.models import User
from jinfuyun.applications import queries
from jinfuyun.applications.actions.moving import (
    ADMINISTRATORS,
    tell_enterprise,
    tell_institution,
    write_down,
)
from jinfuyun.applications.models import Application
from jinfuyun.applications.rules import OPEN, Act, State, is_late, must_pass_on, reminder
from jinfuyun.audit import actions as audit
from jinfuyun.institutions import queries as institutions
from jinfuyun.kit.actor import Actor
from jinfuyun.kit.calendar import SEEDED, Notices, local_day
from jinfuyun.kit.errors import TooLate
from jinfuyun.kit.permissions import Permission, require
from jinfuyun.kit.reasons import NotInOrder, Reason
from jinfuyun.notifications.actions import notify
from jinfuyun.notifications.rules import Template

WHY_LENGTH_MAX = 200


@transaction.atomic
def reassign(*, application: Application, to: UUID | str, why: str, by: Actor, at: datetime) -> None:
    """An open application goes to another officer or approver of the same institution; its clock runs on.

    Who will call changes with it, and the enterprise is told before the new person calls. Raises NotInOrder, TooLate.
    """
    require(Permission.APPLICATION_ASSIGN, by=by, over=application.institution_house)
    why = why.strip()
    if len(why) > WHY_LENGTH_MAX:
        raise NotInOrder([Reason("why", f"原因不超过 {WHY_LENGTH_MAX} 个字。")])
    found = next((one for one in institutions.colleagues(by) if str(one.pk) == str(to) and accounts.is_open(one)), None)
    if found is None or not queries.HANDLERS & set(found.roles):
        raise NotInOrder([Reason("to", "请选择本机构在用的客户经理或审批人。")])
    if str(found.pk) == application.caller_account:
        raise NotInOrder([Reason("to", "这笔申请已经由这位同事办理。")])
    late = is_late(application.due_on, local_day(at))
    _take_over(application, str(found.pk))
    said = f"超时转派：{why}" if late and why else "超时转派" if late else why
    _write_down(application, said or f"转由 {accounts.actor(found).label} 办理", by=by, at=at)
    _introduce(application, found, at)
    notify(user_id=found.pk, template=Template.APPLICATION_YOURS, context=queries.words_of(application), at=at)


def _introduce(application: Application, caller: User, at: datetime) -> None:
    """Where the enterprise knows who calls, it learns of the new one."""
    if application.caller_name is not None:
        application.caller_name, application.caller_phone = caller.name, caller.phone
        application.save(update_fields=["caller_name", "caller_phone"])
        tell_enterprise(
            application=application, template=Template.APPLICATION_REASSIGNED, at=at, caller=caller.name,
            phone=caller.phone,
        )  # fmt: skip


@transaction.atomic
def pass_on(*, application: Application, to: User | None, why: str, by: Actor, at: datetime) -> None:
    """One of many that change hands together, of what is lent too; None: to nobody, until somebody takes it.

    Raises TooLate.
    """
    require(Permission.APPLICATION_ASSIGN, by=by, over=application.institution_house)
    _take_over(application, str(to.pk) if to else "", states=(*OPEN, State.FUNDED))
    _write_down(application, why, by=by, at=at)
    if to is not None:
        _introduce(application, to, at)


@transaction.atomic
def pass_on_late(*, by: Actor, at: datetime, notices: Notices = SEEDED) -> int:
    """What is a working day over its time leaves its handler and waits for an administrator, once; returns how many."""
    require(Permission.APPLICATION_ASSIGN, by=by, over=None)
    today, passed_on = local_day(at), 0
    for application in queries.late(today).filter(passed_on_at=None):
        if not must_pass_on(application.due_on, today, notices):
            continue
        try:
            _take_over(application, "", passed_on_at=at)
        except TooLate:  # somebody did it in this very moment
            continue
        _write_down(application, "超时转派：超过办理时限一个工作日，由机构管理员另行安排办理人", by=by, at=at)
        tell_institution(application=application, roles=ADMINISTRATORS, template=Template.APPLICATION_LATE, at=at)
        passed_on += 1
    return passed_on


def _take_over(
    application: Application, account: str, *, states: Collection[State] = OPEN, **changes: object
) -> None:  # fmt: skip
    """The guarded update: only while nobody else moved it or gave it away."""
    same = Application.objects.filter(
        pk=application.pk, state=application.state, state_at=application.state_at, state__in=states,
        caller_account=application.caller_account,
    )  # fmt: skip
    if not same.update(caller_account=account, **changes):
        raise TooLate
    application.refresh_from_db()


def _write_down(application: Application, why: str, *, by: Actor, at: datetime) -> None:
    write_down(
        application=application, act=Act.REASSIGN, source=application.state, target=application.state,
        due_on=application.due_on, why=why, by=by, at=at,
    )  # fmt: skip


@transaction.atomic
def remind(*, by: Actor, at: datetime, notices: Notices = SEEDED) -> int:
    """At half, four fifths and all of a clock, each once: who handles it and the administrators; returns how many."""
    require(Permission.APPLICATION_TEND, by=by, over=None)
    today, reminded = local_day(at), 0
    for application in queries.running():
        percent = reminder(application.running, today, notices)
        standing = Application.objects.filter(
            pk=application.pk, state=application.state, clock_since=application.clock_since,
            reminded_percent__lt=percent,
        )  # fmt: skip
        if not standing.update(reminded_percent=percent):
            continue
        tell_institution(
            application=application, roles=ADMINISTRATORS, handler=True, template=Template.APPLICATION_REMINDED,
            at=at, percent=str(percent),
        )  # fmt: skip
        audit.record(
            "application.reminded", subject=f"application:{application.number}", by=by, at=at,
            uscc=application.uscc, percent=percent,
        )  # fmt: skip
        reminded += 1
    return reminded
