"""Nothing lies about: reminders, another person for what is late, and a refusal looked at by a second one.

Seen red, each with its guard taken out: reminded once; the day after the last; the seat and the role of whom it goes
to; two administrators at once.
"""

from datetime import date, timedelta

import pytest

from jinfuyun.accounts import actions as accounts
from jinfuyun.applications import actions, queries, tasks
from jinfuyun.applications.models import Application
from jinfuyun.applications.rules import Running, State, appeal_until, must_pass_on, reminder
from jinfuyun.audit.models import Line
from jinfuyun.kit.actor import Role, institution_house
from jinfuyun.kit.errors import NotAllowed, NotGranted, TooLate
from jinfuyun.kit.reasons import NotInOrder
from jinfuyun.notifications.models import Message, Notice
from jinfuyun.notifications.rules import Template
from tests import market
from tests.applications.steps import grant, to_review
from tests.cast import FRIDAY, MONDAY, THURSDAY, TUESDAY, WEDNESDAY, staff_person
from tests.market import HILL, OFFER, applied

NEXT_MONDAY = MONDAY + timedelta(days=7)
REASON = "新签了三百万元的订单合同"


def told(person, template) -> int:
    return Notice.objects.filter(user_id=person.user_id, template=template).count()


# -- reminders -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("today", "percent"),
    [
        (date(2026, 3, 2), 0), (date(2026, 3, 6), 0), (date(2026, 3, 9), 50), (date(2026, 3, 11), 50),
        (date(2026, 3, 12), 80), (date(2026, 3, 13), 80), (date(2026, 3, 16), 100), (date(2026, 4, 1), 100),
    ],
)  # fmt: skip
def test_a_clock_of_ten_working_days_reminds_at_half_four_fifths_and_the_end(today, percent):
    assert reminder(Running(date(2026, 3, 2), 10, date(2026, 3, 16)), today) == percent


@pytest.mark.parametrize("running", [Running(), Running(days=7), Running(due_on=date(2026, 3, 20))])
def test_a_clock_that_stands_still_reminds_nobody(running):
    assert reminder(running, date(2026, 5, 1)) == 0


def test_it_is_passed_on_when_a_whole_working_day_has_gone_by():
    friday = date(2026, 3, 6)
    assert [must_pass_on(friday, friday + timedelta(days=n)) for n in range(5)] == [False, False, False, False, True]
    assert not must_pass_on(None, friday)


def test_handler_and_administrator_are_reminded_once_of_each_step(
    application, river_bank_officer, river_bank_second_officer, river_bank_admin, hill_bank_admin, red_star_owner
):
    actions.accept(
        application=application, caller_name="江经理", caller_phone="95588", by=river_bank_officer.actor, at=MONDAY
    )
    for at in (TUESDAY, WEDNESDAY, WEDNESDAY, THURSDAY, THURSDAY):
        tasks.remind(at=at)
    assert told(river_bank_officer, Template.APPLICATION_REMINDED) == 2  # 66 % and 100 % of three days
    assert told(river_bank_admin, Template.APPLICATION_REMINDED) == 2
    for person in (river_bank_second_officer, hill_bank_admin, red_star_owner):
        assert told(person, Template.APPLICATION_REMINDED) == 0
    assert Line.objects.filter(action="application.reminded", uscc=application.uscc).count() == 2
    actions.contact(application=Application.objects.get(), note="已电话联系", by=river_bank_officer.actor, at=THURSDAY)
    assert Application.objects.get().reminded_percent == 0


def test_before_anybody_took_it_on_all_officers_are_reminded(
    application, river_bank_officer, river_bank_second_officer
):
    tasks.remind(at=TUESDAY)
    assert told(river_bank_officer, Template.APPLICATION_REMINDED) == 1
    assert told(river_bank_second_officer, Template.APPLICATION_REMINDED) == 1


def test_while_the_enterprise_has_to_answer_nobody_is_reminded(application, officer, river_bank_officer):
    to_review(application, officer)
    actions.ask_more(application=application, what="请补充订单合同", by=officer, at=TUESDAY)
    tasks.remind(at=MONDAY + timedelta(days=60))
    assert told(river_bank_officer, Template.APPLICATION_REMINDED) == 0


# -- another person --------------------------------------------------------------------------------------------------


def test_what_is_late_leaves_its_handler_and_waits_for_the_administrator(application, officer, river_bank_admin):
    actions.accept(application=application, caller_name="江经理", caller_phone="95588", by=officer, at=MONDAY)
    tasks.remind(at=FRIDAY)  # one day over
    assert Application.objects.get().caller_account == officer.id
    tasks.remind(at=NEXT_MONDAY)
    tasks.remind(at=NEXT_MONDAY)
    late = Application.objects.get()
    assert (late.caller_account, late.state, late.due_on) == ("", State.ACCEPTED, date(2026, 3, 5))
    assert told(river_bank_admin, Template.APPLICATION_LATE) == 1
    last = queries.moves(late).last()
    assert (last.act, last.source, last.target) == ("reassign", "accepted", "accepted")
    assert "超时转派" in last.why
    assert queries.to_assign(river_bank_admin.actor).first() == late


def test_the_administrator_gives_it_to_a_colleague_and_the_enterprise_learns_who_calls(
    application, officer, river_bank_second_officer, river_bank_admin
):
    actions.accept(application=application, caller_name="江经理", caller_phone="95588", by=officer, at=MONDAY)
    before = Message.objects.count()
    actions.reassign(
        application=application, to=river_bank_second_officer.user_id, why="", by=river_bank_admin.actor, at=FRIDAY
    )
    now = Application.objects.get()
    assert (now.caller_account, now.caller_name, now.caller_phone) == (
        river_bank_second_officer.user_id, "江副理", "13900000004"
    )  # fmt: skip
    assert (now.due_on, queries.moves(now).last().why) == (date(2026, 3, 5), "超时转派")
    assert Message.objects.count() == before + 1
    assert "江副理（13900000004）" in Message.objects.latest("made_at").text
    assert told(river_bank_second_officer, Template.APPLICATION_YOURS) == 1
    actions.contact(application=now, note="已电话联系", by=river_bank_second_officer.actor, at=FRIDAY)


def test_before_it_is_taken_on_only_the_colleague_is_told(application, river_bank_second_officer, river_bank_admin):
    actions.reassign(
        application=application, to=river_bank_second_officer.user_id, why="熟悉该企业", by=river_bank_admin.actor,
        at=MONDAY,
    )  # fmt: skip
    assert not Message.objects.filter(template=Template.APPLICATION_REASSIGNED).exists()
    assert queries.moves(application).last().why == "熟悉该企业"


def test_it_goes_only_to_an_open_officer_of_the_same_institution(
    application, river_bank_officer, river_bank_second_officer, river_bank_admin, river_bank_product_manager,
    hill_bank_officer,
):  # fmt: skip
    accounts.disable(user_id=river_bank_second_officer.user_id, because="离职", by=river_bank_admin.actor, at=MONDAY)
    for person in (river_bank_second_officer, river_bank_product_manager, hill_bank_officer):
        with pytest.raises(NotInOrder):
            actions.reassign(application=application, to=person.user_id, why="", by=river_bank_admin.actor, at=MONDAY)
    for by in (river_bank_officer.actor, staff_person(
        "institution", "hill.chief", "13900000019", "岭主管", institution_house("HILL"), Role.INSTITUTION_ADMIN
    ).actor):  # fmt: skip
        with pytest.raises(NotAllowed):
            actions.reassign(application=application, to=river_bank_officer.user_id, why="", by=by, at=MONDAY)
    assert Application.objects.get().caller_account == ""


def test_two_administrators_at_once_are_one(
    application, river_bank_officer, river_bank_second_officer, river_bank_admin
):
    stale = queries.application(application.number, visible_to=river_bank_admin.actor)
    by = river_bank_admin.actor
    actions.reassign(application=application, to=river_bank_officer.user_id, why="", by=by, at=MONDAY)
    with pytest.raises(TooLate):
        actions.reassign(application=stale, to=river_bank_second_officer.user_id, why="", by=by, at=MONDAY)
    with pytest.raises(NotInOrder):  # it is his already
        actions.reassign(application=application, to=river_bank_officer.user_id, why="", by=by, at=MONDAY)


def test_what_has_ended_goes_to_nobody(application, red_star, river_bank_officer, river_bank_admin):
    actions.withdraw(application=application, why="", by=red_star.owner, at=MONDAY)
    with pytest.raises(TooLate):
        actions.reassign(
            application=application, to=river_bank_officer.user_id, why="", by=river_bank_admin.actor, at=MONDAY
        )


def test_the_colleague_with_the_fewest_stands_first(
    application, river_bank_officer, river_bank_second_officer, river_bank_admin
):
    by = river_bank_admin.actor
    actions.reassign(application=application, to=river_bank_officer.user_id, why="", by=by, at=MONDAY)
    people = queries.handlers(by, FRIDAY.date())
    assert [(one.account_id, one.open_count, one.late_count) for one in people] == [
        (river_bank_second_officer.user_id, 0, 0), (river_bank_officer.user_id, 1, 1)
    ]  # fmt: skip


# -- a refusal looked at again ---------------------------------------------------------------------------------------


@pytest.fixture
def refused(application, officer, approver):
    to_review(application, officer)
    actions.reject(application=application, refusal=actions.Refused("credit"), by=approver, at=WEDNESDAY)
    return application


def test_another_approver_takes_the_refusal_back_and_it_goes_on(
    refused, red_star, approver, river_bank_approver, river_bank_second_approver
):
    actions.appeal(application=refused, why=REASON, by=red_star.owner, at=THURSDAY)
    assert (refused.state, refused.due_on, refused.release_on) == (State.RECONSIDERING, date(2026, 3, 12), None)
    assert told(river_bank_second_approver, Template.APPLICATION_APPEALED) == 1
    actions.reopen(application=refused, text="订单属实，恢复审批", by=river_bank_second_approver.actor, at=FRIDAY)
    assert (refused.state, refused.refusal_code, refused.decided_at) == (State.UNDER_REVIEW, "", None)
    assert refused.due_on == date(2026, 3, 13)  # the product's five days anew
    assert Message.objects.filter(template=Template.APPLICATION_REOPENED).count() == 1
    actions.approve(application=refused, offer=OFFER, by=approver, at=FRIDAY)
    assert refused.state == State.APPROVED


def test_another_approver_upholds_it_and_the_enterprise_reads_why(refused, red_star, river_bank_second_approver):
    actions.appeal(application=refused, why=REASON, by=red_star.owner, at=THURSDAY)
    actions.uphold(application=refused, text="订单尚未生效，维持原决定", by=river_bank_second_approver.actor, at=FRIDAY)
    assert (refused.state, refused.refusal_code, refused.release_on) == (State.REJECTED, "credit", date(2026, 3, 26))
    assert queries.moves(refused).last().why == "订单尚未生效，维持原决定"
    with pytest.raises(actions.CannotAppeal):  # once
        actions.appeal(application=refused, why=REASON, by=red_star.owner, at=FRIDAY)


def test_who_refused_does_not_look_at_it_again_not_under_another_account_either(refused, red_star, approver):
    twin = staff_person(
        "institution", "river.twin", "13900000005", "江审批", institution_house("RIVER"), Role.APPROVER
    ).actor
    actions.appeal(application=refused, why=REASON, by=red_star.owner, at=THURSDAY)
    for by in (approver, twin):
        with pytest.raises(actions.SamePerson):
            actions.uphold(application=refused, text="维持原决定", by=by, at=FRIDAY)
        with pytest.raises(actions.SamePerson):
            actions.reopen(application=refused, text="恢复审批", by=by, at=FRIDAY)
    assert refused.state == State.RECONSIDERING


def test_an_officer_decides_no_appeal_and_a_stranger_asks_for_none(refused, red_star, blue_sea, officer):
    with pytest.raises(NotAllowed):
        actions.appeal(application=refused, why=REASON, by=blue_sea.owner, at=THURSDAY)
    actions.appeal(application=refused, why=REASON, by=red_star.owner, at=THURSDAY)
    with pytest.raises(NotAllowed):
        actions.uphold(application=refused, text="维持原决定", by=officer, at=FRIDAY)


def test_after_five_working_days_it_is_too_late(refused, red_star):
    last = date(2026, 3, 11)
    assert appeal_until(WEDNESDAY.date()) == last
    assert queries.appeal_ends(refused, last) == last
    assert queries.appeal_ends(refused, last + timedelta(days=1)) is None
    with pytest.raises(actions.CannotAppeal):
        actions.appeal(application=refused, why=REASON, by=red_star.owner, at=WEDNESDAY + timedelta(days=8))


def test_an_appeal_needs_words(refused, red_star):
    with pytest.raises(NotInOrder):
        actions.appeal(application=refused, why=" 不 ", by=red_star.owner, at=THURSDAY)


def test_while_it_is_looked_at_again_the_bank_may_still_read_and_after_withdrawal_it_may_not(refused, red_star):
    actions.appeal(application=refused, why=REASON, by=red_star.owner, at=THURSDAY)
    much_later = WEDNESDAY + timedelta(days=30)
    tasks.tend(at=much_later)
    assert grant(red_star, much_later).uscc == red_star.uscc
    actions.withdraw(application=refused, why="", by=red_star.owner, at=much_later)
    with pytest.raises(NotGranted):
        grant(red_star, much_later)


def test_with_another_application_for_the_product_there_is_no_appeal(refused, red_star):
    applied(red_star, at=THURSDAY)
    with pytest.raises(actions.CannotAppeal, match="另一笔在办申请"):
        actions.appeal(application=refused, why=REASON, by=red_star.owner, at=THURSDAY)
    assert refused.state == State.REJECTED


def test_the_refused_enterprise_sees_what_else_takes_its_wish(refused):
    house = market.institution(HILL)
    market.product(code="HILL001", of=house)
    market.product(market.FACTORY_LOAN, code="HILL002", of=house)  # from 50 万元, six to 36 months
    small = market.replace(market.TAX_LOAN, amount_max_fen=50 * market.WAN)
    market.product(small, code="HILL003", of=house)
    assert [one.code for one in queries.next_best(refused)] == ["HILL002", "HILL001"]  # by rate; not the refused one


# -- somebody was first ----------------------------------------------------------------------------------------------


def test_who_comes_second_reads_who_was_first_and_what_became_of_it(application, red_star, officer, approver):
    to_review(application, officer)
    stale = queries.application(application.number, visible_to=approver)
    actions.withdraw(application=application, why="", by=red_star.owner, at=WEDNESDAY)
    with pytest.raises(TooLate, match="03-04 10:00 办理，申请现在是“撤回”"):
        actions.approve(application=stale, offer=OFFER, by=approver, at=WEDNESDAY)
    with pytest.raises(TooLate, match="申请现在是“撤回”"):
        actions.approve(application=application, offer=OFFER, by=approver, at=WEDNESDAY)
