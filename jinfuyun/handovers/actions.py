"""Work changes hands in one step: when somebody leaves, or for the days of a leave."""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from jinfuyun.accounts import actions as people
from jinfuyun.accounts import queries as accounts
from jinfuyun.accounts.models import User
from jinfuyun.applications import actions as applications
from jinfuyun.applications.models import Application
from jinfuyun.applications.rules import OPEN
from jinfuyun.applications.rules import State as ApplicationState
from jinfuyun.audit import actions as audit
from jinfuyun.demands import actions as demands
from jinfuyun.demands.models import Party
from jinfuyun.demands.rules import AT_IT
from jinfuyun.handovers import queries
from jinfuyun.handovers.models import Handover
from jinfuyun.handovers.rules import MOVES, STANDING, Kind, Plan, State, why_not_hand_over
from jinfuyun.institutions import queries as institutions
from jinfuyun.kit.actor import Actor, House, institution_house
from jinfuyun.kit.calendar import local_day
from jinfuyun.kit.errors import NotFound, Refused, TooLate
from jinfuyun.kit.permissions import Permission, require
from jinfuyun.kit.reasons import NotInOrder, Reason
from jinfuyun.notifications.actions import notify
from jinfuyun.notifications.rules import Template

POOL = "待分配"


class WorkLeft(Refused):
    message = "这位同事还有在办业务，请先办理交接，业务不能没有人管。"


class SomethingHappened(Refused):
    """Whoever took the work on has done something with it."""


@transaction.atomic
def hand_over(*, user_id: UUID, plan: Plan, by: Actor, at: datetime) -> Handover:
    """Now, or on the first day of the leave. Who leaves is locked out in the same step. Raises NotInOrder, NotFound."""
    person = _colleague(user_id, by)
    can = {one.pk: one for one in queries.colleagues_for(person, by, local_day(at))}
    wrong = why_not_hand_over(plan, today=local_day(at), colleagues=can)
    if wrong:
        raise NotInOrder([Reason(field, text) for field, text in wrong.items()])
    made = Handover(
        institution_code=person.house_code, person_id=person.pk, person_label=accounts.actor(person).label,
        to_id=plan.to, to_label=accounts.actor(can[plan.to]).label if plan.to else POOL, kind=plan.kind,
        from_on=plan.from_on, until_on=plan.until_on, why=plan.why.strip(), state=State.PLANNED, state_at=at,
        made_at=at, made_by_label=by.label,
    )  # fmt: skip
    if plan.kind is Kind.LEFT:
        for leave in Handover.objects.select_for_update().filter(person_id=person.pk, state__in=STANDING):
            _stand(leave, "cut_short", by=by, at=at)
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError as taken:
        raise NotInOrder([Reason("", "这位同事已有未结束的休假交接，请先撤回。")]) from taken
    audit.record(f"handover.{plan.kind}", subject=f"handover:{made.pk}", by=by, at=at, person=str(person.pk))
    if plan.from_on <= local_day(at):
        _begin(made, by=by, at=at)
    if plan.kind is Kind.LEFT and accounts.is_open(person):
        people.disable(user_id=person.pk, because="离岗，业务已交接", by=by, at=at)
    return made


@transaction.atomic
def stop(*, user_id: UUID, by: Actor, at: datetime) -> None:
    """Close a seat that holds no work. Raises WorkLeft, NotFound, NotAllowed."""
    _colleague(user_id, by)
    if queries.work_of(user_id).count:
        raise WorkLeft
    people.disable(user_id=user_id, because="本机构管理员停用", by=by, at=at)


@transaction.atomic
def undo(*, handover_id: UUID, by: Actor, at: datetime) -> None:
    """As if it had not been, all of it or nothing. Raises SomethingHappened, TooLate, NotFound."""
    found = queries.handover(handover_id, visible_to=by)
    require(Permission.WORK_HAND_OVER, by=by, over=_house(found))
    found = Handover.objects.select_for_update().get(pk=found.pk)
    if found.state not in MOVES["undo"][0]:
        raise TooLate
    for what, key, stood in found.items:
        thing = _thing(what, key)
        if _holder(thing) != str(found.to_id or "") or _standing(thing) != stood:
            raise SomethingHappened(f"{_number(thing)}在交接之后已有人办理，不能整体撤回；可以逐笔转派。")
    if found.kind == Kind.LEFT and accounts.user(found.person_id).disabled_at == found.made_at:
        people.enable(user_id=found.person_id, because="撤回交接", by=by, at=at)
    person = accounts.user(found.person_id)
    if found.items and not accounts.is_open(person):
        raise SomethingHappened(f"{found.person_label}的账号已停用，业务不能交还；可以逐笔转派。")
    for what, key, _ in found.items:
        _pass(_thing(what, key), person, "撤回交接", by=by, at=at)
    _stand(found, "undo", by=by, at=at)


@transaction.atomic
def tend(*, by: Actor, at: datetime) -> int:
    """Once a day: leaves that begin, and work that comes back from one. Returns how many changed."""
    require(Permission.WORK_HAND_OVER, by=by, over=None)
    today, changed = local_day(at), 0
    due = (queries.to_begin(today), queries.to_give_back(today))
    for found in [one for some in due for one in some.select_for_update()]:  # or undone in this very moment
        if found.state == State.PLANNED:
            _begin(found, by=by, at=at)
        else:
            _give_back(found, by=by, at=at)
        changed += 1
    return changed


def _colleague(user_id: UUID, by: Actor) -> User:
    require(Permission.WORK_HAND_OVER, by=by, over=by.house)
    person = institutions.colleagues(by).filter(pk=user_id).first()
    if person is None:
        raise NotFound
    return person


def _house(found: Handover) -> House:
    return institution_house(found.institution_code)


def _begin(found: Handover, *, by: Actor, at: datetime) -> None:
    """All that he has at work now. A colleague who is gone meanwhile takes nothing on: it goes to the pool."""
    to = accounts.user(found.to_id) if found.to_id else None
    if to is not None and not accounts.is_open(to):
        to, found.to_id, found.to_label = None, None, POOL
    work, why = queries.work_of(found.person_id), f"{found.person_label}{'离岗' if found.kind == 'left' else '休假'}"
    things: list[Application | Party] = [*work.applications, *work.lent, *work.parties]
    for thing in things:
        _pass(thing, to, why, by=by, at=at)
        what = "demand" if isinstance(thing, Party) else "application"
        found.items.append([what, str(thing.pk), _standing(thing)])
    if to is not None and found.items:
        context = {"person": found.person_label, "count": str(len(found.items))}
        notify(user_id=to.pk, template=Template.WORK_HANDED_OVER, context=context, at=at)
    _stand(found, "leave" if found.kind == Kind.LEFT else "begin", by=by, at=at)


def _give_back(found: Handover, *, by: Actor, at: datetime) -> None:
    """What is under way and still where it was put; who took something from the pool keeps it."""
    person = accounts.user(found.person_id)
    for what, key, _ in found.items if accounts.is_open(person) else []:
        thing = _thing(what, key)
        under_way = AT_IT if isinstance(thing, Party) else (*OPEN, ApplicationState.FUNDED)
        if thing.state in under_way and _holder(thing) == str(found.to_id or ""):
            _pass(thing, person, "休假结束，业务交还", by=by, at=at)
    _stand(found, "give_back", by=by, at=at)


def _thing(what: str, key: str) -> Application | Party:
    if what == "demand":
        return Party.objects.select_related("demand", "institution").get(pk=key)
    return Application.objects.select_related("institution", "version", "unit").get(pk=key)


def _holder(thing: Application | Party) -> str:
    return thing.officer if isinstance(thing, Party) else thing.caller_account


def _number(thing: Application | Party) -> str:
    return thing.demand.number if isinstance(thing, Party) else thing.number


def _standing(thing: Application | Party) -> str:
    """Another word whenever something was done with it."""
    if isinstance(thing, Party):
        return thing.state_at.isoformat()
    last = thing.moves.order_by("-id").values_list("id", flat=True).first()
    return str(last)


def _pass(thing: Application | Party, to: User | None, why: str, *, by: Actor, at: datetime) -> None:
    if isinstance(thing, Party):
        demands.pass_on(party=thing, to=to, by=by, at=at)
    else:
        applications.pass_on(application=thing, to=to, why=why, by=by, at=at)


def _stand(found: Handover, act: str, *, by: Actor, at: datetime) -> None:
    sources, state = MOVES[act]
    same = Handover.objects.filter(pk=found.pk, state__in=sources)
    if not same.update(state=state, state_at=at, items=found.items, to_id=found.to_id, to_label=found.to_label):
        raise TooLate
    audit.record(
        f"handover.{state}", subject=f"handover:{found.pk}", by=by, at=at, person=str(found.person_id),
        to=str(found.to_id or ""), items=len(found.items),
    )  # fmt: skip
