"""The ledger of deliveries, and who waits for one: what anybody of the data plane may read in PostgreSQL."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import psycopg
from psycopg.rows import class_row

SHANGHAI = ZoneInfo("Asia/Shanghai")
NEWEST = 6  # the newest whole file of a feed, and those it is compared with


@dataclass(frozen=True, slots=True)
class Delivery:
    """One file and what became of its rows: accepted + superseded + quarantined + unauthorised = delivered."""

    number: str
    feed: str
    department: str
    sha256: str
    basis: str  # mark of what decided whose rows are kept; "" where nothing but the file decides
    file_name: str
    received_at: datetime
    state: str  # loaded | partly_loaded | refused | withdrawn; of a pull also unreachable, stopped, over_quota
    delivered: int = 0
    accepted: int = 0
    superseded: int = 0
    quarantined: int = 0
    unauthorised: int = 0
    covers_until: date | None = None
    reason: str = ""  # why it was refused, with row and column
    release: int | None = None
    header: str = ""  # the first record as it came: what a file of corrections begins with
    origin: str = "file"  # file | pull | retry (rows that waited until their key was known)
    profile: dict[str, Any] | None = None  # what the rows were like, see ingest/profile.py
    withdrawn_at: datetime | None = None
    withdrawn_because: str = ""

    @classmethod
    def not_asked(cls, feed: str, department: str, why: str, *, at: datetime) -> "Delivery":
        """The department's own switch or quota held the question back. It stands in no ledger."""
        return cls("", feed, department, "", "", "", at, why)

    @classmethod
    def unreachable(cls, feed: str, department: str, reason: str, *, at: datetime) -> "Delivery":
        """Nothing came. It stands in no ledger."""
        return cls("", feed, department, "", "", "", at, "unreachable", reason=reason)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the check of one delivery came to."""

    number: str
    feed: str
    state: str
    covers_until: date | None
    delivered: int
    accepted: int
    superseded: int
    quarantined: int
    unauthorised: int


DELIVERY_COLUMNS = tuple(Delivery.__dataclass_fields__)


def plain(delivery: Delivery) -> dict[str, object]:
    """As it stands in the release file."""
    return {name: str(value) if isinstance(value, date) else value for name, value in asdict(delivery).items()}


def revived(told: dict[str, Any]) -> Delivery:
    """A delivery from what the release file says of it."""
    day, withdrawn = told["covers_until"], told.get("withdrawn_at")
    times = {
        "received_at": datetime.fromisoformat(str(told["received_at"])),
        "covers_until": date.fromisoformat(str(day)) if day else None,
        "withdrawn_at": datetime.fromisoformat(str(withdrawn)) if withdrawn else None,
    }
    return Delivery(**{name: value for name, value in (told | times).items() if name in DELIVERY_COLUMNS})


@dataclass(frozen=True, slots=True)
class Waiting:
    """An enterprise that a feed was not asked about: `stopped` by its department, or `over_quota` for the day."""

    feed: str
    uscc: str
    why: str
    since: datetime


def deliveries(
    dsn_connection: psycopg.Connection[Any],
    *,
    department: str | None,
    number: str | None,
    limit: int,
    feed: str | None = None,
) -> list[Delivery]:
    """The newest deliveries first; `department`, `number` and `feed` None for all."""
    with dsn_connection.cursor(row_factory=class_row(Delivery)) as cursor:
        return cursor.execute(
            f"SELECT {', '.join(DELIVERY_COLUMNS)} FROM serving.delivery"
            " WHERE (%(department)s::text IS NULL OR department = %(department)s)"
            " AND (%(number)s::text IS NULL OR number = %(number)s)"
            " AND (%(feed)s::text IS NULL OR feed = %(feed)s)"
            " ORDER BY received_at DESC, number DESC LIMIT %(limit)s",
            {"department": department, "number": number, "feed": feed, "limit": limit},
        ).fetchall()


def outcomes(connection: psycopg.Connection[Any], numbers: Sequence[str]) -> list[Outcome]:
    """What became of the rows of these deliveries; one question for all of them."""
    with connection.cursor(row_factory=class_row(Outcome)) as cursor:
        return cursor.execute(
            f"SELECT {', '.join(Outcome.__dataclass_fields__)} FROM serving.delivery WHERE number = ANY(%s)",
            [list(numbers)],
        ).fetchall()


def withdrawn(connection: psycopg.Connection[Any], feed: str) -> list[str]:
    """The numbers of the deliveries of this feed that were taken back."""
    rows = connection.execute(
        "SELECT number FROM serving.delivery WHERE feed = %s AND state = 'withdrawn'", [feed]
    ).fetchall()
    return [row[0] for row in rows]


def last_loaded(connection: psycopg.Connection[Any]) -> dict[str, Delivery]:
    """The newest delivery of each feed that was taken in and stands."""
    with connection.cursor(row_factory=class_row(Delivery)) as cursor:
        found = cursor.execute(
            f"SELECT DISTINCT ON (feed) {', '.join(DELIVERY_COLUMNS)} FROM serving.delivery"
            " WHERE state IN ('loaded', 'partly_loaded') AND origin <> 'retry'"  # no sign that the department delivered
            " ORDER BY feed, received_at DESC, number DESC"
        ).fetchall()
    return {each.feed: each for each in found}


def first_received(connection: psycopg.Connection[Any]) -> datetime | None:
    row = connection.execute("SELECT min(received_at) FROM serving.delivery").fetchone()
    return row[0] if row else None


@dataclass(frozen=True, slots=True)
class Told:
    """What a feed's deliveries came to within a span: rows of those that stand, files that were refused, and when any
    arrived (a retry is no sign that the department delivered). `before`: the last arrival before the span.

    As it stands at the end of the span: the latest day that any tells of, and the rows of the newest whole files.
    """

    feed: str
    delivered: int
    accepted: int
    quarantined: int
    unauthorised: int
    refused: int
    arrivals: list[datetime]
    before: datetime | None
    covers_until: date | None
    newest: list[int]


def told(connection: psycopg.Connection[Any], *, since: datetime, until: datetime) -> dict[str, Told]:
    """By feed, of all that ever delivered before `until`; what was taken back counts as if it had not come."""
    rows = ", ".join(
        f"coalesce(sum({name}) FILTER (WHERE stands AND inside), 0)::bigint AS {name}"
        for name in ("delivered", "accepted", "quarantined", "unauthorised")
    )
    with connection.cursor(row_factory=class_row(Told)) as cursor:
        found = cursor.execute(
            f"SELECT feed, {rows}, count(*) FILTER (WHERE state = 'refused' AND inside) AS refused,"
            " coalesce(array_agg(received_at ORDER BY received_at) FILTER (WHERE came AND inside), '{}') AS arrivals,"
            " max(received_at) FILTER (WHERE came AND NOT inside) AS before,"
            " max(covers_until) FILTER (WHERE stands) AS covers_until,"
            " coalesce((array_agg(delivered ORDER BY received_at DESC, number DESC)"
            " FILTER (WHERE stands AND origin = 'file'))[1:%(newest)s], '{}') AS newest"
            " FROM (SELECT *, state IN ('loaded', 'partly_loaded') AS stands, received_at >= %(since)s AS inside,"
            " state IN ('loaded', 'partly_loaded') AND origin <> 'retry' AS came"
            " FROM serving.delivery WHERE received_at < %(until)s) AS of_the_time GROUP BY feed",
            {"since": since, "until": until, "newest": NEWEST},
        ).fetchall()
    return {each.feed: each for each in found}


def pull_waiting(
    connection: psycopg.Connection[Any], *, feeds: Sequence[str] | None, uscc: str | None
) -> list[Waiting]:
    """Who waits for a feed; `feeds` and `uscc` None for all."""
    with connection.cursor(row_factory=class_row(Waiting)) as cursor:
        return cursor.execute(
            "SELECT feed, uscc, why, since FROM serving.pull_waiting"
            " WHERE (%(feeds)s::text[] IS NULL OR feed = ANY(%(feeds)s))"
            " AND (%(uscc)s::text IS NULL OR uscc = %(uscc)s) ORDER BY since, feed, uscc",
            {"feeds": None if feeds is None else list(feeds), "uscc": uscc},
        ).fetchall()
