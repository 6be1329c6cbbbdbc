"""Tables that leave the platform as CSV, for spreadsheets."""

import csv
import io
import re
from collections.abc import Iterable, Sequence

BOM = "\ufeff"  # without it Excel takes UTF-8 for the machine's own encoding
_FORMULA = re.compile(r"[=+\-@\t\r]")
_NUMBER = re.compile(r"[+-]?[\d,]+(\.\d+)?%?", re.ASCII)


def cell(value: object) -> str:
    """As text; what a spreadsheet would take for a formula gets an apostrophe before it, numbers stay numbers."""
    text = "" if value is None else str(value)
    return f"'{text}" if _FORMULA.match(text) and not _NUMBER.fullmatch(text) else text


def csv_text(heading: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    page = io.StringIO()
    writer = csv.writer(page)
    writer.writerows([cell(value) for value in row] for row in (heading, *rows))
    return BOM + page.getvalue()
