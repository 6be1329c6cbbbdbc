"""The regulator's page: the one table's figures, by city, with their definitions, and as a file."""

import csv
import io

import pytest
from django.utils import timezone

from jinfuyun.kit.actor import House, HouseKind, Role
from jinfuyun.supervision.queries import INDICATORS
from jinfuyun.web import figures
from tests.browser import axe, overflow, shoot
from tests.cast import staff_person
from tests.signing_in import sign_in
from tests.supervision import scene
from tests.web.visits import Visitor


@pytest.fixture
def province_regulator():
    house = House(HouseKind.REGION, "350000")
    return staff_person("regulator", "province.regulator", "13700000002", "闽监管", house, Role.REGULATOR)


def logged_in(person):
    visitor = Visitor()
    assert visitor.log_in(person, timezone.now()).status_code == 302
    return visitor


def rows_of(answer):
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


@pytest.fixture
def business(db, red_star_owner):
    scene.three_cities(red_star_owner)


def test_every_figure_stands_on_the_page_with_its_definition(business, province_regulator):
    page = logged_in(province_regulator).get("/regulator").content.decode()
    for one in INDICATORS:
        assert one.label in page
        assert figures.definition(one) in page
    assert "福建省概览" in page


def test_the_file_holds_every_figure_by_city_exactly(business, province_regulator):
    answer = logged_in(province_regulator).get("/regulator/figures.csv")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Content-Disposition"].startswith('attachment; filename="figures-')
    rows = {row["指标"]: row for row in rows_of(answer)}
    assert list(rows) == [one.label for one in INDICATORS]
    funded = rows["放款金额"]
    assert (funded["单位"], funded["全省（含厦门）"], funded["福州市"], funded["平潭综合实验区"]) == (
        "元", "3500000.00", "1500000.00", "0.00",
    )  # fmt: skip
    assert (rows["授权率"]["全省（含厦门）"], rows["授权率"]["厦门市"]) == ("57.14%", "100.00%")
    assert (rows["注册用户数"]["福州市"], rows["首贷占比"]["平潭综合实验区"]) == ("", "")
    assert all(row["口径"] for row in rows.values())


def test_without_xiamen_page_and_file_leave_it_out(business, province_regulator):
    visitor = logged_in(province_regulator)
    rows = {row["指标"]: row for row in rows_of(visitor.get("/regulator/figures.csv?xiamen=without"))}
    assert rows["认证企业数"]["全省（不含厦门）"] == "6"
    assert "厦门市" not in rows["认证企业数"]
    page = visitor.get("/regulator?xiamen=without").content.decode()
    assert "全省（不含厦门）" in page
    assert "/regulator/figures.csv?xiamen=without" in page


def test_a_citys_regulator_gets_no_other_city_on_page_or_file(business, fuzhou_regulator):
    visitor = logged_in(fuzhou_regulator)
    page = visitor.get("/regulator?figure=funded_fen").content.decode()
    assert "福州市概览" in page
    assert "全省 350" in page
    assert "厦门市" not in page
    heading = rows_of(visitor.get("/regulator/figures.csv"))[0]
    assert list(heading)[2:-2] == ["全省（含厦门）", "福州市"]


@pytest.mark.parametrize("query", ["figure=nonsense", "figure=registered", "xiamen=x&figure=", "figure=%00"])
def test_a_strange_query_shows_the_page(business, province_regulator, query):
    assert logged_in(province_regulator).get(f"/regulator?{query}").status_code == 200


def test_to_an_operator_the_page_does_not_exist(db, operator):
    visitor = logged_in(operator)
    assert visitor.get("/regulator").status_code == visitor.get("/regulator/figures.csv").status_code == 404


# -- in a real browser -----------------------------------------------------------------------------------------------

PATHS = {
    "regulator": "/regulator",
    "regulator-loans": "/regulator?figure=funded_fen&xiamen=without",
}


def look(page, site, person):
    sign_in(page, site, person)
    for name, path in PATHS.items():
        assert page.goto(site + path).ok, name
        page.locator("details summary").filter(has_text="授权率").click()
        page.get_by_text("展开分市表").click()
        assert axe(page) == [], name
        assert overflow(page) == 0, name
        page.get_by_text("展开分市表").click()
        shoot(page, name)


@pytest.mark.browser
def test_the_regulators_page_at_desk_width(site, red_star_owner, province_regulator, page):
    scene.three_cities(red_star_owner)
    look(page, site, province_regulator)


@pytest.mark.browser
def test_the_regulators_page_on_a_phone(site, red_star_owner, province_regulator, phone):
    scene.three_cities(red_star_owner)
    look(phone, site, province_regulator)


@pytest.mark.browser
def test_a_citys_regulator_picks_a_figure_without_scripts(site, red_star_owner, fuzhou_regulator, plain_page):
    scene.three_cities(red_star_owner)
    sign_in(plain_page, site, fuzhou_regulator)
    plain_page.goto(site + "/regulator")
    plain_page.get_by_role("link", name="不含厦门").click()
    plain_page.get_by_label("指标", exact=True).select_option("首贷金额")
    plain_page.get_by_role("button", name="查看").click()
    plain_page.wait_for_url("**/regulator?xiamen=without&figure=first_fen#map")
    shoot(plain_page, "regulator-city")
