"""Sheets of rows: read cell by cell as a person typed them, and given out, empty or with the reasons against rows."""

import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from python_calamine import CalamineError, CalamineWorkbook

from jinfuyun.kit.errors import Refused
from jinfuyun.kit.export import cell

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
COLUMN_WIDTH = 20
UNPACKED_BYTES_MAX = 64 << 20  # twenty thousand rows are a tenth of it; more is a bomb


class SheetRefused(Refused):
    """The file as such cannot be read."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row as it came: its number in the sheet, and its cells in the order of the heading."""

    number: int
    cells: tuple[str, ...]

    @property
    def reference(self) -> str:
        return self.cells[0]


def read(content: bytes, *, heading: Sequence[str], needed: Sequence[str], rows_max: int) -> list[Row]:
    """The rows of the first sheet. Raises SheetRefused."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            if sum(part.file_size for part in packed.infolist()) > UNPACKED_BYTES_MAX:
                raise SheetRefused("文件展开后过大，请拆成几个文件。")
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        found = book.get_sheet_by_index(0).to_python(skip_empty_area=False)
    except (zipfile.BadZipFile, CalamineError, OSError, ValueError, KeyError, IndexError) as damage:
        raise SheetRefused("不是 Excel（xlsx）文件，或文件已损坏。请下载模板填写。") from damage
    labels = [_words(cell) for cell in found[0]] if found else []
    lacking = [label for label in needed if label not in labels]
    if lacking:
        raise SheetRefused(f"第一行缺少这些列：{'、'.join(lacking)}。请下载模板填写。")
    places = [labels.index(label) if label in labels else None for label in heading]
    rows = [
        Row(number, tuple("" if place is None else _words(cells[place]) for place in places))
        for number, cells in enumerate(found[1:], 2)
        if any(_words(cell) for cell in cells)
    ]
    if not rows:
        raise SheetRefused("表中没有记录。")
    if len(rows) > rows_max:
        raise SheetRefused(f"一次最多 {rows_max:,} 行，请拆成几个文件。")
    return rows


def _words(value: object) -> str:
    """What a person would have typed."""
    if isinstance(value, datetime | date):
        return f"{value:%Y-%m-%d}"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else f"{value:.6f}".rstrip("0")
    return "" if value is None else str(value).strip().lstrip("'")


def sheet(heading: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """Every cell is text: numbers of loans keep their digits, and nothing is a formula."""
    from openpyxl import Workbook  # here: it would cost every process a part of its start
    from openpyxl.cell import WriteOnlyCell

    book = Workbook(write_only=True)
    page = book.create_sheet("填报")
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
