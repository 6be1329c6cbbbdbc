"""How figures, dates and states are written."""

from datetime import UTC, date, datetime

import pytest
from django.http import QueryDict
from django.test import RequestFactory

from jinfuyun.kit.actor import Actor, Role
from jinfuyun.web import jinja, navigation
from jinfuyun.web.public import province_map


@pytest.mark.parametrize(
    ("fen", "written"),
    [
        (300_000_000, "300 万元"),
        (123_456, "0.12 万元"),
        (0, "0 万元"),
        (1_234_567_890_000, "1,234,567.89 万元"),
        (None, "—"),
    ],
)
def test_money_in_wan(fen: int | None, written: str) -> None:
    assert jinja.wan(fen) == written


def test_a_heading_that_names_the_unit_leaves_it_out_of_the_cells() -> None:
    assert jinja.wan(300_000_000, "") == "300"
    assert jinja.yi(31_280_000_000_000, "") == "3,128"


def test_money_in_yuan_has_both_decimals() -> None:
    assert jinja.yuan(1_234_560) == "12,345.60 元"


def test_rates_are_percentages_with_two_decimals() -> None:
    assert jinja.percent_bp(385) == "3.85%"
    assert jinja.rate_range(385, 385) == "3.85%"
    assert jinja.rate_range(385, 520) == "3.85% – 5.20%"


def test_moments_are_shown_in_shanghai() -> None:
    late = datetime(2026, 3, 1, 17, 5, tzinfo=UTC)
    assert jinja.day(late) == "2026-03-02"
    assert jinja.moment(late) == "2026-03-02 01:05"
    assert jinja.day(date(2026, 3, 1)) == "2026-03-01"


def test_a_page_link_keeps_the_rest_of_the_query() -> None:
    request = RequestFactory().get("/products", QueryDict("q=茶&security=credit&page=2").dict())
    assert jinja.with_query(request, page=3) == "?q=%E8%8C%B6&security=credit&page=3"
    assert jinja.with_query(request, security=None, page=None) == "?q=%E8%8C%B6"


def test_each_state_has_one_tone() -> None:
    states = [state for tone in jinja.TONES.values() for state in tone]
    assert len(states) == len(set(states))
    assert jinja.tone("action_required") == "act"
    assert jinja.tone("never heard of") == "plain"


def test_the_navigation_marks_the_longest_path() -> None:
    items = navigation.ENTERPRISE
    here = navigation.here("/my/applications/A1", items)
    assert here is not None and here.path == "/my/applications"
    assert navigation.here("/elsewhere", items) is None
    elsewhere = navigation.here("/my/reports/B1", items)
    assert elsewhere is not None and elsewhere.path == "/my/report"
    assert navigation.here("/products", navigation.PUBLIC) == navigation.Item("/products", "融资产品")


def test_everybody_gets_the_navigation_of_the_own_door() -> None:
    officer = Actor(id="1", label="林某", roles=frozenset({Role.OFFICER}))
    pages = ("", "/applications", "/demands", "/recommendations", "/loans", "/questions", "/notes", "/complaints")
    theirs = [f"/bank{page}" for page in pages]
    assert [item.path for item in navigation.items_for(officer)] == theirs
    assert navigation.items_for(None) is navigation.PUBLIC


def test_the_map_has_the_nine_cities_inside_its_frame() -> None:
    drawing = province_map.drawing()
    assert [city.code for city in drawing.cities] == [f"350{number}00" for number in range(1, 10)]
    assert all(0 < city.x < drawing.width and 0 < city.y < drawing.height for city in drawing.cities)


def test_the_map_shades_by_the_largest_and_leaves_the_unknown_plain() -> None:
    rows = province_map.coloured({"350100": 100, "350200": 20, "350300": 0, "350400": None}, {"350100": "100 户"})
    levels = {row.city.code: row.level for row in rows}
    assert (levels["350100"], levels["350200"], levels["350300"], levels["350400"]) == (5, 1, 0, 0)
    assert rows[0].value == "100 户"
