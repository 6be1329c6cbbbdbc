"""Mandates: whom they are for, what several together allow, and what becomes of them when a phone changes hands."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest

from jinfuyun.accounts import actions as accounts
from jinfuyun.accounts import queries as users
from jinfuyun.accounts.rules import CodePurpose
from jinfuyun.enterprises import actions, queries
from jinfuyun.kit.actor import Role
from jinfuyun.kit.jobs import Job
from jinfuyun.notifications.models import Message
from tests.cast import FRIDAY, MONDAY, PASSWORD, TUESDAY, WEDNESDAY, Firm, Person, enterprise_person
from tests.enterprises.working import work

pytestmark = pytest.mark.django_db

NEW_PHONE, UNKNOWN_PHONE = "13800000092", "13800000091"
MINUTE = timedelta(minutes=1)


def handed(firm: Firm, phone: str, *acts: str, at: datetime = MONDAY) -> None:
    actions.give_mandate(uscc=firm.uscc, phone=phone, acts=list(acts), ends_on=FRIDAY.date(), by=firm.owner, at=at)


def held(user_id: str, at: datetime) -> list[tuple[str, Role, set[str]]]:
    """What this account may enter, as what, with which acts."""
    user = users.user(UUID(user_id))
    return [(one.uscc, one.role, set(one.acts)) for one in queries.of_user(user.pk, phone=user.phone, at=at)]


def code_for(phone: str, purpose: CodePurpose, at: datetime) -> str:
    accounts.send_code(phone=phone, purpose=purpose, session="s", ip="192.0.2.1", at=at)
    return Message.objects.get(made_at=at, template=f"code_{purpose}").text.partition("验证码 ")[2][:6]


def change_phone(person: Person, phone: str, at: datetime) -> None:
    code = code_for(phone, CodePurpose.CHANGE_PHONE, at)
    accounts.change_phone(
        password=PASSWORD, phone=phone, code=code, session="s", sign_in_id=str(UUID(int=0)), by=person.actor, at=at
    )


def registered(phone: str, at: datetime) -> str:
    """The id of the account that somebody opens with this phone."""
    code = code_for(phone, CodePurpose.REGISTER, at)
    return str(accounts.register(phone=phone, password=PASSWORD, code=code, session="s", at=at))


def test_two_mandates_of_one_enterprise_add_up(red_star: Firm, bookkeeper: Person) -> None:
    """Seen red: two rows, and the acts of the newer one only."""
    handed(red_star, bookkeeper.phone, "follow")
    handed(red_star, bookkeeper.phone, "apply", at=TUESDAY)
    assert held(bookkeeper.user_id, TUESDAY) == [(red_star.uscc, Role.ENTERPRISE_CLERK, {"apply", "follow"})]
    actor = queries.actor_for(
        user_id=UUID(bookkeeper.user_id), phone=bookkeeper.phone, uscc=red_star.uscc, label="", at=TUESDAY
    )
    assert actor.acts == {"apply", "follow"}


def test_a_mandate_stays_with_its_account_when_the_phone_changes(red_star: Firm, bookkeeper: Person) -> None:
    """Seen red: after the change nothing was left, and whoever got the number next had it."""
    handed(red_star, bookkeeper.phone, "apply")
    change_phone(bookkeeper, NEW_PHONE, TUESDAY)
    assert held(bookkeeper.user_id, TUESDAY) == [(red_star.uscc, Role.ENTERPRISE_CLERK, {"apply"})]
    next_owner = enterprise_person(bookkeeper.phone)
    assert held(next_owner.user_id, TUESDAY) == []


def test_a_mandate_for_a_phone_without_an_account_waits_for_it_and_is_bound_then(red_star: Firm) -> None:
    handed(red_star, UNKNOWN_PHONE, "apply")
    user_id = registered(UNKNOWN_PHONE, TUESDAY)
    expected = [(red_star.uscc, Role.ENTERPRISE_CLERK, {"apply"})]
    assert held(user_id, TUESDAY) == expected  # before the worker comes, by the phone
    assert work(Job.BIND_MANDATES, TUESDAY) == 1
    user = users.user(user_id)
    person = Person(user_id, users.actor(user), user.phone, user.phone, PASSWORD)
    change_phone(person, NEW_PHONE, WEDNESDAY)
    assert held(user_id, WEDNESDAY) == expected


def test_who_takes_a_phone_that_a_mandate_waits_for_has_it(red_star: Firm, bookkeeper: Person) -> None:
    handed(red_star, NEW_PHONE, "apply")
    change_phone(bookkeeper, NEW_PHONE, TUESDAY)
    work(Job.BIND_MANDATES, TUESDAY)
    change_phone(bookkeeper, UNKNOWN_PHONE, WEDNESDAY)
    assert held(bookkeeper.user_id, WEDNESDAY) == [(red_star.uscc, Role.ENTERPRISE_CLERK, {"apply"})]


def test_a_mandate_is_no_more_of_a_closed_account_nor_of_the_next_with_its_phone(
    red_star: Firm, bookkeeper: Person
) -> None:
    handed(red_star, bookkeeper.phone, "apply")
    accounts.close_account(password=PASSWORD, by=bookkeeper.actor, at=TUESDAY)
    assert held(registered(bookkeeper.phone, TUESDAY + MINUTE), TUESDAY + MINUTE) == []


def test_the_owner_is_no_clerk_of_his_own(red_star: Firm, red_star_owner: Person, stranger: Person) -> None:
    """An enterprise that passed to a former clerk: he is its owner, once."""
    handed(red_star, stranger.phone, "apply")
    change_phone(red_star_owner, NEW_PHONE, TUESDAY)
    handed(red_star, NEW_PHONE, "follow")
    assert [row[1] for row in held(red_star_owner.user_id, WEDNESDAY)] == [Role.ENTERPRISE_OWNER]
