"""SMS codes: six digits, five minutes, five tries, once; for one session, phone and purpose.

Seen red, each with its guard taken out: `used_at=None` in burn (5 uses of one code), `tries__lt`, `ends_at__gt`,
purpose and session in the look-up together with the mark, `order_by("-id")`; the subject left out of the mark, the
mark itself kept in plain, blanks and widths as typed; who is withheld and who is warned not asked; in
`verified_within` each of session, phone, minutes and purposes left out.
"""

from datetime import timedelta

import pytest
from django.db import connection

from jinfuyun.accounts import queries
from jinfuyun.accounts.actions import WrongCode, send_code, use_code
from jinfuyun.accounts.models import Code
from jinfuyun.accounts.rules import CodePurpose
from jinfuyun.notifications.models import Message, State
from tests.at_once import all_at_once
from tests.cast import MONDAY, Person

PHONE = "13800009999"
ELEMENTS, SIGN = CodePurpose.TAX_ELEMENTS, CodePurpose.SIGN_CONSENT
SECOND = timedelta(seconds=1)


def ask(phone: str = PHONE, purpose: CodePurpose = ELEMENTS, session: str = "s", minutes: int = 0) -> str:
    """Ask for a code and read it on the phone."""
    at = MONDAY + timedelta(minutes=minutes)
    send_code(phone=phone, purpose=purpose, session=session, ip="192.0.2.1", at=at)
    return Message.objects.get(made_at=at).text.partition("验证码 ")[2][:6]


def use(code: str, phone: str = PHONE, purpose: CodePurpose = ELEMENTS, session: str = "s", seconds: int = 1) -> None:
    use_code(phone=phone, purpose=purpose, session=session, code=code, at=MONDAY + seconds * SECOND)


def test_a_hundred_people_with_the_right_code_at_once_are_let_in_once(committed_db: None) -> None:
    code = ask()
    assert all_at_once(lambda _: use(code), WrongCode) == 1


@pytest.mark.django_db
def test_a_code_is_six_digits_and_is_kept_nowhere_in_plain() -> None:
    code = ask()
    assert len(code) == 6 and code.isdecimal()
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(c)::text FROM accounts_code c")
        kept = cursor.fetchone()[0]
        cursor.execute("SELECT encode(text, 'escape') || encode(phone, 'escape') FROM notifications_message")
        kept += cursor.fetchone()[0]
    for plain in (code, PHONE):
        assert plain not in kept
        assert plain.encode().hex() not in kept  # as bytes are shown


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("phone", "purpose", "session"),
    [(PHONE, SIGN, "s"), (PHONE, CodePurpose.LOGIN, "s"), ("13800009998", ELEMENTS, "s"), (PHONE, ELEMENTS, "t")],
)
def test_a_code_for_one_thing_opens_no_other(phone: str, purpose: CodePurpose, session: str) -> None:
    code = ask()
    with pytest.raises(WrongCode):
        use(code, phone, purpose, session)
    send_code(
        phone=phone, purpose=purpose, session=session, ip="192.0.2.1", at=MONDAY + timedelta(minutes=2),
        text_context={"enterprise": "甲"},
    )  # fmt: skip
    with pytest.raises(WrongCode):
        use(code, phone, purpose, session, seconds=121)
    if (phone, purpose, session) != (PHONE, ELEMENTS, "s"):
        use(code)


@pytest.mark.django_db
def test_a_code_for_one_enterprise_signs_for_no_other() -> None:
    send_code(
        phone=PHONE,
        purpose=SIGN,
        session="s",
        ip="192.0.2.1",
        at=MONDAY,
        subject="A",
        text_context={"enterprise": "甲"},
    )
    code = Message.objects.get(made_at=MONDAY).text.partition("验证码 ")[2][:6]
    for subject in ("B", ""):
        with pytest.raises(WrongCode):
            use_code(phone=PHONE, purpose=SIGN, session="s", code=code, at=MONDAY + SECOND, subject=subject)
    use_code(phone=PHONE, purpose=SIGN, session="s", code=code, at=MONDAY + SECOND, subject="A")


@pytest.mark.django_db
def test_a_newer_code_ends_the_older_one() -> None:
    older = ask()
    newer = ask(minutes=1)
    with pytest.raises(WrongCode):
        use("000000" if older == newer else older, seconds=61)
    use(newer, seconds=61)


@pytest.mark.django_db
def test_a_code_works_once_and_for_five_minutes() -> None:
    use(ask(), seconds=299)
    with pytest.raises(WrongCode):
        use(ask(minutes=10), seconds=600 + 300)
    code = ask(minutes=20)
    use(code, seconds=1201)
    with pytest.raises(WrongCode):
        use(code, seconds=1202)


@pytest.mark.django_db
def test_after_five_wrong_tries_the_right_code_is_worth_nothing() -> None:
    code = ask()
    for number in range(4):
        with pytest.raises(WrongCode):
            use(f"x{number}")
    use(code)
    code = ask(minutes=1)
    for number in range(5):
        with pytest.raises(WrongCode):
            use(f"x{number}", seconds=61)
    with pytest.raises(WrongCode):
        use(code, seconds=61)


def test_five_tries_are_five_also_when_a_hundred_guess_at_once(committed_db: None) -> None:
    ask()
    assert all_at_once(lambda number: use(f"x{number}"), WrongCode) == 0
    assert Code.objects.get().tries == 5


@pytest.mark.django_db
def test_full_width_digits_and_blanks_are_the_same_code() -> None:
    code = ask()
    use(" " + code.translate({48 + digit: 0xFF10 + digit for digit in range(10)}) + "\n")


@pytest.mark.django_db
def test_who_gave_a_code_lately_is_known_in_that_session_for_that_phone() -> None:
    use(ask())

    def known(
        session: str, minutes: int, purposes: tuple[CodePurpose, ...] = (ELEMENTS, SIGN), phone: str = PHONE
    ) -> bool:
        at = MONDAY + timedelta(minutes=14)
        return queries.verified_within(phone=phone, session=session, purposes=purposes, minutes=minutes, at=at)

    assert known("s", 15)
    assert not known("t", 15)
    assert not known("s", 13)
    assert not known("s", 15, (SIGN,))
    assert not known("s", 15, phone="13800009998")


@pytest.mark.django_db
@pytest.mark.parametrize("purpose", [CodePurpose.LOGIN, CodePurpose.RESET])
def test_nobody_s_phone_gets_no_message_but_the_same_work_is_done(red_star_owner: Person, purpose: CodePurpose) -> None:
    send_code(phone=PHONE, purpose=purpose, session="s", ip="192.0.2.1", at=MONDAY)
    send_code(phone=red_star_owner.phone, purpose=purpose, session="s", ip="192.0.2.1", at=MONDAY)
    states = {message.phone: message.state for message in Message.objects.all()}
    assert states == {PHONE: State.WITHHELD, red_star_owner.phone: State.WAITING}
    assert Code.objects.count() == 2


@pytest.mark.django_db
@pytest.mark.parametrize("purpose", [CodePurpose.REGISTER, CodePurpose.CHANGE_PHONE])
def test_a_phone_that_is_taken_gets_a_warning_and_nobody_a_code(red_star_owner: Person, purpose: CodePurpose) -> None:
    send_code(phone=red_star_owner.phone, purpose=purpose, session="s", ip="192.0.2.1", at=MONDAY)
    assert Message.objects.get().template == "already_registered"
    assert "验证码" not in Message.objects.get().text
