"""A loan from its first money to its end: lines, entries, answers, reversals, the night's work, the consent's end."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import ProgrammingError, connection, transaction

from jinfuyun.applications.rules import State as ApplicationState
from jinfuyun.audit.models import Line
from jinfuyun.consents import queries as consents_read
from jinfuyun.consents.models import Consent, NamedInstitution
from jinfuyun.kit.actor import platform
from jinfuyun.kit.errors import NotAllowed, NotFound, Refused, TooLate
from jinfuyun.kit.jobs import Job
from jinfuyun.kit.reasons import NotInOrder
from jinfuyun.loans import actions, queries
from jinfuyun.loans.models import CreditLine, Loan, LoanEvent
from jinfuyun.loans.rules import Act, Drawdown, Grade, LineAct, LineState, State, Way
from jinfuyun.loans.tasks import tend
from jinfuyun.notifications.models import Message, Notice
from tests import market
from tests.applications.steps import to_contract
from tests.cast import FRIDAY, given
from tests.loans.steps import DRAWN_ON, FIRST, GUARANTEED, ONE_OFF, enter, funded, on
from tests.market import OFFER, RIVER, WAN, WISH, applied

DUE = date(2027, 3, 6)
BY = platform(Job.TEND_LOANS)
AGAIN = Drawdown(amount_fen=30 * WAN, rate_bp=390, on=DRAWN_ON, due_on=date(2026, 9, 6), purpose="stock")


def notices(template: str) -> int:
    return Notice.objects.filter(template=template).count()


def test_the_first_money_ends_the_application_and_opens_line_contract_and_loan(loan, application):
    application.refresh_from_db()
    assert application.state == ApplicationState.FUNDED
    line = loan.line
    assert (line.amount_fen, line.kind, line.contract_number, line.state) == (
        80 * WAN, "revolving", "JK****01", LineState.IN_FORCE
    )  # fmt: skip
    assert (loan.amount_fen, loan.balance_fen, loan.state, loan.due_on) == (50 * WAN, 50 * WAN, State.REPAYING, DUE)
    assert (loan.is_first_loan, loan.is_unsecured, len(loan.plan)) == (True, True, 12)
    assert loan.next_due_on == date(2026, 4, 6)
    assert [event.act for event in loan.events.all()] == ["draw"]
    assert set(Line.objects.filter(uscc=loan.uscc, action__regex="^(loan|line)").values_list("action", flat=True)) == {
        "line.open", "loan.draw"
    }  # fmt: skip


def test_nothing_is_left_of_a_first_report_that_cannot_stand(application, officer, approver, red_star):
    to_contract(application, officer, approver, red_star.owner)
    late = actions.Agreed(due_on=DUE + timedelta(days=1))
    with pytest.raises(NotInOrder), transaction.atomic():
        actions.fund(application=application, first=FIRST, agreed=late, by=officer, at=FRIDAY)
    application.refresh_from_db()
    assert (application.state, CreditLine.objects.count()) == (ApplicationState.CONTRACTED, 0)


def test_a_revolving_line_gives_its_repaid_part_again_a_one_off_line_does_not(loan, officer):
    with pytest.raises(NotInOrder) as above:
        actions.draw(line=loan.line, drawdown=replace(AGAIN, amount_fen=31 * WAN), by=officer, at=FRIDAY)
    assert [reason.field for reason in above.value.reasons] == ["amount"]
    second = actions.draw(line=loan.line, drawdown=AGAIN, by=officer, at=FRIDAY)
    assert queries.room(loan.line).left_fen == 0
    enter(second, Act.REPAY, date(2026, 4, 6), officer, principal_fen=10 * WAN)
    assert queries.room(loan.line).left_fen == 10 * WAN
    assert notices("loan_drawn") == 1


def test_every_reason_against_a_drawdown_is_given(loan, officer):
    wrong = Drawdown(
        amount_fen=31 * WAN, rate_bp=391, on=date(2026, 3, 4), due_on=date(2027, 3, 5), purpose="stock",
        purpose_text="长" * 201, reference="9" * 41,
    )  # fmt: skip
    with pytest.raises(NotInOrder) as refused:
        actions.draw(line=loan.line, drawdown=wrong, by=officer, at=FRIDAY)
    fields = [reason.field for reason in refused.value.reasons]
    assert fields == ["amount", "rate", "on", "due_on", "purpose_text", "reference"]


def test_a_one_off_line_is_used_up(db, red_star, officer, approver):
    market.product(ONE_OFF, code="RIVER001", of=market.institution(RIVER))
    given(red_star)
    loan = funded(applied(red_star), officer, approver, red_star.owner, first=replace(FIRST, amount_fen=80 * WAN))
    assert loan.line.state == LineState.USED
    enter(loan, Act.REPAY, date(2026, 4, 6), officer, principal_fen=10 * WAN)
    with pytest.raises(NotInOrder, match="已用完"):
        actions.draw(line=loan.line, drawdown=AGAIN, by=officer, at=FRIDAY)


def test_only_its_own_people_and_enterprise_see_a_loan(loan, officer, red_star, blue_sea, hill_bank_officer):
    assert queries.loan(loan.number, visible_to=officer) == queries.loan(loan.number, visible_to=red_star.owner)
    for stranger in (blue_sea.owner, hill_bank_officer.actor, BY):
        with pytest.raises(NotFound):
            queries.loan(loan.number, visible_to=stranger)
    with pytest.raises(NotAllowed):
        enter(loan, Act.REPAY, date(2026, 4, 6), hill_bank_officer.actor, principal_fen=1)


def test_what_an_approver_decides_an_officer_does_not(loan, officer):
    actions.mark_overdue(by=BY, at=on(date(2026, 4, 10)))
    loan.refresh_from_db()
    for act in (Act.WRITE_OFF, Act.PAY_OUT):
        with pytest.raises(NotAllowed):
            enter(loan, act, date(2026, 4, 10), officer, why="多次催收无果")
    with pytest.raises(NotAllowed):
        actions.reverse(event=loan.events.first(), why="录错了金额", by=officer, at=FRIDAY)
    with pytest.raises(NotAllowed):
        actions.tend_line(line=loan.line, act=LineAct.FREEZE, by=officer, at=FRIDAY)


def test_the_night_marks_what_was_not_paid_and_a_repayment_ends_it(loan, officer):
    assert actions.mark_overdue(by=BY, at=on(date(2026, 4, 6))) == 0
    assert actions.mark_overdue(by=BY, at=on(date(2026, 4, 7))) == 1
    assert actions.mark_overdue(by=BY, at=on(date(2026, 4, 8))) == 0
    loan.refresh_from_db()
    assert (loan.state, loan.overdue_since) == (State.OVERDUE, date(2026, 4, 6))
    enter(loan, Act.REPAY, date(2026, 4, 9), officer, interest_fen=loan.next_due_fen)
    assert (loan.state, loan.overdue_since, loan.next_due_on) == (State.REPAYING, None, date(2026, 5, 6))
    assert [(event.act, event.source, event.target) for event in loan.events.all()] == [
        ("draw", "", "repaying"), ("fall_overdue", "repaying", "overdue"), ("repay", "overdue", "repaying")
    ]  # fmt: skip
    assert Message.objects.filter(template="loan_overdue").count() == 1


def test_a_wrong_repayment_is_reversed_and_entered_anew(loan, officer, approver):
    enter(loan, Act.REPAY, date(2026, 4, 6), officer, principal_fen=20 * WAN, interest_fen=167_917, reference="L1")
    wrong = loan.events.last()
    enter(loan, Act.REPAY, date(2026, 4, 7), officer, principal_fen=30 * WAN)
    assert (loan.state, loan.way) == (State.SETTLED, Way.EARLY)
    with pytest.raises(NotInOrder) as told:
        enter(loan, Act.REPAY, date(2026, 4, 7), officer, principal_fen=1)
    assert "已结清" in str(told.value)
    actions.reverse(event=wrong, why="本金多录了一位", by=approver, at=on(date(2026, 4, 8)))
    wrong.loan.refresh_from_db()
    loan.refresh_from_db()
    assert (loan.state, loan.balance_fen, loan.interest_paid_fen) == (State.OVERDUE, 20 * WAN, 0)
    assert loan.events.last().reverses_id == wrong.pk
    with pytest.raises(TooLate):
        actions.reverse(event=wrong, why="再冲一次", by=approver, at=on(date(2026, 4, 8)))
    enter(loan, Act.REPAY, date(2026, 4, 8), officer, principal_fen=2 * WAN, interest_fen=167_917)
    assert (loan.state, loan.balance_fen) == (State.REPAYING, 18 * WAN)


def test_a_reversal_that_later_entries_rest_on_is_refused(loan, officer, approver):
    with pytest.raises(NotInOrder):
        actions.reverse(event=loan.events.first(), why="", by=approver, at=FRIDAY)
    actions.mark_overdue(by=BY, at=on(date(2026, 4, 8)))
    loan.refresh_from_db()
    enter(loan, Act.REPAY, date(2026, 4, 9), officer, interest_fen=loan.next_due_fen)
    interest = loan.events.last()
    enter(loan, Act.PROLONG, date(2026, 4, 10), officer, due_on=date(2027, 6, 6))
    with pytest.raises(NotInOrder, match="之后的记录不再成立"):
        actions.reverse(event=interest, why="利息录错了", by=approver, at=on(date(2026, 4, 11)))
    with pytest.raises(NotInOrder, match="逐笔冲正"):
        actions.reverse(event=loan.events.first(), why="金额录错了", by=approver, at=on(date(2026, 4, 11)))


def test_a_wrong_drawdown_is_reversed_and_frees_the_line(loan, approver, officer):
    actions.reverse(event=loan.events.first(), why="金额应为 30 万元", by=approver, at=FRIDAY)
    loan.refresh_from_db()
    assert (loan.state, loan.balance_fen) == (State.REVERSED, 0)
    assert queries.room(loan.line).left_fen == 80 * WAN
    assert actions.draw(line=loan.line, drawdown=AGAIN, by=officer, at=FRIDAY).balance_fen == 30 * WAN


def test_a_banks_own_number_is_used_once(loan, officer):
    enter(loan, Act.REPAY, date(2026, 4, 6), officer, principal_fen=1, reference="L1")
    with pytest.raises(NotInOrder) as used:
        enter(loan, Act.REPAY, date(2026, 4, 6), officer, principal_fen=1, reference="L1")
    assert [reason.field for reason in used.value.reasons] == ["reference"]
    assert loan.events.count() == 2


def test_the_book_cannot_be_changed(loan):
    for statement in ("UPDATE loan_event SET principal_fen = 1", "DELETE FROM loan_event"):
        with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    assert LoanEvent.objects.get().principal_fen == 50 * WAN


def test_the_enterprise_confirms_or_disputes_once(loan, red_star, application, river_bank_officer):
    with pytest.raises(NotAllowed):
        actions.answer(loan=loan, agrees=True, text="", by=river_bank_officer.actor, at=FRIDAY)
    with pytest.raises(NotInOrder):
        actions.answer(loan=loan, agrees=False, text="", by=red_star.owner, at=FRIDAY)
    actions.answer(loan=loan, agrees=False, text="实到 49 万元", by=red_star.owner, at=FRIDAY)
    application.refresh_from_db()
    assert (loan.answer, loan.answer_text, application.drawdown_answer) == ("disputed", "实到 49 万元", "disputed")
    assert notices("loan_disputed") == 2  # officer and approver
    with pytest.raises(TooLate):
        actions.answer(loan=loan, agrees=True, text="", by=red_star.owner, at=FRIDAY)


def test_who_does_not_answer_is_reminded_on_day_three_and_seven(loan, red_star):
    days = [day for day in range(1, 12) if actions.remind(by=BY, at=FRIDAY + timedelta(days=day))]
    assert days == [3, 7]
    assert Message.objects.filter(template="loan_reminded").count() == 2


def test_who_answered_is_not_reminded(loan, red_star):
    actions.answer(loan=loan, agrees=True, text="", by=red_star.owner, at=FRIDAY)
    assert actions.remind(by=BY, at=FRIDAY + timedelta(days=8)) == 0


def test_a_frozen_line_gives_nothing_an_expired_one_ends(loan, approver, officer):
    actions.tend_line(line=loan.line, act=LineAct.FREEZE, by=approver, at=FRIDAY)
    with pytest.raises(TooLate):
        actions.tend_line(line=loan.line, act=LineAct.FREEZE, by=approver, at=FRIDAY)
    with pytest.raises(NotInOrder, match="冻结"):
        actions.draw(line=loan.line, drawdown=AGAIN, by=officer, at=FRIDAY)
    tend(at=on(date(2027, 3, 5)))
    loan.line.refresh_from_db()
    assert loan.line.state == LineState.FROZEN
    tend(at=on(date(2027, 3, 6)))
    loan.line.refresh_from_db()
    assert loan.line.state == LineState.EXPIRED


def settle(loan, officer, day=date(2026, 4, 6)):
    enter(loan, Act.SETTLE, day, officer, principal_fen=loan.balance_fen, interest_fen=167_917)


def test_the_last_settlement_ends_a_consent_until_settlement(loan, officer, approver, red_star):
    consent = Consent.objects.get()
    settle(loan, officer)
    assert (loan.state, notices("loan_settled")) == (State.SETTLED, 3)  # both sides
    assert consents_read.living(red_star.uscc) is not None  # the revolving line still lends
    actions.tend_line(line=loan.line, act=LineAct.CLOSE, by=approver, at=on(date(2026, 4, 7)))
    consent.refresh_from_db()
    assert (consent.state, consent.ended_at) == ("settled", on(date(2026, 4, 7)))
    assert not consents_read.named(consent.pk).exists()
    assert Line.objects.filter(action="consent.settled", uscc=red_star.uscc).count() == 1
    assert notices("consent_settled") == 3


def test_a_consent_goes_on_while_something_else_is_under_way(loan, officer, approver, red_star):
    market.product(code="HILL001", of=market.institution(market.LANLUWAN))
    applied(red_star, product_code="HILL001", at=on(date(2026, 4, 1)))
    settle(loan, officer)
    actions.tend_line(line=loan.line, act=LineAct.CLOSE, by=approver, at=on(date(2026, 4, 7)))
    living = consents_read.living(red_star.uscc)
    assert [row.institution_code for row in consents_read.named(living.pk)] == [market.LANLUWAN.code]


def test_the_night_ends_what_the_settlement_could_not(db, red_star, officer, approver, monkeypatch):
    """Settled while something failed: the bank is still named."""
    market.product(ONE_OFF, code="RIVER001", of=market.institution(RIVER))
    given(red_star)
    loan = funded(applied(red_star), officer, approver, red_star.owner, first=replace(FIRST, amount_fen=80 * WAN))
    with monkeypatch.context() as broken:
        broken.setattr("jinfuyun.loans.actions.institution.settle_up", lambda **_: None)
        settle(loan, officer)
    assert consents_read.named(consents_read.living(red_star.uscc).pk).count() == 1
    for _ in range(2):
        tend(at=on(date(2026, 4, 8)))
    assert (Consent.objects.get().state, notices("consent_settled")) == ("settled", 3)
    assert Line.objects.filter(action="consent.institution_released").count() == 1


def test_the_night_ends_a_consent_once_the_last_other_bank_is_let_go(loan, officer, approver, red_star):
    """A refused application's bank stays named for twenty days; the loan was settled meanwhile."""
    market.product(code="HILL001", of=market.institution(market.LANLUWAN))
    other = applied(red_star, product_code="HILL001", at=on(date(2026, 4, 1)))
    settle(loan, officer)
    actions.tend_line(line=loan.line, act=LineAct.CLOSE, by=approver, at=on(date(2026, 4, 7)))
    tend(at=on(date(2026, 4, 8)))
    assert consents_read.living(red_star.uscc) is not None
    NamedInstitution.objects.filter(because=other.number).update(until=on(date(2026, 4, 9)))
    tend(at=on(date(2026, 4, 10)))
    assert consents_read.living(red_star.uscc) is None


def test_the_night_leaves_a_consent_alone_that_was_signed_since_or_is_owed_under(loan, officer, approver, red_star):
    tend(at=on(date(2026, 3, 10)))
    assert consents_read.living(red_star.uscc) is not None
    settle(loan, officer)
    actions.tend_line(line=loan.line, act=LineAct.CLOSE, by=approver, at=on(date(2026, 4, 7)))
    fresh = given(red_star, at=on(date(2026, 4, 8)))
    tend(at=on(date(2026, 4, 9)))
    assert consents_read.living(red_star.uscc) == fresh


def test_a_consent_with_a_fixed_term_only_loses_the_institution(db, red_star, officer, approver):
    market.product(ONE_OFF, code="RIVER001", of=market.institution(RIVER))
    given(red_star, end=date(2027, 1, 1))
    loan = funded(applied(red_star), officer, approver, red_star.owner, first=replace(FIRST, amount_fen=80 * WAN))
    settle(loan, officer)
    living = consents_read.living(red_star.uscc)
    assert (living.state, consents_read.named(living.pk).exists()) == ("active", False)


def test_the_guarantor_pays_out(db, red_star, officer, approver):
    market.product(GUARANTEED, code="RIVER001", of=market.institution(RIVER))
    given(red_star)
    offer = replace(OFFER, security=GUARANTEED.securities[0])
    loan = funded(applied(red_star), officer, approver, red_star.owner, offer=offer)
    actions.mark_overdue(by=BY, at=on(date(2026, 4, 10)))
    day = date(2026, 4, 10)
    enter(loan, Act.PAY_OUT, day, approver, principal_fen=50 * WAN, interest_fen=100)
    assert (loan.state, loan.balance_fen, loan.claim_fen) == (State.COMPENSATED, 0, 50 * WAN + 100)
    enter(loan, Act.RECOVER, day, officer, principal_fen=50 * WAN + 100)
    assert (loan.state, loan.way) == (State.SETTLED, Way.COMPENSATED)


def test_a_loan_near_its_end_is_renewed_and_its_successor_settles_it(loan, officer, approver, red_star):
    with pytest.raises(Refused, match="到期前"):
        actions.ask_renewal(loan=loan, wish=WISH, form_token=TOKEN, by=red_star.owner, at=FRIDAY)
    new, at = asked_to_renew(loan, officer, red_star.owner)
    assert actions.tell_of_the_end(by=BY, at=at) == 1
    assert actions.tell_of_the_end(by=BY, at=at) == 0
    assert new == actions.ask_renewal(loan=loan, wish=WISH, form_token=TOKEN, by=red_star.owner, at=at)
    assert queries.renewable(loan, at.date()).number == new.number
    successor = renewed(new, officer, approver, red_star.owner, at)
    loan.refresh_from_db()
    assert (loan.state, loan.way, successor.renews_id, successor.renewal) == (
        State.SETTLED, Way.RENEWED, loan.pk, "no_principal"
    )  # fmt: skip


def asked_to_renew(loan, officer, owner):
    """Ten months on, all interest paid."""
    for month in range(1, 12):
        day = date(2026 + (2 + month) // 12, (2 + month) % 12 + 1, 6)
        enter(loan, Act.REPAY, day, officer, interest_fen=loan.next_due_fen)
    at = on(date(2027, 2, 10))
    return actions.ask_renewal(loan=loan, wish=WISH, form_token=TOKEN, by=owner, at=at), at


def test_a_loan_that_was_paid_back_before_its_renewal_is_not_renewed(loan, officer, approver, red_star):
    """Seen red: the bank could not report the new money at all."""
    new, at = asked_to_renew(loan, officer, red_star.owner)
    enter(loan, Act.SETTLE, at.date(), officer, principal_fen=50 * WAN)
    successor = renewed(new, officer, approver, red_star.owner, at)
    loan.refresh_from_db()
    assert (loan.way, successor.renews_id, successor.renewal) == (Way.EARLY, None, "")


def test_the_drawdown_that_settled_another_loan_is_reversed_after_that_settlement(loan, officer, approver, red_star):
    """Otherwise nobody would owe the money that one paid for the other."""
    new, at = asked_to_renew(loan, officer, red_star.owner)
    successor = renewed(new, officer, approver, red_star.owner, at)
    wrong = {"why": "金额录入有误", "by": approver, "at": at}
    with pytest.raises(NotInOrder, match=loan.number):
        actions.reverse(event=successor.events.first(), **wrong)
    actions.reverse(event=loan.events.get(act=Act.SETTLE), **wrong)
    actions.reverse(event=successor.events.first(), **wrong)
    loan.refresh_from_db()
    successor.refresh_from_db()
    assert (loan.state, loan.balance_fen, successor.state) == (State.REPAYING, 50 * WAN, State.REVERSED)


TOKEN = "0e0f3c9a-0000-4000-8000-000000000001"


def renewed(application, officer, approver, owner, at):
    """The same way as the first application, a year later."""
    from jinfuyun.applications import actions as applications

    who = {"application": application, "at": at}
    applications.accept(caller_name="江经理", caller_phone="0591-87000001", by=officer, **who)
    applications.contact(note="老客户续贷", by=officer, **who)
    applications.review(by=officer, **who)
    offer = replace(OFFER, valid_till=at.date() + timedelta(days=10))
    applications.approve(offer=offer, by=approver, **who)
    applications.accept_offer(by=owner, **who)
    applications.sign(contract_number="JK20270305001", signed_on=at.date(), by=officer, **who)
    first = replace(FIRST, on=at.date(), is_first_loan=False)
    return actions.fund(application=application, first=first, agreed=actions.Agreed(), by=officer, at=at)


def test_grades_are_an_axis_of_their_own(loan, officer):
    enter(loan, Act.GRADE, date(2026, 4, 1), officer, grade=Grade.WATCHED, why="销售额连续下降")
    assert (loan.grade, loan.state) == (Grade.WATCHED, State.REPAYING)
    with pytest.raises(NotInOrder) as lacking:
        enter(loan, Act.GRADE, date(2026, 4, 1), officer, grade=Grade.LOSS)
    assert [reason.field for reason in lacking.value.reasons] == ["why"]


def test_the_books_sums_are_what_the_columns_say(loan, officer):
    enter(loan, Act.REPAY, date(2026, 4, 6), officer, principal_fen=7 * WAN, interest_fen=167_917)
    enter(loan, Act.REPAY, date(2026, 5, 6), officer, principal_fen=WAN, interest_fen=139_750)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT sum(principal_fen) FILTER (WHERE act = 'draw') - sum(principal_fen) FILTER (WHERE act = 'repay'),"
            " sum(interest_fen) FROM loan_event WHERE loan_id = %s", [loan.pk]
        )  # fmt: skip
        assert cursor.fetchone() == (loan.balance_fen, loan.interest_paid_fen)
    assert Loan.objects.get().position == loan.position
