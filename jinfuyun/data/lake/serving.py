"""The PostgreSQL side of the lake: who authorised what, the ledger of deliveries, the documents that pages read."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Protocol, TypeVar

import psycopg
import pyarrow as pa
import pyarrow.compute as pc
from psycopg.rows import class_row
from psycopg.types.json import Jsonb

from jinfuyun.data.lake.ledger import DELIVERY_COLUMNS, SHANGHAI, Delivery, deliveries, withdrawn

DDL = Path(__file__).with_name("serving.sql")
WRITER_LOCK = 0x4A46_5901  # one writer of the lake, over all processes: "JFY" 1

DAY = "start_on <= %(day)s AND (end_on IS NULL OR end_on >= %(day)s)"
IN_FORCE = f"SELECT * FROM serving.authorised WHERE category = %(category)s AND {DAY}"

# One text instead of an array: of a million names an array takes seconds to be written and read.
AMONG = "uscc IN (SELECT unnest(string_to_array(%(usccs)s, E'\\n')))"
CELLS_AT_ONCE = 10_000
ROWS_AT_ONCE = 20_000


@dataclass(frozen=True, slots=True)
class Authorised:
    """One enterprise's consent to one category, as the department is told of it."""

    uscc: str
    consent_number: str
    pdf_sha256: str
    start_on: date
    end_on: date | None


@dataclass(frozen=True, slots=True)
class LookedThrough:
    """All documents of a category were right on `day`, made by what `mark` names, of registers reaching to `reach`."""

    category: str
    mark: str
    day: date
    as_of: date | None
    reach: Mapping[str, str | None]  # public register → ISO day


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
        documents: Iterable[tuple[str, pa.RecordBatch]],
        asked: Mapping[str, Sequence[str] | None],
        heads: Mapping[str, Mapping[str, Any]],
        reach: Mapping[str, date | None],
        looked_through: Sequence[LookedThrough] = (),
        at: datetime,
    ) -> int:
        """In one transaction: that a release is served, what documents share, and documents: category, (uscc, body).

        `asked`: category → enterprises, None for all whose consent is in force; a document of theirs that is not among
        `documents` any more is taken away.
        """
        with self._connection.transaction():
            if release is not None:
                self._connection.execute(
                    "INSERT INTO serving.release (number, served_at) VALUES (%s, %s) ON CONFLICT DO NOTHING",
                    [release, at],
                )
            self._tell_shared(heads, reach)
            count = self._write(documents, release or 0)
            self._take_away(asked, at)
            for each in looked_through:
                self._note(each)
        return count

    def _write(self, documents: Iterable[tuple[str, pa.RecordBatch]], release: int) -> int:
        """Some at a time, so that one lot is stored while the next is made; whose they are stays in `written`."""
        count, rest = 0, iter(documents)
        self._connection.execute(
            "CREATE TEMP TABLE fresh (uscc text, category text, body json) ON COMMIT DROP;"
            "CREATE TEMP TABLE written (uscc text, category text) ON COMMIT DROP"
        )
        while lot := list(_lot(rest)):
            with self._connection.cursor().copy("COPY fresh FROM STDIN") as copy:
                for category, batch in lot:
                    copy.write(_copy_text(category, batch))
                    count += batch.num_rows
            self._connection.execute(
                "INSERT INTO serving.document (uscc, category, release, body)"
                " SELECT uscc, category, %s, body FROM fresh ON CONFLICT (uscc, category) DO UPDATE"
                " SET release = excluded.release, body = excluded.body"
                " WHERE document.body::text <> excluded.body::text",
                [release],
            )
            self._connection.execute("INSERT INTO written SELECT uscc, category FROM fresh; TRUNCATE fresh")
        return count

    def _take_away(self, asked: Mapping[str, Sequence[str] | None], at: datetime) -> None:
        """What is not in `written` of those asked for; in one look for all categories of the same enterprises."""
        of_whom: dict[str | None, list[str]] = {}
        for category, usccs in asked.items():
            of_whom.setdefault(_joined(usccs), []).append(category)
        for joined, categories in of_whom.items():
            whose = (
                f"EXISTS (SELECT FROM serving.authorised a WHERE a.uscc = d.uscc AND a.category = d.category AND {DAY})"
                if joined is None
                else AMONG
            )
            self._connection.execute(
                f"DELETE FROM serving.document d WHERE category = ANY(%(categories)s) AND {whose} AND NOT EXISTS"
                " (SELECT FROM written w WHERE w.uscc = d.uscc AND w.category = d.category)",
                {"categories": categories, "usccs": joined, "day": _day(at)},
            )

    def _tell_shared(self, heads: Mapping[str, Mapping[str, Any]], reach: Mapping[str, date | None]) -> None:
        with self._connection.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO serving.head (mark, body) VALUES (%s, %s) ON CONFLICT DO NOTHING",
                [(mark, Jsonb(body)) for mark, body in heads.items()],
            )
            cursor.executemany(
                "INSERT INTO serving.reach (feed, day) VALUES (%s, %s)"
                " ON CONFLICT (feed) DO UPDATE SET day = excluded.day",
                [(feed, day) for feed, day in reach.items() if day],
            )
        self._connection.execute(
            "DELETE FROM serving.reach WHERE feed = ANY(%s)", [[feed for feed, day in reach.items() if not day]]
        )

    def looked_through(self) -> dict[str, LookedThrough]:
        """By category, how its documents were last looked through."""
        with self._connection.cursor(row_factory=class_row(LookedThrough)) as cursor:
            found = cursor.execute("SELECT category, mark, day, as_of, reach FROM serving.looked_through").fetchall()
        return {each.category: each for each in found}

    def _note(self, each: LookedThrough) -> None:
        self._connection.execute(
            "INSERT INTO serving.looked_through (category, mark, day, as_of, reach) VALUES (%s, %s, %s, %s, %s)"
            " ON CONFLICT (category) DO UPDATE SET mark = excluded.mark, day = excluded.day, as_of = excluded.as_of,"
            " reach = excluded.reach",
            [each.category, each.mark, each.day, each.as_of, Jsonb(dict(each.reach))],
        )

    def without_document(self, at: datetime) -> dict[str, list[str]]:
        """By category, whose consent to it is in force and who has no document of it; asked once for all."""
        rows = self._connection.execute(
            f"SELECT category, array_agg(uscc) FROM serving.authorised a WHERE {DAY} AND NOT EXISTS"
            " (SELECT 1 FROM serving.document d WHERE d.uscc = a.uscc AND d.category = a.category) GROUP BY category",
            {"day": _day(at)},
        ).fetchall()
        return dict(rows)

    def covered(
        self, category: str, also: Sequence[str], at: datetime, *, usccs: Sequence[str] | None = None
    ) -> pa.Table:
        """(uscc, category) of those whose consent to `category` is in force; of theirs those to `also` too."""
        whose = [self._in_force(category, at, usccs)]
        whose += [theirs.filter(pc.is_in(theirs, whose[0])) for theirs in (self._in_force(o, at, usccs) for o in also)]
        return pa.concat_tables(
            pa.table({"uscc": each, "category": pa.repeat(of, len(each))})
            for of, each in zip((category, *also), whose, strict=True)
        )

    def _in_force(self, category: str, at: datetime, usccs: Sequence[str] | None) -> pa.ChunkedArray:
        values = {"category": category, "usccs": _joined(usccs), "day": _day(at)}
        return self._columns(f"SELECT uscc FROM ({IN_FORCE}) a WHERE {_among(usccs)}", values, ("uscc",))["uscc"]

    def permitted(self, category: str, at: datetime) -> pa.Table:
        """(uscc, consent): who permits `category` on that day, and by which consent; in no order."""
        return self._columns(
            f"SELECT uscc, consent_number AS consent FROM ({IN_FORCE}) a",
            {"category": category, "day": _day(at)}, ("uscc", "consent"),
        )  # fmt: skip

    def _columns(self, query: str, values: Mapping[str, object], names: Sequence[str]) -> pa.Table:
        """Columns of text without line breaks; they travel a few thousand cells at once, not row by row."""
        told = ", ".join(f"string_agg({name}, E'\\n')" for name in names)
        rows = self._connection.execute(
            f"SELECT {told} FROM (SELECT *, row_number() OVER () / {CELLS_AT_ONCE} AS piece FROM ({query}) q) p"
            " GROUP BY piece",
            values,
            prepare=False,  # planned for as many names as there are
        ).fetchall()
        pieces = [pa.array([], pa.string())]
        return pa.table(
            {
                name: pa.chunked_array(pieces + [pa.array(row[place].split("\n"), pa.string()) for row in rows])
                for place, name in enumerate(names)
            }
        )

    def note_list(self, feed: str, consents: Sequence[str], *, at: datetime) -> None:
        """The department confirmed the list of these consents; it takes the place of the one before."""
        self._connection.execute(
            "INSERT INTO serving.sent_list (feed, sent_at, consents) VALUES (%s, %s, %s) ON CONFLICT (feed)"
            " DO UPDATE SET sent_at = excluded.sent_at, consents = excluded.consents",
            [feed, at, "\n".join(consents)],
        )

    def listed(self, feed: str) -> pa.Table:
        """(consent): who was on the list that the department last confirmed."""
        row = self._connection.execute("SELECT consents FROM serving.sent_list WHERE feed = %s", [feed]).fetchone()
        return pa.table({"consent": pa.array(row[0].split("\n") if row else [], pa.string())})

    def authorised(self, category: str, at: datetime, *, usccs: Sequence[str] | None = None) -> list[Authorised]:
        """Whose consent to `category` is in force on the day of `at` (Asia/Shanghai, both days included)."""
        with self._connection.cursor(row_factory=class_row(Authorised)) as cursor:
            return cursor.execute(
                f"SELECT uscc, consent_number, pdf_sha256, start_on, end_on FROM ({IN_FORCE}) a"
                f" WHERE {_among(usccs)} ORDER BY uscc",
                {"category": category, "day": _day(at), "usccs": _joined(usccs)},
            ).fetchall()

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


def _day(at: datetime) -> date:
    return at.astimezone(SHANGHAI).date()


def _lot(batches: Iterator[tuple[str, pa.RecordBatch]]) -> Iterator[tuple[str, pa.RecordBatch]]:
    """The next of them, until they are enough for one statement."""
    rows = 0
    for category, batch in batches:
        rows += batch.num_rows
        yield category, batch
        if rows >= ROWS_AT_ONCE:
            return


def _copy_text(category: str, batch: pa.RecordBatch) -> memoryview:
    """The lines that COPY reads, made at once: JSON has neither tabs nor line breaks; its backslashes are doubled."""
    bodies = pc.replace_substring(batch["body"], "\\", r"\\")
    lines = pc.binary_join_element_wise(batch["uscc"], category, bodies, "\t")
    return memoryview(pc.binary_join_element_wise(lines, "", "\n").buffers()[2])


def _among(usccs: Sequence[str] | None) -> str:
    return "TRUE" if usccs is None else AMONG


def _joined(usccs: Sequence[str] | None) -> str | None:
    return None if usccs is None else "\n".join(usccs)


@contextmanager
def writing(dsn: str) -> Iterator[Serving]:
    """Wait to be the only writer of the lake, over all processes; the lock dies with the connection."""
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", [WRITER_LOCK])
        yield Serving(connection)


def admitted(
    dsn: str, feed: str, department: str, asked: Sequence[Asked], *, at: datetime
) -> tuple[list[Asked], list[Delivery]]:
    """Of these enterprises those whom the feed may be asked about now, and what became of the question for the rest."""
    with writing(dsn) as book:
        names, why = book.admit(feed, [each.uscc for each in asked], at=at)
    rest = [Delivery.not_asked(feed, department, why, at=at)] if why else []
    return [each for each in asked if each.uscc in names], rest
