"""What a closed month keeps beside its figures: the counts behind them by kind of drawdown and by county."""

from collections.abc import Collection, Iterable
from typing import Any

from jinfuyun.supervision.models import Slice
from jinfuyun.supervision.queries.counting import NOWHERE, Counted, by_kind, city_code, month_span, needs

COUNTY = "county"
Key = tuple[str, str, str, str]  # dimension, kind, city, name
Slices = dict[Key, int]
ByKind = dict[str, dict[str, dict[str, Any]]]  # kind → city → name → count


def counted_again(month: str, counties: Counted, dimensions: dict[str, Any], figures: Iterable[str]) -> Slices:
    """From the rows as they are: `counties` is every count by place, as it was counted for the month."""
    found = {
        (COUNTY, place, city_code(place), name): count
        for place, counts in counties.items()
        if place != NOWHERE
        for name, count in counts.items()
        if isinstance(count, int) and count
    }
    for by, dimension in dimensions.items():
        for kind, places in by_kind(figures, month_span(month), dimension.kind, ()).items():
            for city, counts in places.items():
                found |= {(by, kind, city, name): c for name, c in counts.items() if isinstance(c, int) and c}
    return found


def kept(month: str, dimension: str = "", nth: int | None = None) -> Slices:
    """As they stand with the corrections (up to the `nth`)."""
    rows = Slice.objects.filter(closing__month=month).order_by("closing__nth")
    rows = rows if nth is None else rows.filter(closing__nth__lte=nth)
    rows = rows.filter(dimension=dimension) if dimension else rows
    columns = rows.values_list("dimension", "kind", "region_code", "name", "count")
    return {(by, kind, city, name): count for by, kind, city, name, count in columns}


def standing(month: str, dimension: str, nth: int | None = None) -> ByKind | None:
    """By kind and city; None where the month was not closed, or was closed before slices were kept."""
    if not month or not Slice.objects.filter(closing__month=month).exists():
        return None
    found: ByKind = {}
    for (_, kind, city, name), count in kept(month, dimension, nth).items():
        found.setdefault(kind, {}).setdefault(city, {})[name] = count
    return found


def filled(found: ByKind, names: Iterable[str], kinds: Iterable[str], cities: Collection[str]) -> ByKind:
    """With the real zeros: what was kept is only what is not zero."""
    wanted = {need for name in names for need in needs(name)}
    return {
        kind: {city: dict.fromkeys(wanted, 0) | found.get(kind, {}).get(city, {}) for city in cities}
        for kind in dict.fromkeys((*kinds, *found))
    }
