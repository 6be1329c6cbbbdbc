"""What people do with their own account, and what ends with it."""

from datetime import datetime, timedelta

import pytest
from django.db import connection

from jinfuyun.accounts import actions, queries
from jinfuyun.accounts.actions import Client, WeakPassword, WrongCode, WrongLogin, WrongPassword
from jinfuyun.accounts.models import User
from jinfuyun.accounts.rules import CodePurpose, Known
from jinfuyun.kit.errors import TooMany
from jinfuyun.notifications.models import Message
from tests.cast import MONDAY, PASSWORD, Person

HOME = Client(ip="198.51.100.7")
MINUTE = timedelta(minutes=1)
NEW_PASSWORD = "溪山行旅 2026"
NEW_PHONE = "13822223333"


def asked(phone: str, purpose: CodePurpose, at: datetime) -> str:
    actions.send_code(phone=phone, purpose=purpose, session="s", ip=HOME.ip, at=at)
    return Message.objects.get(made_at=at, template=f"code_{purpose}").text.partition("验证码 ")[2][:6]


def logged_in(person: Person, at: datetime = MONDAY, password: str = PASSWORD, phone: str = "") -> str:
    phone = phone or person.phone
    code = asked(phone, CodePurpose.LOGIN, at)
    return actions.log_in(phone=phone, password=password, code=code, session="s", client=HOME, at=at).sign_in_id


def stands(sign_in_id: str, at: datetime) -> bool:
    return queries.standing(sign_in_id, at=at) is not None


@pytest.mark.django_db
def test_a_sign_in_ends_after_fifteen_idle_minutes_and_after_twelve_hours(red_star_owner: Person) -> None:
    """Seen red with `seen_at__gt` and with `started_at__gt` taken out of `standing`."""
    sign_in_id = logged_in(red_star_owner)
    assert stands(sign_in_id, MONDAY + 14 * MINUTE)
    assert not stands(sign_in_id, MONDAY + 15 * MINUTE)
    at = MONDAY
    while at < MONDAY + timedelta(hours=12):
        found = queries.standing(sign_in_id, at=at)
        assert found is not None
        actions.seen(sign_in=found, at=at)
        at += 10 * MINUTE
    assert not stands(sign_in_id, MONDAY + timedelta(hours=12))


@pytest.mark.django_db
def test_a_new_password_ends_every_sign_in_and_the_old_password(red_star_owner: Person) -> None:
    first, second = logged_in(red_star_owner), logged_in(red_star_owner, MONDAY + MINUTE)
    at = MONDAY + 2 * MINUTE
    with pytest.raises(WrongPassword):
        actions.change_password(old="not this", new=NEW_PASSWORD, by=red_star_owner.actor, at=at)
    actions.change_password(old=PASSWORD, new=NEW_PASSWORD, by=red_star_owner.actor, at=at)
    assert not stands(first, at)
    assert not stands(second, at)
    with pytest.raises(WrongLogin):
        logged_in(red_star_owner, at)
    assert logged_in(red_star_owner, at + MINUTE, NEW_PASSWORD)


@pytest.mark.django_db
def test_a_password_that_holds_the_own_phone_name_or_code_is_refused(red_star_owner: Person) -> None:
    uscc = "91350100MA2XABCD4E"
    for weak in ("my13800000001", "林红星林红星林红星", f"xx{uscc}"):
        with pytest.raises(WeakPassword):
            actions.change_password(old=PASSWORD, new=weak, known=Known((uscc,)), by=red_star_owner.actor, at=MONDAY)


@pytest.mark.django_db
def test_guessing_the_password_of_an_open_session_ends_after_five(red_star_owner: Person) -> None:
    for _ in range(5):
        with pytest.raises(WrongPassword):
            actions.close_account(password="guess", by=red_star_owner.actor, at=MONDAY)
    with pytest.raises(TooMany):
        actions.close_account(password=PASSWORD, by=red_star_owner.actor, at=MONDAY)


@pytest.mark.django_db
def test_a_lost_password_is_replaced_by_who_has_the_phone(red_star_owner: Person) -> None:
    sign_in_id = logged_in(red_star_owner)
    at = MONDAY + MINUTE
    code = asked(red_star_owner.phone, CodePurpose.RESET, at)
    with pytest.raises(WeakPassword):
        actions.reset_password(phone=red_star_owner.phone, password="12345678", code=code, session="s", at=at)
    actions.reset_password(phone=red_star_owner.phone, password=NEW_PASSWORD, code=code, session="s", at=at)
    assert not stands(sign_in_id, at)
    assert "已修改" in Message.objects.get(template="password_changed").text
    assert logged_in(red_star_owner, at + MINUTE, NEW_PASSWORD)


@pytest.mark.django_db
def test_a_new_phone_proves_itself_and_the_old_one_is_told(red_star_owner: Person) -> None:
    here, other = logged_in(red_star_owner), logged_in(red_star_owner, MONDAY + MINUTE)
    at = MONDAY + 2 * MINUTE
    code = asked(NEW_PHONE, CodePurpose.CHANGE_PHONE, at)

    def change(password: str, code: str) -> None:
        actions.change_phone(
            password=password, phone=NEW_PHONE, code=code, session="s", sign_in_id=here, by=red_star_owner.actor, at=at
        )

    with pytest.raises(WrongPassword):
        change("guess", code)
    with pytest.raises(WrongCode):
        change(PASSWORD, "x")
    change(PASSWORD, code)
    told = Message.objects.get(template="phone_changed")
    assert told.phone == red_star_owner.phone
    assert NEW_PHONE not in told.text
    assert stands(here, at)
    assert not stands(other, at)
    assert queries.by_phone(red_star_owner.phone) is None
    assert logged_in(red_star_owner, at + MINUTE, phone=NEW_PHONE)


@pytest.mark.django_db
def test_a_phone_of_another_account_cannot_be_taken_and_its_owner_is_told(
    red_star_owner: Person, stranger: Person
) -> None:
    actions.send_code(phone=stranger.phone, purpose=CodePurpose.CHANGE_PHONE, session="s", ip=HOME.ip, at=MONDAY)
    told = Message.objects.get()
    assert (told.phone, told.template) == (stranger.phone, "already_registered")
    with pytest.raises(WrongCode):
        actions.change_phone(
            password=PASSWORD, phone=stranger.phone, code="000000", session="s",
            sign_in_id=logged_in(red_star_owner), by=red_star_owner.actor, at=MONDAY,
        )  # fmt: skip


@pytest.mark.django_db
def test_who_leaves_is_forgotten_and_the_number_is_free_again(red_star_owner: Person) -> None:
    sign_in_id = logged_in(red_star_owner)
    at = MONDAY + MINUTE
    actions.close_account(password=PASSWORD, by=red_star_owner.actor, at=at)
    assert not stands(sign_in_id, at)
    left = User.objects.get()
    assert (left.phone, left.name, left.phone_mark) == ("", "", None)
    code = asked(red_star_owner.phone, CodePurpose.REGISTER, at)
    actions.register(phone=red_star_owner.phone, password=NEW_PASSWORD, code=code, session="s", at=at)
    assert User.objects.count() == 2


@pytest.mark.django_db
def test_no_phone_and_no_name_of_a_person_stands_in_a_table_in_plain(
    red_star_owner: Person, river_bank_officer: Person
) -> None:
    logged_in(red_star_owner)
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        tables = [row[0] for row in cursor.fetchall()]
        for table in tables:
            cursor.execute(f"SELECT coalesce(string_agg(row_to_json(t)::text, ''), '') FROM \"{table}\" t")
            text = cursor.fetchone()[0]
            for secret in (red_star_owner.phone, river_bank_officer.phone, "林红星", "江经理"):
                assert secret not in text, table
                assert secret.encode().hex() not in text, table
