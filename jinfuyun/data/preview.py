"""What a file would become, without taking anything in: the same load, with every write held back."""

import csv
import re
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from jinfuyun.data import pipeline
from jinfuyun.data.departments.contract import CORRECTION, Feed
from jinfuyun.data.departments.words import shown
from jinfuyun.data.ingest import landing, load
from jinfuyun.data.ingest.lines import BREAK_IN_CELL, Lines
from jinfuyun.data.ingest.refusal import refuse_if_empty, refuse_if_stopped
from jinfuyun.data.lake import engine, serving
from jinfuyun.data.lake.engine import Engine
from jinfuyun.data.lake.views import Untouched
from jinfuyun.data.pipeline import Plane


@dataclass(frozen=True, slots=True)
class FirstRow:
    """As it was read: a value a column of the feed, in order; none of a row that nobody authorised."""

    row_number: int
    outcome: str
    reason: str
    values: list[str]


@dataclass(frozen=True, slots=True)
class Preview:
    """`headers`: what stands in the file, and the column it is (None: not kept). `counts`: rows by outcome.

    `repeats`: the delivery that the same bytes were, "" for none.
    """

    headers: list[tuple[str, str | None]]
    columns: list[str]
    rows: list[FirstRow]
    counts: dict[str, int]
    rules: list[tuple[str, str, int]]  # rule, reason, rows
    left_out: list[tuple[str, int]]  # reason, rows
    delivered: int
    repeats: str = ""
    covers_until: str = field(default="")


def preview(plane: Plane, feed: Feed, path: Path, *, covers_until: date | None = None, at: datetime) -> Preview:
    """Raises FileRefused as the delivery would."""
    with serving.writing(plane.data_dsn) as book:  # nobody may tidy away what is being read
        pipeline.catch_up(plane, book, at=at)
        refuse_if_stopped(feed.label, book.stopped(feed.name))
        landed, lake = landing.land(path, plane.lake.landing, sealed=True), Untouched(plane.lake)
        try:
            with engine.opened(plane.lake.work) as sql:
                month = pipeline.answering(feed, covers_until)
                basis = pipeline.prepare(sql, plane.lake, feed, book, at=at) + month
                same = book.same_delivery(feed.name, landed.sha256, basis)
                lines = Lines(landed.blocks)
                outcome = load.load(
                    sql, lake, feed, lines, number="preview", asked=(), covers_until=covers_until,
                    reached=book.reach(feed.name), ring=plane.ring, at=at,
                )  # fmt: skip
                refuse_if_empty(outcome.delivered, consented=feed.consented, answers=bool(month))
                return _told(sql, feed, lines.header, outcome, repeats=same.number if same else "")
        finally:
            lake.close()
            landed.destroy()


def _told(sql: Engine, feed: Feed, header: str, outcome: load.Outcome, *, repeats: str) -> Preview:
    found_labels = {label for _, label in _headers(feed, header)}
    lies = feed.wide if feed.wide and not {feed.column(feed.wide.day).label} & found_labels else None
    present = [column for column in feed.columns if column.label in found_labels or (lies and lies.day == column.name)]
    names = ", ".join(column.name for column in present)
    found = sql.rows(
        f"SELECT f.row_number, CASE WHEN f.outcome <> 'good' THEN f.outcome WHEN l.row_number IS NULL THEN 'accepted'"
        f" ELSE 'superseded' END, reason, {names} FROM first_rows f LEFT JOIN (SELECT DISTINCT row_number FROM loser) l"
        " USING (row_number) ORDER BY 1"
    )
    rows = [
        FirstRow(
            number, became, "" if became == "unauthorised" else reason or "",
            [] if became == "unauthorised" else [shown(c, v) for c, v in zip(present, values, strict=True)],
        )
        for number, became, reason, *values in found
    ]  # fmt: skip
    rules = sql.rows(
        "SELECT rule, any_value(reason), count(*) FROM (SELECT unnest(string_split(rule, ',')) AS rule,"
        " unnest(string_split(reason, '；')) AS reason FROM decided WHERE outcome = 'quarantined')"
        " WHERE rule IS NOT NULL GROUP BY rule ORDER BY count(*) DESC, rule"
    )
    left_out = sql.rows("SELECT reason, sum(row_count)::BIGINT FROM not_kept GROUP BY ALL ORDER BY 2 DESC")
    counts = {
        name: getattr(outcome, name) for name in ("accepted", "superseded", "quarantined", "unauthorised")
    }  # fmt: skip
    return Preview(
        headers=_headers(feed, header), columns=[column.label for column in present], rows=rows, counts=counts,
        rules=rules, left_out=left_out, delivered=outcome.delivered, repeats=repeats,
        covers_until=str(outcome.covers_until or ""),
    )  # fmt: skip


def _headers(feed: Feed, header: str) -> list[tuple[str, str | None]]:
    labels = [cell.replace(BREAK_IN_CELL.decode(), "").strip(" \t　") for cell in next(csv.reader([header]))]
    found = []
    for label in labels:
        column = next((column for column in feed.columns if label in column.headers), None)
        if column is None and feed.wide and re.fullmatch(feed.wide.header, label):
            column = feed.column(feed.wide.value)
        if column or label in (*feed.ignored, *CORRECTION):
            found.append((label, column.label if column else None))
    return found
