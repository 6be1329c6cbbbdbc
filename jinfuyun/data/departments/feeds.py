"""The pull of increments: the departments get the list of those who consented and give a file for them."""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import IO

from jinfuyun.data.departments.answers import Authorised
from jinfuyun.data.departments.call import Departments


def fetch_feed(
    line: Departments, department: str, feed: str, authorised: Iterable[Authorised], *, at: datetime, into: Path
) -> IO[bytes]:
    """The CSV of `feed` for these enterprises, as a file without a name in `into`. Raises Unreachable.

    Of public feeds an empty list means the whole; of consented ones it means an empty file.
    """
    question = {
        "authorised": [
            {
                "uscc": one.uscc,
                "tax_number": one.tax_number,
                "consent_number": one.consent_number,
                "pdf_sha256": one.pdf_sha256,
                "start": one.start.isoformat(),
                "end": one.end.isoformat() if one.end else None,
            }
            for one in authorised
        ],
        "since": None,
    }
    return line.fetch(department, f"/feeds/{feed}", question, at=at, into=into)
