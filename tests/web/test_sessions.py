"""Sessions: a new id at log-in and at the choice of an enterprise; ended on the next request by whatever ends them.

Seen red: with `flush()` and `login()` taken out of come_in (fixation), with `cycle_key` taken out of enter_enterprise,
with `user__disabled_at` taken out of `standing`, and with the sign-in not judged in Identity (log-out, a new password
and both time limits had no effect).
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.urls import get_resolver

from jinfuyun.accounts import actions
from jinfuyun.accounts.models import SignIn, User
from jinfuyun.enterprises.models import Mandate
from tests.cast import MONDAY, STAFF_PASSWORD, Firm, Person, enterprise_of, given
from tests.test_house import routes
from tests.web.visits import TAB, Visitor

STAFF_PAGES = ("/account", "/bank", "/regulator", "/department", "/operator")

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock() -> Any:
    with time_machine.travel(MONDAY, tick=False) as traveller:
        yield traveller


def is_in(visitor: Visitor) -> bool:
    return bool(visitor.get("/account").status_code == 200)


def test_of_fifty_planted_session_ids_none_is_anybody_s_after_the_log_in(operator: Person, clock: Any) -> None:
    for number in range(50):
        clock.move_to(MONDAY + timedelta(minutes=number))
        attacker = Visitor()
        attacker.get("/captcha.webp")
        planted = attacker.cookies["session"].value
        victim = Visitor()
        victim.cookies["session"] = planted
        assert victim.log_in(operator, MONDAY + timedelta(minutes=number)).status_code == 302
        assert victim.cookies["session"].value != planted
        assert is_in(victim)
        assert not is_in(attacker)
        assert not Session.objects.filter(session_key=planted).exists()


def test_a_log_in_with_the_cookies_of_somebody_else_s_session_begins_a_new_one(
    operator: Person, second_operator: Person, clock: Any
) -> None:
    visitor = Visitor()
    visitor.log_in(operator, MONDAY)
    visitor.send("/logout")
    visitor.log_in(second_operator, MONDAY)
    assert "operator.two" in visitor.get("/account").content.decode()


def log_out(visitor: Visitor, person: Person) -> None:
    visitor.post("/logout", {"csrfmiddlewaretoken": visitor.cookies["csrf"].value})


def disable(visitor: Visitor, person: Person) -> None:
    User.objects.filter(id=person.user_id).update(disabled_at=MONDAY)


def change_password(visitor: Visitor, person: Person) -> None:
    actions.change_password(old=STAFF_PASSWORD, new="一句只有我自己知道的很长的话二零二六", by=person.actor, at=MONDAY)


def end_all(visitor: Visitor, person: Person) -> None:
    actions.log_out_everywhere(by=person.actor, at=MONDAY)


def end_this_one(visitor: Visitor, person: Person) -> None:
    actions.end_sign_in(sign_in_id=SignIn.objects.get(ended_at=None).id, by=person.actor, at=MONDAY)


@pytest.mark.parametrize("act", [log_out, disable, change_password, end_all, end_this_one])
def test_what_ends_a_session_ends_it_on_the_next_request_also_for_a_stolen_cookie(
    operator: Person, act: Callable[[Visitor, Person], None]
) -> None:
    visitor, thief = Visitor(), Visitor()
    visitor.log_in(operator, MONDAY)
    thief.cookies["session"] = visitor.cookies["session"].value
    assert is_in(visitor) and is_in(thief)
    act(visitor, operator)
    assert not is_in(visitor)
    assert not is_in(thief)


def test_fifteen_idle_minutes_end_a_session_and_twelve_hours_every_one(operator: Person, clock: Any) -> None:
    idle, busy = Visitor(), Visitor()
    idle.log_in(operator, MONDAY)
    clock.move_to(MONDAY + timedelta(minutes=1))
    busy.log_in(operator, MONDAY + timedelta(minutes=1))
    at: datetime = MONDAY
    while at < MONDAY + timedelta(hours=12):
        at += timedelta(minutes=10)
        clock.move_to(at)
        if at == MONDAY + timedelta(minutes=20):
            assert "15 分钟没有操作" in idle.get("/account", follow=True).content.decode()
            assert not is_in(idle)
        assert is_in(busy), at
    clock.move_to(MONDAY + timedelta(hours=12, minutes=1))
    assert not is_in(busy)


def chooses(visitor: Visitor, firm: Firm) -> Any:
    return visitor.send("/enterprises", uscc=firm.uscc)


def test_choosing_an_enterprise_changes_the_session_id(red_star_owner: Person, red_star: Firm) -> None:
    given(red_star)
    visitor = Visitor()
    visitor.log_in(red_star_owner, MONDAY)
    before = visitor.cookies["session"].value
    chooses(visitor, red_star)
    assert visitor.cookies["session"].value != before
    assert visitor.get("/my").status_code == 200
    for path in ("/account", "/help"):
        assert "当前企业：<b>红星示例机械厂</b>" in visitor.get(path).content.decode()
    left = Visitor()
    left.cookies["session"] = before
    assert not is_in(left)


def test_a_stranger_s_enterprise_cannot_be_entered(red_star_owner: Person, red_star: Firm, blue_sea: Firm) -> None:
    given(red_star)
    given(blue_sea)
    visitor = Visitor()
    visitor.log_in(red_star_owner, MONDAY)
    assert chooses(visitor, blue_sea).status_code == 404
    assert visitor.get("/my").status_code == 302


def test_a_form_of_another_tab_acts_for_nobody_else(red_star_owner: Person, red_star: Firm) -> None:
    """Seen red with the comparison of `acting_for` taken out: the mandate was given for the wrong enterprise."""
    second = enterprise_of(red_star_owner, number=7, name="第二示例茶厂", legal_name="林红星")
    given(red_star)
    given(second)
    visitor = Visitor()
    visitor.log_in(red_star_owner, MONDAY)
    chooses(visitor, red_star)
    first_tab = visitor.get("/my/mandates").content.decode()
    assert f'name="acting_for" value="{red_star.uscc}"' in first_tab
    chooses(visitor, second)
    form = {"phone": "13800000002", "acts": "apply", "end": "2026-12-31"}
    token = {"csrfmiddlewaretoken": visitor.cookies["csrf"].value}
    for acting_for in ({"acting_for": red_star.uscc}, {}, {"acting_for": ""}):
        assert visitor.post("/my/mandates", form | token | acting_for).status_code == 409
    assert not Mandate.objects.exists()
    visitor.post("/my/mandates", form | token | {"acting_for": second.uscc})
    assert [one.enterprise_id for one in Mandate.objects.all()] == [second.uscc]


def test_a_mandate_taken_back_closes_the_page_at_once(
    red_star_owner: Person, red_star: Firm, bookkeeper: Person
) -> None:
    given(red_star)
    owner, clerk = Visitor(), Visitor()
    owner.log_in(red_star_owner, MONDAY)
    chooses(owner, red_star)
    owner.send("/my/mandates", phone=bookkeeper.phone, acts="apply", end="2026-12-31", acting_for=red_star.uscc)
    clerk.log_in(bookkeeper, MONDAY)
    chooses(clerk, red_star)
    assert clerk.get("/my").status_code == 200
    owner.post(
        f"/my/mandates/{Mandate.objects.get().pk}/end",
        {"csrfmiddlewaretoken": owner.cookies["csrf"].value, "acting_for": red_star.uscc},
    )
    assert clerk.get("/my").status_code == 302


@pytest.mark.parametrize("who", ["operator", "river_bank_admin", "river_bank_officer", "fuzhou_regulator"])
def test_no_staff_page_opens_with_a_password_alone(who: str, request: pytest.FixtureRequest) -> None:
    """Seen red with any digits taken for the right ones."""
    person: Person = request.getfixturevalue(who)
    assert person.actor.house is not None
    kind = TAB[person.actor.house.kind]
    right = {person.otp(MONDAY + timedelta(seconds=30 * steps)) for steps in range(-2, 3)}
    wrong = next(digits for digits in map("{:06}".format, range(9)) if digits not in right)
    visitor = Visitor()
    for otp in ("", wrong):
        answer = visitor.send(
            f"/login?role={kind}", role=kind, account=person.account, password=person.password, otp=otp,
            captcha=visitor.solve(),
        )  # fmt: skip
        assert answer.status_code == 422
    pages = [address for address in routes(get_resolver().url_patterns).values() if address.startswith(STAFF_PAGES)]
    assert len(pages) > 50
    for address in pages:
        assert visitor.get(address).status_code in (302, 404, 405), address


def test_cookies_are_hidden_from_scripts_and_bound_to_the_host(operator: Person) -> None:
    """Seen red with cookies that scripts may read, and with SameSite=None."""
    visitor = Visitor()
    visitor.log_in(operator, MONDAY)
    for name in ("session", "device"):
        cookie = visitor.cookies[name]
        assert cookie["httponly"] and cookie["samesite"] == "Lax" and not cookie["domain"] and cookie["path"] == "/"
