"""An application from the enterprise's wish to the first money, and everything that may go another way.

Seen red, each with its guard taken out: person and house at a move and at submitting, the mandate's acts, the
approver's alone; the wish against the product, the consent in force, the market; the form sent twice, or another's;
one open application; the offer's last day and its lapse; the drawdown answered once, a dispute without words; the
masked number; whose application it is, for enterprise, institution and everybody else.
"""

from dataclasses import replace
from datetime import date, timedelta
from uuid import uuid4

import pytest

from jinfuyun.applications import actions, queries
from jinfuyun.applications.actions.moving import move
from jinfuyun.applications.models import Application, Move
from jinfuyun.applications.rules import Act, State
from jinfuyun.audit.models import Line
from jinfuyun.consents import actions as consents
from jinfuyun.kit.actor import Role, institution_house, platform
from jinfuyun.kit.calendar import SEEDED, Notices
from jinfuyun.kit.errors import NotAllowed, NotFound, NotGranted, TooLate
from jinfuyun.kit.lending import Security
from jinfuyun.kit.reasons import NotInOrder
from jinfuyun.notifications.models import Message
from jinfuyun.notifications.rules import Template
from jinfuyun.products.models import Product
from jinfuyun.products.rules import State as ProductState
from tests import market
from tests.applications.steps import DRAWDOWN, grant, to_contract, to_offer, to_review
from tests.cast import FRIDAY, MONDAY, THURSDAY, TUESDAY, WEDNESDAY, given, staff_person
from tests.market import OFFER, RIVER, WAN, WISH, applied

# -- the straight way ------------------------------------------------------------------------------------------------


def test_from_wish_to_first_money(application, red_star, officer, approver):
    to_contract(application, officer, approver, red_star.owner)
    actions.fund(application=application, drawdown=DRAWDOWN, by=officer, at=FRIDAY)
    actions.answer_drawdown(application=application, agrees=True, text="", by=red_star.owner, at=FRIDAY)
    assert (application.state, application.drawdown_answer) == (State.FUNDED, "confirmed")
    assert [(one.act, one.target) for one in queries.moves(application)] == [
        ("submit", "submitted"), ("accept", "accepted"), ("contact", "contacted"), ("review", "under_review"),
        ("approve", "approved"), ("accept_offer", "offer_accepted"), ("sign", "contracted"), ("fund", "funded"),
    ]  # fmt: skip
    booked = Line.objects.filter(subject=f"application:{application.number}", uscc=red_star.uscc)
    assert booked.count() == 9
    assert all(line.consent_number == application.consent_number for line in booked)


def test_each_move_says_until_when_the_next_is_due(application, red_star, officer, approver):
    to_contract(application, officer, approver, red_star.owner)
    assert [one.due_on for one in queries.moves(application)] == [
        date(2026, 3, 3),  # accept within one working day
        date(2026, 3, 5),  # contact within three
        date(2026, 3, 10),  # decide within the five the product promises, from the contact on
        date(2026, 3, 10),
        OFFER.valid_till,
        date(2026, 3, 12),  # unsecured: five working days from the enterprise's yes to the money
        date(2026, 3, 12),
    ]


def test_submitting_names_the_institution_in_the_consent(river_product, red_star):
    given(red_star)
    with pytest.raises(NotGranted):
        grant(red_star, MONDAY)
    applied(red_star)
    assert grant(red_star, MONDAY).uscc == red_star.uscc


def test_without_a_consent_in_force_nobody_applies(river_product, red_star):
    with pytest.raises(actions.NeedsConsent):
        applied(red_star)
    consent = given(red_star)
    consents.pause(consent=consent, by=red_star.owner, at=MONDAY)
    with pytest.raises(actions.NeedsConsent):
        applied(red_star)
    assert not Application.objects.exists()


def test_the_enterprise_is_told_who_will_call_before_anybody_does(application, officer):
    actions.accept(application=application, caller_name="江经理", caller_phone="0591-87000001", by=officer, at=MONDAY)
    text = Message.objects.get(template=Template.APPLICATION_ACCEPTED).text
    assert "江经理（0591-87000001）" in text
    assert "不收取" in text
    again = queries.application(application.number, visible_to=officer)
    assert (again.caller_name, again.caller_phone, again.caller_account) == ("江经理", "0591-87000001", officer.id)


def test_the_application_stays_with_the_version_it_was_made_on(application, river_product):
    assert application.version == river_product.current


# -- the same form, other forms --------------------------------------------------------------------------------------


def test_the_same_form_sent_twice_is_one_application(river_product, red_star):
    given(red_star)
    token = uuid4()
    first, second = (
        actions.submit(
            uscc=red_star.uscc, product_code="RIVER001", wish=WISH, form_token=token, by=red_star.owner, at=MONDAY
        )
        for _ in range(2)
    )
    assert first == second
    assert Application.objects.count() == 1
    assert Move.objects.count() == 1


def test_the_same_form_sent_again_after_the_product_left_the_market_is_still_the_same_application(
    river_product, red_star
):
    given(red_star)
    form = {"product_code": "RIVER001", "wish": WISH, "form_token": uuid4(), "by": red_star.owner}
    first = actions.submit(uscc=red_star.uscc, at=MONDAY, **form)
    Product.objects.update(state=ProductState.PAUSED)
    assert actions.submit(uscc=red_star.uscc, at=TUESDAY, **form) == first


def test_another_enterprises_form_token_opens_nothing(river_product, red_star, blue_sea):
    given(red_star)
    given(blue_sea)
    token = uuid4()
    form = {"product_code": "RIVER001", "wish": WISH, "form_token": token, "at": MONDAY}
    actions.submit(uscc=red_star.uscc, by=red_star.owner, **form)
    with pytest.raises(TooLate):
        actions.submit(uscc=blue_sea.uscc, by=blue_sea.owner, **form)


def test_one_open_application_a_product_and_a_new_one_after_the_end(application, red_star):
    with pytest.raises(actions.AlreadyOpen, match=application.number):
        applied(red_star)
    actions.withdraw(application=application, why="", by=red_star.owner, at=MONDAY)
    assert applied(red_star).state == State.SUBMITTED


@pytest.mark.parametrize("state", [state for state in ProductState if state is not ProductState.LISTED])
def test_nobody_applies_for_what_is_not_on_the_market(river_product, red_star, state):
    given(red_star)
    Product.objects.update(state=state)
    with pytest.raises(NotFound):
        applied(red_star)


def test_a_wish_outside_the_product_is_refused(river_product, red_star):
    given(red_star)
    with pytest.raises(NotInOrder):
        applied(red_star, wish=replace(WISH, amount_fen=301 * WAN))


# -- who may see and do what -----------------------------------------------------------------------------------------


def test_a_strangers_application_does_not_exist(application, blue_sea, hill_bank_officer, operator, fuzhou_regulator):
    for somebody in (blue_sea.owner, hill_bank_officer.actor, operator.actor, fuzhou_regulator.actor):
        with pytest.raises(NotFound):
            queries.application(application.number, visible_to=somebody)


def test_another_banks_officer_and_another_owner_may_do_nothing(application, blue_sea, hill_bank_officer):
    with pytest.raises(NotAllowed):
        actions.accept(
            application=application,
            caller_name="岭经理",
            caller_phone="0591-87000001",
            by=hill_bank_officer.actor,
            at=MONDAY,
        )
    with pytest.raises(NotAllowed):
        actions.withdraw(application=application, why="", by=blue_sea.owner, at=MONDAY)
    with pytest.raises(NotAllowed):
        actions.submit(
            uscc=application.uscc, product_code="RIVER001", wish=WISH, form_token=uuid4(), by=blue_sea.owner, at=MONDAY
        )
    application.refresh_from_db()
    assert application.state == State.SUBMITTED


def test_an_officer_handles_but_only_an_approver_decides(application, officer, approver):
    to_review(application, officer)
    with pytest.raises(NotAllowed):
        actions.approve(application=application, offer=OFFER, by=officer, at=WEDNESDAY)
    with pytest.raises(NotAllowed):
        actions.reject(application=application, refusal=actions.Refused("credit"), by=officer, at=WEDNESDAY)


def test_readers_and_product_managers_handle_nothing(application, river_bank_product_manager):
    reader = staff_person(
        "institution", "river.reader", "13900000006", "江查询", institution_house("RIVER"), Role.INSTITUTION_READER
    )
    for somebody in (river_bank_product_manager, reader):
        with pytest.raises(NotAllowed):
            actions.review(application=application, by=somebody.actor, at=MONDAY)


# -- the other ways --------------------------------------------------------------------------------------------------


def test_missing_papers_stop_the_clock_visibly(application, red_star, officer):
    to_review(application, officer)
    actions.ask_more(application=application, what="请说明去年四季度销售下降的原因", by=officer, at=WEDNESDAY)
    assert (application.state, application.due_on, application.clock_days) == (State.ACTION_REQUIRED, None, 4)
    actions.supply(
        application=application, text="客户停产检修，合同已恢复", by=red_star.owner, at=FRIDAY + timedelta(days=10)
    )
    assert (application.state, application.due_on) == (State.UNDER_REVIEW, date(2026, 3, 20))
    assert [one.why for one in queries.moves(application)][-2:] == [
        "请说明去年四季度销售下降的原因", "客户停产检修，合同已恢复"
    ]  # fmt: skip


def test_an_offer_may_be_accepted_on_its_last_day_and_not_after(application, red_star, officer, approver):
    to_offer(application, officer, approver)
    last_minute = MONDAY.replace(month=3, day=20, hour=23, minute=59)
    with pytest.raises(actions.OfferOver):
        actions.accept_offer(application=application, by=red_star.owner, at=last_minute + timedelta(minutes=1))
    actions.accept_offer(application=application, by=red_star.owner, at=last_minute)


def test_an_offer_nobody_answers_lapses(application, red_star, officer, approver):
    to_offer(application, officer, approver)
    assert actions.lapse_offers(by=platform("test"), at=MONDAY.replace(day=20)) == 0
    assert actions.lapse_offers(by=platform("test"), at=MONDAY.replace(day=21)) == 1
    application.refresh_from_db()
    assert application.state == State.OFFER_DECLINED
    with pytest.raises(NotGranted):
        grant(red_star, MONDAY.replace(day=21))


def test_the_time_for_the_money_follows_the_offers_security(db, red_star, officer, approver):
    given(red_star)
    market.product(market.FACTORY_LOAN, code="RIVER001", of=market.institution(RIVER))
    application = applied(red_star, wish=replace(WISH, amount_fen=500 * WAN))
    offer = replace(OFFER, security=Security.MORTGAGE, rate_bp=350)
    to_offer(application, officer, approver, offer)
    actions.accept_offer(application=application, by=red_star.owner, at=THURSDAY)
    assert application.due_on == date(2026, 4, 2)


def test_a_clerk_applies_only_where_the_mandate_says_so(application, red_star):
    clerk = replace(red_star.owner, id=application.submitted_by, roles=frozenset({Role.ENTERPRISE_CLERK}))
    with pytest.raises(NotAllowed, match="授权不包含此事项"):
        actions.withdraw(application=application, why="", by=clerk, at=MONDAY)
    with pytest.raises(NotAllowed):
        actions.accept_offer(application=application, by=clerk, at=MONDAY)


def test_the_drawdown_is_answered_once_and_a_dispute_says_why(application, red_star, officer, approver):
    with pytest.raises(TooLate):
        actions.answer_drawdown(application=application, agrees=True, text="", by=red_star.owner, at=FRIDAY)
    to_contract(application, officer, approver, red_star.owner)
    actions.fund(application=application, drawdown=DRAWDOWN, by=officer, at=FRIDAY)
    with pytest.raises(NotInOrder):
        actions.answer_drawdown(application=application, agrees=False, text="", by=red_star.owner, at=FRIDAY)
    actions.answer_drawdown(application=application, agrees=False, text="实到 49 万元", by=red_star.owner, at=FRIDAY)
    assert (application.drawdown_answer, application.drawdown_text) == ("disputed", "实到 49 万元")
    with pytest.raises(TooLate):
        actions.answer_drawdown(application=application, agrees=True, text="", by=red_star.owner, at=FRIDAY)


def test_the_contract_is_not_older_than_the_application_by_the_clock_of_fujian(
    river_product, red_star, officer, approver
):
    """Applied for at one in the morning of Tuesday, which is still Monday in Greenwich."""
    given(red_star)
    application = applied(red_star, at=TUESDAY.replace(hour=1))
    to_offer(application, officer, approver)
    actions.accept_offer(application=application, by=red_star.owner, at=THURSDAY)
    this = {"application": application, "contract_number": "JK20260305001", "by": officer, "at": FRIDAY}
    application.refresh_from_db()
    with pytest.raises(NotInOrder):
        actions.sign(signed_on=MONDAY.date(), **this)
    actions.sign(signed_on=TUESDAY.date(), **this)


def test_the_contract_number_is_kept_masked(application, red_star, officer, approver):
    to_contract(application, officer, approver, red_star.owner)
    assert application.contract_number == "JK****01"


def test_provisional_clocks_are_counted_again_when_the_notice_comes(river_product, red_star):
    given(red_star, at=MONDAY.replace(month=12, day=30))
    application = applied(red_star, at=MONDAY.replace(month=12, day=31))
    assert (application.due_on, application.due_provisional) == (date(2027, 1, 1), True)
    notices = Notices(SEEDED.days_off | {date(2027, 1, 1)}, SEEDED.days_worked, SEEDED.years | {2027})
    at = MONDAY.replace(year=2027, month=1, day=1)
    assert actions.set_clocks_right(by=platform("test"), at=at) == 0
    assert actions.set_clocks_right(by=platform("test"), at=at, notices=notices) == 1
    application.refresh_from_db()
    assert (application.due_on, application.due_provisional) == (date(2027, 1, 4), False)


def test_personal_data_of_an_application_is_not_in_its_table(application, officer, red_star):
    actions.accept(application=application, caller_name="江经理", caller_phone="13900000003", by=officer, at=MONDAY)
    row = Application.objects.filter(pk=application.pk).values().get()
    text = str({name: value for name, value in row.items() if name not in ("contact_name", "contact_phone")})
    assert red_star.legal_phone not in text
    assert "13900000003" not in text


def test_the_trays_hold_what_waits_for_whom_the_first_due_on_top(application, red_star, officer, river_product):
    later = applied_elsewhere(red_star)
    assert [one.number for one in queries.inbox(officer, "todo")] == [application.number, later.number]
    actions.withdraw(application=application, why="", by=red_star.owner, at=FRIDAY)
    assert queries.tray_counts(officer, date(2026, 3, 4)) == {
        "todo": 1, "waiting": 0, "ended": 1, "today": 0, "late": 0
    }  # fmt: skip
    assert queries.tray_counts(officer, date(2026, 3, 5))["today"] == 1
    assert queries.tray_counts(officer, date(2026, 3, 6))["late"] == 1


def applied_elsewhere(firm) -> Application:
    market.product(code="RIVER002", of=market.institution(RIVER))
    return applied(firm, product_code="RIVER002", at=WEDNESDAY)


def test_a_step_the_table_does_not_know_is_refused_from_everywhere(application, red_star, officer, approver):
    """Every act from every state: done exactly where the table says so."""
    from jinfuyun.applications.rules import SIDE, TRANSITION, Holder

    hands = {Holder.INSTITUTION: approver, Holder.ENTERPRISE: red_star.owner, Holder.NOBODY: platform("test")}
    for state in State:
        for act, step in TRANSITION.items():
            Application.objects.filter(pk=application.pk).update(state=state, due_on=None)
            application.refresh_from_db()
            by = hands[SIDE[step.permission]]
            if state in step.sources:
                move(application=application, act=act, by=by, at=MONDAY)
                assert application.state == step.target
            else:
                with pytest.raises(TooLate):
                    move(application=application, act=act, by=by, at=MONDAY)


def test_a_step_from_an_old_page_is_refused(application, officer, red_star):
    stale = queries.application(application.number, visible_to=officer)
    actions.withdraw(application=application, why="", by=red_star.owner, at=MONDAY)
    with pytest.raises(TooLate):
        move(application=stale, act=Act.ACCEPT, by=officer, at=MONDAY)
