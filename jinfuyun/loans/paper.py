"""The file in which the platform tells the data plane of its own business.

Contract: data/departments/platform/feed.py.
"""

from collections.abc import Iterable

from jinfuyun.kit.calendar import SHANGHAI
from jinfuyun.kit.export import csv_text
from jinfuyun.kit.lending import SECURITY_LABELS, Security
from jinfuyun.kit.money import yuan
from jinfuyun.loans.content import Financing
from jinfuyun.loans.rules import GRADE_LABELS


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
