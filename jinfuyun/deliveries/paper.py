"""The file of corrections: quarantined rows under the header they came with, and before each where and why it waits.

Corrected and sent again under the same header, the platform knows the rows by 批次 and 行号.
"""

import csv
import io
import re
from collections.abc import Iterable, Sequence

from jinfuyun.data.door import CORRECTION, Held
from jinfuyun.kit.export import cell, csv_text

SAYS_NOTHING = ("-", "--")  # read as an empty cell, but a spreadsheet would take them for the beginning of a formula
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")

Rows = tuple[list[str], list[list[object]]]


def rows_to_correct(number: str, header: str, held: Iterable[Held]) -> Rows:
    """Heading and rows; of a row whose words were not kept only the place and the reason."""
    labels = _cells(header)
    kept = [place for place, label in enumerate(labels) if label.strip() not in CORRECTION]
    last = max(kept, default=-1)
    rows: list[list[object]] = []
    for one in held:
        words = _cells(one.raw) if one.raw is not None else []
        mine = [words[place] for place in kept if place < len(words)] + words[last + 1 :]  # too many cells stay too
        rows.append([number, one.row_number, one.rule, one.reason, *("" if w in SAYS_NOTHING else w for w in mine)])
    return [*CORRECTION, *(labels[place] for place in kept)], rows


def as_csv(heading: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    return csv_text(heading, rows).encode()


def as_xlsx(heading: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """Every cell is text: codes keep their leading noughts, and nothing is a formula."""
    from openpyxl import Workbook  # here: it would cost every process a part of its start
    from openpyxl.cell import WriteOnlyCell

    book = Workbook(write_only=True)
    sheet = book.create_sheet("待更正")
    for row in (heading, *rows):
        line = []
        for value in row:
            one = WriteOnlyCell(sheet, _CONTROL.sub("", cell(value)))
            one.data_type, one.number_format = "s", "@"
            line.append(one)
        sheet.append(line)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _cells(line: str) -> list[str]:
    """As far as the quotes allow: a row may wait because of its quotes."""
    return next(csv.reader(io.StringIO(line, newline="")), [])
