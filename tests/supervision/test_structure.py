"""Drawdowns by kind, and the counties of a city: the table's figures, grouped once more."""

import pytest

from jinfuyun.kit import regions
from jinfuyun.supervision.queries import month_span, structure
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
    values = {
        county.code: of for county, of in structure.counties("funded", city=fuzhou, visible_to=PROVINCE, span=MARCH)
    }
    assert values[scene.FUZHOU]["funded"] == 2 and not any(
        of["funded"] for code, of in values.items() if code != scene.FUZHOU
    )
    assert structure.counties("funded", city=xiamen, visible_to=FUZHOU_CITY, span=MARCH) == []
