"""Tables that leave the platform as CSV, for spreadsheets."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

BOM = "\ufeff"  # without it Excel takes UTF-8 for the machine's own encoding
PIECE_CHARACTERS = 1 << 16
_FORMULA = re.compile(r"[=+\-@\t\r]")
_NUMBER = re.compile(r"[+-]?[\d,]+(\.\d+)?%?", re.ASCII)


def cell(value: object) -> str:
    """As text; what a spreadsheet would take for a formula gets an apostrophe before it, numbers stay numbers."""
    text = "" if value is None else str(value)
    return f"'{text}" if _FORMULA.match(text) and not _NUMBER.fullmatch(text) else text


def csv_lines(heading: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """Piece by piece, so that a million rows need no more memory than some thousand."""
    page = io.StringIO()
    writer = csv.writer(page)
    page.write(BOM)
    for row in chain((heading,), rows):
        writer.writerow([cell(value) for value in row])
        if page.tell() > PIECE_CHARACTERS:
            yield page.getvalue()
            page.seek(0)
            page.truncate()
    yield page.getvalue()


def csv_text(heading: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    return "".join(csv_lines(heading, rows))
