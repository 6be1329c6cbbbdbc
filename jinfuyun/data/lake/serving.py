"""The PostgreSQL side of the lake: who authorised what, the ledger of deliveries, the documents that pages read."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Protocol, TypeVar
from zoneinfo import ZoneInfo

import psycopg
import pyarrow as pa
from psycopg.rows import class_row
from psycopg.types.json import Jsonb

DDL = Path(__file__).with_name("serving.sql")
SHANGHAI = ZoneInfo("Asia/Shanghai")
# What read_documents() answers instead of documents, in words.
REFUSALS = {
    "paused": "该授权已暂停，暂不能查询。",
    "expired": "该授权已到期，不能查询。",
    "not_yet": "该授权尚未到起始日期，不能查询。",
    "category": "授权书没有包含所要查询的数据类别。",
    "reader": "授权书没有授权本机构凭此申请、为此目的查询。",
}
WRITER_LOCK = 0x4A46_5901  # one writer of the lake, over all processes: "JFY" 1


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
class Authorised:
    """One enterprise's consent to one category, as the department is told of it."""

    uscc: str
    consent_number: str
    pdf_sha256: str
    start_on: date
    end_on: date | None


@dataclass(frozen=True, slots=True)
class Waiting:
    """An enterprise that a feed was not asked about: `stopped` by its department, or `over_quota` for the day."""

    feed: str
    uscc: str
    why: str
    since: datetime


class Named(Protocol):
    """Whoever stands for an enterprise."""

    @property
    def uscc(self) -> str: ...


Asked = TypeVar("Asked", bound=Named)


class Serving:
    """One connection of the data role, holding the writer's lock for as long as it is open."""

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self._connection = connection

    def next_number(self, at: datetime) -> str:
        count = self._connection.execute("SELECT nextval('serving.delivery_number')").fetchone()
        assert count is not None
        return f"{at.astimezone(SHANGHAI):%Y%m%d}-{count[0]:06d}"

    def same_delivery(self, feed: str, sha256: str, basis: str) -> Delivery | None:
        """The delivery of the same bytes that would decide every row as it would be decided now."""
        with self._connection.cursor(row_factory=class_row(Delivery)) as cursor:
            return cursor.execute(
                f"SELECT {', '.join(DELIVERY_COLUMNS)} FROM serving.delivery"
                " WHERE feed = %s AND sha256 = %s AND basis = %s AND state IN ('loaded', 'partly_loaded')"
                " ORDER BY number LIMIT 1",
                [feed, sha256, basis],
            ).fetchone()

    def delivery(self, number: str) -> Delivery | None:
        found = deliveries(self._connection, department=None, number=number, limit=1)
        return found[0] if found else None

    def withdrawn(self, feed: str) -> list[str]:
        return withdrawn(self._connection, feed)

    def reach(self, feed: str) -> date | None:
        """The latest day that any delivery of this feed reached, whoever it spoke of."""
        row = self._connection.execute(
            "SELECT max(covers_until) FROM serving.delivery WHERE feed = %s AND state <> 'withdrawn'", [feed]
        ).fetchone()
        return row[0] if row else None

    def served_release(self) -> int:
        newest = self._connection.execute("SELECT coalesce(max(number), 0) FROM serving.release").fetchone()
        assert newest is not None
        return int(newest[0])

    def record(self, delivery: Delivery) -> None:
        """Write a delivery into the ledger, once; of one that is there only that it was withdrawn is new."""
        values = asdict(delivery)
        values["profile"] = Jsonb(delivery.profile) if delivery.profile is not None else None
        marks = ", ".join(f"%({name})s" for name in values)
        self._connection.execute(
            f"INSERT INTO serving.delivery ({', '.join(values)}) VALUES ({marks}) ON CONFLICT (number) DO UPDATE"
            " SET state = excluded.state, withdrawn_at = excluded.withdrawn_at,"
            " withdrawn_because = excluded.withdrawn_because"
            " WHERE excluded.state = 'withdrawn' AND delivery.state <> 'withdrawn'",
            values,
        )

    def serve(
        self,
        *,
        release: int | None,
        documents: Iterable[tuple[str, str, str]],
        enterprises: Sequence[str],
        categories: Sequence[str],
        at: datetime,
    ) -> int:
        """In one transaction: that a release is served, and the documents (uscc, category, JSON) of `enterprises`.

        A document of these enterprises and categories that is not among `documents` any more is taken away.
        """
        count = 0
        with self._connection.transaction():
            if release is not None:
                self._connection.execute(
                    "INSERT INTO serving.release (number, served_at) VALUES (%s, %s) ON CONFLICT DO NOTHING",
                    [release, at],
                )
            self._connection.execute("CREATE TEMP TABLE fresh (uscc text, category text, body jsonb) ON COMMIT DROP")
            with self._connection.cursor().copy("COPY fresh (uscc, category, body) FROM STDIN") as copy:
                for row in documents:
                    copy.write_row(row)
                    count += 1
            self._connection.execute(
                "INSERT INTO serving.document (uscc, category, release, body)"
                " SELECT uscc, category, %s, body FROM fresh"
                " ON CONFLICT (uscc, category) DO UPDATE SET release = excluded.release, body = excluded.body",
                [release or 0],
            )
            self._connection.execute(
                "DELETE FROM serving.document d WHERE uscc = ANY(%s) AND category = ANY(%s) AND NOT EXISTS"
                " (SELECT 1 FROM fresh f WHERE f.uscc = d.uscc AND f.category = d.category)",
                [list(enterprises), list(categories)],
            )
        return count

    def authorised(self, category: str, at: datetime, *, usccs: Sequence[str] | None = None) -> list[Authorised]:
        """Whose consent to `category` is in force on the day of `at` (Asia/Shanghai, both days included)."""
        day = at.astimezone(SHANGHAI).date()
        with self._connection.cursor(row_factory=class_row(Authorised)) as cursor:
            return cursor.execute(
                "SELECT uscc, consent_number, pdf_sha256, start_on, end_on FROM serving.authorised"
                " WHERE category = %s AND start_on <= %s AND (end_on IS NULL OR end_on >= %s)"
                " AND (%s::text[] IS NULL OR uscc = ANY(%s)) ORDER BY uscc",
                [category, day, day, None if usccs is None else list(usccs), None if usccs is None else list(usccs)],
            ).fetchall()

    def ledger(self) -> pa.Table:
        """number, feed, received_at, sha256 of every delivery that stands, for the origins in a document."""
        rows = self._connection.execute(
            "SELECT number, feed,"
            " to_char(received_at AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD\"T\"HH24:MI:SS\"+08:00\"'), sha256"
            " FROM serving.delivery WHERE state IN ('loaded', 'partly_loaded')"
        ).fetchall()
        names = ("number", "feed", "received_at", "sha256")
        return pa.table({name: pa.array([row[i] for row in rows], pa.string()) for i, name in enumerate(names)})

    def joined_keys(self) -> pa.Table:
        """key, uscc: what people decided that a key means."""
        rows = self._connection.execute("SELECT key, uscc FROM serving.joined_key ORDER BY key").fetchall()
        return pa.table(
            {name: pa.array([row[i] for row in rows], pa.string()) for i, name in enumerate(("key", "uscc"))}
        )

    def retries(self) -> dict[str, Delivery]:
        """Deliveries of rows that waited, as far as they stand."""
        with self._connection.cursor(row_factory=class_row(Delivery)) as cursor:
            found = cursor.execute(
                f"SELECT {', '.join(DELIVERY_COLUMNS)} FROM serving.delivery"
                " WHERE origin = 'retry' AND state IN ('loaded', 'partly_loaded')"
            ).fetchall()
        return {each.number: each for each in found}

    def stopped(self, feed: str) -> str | None:
        """Why the department stopped this feed; None while it is open."""
        row = self._connection.execute(
            "SELECT because FROM serving.feed_switch WHERE feed = %s AND stopped_at IS NOT NULL", [feed]
        ).fetchone()
        return str(row[0]) if row else None

    def admit(self, feed: str, usccs: Sequence[str], *, at: datetime) -> tuple[list[str], str]:
        """Whom the feed may be asked about now, booked against its quota, and why the others wait ("" if none do).

        Who was asked about today already may be asked about again.
        """
        day = at.astimezone(SHANGHAI).date()
        row = self._connection.execute(
            "SELECT stopped_at IS NOT NULL, daily_quota, (SELECT count(*) FROM serving.pull_asked a"
            " WHERE a.feed = s.feed AND day = %s AND uscc <> ALL(%s)) FROM serving.feed_switch s WHERE feed = %s",
            [day, list(usccs), feed],
        ).fetchone()
        is_stopped, quota, used = row if row else (False, None, 0)
        admitted = [] if is_stopped else list(usccs)[: max(quota - used, 0) if quota is not None else None]
        why = "stopped" if is_stopped else "over_quota" if len(admitted) < len(usccs) else ""
        with self._connection.transaction():
            self._connection.execute(
                "INSERT INTO serving.pull_asked SELECT %s, %s, unnest(%s::text[]) ON CONFLICT DO NOTHING",
                [feed, day, admitted],
            )
            self._connection.execute(
                "DELETE FROM serving.pull_waiting WHERE feed = %s AND uscc = ANY(%s)", [feed, admitted]
            )
            self._connection.execute(
                "INSERT INTO serving.pull_waiting SELECT %s, uscc, %s, %s FROM unnest(%s::text[]) uscc"
                " WHERE uscc <> ALL(%s) ON CONFLICT (feed, uscc) DO UPDATE SET why = excluded.why",
                [feed, why, at, list(usccs), admitted],
            )
        return admitted, why

    def forget(self, uscc: str, categories: Sequence[str]) -> int:
        """Take an enterprise's documents away; how many."""
        gone = self._connection.execute(
            "DELETE FROM serving.document WHERE uscc = %s AND category = ANY(%s)", [uscc, list(categories)]
        )
        self._connection.execute("DELETE FROM serving.pull_waiting WHERE uscc = %s", [uscc])
        return gone.rowcount


@contextmanager
def writing(dsn: str) -> Iterator[Serving]:
    """Wait to be the only writer of the lake, over all processes; the lock dies with the connection."""
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", [WRITER_LOCK])
        yield Serving(connection)


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


def admitted(
    dsn: str, feed: str, department: str, asked: Sequence[Asked], *, at: datetime
) -> tuple[list[Asked], list[Delivery]]:
    """Of these enterprises those whom the feed may be asked about now, and what became of the question for the rest."""
    with writing(dsn) as book:
        names, why = book.admit(feed, [each.uscc for each in asked], at=at)
    rest = [Delivery.not_asked(feed, department, why, at=at)] if why else []
    return [each for each in asked if each.uscc in names], rest
