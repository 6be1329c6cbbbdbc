"""Data supervision and warnings on the pages of regulators and departments, and as files."""

import csv
import io
from datetime import timedelta

import pytest
from django.utils import timezone
from openpyxl import load_workbook

from jinfuyun.applications.models import Application
from jinfuyun.enterprises.models import Enterprise
from jinfuyun.kit.actor import House, HouseKind, Role, platform
from jinfuyun.loans.models import Loan
from jinfuyun.reports.models import Report
from jinfuyun.supervision.queries.feeds import FIGURES
from jinfuyun.warnings import actions
from jinfuyun.warnings.models import EarlyWarning
from tests.browser import axe, overflow, shoot
from tests.cast import staff_person
from tests.deliveries.conftest import delivered, lake, tax_bureau
from tests.signing_in import sign_in
from tests.supervision import scene
from tests.web.test_regulator import logged_in, province_regulator

__all__ = ("delivered", "lake", "province_regulator", "tax_bureau")

OUTCOME = "已约谈该行，限期整改，补充说明了拒绝原因。"


def business() -> None:
    """Deliveries of March by the fixture; six enterprises with a loan after a report, and refusals of yesterday."""
    for number in range(1, 7):
        firm = scene.enterprise(number, scene.FUZHOU)
        scene.funded(firm, wan=10 * number)
        for loan in Loan.objects.filter(uscc=firm.uscc).exclude(state="reversed"):
            scene.read(firm, because=loan.line.application.number)
            Report.objects.filter(because=loan.line.application.number).update(
                feeds=["taxpayers", "sales_invoices"], reader_code=loan.institution.code
            )
    for _ in range(5):
        scene.complaint(firm, at=timezone.now() - timedelta(days=40))
    refused_unstated(firm)


def refused_unstated(firm: Enterprise) -> None:
    """Refusals of yesterday that say no reason, and the warning of them."""
    yesterday = timezone.now() - timedelta(days=1)
    for _ in range(22):
        scene.application(firm, wan=1, state="rejected", submitted_at=yesterday, decided_at=yesterday)
    Application.objects.filter(state="rejected").update(refusal_basis="unstated")
    actions.watch(by=platform("test"), at=timezone.now())


@pytest.fixture
def stage(delivered):
    business()


def test_figures_and_warnings_stand_on_pages_and_in_files(stage, province_regulator, tax_bureau, operator):
    visitor = logged_in(province_regulator)
    page = visitor.get("/regulator/data?month=2026-03&figure=loans_fen").content.decode()
    for text in ("税务局", "销项发票", "助成放款金额", "210", "chart-data"):
        assert text in page, text
    rows = list(csv.DictReader(io.StringIO(
        visitor.get("/regulator/data.csv?month=2026-03").content.decode("utf-8-sig"))))  # fmt: skip
    [line] = [row for row in rows if row["数据"] == "纳税人识别号对照"]
    assert (line["部门"], line["待更正行数（行）"], line["助成放款金额（元）"]) == ("税务局", "3", "2100000.00")
    assert all(rows[-1][f"{one.label}（{unit}）"] for one in FIGURES[:3] for unit in ("批",)), "what each counts"
    assert load_workbook(io.BytesIO(visitor.get("/regulator/data.xlsx").content)).active.max_row > 30
    for strange in ("month=x&figure=y", "month=2099-01", "month=%00"):
        assert visitor.get(f"/regulator/data?{strange}").status_code == 200
    own = logged_in_department(tax_bureau).get("/department/data?month=2026-03").content.decode()
    assert "您的数据帮助 6 户企业获得 210 万元" in own and "供电公司" not in own
    assert visitor.get("/department/data").status_code == 404
    assert logged_in(operator).get("/regulator/warnings").status_code == 404
    page = visitor.get("/regulator/warnings").content.decode()
    for text in ("“不便说明”偏多", "投诉按时答复率", "投诉骤增"):
        assert text in page, text
    assert "没有符合条件的预警" in visitor.get("/regulator/warnings?state=done").content.decode()
    assert "W05" in visitor.get("/regulator/warnings?state=&scope=feed&severity=x").content.decode()
    book = load_workbook(io.BytesIO(visitor.get("/regulator/warnings.xlsx?state=").content)).active
    told = {row[1]: row for row in book.iter_rows(values_only=True)}
    assert told["投诉答复不及时"][3:6] == (
        "设区市", "福州市", "投诉按时答复率 0.00%，低于 90.00%（近 90 天，样本 5）"
    )  # fmt: skip
    assert told["拒绝占比偏高"][5] and told["拒绝占比偏高"][9] == "新"
    one = EarlyWarning.objects.get(rule="W03")
    assert visitor.get(f"/regulator/warnings/{one.number}").status_code == 200
    assert visitor.get("/regulator/warnings/YJ1").status_code == 404


def logged_in_department(person):
    from tests.web.test_department_pages import logged_in as department

    return department(person)


def test_a_citys_regulator_sees_its_own_citys_warnings_only(stage, fuzhou_regulator):
    xiamen = staff_person("regulator", "xiamen.regulator", "13700000009", "厦监管",
                          House(HouseKind.REGION, "350200"), Role.REGULATOR)  # fmt: skip
    one = EarlyWarning.objects.get(rule="W03")
    assert one.number in logged_in(fuzhou_regulator).get("/regulator/warnings").content.decode()
    visitor = logged_in(xiamen)
    assert one.number not in visitor.get("/regulator/warnings?state=").content.decode()
    assert visitor.get(f"/regulator/warnings/{one.number}").status_code == 404


def walk(page, site, regulator, bureau) -> None:
    """A warning from new to done by the regulator, with a mistake on the way; then what a department sees."""
    sign_in(page, site, regulator)
    for name, path in (
        ("regulator-data", "/regulator/data?month=2026-03&figure=loans_fen"),
        ("regulator-warnings", "/regulator/warnings"),
    ):
        assert page.goto(site + path).ok
        looked_at(page, name)
        if name == "regulator-data":
            folds_on_a_phone_only(page)
    handled(page)
    sign_in(page, site, bureau)
    assert page.goto(site + "/department/data?month=2026-03").ok
    looked_at(page, "department-data")


def folds_on_a_phone_only(page) -> None:
    """Feeds with ten figures each: a line each on a phone until one is opened; all of it at a desk and on paper."""
    row = page.get_by_role("row").filter(has=page.locator("details", has_text="企业登记信息"))
    figure, is_phone = row.locator("[data-label^=入库行数]"), page.viewport_size["width"] < 768
    assert figure.is_visible() != is_phone
    if is_phone:
        assert page.evaluate("document.documentElement.scrollHeight") < 5000
        row.locator("summary").click()
        assert figure.is_visible()
        row.locator("summary").click()
    page.emulate_media(media="print")
    assert figure.is_visible()
    page.emulate_media(media="screen")


def handled(page) -> None:
    """From the list of warnings: taken, begun, ended with words."""
    page.get_by_label("范围").select_option("金融机构")
    page.get_by_role("button", name="查看", exact=True).click()
    page.get_by_role("link", name="处理 “不便说明”偏多").click()
    page.get_by_role("button", name="确认并由我负责").click()
    page.get_by_role("button", name="开始处理").click()
    page.get_by_role("button", name="办结").click()
    page.get_by_text("请填写处理结果。").first.wait_for()
    looked_at(page, "regulator-warning-empty")
    page.get_by_label("处理结果").fill(OUTCOME)
    page.get_by_role("button", name="办结").click()
    page.get_by_text("已办结。").wait_for()
    looked_at(page, "regulator-warning")
    assert page.get_by_text(OUTCOME).first.is_visible() and page.get_by_role("button", name="办结").count() == 0


def looked_at(page, name: str) -> None:
    shoot(page, name)
    assert axe(page) == [], name
    assert overflow(page) == 0, name


@pytest.mark.browser
def test_a_regulator_sees_to_a_warning_at_desk_width(stage, site, province_regulator, tax_bureau, page):
    walk(page, site, province_regulator, tax_bureau)


@pytest.mark.browser
def test_a_regulator_sees_to_a_warning_on_a_phone(stage, site, province_regulator, tax_bureau, phone):
    walk(phone, site, province_regulator, tax_bureau)
