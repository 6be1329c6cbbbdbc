"""Market regulation, asked live: the registration behind a taxpayer number or USCC."""

from datetime import date, datetime
from typing import Any

from jinfuyun.data.departments.answers import Registration
from jinfuyun.data.departments.call import Departments
from jinfuyun.kit import uscc
from jinfuyun.kit.errors import Unreachable

DEPARTMENT = "market"

_TEXTS = ("name", "legal_name", "region", "industry", "nature", "kind", "capital", "address", "scope", "status")


def registration(line: Departments, tax_number: str, *, at: datetime) -> Registration | None:
    """What is on file; None if nothing is. Raises Unreachable."""
    answer = line.ask(DEPARTMENT, "/market/registration", {"number": tax_number}, echo=("number",), at=at)
    if answer.get("known") is False:
        return None
    try:
        return _registration(tax_number, answer["registration"])
    except (KeyError, TypeError, ValueError):
        raise Unreachable from None


def _registration(tax_number: str, on_file: dict[str, Any]) -> Registration:
    """The record, if it is one and of the number that was asked."""
    if tax_number not in (on_file["uscc"], on_file["tax_number"]) or not uscc.is_uscc(on_file["uscc"]):
        raise ValueError("a record of somebody else")
    registered_on = on_file["registered_on"]
    return Registration(
        uscc=on_file["uscc"],
        tax_number=on_file["tax_number"],
        registered_on=date.fromisoformat(registered_on) if registered_on else None,
        as_of=date.fromisoformat(on_file["as_of"]),
        **{name: str(on_file[name]) for name in _TEXTS},
    )
