"""The list of those who consented, as it goes out to departments; their own count of it; the receipt when one ends."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import psycopg

from jinfuyun.data.departments.call import FILE_SECONDS, Departments
from jinfuyun.data.departments.contract import Feed
from jinfuyun.data.departments.deadline import Deadline
from jinfuyun.data.departments.registry import FEEDS
from jinfuyun.data.lake import serving
from jinfuyun.data.pipeline import Plane
from jinfuyun.data.resolution import keys
from jinfuyun.kit.errors import Unreachable
from jinfuyun.kit.grant import Category


@dataclass(frozen=True, slots=True)
class Entry:
    uscc: str
    tax_number: str
    category: Category
    consent_number: str
    pdf_sha256: str
    start: date
    end: date | None


def consented_feeds(department: str | None = None) -> list[Feed]:
    """Those that need a consent, of one department or of all."""
    wanted = (feed for feed in FEEDS.values() if feed.consented and feed.category and not feed.own)
    return [feed for feed in wanted if department in (None, feed.department)]


def entries(
    plane: Plane, connection: psycopg.Connection[Any], categories: set[Category], *, at: datetime
) -> list[Entry]:
    """Whose consent to one of these categories is in force on the day of `at`."""
    day = at.astimezone(serving.SHANGHAI).date()
    rows = connection.execute(
        "SELECT uscc, category, consent_number, pdf_sha256, start_on, end_on FROM serving.authorised"
        " WHERE category = ANY(%s) AND start_on <= %s AND (end_on IS NULL OR end_on >= %s)"
        " ORDER BY consent_number, category",
        [[category.value for category in categories], day, day],
    ).fetchall()
    numbers = keys.tax_numbers(plane.lake, sorted({row[0] for row in rows})) if rows else {}
    return [Entry(row[0], numbers[row[0]], Category(row[1]), *row[2:]) for row in rows]


def covered(plane: Plane, *, at: datetime) -> dict[Category, tuple[int, int]]:
    """By category: enterprises whose consent to it is in force on the day of `at` and that have its document, and all
    of those. Only the data plane's own role may look whether there is a document; no word of one is read."""
    day = at.astimezone(serving.SHANGHAI).date()
    with psycopg.connect(plane.data_dsn) as book:
        rows = book.execute(
            "SELECT a.category, count(d.uscc), count(*) FROM serving.authorised a"
            " LEFT JOIN serving.document d ON d.uscc = a.uscc AND d.category = a.category"
            " WHERE a.start_on <= %s AND (a.end_on IS NULL OR a.end_on >= %s) GROUP BY a.category",
            [day, day],
        ).fetchall()
    return {Category(category): (with_document, all_of_them) for category, with_document, all_of_them in rows}


def send(plane: Plane, line: Departments, feed: Feed, listed: list[Entry], *, at: datetime) -> None:
    """The whole list; it takes the place of what the department had. Raises Unreachable.

    Once confirmed it is whom the department's next file answers for.
    """
    told = [
        {
            "uscc": one.uscc,
            "tax_number": one.tax_number,
            "consent_number": one.consent_number,
            "pdf_sha256": one.pdf_sha256,
            "start": one.start.isoformat(),
            "end": one.end.isoformat() if one.end else None,
        }
        for one in listed
    ]
    line.ask(
        feed.department, f"/feeds/{feed.name}/authorised-list",
        {"feed": feed.name, "count": len(told), "authorised": told}, echo=("feed", "count"), at=at,
        until=Deadline.within(FILE_SECONDS),
    )  # fmt: skip
    with serving.writing(plane.data_dsn) as book:
        book.note_list(feed.name, [one.consent_number for one in listed], at=at)


def own_count(line: Departments, feed: Feed, *, at: datetime) -> int:
    """How many the department itself counts as authorised on that day. Raises Unreachable."""
    day = at.astimezone(serving.SHANGHAI).date().isoformat()
    path, question = f"/feeds/{feed.name}/authorised-count", {"feed": feed.name, "day": day}
    count = line.ask(feed.department, path, question, echo=("feed", "day"), at=at)["counted"]
    if not isinstance(count, int):
        raise Unreachable
    return count


def end(line: Departments, feed: Feed, consent_number: str, uscc: str, *, at: datetime) -> str:
    """Tell the department that a consent ended; its receipt for having let the enterprise go. Raises Unreachable."""
    question = {"feed": feed.name, "consent_number": consent_number, "uscc": uscc}
    answer = line.ask(feed.department, f"/feeds/{feed.name}/authorised-end", question, echo=tuple(question), at=at)
    receipt = answer.get("receipt")
    if not isinstance(receipt, str) or not receipt:
        raise Unreachable
    return receipt
