"""注销账号, while the account still holds an enterprise."""

from uuid import UUID

import pytest
from django.utils import timezone

from jinfuyun.accounts import queries as accounts
from jinfuyun.applications import actions as applications
from jinfuyun.consents import actions as consents
from jinfuyun.enterprises import actions as enterprises
from tests import market
from tests.cast import PASSWORD, Firm, Person, given
from tests.web.inside import inside

pytestmark = pytest.mark.django_db


def close(person: Person) -> str:
    """What the page says."""
    return inside(person).post("/account/close", {"password": PASSWORD, "agree": "on"}, follow=True).content.decode()


def is_closed(person: Person) -> bool:
    return not accounts.is_open(accounts.user(UUID(person.user_id)))


def test_an_account_with_a_living_consent_is_not_closed(red_star: Firm, red_star_owner: Person) -> None:
    """Seen red before the door asked."""
    consent = given(red_star, at=timezone.now())
    said = close(red_star_owner)
    assert ("红星示例机械厂的授权书还有效" in said, is_closed(red_star_owner)) == (True, False)
    consents.revoke(consent=consent, by=red_star.owner, at=timezone.now())
    close(red_star_owner)
    assert is_closed(red_star_owner)


def test_an_account_with_an_open_application_is_not_closed(red_star: Firm, red_star_owner: Person) -> None:
    consent = given(red_star, at=timezone.now())
    market.product(code="RIVER001", of=market.institution(market.RIVER))
    application = market.applied(red_star, at=timezone.now())
    consents.revoke(consent=consent, by=red_star.owner, at=timezone.now())
    said = close(red_star_owner)
    assert ("红星示例机械厂还有没办完的融资申请" in said, is_closed(red_star_owner)) == (True, False)
    applications.withdraw(application=application, why="", by=red_star.owner, at=timezone.now())
    close(red_star_owner)
    assert is_closed(red_star_owner)


def test_the_page_says_beforehand_what_stands_in_the_way(red_star: Firm, red_star_owner: Person) -> None:
    given(red_star, at=timezone.now())
    assert "红星示例机械厂的授权书还有效" in inside(red_star_owner).get("/account/close").content.decode()


def test_a_clerk_is_not_held_by_what_others_signed(red_star: Firm, bookkeeper: Person) -> None:
    given(red_star, at=timezone.now())
    enterprises.give_mandate(
        uscc=red_star.uscc, phone=bookkeeper.phone, acts=["apply"], ends_on=timezone.localdate(), by=red_star.owner,
        at=timezone.now(),
    )  # fmt: skip
    close(bookkeeper)
    assert is_closed(bookkeeper)
