"""The night's run: files joined, and documents that time changed though nobody spoke of their enterprises.

A delivery writes the documents of those it speaks of at once. What is left for the night is what moves without one: a
bad record ends, days go by since the last penalty, a register reaches further, a month is over. All of it is served
in one transaction, so that nobody ever reads half of it.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime

import pyarrow as pa

from jinfuyun.data import peers, pipeline, serve
from jinfuyun.data.departments.registry import FEEDS
from jinfuyun.data.indicators.contract import Source
from jinfuyun.data.indicators.documents import mark
from jinfuyun.data.indicators.measure import Measurer, is_whole, measure
from jinfuyun.data.indicators.registry import SOURCES
from jinfuyun.data.indicators.tax import TAX
from jinfuyun.data.ingest import repeats, shelves
from jinfuyun.data.lake import engine, serving
from jinfuyun.data.lake.engine import Engine, listed
from jinfuyun.data.lake.serving import LookedThrough, Serving
from jinfuyun.data.lake.tables import Lake
from jinfuyun.data.pipeline import Plane, Progress

OLD_FILES_KEPT_HOURS = 24
Reach = Mapping[str, date | None]


def nightly(
    plane: Plane,
    *,
    as_of: date | None = None,
    everything: bool = False,
    measure: Measurer = measure,
    at: datetime,
    on_progress: Progress = lambda stage, share: None,
) -> int:
    """Join small files and write the documents anew that may have changed; how many.

    `as_of`: nothing later counts, in any document. `everything`: also those that cannot have changed.
    """
    with serving.writing(plane.data_dsn) as book:
        pipeline.catch_up(plane, book, at=at)
        on_progress("整理文件", 0.1)
        _tidy(plane, at)
        _close_month(plane, book, measure, at)
        pipeline.catch_up(plane, book, at=at)
        on_progress("更新企业档案", 0.3)
        with engine.opened(plane.lake.work) as sql:
            reach = serve.reach(plane.lake, sql, [feed for feed in FEEDS.values() if is_whole(feed)])
            last = {} if everything else book.looked_through()
            day = at.astimezone(serving.SHANGHAI).date()
            reach_of = reach | {shelves.MEDIANS.name: peers.newest(plane.lake, sql)}
            now = [_as_looked_through(source, day, as_of, reach_of) for source in SOURCES]
            lacking = book.without_document(at) if last else {}
            whom = {
                source: _whom(plane, sql, source, last.get(each.category), each, lacking.get(each.category, []))
                for source, each in zip(SOURCES, now, strict=True)
            }
            count = serve.serve(
                plane.lake, book, sql, whom, reach=reach, as_of=as_of, looked_through=now, measure=measure, at=at
            )
        on_progress("完成", 1.0)
        return count


def _tidy(plane: Plane, at: datetime) -> None:
    lake = plane.lake
    with engine.opened(lake.work) as sql:
        for feed in FEEDS.values():
            _, versions = lake.erase(sql, shelves.repeated(feed), repeats.too_old(at))
            _publish(lake, versions)
        _publish(lake, lake.join_small_files(sql, shelves.every()))
    _publish(lake, lake.clear_old_files(list(lake.release().tables), kept_hours=OLD_FILES_KEPT_HOURS))


def _close_month(plane: Plane, book: Serving, measure: Measurer, at: datetime) -> None:
    """The medians of a month, in the first night after everybody has had time to file for it."""
    today = at.astimezone(serving.SHANGHAI).date()
    month = peers.month_to_close([book.reach(feed) for feed in TAX.paced_by], today)
    with engine.opened(plane.lake.work) as sql:
        if month and month > (peers.newest(plane.lake, sql) or date.min):
            subject = book.covered(TAX.category, [], at)
            _publish(plane.lake, peers.close(plane.lake, sql, month, subject, measure=measure, today=today))


def _publish(lake: Lake, versions: dict[str, int]) -> None:
    if versions != {name: lake.release().tables.get(name) for name in versions}:
        lake.publish(versions, None)


def _as_looked_through(source: Source, day: date, as_of: date | None, reach: Reach) -> LookedThrough:
    mine = {feed.name: reach[feed.name] for feed in source.all_feeds if is_whole(feed)}
    if source.compared_by:
        mine[shelves.MEDIANS.name] = reach[shelves.MEDIANS.name]
    days = {name: str(until) if until else None for name, until in mine.items()}
    return LookedThrough(str(source.category), mark(source), day, as_of, days)


def _whom(
    plane: Plane, sql: Engine, source: Source, last: LookedThrough | None, now: LookedThrough, lacking: Sequence[str]
) -> Sequence[str] | None:  # fmt: skip
    """Whose document may have changed since it was last looked through; None for all."""
    if last is None or _is_new_for_all(last, now):
        return None
    found = _told_of(plane, sql, source, now, lacking)
    for feed, condition in _conditions(source, last, now):
        rows = plane.lake.scan(shelves.current(FEEDS[feed]))
        found |= {row[0] for row in sql.rows(f"SELECT DISTINCT uscc FROM {rows} WHERE {condition}")}
    return sorted(found)


def _told_of(plane: Plane, sql: Engine, source: Source, now: LookedThrough, lacking: Sequence[str]) -> set[str]:
    """Of those who have no document the ones who can have one: most have no customs and no mortgage, every night."""
    if not lacking or any(now.reach.get(feed) for feed in source.feeds):  # a public register has told of everybody
        return set(lacking)
    sql.offer("lacking", pa.table({"uscc": pa.array(lacking, pa.string())}))
    rows = plane.lake.scan(shelves.COVERAGE)
    told = f"SELECT DISTINCT uscc FROM {rows} WHERE feed IN ({listed(source.feeds)}) AND uscc IN (FROM lacking)"
    return {row[0] for row in sql.rows(told)}


def _is_new_for_all(last: LookedThrough, now: LookedThrough) -> bool:
    """Made otherwise, cut otherwise, or a register tells of another month than it did."""
    months = [{name: day and day[:7] for name, day in each.reach.items()} for each in (last, now)]
    return (last.mark, last.as_of) != (now.mark, now.as_of) or months[0] != months[1]


def _conditions(source: Source, last: LookedThrough, now: LookedThrough) -> Iterator[tuple[str, str]]:
    """(feed, SQL over its rows): whose documents the days between the two may have changed."""
    moved = {
        name: tuple(sorted((str(last.reach[name]), str(day))))  # a delivery taken back takes its reach back too
        for name, day in now.reach.items()
        if last.reach[name] != day
    }
    for feed, (was, until) in moved.items():  # rows of the days that the register has reached since, or no more
        yield feed, f"{FEEDS[feed].dated_by} BETWEEN DATE '{was}' AND DATE '{until}'"
    spans = {tuple(sorted((str(last.day), str(now.day)))), *moved.values()}
    for feed, condition in source.daily:
        for was, until in sorted(spans):
            if was != until:
                yield feed, condition.replace(":was", f"DATE '{was}'").replace(":now", f"DATE '{until}'")
