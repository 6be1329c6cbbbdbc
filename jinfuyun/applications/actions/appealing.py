"""A refusal is looked at once more, by another person, if the enterprise asks for it."""

from datetime import datetime

from django.db import IntegrityError, transaction

from jinfuyun.accounts import queries as accounts
from jinfuyun.applications import queries
from jinfuyun.applications.actions.moving import APPROVERS, move, tell_enterprise, tell_institution
from jinfuyun.applications.models import Application
from jinfuyun.applications.rules import APPEAL_DAYS, Act, State
from jinfuyun.kit.actor import Actor
from jinfuyun.kit.calendar import local_day
from jinfuyun.kit.errors import Refused
from jinfuyun.kit.reasons import NotInOrder, Reason
from jinfuyun.notifications.rules import Template
from jinfuyun.workdays import queries as workdays

TEXT_LENGTH = (4, 400)


class CannotAppeal(Refused):
    message = f"未通过的决定只能申请一次复议，并须在决定之后 {APPEAL_DAYS} 个工作日内提出。"


class SamePerson(Refused):
    message = "作出原决定的人不能复议自己的决定，请由另一位审批人办理。"


@transaction.atomic
def appeal(*, application: Application, why: str, by: Actor, at: datetime) -> None:
    """Once, within APPEAL_DAYS working days after the refusal. The institution keeps its place in the consent."""
    if (
        application.state == State.REJECTED
        and queries.appeal_ends(application, local_day(at), workdays.notices()) is None
    ):
        raise CannotAppeal
    why = _text(why)
    try:
        with transaction.atomic():
            move(application=application, act=Act.APPEAL, why=why, by=by, at=at, changes={"release_on": None})
    except IntegrityError as taken:
        raise CannotAppeal("您对该产品已有另一笔在办申请，办结或撤回后才能申请复议。") from taken
    tell_institution(application=application, roles=APPROVERS, template=Template.APPLICATION_APPEALED, at=at)


@transaction.atomic
def uphold(*, application: Application, text: str, by: Actor, at: datetime) -> None:
    """The second person comes to the same end and says why. Raises SamePerson."""
    _second_person(application, by)
    move(application=application, act=Act.UPHOLD, why=_text(text), by=by, at=at)
    tell_enterprise(application=application, template=Template.APPLICATION_UPHELD, at=at)


@transaction.atomic
def reopen(*, application: Application, text: str, by: Actor, at: datetime) -> None:
    """The second person takes the refusal back: it is under review again, with a new clock. Raises SamePerson."""
    _second_person(application, by)
    move(
        application=application, act=Act.REOPEN, why=_text(text), by=by, at=at,
        changes={
            "refusal_code": "", "refusal_basis": "", "refusal_text": "", "refusal_fact": None, "decided_at": None,
        },
    )  # fmt: skip
    tell_enterprise(application=application, template=Template.APPLICATION_REOPENED, at=at)


def _second_person(application: Application, by: Actor) -> None:
    """Another person than who refused, by account and by phone."""
    if accounts.are_one_person(queries.refused_by(application), by.id):
        raise SamePerson


def _text(text: str) -> str:
    text, (least, most) = text.strip(), TEXT_LENGTH
    if not least <= len(text) <= most:
        raise NotInOrder([Reason("text", f"请用文字说明（{least} 至 {most} 个字）。")])
    return text
