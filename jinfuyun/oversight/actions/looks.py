"""企业查阅: a regulator looks at an enterprise by name: case number, reason, a line in the book, and it is told."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import F

from jinfuyun.accounts import queries as accounts
from jinfuyun.audit import actions as audit
from jinfuyun.disputes.actions.moving import tell_house
from jinfuyun.enterprises import queries as enterprises
from jinfuyun.kit.actor import Actor
from jinfuyun.kit.calendar import local_day
from jinfuyun.kit.errors import NotAllowed, TooLate
from jinfuyun.kit.permissions import Permission, require
from jinfuyun.kit.reasons import NotInOrder, Reason
from jinfuyun.kit.regions import full_name
from jinfuyun.notifications.actions import notify
from jinfuyun.notifications.rules import Template
from jinfuyun.oversight import queries
from jinfuyun.oversight.actions.moving import _in_order, _number
from jinfuyun.oversight.models import Look
from jinfuyun.oversight.queries import Seen
from jinfuyun.oversight.rules import LOOK_DAYS, LookState, due_on, why_not_look


class NotTwoPeople(NotAllowed):
    message = "登记案件的查阅须由另一位同事同意，不能由申请人本人（或其另一个账号）同意。"


def ask_look(
    *, asked: str, case_number: str, reason: str, is_case: bool, ends_on: date | None, by: Actor, at: datetime
) -> Look:
    """`asked`: a whole USCC or name. A plain look is told to the enterprise at once; a registered case waits for a
    second person. Raises NotInOrder; that nothing was found is booked too."""
    require(Permission.LOOK_MAKE, by=by, over=by.house)
    today, case_number, reason = local_day(at), case_number.strip(), reason.strip()
    _in_order(why_not_look(case_number, reason, is_case=is_case, ends_on=ends_on, today=today))
    assert by.house is not None, "a regulator has a region"
    found = queries.enterprise_for(asked.strip(), visible_to=by)
    if found is None:
        _book_miss(case_number, by=by, at=at)
        raise NotInOrder([Reason("asked", "辖内没有这家企业，或有同名企业；请填写完整的统一社会信用代码。")])
    with transaction.atomic():
        look = Look.objects.create(
            number=_number("CY", today), uscc=found.uscc, enterprise_name=found.name, house_code=by.house.code,
            case_number=case_number, reason=reason, is_case=is_case,
            state=LookState.ASKED if is_case else LookState.OPEN, asked_at=at, asked_by=by.id, asked_label=by.label,
            ends_on=ends_on if is_case and ends_on else due_on(today, LOOK_DAYS), told_at=None if is_case else at,
        )  # fmt: skip
        _book("asked", look, by=by, at=at)
        if is_case:
            tell_house(house=look.house, template=Template.LOOK_ASKED, context={"number": look.number}, at=at)
        else:
            _tell_enterprise(look, Template.LOOK_MADE, at)
    return look


@transaction.atomic
def _book_miss(case_number: str, *, by: Actor, at: datetime) -> None:
    audit.record("look.missed", subject="look:none", by=by, at=at, case_number=case_number)


def _book(what: str, look: Look, *, by: Actor, at: datetime) -> None:
    """With the enterprise's code only where it may read the line."""
    uscc = look.uscc if look.told_at else ""
    audit.record(f"look.{what}", subject=f"look:{look.number}", by=by, at=at, uscc=uscc, case_number=look.case_number)


def _tell_enterprise(look: Look, template: Template, at: datetime) -> None:
    context = {
        "regulator": full_name(look.house_code), "enterprise": look.enterprise_name, "case": look.case_number,
        "day": f"{local_day(look.asked_at)}",
    }  # fmt: skip
    notify(
        phone=enterprises.profile(look.uscc).contact_phone, user_id=enterprises.holder_id(look.uscc),
        template=template, context=context, at=at,
    )  # fmt: skip


@transaction.atomic
def agree(*, look: Look, by: Actor, at: datetime) -> None:
    """The second person of a registered case. Raises NotTwoPeople, TooLate."""
    _decide(look, LookState.OPEN, "agreed", by=by, at=at)


@transaction.atomic
def refuse(*, look: Look, by: Actor, at: datetime) -> None:
    """As `agree`; nobody will look, and there is nothing to tell the enterprise."""
    _decide(look, LookState.REFUSED, "refused", by=by, at=at)


def _decide(look: Look, state: LookState, what: str, *, by: Actor, at: datetime) -> None:
    require(Permission.LOOK_MAKE, by=by, over=look.house)
    if accounts.are_one_person(look.asked_by, by.id):
        raise NotTwoPeople
    standing = Look.objects.filter(pk=look.pk, state=LookState.ASKED, ends_on__gt=local_day(at))
    if not standing.update(state=state, decided_at=at, decided_by=by.id, decided_label=by.label):
        raise TooLate
    look.refresh_from_db()
    _book(what, look, by=by, at=at)


@transaction.atomic
def open_look(*, look: Look, by: Actor, at: datetime) -> Seen:
    """What it shows, to the person who asked, until its last day; each time booked first. Raises TooLate."""
    require(Permission.LOOK_MAKE, by=by, over=look.house)
    if look.asked_by != by.id:
        raise NotAllowed("只有申请查阅的人可以打开。")
    standing = Look.objects.filter(pk=look.pk, state=LookState.OPEN, ends_on__gte=local_day(at))
    if not standing.update(opened_count=F("opened_count") + 1, opened_at=at):
        raise TooLate("查阅尚未获同意，或已过截止日。")
    look.refresh_from_db()
    _book("opened", look, by=by, at=at)
    return queries.seen(look)
