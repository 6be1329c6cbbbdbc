"""The tree of an institution, kept by the administrators of its head office."""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from jinfuyun.accounts import actions as people
from jinfuyun.accounts import queries as accounts
from jinfuyun.accounts.rules import Kind
from jinfuyun.audit import actions as audit
from jinfuyun.institutions import queries
from jinfuyun.institutions.models import Unit
from jinfuyun.institutions.rules import Level, UnitDraft, why_not_unit
from jinfuyun.kit.actor import Actor, House, HouseKind, Role
from jinfuyun.kit.errors import NotAllowed, Refused
from jinfuyun.kit.permissions import Permission, require
from jinfuyun.kit.reasons import NotInOrder, Reason


class UnitInUse(Refused):
    """Somebody works there, or another unit stands below it."""


@transaction.atomic
def add_unit(*, draft: UnitDraft, by: Actor, at: datetime) -> Unit:
    """A branch or a sub-branch; raises NotInOrder."""
    house = _head_office(by)
    unit = Unit(institution=queries.institution(house.code), made_at=at)
    _write(unit, draft)
    audit.record("unit.added", subject=f"unit:{unit.pk}", by=by, at=at, institution=house.code, level=draft.level)
    return unit


@transaction.atomic
def revise_unit(*, unit_id: UUID, draft: UnitDraft, by: Actor, at: datetime) -> None:
    """Another name, place or region. What was routed before stays where it is. Raises NotInOrder, NotFound."""
    house = _head_office(by)
    unit = queries.unit(unit_id, code=house.code)
    below = unit.children.filter(closed_at=None)
    if draft.level != unit.level and below.exists():
        raise NotInOrder([Reason("level", "还有下级支行，不能改为支行。")])
    for one in below:
        why_not = why_not_unit(UnitDraft(one.name, Level.SUBBRANCH, unit.pk, tuple(one.regions)), draft.regions)
        if why_not:
            raise NotInOrder([Reason("regions", f"下级的{one.name}还在服务其他地区，请先修改它的服务区域。")])
    _write(unit, draft)
    audit.record("unit.revised", subject=f"unit:{unit.pk}", by=by, at=at, institution=house.code)


@transaction.atomic
def close_unit(*, unit_id: UUID, by: Actor, at: datetime) -> None:
    """No longer routed to; those above it go on seeing what it has at work. Raises UnitInUse, NotFound."""
    house = _head_office(by)
    unit = queries.unit(unit_id, code=house.code)
    if unit.children.filter(closed_at=None).exists():
        raise UnitInUse("还有下级支行，请先撤销或改挂下级支行。")
    if any(accounts.is_open(one) for one in accounts.staff_of(house).filter(unit_id=unit.pk)):
        raise UnitInUse("还有在用的人员，请先把他们调到其他机构或办理交接。")
    if accounts.invitations(house, at=at).filter(unit_id=unit.pk).exists():
        raise UnitInUse("还有未接受的邀请，请先撤回。")
    Unit.objects.filter(pk=unit.pk).update(closed_at=at)
    audit.record("unit.closed", subject=f"unit:{unit.pk}", by=by, at=at, institution=house.code)


@transaction.atomic
def place_person(*, user_id: UUID, unit_id: UUID | None, by: Actor, at: datetime) -> None:
    """A colleague moves to another unit, None: to the head office. What he handles he takes along."""
    house = _head_office(by)
    if unit_id is not None:
        queries.unit(unit_id, code=house.code)
    people.place(user_id=user_id, unit_id=unit_id, by=by, at=at)


@transaction.atomic
def invite_colleague(
    *, account: str, phone: str, name: str, roles: frozenset[Role], unit_id: UUID | None, again: bool, by: Actor,
    at: datetime,
) -> UUID:  # fmt: skip
    """A seat in the house; people of a branch give seats in their branch only, and take none of others anew.

    Raises NotFound, and what accounts.actions.invite raises: NotAllowed, AccountTaken.
    """
    require(Permission.STAFF_INVITE, by=by, over=by.house)
    if by.house is None or (by.unit and unit_id not in queries.below(by).values_list("pk", flat=True)):
        raise NotAllowed
    if unit_id is not None:
        queries.unit(unit_id, code=by.house.code)
    holder = accounts.by_account(Kind.INSTITUTION, account)
    if holder is not None and by.unit and not queries.colleagues(by).filter(pk=holder.pk).exists():
        raise people.AccountTaken
    return people.invite(
        kind=Kind.INSTITUTION, account=account, phone=phone, name=name, roles=roles, house=by.house, unit_id=unit_id,
        again=again, by=by, at=at,
    )  # fmt: skip


def _head_office(by: Actor) -> House:
    require(Permission.UNIT_KEEP, by=by, over=by.house)
    if by.house is None or by.house.kind is not HouseKind.INSTITUTION or by.unit:
        raise NotAllowed("机构层级和人员归属由总部管理员维护。")
    return by.house


def _write(unit: Unit, draft: UnitDraft) -> None:
    parent = queries.unit(draft.parent_id, code=unit.institution.code) if draft.parent_id else None
    wrong = why_not_unit(draft, tuple(parent.regions) if parent else None)
    if parent is not None and (parent.level != Level.BRANCH or parent.pk == unit.pk):
        wrong["parent"] = "上级应为本机构的一家分行。"
    if wrong:
        raise NotInOrder([Reason(field, text) for field, text in wrong.items()])
    unit.name, unit.level, unit.parent, unit.regions = draft.name, draft.level, parent, sorted(draft.regions)
    try:
        with transaction.atomic():
            unit.save()
    except IntegrityError as taken:
        raise NotInOrder([Reason("name", "本机构已有同名的分支机构。")]) from taken
