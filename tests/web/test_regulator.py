"""The regulator's page: the one table's figures, by city, with their definitions, and as a file."""

import csv
import io

import pytest
from django.utils import timezone
from openpyxl import load_workbook

from jinfuyun.data import tallies
from jinfuyun.kit.actor import House, HouseKind, Role
from jinfuyun.loans.models import Loan
from jinfuyun.supervision import actions
from jinfuyun.supervision.queries import INDICATORS, cross
from jinfuyun.supervision.rules import Unit
from jinfuyun.web import figures
from tests.browser import axe, overflow, shoot
from tests.cast import staff_person
from tests.signing_in import sign_in
from tests.supervision import scene
from tests.web.visits import TOKEN, Visitor


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
    assert "/regulator/figures.csv?xiamen=without" in page and "/regulator/figures.xlsx?xiamen=without" in page


def test_a_citys_regulator_gets_no_other_city_on_page_or_file(business, fuzhou_regulator):
    visitor = logged_in(fuzhou_regulator)
    page = visitor.get("/regulator?figure=funded_fen").content.decode()
    assert "福州市概览" in page
    assert "全省 350" not in page and "全省合计以“—”代替" in page, "less its own, only Xiamen's one loan would be left"
    assert "厦门市" not in page
    heading = rows_of(visitor.get("/regulator/figures.csv"))[0]
    assert list(heading)[2:-2] == ["全省（含厦门）", "福州市"]


@pytest.mark.parametrize("query", ["figure=nonsense", "figure=registered", "xiamen=x&figure=", "figure=%00", "city=x"])
def test_a_strange_query_shows_the_page(business, province_regulator, query):
    assert logged_in(province_regulator).get(f"/regulator?{query}").status_code == 200


def test_to_an_operator_the_page_does_not_exist(db, operator):
    visitor = logged_in(operator)
    assert visitor.get("/regulator").status_code == visitor.get("/regulator/figures.csv").status_code == 404


def post(visitor, path, **fields):
    token = TOKEN.search(visitor.get("/regulator/months").content.decode())[0].split('"')[-2]
    return visitor.post(path, {"csrfmiddlewaretoken": token, **fields})


def closed(month="2026-03"):
    actions.close(month=month, by=scene.regulator("350000"), at=timezone.now())


def test_a_closed_months_page_compares_and_its_files_hold_the_month(business, province_regulator):
    closed()
    closed("2026-02")
    visitor = logged_in(province_regulator)
    page = visitor.get("/regulator?month=2026-03&figure=funded_fen").content.decode()
    assert "2026-03 月度数据" in page and "较上月" not in page, "of nothing there is no change"
    closed("2026-04")
    assert "较上月 -100.0%" in visitor.get("/regulator?month=2026-04").content.decode()
    assert page.count("<svg") >= 3 and "chart-trend" in page and "chart-funnel" in page
    rows = {row["指标"]: row for row in rows_of(visitor.get("/regulator/figures.csv?month=2026-03"))}
    assert rows["放款金额"]["全省（含厦门）"] == "3500000.00"
    assert "入驻机构数" not in rows, "what is only known live is in no month"
    book = load_workbook(io.BytesIO(visitor.get("/regulator/figures.xlsx?month=2026-03&xiamen=without").content))
    cells = {row[0]: row for row in book.active.iter_rows(values_only=True)}
    assert cells["指标"][2] == "全省（不含厦门）" and cells["放款金额"][2] == 1_500_000
    assert visitor.get("/regulator?month=2026-01").status_code == 404


def test_who_asks_for_nothing_sees_the_newest_closed_month_and_live_figures_on_asking(business, province_regulator):
    closed("2026-02")
    closed()
    visitor = logged_in(province_regulator)
    assert visitor.get("/regulator").headers["Location"] == "/regulator?month=2026-03"
    assert "实时统计" in visitor.get("/regulator?month=").content.decode()


def test_a_city_is_drilled_down_to_its_counties_inside_the_mandate_only(business, province_regulator, fuzhou_regulator):
    page = logged_in(province_regulator).get("/regulator?figure=funded&city=350200").content.decode()
    assert "厦门市分区县" in page and "思明区" in page
    assert "思明区" not in logged_in(fuzhou_regulator).get("/regulator?figure=funded&city=350200").content.decode()


@pytest.mark.parametrize("by", ["size", "security", "product", "institution", "industry", "term", "nonsense"])
def test_structure_shows_figures_and_a_table_without_small_cells(business, province_regulator, by):
    visitor = logged_in(province_regulator)
    page = visitor.get(f"/regulator/structure?by={by}&xiamen=without").content.decode()
    assert "可以公开的放款笔数" in page and "chart-structure" in page and "厦门市" not in page
    for row in rows_of(visitor.get(f"/regulator/structure.csv?by={by}")):
        assert set(list(row.values())[1:]) <= {"0", "*"}, "three drawdowns are all small cells"


def test_any_two_kinds_cross_once_a_night_gathered_them(business, province_regulator, tmp_path, monkeypatch):
    monkeypatch.setattr(tallies, "_file", lambda name: tmp_path / "tallies" / name)
    visitor = logged_in(province_regulator)
    assert "还没有交叉统计" in visitor.get("/regulator/cross").content.decode()
    assert rows_of(visitor.get("/regulator/cross.csv")) == []
    post(visitor, "/regulator/cross/gather")
    assert "已开始按最新明细重新汇总" in visitor.get("/regulator/cross").content.decode()
    cross.gather(at=timezone.now())
    page = visitor.get("/regulator/cross?rows=security&columns=security&figure=x&since=\x00&until=1999-01")
    assert "放款笔数（笔）按担保方式和地区" in page.content.decode() and "2026-03 至 2026-03" in page.content.decode()
    asked = "?rows=security&columns=city&figure=funded_fen&xiamen=without"
    for row in rows_of(visitor.get(f"/regulator/cross.csv{asked}")):
        assert set(list(row.values())[1:]) <= {"0.0", "*"}, "so few drawdowns are all small cells"
    sheet = load_workbook(io.BytesIO(visitor.get(f"/regulator/cross.xlsx{asked}").content)).active
    assert [cell.value for cell in sheet[1]][:2] == ["担保方式", "福州市"]


def test_a_month_is_closed_counted_again_and_corrected_on_the_page(business, province_regulator):
    visitor = logged_in(province_regulator)
    assert "2026-03" in visitor.get("/regulator/months").content.decode()
    for said in ("已关账", "没有重复办理"):
        post(visitor, "/regulator/months/close", month="2026-03")
        assert said in visitor.get("/regulator/months").content.decode()
    assert "全部一致" in visitor.get("/regulator/months?recount=2026-03").content.decode()
    Loan.objects.filter(amount_fen=200 * scene.WAN, state="repaying").update(answer="disputed")
    assert "与封存不一致" in visitor.get("/regulator/months?recount=2026-03").content.decode()
    post(visitor, "/regulator/months/correct", month="2026-03", reason="企业提出异议")
    page = visitor.get("/regulator/months").content.decode()
    assert "有更正" in page and "企业提出异议" in page
    assert "已更正" in visitor.get("/regulator?month=2026-03").content.decode()


@pytest.mark.parametrize("month", ["", "2099-01", "x", "\x00"])
def test_what_is_no_closed_month_is_refused_in_words(business, province_regulator, month):
    visitor = logged_in(province_regulator)
    assert post(visitor, "/regulator/months/close", month=month).status_code == 302
    assert visitor.get("/regulator/months", {"recount": month}).status_code == 200
    assert visitor.get("/regulator", {"month": month}).status_code == (404 if month.strip("\0") else 200)


def test_a_citys_regulator_sees_the_months_and_closes_none(business, fuzhou_regulator):
    visitor = logged_in(fuzhou_regulator)
    assert "/regulator/months/close" not in visitor.get("/regulator/months").content.decode()
    assert post(visitor, "/regulator/months/close", month="2026-03").status_code == 403


def test_an_operator_closes_but_has_no_overview(business, operator):
    visitor = logged_in(operator)
    assert post(visitor, "/regulator/months/close", month="2026-03").status_code == 302
    assert "已关账" in visitor.get("/regulator/months").content.decode()
    assert "/regulator?month" not in visitor.get("/regulator/months").content.decode()


@pytest.mark.parametrize(
    ("unit", "now", "before", "said"),
    [(Unit.FEN, 110, 100, "+10.0%"), (Unit.CASE, 1, 0, "—"), (Unit.BP, 5000, 5050, "-0.50 个百分点"),
     (Unit.MINUTE, 1440, 2880, "-1.0 天"), (Unit.POINT, 90, 80, "+10 个基点"), (Unit.CASE, None, 3, "—")],
)  # fmt: skip
def test_how_a_change_is_said(unit, now, before, said):
    assert figures.change(INDICATORS[0]._replace(unit=unit), now, before) == said


# -- in a real browser -----------------------------------------------------------------------------------------------

PATHS = {
    "regulator": "/regulator",
    "regulator-month": "/regulator?month=2026-03&figure=funded_fen&xiamen=without&city=350100",
}
PLAIN_PATHS = {
    "regulator-structure": "/regulator/structure?by=security",
    "regulator-cross": "/regulator/cross?rows=security&columns=city&figure=funded_fen",
    "regulator-months": "/regulator/months?recount=2026-03",
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
    for number in range(8):
        scene.funded(scene.enterprise(90 + number, scene.FUZHOU), wan=100 + number)
        scene.funded(scene.enterprise(190 + number, scene.PINGTAN), wan=30, security="guarantee")
    cross.gather(at=timezone.now())
    for name, path in PLAIN_PATHS.items():
        assert page.goto(site + path).ok, name
        assert axe(page) == [], name
        assert overflow(page) == 0, name
        shoot(page, name)


@pytest.mark.browser
@pytest.mark.deep
def test_the_regulators_page_at_desk_width(site, red_star_owner, province_regulator, page):
    scene.three_cities(red_star_owner)
    closed()
    look(page, site, province_regulator)


@pytest.mark.browser
def test_the_regulators_page_on_a_phone(site, red_star_owner, province_regulator, phone):
    scene.three_cities(red_star_owner)
    closed()
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
