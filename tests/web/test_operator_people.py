"""The platform's, regulators' and departments' people: invited, stopped and reopened by an operator."""

import pytest
from django.utils import timezone
from playwright.sync_api import Page

from jinfuyun.accounts.models import Invitation, User
from jinfuyun.kit.actor import PLATFORM_HOUSE, HouseKind, Role
from tests.browser import axe, overflow, shoot
from tests.cast import Person
from tests.phones import Gateway, send_waiting
from tests.web.visits import Visitor

FORM = {"account": "fuzhou.lin", "name": "林监管", "phone": "139 1111 0000"}


@pytest.fixture
def visitor(operator: Person) -> Visitor:
    visitor = Visitor()
    visitor.log_in(operator, timezone.now())
    return visitor


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("seat", "house", "roles"),
    [("regulator:350100", (HouseKind.REGION, "350100"), {Role.REGULATOR}),
     ("operator:platform", (HouseKind.PLATFORM, PLATFORM_HOUSE.code), {Role.OPERATOR}),
     ("department:tax", (HouseKind.DEPARTMENT, "tax"), {Role.DEPARTMENT}),
     ("department:tax:admin", (HouseKind.DEPARTMENT, "tax"), {Role.DEPARTMENT_ADMIN})],
)  # fmt: skip
def test_an_operator_offers_a_seat_and_the_person_gets_the_link(
    visitor: Visitor, gateway: Gateway, seat: str, house: tuple[str, str], roles: set[Role]
) -> None:
    assert visitor.send("/operator/staff", seat=seat, **FORM).status_code == 302
    offer = Invitation.objects.get()
    assert ((offer.house_kind, offer.house_code), set(offer.roles)) == (house, roles)
    send_waiting()
    assert Visitor().get(gateway.link("13911110000")).status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize(
    "wrong", [{"seat": "institution:RIVER"}, {"seat": ""}, {"phone": "1"}, {"account": "operator.one"}]
)
def test_what_cannot_be_offered_is_said_at_its_field(visitor: Visitor, wrong: dict[str, str]) -> None:
    answer = visitor.send("/operator/staff", **({"seat": "regulator:350100"} | FORM | wrong))
    assert answer.status_code == 422
    assert not Invitation.objects.exists()


@pytest.mark.django_db
def test_closing_and_reopening_a_seat(
    visitor: Visitor, operator: Person, fuzhou_regulator: Person, red_star_owner: Person
) -> None:
    def post(person: Person, **fields: str) -> int:
        token = {"csrfmiddlewaretoken": visitor.cookies["csrf"].value}
        return int(visitor.post(f"/operator/staff/{person.user_id}/stop", token | fields).status_code)

    def is_stopped(person: Person) -> bool:
        return User.objects.get(id=person.user_id).disabled_at is not None

    assert post(fuzhou_regulator) == 302 and is_stopped(fuzhou_regulator)
    assert post(fuzhou_regulator, again="1") == 302 and not is_stopped(fuzhou_regulator)
    assert post(operator) == 302 and not is_stopped(operator)
    assert post(red_star_owner) == 404 and not is_stopped(red_star_owner)


@pytest.mark.browser
@pytest.mark.parametrize("kind", ["page", "phone"])
def test_the_page_has_no_barrier(
    site: str, operator: Person, fuzhou_regulator: Person, kind: str, request: pytest.FixtureRequest
) -> None:
    page: Page = request.getfixturevalue(kind)
    visitor = Visitor()
    visitor.log_in(operator, timezone.now())
    page.context.add_cookies([{"name": "session", "value": visitor.cookies["session"].value, "url": site}])
    page.goto(site + "/operator/staff")
    shoot(page, "operator-people")
    assert axe(page) == []
    assert overflow(page) == 0


@pytest.mark.django_db
def test_a_regulator_who_lost_his_phone_is_invited_anew(visitor: Visitor, fuzhou_regulator: Person) -> None:
    offer = {"seat": "regulator:350100"} | FORM | {"account": fuzhou_regulator.account}
    refused = visitor.send("/operator/staff", **offer)
    assert (refused.status_code, "重新邀请" in refused.content.decode()) == (422, True)
    assert visitor.send("/operator/staff", **offer, again="on").status_code == 302
    assert Invitation.objects.get().account == fuzhou_regulator.account
