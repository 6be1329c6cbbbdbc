"""The calendar that clocks count by: typed by one operator, confirmed by another, then clocks are set right."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from jinfuyun.applications import tasks
from jinfuyun.applications.models import Application
from jinfuyun.audit.models import Line
from jinfuyun.kit.calendar import SEEDED, due_after, is_provisional
from jinfuyun.kit.errors import NotAllowed, TooLate
from jinfuyun.kit.reasons import NotInOrder
from jinfuyun.workdays import actions, queries
from jinfuyun.workdays.rules import Draft, State, days_of, why_not_propose
from tests import market
from tests.cast import MONDAY, given
from tests.market import RIVER, applied
from tests.web.inside import inside

SPRING = tuple(date(2027, 2, 5) + timedelta(days=n) for n in range(8))
OFF = (date(2027, 1, 1), *SPRING, date(2027, 4, 5), date(2027, 5, 3), date(2027, 10, 1))
WORKED = (date(2027, 2, 20),)
DRAFT = Draft(2027, "示例通知〔2026〕1号", OFF, WORKED)
DECEMBER = MONDAY.replace(month=12, day=30)  # a Wednesday


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("2027-01-01", (date(2027, 1, 1),)),
        ("2027-01-03\n\n 2027-01-01 至 2027-01-02 ", tuple(date(2027, 1, n) for n in (1, 2, 3))),
        ("", ()),
        ("2027-02-30", None),
        ("元旦", None),
        ("2027-01-05 至 2027-01-01", None),
        ("2027-01-01 至 2027-12-31", None),  # a slip of the pen, not a holiday
    ],
)
def test_days_are_read_line_by_line(text, days):
    assert days_of(text) == days


@pytest.mark.parametrize(
    ("draft", "fields"),
    [
        (DRAFT, []),
        (Draft(2025, "示例通知", OFF, ()), ["year", "days_off"]),
        (Draft(2027, "号", OFF, ()), ["document"]),
        (Draft(2027, "示例通知", OFF[:5], ()), ["days_off"]),
        (Draft(2027, "示例通知", OFF, (date(2027, 2, 22),)), ["days_worked"]),  # a Monday
        (Draft(2027, "示例通知", OFF, (date(2027, 2, 6),)), ["days_worked"]),  # off and worked
        (Draft(2027, "示例通知", OFF, (date(2028, 2, 19),)), ["days_off"]),
    ],
)
def test_what_stands_against_a_notice(draft, fields):
    assert [one.field for one in why_not_propose(draft, today=date(2026, 11, 27))] == fields


def test_without_a_notice_the_package_stands(db):
    assert queries.notices() == SEEDED


def proposed(operator, at=DECEMBER):
    return actions.propose(draft=DRAFT, by=operator.actor, at=at)


def test_a_notice_counts_when_a_second_operator_confirmed_it(db, operator, second_operator):
    notice = proposed(operator)
    assert is_provisional(date(2027, 1, 4), queries.notices())
    with pytest.raises(actions.FourEyes):
        actions.confirm(notice=notice, on_screen=notice.content_digest(), by=operator.actor, at=DECEMBER)
    with pytest.raises(actions.FourEyes):
        actions.confirm(notice=notice, on_screen="another", by=second_operator.actor, at=DECEMBER)
    actions.confirm(notice=notice, on_screen=notice.content_digest(), by=second_operator.actor, at=DECEMBER)
    now = queries.notices()
    assert due_after(date(2026, 12, 31), 1, now).day == date(2027, 1, 4)
    assert due_after(date(2027, 2, 4), 1, now).day == date(2027, 2, 15)
    assert due_after(date(2027, 2, 19), 1, now).day == date(2027, 2, 20)  # a Saturday worked
    assert due_after(date(2026, 9, 30), 1, now).day == due_after(date(2026, 9, 30), 1).day  # other years stand
    booked = Line.objects.filter(action__startswith="calendar.").order_by("id").values_list("action", flat=True)
    assert list(booked) == ["calendar.proposed", "calendar.in_force"]


def test_two_of_one_year_are_not_looked_at_at_once_and_a_later_one_replaces(db, operator, second_operator):
    first = proposed(operator)
    with pytest.raises(NotInOrder):
        proposed(second_operator)
    actions.send_back(notice=first, by=operator.actor, at=DECEMBER)
    with pytest.raises(TooLate):
        actions.confirm(notice=first, on_screen=first.content_digest(), by=second_operator.actor, at=DECEMBER)
    for day in (1, 2):
        one = proposed(operator, DECEMBER + timedelta(days=day))
        actions.confirm(notice=one, on_screen=one.content_digest(), by=second_operator.actor, at=DECEMBER)
    assert [one.state for one in queries.kept()] == [State.IN_FORCE, State.REPLACED, State.SENT_BACK]


def test_nobody_else_keeps_the_calendar(db, operator, river_bank_admin, fuzhou_regulator):
    notice = proposed(operator)
    for by in (river_bank_admin.actor, fuzhou_regulator.actor):
        with pytest.raises(NotAllowed):
            actions.propose(draft=DRAFT, by=by, at=DECEMBER)
        with pytest.raises(NotAllowed):
            actions.confirm(notice=notice, on_screen=notice.content_digest(), by=by, at=DECEMBER)
        with pytest.raises(NotAllowed):
            actions.send_back(notice=notice, by=by, at=DECEMBER)


def test_running_clocks_are_counted_again_and_new_ones_begin_right(db, red_star, operator, second_operator):
    market.product(code="RIVER001", of=market.institution(RIVER))
    given(red_star, at=DECEMBER)
    applied(red_star, at=DECEMBER.replace(day=31))
    before = Application.objects.get()
    assert (before.due_on, before.due_provisional) == (date(2027, 1, 1), True)
    notice = proposed(operator)
    actions.confirm(notice=notice, on_screen=notice.content_digest(), by=second_operator.actor, at=DECEMBER)
    tasks.tend_clocks(at=DECEMBER)
    after = Application.objects.get()
    assert (after.due_on, after.due_provisional) == (date(2027, 1, 4), False)
    market.product(code="RIVER002", of=market.institution(RIVER))
    fresh = applied(red_star, product_code="RIVER002", at=DECEMBER.replace(day=31))
    assert (fresh.due_on, fresh.due_provisional) == (date(2027, 1, 4), False)


def test_through_the_page_typed_by_one_and_confirmed_by_another(db, operator, second_operator):
    year = timezone.localdate().year + 1
    off = "\n".join(f"{year}-10-{day:02}" for day in range(1, 13))
    first, second = inside(operator), inside(second_operator)
    bad = first.post("/operator/calendar", {"year": year, "document": "示例通知", "days_off": "国庆"})
    assert (bad.status_code, "每行写一个日期" in bad.content.decode()) == (422, True)
    answer = {"year": year, "document": "示例通知〔2026〕1号", "days_off": off, "days_worked": ""}
    own = first.post("/operator/calendar", answer, follow=True).content.decode()
    assert "须由另一位运营人员复核后生效" in own
    assert "核对无误，生效" not in own
    notice = queries.kept().get()
    path = f"/operator/calendar/{notice.pk}/confirm"
    refused = first.post(path, {"digest": notice.content_digest()}, follow=True).content.decode()
    assert "请由另一位同事复核" in refused
    assert "核对无误，生效" in second.get("/operator/calendar").content.decode()
    second.post(path, {"digest": notice.content_digest()})
    assert queries.kept().get().state == State.IN_FORCE
