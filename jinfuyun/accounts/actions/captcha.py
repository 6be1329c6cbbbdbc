"""The question a session must answer before it may ask for a message or try a password."""

import secrets
from datetime import datetime

from django.db import transaction

from jinfuyun.accounts.models import Captcha
from jinfuyun.accounts.rules import (
    CAPTCHA_LIFE,
    PICTURE_ALPHABET,
    PICTURE_LENGTH,
    SOUND_ALPHABET,
    SOUND_LENGTH,
)
from jinfuyun.kit.errors import Refused
from jinfuyun.kit.width import compact
from jinfuyun.storage.fields import mark_of


class WrongCaptcha(Refused):
    message = "验证码不正确或已失效，请按新的图形（或语音）重新输入。"


def ask_picture(*, session: str, at: datetime) -> str:
    """A new question for this session; the former one is void. Returns the characters to draw."""
    return _ask(session, "".join(secrets.choice(PICTURE_ALPHABET) for _ in range(PICTURE_LENGTH)), False, at)


def ask_sound(*, session: str, at: datetime) -> str:
    """The digits to speak: the same again while they last, because a player may fetch its sound twice."""
    asked = Captcha.objects.filter(session_mark=mark_of("session", session), is_sound=True, ends_at__gt=at).first()
    if asked:
        return str(asked.answer)
    return _ask(session, "".join(secrets.choice(SOUND_ALPHABET) for _ in range(SOUND_LENGTH)), True, at)


@transaction.atomic
def _ask(session: str, answer: str, is_sound: bool, at: datetime) -> str:
    mark = mark_of("session", session)
    Captcha.objects.filter(session_mark=mark).delete()
    Captcha.objects.bulk_create(
        [Captcha(session_mark=mark, answer=answer, is_sound=is_sound, ends_at=at + CAPTCHA_LIFE)],
        ignore_conflicts=True,  # two pictures asked for at the same instant: one of them stands
    )
    return answer


def answer_captcha(*, session: str, answer: str, at: datetime) -> None:
    """Raises WrongCaptcha. Right or wrong, the question is gone: whoever deletes it has the one answer."""
    asked = Captcha.objects.filter(session_mark=mark_of("session", session)).first()
    given = compact(answer).upper()
    with transaction.atomic(durable=True):
        gone = asked is not None and Captcha.objects.filter(id=asked.id).delete()[0]
    if asked is None or not gone or asked.ends_at <= at:
        raise WrongCaptcha
    if not secrets.compare_digest(str(asked.answer).encode(), given.encode()):
        raise WrongCaptcha
