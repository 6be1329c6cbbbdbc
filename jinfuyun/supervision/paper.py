"""Figures as a workbook; the monthly bulletin as PDF and as Word."""

import io
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from docx.shared import Cm

from jinfuyun.kit.calendar import SHANGHAI
from jinfuyun.kit.export import cell
from jinfuyun.storage import word
from jinfuyun.storage.stamp import check_code, qr_svg
from jinfuyun.storage.typesetting import Typesetter

TEMPLATE = Path(__file__).with_name("bulletin.typ")
CHART_CM = 15.5

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


def bulletin_pdf(
    content: dict[str, Any], *, sha256: str, operator: str, verify_url: str, setter: Typesetter, at: datetime
) -> bytes:
    """Yet unsigned. `sha256` is the content's: whoever checks the paper compares the code made of it."""
    shown = content | {
        "operator": operator, "made": f"{at.astimezone(SHANGHAI):%Y-%m-%d}", "verify_url": verify_url,
        "check_code": check_code(content["number"], sha256), "qr": qr_svg(verify_url, title="核验二维码"),
    }  # fmt: skip
    return setter.pdf(TEMPLATE, shown, at=at)


def bulletin_word(content: dict[str, Any], *, setter: Typesetter) -> bytes:
    """The same edition to go on writing; the signed paper is the PDF."""
    page = word.paper()
    page.core_properties.title = f"{content['title']} {content['of']}"
    word.heading(page, content["title"], 0)
    word.note(page, f"{content['of']}　编号 {content['number']}　以签章的 PDF 为准")
    for said in ("lead", "unknown", "corrected"):
        if content[said]:
            page.add_paragraph(word.readable(content[said]))
    for one in content["sections"]:
        word.heading(page, one["title"], 1)
        for pieces in one.get("lines", ()):
            page.add_paragraph(word.readable("".join(text for text, _ in pieces)))
        for table in one.get("tables", ()):
            word.heading(page, table["title"], 2)
            word.rows(page, table["head"], [[text for text, _ in row] for row in table["rows"]])
        for chart in one.get("charts", ()):
            word.heading(page, chart["title"], 2)
            page.add_picture(io.BytesIO(setter.png(chart["svg"], told=chart["told"])), width=Cm(CHART_CM))
            word.note(page, chart["told"])
        if one.get("note"):
            word.note(page, one["note"])
    word.note(page, content["note"])
    word.heading(page, "口径", 1)
    word.rows(page, ("指标", "口径"), content["definitions"])
    return word.file_of(page)
