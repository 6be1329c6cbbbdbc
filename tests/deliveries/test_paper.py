"""The file of corrections: what waits, under its own header, safe in a spreadsheet, and good to be sent again."""

import csv
import io

import pytest
from openpyxl import load_workbook

from jinfuyun.audit.models import Line
from jinfuyun.data import door
from jinfuyun.data.door import Held
from jinfuyun.deliveries import actions, paper
from jinfuyun.kit.errors import NotAllowed, NotFound
from tests.cast import MONDAY, TUESDAY, Person
from tests.data.codes import B


def test_a_row_stands_under_its_header_with_its_place_and_reason_before():
    rows = [Held(7, "a_missing", "没有填写", 'x,"1,5"\n'), Held(9, "b", "不对", None), Held(11, "c", "列数", "1,2,3,4")]
    heading, found = paper.rows_to_correct("D1", "甲,乙", rows)
    assert heading == ["批次", "行号", "规则", "原因", "甲", "乙"]
    assert found[0] == ["D1", 7, "a_missing", "没有填写", "x", "1,5"]
    assert found[1] == ["D1", 9, "b", "不对"] and found[2][4:] == ["1", "2", "3", "4"]


def test_the_columns_of_an_earlier_file_of_corrections_are_not_doubled():
    heading, (row,) = paper.rows_to_correct("D2", "批次,行号,规则,原因,甲", [Held(2, "r", "为何", "D1,7,r0,早先,x")])
    assert (heading, row) == (["批次", "行号", "规则", "原因", "甲"], ["D2", 2, "r", "为何", "x"])


def test_no_cell_is_a_formula_in_either_format():
    """Seen red without `cell` in as_xlsx."""
    hostile = ('=HYPERLINK("http://x","y")', "+1+1", "@x", "-2+3", "\t=1", "-12.50", "0012")
    heading, rows = ["行号", "值"], [[1, words] for words in hostile]
    book = load_workbook(io.BytesIO(paper.as_xlsx(heading, rows)))
    cells = [row[1] for row in book.worksheets[0].iter_rows(min_row=2)]
    assert {cell.data_type for cell in cells} == {"s"}
    written = [row[1] for row in csv.reader(io.StringIO(paper.as_csv(heading, rows).decode("utf-8-sig")))][1:]
    for words in (written, [cell.value for cell in cells]):
        assert [one[0] for one in words[:4]] == ["'"] * 4 and words[5:] == ["-12.50", "0012"]


def test_what_says_nothing_is_left_empty():
    assert paper.rows_to_correct("D1", "甲,乙", [Held(2, "r", "x", "-,--")])[1][0][4:] == ["", ""]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_taking_the_file_is_booked_and_what_came_again_is_not_in_it(delivered, tax_bureau, tmp_path, kind):
    """Seen red without the filter on what came again."""
    number = delivered[1].number
    actions.take_quarantine(number=number, kind=kind, by=tax_bureau.actor, at=MONDAY)
    assert Line.objects.get(action="delivery.quarantine_taken").detail == {"rows": 3, "kind": kind}
    path = tmp_path / "again.csv"
    path.write_text(f"批次,行号,规则,原因,纳税人识别号,统一社会信用代码\n{number},4,r,x,T3,{B}\n")
    door.deliver("taxpayers", path, at=TUESDAY)
    actions.take_quarantine(number=number, kind=kind, by=tax_bureau.actor, at=TUESDAY)
    assert Line.objects.filter(action="delivery.quarantine_taken").latest("pk").detail["rows"] == 2


def test_the_workbook_as_given_corrected_and_sent_again_is_accepted(delivered, tax_bureau, tmp_path):
    book = load_workbook(io.BytesIO(given(delivered[1].number, "xlsx", tax_bureau)))
    for place, row in enumerate(book.worksheets[0].iter_rows(min_row=2)):
        row[4].value, row[5].value = f"T{place + 7}", B
    path = tmp_path / "again.xlsx"
    book.save(path)
    again = door.deliver("taxpayers", path, at=TUESDAY)
    assert (again.delivered, again.accepted, door.held_count([delivered[1].number])) == (3, 3, {})


def given(number: str, kind: str, who: Person) -> bytes:
    return actions.take_quarantine(number=number, kind=kind, by=who.actor, at=MONDAY)


def test_the_file_as_given_corrected_and_sent_again_is_accepted(delivered, tax_bureau, tmp_path):
    number = delivered[1].number
    content = given(number, "csv", tax_bureau)
    heading, *rows = csv.reader(io.StringIO(content.decode("utf-8-sig")))
    assert heading[4:] == ["纳税人识别号", "统一社会信用代码"] and [row[1] for row in rows] == ["4", "5", "6"]
    for place, row in enumerate(rows):
        row[4:] = [f"T{place + 7}", B]
    path = tmp_path / "again.csv"
    path.write_text("\n".join(",".join(row) for row in (heading, *rows)), encoding="utf-8-sig")
    again = door.deliver("taxpayers", path, at=TUESDAY)
    assert (again.delivered, again.accepted) == (3, 3)
    with pytest.raises(actions.NothingToCorrect):
        actions.take_quarantine(number=number, kind="csv", by=tax_bureau.actor, at=TUESDAY)


def test_only_the_department_s_own_people_take_it(delivered, tax_bureau, operator, river_bank_officer):
    for who in (operator, river_bank_officer):
        with pytest.raises((NotFound, NotAllowed)):
            actions.take_quarantine(number=delivered[1].number, kind="csv", by=who.actor, at=MONDAY)
    with pytest.raises(NotFound):
        actions.take_quarantine(number=delivered[0].number, kind="csv", by=tax_bureau.actor, at=MONDAY)
