"""The one sheet of a workbook, row by row: what a cell shows is what a person would have typed into a CSV."""

import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook

from jinfuyun.data.ingest import csv_text, figures, workbook
from jinfuyun.data.ingest.refusal import FileRefused

HALF_A_SECOND = timedelta(milliseconds=500)  # a moment is a fraction of a day: its parts of a second are noise


def as_csv(found: zipfile.ZipFile, *, size: int) -> Iterator[bytes]:
    copy = workbook.looked_over(found, size=size)
    try:
        book = CalamineWorkbook.from_filelike(copy)
        sheets = (book.get_sheet_by_name(name) for name in book.sheet_names)
        sheet = next((each for each in sheets if each.start is not None), None)
    except (CalamineError, OSError, ValueError, KeyError) as damage:
        raise FileRefused(workbook.DAMAGED) from damage
    if sheet is None or sheet.start is None:
        raise FileRefused("工作簿里没有内容。")
    return csv_text.blocks(_lines(sheet.iter_rows(), before=sheet.start[1]))


def _lines(rows: Iterator[list[Any]], *, before: int) -> Iterator[str]:
    """An empty row is an empty line. `before`: columns left of the first one used, which the reader leaves out."""
    width = 0
    for number, values in enumerate(rows, 1):
        cells = [""] * before
        cells += [_words(value, number, column) for column, value in enumerate(values, before + 1)]
        while cells and not cells[-1]:
            cells.pop()
        width = width or len(cells)  # the first row that says something is the header
        yield csv_text.line(cells + [""] * (width - len(cells))) if cells else "\n"


def _words(value: Any, row: int, column: int) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return figures.typed_float(float(value), row=row, column=column)
    if isinstance(value, datetime):
        return (value + HALF_A_SECOND).replace(microsecond=0).isoformat(" ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return value.isoformat("seconds")
    assert isinstance(value, timedelta)
    seconds = round(value.total_seconds())
    return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"
