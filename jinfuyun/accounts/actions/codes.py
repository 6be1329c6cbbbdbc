"""SMS codes: asked for, and used once."""

import secrets
from datetime import datetime

from django.db import transaction
from django.db.models import F

from jinfuyun.accounts import queries
from jinfuyun.accounts.actions.limits import reserve_all
from jinfuyun.accounts.models import Code
from jinfuyun.accounts.rules import CODE_DIGITS, CODE_LIFE, CODE_TRIES, CodePurpose, Limit, network_of
from jinfuyun.kit.errors import Refused, TooMany
from jinfuyun.kit.width import compact
from jinfuyun.notifications.actions import notify
from jinfuyun.notifications.rules import Template
from jinfuyun.storage.fields import mark_of

TEMPLATES = {purpose: Template(f"code_{purpose.value}") for purpose in CodePurpose}
# A code for these goes to people who have an account, for those to people who have none; the others to anybody.
ONLY_KNOWN = frozenset({CodePurpose.LOGIN, CodePurpose.RESET})
ONLY_NEW = frozenset({CodePurpose.REGISTER, CodePurpose.CHANGE_PHONE})


class WrongCode(Refused):
    message = "短信验证码不正确或已失效，请核对或重新获取。"


class CannotSend(TooMany):
    message = "获取验证码过于频繁：同一手机号每分钟 1 条、每小时 5 条、每天 10 条。请稍后再试。"


def send_code(
    *,
    phone: str,
    purpose: CodePurpose,
    session: str,
    ip: str,
    at: datetime,
    subject: str = "",
    text_context: dict[str, str] | None = None,
) -> None:
    """Send a code for `purpose` to `phone` (normalised), good only in `session` and for `subject`; raises CannotSend.

    Whether an account with this phone exists changes neither the answer nor the work done.
    """
    _reserve(phone, session, ip, at)
    owner = queries.by_phone(phone)
    taken = purpose in ONLY_NEW and owner is not None
    withheld = purpose in ONLY_KNOWN and not queries.is_open(owner)
    code = "".join(secrets.choice("0123456789") for _ in range(CODE_DIGITS))
    with transaction.atomic():
        Code.objects.create(
            phone_mark=mark_of("phone", phone), session_mark=mark_of("session", session), purpose=purpose,
            code_mark=secrets.token_bytes(32) if taken or withheld else _mark(phone, purpose, session, code, subject),
            made_at=at, ends_at=at + CODE_LIFE,
        )  # fmt: skip
        notify(
            phone=phone, template=Template.ALREADY_REGISTERED if taken else TEMPLATES[purpose],
            context={"code": code, **(text_context or {})}, at=at, useless_at=at + CODE_LIFE, withheld=withheld,
        )  # fmt: skip


def _reserve(phone: str, session: str, ip: str, at: datetime) -> None:
    limits = (
        (Limit.SMS_SESSION, session),
        (Limit.SMS_ADDRESS, network_of(ip)),
        (Limit.SMS_PHONE, phone),
        (Limit.SMS_PLATFORM, ""),
    )
    try:
        reserve_all(limits, at=at)
    except TooMany as used_up:
        raise CannotSend from used_up


def use_code(*, phone: str, purpose: CodePurpose, session: str, code: str, at: datetime, subject: str = "") -> None:
    """Use the newest code up; raises WrongCode. Call it outside any transaction, before what it allows."""
    burn(try_code(phone=phone, purpose=purpose, session=session, code=code, at=at, subject=subject), at=at)


def try_code(
    *, phone: str, purpose: CodePurpose, session: str, code: str, at: datetime, subject: str = ""
) -> int | None:
    """Spend one of the tries; the code's id if it is the right one. `burn` it before acting on it."""
    with transaction.atomic(durable=True):
        newest = (
            Code.objects.filter(
                phone_mark=mark_of("phone", phone), purpose=purpose, session_mark=mark_of("session", session)
            )
            .order_by("-id")
            .first()
        )
        spent = Code.objects.filter(
            id=newest.id if newest else 0, used_at=None, tries__lt=CODE_TRIES, ends_at__gt=at
        ).update(tries=F("tries") + 1)
    if newest is None or not spent:
        return None
    right = secrets.compare_digest(bytes(newest.code_mark), _mark(phone, purpose, session, code, subject))
    return newest.id if right else None


def burn(code_id: int | None, *, at: datetime) -> None:
    """Mark the code as used; raises WrongCode if there is none or somebody was first."""
    if code_id is None or not Code.objects.filter(id=code_id, used_at=None).update(used_at=at):
        raise WrongCode


def _mark(phone: str, purpose: CodePurpose, session: str, code: str, subject: str) -> bytes:
    return mark_of("sms_code", "\0".join((phone, purpose, session, compact(code), subject)))
