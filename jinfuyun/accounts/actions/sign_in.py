"""Coming in and going out. Both factors are checked together, for absent people as for present ones."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from uuid import UUID

import pyotp
from django.contrib.auth.hashers import make_password, verify_password
from django.db import transaction

from jinfuyun.accounts import queries
from jinfuyun.accounts.actions.codes import burn, try_code
from jinfuyun.accounts.actions.limits import give_back, reserve, reserve_all
from jinfuyun.accounts.models import Device, SignIn, User
from jinfuyun.accounts.rules import (
    DEVICE_LIFE,
    SEEN_EVERY,
    CodePurpose,
    Kind,
    Limit,
    network_of,
    normalise_account,
    normalise_password,
)
from jinfuyun.audit import actions as audit
from jinfuyun.kit.errors import Refused, TooMany
from jinfuyun.kit.width import compact
from jinfuyun.storage.fields import mark_of

AGENT_LENGTH = 200
OTP_DRIFT = (-1, 0, 1)  # steps of 30 s that a phone's clock may be wrong
NO_SECRET = pyotp.random_base32()
NOBODY = UUID(int=0)


class WrongLogin(Refused):
    """One sentence for every reason: absent, wrong, locked, disabled."""

    message = "账号、密码或验证码不正确。连续多次不成功，请 15 分钟后再试。"


class WrongPassword(Refused):
    message = "当前登录密码不正确。"


@dataclass(frozen=True, slots=True)
class Client:
    """Where a request comes from. `device` is the token of the browser's device cookie, if it has one."""

    ip: str
    agent: str = ""
    device: str = ""


@dataclass(frozen=True, slots=True)
class SignedIn:
    user: User
    sign_in_id: str
    device: str


def log_in(*, phone: str, password: str, code: str, session: str, client: Client, at: datetime) -> SignedIn:
    """An enterprise's person, by phone (normalised), password and SMS code; raises WrongLogin."""
    found = queries.by_phone(phone)
    _reserve(f"{Kind.ENTERPRISE}:{phone}", found, client, at)
    code_id = try_code(phone=phone, purpose=CodePurpose.LOGIN, session=session, code=code, at=at)
    right, stale = _check(found, password)
    if found is None or not right or code_id is None or not queries.is_open(found):
        raise WrongLogin
    with transaction.atomic():
        burn(code_id, at=at)
        return _come_in(found, password if stale else None, f"{Kind.ENTERPRISE}:{phone}", client, at)


def log_in_staff(*, kind: Kind, account: str, password: str, otp: str, client: Client, at: datetime) -> SignedIn:
    """Staff, by account, password and the digits of their authenticator; raises WrongLogin."""
    account = normalise_account(account)
    found = queries.by_account(kind, account) if kind is not Kind.ENTERPRISE else None
    _reserve(f"{kind}:{account}", found, client, at)
    right, stale = _check(found, password)
    step = otp_step((found.totp_secret if found else None) or NO_SECRET, otp, at=at)
    if found is None or not right or step is None or not queries.is_open(found):
        raise WrongLogin
    with transaction.atomic():
        if not User.objects.filter(id=found.id, totp_step__lt=step).update(totp_step=step):
            raise WrongLogin  # these digits were used before
        return _come_in(found, password if stale else None, f"{kind}:{account}", client, at)


def otp_step(secret: str, otp: str, *, at: datetime) -> int | None:
    """The 30-second step these digits belong to, or None."""
    totp, given = pyotp.TOTP(secret), compact(otp).encode()
    for drift in OTP_DRIFT:
        step = totp.timecode(at) + drift
        if secrets.compare_digest(totp.generate_otp(step).encode(), given):
            return step
    return None


def _reserve(account: str, found: User | None, client: Client, at: datetime) -> None:
    """One try of this account. A device it has logged in from has a count of its own: nobody can lock its owner out."""
    known = Device.objects.filter(
        user_id=found.id if found else NOBODY, mark=_device_mark(client.device), seen_at__gt=at - DEVICE_LIFE
    ).exists()
    try:
        if known:
            reserve(limit=Limit.LOGIN_DEVICE, key=f"{account} {client.device}", at=at)
        else:
            network = network_of(client.ip)
            reserve_all(((Limit.LOGIN_ADDRESS, network), (Limit.LOGIN_ACCOUNT, f"{account} {network}")), at=at)
    except TooMany as used_up:
        raise WrongLogin from used_up


def _check(found: User | None, password: str) -> tuple[bool, bool]:
    """Whether it is the password, and whether its hash is of an older make. An absent person costs the same."""
    right, stale = verify_password(normalise_password(password), found.password if found else _nobodys_password())
    return right and found is not None, stale


@cache
def _nobodys_password() -> str:
    return make_password(secrets.token_urlsafe())


def _come_in(user: User, rehash: str | None, account: str, client: Client, at: datetime) -> SignedIn:
    if rehash is not None:
        user.password = make_password(normalise_password(rehash))
        user.save(update_fields=["password"])
    device = client.device or secrets.token_urlsafe(32)
    if not Device.objects.filter(user=user, mark=_device_mark(device)).update(seen_at=at):
        device = secrets.token_urlsafe(32)  # never a token that somebody else brought along
        Device.objects.create(user=user, mark=_device_mark(device), seen_at=at)
    sign_in = SignIn.objects.create(
        user=user, started_at=at, seen_at=at, address=network_of(client.ip), agent=client.agent[:AGENT_LENGTH]
    )
    give_back(limit=Limit.LOGIN_ACCOUNT, key=f"{account} {network_of(client.ip)}")
    give_back(limit=Limit.LOGIN_DEVICE, key=f"{account} {client.device}")
    audit.record("account.signed_in", subject=f"user:{user.id}", by=queries.actor(user), at=at)
    return SignedIn(user=user, sign_in_id=str(sign_in.id), device=device)


def _device_mark(token: str) -> bytes:
    return mark_of("device", token)


def check_password(*, user: User, password: str, at: datetime) -> None:
    """For a person who is logged in and gives the password again; raises WrongPassword or TooMany."""
    reserve(limit=Limit.PASSWORD, key=str(user.id), at=at)
    if not _check(user, password)[0]:
        raise WrongPassword
    give_back(limit=Limit.PASSWORD, key=str(user.id))


def seen(*, sign_in: SignIn, at: datetime) -> None:
    """The person is still here; written down once a minute."""
    if at - sign_in.seen_at >= SEEN_EVERY:
        SignIn.objects.filter(id=sign_in.id, ended_at=None, seen_at__lt=at).update(seen_at=at)


def log_out(*, sign_in_id: UUID | str, at: datetime) -> None:
    """End one sign-in; any session that carries it is nobody's from the next request on."""
    SignIn.objects.filter(id=sign_in_id, ended_at=None).update(ended_at=at)


def end_all(*, user_id: UUID | str, at: datetime, but: UUID | str | None = None) -> int:
    """End every sign-in of a person, `but` one; returns how many ended."""
    return SignIn.objects.filter(user_id=user_id, ended_at=None).exclude(id=but or NOBODY).update(ended_at=at)
