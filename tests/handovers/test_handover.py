"""Somebody leaves or is on leave: all his work goes to a colleague, and comes back.

Seen red, each alone: demands left out, loans left out, the seat left open, the undo not compared with what happened
since, the leave never given back, a stop of somebody who holds work.
"""

from contextlib import suppress
from datetime import timedelta
from uuid import UUID

import pytest

from jinfuyun.accounts import queries as accounts
from jinfuyun.applications import actions as applications
from jinfuyun.demands import actions as demands
from jinfuyun.demands.models import Party
from jinfuyun.handovers import actions, queries
from jinfuyun.handovers.models import Handover
from jinfuyun.handovers.rules import MOVES, Kind, Plan, State
from jinfuyun.institutions import queries as institutions
from jinfuyun.kit.actor import Role, institution_house, platform
from jinfuyun.kit.errors import NotAllowed, NotFound, TooLate
from jinfuyun.kit.reasons import NotInOrder
from jinfuyun.notifications.models import Message, Notice
from tests import market
from tests.cast import MONDAY, TUESDAY, WEDNESDAY, given, staff_person
from tests.demands.stage import posted
from tests.loans.steps import funded
from tests.market import RIVER, applied

CLOCK = platform("test")
TODAY = MONDAY.date()


@pytest.fixture
def work(db, red_star, river_bank_officer, river_bank_approver):
    """The officer handles an open application, keeps a loan, and holds a demand."""
    for code in ("RIVER001", "RIVER002"):
        market.product(code=code, of=market.institution(RIVER))
    given(red_star)
    lent = funded(applied(red_star), river_bank_officer.actor, river_bank_approver.actor, red_star.owner)
    open_one = applied(red_star, product_code="RIVER002")
    by = river_bank_officer.actor
    applications.accept(application=open_one, caller_name="江经理", caller_phone="95588", by=by, at=MONDAY)
    number = posted(red_star).number
    return {"open": open_one, "lent": lent.line.application, "party": demands.claim(number=number, by=by, at=MONDAY)}


def leaving(person, to, admin, *, at=MONDAY, **days):
    kind = Kind.LEAVE if days else Kind.LEFT
    plan = Plan(kind, UUID(to.user_id) if to else None, **{"from_on": at.date(), **days})
    return actions.hand_over(user_id=UUID(person.user_id), plan=plan, by=admin.actor, at=at)


def holders(work) -> set[str]:
    for thing in work.values():
        thing.refresh_from_db()
    return {work["open"].caller_account, work["lent"].caller_account, work["party"].officer}


def test_who_leaves_hands_over_everything_and_is_locked_out(
    work, river_bank_admin, river_bank_officer, river_bank_second_officer
):
    made = leaving(river_bank_officer, river_bank_second_officer, river_bank_admin)
    assert holders(work) == {river_bank_second_officer.user_id} and len(made.items) == 3
    assert not accounts.is_open(accounts.user(river_bank_officer.user_id))
    assert queries.work_of(river_bank_officer.user_id).count == 0
    told = Notice.objects.filter(user_id=river_bank_second_officer.user_id, template="work_handed_over")
    assert "3 项" in told.get().text
    assert Message.objects.filter(template="application_reassigned").count() == 2  # of both applications, a loan's too


def test_it_can_be_taken_back_while_nothing_happened(
    work, river_bank_admin, river_bank_officer, river_bank_second_officer
):
    made = leaving(river_bank_officer, river_bank_second_officer, river_bank_admin)
    actions.undo(handover_id=made.pk, by=river_bank_admin.actor, at=TUESDAY)
    assert holders(work) == {river_bank_officer.user_id}
    assert accounts.is_open(accounts.user(river_bank_officer.user_id))
    with pytest.raises(TooLate):
        actions.undo(handover_id=made.pk, by=river_bank_admin.actor, at=TUESDAY)


def test_and_not_any_more_once_somebody_did_something(
    work, river_bank_admin, river_bank_officer, river_bank_second_officer
):
    made = leaving(river_bank_officer, river_bank_second_officer, river_bank_admin)
    work["open"].refresh_from_db()
    by = river_bank_second_officer.actor
    applications.contact(application=work["open"], note="已电话联系", by=by, at=TUESDAY)
    with pytest.raises(actions.SomethingHappened, match=work["open"].number):
        actions.undo(handover_id=made.pk, by=river_bank_admin.actor, at=TUESDAY)
    assert holders(work) == {river_bank_second_officer.user_id}


def test_a_leave_begins_on_its_day_and_gives_back_after_its_last(
    work, river_bank_admin, river_bank_officer, river_bank_second_officer
):
    days = {"from_on": TODAY + timedelta(days=1), "until_on": TODAY + timedelta(days=2)}
    leaving(river_bank_officer, river_bank_second_officer, river_bank_admin, **days)
    assert actions.tend(by=CLOCK, at=MONDAY) == 0 and holders(work) == {river_bank_officer.user_id}
    assert actions.tend(by=CLOCK, at=TUESDAY) == 1 and holders(work) == {river_bank_second_officer.user_id}
    assert queries.away_now(river_bank_admin.actor, WEDNESDAY.date()) == {UUID(river_bank_officer.user_id)}
    assert actions.tend(by=CLOCK, at=WEDNESDAY) == 0
    assert actions.tend(by=CLOCK, at=WEDNESDAY + timedelta(days=1)) == 1
    assert holders(work) == {river_bank_officer.user_id}
    assert Handover.objects.get().state == State.ENDED
    assert accounts.is_open(accounts.user(river_bank_officer.user_id))


def test_what_goes_back_to_the_pool_is_seen_by_everybody_who_handles(
    work, river_bank_admin, river_bank_officer, river_bank_second_officer
):
    leaving(river_bank_officer, None, river_bank_admin)
    assert holders(work) == {""}
    seen = institutions.within(river_bank_second_officer.actor, unit="unit", handler="officer")
    assert Party.objects.filter(seen, officer="").exists()


def test_only_a_present_colleague_of_the_same_role_takes_it_on(
    work, river_bank_admin, river_bank_officer, river_bank_approver, river_bank_product_manager, hill_bank_officer
):
    for wrong in (river_bank_approver, river_bank_product_manager, hill_bank_officer, river_bank_officer):
        with pytest.raises(NotInOrder):
            leaving(river_bank_officer, wrong, river_bank_admin)
    assert not Handover.objects.exists()


def test_only_administrators_of_the_same_house_hand_over(
    work, river_bank_officer, river_bank_second_officer, hill_bank_admin
):
    with pytest.raises(NotAllowed):
        leaving(river_bank_second_officer, river_bank_officer, river_bank_officer)
    with pytest.raises(NotFound):
        leaving(river_bank_officer, None, hill_bank_admin)


def test_nobody_who_holds_work_is_just_stopped(work, river_bank_admin, river_bank_officer, river_bank_second_officer):
    user_id = UUID(river_bank_officer.user_id)
    with pytest.raises(actions.WorkLeft):
        actions.stop(user_id=user_id, by=river_bank_admin.actor, at=MONDAY)
    assert accounts.is_open(accounts.user(user_id))
    free = staff_person("institution", "river.free", "13900000077", "江闲人", institution_house("RIVER"), Role.OFFICER)
    actions.stop(user_id=UUID(free.user_id), by=river_bank_admin.actor, at=MONDAY)
    assert not accounts.is_open(accounts.user(free.user_id))


def test_from_every_state_only_what_the_table_says(work, river_bank_admin, river_bank_officer):
    days = {"from_on": TODAY + timedelta(days=1), "until_on": TODAY + timedelta(days=2)}
    made = leaving(river_bank_officer, None, river_bank_admin, **days)
    acts = {
        "begin": lambda: actions.tend(by=CLOCK, at=TUESDAY),
        "give_back": lambda: actions.tend(by=CLOCK, at=WEDNESDAY + timedelta(days=1)),
        "undo": lambda: actions.undo(handover_id=made.pk, by=river_bank_admin.actor, at=TUESDAY),
    }
    assert set(acts) | {"leave", "cut_short"} == set(MOVES)
    for start in State:
        for act, go in acts.items():
            # What begins has its last day before it, what comes back behind it.
            Handover.objects.update(state=start, items=[], until_on=made.until_on, from_on=made.from_on)
            sources, target = MOVES[act]
            with suppress(TooLate):
                go()
            late = act == "give_back" and start is State.PLANNED  # its days passed unseen: it begins before it ends
            expected = State.RUNNING if late else target if start in sources else start
            assert Handover.objects.get().state == expected, (start, act)


def test_work_does_not_go_back_to_somebody_who_is_gone(
    work, river_bank_admin, river_bank_officer, river_bank_second_officer
):
    """Seen red: a leave taken back after its person had been stopped gave him the work again."""
    days = {"from_on": TODAY, "until_on": TODAY + timedelta(days=2)}
    leave = leaving(river_bank_officer, river_bank_second_officer, river_bank_admin, **days)
    actions.stop(user_id=UUID(river_bank_officer.user_id), by=river_bank_admin.actor, at=MONDAY)
    with pytest.raises(actions.SomethingHappened, match="已停用"):
        actions.undo(handover_id=leave.pk, by=river_bank_admin.actor, at=TUESDAY)
    assert holders(work) == {river_bank_second_officer.user_id}


def test_who_is_on_leave_may_leave_for_good_whatever_happened_since(
    work, river_bank_admin, river_bank_officer, river_bank_second_officer
):
    """Seen red: the leave had to be taken back first, which was refused once a colleague had done something."""
    days = {"from_on": TODAY, "until_on": TODAY + timedelta(days=2)}
    leaving(river_bank_officer, river_bank_second_officer, river_bank_admin, **days)
    work["open"].refresh_from_db()
    applications.contact(application=work["open"], note="已电话联系", by=river_bank_second_officer.actor, at=MONDAY)
    leaving(river_bank_officer, None, river_bank_admin)
    assert set(Handover.objects.values_list("kind", "state")) == {("leave", "ended"), ("left", "done")}
    assert not accounts.is_open(accounts.user(river_bank_officer.user_id))
    assert actions.tend(by=CLOCK, at=WEDNESDAY + timedelta(days=1)) == 0
    assert holders(work) == {river_bank_second_officer.user_id}
