"""走访: planned, done, what follows; a sheet out and in, wrong rows named.

Seen red: with the counties of the group not asked, for one visit and for a sheet.
"""

from datetime import date, timedelta

import pytest

from jinfuyun.audit.models import Line
from jinfuyun.coordination import actions, queries
from jinfuyun.coordination.content import SHEET, Plan, Result
from jinfuyun.coordination.models import Visit
from jinfuyun.coordination.rules import Origin
from jinfuyun.kit.errors import NotFound, TooLate
from jinfuyun.kit.reasons import NotInOrder
from jinfuyun.notifications.models import Notice
from jinfuyun.storage.sheets import SheetRefused, sheet
from tests.cast import MONDAY, TODAY, TUESDAY
from tests.coordination.stage import CITY, COUNTY, WISH, XIAMEN

RESULT = Result(TODAY, "credit", "订单增加，缺流动资金", "对接两家银行")


def planned(firm, **changes):
    plan = {"enterprise_name": firm.name, "uscc": firm.uscc, "region_code": "350111", "visitor": "榕走访",
            "planned_on": TODAY} | changes  # fmt: skip
    return actions.plan_visit(plan=Plan(**plan), by=COUNTY, at=MONDAY)


def test_a_visit_becomes_a_declaration_and_the_enterprise_reads_it(agreed):
    visit = planned(agreed)
    with pytest.raises(actions.Planned):
        planned(agreed)
    with pytest.raises(NotInOrder, match="金额"):
        actions.finish_visit(visit=visit, result=RESULT, follow_up="declare", by=COUNTY, at=TUESDAY)
    done = actions.finish_visit(visit=visit, result=RESULT, follow_up="declare", wish=WISH, by=COUNTY, at=TUESDAY)
    assert (done.declaration.origin, done.declaration.uscc) == (Origin.VISIT, agreed.uscc)
    [seen] = queries.visits_of(agreed.uscc)
    assert (seen.problem, seen.next_step) == (RESULT.problem, RESULT.next_step)
    assert Notice.objects.filter(text__contains="走访").exists()
    with pytest.raises(TooLate):
        actions.cancel_visit(visit=visit, by=COUNTY, at=TUESDAY)


def test_who_agreed_to_nothing_is_visited_and_hinted_but_not_declared(banks, red_star):
    visit = planned(red_star)
    with pytest.raises(NotFound):
        actions.finish_visit(visit=visit, result=RESULT, follow_up="declare", wish=WISH, by=COUNTY, at=TUESDAY)
    assert actions.finish_visit(visit=visit, result=RESULT, follow_up="hint", by=COUNTY, at=TUESDAY).hinted_at
    assert Notice.objects.filter(text__contains="发布融资需求").exists()
    unknown = planned(red_star, uscc="", enterprise_name="未入驻示例店")
    with pytest.raises(NotInOrder, match="只能记录"):
        actions.finish_visit(visit=unknown, result=RESULT, follow_up="hint", by=COUNTY, at=TUESDAY)


def test_a_group_visits_its_own_region_alone(agreed):
    visit = planned(agreed)
    assert [queries.visits(one).count() for one in (COUNTY, CITY, XIAMEN)] == [1, 1, 0]
    with pytest.raises(NotInOrder, match="辖内"):
        planned(agreed, region_code="350203", planned_on=TODAY + timedelta(days=1))
    with pytest.raises(NotFound):
        actions.finish_visit(visit=visit, result=RESULT, by=XIAMEN, at=TUESDAY)


def row(number="", name="示例商行", county="晋安区", planned_on="2026-03-02", done="", need="", problem=""):
    return (number, name, "", county, "榕走访", planned_on, done, need, problem, "")


def taken(*rows):
    return actions.take_in_visits(content=sheet(SHEET, rows), by=COUNTY, at=MONDAY)


def test_good_rows_of_a_sheet_are_taken_and_wrong_ones_named(agreed):
    visit = planned(agreed, planned_on=date(2026, 2, 27))
    found = taken(
        row(), row(name="示例饭店", done="2026-03-01", need="需要融资", problem="缺周转资金"), row(),
        row(name="示例茶庄", county="思明区"), row(name="示例书店", planned_on="三月"),
        row(name="示例花店", need="需要融资"), row(name="示例粮店", done="2026-03-09", need="需要融资"),
        row(number=visit.number, name=agreed.name, done="2026-03-02", need="暂无融资需求"),
        row(number="ZF2026", name="示例米店", done="2026-03-02", need="其他"),
    )  # fmt: skip
    assert (found.new, found.finished, [number for number, *_ in found.wrong]) == (2, 1, [4, 5, 6, 7, 8, 10])
    assert [reason for *_, reason in found.wrong][:2] == [actions.Planned.message, "所属县（市、区）不在辖内。"]
    assert Visit.objects.get(pk=visit.pk).need == "none"
    assert Line.objects.filter(action="visit.done", uscc=agreed.uscc).count() == 1
    with pytest.raises(SheetRefused):
        actions.take_in_visits(content=b"x", by=COUNTY, at=MONDAY)


@pytest.mark.deep
def test_ten_thousand_rows_come_in(agreed):
    found = taken(*(row(name=f"示例{number}号店") for number in range(10_000)))
    assert (found.new, found.wrong, Visit.objects.count()) == (10_000, [], 10_000)
