"""A period is evaluated once, by a scheme that two put in force; corrected beside, published or not, appealed."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from django.db import ProgrammingError, connection, transaction

from jinfuyun.applications.models import Application
from jinfuyun.evaluation import actions
from jinfuyun.evaluation.models import Adoption, Result, Round
from jinfuyun.evaluation.queries import reckoning, results, schemes
from jinfuyun.kit.actor import Actor, Role, platform
from jinfuyun.kit.calendar import SHANGHAI
from jinfuyun.kit.errors import NotAllowed, NotFound, Refused, TooLate
from jinfuyun.kit.reasons import NotInOrder
from jinfuyun.notifications.models import Notice
from jinfuyun.supervision import actions as supervision
from jinfuyun.supervision.queries import BY_NAME
from tests.evaluation import stage
from tests.evaluation.stage import APRIL, FUZHOU_CITY, MARCH, PROVINCE, SCHEME, admin

MAY = datetime(2026, 5, 6, 9, tzinfo=SHANGHAI)
WORDS = "客户当日已联系，登记迟了一天。"


@pytest.fixture
def people(db):
    return stage.person("one", "13700000011"), stage.person("two", "13700000012")


@pytest.fixture
def made(people):
    stage.evaluated(*people)
    return people


def totals():
    return {code: one.total for code, one in results.standing(MARCH).items()}


def give_reasons(code):
    """What was refused without a reason gets one."""
    Application.objects.filter(institution__code=code, refusal_basis="unstated").update(refusal_basis="policy")


def own(code="RIVER"):
    return results.standing(MARCH)[code]


def test_every_bank_has_the_points_that_its_rows_give_by_hand(made):
    # first_share has no sample: of 90 that are left 60 are 66.67 and 30 are 33.33.
    assert totals() == {
        "RIVER": 3334 + 3333,  # 80 % in time, 60 % accepted; of 2 refusals none is judged
        "HILL": 10000,
        "BTHREE": 0 + 1333 - 500,  # 25 % in time, none accepted, 25 % of refusals without a reason
        "BFOUR": 6667 + 1333,  # none accepted, every refusal has a reason
        "BFIVE": 10000,
        "BSIX": None,  # two rows are too few
    }
    [ranking] = results.rankings(MARCH)
    assert [line.rank for line in ranking.lines] == [1, 1, 3, 4, 5, None] and ranking.is_public
    assert ranking.medians()["intake_in_time"] == 10000
    assert ranking.medians()["unstated_share"] is None, "two peers would give one another away"


def test_the_rows_behind_a_figure_add_up_to_it(made):
    [(_, rows)] = results.behind(own(), "intake_in_time")
    assert sum(row.adds["intakes_in_time"] for row in rows) == 4
    assert sum(row.adds["intakes_timed"] for row in rows) == len(rows) == 5
    assert {row.number[:7] for row in rows} == {"SQRIVER"} and rows[0].on > rows[-1].on
    with pytest.raises(NotFound):
        results.behind(own(), "funded_fen")


def test_a_scheme_is_in_force_when_two_people_want_exactly_it(people):
    one, two = people
    adoption = actions.propose(name="by_hand", from_month=MARCH, by=one, at=APRIL)
    seen = schemes.digest_now(adoption)
    with pytest.raises(TooLate):
        actions.propose(name="monthly_2026", from_month=MARCH, by=two, at=APRIL)
    with pytest.raises(actions.FourEyes, match="另一位同事"):
        actions.confirm(adoption=adoption, on_screen=seen, by=one, at=APRIL)
    again = stage.person("one.again", "13700000011")
    with pytest.raises(actions.FourEyes, match="手机号相同"):
        actions.confirm(adoption=adoption, on_screen=seen, by=again, at=APRIL)
    with pytest.raises(actions.FourEyes, match="刷新页面"):
        actions.confirm(adoption=adoption, on_screen="other", by=two, at=APRIL)
    with pytest.raises(Refused, match="还没有生效"):
        schemes.in_force(MARCH)
    actions.confirm(adoption=adoption, on_screen=seen, by=two, at=APRIL)
    assert schemes.in_force(MARCH) == SCHEME
    with pytest.raises(Refused, match="还没有生效"):
        schemes.in_force("2026-02")
    with pytest.raises(TooLate):
        actions.send_back(adoption=adoption, by=one, at=APRIL)


def test_a_file_changed_after_the_proposal_is_neither_confirmed_nor_used(made, monkeypatch):
    one, two = made
    adoption = actions.propose(name="by_hand", from_month="2026-04", by=one, at=APRIL)
    monkeypatch.setitem(schemes.SCHEMES, "by_hand", replace(SCHEME, sample_min=1))
    with pytest.raises(actions.FourEyes, match="提交之后被改动"):
        actions.confirm(adoption=adoption, on_screen=schemes.digest_now(adoption), by=two, at=APRIL)
    actions.send_back(adoption=adoption, by=two, at=APRIL)
    with pytest.raises(Refused, match="生效后被改动"):
        actions.correct(period=MARCH, why="重新计算一次", by=one, at=MAY)
    assert Adoption.objects.get(pk=adoption.pk).state == "sent_back"


def test_from_when_a_scheme_may_be_in_force_and_that_only_closed_periods_are_reckoned(made):
    for name, month, said in (
        ("by_hand", "2026-3", "请写明生效月份"), ("by_hand", "2025-12", "不早于 2026-01"),
        ("quarterly", "2026-05", "季度首月"), ("by_hand", MARCH, "已有评价结果"),
    ):  # fmt: skip
        with pytest.raises(Refused, match=said):
            actions.propose(name=name, from_month=month, by=made[0], at=APRIL)
    for period, said in (
        ("2026-04", "2026-04 还没有关账"), ("2026-Q1", "请写明评价周期"), ("2026-00", "请写明"), ("", "请写明")
    ):  # fmt: skip
        with pytest.raises(Refused, match=said):
            reckoning.checked(SCHEME, period)


def test_a_period_is_evaluated_once_and_simulating_stores_nothing(made):
    peers = reckoning.evaluated(SCHEME, MARCH)
    found = reckoning.reckon(replace(SCHEME, sample_min=1), MARCH, peers)
    assert next(one for one in found if one.peer.code == "BSIX").marked.total == 9500
    assert (Round.objects.count(), Result.objects.count()) == (1, 6)
    with pytest.raises(TooLate, match="没有重复办理"):
        actions.evaluate(period=MARCH, by=made[1], at=MAY)


def test_a_definition_that_changed_after_closing_lets_what_is_frozen_stand_and_nothing_new_be_counted(
    made, monkeypatch
):
    changed = BY_NAME["intake_in_time"]._replace(version=2)
    monkeypatch.setitem(BY_NAME, "intake_in_time", changed)
    with pytest.raises(Refused, match="受理及时率的口径在 2026-03 关账后有改动"):
        actions.correct(period=MARCH, why="重新计算一次", by=made[0], at=MAY)
    appeal = appealed(indicator="accepted_share")
    with pytest.raises(Refused, match="关账后有改动"):
        actions.answer(appeal=appeal, outcome="recounted", answer="已核对明细。", by=made[0], at=MAY)
    actions.answer(appeal=appeal, outcome="set_aside", answer="该项不计分。", by=made[0], at=MAY)
    assert totals() | {"HILL": 10000, "RIVER": 5000} == totals(), "setting aside counts nothing anew"
    assert results.changed_definitions(own().round) == [("受理及时率", 1, 2)]


def test_a_correction_stands_beside_and_only_what_differs(made):
    with pytest.raises(Refused, match="无需更正"):
        actions.correct(period=MARCH, why="重新计算一次", by=made[0], at=MAY)
    with pytest.raises(Refused, match="原因"):
        actions.correct(period=MARCH, why=" 错 ", by=made[0], at=MAY)
    give_reasons("BTHREE")
    assert actions.correct(period=MARCH, why="机构更正登记", by=made[0], at=MAY) == 1
    assert totals()["BTHREE"] == 1333
    both = Result.objects.filter(institution_code="BTHREE").order_by("round__nth")
    assert [(one.total, one.round.why) for one in both] == [(833, ""), (1333, "机构更正登记")]
    assert Result.objects.filter(round__nth=1).count() == 1


@pytest.mark.parametrize("table", ["evaluation_round", "evaluation_result", "evaluation_publication"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET id = id", "DELETE FROM {}"])
def test_the_applications_role_changes_no_result(db, table, statement):
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        connection.cursor().execute(statement.format(table))


def test_only_the_provinces_regulator_decides(made):
    appeal = appealed()
    officer = Actor(id="3", label="林某", roles=frozenset({Role.OFFICER}))
    for stranger in (FUZHOU_CITY, officer, admin()):
        for act in (
            lambda by: actions.propose(name="by_hand", from_month="2026-04", by=by, at=APRIL),
            lambda by: actions.evaluate(period="2026-04", by=by, at=APRIL),
            lambda by: actions.correct(period=MARCH, why="无权更正的人", by=by, at=APRIL),
            lambda by: actions.publish(period=MARCH, is_public=True, by=by, at=APRIL),
            lambda by: actions.answer(appeal=appeal, outcome="rejected", answer="无权答复。", by=by, at=APRIL),
        ):
            with pytest.raises(NotAllowed):
                act(stranger)


def test_ranks_are_public_when_the_regulator_says_so_and_no_longer_when_it_says_so(made):
    assert results.public_periods() == []
    with pytest.raises(TooLate):
        actions.publish(period=MARCH, is_public=False, by=PROVINCE, at=APRIL)
    actions.publish(period=MARCH, is_public=True, by=PROVINCE, at=APRIL)
    assert results.public_periods() == [MARCH]
    actions.publish(period=MARCH, is_public=False, by=PROVINCE, at=MAY)
    assert results.public_periods() == []
    with pytest.raises(NotFound):
        actions.publish(period="2026-02", is_public=True, by=PROVINCE, at=APRIL)


def test_the_share_of_refusals_without_a_reason_is_of_a_year_and_never_of_a_few(made):
    period, shares = reckoning.unstated()
    assert period == MARCH
    assert shares == [("示例4号银行", 0), ("示例1号银行", None), ("示例3号银行", None), ("示例6号银行", None)]


def appealed(at=APRIL, *, code="RIVER", indicator="intake_in_time"):
    return actions.appeal(result=own(code), indicator=indicator, reason=WORDS, by=admin(code), at=at)


def test_an_appeal_that_is_right_sets_the_item_aside_beside_what_stood(made):
    appeal = appealed()
    with pytest.raises(TooLate, match="已经申诉过"):
        appealed()
    with pytest.raises(Refused, match="结果没有变化"):
        actions.answer(appeal=appeal, outcome="recounted", answer="明细已核对。", by=PROVINCE, at=MAY)
    appeal.refresh_from_db()
    assert appeal.answered_at is None, "a refused answer leaves the appeal open"
    with pytest.raises(NotInOrder):
        actions.answer(appeal=appeal, outcome="perhaps", answer=" ", by=PROVINCE, at=MAY)
    actions.answer(appeal=appeal, outcome="set_aside", answer="情况属实，该项不计分。", by=PROVINCE, at=MAY)
    assert own().marks[0]["why"] == "aside" and own().round.why == f"申诉 {appeal.number} 成立：受理及时率"
    assert own().total is None, "less than half is left"
    assert own().marks[1]["points"] == 10000, "the other item has the whole weight"
    assert totals()["HILL"] == 10000 and Result.objects.filter(round__nth=1).count() == 1
    with pytest.raises(TooLate):
        actions.answer(appeal=appeal, outcome="rejected", answer="不再改变。", by=PROVINCE, at=MAY)
    give_reasons("BTHREE")
    actions.correct(period=MARCH, why="另一家机构更正", by=PROVINCE, at=MAY)
    assert own().marks[0]["why"] == "aside", "what an appeal set aside stays so"


def test_an_appeal_that_is_not_right_changes_nothing_and_has_its_answer(made):
    appeal = appealed()
    actions.answer(appeal=appeal, outcome="rejected", answer="经核对登记无误。", by=PROVINCE, at=MAY)
    assert (appeal.answer, appeal.answered_by, Round.objects.count()) == ("经核对登记无误。", "监管", 1)


def test_an_appeal_has_ten_working_days_and_so_has_its_answer(made):
    assert str(results.appeal_until(own()).day) == "2026-04-17", "清明 is no working day"
    with pytest.raises(Refused, match="申诉期到 2026-04-17 为止"):
        appealed(datetime(2026, 4, 18, 0, 0, tzinfo=SHANGHAI))
    appeal = appealed(datetime(2026, 4, 17, 23, 59, tzinfo=SHANGHAI))
    assert str(results.answer_until(appeal.raised_at).day) == "2026-05-06"
    by = platform("test")
    assert actions.tell_late(by=by, at=MAY) == 0
    assert [actions.tell_late(by=by, at=MAY + timedelta(days=1)) for _ in range(2)] == [1, 0]


def test_who_may_appeal_against_what(made):
    officer = replace(admin(), roles=frozenset({Role.OFFICER}))
    for stranger in (officer, admin("HILL"), replace(admin(), unit="5")):
        with pytest.raises(NotAllowed):
            actions.appeal(result=own(), indicator="intake_in_time", reason=WORDS, by=stranger, at=APRIL)
    with pytest.raises(NotInOrder, match="有异议的项目"):
        appealed(indicator="funded")
    appeal = appealed()
    assert results.appeals(admin("HILL")) == [] and results.appeals(admin()) == [appeal] == results.appeals(PROVINCE)
    with pytest.raises(NotFound):
        results.appeal(appeal.number, visible_to=admin("HILL"))


def test_both_sides_are_told(people, river_bank_admin, river_bank_officer):
    stage.evaluated(*people)
    appeal = actions.appeal(result=own(), indicator="intake_in_time", reason=WORDS, by=river_bank_admin.actor, at=APRIL)
    actions.answer(appeal=appeal, outcome="rejected", answer="经核对登记无误。", by=people[0], at=MAY)
    told = [(str(one.user_id), one.template) for one in Notice.objects.filter(template__startswith="evaluation")]
    bank = river_bank_admin.user_id
    assert sorted(told) == sorted(
        [(bank, "evaluation_made"), (bank, "evaluation_answered"), *((one.id, "evaluation_appealed") for one in people)]
    ), "the officer is told nothing"


def test_a_quarter_is_evaluated_when_its_months_are_closed(people):
    stage.business()
    stage.in_force(*people, month="2026-01", name="quarterly")
    for month in ("2026-01", "2026-02"):
        supervision.close(month=month, by=PROVINCE, at=APRIL)
    with pytest.raises(Refused, match="2026-03 还没有关账"):
        actions.evaluate(period="2026-Q1", by=people[0], at=APRIL)
    supervision.close(month=MARCH, by=PROVINCE, at=APRIL)
    assert actions.evaluate(period="2026-Q1", by=people[0], at=APRIL) == 6
    assert results.own_periods(admin()) == ["2026-Q1"]
