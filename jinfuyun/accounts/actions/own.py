"""What people do with their own account: open it, change phone and password, end log-ins, close it.

The account is always that of `by`: there is no way to name another's.
"""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction

from jinfuyun.accounts import queries
from jinfuyun.accounts.actions.codes import WrongCode, burn, try_code, use_code
from jinfuyun.accounts.actions.sign_in import check_password, end_all
from jinfuyun.accounts.models import Device, SignIn, User
from jinfuyun.accounts.rules import (
    NOTHING,
    CodePurpose,
    Kind,
    Known,
    normalise_password,
    nothing_known,
    why_not_password,
)
from jinfuyun.audit import actions as audit
from jinfuyun.jobs.actions import defer
from jinfuyun.kit.actor import Actor, Role
from jinfuyun.kit.errors import NotAllowed, NotFound, Refused, TooLate
from jinfuyun.kit.identity import mask_phone
from jinfuyun.kit.jobs import Job
from jinfuyun.notifications.actions import follow_phone, notify
from jinfuyun.notifications.rules import Template

KnownOf = Callable[[str], Known]


class WeakPassword(Refused):
    """`reasons` holds every sentence."""

    def __init__(self, reasons: list[str]) -> None:
        super().__init__(" ".join(reasons))
        self.reasons = reasons


def register(
    *, phone: str, password: str, code: str, session: str, known_of: KnownOf = nothing_known, at: datetime
) -> UUID:
    """A new enterprise user; raises WeakPassword or WrongCode — the latter also when the phone has an account.

    `known_of` tells what is known of who has the phone; it is asked only once the code proved that it is this person.
    """
    _prove(phone, CodePurpose.REGISTER, password=password, code=code, session=session, known_of=known_of, at=at)
    try:
        return _register(phone, hash_password(password), at)
    except IntegrityError as taken:
        raise WrongCode from taken


@transaction.atomic
def _register(phone: str, hashed: str, at: datetime) -> UUID:
    user_id = _open(phone, "", hashed, at)
    defer(Job.BIND_MANDATES, user_id=str(user_id))
    return user_id


@transaction.atomic
def open_account(*, phone: str, name: str, password_hash: str, by: Actor, at: datetime) -> UUID:
    """An enterprise user made by the platform itself (the sandbox's people); `password_hash` from `hash_password`."""
    if Role.PLATFORM not in by.roles:
        raise NotAllowed
    return _open(phone, name, password_hash, at)


@transaction.atomic
def _open(phone: str, name: str, hashed: str, at: datetime) -> UUID:
    user = User.objects.create(kind=Kind.ENTERPRISE, phone=phone, name=name, password=hashed, made_at=at)
    audit.record("account.registered", subject=f"user:{user.id}", by=queries.actor(user), at=at)
    return user.id


def reset_password(
    *, phone: str, password: str, code: str, session: str, known_of: KnownOf = nothing_known, at: datetime
) -> None:
    """A new password for who has the phone; ends every sign-in. Raises WeakPassword or WrongCode. See `register`."""
    _prove(phone, CodePurpose.RESET, password=password, code=code, session=session, known_of=known_of, at=at)
    user = queries.by_phone(phone)
    if user is None or not queries.is_open(user):
        raise WrongCode
    _set_password(user, hash_password(password), by=queries.actor(user), at=at)


def _prove(
    phone: str, purpose: CodePurpose, *, password: str, code: str, session: str, known_of: KnownOf, at: datetime
) -> None:
    """Use the code up for a password that may stand. A weak one costs a try, not the code: it can be typed anew."""
    _judge(password, with_sms=True, known=Known((phone,)))
    code_id = try_code(phone=phone, purpose=purpose, session=session, code=code, at=at)
    if code_id is not None:
        _judge(password, with_sms=True, known=known_of(phone))
    burn(code_id, at=at)


def change_password(*, old: str, new: str, known: Known = NOTHING, by: Actor, at: datetime) -> None:
    """Ends every sign-in, this one too. Raises WrongPassword, WeakPassword or TooMany."""
    user = queries.user(by.id)
    whole = Known((user.phone, user.account or "", *known.codes), (user.name, *known.names))
    _judge(new, with_sms=user.kind == Kind.ENTERPRISE, known=whole)
    check_password(user=user, password=old, at=at)
    _set_password(user, hash_password(new), by=by, at=at)


@transaction.atomic
def _set_password(user: User, hashed: str, *, by: Actor, at: datetime) -> None:
    User.objects.filter(id=user.id).update(password=hashed)
    Device.objects.filter(user=user).delete()
    end_all(user_id=user.id, at=at)
    notify(phone=user.phone, user_id=user.id, template=Template.PASSWORD_CHANGED, at=at)
    audit.record("account.password_changed", subject=f"user:{user.id}", by=by, at=at)


def change_phone(
    *, password: str, phone: str, code: str, session: str, sign_in_id: str, by: Actor, at: datetime
) -> None:
    """Log in with `phone` from now on; other sign-ins end. Raises WrongPassword, WrongCode or TooMany."""
    user = queries.user(by.id)
    check_password(user=user, password=password, at=at)
    use_code(phone=phone, purpose=CodePurpose.CHANGE_PHONE, session=session, code=code, at=at)
    try:
        _set_phone(user, phone, sign_in_id, by=by, at=at)
    except IntegrityError as taken:
        raise WrongCode from taken


@transaction.atomic
def _set_phone(user: User, phone: str, sign_in_id: str, *, by: Actor, at: datetime) -> None:
    notify(phone=user.phone, template=Template.PHONE_CHANGED, context={"phone": mask_phone(phone)}, at=at)
    user.phone = phone
    user.save(update_fields=["phone", "phone_mark"])
    follow_phone(user_id=user.id, phone=phone)
    end_all(user_id=user.id, at=at, but=sign_in_id)
    defer(Job.BIND_MANDATES, user_id=str(user.id))
    audit.record("account.phone_changed", subject=f"user:{user.id}", by=by, at=at)


@transaction.atomic
def end_sign_in(*, sign_in_id: UUID | str, by: Actor, at: datetime) -> None:
    """End one of the own sign-ins; raises NotFound for anybody else's."""
    if not SignIn.objects.filter(id=sign_in_id, user_id=by.id, ended_at=None).update(ended_at=at):
        raise NotFound
    audit.record("account.sign_in_ended", subject=f"user:{by.id}", by=by, at=at)


@transaction.atomic
def log_out_everywhere(*, by: Actor, at: datetime) -> int:
    """End all own sign-ins, this one too; returns how many."""
    ended = end_all(user_id=by.id, at=at)
    audit.record("account.signed_out_everywhere", subject=f"user:{by.id}", by=by, at=at, ended=ended)
    return ended


def close_account(*, password: str, by: Actor, at: datetime) -> None:
    """The person leaves: phone and name are forgotten, the number is free again. Raises WrongPassword or TooMany.

    What the account holds ends by a job; whether it may be closed while it holds something is for the door to ask.
    """
    user = queries.user(by.id)
    check_password(user=user, password=password, at=at)
    _close(user, by=by, at=at)


@transaction.atomic
def _close(user: User, *, by: Actor, at: datetime) -> None:
    if not User.objects.filter(id=user.id, closed_at=None).update(closed_at=at):
        raise TooLate
    notify(phone=user.phone, template=Template.ACCOUNT_CLOSED, at=at)
    user.phone, user.name = "", ""
    user.set_unusable_password()
    user.save(update_fields=["phone", "phone_mark", "name", "password"])
    follow_phone(user_id=user.id, phone="")
    Device.objects.filter(user=user).delete()
    end_all(user_id=user.id, at=at)
    defer(Job.END_HOLDINGS, user_id=str(user.id))
    audit.record("account.closed", subject=f"user:{user.id}", by=by, at=at)


def hash_password(password: str) -> str:
    """The hash to keep of a password that was judged elsewhere (24 ms)."""
    return make_password(normalise_password(password))


def _judge(password: str, *, with_sms: bool, known: Known) -> None:
    reasons = why_not_password(normalise_password(password), with_sms=with_sms, known=known)
    if reasons:
        raise WeakPassword(reasons)
