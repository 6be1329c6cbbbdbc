"""Sheets that are given out: the empty one to fill in, rows that could not be entered with their reasons; and the
file in which the platform tells the data plane of its own business (contract: data/departments/platform/feed.py)."""

import io
import re
from collections.abc import Iterable, Sequence

from jinfuyun.kit.calendar import SHANGHAI
from jinfuyun.kit.export import cell, csv_text
from jinfuyun.kit.lending import SECURITY_LABELS, Security
from jinfuyun.kit.money import yuan
from jinfuyun.loans.content import Financing
from jinfuyun.loans.rules import GRADE_LABELS

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


def told(found: Iterable[Financing]) -> bytes:
    """One row an application."""
    heading = (
        "customer", "application", "institution", "product", "applied_on", "asked_fen", "state", "line_fen", "security",
        "drawn_on", "drawn_fen", "balance_fen", "due_on", "overdue_days", "loan_class", "settled_on", "updated_at",
    )  # fmt: skip
    return csv_text(heading, (_row(one) for one in found)).encode()


def _row(one: Financing) -> tuple[object, ...]:
    loans = one.loans
    return (
        one.uscc, one.application, one.institution, one.product, one.applied_on, _money(one.asked_fen), one.word,
        _money(one.line_fen), SECURITY_LABELS[Security(one.security)] if one.security else None,
        loans and loans.drawn_on, loans and _money(loans.drawn_fen), loans and _money(loans.balance_fen),
        loans and loans.due_on, loans and loans.overdue_days, loans and GRADE_LABELS[loans.grade],
        loans and loans.settled_on, one.updated_at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M:%S"),
    )  # fmt: skip


def _money(fen: int | None) -> str | None:
    return None if fen is None else yuan(fen).replace(",", "")
