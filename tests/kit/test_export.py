"""What leaves for a spreadsheet stays text."""

import pytest

from jinfuyun.kit import export


@pytest.mark.parametrize("formula", ["=1+1", "+cmd|' /C calc'!A0", "@SUM(A1)", "-2+3", "\t=1", "\r=1", "-", "+86 139"])
def test_a_formula_cell_is_neutralised(formula):
    assert export.cell(formula) == "'" + formula


@pytest.mark.parametrize("plain", ["-12.50", "+3", "-1,234", "57.14%", "茶=叶", "", "'=1"])
def test_numbers_and_words_stay_as_they_are(plain):
    assert export.cell(plain) == plain


def test_a_table_is_utf_8_with_its_mark_and_quoted_where_needed():
    text = export.csv_text(("名称", "数"), [('甲,"乙"', None), ("=1", -5)])
    assert text == '\ufeff名称,数\r\n"甲,""乙""",\r\n\'=1,-5\r\n'
