"""A report with every category, every fact and every list that the data plane can hand out today. Figures invented."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from jinfuyun.data.indicators.documents import head
from jinfuyun.data.indicators.registry import SOURCES
from jinfuyun.kit.grant import Category
from jinfuyun.reports.content import ReportData, chapter
from tests.reports.sample import MONTHS, REGISTRATION, REPORT, delivered

CUT_OFF = MONTHS[-1]
AMOUNTS = {"fen": 123_456_700, "usd_cents": 9_876_500, "bp": 1_234, "kwh": 182_345.5, "m3": 730.25, "grade": "B"}
MEANINGS = {"fen": 98_765_400, "": "某某事项"}


def bodies() -> dict[Category, dict[str, Any]]:
    """A document of every category, as reports are made of it."""
    found = {}
    for number, source in enumerate(SOURCES):
        told = head(source)
        numbers = {feed: f"20200220-{number:03d}{i:03d}" for i, feed in enumerate(source.feeds)}
        found[source.category] = {
            "category": str(source.category), "department": told["department"], "cut_off": CUT_OFF,
            "received_at": "2020-02-20T09:12:00+08:00",
            "deliveries": [delivered(numbers[feed], feed, 1_200 + number) for feed in source.feeds],
            "facts": [_fact(each, numbers) for each in told["facts"]],
            "series": told["series"] and {"by_month": _months(told["series"])},
            "record": REGISTRATION["record"] if told["record"] else None,
            "lists": [_list(each, numbers) for each in told["lists"]],
        }  # fmt: skip
    return found


def report(changed: Mapping[str, Any] | None = None, *, without: tuple[Category, ...] = (), **more: Any) -> ReportData:
    """`changed`: values of facts by name; `without`: categories that it has no document of."""
    chapters = []
    for category, body in bodies().items():
        if category not in without:
            facts = [fact | {"value": (changed or {}).get(fact["name"], fact["value"])} for fact in body["facts"]]
            chapters.append(chapter(body | {"facts": facts}, CHECKED))
    consent = replace(REPORT.consent, categories=tuple(Category))
    return replace(REPORT, chapters=tuple(chapters), consent=consent, missing=(), **more)


# Of the first delivery of the tax file what the ledger had.
CHECKED = {
    "20200220-001000": {
        "feed_label": "增值税申报", "department": "国家税务总局福建省税务局", "state": "partly_loaded",
        "covers_until": "2020-01-31", "delivered": 120_340, "accepted": 120_001, "superseded": 300, "quarantined": 39,
        "unauthorised": 0,
    }
}  # fmt: skip


def _fact(told: Mapping[str, Any], numbers: Mapping[str, str]) -> dict[str, Any]:
    months = told["months"]
    return {
        "name": told["name"], "label": told["label"], "unit": told["unit"], "value": AMOUNTS.get(told["unit"], 7),
        "period": f"{MONTHS[-months] if 0 < months <= len(MONTHS) else MONTHS[0]} 至 {CUT_OFF}" if months else CUT_OFF,
        "as_of": CUT_OFF, "months_covered": min(months, len(MONTHS)) or None, "rows": 120,
        "deliveries": [numbers[feed] for feed in told["feeds"] if feed in numbers], "definition": told["definition"],
    }  # fmt: skip


def _months(columns: list[str]) -> list[dict[str, Any]]:
    return [{"month": month} | dict.fromkeys(columns, 50_000_000 + i * 900_000) for i, month in enumerate(MONTHS)]


def _list(told: Mapping[str, Any], numbers: Mapping[str, str]) -> dict[str, Any]:
    row = {column["name"]: MEANINGS.get(column["unit"], "x") for column in told["columns"]}
    return {**told, "as_of": "2020-01-31", "count": 2, "rows": [row | {"delivery": numbers[told["feed"]]}] * 2}
