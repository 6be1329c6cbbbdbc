"""Seats in a house: invited by the house, taken by the person, closed by the house."""

import secrets
from datetime import datetime
from uuid import UUID

import pyotp
from django.conf import settings
from django.db import IntegrityError, transaction

from jinfuyun.accounts import queries
from jinfuyun.accounts.actions.limits import reserve
from jinfuyun.accounts.actions.own import WeakPassword, hash_password
from jinfuyun.accounts.actions.sign_in import end_all, otp_step
from jinfuyun.accounts.models import Device, Invitation, User
from jinfuyun.accounts.rules import (
    INVITATION_LIFE,
    STAFF,
    Kind,
    Known,
    Limit,
    network_of,
    normalise_account,
    normalise_password,
    why_not_password,
)
from jinfuyun.audit import actions as audit
from jinfuyun.kit.actor import Actor, House, HouseKind, Role
from jinfuyun.kit.errors import NotAllowed, NotFound, Refused
from jinfuyun.kit.permissions import Permission, require
from jinfuyun.notifications.actions import notify
from jinfuyun.notifications.rules import Template
from jinfuyun.storage.fields import mark_of


class AccountTaken(Refused):
    message = "这个账号名已被使用，请换一个。"


OF_A_COLLEAGUE = "这个账号名已被使用。如果是为同一个人重新开通，请勾选“重新邀请”；否则请换一个。"


class WrongOtp(Refused):
    message = "动态口令不正确，请确认手机时间准确后输入当前显示的 6 位数字。"


@transaction.atomic
def invite(
    *,
    kind: Kind,
    account: str,
    phone: str,
    name: str,
    roles: frozenset[Role],
    house: House,
    unit_id: UUID | None = None,
    again: bool = False,
    by: Actor,
    at: datetime,
) -> UUID:
    """Offer a seat in `house`; the person gets a link by SMS. Raises NotAllowed or AccountTaken.

    `again`: offer a colleague's seat anew, because he lost phone or password. It is closed at once; whoever takes the
    offer gets it with a new password and authenticator, under the same account.
    """
    _may_seat(kind, roles, house, by)
    account, token = normalise_account(account), secrets.token_urlsafe(24)
    holder = User.objects.select_for_update().filter(account=account).first()
    if holder is not None:
        _vacate(holder, kind, house, again, by=by, at=at)
    Invitation.objects.filter(account=account, accepted_at=None, ends_at__gt=at).update(ends_at=at)
    invitation = Invitation.objects.create(
        mark=mark_of("invitation", token), kind=kind, account=account, phone=phone, name=name, roles=sorted(roles),
        house_kind=house.kind, house_code=house.code, unit_id=unit_id, totp_secret=pyotp.random_base32(),
        invited_by=by.id, made_at=at, ends_at=at + INVITATION_LIFE,
    )  # fmt: skip
    link = f"{settings.PUBLIC_URL}/invited/{token}"
    notify(phone=phone, template=Template.STAFF_INVITED, context={"account": account, "link": link}, at=at)
    audit.record(
        "staff.invited", subject=f"invitation:{invitation.id}", by=by, at=at,
        house=f"{house.kind}:{house.code}", roles=sorted(roles),
        **({"again": f"user:{holder.id}"} if holder else {}),
    )  # fmt: skip
    return invitation.id


@transaction.atomic
def withdraw_invitation(*, invitation_id: UUID, by: Actor, at: datetime) -> None:
    """The link that was sent opens nothing any more. Raises NotFound."""
    found = Invitation.objects.filter(id=invitation_id, accepted_at=None, ends_at__gt=at).first()
    if found is None:
        raise NotFound
    require(Permission.STAFF_INVITE, by=by, over=House(HouseKind(found.house_kind), found.house_code))
    Invitation.objects.filter(id=found.id).update(ends_at=at)
    audit.record("staff.invitation_withdrawn", subject=f"invitation:{found.id}", by=by, at=at)


def _vacate(holder: User, kind: Kind, house: House, again: bool, *, by: Actor, at: datetime) -> None:
    """Close a seat that is offered anew; its person is told on the old phone."""
    if not _is_seat(holder, kind, house):
        raise AccountTaken
    if not again:
        raise AccountTaken(OF_A_COLLEAGUE)
    if str(holder.id) == by.id:
        raise NotAllowed("不能重新邀请自己，请由另一位管理员办理。")
    User.objects.filter(id=holder.id, disabled_at=None).update(disabled_at=at)
    end_all(user_id=holder.id, at=at)
    context = {"account": holder.account}
    notify(phone=holder.phone, user_id=holder.id, template=Template.STAFF_INVITED_ANEW, context=context, at=at)


def _is_seat(user: User, kind: str, house: House) -> bool:
    return (user.kind, user.house_kind, user.house_code) == (kind, house.kind, house.code)


def accept_invitation(*, token: str, password: str, otp: str, ip: str, at: datetime) -> UUID:
    """Take the seat; raises NotFound, WeakPassword, WrongOtp, AccountTaken or TooMany."""
    reserve(limit=Limit.INVITATION, key=network_of(ip), at=at)
    invitation = queries.invitation(token, at=at)
    known = Known((invitation.phone, invitation.account), (invitation.name,))
    reasons = why_not_password(normalise_password(password), with_sms=False, known=known)
    if reasons:
        raise WeakPassword(reasons)
    step = otp_step(invitation.totp_secret, otp, at=at)
    if step is None:
        raise WrongOtp
    hashed = hash_password(password)
    try:
        return _take_seat(invitation, hashed, step, at)
    except IntegrityError as taken:
        raise AccountTaken from taken


@transaction.atomic
def _take_seat(invitation: Invitation, hashed: str, step: int, at: datetime) -> UUID:
    if not Invitation.objects.filter(id=invitation.id, accepted_at=None).update(accepted_at=at):
        raise NotFound
    house = House(HouseKind(invitation.house_kind), invitation.house_code)
    user = User.objects.select_for_update().filter(account=invitation.account).first()
    if user is None:
        user = User(
            kind=invitation.kind, account=invitation.account, house_kind=house.kind, house_code=house.code, made_at=at
        )
    elif user.disabled_at is None or not _is_seat(user, invitation.kind, house):
        raise AccountTaken  # reopened meanwhile
    user.phone, user.name, user.roles, user.disabled_at = invitation.phone, invitation.name, invitation.roles, None
    user.password, user.totp_secret, user.totp_step = hashed, invitation.totp_secret, step
    user.unit_id = invitation.unit_id
    user.save()
    Device.objects.filter(user=user).delete()
    audit.record("staff.joined", subject=f"user:{user.id}", by=queries.actor(user), at=at)
    return user.id


@transaction.atomic
def seat(
    *,
    kind: Kind,
    account: str,
    phone: str,
    name: str,
    roles: frozenset[Role],
    house: House,
    unit_id: UUID | None = None,
    password_hash: str,
    totp_secret: str,
    by: Actor,
    at: datetime,
) -> UUID:
    """A seat taken at once, without an invitation: the platform's own first people and the sandbox's."""
    if Role.PLATFORM not in by.roles:
        raise NotAllowed
    _may_seat(kind, roles, house, by)
    user = User.objects.create(
        kind=kind, account=normalise_account(account), phone=phone, name=name, roles=sorted(roles),
        house_kind=house.kind, house_code=house.code, unit_id=unit_id, password=password_hash,
        totp_secret=totp_secret, made_at=at,
    )  # fmt: skip
    audit.record("staff.joined", subject=f"user:{user.id}", by=by, at=at)
    return user.id


def _may_seat(kind: Kind, roles: frozenset[Role], house: House, by: Actor) -> None:
    require(Permission.STAFF_INVITE, by=by, over=house)
    if kind not in STAFF or not roles or not roles <= STAFF[kind].roles or house.kind != STAFF[kind].kind:
        raise NotAllowed


@transaction.atomic
def disable(*, user_id: UUID | str, because: str, by: Actor, at: datetime) -> None:
    """Close a seat; every sign-in of the person ends. Raises NotFound or NotAllowed (also for oneself)."""
    user = _colleague(user_id, by)
    if not User.objects.filter(id=user.id, disabled_at=None).update(disabled_at=at):
        raise NotFound
    end_all(user_id=user.id, at=at)
    audit.record("staff.disabled", subject=f"user:{user.id}", by=by, at=at, because=because)


@transaction.atomic
def enable(*, user_id: UUID | str, because: str, by: Actor, at: datetime) -> None:
    """Open a closed seat again. Raises NotFound or NotAllowed."""
    user = _colleague(user_id, by)
    if not User.objects.filter(id=user.id, closed_at=None).exclude(disabled_at=None).update(disabled_at=None):
        raise NotFound
    audit.record("staff.enabled", subject=f"user:{user.id}", by=by, at=at, because=because)


@transaction.atomic
def place(*, user_id: UUID | str, unit_id: UUID | None, by: Actor, at: datetime) -> None:
    """From now on in another unit of the same house; that it has such a unit, the caller knows. Raises NotFound."""
    user = _colleague(user_id, by)
    User.objects.filter(id=user.id).update(unit_id=unit_id)
    audit.record("staff.placed", subject=f"user:{user.id}", by=by, at=at, unit=str(unit_id or ""))


def _colleague(user_id: UUID | str, by: Actor) -> User:
    user = queries.user(user_id)
    if user.kind == Kind.ENTERPRISE:
        raise NotFound
    require(Permission.STAFF_INVITE, by=by, over=House(HouseKind(user.house_kind), user.house_code))
    if str(user.id) == by.id:
        raise NotAllowed("不能停用或启用自己的账号。")
    return user
