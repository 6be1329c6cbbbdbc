"""From the 申报清单 to the 推荐清单 to an answer: who may, in which order, and never without the 对接推荐.

Seen red, each alone: the letter not asked in an institution's step, nor in the lists; the region not asked; the
standards not asked; the excluded institution offered.
"""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from jinfuyun.audit.models import Line
from jinfuyun.consents import actions as consents
from jinfuyun.consents import queries as letters
from jinfuyun.coordination import actions, queries, tasks
from jinfuyun.coordination.models import Declaration
from jinfuyun.coordination.rules import Answer, State
from jinfuyun.kit.errors import NotAllowed, NotFound, Refused, TooLate
from jinfuyun.kit.reasons import NotInOrder
from jinfuyun.notifications.models import Message
from tests.cast import FRIDAY, MONDAY, TUESDAY, WEDNESDAY
from tests.coordination.stage import (
    CITY,
    COUNTY,
    FAILED,
    MET,
    WISH,
    XIAMEN,
    agreeing,
    answers,
    at_bank,
    declared,
    now,
    recommended,
)
from tests.demands.stage import WANTED, bank, officer_of, posted
from tests.market import WAN
from tests.supervision.scene import regulator

DUE = date(2026, 4, 2)


def test_from_one_click_to_credit_and_the_enterprise_reads_every_step(agreed):
    declaration = declared(agreed)
    actions.judge(declaration=declaration, findings=FAILED, by=COUNTY, at=MONDAY)
    with pytest.raises(NotInOrder, match="有固定经营场所"):
        actions.recommend(declaration=declaration, codes=["RIVER"], by=COUNTY, at=MONDAY)
    actions.judge(declaration=declaration, findings=MET, by=COUNTY, at=TUESDAY)
    actions.recommend(declaration=declaration, codes=["RIVER"], by=COUNTY, at=TUESDAY)
    assert at_bank(declaration, "RIVER").due_on == DUE + timedelta(days=1)
    answers(declaration, "RIVER", "contact", "apply", "grant", granted_fen=80 * WAN, at=WEDNESDAY)
    assert now(declaration).state == State.GRANTED
    told = [(one.act, one.said) for one in queries.steps(queries.declaration(
        declaration.number, visible_to=agreed.owner, at=FRIDAY))]  # fmt: skip
    assert told == [
        ("declare", "企业自主申报"), ("judge", "不符合：有固定经营场所"), ("judge", "五项标准均符合"),
        ("recommend", ""),
        ("contact", ""), ("apply", ""), ("grant", "授信 80 万元"),
    ]  # fmt: skip
    booked = Line.objects.filter(uscc=agreed.uscc, action__startswith="coordination.")
    assert booked.count() == len(told)
    assert {"coordination_recommended", "coordination_granted"} <= set(
        Message.objects.values_list("template", flat=True)
    )


def test_who_did_not_agree_is_neither_declared_nor_found_nor_listed(banks, red_star, blue_sea):
    agreeing(red_star, recommend=False)
    demand = posted(red_star)
    for firm in (red_star, blue_sea):  # a letter that says no, and none at all
        with pytest.raises(actions.NotAgreed):
            declared(firm)
        with pytest.raises(NotFound):
            actions.enlist(uscc=firm.uscc, wish=WISH, by=COUNTY, at=MONDAY)
    assert actions.look_up(words="示例", by=COUNTY, at=MONDAY) == []
    assert list(queries.demands_to_list(COUNTY, MONDAY)) == []
    with pytest.raises(NotFound):
        actions.enlist_demand(number=demand.number, by=COUNTY, at=MONDAY)
    assert not Declaration.objects.exists()


def test_who_takes_the_agreement_back_is_gone_at_once_and_off_the_list_within_the_hour(agreed):
    declaration = recommended(agreed, "RIVER", "HILL")
    answers(declaration, "HILL", "contact", "grant", granted_fen=10 * WAN)
    river = at_bank(declaration, "RIVER")
    consents.revoke(consent=letters.living(agreed.uscc), by=agreed.owner, at=TUESDAY)
    agreeing(agreed, recommend=False, at=TUESDAY)
    with pytest.raises(NotFound):
        queries.recommendation(declaration.number, visible_to=officer_of("RIVER"), at=TUESDAY)
    assert not queries.own(officer_of("HILL"), TUESDAY).exists()
    assert not queries.listed(COUNTY, TUESDAY, words="红星").exists()
    with pytest.raises(NotFound):
        actions.view(number=declaration.number, by=COUNTY, at=TUESDAY)
    with pytest.raises(actions.NotAgreed):
        actions.contact(recommendation=river, by=officer_of("RIVER"), at=TUESDAY)
    tasks.tend(at=TUESDAY)
    assert [at_bank(declaration, code).state for code in ("RIVER", "HILL")] == [Answer.ENDED, Answer.GRANTED]
    assert now(declaration).state == State.GRANTED


def test_a_listed_enterprise_whose_letter_ended_is_neither_judged_nor_recommended(agreed):
    declaration = declared(agreed)
    consent = letters.living(agreed.uscc)
    consents.pause(consent=consent, by=agreed.owner, at=TUESDAY)
    for refused in (
        lambda: actions.judge(declaration=declaration, findings=MET, by=COUNTY, at=TUESDAY),
        lambda: actions.recommend(declaration=declaration, codes=["RIVER"], by=COUNTY, at=TUESDAY),
    ):
        with pytest.raises(Refused):
            refused()
    assert not queries.visible(COUNTY, TUESDAY).exists()
    tasks.tend(at=TUESDAY)
    assert now(declaration).state == State.DECLARED  # it waits, and does not end
    consents.resume(consent=consent, by=agreed.owner, at=WEDNESDAY)
    assert queries.visible(COUNTY, WEDNESDAY).get() == declaration
    consents.revoke(consent=consent, by=agreed.owner, at=WEDNESDAY)
    tasks.tend(at=WEDNESDAY)
    assert now(declaration).state == State.WITHDRAWN


def test_the_enterprise_takes_itself_off_at_any_time(agreed):
    declaration = recommended(agreed, "RIVER")
    with pytest.raises(actions.OnTheList):
        declared(agreed)
    actions.withdraw(declaration=declaration, by=agreed.owner, at=TUESDAY)
    assert (now(declaration).state, at_bank(declaration, "RIVER").state) == (State.WITHDRAWN, Answer.ENDED)
    with pytest.raises(TooLate):
        answers(declaration, "RIVER", "contact", at=TUESDAY)
    declared(agreed, at=WEDNESDAY)


def test_a_group_sees_its_own_region_alone(agreed):
    declaration = declared(agreed)
    seen = {one.house.code: queries.visible(one, MONDAY).count() for one in (
        COUNTY, CITY, XIAMEN, regulator("350000"), regulator("350102"))}  # fmt: skip
    assert seen == {"350111": 1, "350100": 1, "350200": 0, "350000": 1, "350102": 0}
    with pytest.raises(NotFound):
        actions.judge(declaration=declaration, findings=MET, by=XIAMEN, at=MONDAY)
    with pytest.raises(NotAllowed):
        actions.judge(declaration=declaration, findings=MET, by=officer_of("RIVER"), at=MONDAY)


def test_a_demand_goes_on_the_list_and_its_excluded_institution_is_not_offered(agreed):
    demand = posted(agreed, replace(WANTED, excluded=("HILL",)))
    declaration = actions.enlist_demand(number=demand.number, by=COUNTY, at=MONDAY)
    assert (declaration.amount_fen, declaration.demand_number) == (demand.amount_fen, demand.number)
    assert [one.code for one in queries.institutions_for(declaration)] == ["RIVER"]
    actions.judge(declaration=declaration, findings=MET, by=COUNTY, at=MONDAY)
    with pytest.raises(NotInOrder):
        actions.recommend(declaration=declaration, codes=["HILL"], by=COUNTY, at=MONDAY)


def test_looking_somebody_up_is_booked_for_each_enterprise_shown(agreed):
    [found] = actions.look_up(words="红星", by=COUNTY, at=MONDAY)
    assert found.uscc == agreed.uscc
    assert Line.objects.filter(action="coordination.look_up", uscc=agreed.uscc).count() == 1
    with pytest.raises(Refused, match="至少 2 个字"):
        actions.look_up(words="红", by=COUNTY, at=MONDAY)
    assert actions.look_up(words="红星", by=XIAMEN, at=MONDAY) == []


def test_a_refusal_has_a_code_and_the_last_one_ends_it_unmet(agreed):
    declaration = recommended(agreed, "RIVER", "HILL")
    with pytest.raises(NotInOrder):
        answers(declaration, "RIVER", "refuse", reason="because")
    answers(declaration, "RIVER", "refuse", reason="credit")
    assert now(declaration).state == State.RECOMMENDED
    answers(declaration, "HILL", "refuse", reason="policy_industry")
    assert now(declaration).state == State.UNMET
    bank("NEW", 22)
    declared(agreed, at=TUESDAY)
    with pytest.raises(actions.OnTheList):
        actions.recommend(declaration=declaration, codes=["NEW"], by=COUNTY, at=TUESDAY)


def test_what_is_sent_back_says_why(agreed):
    declaration = declared(agreed)
    with pytest.raises(NotInOrder):
        actions.send_back(declaration=declaration, reason=" ", by=COUNTY, at=MONDAY)
    actions.send_back(declaration=declaration, reason="经营场所已搬离", by=COUNTY, at=MONDAY)
    assert now(declaration).state == State.RETURNED


def test_the_month_is_reminded_of_four_times_and_then_stands_on_the_late_list(agreed, river_bank_officer):
    declaration = recommended(agreed, "RIVER")
    told = []
    for days in (0, 20, 21, 22, 27, 28, 30, 31, 32, 33):
        before = Line.objects.filter(action="coordination.reminded").count()
        tasks.tend(at=MONDAY + timedelta(days=days))
        tasks.tend(at=MONDAY + timedelta(days=days, hours=1))
        told += [days] * (Line.objects.filter(action="coordination.reminded").count() - before)
    assert told == [21, 28, 31, 32]
    assert [one.declaration for one in queries.late(COUNTY, MONDAY + timedelta(days=32))] == [declaration]
    assert not queries.late(COUNTY, MONDAY + timedelta(days=31)).exists()
    answers(declaration, "RIVER", "contact", "grant", granted_fen=WAN, at=MONDAY + timedelta(days=33))
    assert not queries.late(COUNTY, MONDAY + timedelta(days=33)).exists()
