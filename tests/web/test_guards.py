"""Who may come in where: nobody is sent to log in, a stranger finds nothing."""

from typing import Any

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from jinfuyun.accounts import queries as accounts
from jinfuyun.kit.actor import Actor, Role
from jinfuyun.kit.errors import NotFound
from jinfuyun.web.guards import address_of, enter_enterprise, signed_in, signed_in_enterprise_user, staff
from tests.cast import Firm, Person

pytestmark = pytest.mark.django_db


def page(request: HttpRequest) -> HttpResponse:
    return HttpResponse("inside")


def visit(view: Any, actor: Actor | None, path: str = "/bank/applications") -> HttpResponse:
    request = RequestFactory().get(path)
    request.actor = actor
    return view(request)


@pytest.mark.parametrize(
    ("path", "tab"),
    [("/bank/applications", "institution"), ("/regulator/", "regulator"), ("/department/x", "department"),
     ("/operator", "operator"), ("/my", "enterprise"), ("/enterprises", "enterprise"), ("/account", "enterprise")],
)  # fmt: skip
def test_nobody_is_sent_to_the_tab_of_the_door(path: str, tab: str) -> None:
    answer = visit(staff(Role.OFFICER)(page), None, path)
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/login?role={tab}")


def test_a_role_opens_its_own_pages_and_others_do_not_exist(
    river_bank_officer: Person, river_bank_admin: Person, red_star_owner: Person, operator: Person
) -> None:
    """Seen red with the roles not compared in `_refuse`."""
    desk = staff(Role.OFFICER, Role.APPROVER)(page)
    assert visit(desk, river_bank_officer.actor).content == b"inside"
    for person in (river_bank_admin, red_star_owner, operator):
        with pytest.raises(NotFound):
            visit(desk, person.actor)
    assert visit(signed_in_enterprise_user(page), red_star_owner.actor).content == b"inside"
    with pytest.raises(NotFound):
        visit(signed_in_enterprise_user(page), operator.actor)
    for person in (river_bank_officer, red_star_owner, operator):
        assert visit(signed_in(page), person.actor).content == b"inside"


def test_nobody_enters_a_stranger_s_enterprise(red_star_owner: Person, red_star: Firm, blue_sea: Firm) -> None:
    """Seen red with `_act_for` taken out of enter_enterprise."""
    request = RequestFactory().post("/enterprises")
    request.session = SessionStore()
    request.user, request.actor = accounts.user(red_star_owner.user_id), red_star_owner.actor
    with pytest.raises(NotFound):
        enter_enterprise(request, blue_sea.uscc)
    assert "uscc" not in request.session
    enter_enterprise(request, red_star.uscc)
    assert request.session["uscc"] == red_star.uscc


def test_a_page_without_a_form_sets_no_cookie() -> None:
    assert not Client().get("/help").cookies
    assert "csrf" in Client().get("/register").cookies


def test_a_client_cannot_choose_its_address(settings: Any) -> None:
    """Seen red with the first entry of X-Forwarded-For taken for the client."""
    request = RequestFactory().get("/", headers={"X-Forwarded-For": "1.1.1.1, 203.0.113.9"}, REMOTE_ADDR="127.0.0.1")
    assert address_of(request) == "127.0.0.1"
    settings.BEHIND_PROXY = True
    assert address_of(request) == "203.0.113.9"
