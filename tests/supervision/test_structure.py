"""Drawdowns by kind, and the counties of a city: the table's figures, grouped once more."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest

from jinfuyun.demands.models import Demand
from jinfuyun.kit import regions
from jinfuyun.kit.calendar import SHANGHAI
from jinfuyun.supervision import actions
from jinfuyun.supervision.queries import month_span, structure
from tests.cast import MONDAY, uscc_of
from tests.supervision import scene
from tests.supervision.scene import WAN, regulator

MARCH = month_span("2026-03")
PROVINCE, FUZHOU_CITY = regulator(regions.PROVINCE_CODE), regulator("350100")


@pytest.fixture
def business(db, red_star_owner):
    scene.three_cities(red_star_owner)


def found(by="security", visible_to=PROVINCE, with_xiamen=True, span=MARCH):
    return structure.structure(by=by, visible_to=visible_to, with_xiamen=with_xiamen, span=span)


def test_by_security_each_row_and_the_sum(business):
    rows = dict(found().rows)
    assert (rows["信用"]["funded"], rows["信用"]["funded_fen"], rows["信用"]["first_share"]) == (2, 300 * WAN, 3333)
    assert (rows["抵押"]["funded"], rows["保证"]["funded"], rows["合计"]["funded_fen"]) == (1, 0, 350 * WAN)
    assert dict(found(with_xiamen=False).rows)["合计"]["funded_fen"] == 150 * WAN
    assert dict(found(span=month_span("2026-04")).rows)["合计"]["funded"] == 0


@pytest.mark.parametrize("by", structure.DIMENSIONS)
def test_however_told_apart_the_sum_is_the_same(business, by):
    of = found(by=by)
    assert dict(of.rows)["合计"]["funded_fen"] == 350 * WAN
    assert of.counts[-1][-1] == sum(row[-1] for row in of.counts[:-1]) == 3


def test_a_citys_regulator_sees_only_its_own(business):
    own = found(visible_to=FUZHOU_CITY)
    assert [city.code for city in own.cities] == ["350100"]
    assert dict(own.rows)["合计"]["funded_fen"] == 150 * WAN


def test_small_cells_of_the_published_table_are_gone_with_their_sums(business):
    of = found()
    assert all(count == 0 for r, row in enumerate(of.counts) for c, count in enumerate(row) if (r, c) not in of.gone)


def test_the_counties_of_a_city_inside_the_mandate(business):
    fuzhou, xiamen = regions.find("350100"), regions.find(regions.XIAMEN)
    shown, kept = structure.counties("funded", city=fuzhou, visible_to=PROVINCE, span=MARCH)
    values = {county.code: of for county, of in shown}
    assert not kept
    assert values[scene.FUZHOU]["funded"] == 2 and not any(
        of["funded"] for code, of in values.items() if code != scene.FUZHOU
    )
    assert structure.counties("funded", city=xiamen, visible_to=FUZHOU_CITY, span=MARCH) == ([], False)


def test_kinds_and_counties_are_closed_with_the_month_and_corrected(business):
    april = datetime(2026, 4, 2, 9, tzinfo=SHANGHAI)
    live = found()
    actions.close(month="2026-03", by=PROVINCE, at=april)
    fuzhou, month = regions.find("350100"), {"month": "2026-03"}

    def of_county(name):
        shown, kept = structure.counties(name, city=fuzhou, visible_to=PROVINCE, span=MARCH, **month)
        assert kept and len(shown) > 5
        return {county.code: of[name] for county, of in shown}[scene.FUZHOU]

    scene.funded(scene.enterprise(9, scene.FUZHOU), wan=500)
    assert (of_county("funded_fen"), of_county("first_share")) == (150 * WAN, 6667)
    closed = structure.structure(by="security", visible_to=PROVINCE, with_xiamen=True, span=MARCH, **month)
    assert closed.kept and dict(closed.rows) == dict(live.rows) and closed.counts == live.counts
    actions.correct(month="2026-03", why="银行补报放款", by=PROVINCE, at=april)
    assert of_county("funded_fen") == 650 * WAN


def test_size_is_what_the_enterprise_said_itself_else_unknown(business):
    demand = {"amount_fen": WAN, "term_months": 12, "purpose": "stock", "securities": ["unsecured"], "region_code": "1"}
    for number, size, back in ((1, "micro", 2), (1, "small", 1), (1, "large", -1), (6, "", 1)):
        posted = MONDAY - timedelta(days=back)
        Demand.objects.create(
            number=uuid4().hex[:20], uscc=uscc_of(number), size=size, posted_at=posted, drafted_at=posted,
            state="withdrawn", state_at=posted, open_until=posted.date(), **demand,
        )  # fmt: skip
    rows = dict(found(by="size").rows)
    assert [rows[size]["funded"] for size in ("大型", "小型", "微型", "未知")] == [0, 2, 0, 1]


def test_less_xiamen_the_published_sum_does_not_give_xiamen_away(business):
    for number in range(10, 40):
        scene.funded(scene.enterprise(number, scene.FUZHOU), wan=10)
    less = found(with_xiamen=False)
    assert less.counts[-1][-1] == 32 and (len(less.counts) - 1, len(less.cities)) in less.gone
