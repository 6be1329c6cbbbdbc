"""A department's day: send a file, read what became of it, correct what waits, send again, take it back."""

import csv
import io
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Download, Page, expect

from jinfuyun.data import door
from jinfuyun.kit.actor import House, HouseKind, Role
from tests.browser import shoot
from tests.cast import Person, staff_person
from tests.data.codes import A, B
from tests.journeys.steps import Town, log_in_staff, looks_right, press

pytestmark = pytest.mark.browser
HEADER = "纳税人识别号,统一社会信用代码\n"


@pytest.fixture
def tax_person(committed_db: None) -> Person:
    house = House(HouseKind.DEPARTMENT, "tax")
    return staff_person("department", "department.tax", "13700000003", "税数据", house, Role.DEPARTMENT)


def seen(page: Page, name: str) -> None:
    """axe needs scripts: without them only the picture is taken."""
    (shoot if name.endswith("plain") else looks_right)(page, name)


def taken(page: Page, button: str, into: Path) -> Path:
    with page.expect_download() as waiting:
        press(page, button)
    download: Download = waiting.value
    download.save_as(into)
    return into


def send(page: Page, town: Town, path: Path, name: str) -> None:
    """From the home page to the preview of the file."""
    page.goto(town.url + "/department")
    page.get_by_role("main").get_by_role("link", name="送达数据").click()
    page.get_by_role("link", name=re.compile("纳税人识别号对照")).click()
    seen(page, f"department-deliver-{name}")
    page.set_input_files("[name=file]", path)
    press(page, "上传并检查")
    expect(page.get_by_text("正在检查，还没有入库")).to_be_visible()
    seen(page, f"department-checking-{name}")
    town.work()
    expect(page.get_by_role("heading", name="确认后会怎样")).to_be_visible(timeout=10_000)
    seen(page, f"department-preview-{name}")


def confirm(page: Page, town: Town, name: str) -> str:
    """To the delivery; its number."""
    press(page, "确认送达")
    expect(page.get_by_text("正在入库", exact=True).first).to_be_visible()
    seen(page, f"department-at-work-{name}")
    town.work()
    page.wait_for_url("**/department/deliveries/*", timeout=10_000)
    seen(page, f"department-delivery-{name}")
    return page.url.rpartition("/")[2]


def take_back(page: Page, town: Town, number: str, name: str) -> None:
    page.goto(f"{town.url}/department/deliveries/{number}")
    page.get_by_role("link", name="撤回这一批次").click()
    expect(page.get_by_text("只有这一批次说过")).to_be_visible()
    press(page, "确认撤回")
    expect(page.get_by_text("请填写撤回的原因")).to_have_count(2)
    seen(page, f"department-withdraw-{name}")
    page.fill("[name=because]", "更正文件取自旧版")
    press(page, "确认撤回")
    expect(page.get_by_text("正在撤回")).to_be_visible()
    town.work()
    expect(page.get_by_text(re.compile("撤回了这一批次"))).to_be_visible(timeout=10_000)
    seen(page, f"department-withdrawn-{name}")


def send_again_and_think_better(page: Page, town: Town, first: Path, name: str) -> None:
    page.goto(town.url + "/department/deliver?feed=taxpayers")
    page.set_input_files("[name=file]", first)
    press(page, "上传并检查")
    town.work()
    expect(page.get_by_text("这个文件已经送达过")).to_be_visible(timeout=10_000)
    seen(page, f"department-repeats-{name}")
    if name != "plain":
        press(page, "放弃，改好再传")
        press(page, "确认")
    else:
        press(page, "放弃，改好再传")
    page.wait_for_url("**/department/deliver")


@pytest.mark.parametrize("name", ["desk", "phone", "plain"])
def test_a_departments_day(
    town: Town, tax_person: Person, visitors: Callable[..., Page], tmp_path: Path, name: str
) -> None:
    page = visitors(phone=name != "desk", scripts=name != "plain")
    log_in_staff(page, town, "department", tax_person)
    expect(page.get_by_text("还没有收到数据")).to_be_visible()
    seen(page, f"department-empty-{name}")

    first = tmp_path / "对照.csv"
    first.write_text(f"{HEADER}T1,{A}\nT2,{B[:-1]}\nT 3,{B}\n")
    send(page, town, first, name)
    for words in ("不是 18 位统一社会信用代码", "不是编号"):
        expect(page.get_by_text(words).first).to_be_visible()
    assert door.deliveries(department="tax") == []  # nothing was taken in yet
    number = confirm(page, town, name)
    expect(page.get_by_text(re.compile("还有 2 行等待更正"))).to_be_visible()

    given = taken(page, "下载待更正的行（CSV）", tmp_path / "given.csv")
    heading, *rows = csv.reader(io.StringIO(given.read_text(encoding="utf-8-sig")))
    assert [row[:2] for row in rows] == [[number, "3"], [number, "4"]]
    book = load_workbook(taken(page, "下载待更正的行（Excel）", tmp_path / "given.xlsx"))
    assert [[cell.value for cell in row] for row in book.worksheets[0].iter_rows()] == [heading, *rows]

    rows[0][5], rows[1][4] = B, "T3"
    corrected = tmp_path / "更正.csv"
    corrected.write_text("\n".join(",".join(row) for row in (heading, *rows)), encoding="utf-8-sig")
    send(page, town, corrected, f"again-{name}")
    again = confirm(page, town, f"again-{name}")
    expect(page.get_by_text("已入库").first).to_be_visible()
    page.goto(f"{town.url}/department/deliveries/{number}")
    expect(page.get_by_text("这一批次的待更正行都已再次送达")).to_be_visible()
    expect(page.get_by_role("link", name=f"批次 {again}")).to_have_count(2)
    seen(page, f"department-corrected-{name}")

    take_back(page, town, again, name)
    page.goto(f"{town.url}/department/deliveries/{number}")
    expect(page.get_by_text(re.compile("还有 2 行等待更正"))).to_be_visible()

    send_again_and_think_better(page, town, first, name)
    assert len(door.deliveries(department="tax")) == 2
