"""What is taken out to be worked with: the same figures, numbers as numbers, no formula, and booked before it is made.

Seen red: with cells written as they are, with a key left out of the list, with the booking taken away.
"""

import io
from dataclasses import fields, is_dataclass, replace
from datetime import datetime
from typing import Any, get_args, get_type_hints

import msgspec
import openpyxl
import pytest
from docx import Document

from jinfuyun.audit.models import Line
from jinfuyun.consents import actions as consents
from jinfuyun.consents import queries as consent_queries
from jinfuyun.kit.errors import NotGranted
from jinfuyun.reports import actions, queries
from jinfuyun.reports.chapters.shown import Report
from jinfuyun.reports.content import ReportData
from jinfuyun.reports.exports import EXPORTS
from jinfuyun.reports.exports.draft import BLANK
from jinfuyun.reports.exports.record import KEYS
from tests.cast import TUESDAY, Firm, Person
from tests.reports import full
from tests.reports.sample import FRIDAY, REPORT
from tests.reports.test_actions import opened

WHO = "王小川"


@pytest.fixture(scope="module")
def book() -> Any:
    return openpyxl.load_workbook(io.BytesIO(EXPORTS["xlsx"](full.report(), WHO, FRIDAY)))


def cells(sheet: Any) -> list[tuple[Any, ...]]:
    return [tuple(cell.value for cell in row) for row in sheet.iter_rows()]


def test_every_chapter_has_its_sheet_and_the_first_says_who_took_it(book: Any) -> None:
    chapters = [f"{each.chapter.number} {each.chapter.title}"[:31] for each in Report(full.report()).chapters]
    assert book.sheetnames == ["说明", "1 信用概要", *chapters, "数据来源"]
    about = dict(row[:2] for row in cells(book["说明"]) if len(row) > 1)
    assert (about["导出人"], about["导出时间"]) == (WHO, "2020-05-22 11:04:05")


def test_a_number_is_a_number_in_the_unit_of_its_heading(book: Any) -> None:
    tax = cells(book["7 税务"])
    paid = next(row for row in tax if row[0] == "近12个月入库税额")
    assert paid[1:3] == (123.4567, "万元")
    head = next(i for i, row in enumerate(tax) if row[0] == "月份")
    assert tax[head][:3] == ("月份", "申报销售（万元）", "入库税额（万元）")
    assert tax[head + 1][:3] == ("2018-02", 50, 50)


def test_what_is_unknown_is_a_word_and_no_zero() -> None:
    made = EXPORTS["xlsx"](full.report({"tax_paid_r12": None}), WHO, FRIDAY)
    tax = cells(openpyxl.load_workbook(io.BytesIO(made))["7 税务"])
    assert next(row for row in tax if row[0] == "近12个月入库税额")[1] == "无数据"


@pytest.mark.parametrize("name", ["=HYPERLINK(1)", "@SUM(1)", "+1+cmd", "\x07=1"])
def test_a_name_that_is_a_formula_stays_a_name(name: str) -> None:
    data = replace(REPORT, enterprise=name)
    first = openpyxl.load_workbook(io.BytesIO(EXPORTS["xlsx"](data, WHO, FRIDAY)))["说明"]["B1"]
    assert first.data_type == "s"
    assert not str(first.value).startswith(("=", "@", "+"))


def test_the_draft_has_the_facts_their_origins_and_blanks_for_the_officer() -> None:
    paper = Document(io.BytesIO(EXPORTS["docx"](full.report(), WHO, FRIDAY)))
    headings = [each.text for each in paper.paragraphs if each.style and each.style.name == "Heading 1"]
    assert [words[0] for words in headings] == list("一二三四五六七八九附")
    rows = [tuple(cell.text for cell in row.cells) for table in paper.tables for row in table.rows]
    note = Report(full.report()).figures["tax_paid_r12"].source
    assert ("近12个月入库税额", f"123.46 万元 [{note}]", "2019-02 至 2020-01", "") in rows
    assert ("授信结论（同意、不同意、补充调查）", BLANK) in rows
    assert any(row[0] == f"[{note}]" for row in rows), "the number leads to a delivery"


def test_every_chapter_of_a_report_is_in_the_draft() -> None:
    paper = Document(io.BytesIO(EXPORTS["docx"](full.report(), WHO, FRIDAY)))
    headings = {each.text for each in paper.paragraphs if each.style and each.style.name == "Heading 2"}
    assert {each.title for each in Report(full.report()).chapters} - headings == set()


def test_the_record_is_what_was_frozen_with_a_meaning_for_every_key() -> None:
    told = msgspec.json.decode(EXPORTS["json"](REPORT, WHO, FRIDAY))
    assert ReportData.from_json(msgspec.json.encode(told["report"])) == REPORT
    assert (told["check_code"], told["exported"]["by"]) == (REPORT.check_code(), WHO)
    assert set(told["keys"]) == set(KEYS) == set(paths(ReportData, "report"))


def paths(kind: Any, at: str) -> list[str]:
    """Where every field of a frozen report stands in the JSON."""
    found = []
    for name, hint in get_type_hints(kind).items():
        if not name.startswith("_") and name in {each.name for each in fields(kind)}:
            inner = next((each for each in (hint, *get_args(hint)) if is_dataclass(each)), None)
            here = f"{at}.{name}" + ("[]" if inner and hint is not inner and "tuple" in str(hint) else "")
            found += paths(inner, here) if inner else [here]
    return found


@pytest.mark.parametrize("form", EXPORTS)
def test_taking_a_report_out_is_booked_and_ends_with_the_consent(
    applied: Firm, river_bank_officer: Person, form: str
) -> None:
    report = queries.report(opened(applied, river_bank_officer), visible_to_actor=river_bank_officer.actor)

    def take(at: datetime = TUESDAY) -> bytes:
        return actions.export_report(report=report, form=form, by=river_bank_officer.actor, at=at)

    assert take()
    assert Line.objects.get(action="report.viewed").detail["how"] == form
    consent = consent_queries.living(applied.uscc)
    assert consent is not None
    consents.revoke(consent=consent, by=applied.owner, at=TUESDAY)
    with pytest.raises(NotGranted):
        take()
    assert Line.objects.filter(action="report.viewed").count() == 1
