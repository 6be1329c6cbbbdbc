"""Seats: offered by the house, taken by the person, closed by the house; nobody seats himself higher or elsewhere."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pyotp
import pytest

from jinfuyun.accounts import actions, queries
from jinfuyun.accounts.actions import AccountTaken, Client, WeakPassword, WrongLogin, WrongOtp
from jinfuyun.accounts.models import Invitation, User
from jinfuyun.accounts.rules import Kind
from jinfuyun.kit.actor import PLATFORM_HOUSE, Actor, House, HouseKind, Role, institution_house
from jinfuyun.kit.errors import NotAllowed, NotFound, TooMany
from jinfuyun.notifications.models import Message
from tests.at_once import all_at_once
from tests.cast import HILL_BANK, MONDAY, RIVER_BANK, STAFF_PASSWORD, Person

RIVER, HILL = institution_house(RIVER_BANK), institution_house(HILL_BANK)
LINK_LENGTH = 32
HOME = Client(ip="192.0.2.1")


def invite(by: Actor, **changes: Any) -> str:
    """The token in the link that the invited person gets by SMS."""
    offer: dict[str, Any] = {
        "kind": Kind.INSTITUTION, "account": "river.new", "phone": "13911110000", "name": "江新人",
        "roles": frozenset({Role.OFFICER}), "house": RIVER,
    }  # fmt: skip
    actions.invite(**(offer | changes), by=by, at=MONDAY)
    text = Message.objects.filter(template="staff_invited").latest("made_at").text
    return str(text.partition("/invited/")[2][:LINK_LENGTH])


def accept(token: str, password: str = STAFF_PASSWORD, otp: str = "", at: datetime = MONDAY, ip: str = HOME.ip) -> UUID:
    otp = otp or pyotp.TOTP(Invitation.objects.get().totp_secret).at(at)
    return actions.accept_invitation(token=token, password=password, otp=otp, ip=ip, at=at)


@pytest.mark.django_db
def test_an_invited_person_takes_the_seat_and_logs_in(river_bank_admin: Person) -> None:
    token = invite(river_bank_admin.actor)
    user = queries.user(accept(token))
    actor = queries.actor(user)
    assert (actor.house, actor.roles) == (RIVER, {Role.OFFICER})
    at = MONDAY + timedelta(minutes=1)
    otp = pyotp.TOTP(user.totp_secret).at(at)
    assert actions.log_in_staff(
        kind=Kind.INSTITUTION,
        account="river.new",
        password=STAFF_PASSWORD,
        otp=otp,
        client=HOME,
        at=at,
    )


@pytest.mark.django_db
@pytest.mark.parametrize(
    "changes",
    [
        {"house": HILL},
        {"kind": Kind.OPERATOR, "roles": frozenset({Role.OPERATOR})},
        {"kind": Kind.OPERATOR, "roles": frozenset({Role.OPERATOR}), "house": PLATFORM_HOUSE},
        {"roles": frozenset({Role.OFFICER, Role.OPERATOR})},
        {"roles": frozenset({Role.PLATFORM})},
        {"roles": frozenset({Role.REGULATOR}), "house": House(HouseKind.REGION, "350100")},
        {"roles": frozenset()},
        {"kind": Kind.ENTERPRISE, "roles": frozenset({Role.ENTERPRISE_USER})},
    ],
)
def test_an_admin_seats_people_in_his_own_house_with_its_roles_only(
    river_bank_admin: Person, changes: dict[str, Any]
) -> None:
    """Seen red with `_may_seat` taken out."""
    with pytest.raises(NotAllowed):
        invite(river_bank_admin.actor, **changes)
    assert not Invitation.objects.exists()


@pytest.mark.django_db
def test_officers_regulators_and_enterprises_seat_nobody(
    river_bank_officer: Person, fuzhou_regulator: Person, red_star_owner: Person
) -> None:
    for person in (river_bank_officer, fuzhou_regulator, red_star_owner):
        with pytest.raises(NotAllowed):
            invite(person.actor)


@pytest.mark.django_db
def test_an_operator_seats_the_first_admin_of_any_house(operator: Person) -> None:
    assert accept(invite(operator.actor, house=HILL, roles=frozenset({Role.INSTITUTION_ADMIN})))


def test_a_seat_is_taken_once_also_when_a_hundred_take_it_at_once(committed_db: None, river_bank_admin: Person) -> None:
    token = invite(river_bank_admin.actor)
    otp = pyotp.TOTP(Invitation.objects.get().totp_secret).at(MONDAY)
    taken = all_at_once(lambda number: accept(token, otp=otp, ip=f"192.0.2.{number}"), NotFound, times=20)
    assert taken == 1
    assert User.objects.filter(account="river.new").count() == 1


@pytest.mark.django_db
def test_unknown_used_and_old_links_are_nothing(river_bank_admin: Person) -> None:
    token = invite(river_bank_admin.actor)
    with pytest.raises(NotFound):
        accept("x" * LINK_LENGTH)
    with pytest.raises(NotFound):
        accept(token, at=MONDAY + timedelta(days=7))
    accept(token)
    with pytest.raises(NotFound):
        accept(token)


@pytest.mark.django_db
def test_a_seat_needs_a_long_password_and_the_authenticator(river_bank_admin: Person) -> None:
    token = invite(river_bank_admin.actor)
    for weak in ("十四个字符的密码还是太短了点", "my river.new account", "13911110000 is my phone"):
        with pytest.raises(WeakPassword):
            accept(token, weak)
    with pytest.raises(WrongOtp):
        accept(token, otp="000000x")
    accept(token)


@pytest.mark.django_db
def test_a_house_cannot_take_an_account_name_that_exists(river_bank_admin: Person, hill_bank_admin: Person) -> None:
    with pytest.raises(AccountTaken):
        invite(river_bank_admin.actor, account=" HILL.ADMIN ")


@pytest.mark.django_db
def test_guessing_links_ends_after_twenty(river_bank_admin: Person) -> None:
    invite(river_bank_admin.actor)
    for number in range(20):
        with pytest.raises(NotFound):
            accept(f"guess{number}")
    with pytest.raises(TooMany):
        accept("guess")


@pytest.mark.django_db
def test_a_closed_seat_ends_every_sign_in_and_a_reopened_one_works(
    river_bank_admin: Person, river_bank_officer: Person, hill_bank_admin: Person
) -> None:
    """Seen red with `end_all` taken out of `disable`: the old sign-in stood again after reopening."""

    def log_in(at: datetime) -> str:
        return actions.log_in_staff(
            kind=Kind.INSTITUTION, account=river_bank_officer.account, password=STAFF_PASSWORD,
            otp=river_bank_officer.otp(at), client=HOME, at=at,
        ).sign_in_id  # fmt: skip

    sign_in_id, at = log_in(MONDAY), MONDAY + timedelta(minutes=1)
    with pytest.raises(NotAllowed):
        actions.disable(user_id=river_bank_officer.user_id, because="", by=hill_bank_admin.actor, at=at)
    actions.disable(user_id=river_bank_officer.user_id, because="left", by=river_bank_admin.actor, at=at)
    assert queries.standing(sign_in_id, at=at) is None
    with pytest.raises(WrongLogin):
        log_in(at)
    actions.enable(user_id=river_bank_officer.user_id, because="back", by=river_bank_admin.actor, at=at)
    assert queries.standing(sign_in_id, at=at) is None
    assert log_in(at + timedelta(minutes=1))


@pytest.mark.django_db
def test_nobody_closes_his_own_seat_nor_an_owner_s(river_bank_admin: Person, red_star_owner: Person) -> None:
    with pytest.raises(NotAllowed):
        actions.disable(user_id=river_bank_admin.user_id, because="", by=river_bank_admin.actor, at=MONDAY)
    with pytest.raises(NotFound):
        actions.disable(user_id=red_star_owner.user_id, because="", by=river_bank_admin.actor, at=MONDAY)


@pytest.mark.django_db
def test_two_accounts_with_one_phone_are_one_person(operator: Person, second_operator: Person) -> None:
    one, two = queries.user(operator.user_id), queries.user(second_operator.user_id)
    assert queries.is_same_person(one.id, one.id)
    assert not queries.is_same_person(one.id, two.id)
    two.phone = one.phone
    two.save()
    assert queries.is_same_person(one.id, two.id)


# -- who lost phone or password --------------------------------------------------------------------------------------


def log_in(account: str, password: str, otp: str, at: datetime) -> str:
    return actions.log_in_staff(
        kind=Kind.INSTITUTION, account=account, password=password, otp=otp, client=HOME, at=at
    ).sign_in_id


@pytest.mark.django_db
def test_who_lost_phone_and_password_is_invited_anew_onto_the_same_seat(
    river_bank_admin: Person, river_bank_officer: Person
) -> None:
    """Seen red: the account name was taken, by the very person."""
    account, at = river_bank_officer.account, MONDAY + timedelta(minutes=2)
    before = log_in(account, STAFF_PASSWORD, river_bank_officer.otp(MONDAY), MONDAY)
    token = invite(river_bank_admin.actor, account=account, phone="13911110001", again=True)
    assert queries.standing(before, at=at) is None
    with pytest.raises(WrongLogin):
        log_in(account, STAFF_PASSWORD, river_bank_officer.otp(at), at)
    told = Message.objects.get(template="staff_invited_anew")
    assert told.phone == river_bank_officer.phone
    new_password = "一句只有我自己知道的很长的话二零二六"
    assert str(accept(token, new_password, at=at)) == river_bank_officer.user_id
    user = queries.user(river_bank_officer.user_id)
    later = at + timedelta(minutes=1)
    assert (user.phone, user.disabled_at) == ("13911110001", None)
    assert log_in(account, new_password, pyotp.TOTP(user.totp_secret).at(later), later)
    with pytest.raises(WrongLogin):
        log_in(account, STAFF_PASSWORD, river_bank_officer.otp(later), later)


@pytest.mark.django_db
def test_without_saying_so_a_seat_is_not_offered_anew(river_bank_admin: Person, river_bank_officer: Person) -> None:
    with pytest.raises(AccountTaken, match="重新邀请"):
        invite(river_bank_admin.actor, account=river_bank_officer.account)
    assert queries.user(river_bank_officer.user_id).disabled_at is None


@pytest.mark.django_db
def test_a_seat_of_another_house_the_own_and_an_enterprises_account_are_not_offered_anew(
    river_bank_admin: Person, hill_bank_officer: Person
) -> None:
    with pytest.raises(AccountTaken):
        invite(river_bank_admin.actor, account=hill_bank_officer.account, again=True)
    with pytest.raises(NotAllowed):
        invite(river_bank_admin.actor, account=river_bank_admin.account, again=True)
    assert not User.objects.exclude(disabled_at=None).exists()


@pytest.mark.django_db
def test_only_the_newest_offer_of_a_seat_stands(river_bank_admin: Person, river_bank_officer: Person) -> None:
    first = invite(river_bank_admin.actor, account=river_bank_officer.account, again=True)
    secret = Invitation.objects.get().totp_secret
    invite(river_bank_admin.actor, account=river_bank_officer.account, again=True)
    with pytest.raises(NotFound):
        accept(first, otp=pyotp.TOTP(secret).at(MONDAY))


@pytest.mark.django_db
def test_a_seat_that_was_reopened_meanwhile_is_not_taken(river_bank_admin: Person, river_bank_officer: Person) -> None:
    token = invite(river_bank_admin.actor, account=river_bank_officer.account, again=True)
    actions.enable(user_id=river_bank_officer.user_id, because="found", by=river_bank_admin.actor, at=MONDAY)
    with pytest.raises(AccountTaken):
        accept(token)
    assert log_in(river_bank_officer.account, STAFF_PASSWORD, river_bank_officer.otp(MONDAY), MONDAY)
