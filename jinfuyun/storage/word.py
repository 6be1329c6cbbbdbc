"""A paper in Word, to go on writing: headings, text, ruled tables, pictures.

Tables are written as the XML they become: made cell by cell they took a second, this takes a few hundredths.
"""

import io
import re
from collections.abc import Iterable, Sequence
from xml.sax.saxutils import escape

from docx import Document
from docx.document import Document as Doc
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Pt, RGBColor

FONT, HEADING_FONT = "宋体", "黑体"
BODY_PT, SMALL_PT = 10.5, 8.5
EDGES = ("top", "left", "bottom", "right", "insideH", "insideV")
UNREADABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")  # XML holds none of them


def paper() -> Doc:
    made = Document()
    for name in ("Normal", "Title", "Heading 1", "Heading 2", "Heading 3"):
        style = made.styles[name]
        style.font.name = "Times New Roman"
        style.font.color.rgb = RGBColor(0x15, 0x22, 0x38)
        face = FONT if name == "Normal" else HEADING_FONT
        style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), face)
    made.styles["Normal"].font.size = Pt(BODY_PT)
    return made


def heading(page: Doc, words: str, level: int) -> None:
    page.add_heading(readable(words), level)


def note(page: Doc, words: str) -> None:
    run = page.add_paragraph().add_run(readable(words))
    run.font.size = Pt(SMALL_PT)
    run.font.color.rgb = RGBColor(0x52, 0x62, 0x7A)


def rows(page: Doc, head: Sequence[str], cells: Iterable[Sequence[str]]) -> None:
    """A ruled table; its head comes again on every page, no row breaks over two."""
    lines = [_row(head, bold=True)] if head else []
    lines += [_row(row) for row in cells]
    if not lines or (head and len(lines) == 1):
        return
    edges = "".join(f'<w:{edge} w:val="single" w:sz="4" w:color="C9D3E0"/>' for edge in EDGES)
    width = '<w:tblW w:w="5000" w:type="pct"/>'
    properties = f'<w:tblPr>{width}<w:tblBorders>{edges}</w:tblBorders><w:tblLayout w:type="autofit"/></w:tblPr>'
    table = parse_xml(f"<w:tbl {nsdecls('w')}>{properties}<w:tblGrid/>{''.join(lines)}</w:tbl>")
    page.element.body.insert_element_before(table, "w:sectPr")


def _row(cells: Sequence[str], *, bold: bool = False) -> str:
    again = "<w:tblHeader/>" if bold else ""
    return f"<w:tr><w:trPr><w:cantSplit/>{again}</w:trPr>{''.join(_cell(each, bold=bold) for each in cells)}</w:tr>"


def _cell(words: str, *, bold: bool) -> str:
    look = f'<w:rPr>{"<w:b/>" if bold else ""}<w:sz w:val="{int(SMALL_PT * 2)}"/></w:rPr>'
    text = f'<w:t xml:space="preserve">{escape(readable(words))}</w:t>'
    spacing = '<w:pPr><w:spacing w:before="20" w:after="20"/></w:pPr>'
    return f"<w:tc><w:p>{spacing}<w:r>{look}{text}</w:r></w:p></w:tc>"


def readable(words: str) -> str:
    return UNREADABLE.sub("〓", str(words))


def file_of(page: Doc) -> bytes:
    out = io.BytesIO()
    page.save(out)
    return out.getvalue()
