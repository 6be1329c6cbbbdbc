"""Figures as a workbook."""

import io
from collections.abc import Iterable, Sequence

from jinfuyun.kit.export import cell

COLUMN_WIDTH = 16


def workbook(name: str, heading: Sequence[str], rows: Iterable[Sequence[str | int | float]]) -> bytes:
    """Numbers are numbers, so that people can go on with them; what is text is no formula."""
    from openpyxl import Workbook  # here: it would cost every process a part of its start
    from openpyxl.utils import get_column_letter

    book = Workbook(write_only=True)
    page = book.create_sheet(name)
    page.freeze_panes = "B2"
    for place in range(1, len(heading) + 1):
        page.column_dimensions[get_column_letter(place)].width = COLUMN_WIDTH
    for row in (heading, *rows):
        page.append([value if isinstance(value, int | float) else cell(value) for value in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
