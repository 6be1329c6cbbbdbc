"""A regulator looks at one enterprise by name: each guard, and when the enterprise sees it."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from jinfuyun.accounts.models import User
from jinfuyun.applications.models import Application
from jinfuyun.audit import queries as book
from jinfuyun.audit.models import Line
from jinfuyun.kit.actor import Role, platform
from jinfuyun.kit.errors import NotAllowed, NotFound, TooLate
from jinfuyun.kit.reasons import NotInOrder
from jinfuyun.notifications.models import Notice
from jinfuyun.oversight import actions, queries
from jinfuyun.oversight.actions.looks import NotTwoPeople
from jinfuyun.oversight.models import Look
from tests.cast import MONDAY, TODAY, Firm, Person

pytestmark = pytest.mark.usefixtures("db")
END = TODAY + timedelta(days=90)
AFTER = MONDAY + timedelta(days=91)
WHY = {"case_number": "闽金监案〔2026〕7 号", "reason": "核查骗取贴息的举报。"}


def plain(firm: Firm, by: Person, **other: str) -> Look:
    asked = {"asked": firm.uscc, **WHY, **other}
    return actions.ask_look(**asked, is_case=False, ends_on=None, by=by.actor, at=MONDAY)


def case(firm: Firm, by: Person, ends_on: date | None = END) -> Look:
    return actions.ask_look(asked=firm.uscc, **WHY, is_case=True, ends_on=ends_on, by=by.actor, at=MONDAY)


def in_its_book(firm: Firm) -> list[str]:
    return [line.action for line in book.about(firm.uscc).order_by("id") if line.action.startswith("look.")]


def on_its_page(firm: Firm, today: date) -> list[str]:
    return [one.number for one in queries.looks_shown(firm.uscc, today)]


def told(firm: Firm) -> list[str]:
    notices = Notice.objects.filter(user_id=firm.owner.id, template__startswith="look_")
    return list(notices.order_by("id").values_list("template", flat=True))


def test_a_plain_look_is_seen_by_the_enterprise_at_once(
    late: Application, red_star: Firm, fuzhou_regulator: Person
) -> None:
    look = plain(red_star, fuzhou_regulator, asked=red_star.name)
    shown = actions.open_look(look=look, by=fuzhou_regulator.actor, at=MONDAY)
    assert (shown.enterprise.uscc, shown.applications) == (red_star.uscc, [late])
    assert in_its_book(red_star) == ["look.asked", "look.opened"]
    assert (on_its_page(red_star, TODAY), told(red_star)) == ([look.number], ["look_made"])
    assert look.opened_count == 1
    assert WHY["reason"] not in str(list(Line.objects.values_list("detail", flat=True)))


def test_without_a_case_number_and_a_reason_nothing_is_looked_at(red_star: Firm, fuzhou_regulator: Person) -> None:
    for missing in WHY:
        with pytest.raises(NotInOrder):
            plain(red_star, fuzhou_regulator, **{missing: " "})
    assert not Look.objects.exists()


@pytest.mark.parametrize("asked", ["红", "91350100", "没有这家企业"])
def test_a_part_of_a_name_finds_nothing_and_the_miss_is_booked(
    red_star: Firm, fuzhou_regulator: Person, asked: str
) -> None:
    with pytest.raises(NotInOrder):
        plain(red_star, fuzhou_regulator, asked=asked)
    assert (Look.objects.count(), Line.objects.filter(action="look.missed").count()) == (0, 1)


def test_only_regulators_of_the_region(
    red_star: Firm, fuzhou_regulator: Person, xiamen: Person, province: Person, operator: Person,
    river_bank_officer: Person,
) -> None:  # fmt: skip
    with pytest.raises(NotInOrder):  # the same answer as for an enterprise that is not there
        plain(red_star, xiamen)
    for nobody in (operator, river_bank_officer):
        with pytest.raises(NotAllowed):
            plain(red_star, nobody)
    look = plain(red_star, fuzhou_regulator)
    for other in (xiamen, province, operator):
        with pytest.raises(NotFound):
            queries.look(look.number, visible_to=other.actor)
    assert plain(red_star, province).house_code == "350000"


def test_a_look_is_the_askers_and_ends_after_a_week(red_star: Firm, province: Person, province_second: Person) -> None:
    look = plain(red_star, province)
    with pytest.raises(NotAllowed):
        actions.open_look(look=look, by=province_second.actor, at=MONDAY)
    actions.open_look(look=look, by=province.actor, at=MONDAY + timedelta(days=7))
    with pytest.raises(TooLate):
        actions.open_look(look=look, by=province.actor, at=MONDAY + timedelta(days=8))


def test_a_registered_case_waits_for_a_second_person(
    red_star: Firm, province: Person, province_second: Person, fuzhou_regulator: Person
) -> None:
    look = case(red_star, province)
    with pytest.raises(TooLate):
        actions.open_look(look=look, by=province.actor, at=MONDAY)
    with pytest.raises(NotTwoPeople):
        actions.agree(look=look, by=province.actor, at=MONDAY)
    with pytest.raises(NotAllowed):  # of another house
        actions.agree(look=look, by=fuzhou_regulator.actor, at=MONDAY)
    assert list(queries.to_agree(province.actor, TODAY)) == []
    assert list(queries.to_agree(province_second.actor, TODAY)) == [look]
    actions.agree(look=look, by=province_second.actor, at=MONDAY)
    actions.open_look(look=look, by=province.actor, at=MONDAY)
    with pytest.raises(TooLate):
        actions.refuse(look=look, by=province_second.actor, at=MONDAY)


def test_a_second_account_of_the_same_person_is_no_second_person(
    red_star: Firm, province: Person, province_second: Person
) -> None:
    first, second = (User.objects.get(pk=one.user_id) for one in (province, province_second))
    second.phone = first.phone
    second.save()
    with pytest.raises(NotTwoPeople):
        actions.agree(look=case(red_star, province), by=province_second.actor, at=MONDAY)


def test_the_database_itself_wants_two_people(red_star: Firm, province: Person) -> None:
    look = case(red_star, province)
    for decided_by in ("", look.asked_by):
        with pytest.raises(IntegrityError), transaction.atomic():
            Look.objects.filter(pk=look.pk).update(state="open", decided_by=decided_by)


@pytest.mark.parametrize("ends_on", [None, TODAY, TODAY - timedelta(days=1), END + timedelta(days=1)])
def test_a_case_has_an_end_within_the_limit(red_star: Firm, province: Person, ends_on: date | None) -> None:
    with pytest.raises(NotInOrder):
        case(red_star, province, ends_on)


def test_the_enterprise_sees_a_case_only_after_its_end_and_then_surely(
    late: Application, red_star: Firm, province: Person, province_second: Person
) -> None:
    look, by = case(red_star, province), platform("test")
    actions.agree(look=look, by=province_second.actor, at=MONDAY)
    actions.open_look(look=look, by=province.actor, at=MONDAY)
    last_day = MONDAY + timedelta(days=90)
    assert actions.reveal_looks(by=by, at=last_day) == 0
    assert (in_its_book(red_star), on_its_page(red_star, END), told(red_star)) == ([], [], [])
    assert Line.objects.filter(subject=f"look:{look.number}").count() == 3  # booked from the beginning
    assert on_its_page(red_star, AFTER.date()) == [look.number]  # by the date, whether or not the job has run
    assert [actions.reveal_looks(by=by, at=AFTER) for _ in range(2)] == [1, 0]
    assert (in_its_book(red_star), told(red_star)) == (["look.revealed"], ["look_ended"])
    with pytest.raises(TooLate):
        actions.open_look(look=look, by=province.actor, at=AFTER)


def test_what_was_never_looked_at_is_not_told(red_star: Firm, province: Person, province_second: Person) -> None:
    refused, forgotten = case(red_star, province), case(red_star, province)
    actions.refuse(look=refused, by=province_second.actor, at=MONDAY)
    assert actions.reveal_looks(by=platform("test"), at=AFTER) == 0
    assert on_its_page(red_star, AFTER.date()) == []
    with pytest.raises(TooLate):  # its end has passed
        actions.agree(look=forgotten, by=province_second.actor, at=AFTER)


def test_a_person_without_the_role_any_more_opens_nothing(red_star: Firm, province: Person) -> None:
    look = plain(red_star, province)
    with pytest.raises(NotAllowed):
        actions.open_look(look=look, by=replace(province.actor, roles=frozenset({Role.OFFICER})), at=MONDAY)
