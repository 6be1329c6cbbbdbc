"""One document per enterprise and category: values with their origins, months, the record as it stands, lists.

A document holds only what is the enterprise's own. Names, labels, units and definitions stand once in the head that
all documents of a source share; when a delivery came, and how far a public register reaches, is told once for all.
`reading` puts the whole together again. So a province's documents are a tenth of the bytes to write.
"""

import hashlib
import inspect
import json
import sys
from collections.abc import Iterator
from datetime import date
from functools import cache
from typing import Any

import pyarrow as pa

from jinfuyun.data.departments.contract import Column, Kind
from jinfuyun.data.departments.registry import FEEDS
from jinfuyun.data.indicators import measure
from jinfuyun.data.indicators.contract import Indicator, Listing, Source
from jinfuyun.data.lake.engine import Engine, quoted

SERIES_MONTHS_MAX = 36
LISTED_ROWS_MAX = 20
MARK_CHARACTERS = 16


def documents(engine: Engine, source: Source, *, as_of: date | None = None) -> Iterator[tuple[str, pa.RecordBatch]]:
    """Category and (uscc, body: JSON) of everything measured. Missing is null, never zero."""
    joins = [f"LEFT JOIN ({_told(source)}) USING (id)"]
    series, record, lists = "NULL", "NULL", []
    if source.series:
        joins.append(f"LEFT JOIN ({_series(source)}) USING (id)")
        series = "by_month"
    if source.record:
        shown = ", ".join(recorded(source.record))
        rows = f"{source.record}_row JOIN (SELECT id, uscc FROM cut) USING (id)"  # rows do not say whose they are
        joins.append(f"LEFT JOIN (SELECT id, json_array({shown}) AS record FROM {rows}) USING (id)")
        record = "record"
    for number, listing in enumerate(source.lists):
        joins.append(f"LEFT JOIN ({_listed_rows(listing, number)}) USING (id)")
        # NULL where the feed never told of the enterprise: an empty list means that it has nothing to tell.
        told = f"json_array(coalesce(count_{number}, 0), coalesce(to_json(rows_{number}), '[]'::JSON))"
        lists.append(f"CASE WHEN {listing.feed}_day IS NOT NULL THEN {told} END")
    days = ", ".join(f"'{feed.name}': {feed.name}_day" for feed in source.all_feeds if not measure.is_whole(feed))
    rows = engine.stream(
        f"""SELECT uscc, to_json({{
            'head': {quoted(mark(source))},
            'cut': cut_day,
            'until': {f"DATE '{as_of}'" if as_of else "NULL"},
            'reach': reach,
            'days': {f"{{{days}}}" if days else "NULL"},
            'told': coalesce(told, []),
            'values': json_array({", ".join(each.name for each in source.indicators)}),
            'rows': json_array({", ".join(f"{each.name}_rows" for each in source.indicators)}),
            'series': {series},
            'record': {record},
            'lists': json_array({", ".join(lists)})
        }})::VARCHAR AS body FROM measured {" ".join(joins)}"""
    )
    for batch in rows:
        yield source.category.value, batch


def recorded(feed: str) -> tuple[str, ...]:
    """The columns of a feed that a record shows."""
    return tuple(name for name in FEEDS[feed].types if name != "updated_at")


@cache
def head(source: Source) -> dict[str, Any]:
    """What all documents of a source share, ready for JSON."""
    return {
        "category": str(source.category),
        "department": source.department_label,
        "facts": [_fact(source, each) for each in source.indicators],
        "series": source.series and list(source.series.columns),
        "silent_is_zero": bool(source.series and source.series.silent_is_zero),
        "record": source.record and list(recorded(source.record)),
        "lists": [_list(listing) for listing in source.lists],
    }


@cache
def mark(source: Source) -> str:
    """Another one whenever documents of this source would be others, or written otherwise."""
    feeds = [FEEDS[feed.name] for feed in source.all_feeds]
    makers = [inspect.getsource(measure), inspect.getsource(sys.modules[__name__])]
    told = json.dumps([head(source), repr(source), repr(feeds), *makers], sort_keys=True)
    return hashlib.sha256(told.encode()).hexdigest()[:MARK_CHARACTERS]


def _fact(source: Source, indicator: Indicator) -> dict[str, Any]:
    # A register may have told its last before the others.
    registers = [name for name in indicator.feeds if not (FEEDS[name].by_month and source.paced_by)]
    return {
        "name": indicator.name,
        "label": indicator.label,
        "unit": indicator.unit,
        "months": indicator.months,
        "feeds": list(indicator.feeds),
        "registers": registers,
        "definition": indicator.definition,
    }


def _told(source: Source) -> str:
    """Per enterprise the deliveries that its rows came with, and how many."""
    counted = " UNION ALL ".join(f"SELECT id, delivery, row_count FROM {feed.name}_told" for feed in source.all_feeds)
    return f"SELECT id, list(json_array(delivery, row_count) ORDER BY delivery) AS told FROM ({counted}) GROUP BY id"


def _series(source: Source) -> str:
    """Per enterprise its months, oldest first, each as [months before the last, column, …]; silent ones left out."""
    assert source.series
    shown = ", ".join(("ago", *source.series.columns))
    return (
        f"SELECT id, list(json_array({shown}) ORDER BY ago DESC) AS by_month FROM {source.series.stage}"
        f" WHERE ago BETWEEN 0 AND {SERIES_MONTHS_MAX - 1} GROUP BY id"
    )


def _listed_rows(listing: Listing, number: int) -> str:
    """Per enterprise the newest rows of a register in words a person reads, and how many there are."""
    feed = FEEDS[listing.feed]
    cells = ", ".join(_spoken(feed.column(name)) for name in listing.columns)
    order = ", ".join([f"{feed.dated_by} DESC", *(name for name in feed.key if name != "uscc")])
    return (
        f"SELECT id, count(*) AS count_{number}, list(json_array({cells}, delivery) ORDER BY {order})"
        f"[1:{LISTED_ROWS_MAX}] AS rows_{number} FROM {listing.feed}_row WHERE {listing.where} GROUP BY id"
    )


def _list(listing: Listing) -> dict[str, Any]:
    feed = FEEDS[listing.feed]
    columns = [_column(feed.column(name)) for name in listing.columns]
    return {"feed": feed.name, "label": listing.label or feed.label, "columns": columns}


def _column(column: Column) -> dict[str, str]:
    """How a list names a column; money is told as such, so that a page can convert it."""
    unit = "fen" if column.kind in (Kind.MONEY, Kind.WAN) else ""
    return {"name": column.name, "label": column.label.removesuffix("（万元）"), "unit": unit}


def _spoken(column: Column) -> str:
    """A choice as the Chinese word the department has for it; everything else as it is kept."""
    if column.kind is not Kind.CHOICE:
        return column.name
    words = {kept: word for word, kept in reversed(column.choices) if not word.isascii()}
    cases = " ".join(f"WHEN {quoted(kept)} THEN {quoted(word)}" for kept, word in words.items())
    return f"CASE {column.name} {cases} ELSE {column.name} END" if words else column.name
