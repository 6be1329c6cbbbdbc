"""Closed months: which there are, what stands in them, and what counting them again gives."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from jinfuyun.kit import regions
from jinfuyun.kit.actor import Actor, Role
from jinfuyun.kit.calendar import local_day
from jinfuyun.kit.errors import NotFound, Refused
from jinfuyun.kit.permissions import Permission, may, require
from jinfuyun.supervision.models import Closing, Snapshot
from jinfuyun.supervision.queries.counting import (
    ELSEWHERE,
    Counted,
    Overview,
    beside,
    by_city,
    cells_of,
    cities_in,
    counted,
    known_only,
    month_span,
    scope_of,
    total_of,
)
from jinfuyun.supervision.queries.table import BY_NAME, MONTHLY, PROMISED, Indicator
from jinfuyun.supervision.rules import UNKNOWN, Cell, is_month, why_not_month

Key = tuple[str, str, bool]  # indicator, place, with Xiamen
Cells = dict[Key, Cell]


class NotClosed(Refused):
    """Nothing stands in that month."""


class Difference(NamedTuple):
    """A figure that is counted otherwise today; `place` in words."""

    indicator: Indicator
    place: str
    kept: Cell
    again: Cell


@dataclass(frozen=True, slots=True)
class Recounted:
    """`equal`: how many promised figures came out as they stand; `unpromised`: labels that cannot be promised."""

    month: str
    equal: int
    differing: tuple[Difference, ...]
    changed: Cells
    unpromised: tuple[str, ...]


def checked(month: str, *, at: datetime) -> str:
    """Raises Refused where it is no month, or one that is not over."""
    reason = why_not_month(month, today=local_day(at))
    if reason:
        raise Refused(reason)
    return month


def may_close(actor: Actor) -> bool:
    """A city's regulator closes nothing: a month is the whole province's."""
    of_a_city = Role.REGULATOR in actor.roles and (actor.house is None or actor.house.code != regions.PROVINCE_CODE)
    return may(Permission.STATISTICS_CLOSE, by=actor, over=None) and not of_a_city


def closings(month: str = "") -> list[Closing]:
    found = Closing.objects.order_by("-month", "nth")
    return list(found.filter(month=month) if month else found)


def months() -> list[str]:
    """Closed ones, the newest first."""
    return list(Closing.objects.filter(nth=0).order_by("-month").values_list("month", flat=True))


def versions(months: Iterable[str], names: Iterable[str]) -> dict[str, set[int]]:
    """The versions of definitions by which these figures were closed or corrected last."""
    rows = Snapshot.objects.filter(closing__month__in=list(months), indicator__in=list(names)).order_by("closing__nth")
    last = {
        (month, name): version for month, name, version in rows.values_list("closing__month", "indicator", "version")
    }
    found: dict[str, set[int]] = {}
    for (_, name), version in last.items():
        found.setdefault(name, set()).add(version)
    return found


def rows_of(month: str) -> Counted:
    """Every count behind the month's figures, by the place its rows name."""
    return counted([one.name for one in MONTHLY], month_span(month), place_of=str)


def counted_again(month: str, rows: Counted | None = None) -> Cells:
    """Every monthly figure of the province (with Xiamen and without) and of each city, from the rows as they are."""
    found = by_city(rows_of(month) if rows is None else rows)
    places = [
        *((regions.PROVINCE_CODE, xiamen, total_of(found, with_xiamen=xiamen)) for xiamen in (True, False)),
        *((city.code, True, found[city.code]) for city in (*regions.CITIES, ELSEWHERE)),
    ]
    return {
        (one.name, code, with_xiamen): cells[one.name]
        for code, with_xiamen, counts in places
        for cells in [cells_of(counts)]
        for one in MONTHLY
    }


def standing(
    months: Iterable[str], *, names: Iterable[str] | None = None, places: Iterable[str] | None = None,
    nth: int | None = None,
) -> dict[str, Cells]:  # fmt: skip
    """By month: what was closed, with the last correction of each figure (up to the `nth`) in its place."""
    rows = Snapshot.objects.filter(closing__month__in=list(months)).order_by("closing__nth")
    rows = rows if nth is None else rows.filter(closing__nth__lte=nth)
    rows = rows if names is None else rows.filter(indicator__in=list(names))
    rows = rows if places is None else rows.filter(region_code__in=list(places))
    found: dict[str, Cells] = {}
    columns = ("closing__month", "indicator", "region_code", "with_xiamen", "value", "numerator", "denominator")
    for month, name, code, with_xiamen, *cell in rows.values_list(*columns):
        found.setdefault(month, {})[name, code, with_xiamen] = Cell(*cell)
    return found


def recount(month: str, *, at: datetime) -> Recounted:
    """The same numbers from the rows? Raises Refused, NotClosed."""
    kept = standing([checked(month, at=at)]).get(month)
    if kept is None:
        raise NotClosed(f"{month} 还没有关账，没有可以核对的数字。")
    stood = {name for name, _, _ in kept}  # what was defined since was never closed: no difference
    again = {key: cell for key, cell in counted_again(month).items() if key[0] in stood}
    changed = {key: cell for key, cell in again.items() if key[0] in PROMISED and kept.get(key, UNKNOWN) != cell}
    differing = tuple(
        Difference(BY_NAME[key[0]], place_name(*key[1:]), kept.get(key, UNKNOWN), cell) for key, cell in changed.items()
    )
    promised = sum(name in PROMISED for name, _, _ in again)
    unpromised = tuple(one.label for one in MONTHLY if one.name not in PROMISED)
    return Recounted(month, promised - len(changed), differing, changed, unpromised)


def place_name(code: str, with_xiamen: bool) -> str:
    if code == regions.PROVINCE_CODE:
        return f"全省（{'含' if with_xiamen else '不含'}厦门）"
    found = regions.find(code)
    return found.name if found else ELSEWHERE.name


def month(month: str, *, visible_to: Actor, with_xiamen: bool) -> Overview:
    """As it stands with its corrections. Raises NotFound where it is not closed."""
    require(Permission.STATISTICS_READ, by=visible_to, over=visible_to.house)
    scope, made = scope_of(visible_to), closings(month) if is_month(month) else []
    if not made:
        raise NotFound
    cities = cities_in(scope, with_xiamen=with_xiamen)
    places = [regions.PROVINCE_CODE, *(city.code for city in cities)]
    cells = standing([month], places=[*places, regions.XIAMEN])[month]

    def values(code: str, with_xiamen: bool) -> dict[str, int | None]:
        return {name: cells.get((name, code, with_xiamen), UNKNOWN).value for name in BY_NAME}

    both = [values(regions.PROVINCE_CODE, each) for each in (with_xiamen, not with_xiamen)]
    xiamen = values(regions.XIAMEN, True)
    corrected = Snapshot.objects.filter(closing__month=month, closing__nth__gt=0, region_code__in=places)
    return Overview(
        made[0].closed_at, scope, with_xiamen, beside(scope, both, values(cities[0].code, True), xiamen),
        known_only([(city, values(city.code, True)) for city in cities]), month,
        frozenset(corrected.values_list("indicator", flat=True)),
    )  # fmt: skip


def every_figure(*, visible_to: Actor) -> Iterator[Snapshot]:
    """All that was ever closed, the province's for its regulator, a city's own; read as it is asked for."""
    require(Permission.STATISTICS_READ, by=visible_to, over=visible_to.house)
    scope = scope_of(visible_to)
    rows = Snapshot.objects.select_related("closing").order_by("closing__month", "closing__nth", "pk")
    rows = rows if scope == regions.PROVINCE else rows.filter(region_code=scope.code)
    return rows.iterator(chunk_size=2000)


def over_time(
    names: Iterable[str], months: Iterable[str], *, visible_to: Actor, with_xiamen: bool
) -> dict[str, dict[str, int | None]]:
    """Month by month, the province's for its regulator, the city's for a city's. Not closed: unknown."""
    require(Permission.STATISTICS_READ, by=visible_to, over=visible_to.house)
    scope, names, months = scope_of(visible_to), list(names), list(months)
    found = standing(months, names=names, places=[scope.code])
    xiamen = with_xiamen or scope != regions.PROVINCE
    return {
        month: {name: found.get(month, {}).get((name, scope.code, xiamen), UNKNOWN).value for name in names}
        for month in months
    }
