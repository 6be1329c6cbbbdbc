"""From rows in the lake to the documents that pages read: whoever is named, source by source, in one transaction."""

from collections.abc import Generator, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import date, datetime

import pyarrow as pa

from jinfuyun.data import peers
from jinfuyun.data.departments.contract import Feed
from jinfuyun.data.indicators.contract import Source
from jinfuyun.data.indicators.documents import documents, head, mark
from jinfuyun.data.indicators.measure import Measurer, measure
from jinfuyun.data.ingest import shelves
from jinfuyun.data.lake import serving
from jinfuyun.data.lake.engine import Engine, listed
from jinfuyun.data.lake.serving import LookedThrough, Serving
from jinfuyun.data.lake.tables import Lake

NOBODY = pa.table({"uscc": pa.array([], pa.string()), "category": pa.array([], pa.string())})


def serve(
    lake: Lake,
    book: Serving,
    sql: Engine,
    whom: Mapping[Source, Sequence[str] | None],
    *,
    reach: Mapping[str, date | None],
    release: int | None = None,
    as_of: date | None = None,
    looked_through: Sequence[LookedThrough] = (),
    measure: Measurer = measure,
    at: datetime,
) -> int:
    """Write the documents of these enterprises (None: of all), where their consent is in force; how many."""
    subjects = [(source, _subject(book, source, usccs, at=at)) for source, usccs in whom.items()]
    today = at.astimezone(serving.SHANGHAI).date()
    # Closed before the engine is, whatever happens: a thread may be at work on it.
    with closing(_ahead(_documents(lake, sql, subjects, as_of, today, measure))) as made:
        return book.serve(
            release=release,
            documents=made,
            asked={str(source.category): usccs for source, usccs in whom.items()},
            heads={mark(source): head(source) for source in whom},
            reach=reach,
            looked_through=looked_through,
            at=at,
        )


def _ahead(batches: Iterator[tuple[str, pa.RecordBatch]]) -> Generator[tuple[str, pa.RecordBatch]]:
    """The same; the next is made while the database stores the last."""
    with ThreadPoolExecutor(1) as maker:
        following = maker.submit(next, batches, None)
        while batch := following.result():
            following = maker.submit(next, batches, None)
            yield batch


def reach(lake: Lake, sql: Engine, feeds: Sequence[Feed]) -> dict[str, date | None]:
    """Up to which day each of these public registers has told."""
    names = [feed.name for feed in feeds]
    found = sql.rows(
        f"SELECT feed, max(covers_until) FROM {lake.scan(shelves.COVERAGE)} WHERE feed IN ({listed(names)})"
        " GROUP BY feed"
    )
    return dict.fromkeys(names) | dict(found)


def _subject(book: Serving, source: Source, usccs: Sequence[str] | None, *, at: datetime) -> pa.Table:
    """(uscc, category): whose consents are in force; of theirs also those that the source borrows from."""
    if usccs is not None and not usccs:
        return NOBODY
    lent = {str(feed.category) for feed in source.all_feeds if feed.category} - {str(source.category)}
    return book.covered(source.category, sorted(lent), at, usccs=usccs)


def _documents(
    lake: Lake, sql: Engine, subjects: Sequence[tuple[Source, pa.Table]], as_of: date | None, today: date,
    measure: Measurer,
) -> Iterator[tuple[str, pa.RecordBatch]]:  # fmt: skip
    """Category and (uscc, body) of everybody permitted."""
    for source, subject in subjects:
        if subject.num_rows:
            sql.offer("subject", subject)
            tables = {feed.name: lake.scan(shelves.current(feed)) for feed in source.all_feeds}
            with_whom = {"peers": peers.peers(lake, sql)} if source.compared_by else {}
            measure(
                sql, source, tables, coverage=lake.scan(shelves.COVERAGE), as_of=as_of, today=today, **with_whom
            )  # fmt: skip
            yield from documents(sql, source, as_of=as_of)
