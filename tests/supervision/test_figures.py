"""Every figure comes from the one table, and equals what a hand counts."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from jinfuyun.kit import regions
from jinfuyun.kit.actor import Actor, Role
from jinfuyun.kit.errors import NotAllowed
from jinfuyun.supervision import queries
from jinfuyun.supervision.queries import INDICATORS, overview, public
from jinfuyun.supervision.rules import Mean, Middle, Moment, Share, add_up, cell_of, share_of
from tests.cast import MONDAY
from tests.supervision import scene
from tests.supervision.scene import FUZHOU, WAN, regulator

FUZHOU_CITY, XIAMEN_CITY = "350100", "350200"
PROVINCE = regulator(regions.PROVINCE_CODE)


@pytest.fixture
def business(db, red_star_owner):
    scene.three_cities(red_star_owner)


def of_city(found, code):
    return next(values for city, values in found.cities if city.code == code)


def test_every_definition_is_whole():
    assert len({one.name for one in INDICATORS}) == len({one.label for one in INDICATORS}) == len(INDICATORS)
    for one in INDICATORS:
        assert one.numerator and one.version > 0, one.name
        assert bool(one.denominator) == isinstance(one.counted, Share), one.name
        assert not one.behind or queries.BY_NAME[one.behind].name not in queries.DERIVED, one.name
        assert (one.moment is Moment.FLOW) == bool(one.source.when) == bool(one.source.dated), one.name
        assert one.moment is not Moment.LIVE or one.source.lost, one.name


def test_the_words_of_a_share_are_the_labels_of_its_two_figures():
    labels = {one.name: one.label for one in (*INDICATORS, *queries.PARTS)}
    shares = [one for one in INDICATORS if isinstance(one.counted, Share)]
    for one in shares:
        assert (one.numerator, one.denominator) == (labels[one.counted.part], labels[one.counted.whole]), one.name
    used = {part for one in queries.DERIVED.values() for part in (one.part, getattr(one, "whole", ""))}
    assert {one.name for one in queries.PARTS} <= used


EXPECTED = {  # figure: province, 福州, 厦门, 平潭
    "registered": (1, None, None, None),
    "authenticated": (7, 5, 1, 1),
    "consented": (4, 3, 1, 0),
    "consented_share": (5714, 6000, 10000, 0),
    "institutions": (2, 1, 1, 0),
    "products": (2, 1, 1, 0),
    "applied": (7, 5, 1, 1),
    "applied_fen": (920 * WAN, 510 * WAN, 400 * WAN, 10 * WAN),
    "approved": (5, 4, 1, 0),
    "approved_fen": (820 * WAN, 420 * WAN, 400 * WAN, 0),
    "funded": (3, 2, 1, 0),
    "funded_fen": (350 * WAN, 150 * WAN, 200 * WAN, 0),
    "confirmed": (1, 1, 0, 0),
    "confirmed_share": (3333, 5000, 0, None),
    "disputed": (1, 1, 0, 0),
    "first": (1, 1, 0, 0),
    "first_fen": (100 * WAN, 100 * WAN, 0, 0),
    "first_share": (2857, 6667, 0, None),
    "unsecured": (2, 1, 1, 0),
    "unsecured_fen": (300 * WAN, 100 * WAN, 200 * WAN, 0),
    "unsecured_share": (8571, 6667, 10000, None),
    "readings": (3, 1, 2, 0),
    "readings_unasked": (1, 0, 1, 0),
}


def test_every_figure_equals_what_a_hand_counts(business):
    found = overview(visible_to=PROVINCE, with_xiamen=True, at=MONDAY)
    cities = (of_city(found, FUZHOU_CITY), of_city(found, XIAMEN_CITY), of_city(found, regions.PINGTAN))
    assert {name: (found.total[name], *(city[name] for city in cities)) for name in EXPECTED} == EXPECTED


def test_without_xiamen_it_is_left_out_and_what_has_no_region_is_unknown(business):
    found = overview(visible_to=PROVINCE, with_xiamen=False, at=MONDAY)
    assert (found.total["authenticated"], found.total["funded_fen"], found.total["consented_share"]) == (
        6, 150 * WAN, 5000,
    )  # fmt: skip
    assert found.total["registered"] is None
    assert XIAMEN_CITY not in {city.code for city, _ in found.cities}


def test_a_citys_regulator_sees_the_own_city_and_the_provinces_totals(business):
    found = overview(visible_to=regulator(FUZHOU_CITY), with_xiamen=True, at=MONDAY)
    assert [city.name for city, _ in found.cities] == ["福州市"]
    assert found.total["institutions"] == 2
    assert found.total["authenticated"] is None, "less its own two are left, one of them Xiamen's"
    assert overview(visible_to=regulator(FUZHOU), with_xiamen=True, at=MONDAY).scope.code == FUZHOU_CITY


def test_rows_from_outside_the_province_are_counted_and_shown_apart(db):
    scene.enterprise(1, "110101")
    found = overview(visible_to=PROVINCE, with_xiamen=False, at=MONDAY)
    assert found.total["authenticated"] == 1
    assert [(city.name, values["authenticated"]) for city, values in found.cities][-1] == ("其他地区", 1)


def test_nobody_but_a_regulator_gets_the_overview(db):
    officer = Actor(id="1", label="林某", roles=frozenset({Role.OFFICER}), house=PROVINCE.house)
    for stranger in (officer, regulator("110000")):
        with pytest.raises(NotAllowed):
            overview(visible_to=stranger, with_xiamen=True, at=MONDAY)


def test_an_empty_platform_has_zeros_and_no_shares(db):
    found = overview(visible_to=PROVINCE, with_xiamen=True, at=MONDAY)
    assert {name for name, value in found.total.items() if value is None} == set(queries.DERIVED)
    assert len(found.cities) == len(regions.CITIES)


def test_public_figures_hide_small_cells_and_the_amounts_behind_them(business):
    shown = {one.name: value for one, value in public(EXPECTED, at=MONDAY)}
    assert shown["authenticated"] == 7
    assert shown["approved_fen"] == 820 * WAN
    for hidden in ("registered", "consented", "consented_share", "funded", "funded_fen", "unsecured_share"):
        assert shown[hidden] is None
    assert shown["institutions"] == 2


def test_a_public_share_is_right_without_its_parts_being_asked(db, red_star_owner):
    for number in range(1, 11):
        each = scene.enterprise(number, FUZHOU)
        if number <= 6:
            scene.consent(each, red_star_owner)
    assert [value for _, value in public(["consented_share"], at=MONDAY)] == [6000]


def test_one_query_a_source_however_many_cities(business):
    with CaptureQueriesContext(connection) as asked:
        overview(visible_to=PROVINCE, with_xiamen=True, at=MONDAY)
    assert len(asked) == len({id(one.source) for one in (*INDICATORS, *queries.PARTS)})
    with CaptureQueriesContext(connection) as asked:
        list(public(["funded", "funded_fen"], at=MONDAY))
    assert len(asked) == 1


@pytest.mark.parametrize(
    ("part", "whole", "bp"), [(1, 3, 3333), (2, 3, 6667), (1, 0, None), (None, 3, None), (0, 3, 0), (3, 3, 10000)]
)
def test_shares_are_rounded_half_up_and_of_nothing_there_is_none(part, whole, bp):
    assert share_of(part, whole) == bp


@pytest.mark.parametrize(("part", "whole", "mean"), [(-3, 2, -1), (-5, 3, -2), (7, 2, 4), (0, 0, None)])
def test_a_mean_is_rounded_half_up_below_zero_too(part, whole, mean):
    assert share_of(part, whole, 1) == mean


@pytest.mark.parametrize(
    ("minutes", "mean", "middle"),
    [([], None, None), ([5], 5, 5), ([9, 1], 5, 5), ([1, 2], 2, 2), ([100, 1, 2], 34, 2), ([4, 1, 3, 2], 3, 3)],
)
def test_mean_and_median_of_what_was_counted(minutes, mean, middle):
    counts = {"x": minutes}
    assert (cell_of(Mean("x"), counts).value, cell_of(Middle("x"), counts).value) == (mean, middle)
    assert cell_of(Middle("x"), counts).denominator == len(minutes)


def test_sums_keep_apart_what_nobody_knows():
    assert add_up([{"a": 1, "b": None}, {"a": None, "b": None}, {"a": 2}]) == {"a": 3, "b": None}
