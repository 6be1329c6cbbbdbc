"""The hourly job: claims lapse, demands are assigned and go on, are escalated, expire. 2 March 2026 is a Monday.

Seen red: with a claim's days not counted; with the assignment asked for on the second day.
"""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from jinfuyun.audit.models import Line
from jinfuyun.demands import actions, queries, tasks
from jinfuyun.demands.models import Demand, Party, Step
from jinfuyun.demands.rules import PartyState, State
from jinfuyun.kit.actor import platform
from jinfuyun.kit.calendar import Notices
from jinfuyun.notifications.models import Message, Notice
from jinfuyun.workdays.models import Notice as CalendarNotice
from tests.cast import FRIDAY, MONDAY, THURSDAY, TUESDAY, WEDNESDAY
from tests.demands.stage import WANTED, bank, claimed, now, officer_of, posted, proposed

NEXT_MONDAY = MONDAY + timedelta(days=7)
NEXT_TUESDAY = MONDAY + timedelta(days=8)
BY = platform("test")


def party(code):
    return Party.objects.get(institution__code=code)


def test_a_claim_without_a_proposal_lapses_after_three_working_days(demand):
    claimed(demand, "RIVER")
    tasks.tend(at=THURSDAY)
    assert party("RIVER").state == PartyState.HOLDING
    tasks.tend(at=FRIDAY)
    assert (party("RIVER").state, party("RIVER").place) == (PartyState.LAPSED, None)


def test_a_lapsed_claim_leaves_the_demand_to_the_next_by_the_rule(demand):
    claimed(demand, "RIVER")
    tasks.tend(at=FRIDAY)
    assert (now(demand).state, party("HILL").state) == (State.ASSIGNED, PartyState.INVITED)


def test_unclaimed_after_two_working_days_it_is_assigned_with_reasons(demand, hill_bank_officer):
    tasks.tend(at=WEDNESDAY)
    assert now(demand).state == State.OPEN
    tasks.tend(at=THURSDAY)
    assert now(demand).state == State.ASSIGNED
    best = party("HILL")  # both are alike: the first code
    assert best.reasons == ["产品“税易融”适合 +40", "与企业同城 +15", "在办 0 件 +15", "尚无接单记录 +7"]
    assert best.due_on == FRIDAY.date()
    assert Step.objects.get(act="assign").said.startswith("77 分：产品“税易融”适合")
    assert Notice.objects.filter(user_id=hill_bank_officer.user_id, template="demand_assigned").exists()


def test_no_answer_within_one_working_day_and_the_next_gets_it(demand):
    tasks.tend(at=THURSDAY)
    tasks.tend(at=FRIDAY)
    assert party("HILL").state == PartyState.INVITED
    tasks.tend(at=NEXT_MONDAY)
    assert party("HILL").state == PartyState.LAPSED
    assert party("RIVER").state == PartyState.INVITED
    tasks.tend(at=NEXT_TUESDAY + timedelta(days=1))
    assert (now(demand).state, party("RIVER").state) == (State.OPEN, PartyState.LAPSED)  # nobody is left


def test_handed_back_with_a_reason_it_goes_to_the_next(demand):
    tasks.tend(at=THURSDAY)
    actions.hand_back(party=party("HILL"), reason="out_of_policy", by=officer_of("HILL"), at=FRIDAY)
    assert now(demand).state == State.OPEN
    tasks.tend(at=FRIDAY)
    assert party("RIVER").state == PartyState.INVITED
    assert "行业或用途不在准入范围（行内政策）" in list(queries.steps(demand).values_list("said", flat=True))
    booked = Line.objects.get(action="demand.hand_back").detail
    assert (booked["reason"], booked["basis"]) == ("out_of_policy", "policy")


def test_taken_it_is_held_like_a_claim(demand):
    tasks.tend(at=THURSDAY)
    actions.take(party=party("HILL"), by=officer_of("HILL"), at=FRIDAY)
    assert (now(demand).state, party("HILL").state) == (State.CLAIMED, PartyState.HOLDING)
    assert party("HILL").due_on == date(2026, 3, 11)


def test_others_may_claim_while_one_is_asked(demand):
    tasks.tend(at=THURSDAY)
    claimed(demand, "RIVER", at=FRIDAY)
    assert now(demand).state == State.CLAIMED
    actions.hand_back(party=party("RIVER"), reason="capacity", by=officer_of("RIVER"), at=FRIDAY)
    assert now(demand).state == State.ASSIGNED


def test_what_lapsed_before_counts_against_an_institution(banks, red_star):
    late = posted(red_star)
    claimed(late, "HILL")
    tasks.tend(at=FRIDAY)
    [hill] = [one for one in queries.candidates(posted(red_star), queries.on_offer()) if one.code == "HILL"]
    assert (hill.kept, hill.given) == (0, 1)


def test_without_a_fitting_product_it_stays_open(banks, red_star):
    demand = posted(red_star, replace(WANTED, securities=("pledge",)))
    tasks.tend(at=THURSDAY)
    assert now(demand).state == State.OPEN


def test_without_a_proposal_for_five_working_days_it_is_on_the_regulators_list_once(demand, fuzhou_regulator):
    tasks.tend(at=NEXT_MONDAY)
    assert not queries.escalated(fuzhou_regulator.actor).exists()
    tasks.tend(at=NEXT_TUESDAY)
    tasks.tend(at=NEXT_TUESDAY)
    assert [one.number for one in queries.escalated(fuzhou_regulator.actor)] == [demand.number]
    assert Notice.objects.filter(user_id=fuzhou_regulator.user_id).count() == 1
    proposed(demand, bank("LATE", 9).code, at=NEXT_TUESDAY)
    assert not queries.escalated(fuzhou_regulator.actor).exists()


def test_with_a_proposal_it_is_never_escalated(demand, fuzhou_regulator):
    proposed(demand, "RIVER")
    tasks.tend(at=NEXT_TUESDAY)
    assert now(demand).escalated_at is None


def test_it_expires_after_its_last_day(demand):
    proposed(demand, "RIVER", valid_till=date(2026, 4, 20))
    last = MONDAY + timedelta(days=30)
    tasks.tend(at=last)
    assert now(demand).state == State.PROPOSED
    tasks.tend(at=last + timedelta(days=1))
    assert (now(demand).state, party("RIVER").state) == (State.EXPIRED, PartyState.ENDED)
    assert Message.objects.filter(template="demand_expired").count() == 1


def test_a_proposal_past_its_last_day_leaves_the_table(demand):
    proposed(demand, "RIVER")
    tasks.tend(at=MONDAY + timedelta(days=18))
    assert party("RIVER").state == PartyState.PROPOSED
    tasks.tend(at=MONDAY + timedelta(days=19))
    assert party("RIVER").state == PartyState.LAPSED


@pytest.mark.parametrize("days_off", [(), (date(2026, 3, 4),)])
def test_a_notice_that_came_later_moves_the_last_day(demand, days_off):
    """Counted anew from its beginning: another day off is another day in time."""
    claimed(demand, "RIVER")
    Party.objects.update(due_provisional=True)
    notices = Notices(frozenset(days_off), frozenset(), frozenset({2026}))
    assert actions.lapse(by=BY, at=TUESDAY, notices=notices) == 0
    assert party("RIVER").due_on == (FRIDAY if days_off else THURSDAY).date()
    assert not party("RIVER").due_provisional


@pytest.fixture
def wednesday_off(db):
    """What operators wrote down of 2026: one day more is off, 4 March."""
    CalendarNotice.objects.create(
        year=2026, document="国办发〔2025〕7号", days_off=[WEDNESDAY.date()], days_worked=[], state="in_force",
        proposed_by="1", proposed_at=MONDAY,
    )  # fmt: skip


def test_every_clock_counts_by_the_operators_notice(wednesday_off, demand, red_star, fuzhou_regulator):
    """Seen red with the package's days in each of them."""
    assert claimed(posted(red_star), "RIVER").due_on == FRIDAY.date()
    tasks.tend(at=THURSDAY)
    assert now(demand).state == State.OPEN  # two working days are over on Friday only
    tasks.tend(at=FRIDAY)
    assert now(demand).state == State.ASSIGNED
    tasks.tend(at=NEXT_TUESDAY)
    assert not queries.escalated(fuzhou_regulator.actor).exists()
    tasks.tend(at=NEXT_TUESDAY + timedelta(days=1))
    assert queries.escalated(fuzhou_regulator.actor).exists()


def test_the_market_is_read_once_for_all_that_are_assigned(demand, red_star):
    posted(red_star)
    with CaptureQueriesContext(connection) as asked:
        assert actions.assign(by=BY, at=THURSDAY) == 2
    assert sum('FROM "product"' in one["sql"] and "securities" in one["sql"] for one in asked) == 1


def test_the_job_does_nothing_twice(demand):
    claimed(demand, "RIVER")
    for _ in range(2):
        tasks.tend(at=FRIDAY)
    assert list(Step.objects.values_list("act", flat=True)) == ["post", "claim", "lapse", "assign"]
    assert Demand.objects.get().state == State.ASSIGNED


def reminded(person) -> int:
    return Notice.objects.filter(user_id=person.user_id, template="demand_reminded").count()


def test_who_claimed_it_and_the_administrators_are_reminded_once_of_each_step(
    demand, river_bank_officer, river_bank_second_officer, river_bank_admin, hill_bank_admin
):
    """Of three working days the first is a third."""
    actions.claim(number=demand.number, by=river_bank_officer.actor, at=MONDAY)
    for at in (MONDAY, TUESDAY, WEDNESDAY, WEDNESDAY, THURSDAY, THURSDAY):
        tasks.tend(at=at)
    assert [reminded(one) for one in (river_bank_officer, river_bank_admin)] == [2, 2]
    assert [reminded(one) for one in (river_bank_second_officer, hill_bank_admin)] == [0, 0]
    assert Line.objects.filter(action="demand.reminded", uscc=demand.uscc).count() == 2
    last = Notice.objects.filter(user_id=river_bank_officer.user_id, template="demand_reminded").latest("pk")
    assert "已过 100%，请于 2026-03-05 前（含当日）提交意向方案" in last.text


def test_everybody_who_may_answer_an_assignment_is_reminded_and_its_next_clock_begins_anew(demand, hill_bank_officer):
    tasks.tend(at=THURSDAY)
    tasks.tend(at=FRIDAY)
    assert (reminded(hill_bank_officer), party("HILL").reminded_percent) == (1, 100)
    actions.take(party=party("HILL"), by=officer_of("HILL"), at=FRIDAY)
    assert party("HILL").reminded_percent == 0


def test_a_proposal_ends_the_reminders(demand, river_bank_officer):
    proposed(demand, "RIVER")
    tasks.tend(at=THURSDAY)
    assert reminded(river_bank_officer) == 0
