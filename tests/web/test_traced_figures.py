"""Every number on a page of figures says which indicator it is, and is what that indicator counts."""

import csv
import io

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from jinfuyun.kit.actor import House, HouseKind, Role
from jinfuyun.loans.models import Loan
from jinfuyun.supervision import actions
from jinfuyun.supervision.queries import BY_NAME, INDICATORS, cross, feeds, overview
from jinfuyun.supervision.queries.targets import Wanted
from jinfuyun.web import figures
from tests.cast import staff_person
from tests.supervision import scene
from tests.web.inside import inside
from tests.web.test_url_matrix import TABLE
from tests.web.traced import Traced


@pytest.fixture
def regulator():
    house = House(HouseKind.REGION, "350000")
    return staff_person("regulator", "province.regulator", "13700000002", "闽监管", house, Role.REGULATOR)


@pytest.fixture
def business(db, red_star_owner):
    """A closed month that counts otherwise today, so that the page of months shows figures too."""
    scene.three_cities(red_star_owner)
    actions.close(month="2026-03", by=scene.regulator("350000"), at=timezone.now())
    Loan.objects.filter(amount_fen=200 * scene.WAN, state="repaying").update(answer="disputed")
    cache.delete("home-figures")
    cross.gather(at=timezone.now())


PAGES = (
    "/regulator?month=", "/regulator?month=2026-03&figure=funded_fen&city=350100&xiamen=without",
    "/regulator/structure?by=size",
    "/regulator/structure?by=industry&month=2026-03", "/regulator/months?recount=2026-03", "/regulator/wall",
    "/regulator/wall/now?xiamen=without", "/regulator/bulletins",
    "/regulator/cross?rows=month&columns=city&figure=rate&since=2026-03&until=2026-03",
)  # fmt: skip


def test_no_number_of_a_regulators_page_stands_without_its_indicator(business, regulator):
    visitor = inside(regulator)
    for path in PAGES:
        found = Traced(visitor.get(path).content.decode())
        assert found.loose == [], path
        assert {name for names, _ in found.named for name in names.split()} <= set(BY_NAME), path
        assert len(found.named) > 10 or path == "/regulator/bulletins", path


def test_nor_on_the_first_page_of_all(business):
    found = Traced(Client().get("/").content.decode())
    assert found.loose == []
    assert [name for name, _ in found.named] == [
        "authenticated", "consented", "institutions", "products", "funded", "funded_fen",
    ]  # fmt: skip


def test_each_card_shows_what_its_indicator_counts(business, regulator):
    """Cards and the table of all figures, against the table of definitions counted anew."""
    page = Traced(inside(regulator).get("/regulator?month=").content.decode())
    total = overview(visible_to=scene.regulator("350000"), with_xiamen=True, at=timezone.now()).total
    for one in INDICATORS:
        texts = [text for names, text in page.named if names == one.name]
        assert any(figures.short(one, total[one.name]) in text for text in texts), one.name


def test_a_number_without_a_name_is_found():
    page = '<main><p>首贷 12 户</p><p>2026-03</p><td data-indicator="first">7</td></main>'
    assert (Traced(page).loose, Traced(page).named) == (["首贷 12 户"], [("first", "7")])


def test_each_chart_goes_as_picture_workbook_and_csv(business, regulator):
    visitor = inside(regulator)
    for name in ("trend", "funnel", "structure", "map"):
        for kind, begins in (("png", b"\x89PNG"), ("xlsx", b"PK"), ("csv", b"\xef\xbb\xbf")):
            answer = visitor.get(f"/regulator/charts/{name}.{kind}?figure=funded_fen")
            assert answer.status_code == 200 and answer.content.startswith(begins), (name, kind)
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[0] == ["地区", "放款金额（元）"] and rows[-1] == ["全省（含厦门）", "1500000.0"]


def test_what_is_no_chart_or_has_no_month_yet_is_not_found(db, regulator):
    visitor = inside(regulator)
    for name in ("trend", "nonsense"):
        assert visitor.get(f"/regulator/charts/{name}.png").status_code == 404


def test_all_closed_figures_come_line_by_line_and_a_citys_only_to_its_regulator(business, regulator, fuzhou_regulator):
    answer = inside(regulator).get("/regulator/months.csv")
    assert answer.streaming
    rows = list(csv.DictReader(io.StringIO(answer.getvalue().decode("utf-8-sig"))))
    kept = {(row["指标"], row["地区"]): row["数值"] for row in rows}
    assert kept["放款金额", "全省（含厦门）"] == "3500000.00" and kept["放款金额", "厦门市"] == "2000000.00"
    own = inside(fuzhou_regulator).get("/regulator/months.csv").getvalue().decode("utf-8-sig")
    assert {row["地区"] for row in csv.DictReader(io.StringIO(own))} == {"福州市"}


def test_the_walls_middle_is_the_page_without_its_frame_and_names_nobody(business, regulator):
    visitor = inside(regulator)
    page, now = (visitor.get(path).content.decode() for path in ("/regulator/wall", "/regulator/wall/now"))
    assert '<noscript><meta http-equiv="refresh" content="60">' in page and "<html" not in now
    assert "数据截至" in now and "示例" not in page and "闽岭银行" not in page
    less = visitor.get("/regulator/wall/now?xiamen=without").content.decode()
    assert 'href="?xiamen=without"' in page and "厦门市" in now and "厦门市" not in less


# What a rule allows and what was seen is said there in the rule's own words; tests/warnings count them.
BY_RULES = {"/regulator/warnings"}


def pages_of_regulators():
    """Every page of a regulator whose address names no object, from the table of all addresses."""
    rows = csv.DictReader(TABLE.read_text(encoding="utf-8").splitlines())
    found = {row["route"] for row in rows if row["method"] == "GET" and row["route"].startswith("/regulator")}
    return sorted(one for one in found - BY_RULES if "<" not in one and "." not in one)


def test_no_page_of_a_regulator_not_even_a_new_one_shows_a_number_without_its_name(business, regulator):
    aim = Wanted("funded", "350000", "", "2026-03", "2026-03", 9)
    actions.set_target(wanted=aim, by=scene.regulator("350000"), at=timezone.now())
    visitor = inside(regulator)
    pages = {path: visitor.get(path, follow=True) for path in pages_of_regulators()}
    traced = {path: Traced(page.content.decode()) for path, page in pages.items() if page.status_code == 200}
    assert {path: found.loose for path, found in traced.items() if found.loose} == {}
    named = {name for found in traced.values() for names, _ in found.named for name in names.split()}
    assert named <= {*BY_NAME, *feeds.BY_NAME} and len(traced) > 15
    assert ("funded", "3") in [(name, text[:1]) for name, text in traced["/regulator/coordination/targets"].named]


def test_each_figure_of_data_supervision_is_what_its_definition_counts(business, regulator):
    at = timezone.now()
    found = Traced(inside(regulator).get("/regulator/data?month=2026-03").content.decode())
    supply = feeds.supply(month="2026-03", visible_to=scene.regulator("350000"), at=at)
    for line in (supply.total, *supply.feeds):
        for name in ("timely_share", "rows", "quarantined_share", "age_days", "coverage_share", "reports", "loans_fen"):
            one = feeds.BY_NAME[name]
            assert (name, figures.short(one, line.values[name])) in [(of, text.strip()) for of, text in found.named]
