"""Sheets that are given out: the empty one to fill in, and rows that could not be entered with their reasons."""

import io
import re
from collections.abc import Iterable, Sequence

from jinfuyun.kit.export import cell

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
COLUMN_WIDTH = 20


def sheet(heading: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """Every cell is text: numbers of loans keep their digits, and nothing is a formula."""
    from openpyxl import Workbook  # here: it would cost every process a part of its start
    from openpyxl.cell import WriteOnlyCell

    book = Workbook(write_only=True)
    page = book.create_sheet("借据账")
    for place in range(len(heading)):
        page.column_dimensions["ABCDEFGHIJKLMNOPQRSTUVWXYZ"[place]].width = COLUMN_WIDTH
    for row in (heading, *rows):
        line = []
        for value in row:
            one = WriteOnlyCell(page, _CONTROL.sub("", cell(value)))
            one.data_type, one.number_format = "s", "@"
            line.append(one)
        page.append(line)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
