"""The pull of increments: the departments get the list of those who consented and give a file for them."""

from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path

from jinfuyun.data.departments.call import Departments
from jinfuyun.data.departments.contract import Asked, Feed


def fetch_feed(line: Departments, feed: Feed, asked: Iterable[Asked], *, at: datetime, into: Path) -> Path:
    """The CSV of `feed` for these enterprises, as a file in the folder `into`. Raises Unreachable.

    Of public feeds an empty list means the whole; of consented ones it means an empty file.
    """
    question = {"authorised": [_told(one) for one in asked], "since": None}
    return line.fetch(feed.department, f"/feeds/{feed.name}", question, at=at, into=into)


def _told(one: Asked) -> dict[str, str | None]:
    return {
        "uscc": one.uscc,
        "tax_number": one.tax_number,
        "consent_number": one.consent_number,
        "pdf_sha256": one.pdf_sha256,
        "start": _day(one.start),
        "end": _day(one.end),
    }


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
