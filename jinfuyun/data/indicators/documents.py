"""One document per enterprise and category: facts with their origins, months, the record as it stands, lists."""

from collections.abc import Iterator, Mapping

import pyarrow as pa

from jinfuyun.data.departments.contract import Column, Kind
from jinfuyun.data.departments.registry import FEEDS
from jinfuyun.data.indicators.contract import Indicator, Listing, Source
from jinfuyun.data.lake.engine import Engine, quoted

SERIES_MONTHS_MAX = 36
LISTED_ROWS_MAX = 20


def documents(engine: Engine, source: Source, *, ledger: pa.Table) -> Iterator[tuple[str, str, str]]:
    """(uscc, category, JSON) of everything measured. Missing is null, never zero."""
    engine.offer("ledger", ledger)
    _origins(engine, source)
    facts = ", ".join(_fact(source, indicator) for indicator in source.indicators)
    joins, series, record = ["LEFT JOIN origin USING (id)"], "NULL", "NULL"
    if source.series:
        joins.append(f"LEFT JOIN ({_series(source)}) USING (id)")
        series = "{'by_month': coalesce(by_month, [])}"
    if source.record:
        shown = ", ".join(f"'{name}': {name}" for name in recorded(source.record))
        joins.append(f"LEFT JOIN (SELECT id, {{{shown}}} AS record FROM {source.record}_row) USING (id)")
        record = "record"
    lists = []
    for number, listing in enumerate(source.lists):
        joins.append(f"LEFT JOIN ({_listed_rows(listing, number)}) USING (id)")
        lists.append(_list(listing, number))
    rows = engine.stream(
        f"""SELECT uscc, to_json({{
            'category': {quoted(source.category)},
            'department': {quoted(source.department_label)},
            'cut_off': strftime(month, '%Y-%m'),
            'received_at': received_at,
            'months_covered': reach,
            'deliveries': coalesce(deliveries, []),
            'facts': [{facts}],
            'series': {series},
            'record': {record},
            'lists': {f"list_filter([{', '.join(lists)}], lambda x: x IS NOT NULL)" if lists else "[]"}
        }})::VARCHAR AS body FROM measured {" ".join(joins)}"""
    )
    for batch in rows:
        for uscc, body in zip(*(column.to_pylist() for column in batch.columns), strict=True):
            yield uscc, source.category.value, body
    engine.withdraw("ledger")


def recorded(feed: str) -> tuple[str, ...]:
    """The columns of a feed that a record shows."""
    return tuple(name for name in FEEDS[feed].types if name != "updated_at")


def _origins(engine: Engine, source: Source) -> None:
    """Leave `origin`: per enterprise its deliveries, and of each feed their numbers."""
    counted = " UNION ALL ".join(
        f"SELECT id, {quoted(feed.name)} AS of_feed, delivery AS number, count(*) AS row_count FROM {feed.name}_told"
        " GROUP BY id, delivery"
        for feed in source.all_feeds
    )
    numbers = ", ".join(
        f"coalesce(list(number ORDER BY number) FILTER (of_feed = {quoted(feed.name)}), []) AS {feed.name}_numbers"
        for feed in source.all_feeds
    )
    engine.run(
        "CREATE TABLE origin AS SELECT id, max(received_at) AS received_at,"
        " list({'number': number, 'feed': of_feed, 'rows': row_count, 'received_at': received_at, 'sha256': sha256}"
        f" ORDER BY number) AS deliveries, {numbers} FROM ({counted}) JOIN ledger USING (number) GROUP BY id"
    )


def _fact(source: Source, indicator: Indicator) -> str:
    first = f"strftime(month - INTERVAL {max(indicator.months - 1, 0)} MONTH, '%Y-%m')"
    as_of = _as_of(source, indicator)
    numbers = ", ".join(f"coalesce({feed}_numbers, [])" for feed in indicator.feeds)
    parts: Mapping[str, str] = {
        "name": quoted(indicator.name),
        "label": quoted(indicator.label),
        "unit": quoted(indicator.unit),
        "value": f"to_json({indicator.name})",
        "period": f"{first} || ' 至 ' || strftime(month, '%Y-%m')" if indicator.months else as_of,
        "as_of": as_of,
        "months_covered": f"least(reach, {indicator.months})" if indicator.months else "NULL::BIGINT",
        "deliveries": f"list_sort(list_distinct(flatten([{numbers}])))",
        "rows": f"{indicator.name}_rows",
        "definition": quoted(indicator.definition),
    }
    return "{" + ", ".join(f"'{name}': {sql}" for name, sql in parts.items()) + "}"


def _as_of(source: Source, indicator: Indicator) -> str:
    """The month up to which the feeds behind a figure speak; a register may have told its last before the others."""
    registers = [name for name in indicator.feeds if not (FEEDS[name].by_month and source.paced_by)]
    days = "".join(f", {name}_day" for name in registers)
    return f"strftime(least(cut_day{days}), '%Y-%m')"


def _series(source: Source) -> str:
    """Per enterprise the list `by_month`, oldest first."""
    assert source.series
    stage, columns = source.series.stage, source.series.columns
    label = "strftime(month - to_months(ago::INTEGER), '%Y-%m')"
    if source.series.silent_is_zero:
        every = f"SELECT id, month, unnest(range(least(reach, {SERIES_MONTHS_MAX}))) AS ago FROM measured"
        shown = "".join(f", '{name}': coalesce({name}, 0)" for name in columns)
        relation = f"({every}) LEFT JOIN {stage} USING (id, ago)"
    else:
        shown = "".join(f", '{name}': {name}" for name in columns)
        relation = f"{stage} JOIN (SELECT id, month FROM measured) USING (id) WHERE ago BETWEEN 0 AND 35"
    return f"SELECT id, list({{'month': {label}{shown}}} ORDER BY ago DESC) AS by_month FROM {relation} GROUP BY id"


def _listed_rows(listing: Listing, number: int) -> str:
    """Per enterprise the newest rows of a register in words a person reads, and how many there are."""
    feed = FEEDS[listing.feed]
    cells = ", ".join(f"'{name}': {_spoken(feed.column(name))}" for name in listing.columns)
    order = f"{feed.dated_by} DESC, {', '.join(name for name in feed.key if name != 'uscc') or feed.dated_by}"
    return (
        f"SELECT id, list({{{cells}, 'delivery': delivery}} ORDER BY place) AS rows_{number},"
        f" any_value(whole) AS count_{number} FROM"
        f" (SELECT *, row_number() OVER (PARTITION BY id ORDER BY {order}) AS place,"
        f" count(*) OVER (PARTITION BY id) AS whole FROM {listing.feed}_row WHERE {listing.where})"
        f" WHERE place <= {LISTED_ROWS_MAX} GROUP BY id"
    )


def _list(listing: Listing, number: int) -> str:
    """NULL where the feed never told of the enterprise: an empty list means that it has nothing to tell."""
    feed = FEEDS[listing.feed]
    columns = ", ".join(_column(feed.column(name)) for name in listing.columns)
    return (
        f"CASE WHEN {feed.name}_day IS NOT NULL THEN to_json({{'feed': {quoted(feed.name)},"
        f" 'label': {quoted(listing.label or feed.label)}, 'as_of': strftime({feed.name}_day, '%Y-%m-%d'),"
        f" 'columns': [{columns}], 'count': coalesce(count_{number}, 0),"
        f" 'rows': coalesce(to_json(rows_{number}), '[]'::JSON)}}) END"
    )


def _column(column: Column) -> str:
    """How a list names a column; money is told as such, so that a page can convert it."""
    label = column.label.removesuffix("（万元）")
    unit = "fen" if column.kind in (Kind.MONEY, Kind.WAN) else ""
    return f"{{'name': {quoted(column.name)}, 'label': {quoted(label)}, 'unit': {quoted(unit)}}}"


def _spoken(column: Column) -> str:
    """A choice as the Chinese word the department has for it; everything else as it is kept."""
    if column.kind is not Kind.CHOICE:
        return column.name
    words = {kept: word for word, kept in reversed(column.choices) if not word.isascii()}
    cases = " ".join(f"WHEN {quoted(kept)} THEN {quoted(word)}" for kept, word in words.items())
    return f"CASE {column.name} {cases} ELSE {column.name} END" if words else column.name
