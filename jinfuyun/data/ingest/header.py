"""Which column of the file is which column of the feed; a header that does not fit refuses the file."""

import csv

from jinfuyun.data.departments.contract import CORRECTION, Feed
from jinfuyun.data.ingest.lines import BREAK_IN_CELL
from jinfuyun.data.ingest.refusal import FileRefused


def positions(feed: Feed, header: str) -> tuple[dict[str, int], int]:
    """Feed column → place in the row (from 1; absent optional columns are left out), and how many cells a row has."""
    try:
        labels = [cell.strip(" \t　") for cell in next(csv.reader([header], strict=True))]
    except csv.Error as trouble:
        raise FileRefused("表头的引号不规范。", row=1) from trouble
    while labels and not labels[-1]:
        labels.pop()
    if not labels:
        raise FileRefused("缺少表头。", row=1)
    places: dict[str, int] = {}
    for place, label in enumerate(labels, 1):
        words = label.replace(BREAK_IN_CELL.decode(), "")
        name = next((column.name for column in feed.columns if words in column.headers), None)
        if name is None and words not in (*feed.ignored, *CORRECTION):
            raise FileRefused(f"“{words[:40]}”不是“{feed.label}”应有的列。", row=1, column=place)
        if name is not None:
            if name in places:
                raise FileRefused(f"“{words[:40]}”与第 {places[name]} 列重复。", row=1, column=place)
            places[name] = place
    missing = [column.label for column in feed.columns if column.needed and column.name not in places]
    if missing:
        raise FileRefused("表头缺少" + "、".join(f"“{label}”" for label in missing) + "列。", row=1)
    return places, len(labels)
