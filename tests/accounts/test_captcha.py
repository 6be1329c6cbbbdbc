"""The picture: once, for its own session, two minutes.

Seen red, each with its guard taken out: the deletion before the comparison (reuse), the session in the look-up
(foreign), `ends_at` (old).
"""

from datetime import timedelta

import pytest

from jinfuyun.accounts.actions import WrongCaptcha, answer_captcha, ask_picture, ask_sound
from jinfuyun.accounts.rules import PICTURE_ALPHABET
from tests.at_once import all_at_once
from tests.cast import MONDAY


def accepted(session: str, answer: str, seconds: float = 0) -> bool:
    try:
        answer_captcha(session=session, answer=answer, at=MONDAY + timedelta(seconds=seconds))
    except WrongCaptcha:
        return False
    return True


@pytest.mark.django_db
def test_the_right_answer_is_accepted_however_it_is_typed() -> None:
    for change in (str, str.lower, lambda text: " ".join(text), lambda text: f" {text}\t"):
        assert accepted("s", change(ask_picture(session="s", at=MONDAY)), 119)


@pytest.mark.django_db
def test_of_a_thousand_missing_old_used_and_foreign_answers_none_is_accepted() -> None:
    count = 0
    for number in range(200):
        mine, foreign = f"mine{number}", f"foreign{number}"
        answer = ask_picture(session=mine, at=MONDAY)
        count += accepted(foreign, answer)  # another session's
        count += accepted(foreign, "")  # none asked, none given
        assert accepted(mine, answer)
        count += accepted(mine, answer)  # used
        old = ask_picture(session=mine, at=MONDAY)
        count += accepted(mine, old, 120)  # two minutes later
        replaced = ask_picture(session=mine, at=MONDAY)
        newer = ask_picture(session=mine, at=MONDAY)
        count += newer != replaced and accepted(mine, replaced)  # another picture was drawn since
        count += accepted(mine, newer)  # right, but the wrong answer before has ended it
    assert count == 0


@pytest.mark.django_db
@pytest.mark.parametrize("answer", ["", "\0", "x" * 100_000, "é中🀄", "' OR 1=1 --", "None"])
def test_strange_answers_are_wrong_and_nothing_worse(answer: str) -> None:
    ask_picture(session="s", at=MONDAY)
    assert not accepted("s", answer)


def test_a_hundred_right_answers_at_once_are_one(committed_db: None) -> None:
    answer = ask_picture(session="s", at=MONDAY)
    assert all_at_once(lambda _: answer_captcha(session="s", answer=answer, at=MONDAY), WrongCaptcha) == 1


@pytest.mark.django_db
def test_a_sound_may_be_fetched_again_and_then_the_picture_is_void() -> None:
    picture = ask_picture(session="s", at=MONDAY)
    digits = ask_sound(session="s", at=MONDAY)
    assert ask_sound(session="s", at=MONDAY + timedelta(seconds=30)) == digits
    assert digits.isdecimal()
    assert not accepted("s", picture)
    digits = ask_sound(session="s", at=MONDAY)
    assert accepted("s", digits)


def test_no_character_looks_like_another() -> None:
    assert not set("0O1IL") & set(PICTURE_ALPHABET)
