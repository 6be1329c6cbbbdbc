"""A stored document and what is told once for all, put together to what reports are made of."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from jinfuyun.data.indicators.documents import SERIES_MONTHS_MAX

Body = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Shared:
    """What documents do not repeat."""

    heads: Mapping[str, Body]  # mark → head, see documents.head
    deliveries: Mapping[str, Mapping[str, str]]  # number → feed, received_at (Asia/Shanghai), sha256
    reach: Mapping[str, str]  # public register → ISO day up to which it told, of whomever


def whole(body: Body, shared: Shared) -> dict[str, Any]:
    """category, department, cut_off, received_at, months_covered, deliveries, facts, series, record, lists."""
    head = shared.heads[body["head"]]
    told = [{"number": number, "rows": rows, **shared.deliveries[number]} for number, rows in body["told"]]
    return {
        "category": head["category"],
        "department": head["department"],
        "cut_off": body["cut"][:7],
        "received_at": max((each["received_at"] for each in told), default=None),
        "months_covered": body["reach"],
        "deliveries": told,
        "facts": list(_facts(head, body, told, shared.reach)),
        "series": head["series"] and {"by_month": _by_month(head, body)},
        "record": body["record"] and dict(zip(head["record"], body["record"], strict=True)),
        "lists": list(_lists(head, body, shared.reach)),
    }


def numbers(bodies: Iterable[Body]) -> set[str]:
    """The deliveries that documents name."""
    return {number for body in bodies for number, _ in body["told"]}


def _facts(head: Body, body: Body, told: list[dict[str, Any]], reach: Mapping[str, str]) -> Iterable[dict[str, Any]]:
    cut, cut_off, months_told, numbers = body["cut"], body["cut"][:7], body["reach"], dict[str, list[str]]()
    for one in told:  # in the order of their numbers
        numbers.setdefault(one["feed"], []).append(one["number"])
    origins, ends = dict[tuple[str, ...], list[str]](), dict[tuple[str, ...], str]()  # most facts share a few
    for fact, value, rows in zip(head["facts"], body["values"], body["rows"], strict=True):
        months, feeds, registers = fact["months"], tuple(fact["feeds"]), tuple(fact["registers"])
        if feeds not in origins:
            origins[feeds] = sorted({number for feed in feeds for number in numbers.get(feed, ())})
        if registers not in ends:
            days = [day for name in registers if (day := _day(body, name, reach))]
            ends[registers] = min(cut, *days)[:7] if days else cut_off
        as_of = ends[registers]
        yield {
            "name": fact["name"],
            "label": fact["label"],
            "unit": fact["unit"],
            "value": value,
            "period": f"{_month(cut, months - 1)} 至 {cut_off}" if months else as_of,
            "as_of": as_of,
            "months_covered": _least(months_told, months) if months else None,
            "deliveries": origins[feeds],
            "rows": rows,
            "definition": fact["definition"],
        }


def _by_month(head: Body, body: Body) -> list[dict[str, Any]]:
    """Oldest first. Where a silent month is zero, every month as far back as data reaches."""
    names, spoken = head["series"], {row[0]: row[1:] for row in body["series"] or ()}
    shown = spoken
    if head["silent_is_zero"]:
        silent = [0] * len(names)
        shown = {ago: spoken.get(ago, silent) for ago in range(_least(body["reach"], SERIES_MONTHS_MAX))}
    return [
        {"month": _month(body["cut"], ago)} | dict(zip(names, shown[ago], strict=True))
        for ago in sorted(shown, reverse=True)
    ]


def _lists(head: Body, body: Body, reach: Mapping[str, str]) -> Iterable[dict[str, Any]]:
    for one, found in zip(head["lists"], body["lists"], strict=True):
        if found is not None:
            count, rows = found
            names = [*(column["name"] for column in one["columns"]), "delivery"]
            as_of = _day(body, one["feed"], reach)
            told = [dict(zip(names, row, strict=True)) for row in rows]
            yield {**one, "as_of": as_of, "count": count, "rows": told}


def _day(body: Body, feed: str, reach: Mapping[str, str]) -> str | None:
    """Up to which ISO day a feed told of the enterprise."""
    days = body["days"] or {}
    if feed in days:
        return days[feed]
    day = reach.get(feed)
    return min(day, body["until"]) if day and body["until"] else day


@lru_cache(maxsize=4096)  # the same few months in every document
def _month(day: str, before: int) -> str:
    """YYYY-MM, so many months before that of an ISO day."""
    year, month = divmod(int(day[:4]) * 12 + int(day[5:7]) - 1 - before, 12)
    return f"{year}-{month + 1:02d}"


def _least(reach: int | None, months: int) -> int:
    return months if reach is None else min(reach, months)
