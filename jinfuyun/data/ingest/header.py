"""Which column of the file is which column of the feed; a header that does not fit refuses the file."""

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass

from jinfuyun.data.departments.contract import CORRECTION, Feed
from jinfuyun.data.ingest.lines import BREAK_IN_CELL
from jinfuyun.data.ingest.refusal import FileRefused


@dataclass(frozen=True, slots=True)
class Sheet:
    """Feed column → place of its cell in a row (from 1; absent optional columns are left out), and cells a row.

    A file that lies on its side has `days`: place → the day its header names. `places` and `width` then speak of the
    long rows that `wide.as_long` makes of it, `laid` and `laid_width` of the file itself.
    """

    places: Mapping[str, int]
    width: int
    days: tuple[tuple[int, str], ...] = ()
    laid: tuple[int, ...] = ()
    laid_width: int = 0


def read(feed: Feed, header: str) -> Sheet:
    labels = _labels(header)
    places: dict[str, int] = {}
    days: list[tuple[int, str]] = []
    for place, label in enumerate(labels, 1):
        words = label.replace(BREAK_IN_CELL.decode(), "")
        name = next((column.name for column in feed.columns if words in column.headers), None)
        if name is None and feed.wide and re.fullmatch(feed.wide.header, words):
            days.append((place, words))
            continue
        if name is None and words not in (*feed.ignored, *CORRECTION):
            raise FileRefused(f"“{words[:40]}”不是“{feed.label}”应有的列。", row=1, column=place)
        if name is not None:
            if name in places:
                raise FileRefused(f"“{words[:40]}”与第 {places[name]} 列重复。", row=1, column=place)
            places[name] = place
    made = {feed.wide.day, feed.wide.value} if feed.wide and days else set()
    missing = [c.label for c in feed.columns if c.needed and c.name not in places and c.name not in made]
    if missing:
        raise FileRefused("表头缺少" + "、".join(f"“{label}”" for label in missing) + "列。", row=1)
    if not days:
        return Sheet(places, len(labels))
    if both := sorted(made & set(places)):
        label = feed.column(both[0]).label
        raise FileRefused(f"表头里既有按日的列，又有“{label}”列。", row=1, column=places[both[0]])
    assert feed.wide is not None
    laid = tuple(places.values())
    long = {name: place for place, name in enumerate([*places, feed.wide.day, feed.wide.value], 1)}
    return Sheet(long, len(long), tuple(days), laid, len(labels))


def _labels(header: str) -> list[str]:
    try:
        labels = [cell.strip(" \t　") for cell in next(csv.reader([header], strict=True))]
    except csv.Error as trouble:
        raise FileRefused("表头的引号不规范。", row=1) from trouble
    while labels and not labels[-1]:
        labels.pop()
    if not labels:
        raise FileRefused("缺少表头。", row=1)
    return labels
