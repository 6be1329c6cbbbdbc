"""Who is asked to log in comes to what was wanted afterwards, and to nowhere else."""

import pytest
from django.utils import timezone

from jinfuyun.web.guards import FIRST, WANTED_COOKIE, WANTED_MAX
from tests.cast import Firm, Person, given
from tests.web.visits import Visitor

pytestmark = pytest.mark.django_db

APPLY = "/my/applications/new?product=MLYH001"


def chosen(visitor: Visitor, firm: Firm) -> str:
    return visitor.send("/enterprises", uscc=firm.uscc).headers["Location"]


def test_the_chosen_product_waits_until_the_enterprise_is_chosen(red_star: Firm, red_star_owner: Person) -> None:
    given(red_star)
    visitor = Visitor()
    assert visitor.get(APPLY).headers["Location"] == "/login?role=enterprise"
    assert FIRST in visitor.get("/login?role=enterprise").content.decode()
    assert visitor.log_in(red_star_owner, timezone.now()).headers["Location"] == "/enterprises"
    assert chosen(visitor, red_star) == APPLY
    assert chosen(visitor, red_star) == "/my"


def test_a_clerk_of_a_bank_comes_to_the_page_of_the_link(river_bank_officer: Person) -> None:
    visitor = Visitor()
    visitor.get("/bank/loans?tray=overdue")
    assert visitor.log_in(river_bank_officer, timezone.now()).headers["Location"] == "/bank/loans?tray=overdue"
    assert visitor.cookies[WANTED_COOKIE].value == ""


@pytest.mark.parametrize(
    "wanted",
    ["/my", "/my/applications/SQ2026030200000001", "/bank/loans", f"/my/matching?q={'x' * WANTED_MAX}"],
)
def test_what_may_not_be_theirs_is_not_gone_on_to(wanted: str, red_star: Firm, red_star_owner: Person) -> None:
    given(red_star)
    visitor = Visitor()
    visitor.get(wanted)
    visitor.log_in(red_star_owner, timezone.now())
    assert chosen(visitor, red_star) == "/my"


def test_nor_what_a_stranger_wrote_into_the_cookie_or_a_script_polled(red_star: Firm, red_star_owner: Person) -> None:
    given(red_star)
    visitor = Visitor()
    visitor.get(APPLY, headers={"HX-Request": "true"})
    assert WANTED_COOKIE not in visitor.cookies
    visitor.post(APPLY)
    assert WANTED_COOKIE not in visitor.cookies
    visitor.cookies[WANTED_COOKIE] = "/my/applications/new?product=EVIL"
    visitor.log_in(red_star_owner, timezone.now())
    assert chosen(visitor, red_star) == "/my"
