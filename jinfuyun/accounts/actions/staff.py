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
from jinfuyun.accounts.models import Invitation, User
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


class WrongOtp(Refused):
    message = "动态口令不正确，请确认手机时间准确后输入当前显示的 6 位数字。"


@transaction.atomic
def invite(
    *, kind: Kind, account: str, phone: str, name: str, roles: frozenset[Role], house: House, by: Actor, at: datetime
) -> UUID:
    """Offer a seat in `house`; the person gets a link by SMS. Raises NotAllowed or AccountTaken."""
    _may_seat(kind, roles, house, by)
    account, token = normalise_account(account), secrets.token_urlsafe(24)
    if User.objects.filter(account=account).exists():
        raise AccountTaken
    invitation = Invitation.objects.create(
        mark=mark_of("invitation", token), kind=kind, account=account, phone=phone, name=name, roles=sorted(roles),
        house_kind=house.kind, house_code=house.code, totp_secret=pyotp.random_base32(), invited_by=by.id,
        made_at=at, ends_at=at + INVITATION_LIFE,
    )  # fmt: skip
    link = f"{settings.PUBLIC_URL}/invited/{token}"
    notify(phone=phone, template=Template.STAFF_INVITED, context={"account": account, "link": link}, at=at)
    audit.record(
        "staff.invited", subject=f"invitation:{invitation.id}", by=by, at=at,
        house=f"{house.kind}:{house.code}", roles=sorted(roles),
    )  # fmt: skip
    return invitation.id


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
    user = User.objects.create(
        kind=invitation.kind, account=invitation.account, phone=invitation.phone, name=invitation.name,
        roles=invitation.roles, house_kind=invitation.house_kind, house_code=invitation.house_code,
        password=hashed, totp_secret=invitation.totp_secret, totp_step=step, made_at=at,
    )  # fmt: skip
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
        house_kind=house.kind, house_code=house.code, password=password_hash, totp_secret=totp_secret, made_at=at,
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


def _colleague(user_id: UUID | str, by: Actor) -> User:
    user = queries.user(user_id)
    if user.kind == Kind.ENTERPRISE:
        raise NotFound
    require(Permission.STAFF_INVITE, by=by, over=House(HouseKind(user.house_kind), user.house_code))
    if str(user.id) == by.id:
        raise NotAllowed("不能停用或启用自己的账号。")
    return user
