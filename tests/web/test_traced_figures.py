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
from jinfuyun.supervision.queries import BY_NAME, cross, feeds
from jinfuyun.web import figures
from tests.cast import staff_person
from tests.supervision import scene
from tests.web.inside import inside
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
        assert found.names <= set(BY_NAME), path
        assert len(found.figures) > 10 or path == "/regulator/bulletins", path


def test_nor_on_the_first_page_of_all(business):
    found = Traced(Client().get("/").content.decode())
    assert found.loose == []
    assert [one.names for one in found.figures] == [
        "authenticated", "consented", "institutions", "products", "funded", "funded_fen",
    ]  # fmt: skip


def test_a_number_without_a_name_is_found():
    row = '<table><tr><td>福州市</td><td data-label="首贷" data-indicator="first">7</td><td>8</td></tr></table>'
    found = Traced(f"<main><p>首贷 12 户</p><p>2026-03</p>{row}<p data-rule='W01'>5 户</p></main>")
    assert (found.loose, found.figures) == (["首贷 12 户", "8"], [("first", "7", "福州市", "首贷")])
    assert (found.names, found.rules) == ({"first"}, {"W01"})


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


def test_each_figure_of_data_supervision_is_what_its_definition_counts(business, regulator):
    at = timezone.now()
    found = Traced(inside(regulator).get("/regulator/data?month=2026-03").content.decode())
    supply = feeds.supply(month="2026-03", visible_to=scene.regulator("350000"), at=at)
    for line in (supply.total, *supply.feeds):
        for name in ("timely_share", "rows", "quarantined_share", "age_days", "coverage_share", "reports", "loans_fen"):
            one = feeds.BY_NAME[name]
            assert (name, figures.short(one, line.values[name])) in [(each.names, each.text) for each in found.figures]
