"""Closed months stand: closed once, counted again with the same result, corrected beside what stood."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from threading import Barrier

import pytest
from django.db import ProgrammingError, connection, transaction

from jinfuyun.kit import regions
from jinfuyun.kit.actor import Actor, Role, platform
from jinfuyun.kit.calendar import SHANGHAI
from jinfuyun.kit.errors import NotAllowed, NotFound, Refused, TooLate
from jinfuyun.loans.models import Loan
from jinfuyun.supervision import actions
from jinfuyun.supervision.models import Closing, Snapshot
from jinfuyun.supervision.queries import INDICATORS, MONTHLY, months
from jinfuyun.supervision.rules import Moment
from tests.supervision import scene
from tests.supervision.scene import WAN, regulator

MARCH, APRIL = "2026-03", datetime(2026, 4, 2, 9, tzinfo=SHANGHAI)
MAY = datetime(2026, 5, 2, 9, tzinfo=SHANGHAI)
PROVINCE, FUZHOU_CITY = regulator(regions.PROVINCE_CODE), regulator("350100")
OPERATOR = Actor(id="2", label="运营甲", roles=frozenset({Role.OPERATOR}))


@pytest.fixture
def business(db, red_star_owner):
    scene.three_cities(red_star_owner)


def shown(name, *, with_xiamen=True, visible_to=PROVINCE, city=None):
    found = months.month(MARCH, visible_to=visible_to, with_xiamen=with_xiamen)
    return found.total[name] if city is None else {one.code: of for one, of in found.cities}[city][name]


def test_a_closed_month_keeps_numerator_denominator_and_version(business):
    count = actions.close(month=MARCH, by=PROVINCE, at=APRIL)
    assert count == Snapshot.objects.count() == len(MONTHLY) * (2 + len(regions.CITIES) + 1)
    kept = Snapshot.objects.get(indicator="first_share", region_code="350000", with_xiamen=True)
    assert (kept.numerator, kept.denominator, kept.value, kept.version) == (100 * WAN, 350 * WAN, 2857, 1)
    assert {one.name for one in INDICATORS} - {one.name for one in MONTHLY} == {
        "institutions", "products", "demands_open", "demands_open_fen", "demands_offered", "demands_chosen",
        "demands_waiting",
    }  # fmt: skip
    assert all(one.moment is not Moment.LIVE for one in MONTHLY)


def test_with_and_without_xiamen_and_a_citys_own(business):
    actions.close(month=MARCH, by=OPERATOR, at=APRIL)
    assert (shown("funded_fen"), shown("funded_fen", with_xiamen=False)) == (350 * WAN, 150 * WAN)
    assert shown("funded_fen", city="350100", visible_to=FUZHOU_CITY, with_xiamen=False) == 150 * WAN
    assert shown("funded_fen", city=regions.XIAMEN) == 200 * WAN
    found = months.month(MARCH, visible_to=FUZHOU_CITY, with_xiamen=True)
    assert [city.code for city, _ in found.cities] == ["350100"], "another city's is not read"
    assert found.own["funded_fen"] == 150 * WAN
    assert found.total["funded_fen"] is None, "less its own it would know Xiamen's one loan"


def test_a_citys_regulator_sees_the_total_where_no_small_cell_is_left(business):
    for number in range(10, 16):
        scene.funded(scene.enterprise(number, scene.XIAMEN), wan=10)
    for number in range(20, 26):
        scene.funded(scene.enterprise(number, "350302"), wan=10)
    actions.close(month=MARCH, by=PROVINCE, at=APRIL)
    found = months.month(MARCH, visible_to=FUZHOU_CITY, with_xiamen=True)
    assert found.total["funded_fen"] == 470 * WAN and found.total["unsecured"] is None


def test_what_happens_later_does_not_change_what_was_closed(business):
    actions.close(month=MARCH, by=PROVINCE, at=APRIL)
    before = list(Snapshot.objects.order_by("pk").values())
    scene.funded(scene.enterprise(9, scene.XIAMEN), wan=500)
    assert shown("funded_fen") == 350 * WAN
    assert list(Snapshot.objects.order_by("pk").values()) == before


def test_counting_again_gives_the_same_or_says_what_differs(business):
    actions.close(month=MARCH, by=PROVINCE, at=APRIL)
    again = months.recount(MARCH, at=MAY)
    assert again.differing == () and again.equal > 500
    assert again.unpromised == ("授权企业数", "授权率")
    Loan.objects.filter(amount_fen=200 * WAN, state="repaying").update(answer="disputed")
    found = {
        (one.indicator.label, one.place): (one.kept.value, one.again.value)
        for one in months.recount(MARCH, at=MAY).differing
    }
    assert found["放款金额", "全省（含厦门）"] == (350 * WAN, 150 * WAN)
    assert found["放款金额", "厦门市"] == (200 * WAN, 0)
    assert ("放款金额", "全省（不含厦门）") not in found and ("放款金额", "福州市") not in found


def test_a_correction_stands_beside_the_old_figure(business):
    actions.close(month=MARCH, by=PROVINCE, at=APRIL)
    with pytest.raises(Refused, match="无需更正"):
        actions.correct(month=MARCH, why="银行更正放款", by=PROVINCE, at=MAY)
    Loan.objects.filter(amount_fen=200 * WAN, state="repaying").update(answer="disputed")
    with pytest.raises(Refused, match="原因"):
        actions.correct(month=MARCH, why=" 错 ", by=PROVINCE, at=MAY)
    actions.correct(month=MARCH, why="企业对放款提出异议", by=OPERATOR, at=MAY)
    both = Snapshot.objects.filter(indicator="funded_fen", region_code="350000", with_xiamen=True).order_by(
        "closing__nth"
    )
    assert [(one.value, one.closing.nth, one.closing.why) for one in both] == [
        (350 * WAN, 0, ""), (150 * WAN, 1, "企业对放款提出异议"),
    ]  # fmt: skip
    found = months.month(MARCH, visible_to=PROVINCE, with_xiamen=True)
    assert found.total["funded_fen"] == 150 * WAN
    assert "funded_fen" in found.corrected and "authenticated" not in found.corrected
    assert months.recount(MARCH, at=MAY).differing == ()


@pytest.mark.parametrize(
    ("month", "at", "said"),
    [("2026-04", APRIL, "还没有结束"), (MARCH, datetime(2026, 3, 31, 23, 59, tzinfo=SHANGHAI), "还没有结束"),
     ("2026-13", APRIL, "请写明月份"), ("2026-3", APRIL, "请写明月份"), ("２026-03", APRIL, "请写明月份")],
)  # fmt: skip
def test_only_a_month_that_is_over_is_closed(db, month, at, said):
    with pytest.raises(Refused, match=said):
        actions.close(month=month, by=PROVINCE, at=at)
    assert not Closing.objects.exists()


def test_what_is_not_closed_is_not_found_and_not_counted_again(db):
    with pytest.raises(NotFound):
        months.month(MARCH, visible_to=PROVINCE, with_xiamen=True)
    with pytest.raises(months.NotClosed, match="还没有关账"):
        months.recount(MARCH, at=APRIL)


def test_who_may_close(db):
    for stranger in (FUZHOU_CITY, Actor(id="3", label="林某", roles=frozenset({Role.OFFICER}))):
        with pytest.raises(NotAllowed):
            actions.close(month=MARCH, by=stranger, at=APRIL)
        with pytest.raises(NotAllowed):
            actions.correct(month=MARCH, why="无权更正的人", by=stranger, at=APRIL)


def test_closed_a_second_time_names_who_was_first(db):
    actions.close(month=MARCH, by=OPERATOR, at=APRIL)
    with pytest.raises(TooLate, match="2026-03 已由运营甲于 2026-04-02 09:00 关账"):
        actions.close(month=MARCH, by=PROVINCE, at=MAY)


@pytest.mark.parametrize("table", ["statistics_closing", "statistics_snapshot"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET id = id", "DELETE FROM {}"])
def test_the_applications_role_changes_no_closed_figure(db, table, statement):
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        connection.cursor().execute(statement.format(table))


def test_two_who_close_at_once_one_wins_and_the_other_is_told(committed_db):
    together = Barrier(2)

    def attempt(_):
        together.wait()
        try:
            return actions.close(month=MARCH, by=platform("test"), at=APRIL)
        except TooLate as late:
            return str(late)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        answers = sorted(pool.map(attempt, range(2)), key=str)
    assert isinstance(answers[0], int) and "没有重复办理" in answers[1]
    assert Closing.objects.count() == 1 and Snapshot.objects.count() == answers[0]


def test_month_by_month_what_is_not_closed_is_unknown(business):
    actions.close(month=MARCH, by=PROVINCE, at=APRIL)
    asked = {"names": ["funded_fen"], "months": ["2026-02", MARCH]}
    found = months.over_time(**asked, visible_to=PROVINCE, with_xiamen=False)
    assert found == {"2026-02": {"funded_fen": None}, MARCH: {"funded_fen": 150 * WAN}}
    own = months.over_time(**asked, visible_to=regulator(regions.XIAMEN), with_xiamen=False)
    assert own[MARCH] == {"funded_fen": 200 * WAN}
