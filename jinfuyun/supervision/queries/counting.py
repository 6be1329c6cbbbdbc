"""Counting the figures of the table from the rows: live, or within a month; by city, or by county."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, NamedTuple

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import F

from jinfuyun.kit import period, regions
from jinfuyun.kit.actor import Actor
from jinfuyun.kit.calendar import SHANGHAI, local_day
from jinfuyun.kit.errors import NotAllowed
from jinfuyun.kit.permissions import Permission, require
from jinfuyun.kit.regions import Region
from jinfuyun.supervision.queries.sources import Rows, Source
from jinfuyun.supervision.queries.table import BASE, BY_NAME, DERIVED, Indicator
from jinfuyun.supervision.rules import UNKNOWN, Cell, Count, Counts, Share, Values, add_up, cell_of, is_small

ELSEWHERE = Region("", "其他地区", "")
NOWHERE = "nowhere"  # counts that belong to no region
Counted = dict[str, dict[str, Count | None]]  # place → name → count


class Span(NamedTuple):
    """Flows from `since` on (None: from the beginning) and before `until`; stocks as they are at `until`."""

    since: datetime | None
    until: datetime


def month_span(month: str) -> Span:
    """A calendar month of Fujian."""
    first, after = (period.first_day(one) for one in (month, period.shifted(month, 1)))
    return Span(*(datetime.combine(day, time(), SHANGHAI) for day in (first, after)))


@dataclass(frozen=True, slots=True)
class Overview:
    """What a regulator sees: the province's totals and the cities inside the mandate; live, or of a closed month."""

    at: datetime
    scope: Region
    with_xiamen: bool
    total: Values
    cities: tuple[tuple[Region, Values], ...]
    month: str = ""  # "": live
    corrected: frozenset[str] = frozenset()  # names of figures that a correction changed

    @property
    def own(self) -> Values:
        """Of the mandate: the province's totals, or the city's."""
        return self.total if self.scope == regions.PROVINCE else self.cities[0][1]

    @property
    def span(self) -> Span:
        return month_span(self.month) if self.month else Span(None, self.at)


def cities_in(scope: Region, *, with_xiamen: bool) -> list[Region]:
    """The cities a mandate covers: a city's own, even Xiamen's, or the province's."""
    return [
        city
        for city in (*regions.CITIES, ELSEWHERE)
        if scope == city or (scope == regions.PROVINCE and (with_xiamen or city.code != regions.XIAMEN))
    ]


def known_only(cities: Sequence[tuple[Region, Values]]) -> tuple[tuple[Region, Values], ...]:
    """Without what lies outside the province, where nothing does."""
    return tuple((city, values) for city, values in cities if city is not ELSEWHERE or any(values.values()))


def public(names: Iterable[str], *, at: datetime) -> list[tuple[Indicator, int | None]]:
    """The province's totals for everybody; a figure with a small cell behind it is None."""
    wanted = [BY_NAME[name] for name in names]
    needed = {one.name for one in wanted} | {one.behind for one in wanted if one.behind}
    total = values_of(add_up(counted(needed, Span(None, at)).values()))
    return [(one, None if one.behind and is_small(total[one.behind]) else total[one.name]) for one in wanted]


def overview(*, visible_to: Actor, with_xiamen: bool, at: datetime) -> Overview:
    """A city's regulator sees its city and the province's totals, the province's every city. Live."""
    require(Permission.STATISTICS_READ, by=visible_to, over=visible_to.house)
    scope = scope_of(visible_to)
    found = counted(BY_NAME, Span(None, at))
    cities = [(city, values_of(found[city.code])) for city in cities_in(scope, with_xiamen=with_xiamen)]
    both = [values_of(total_of(found, with_xiamen=each)) for each in (with_xiamen, not with_xiamen)]
    xiamen = values_of(found[regions.XIAMEN])
    return Overview(at, scope, with_xiamen, beside(scope, both, cities[0][1], xiamen), known_only(cities))


def city_by_city(names: Iterable[str], *, visible_to: Actor, at: datetime) -> list[tuple[Region, Values]]:
    """Some figures of the table, live, for each city of the mandate."""
    require(Permission.STATISTICS_READ, by=visible_to, over=visible_to.house)
    found = counted(names, Span(None, at))
    return [(city, values_of(found[city.code])) for city in cities_in(scope_of(visible_to), with_xiamen=True)]


def behind(name: str) -> set[str]:
    """The counts that must be no small cells where a figure is seen: its own, and those of what it is a share of."""
    return {one.behind for one in (BY_NAME[name], *(BY_NAME[n] for n in needs(name) if n in BY_NAME)) if one.behind}


def beside(scope: Region, totals: Sequence[Values], own: Values, xiamen: Values) -> Values:
    """The first of the province's two totals (with Xiamen and without), for the eyes of this mandate.

    Unknown to a city's regulator where less the own city, or one total less the other, a small cell would be left.
    """
    if scope == regions.PROVINCE:
        return totals[0]
    rests = [{name: (value or 0) - (own[name] or 0) for name, value in total.items()} for total in totals]
    left = rests if scope.code == regions.XIAMEN else [*rests, xiamen]
    return {
        name: None if any(is_small(of[count]) for of in left for count in behind(name)) else value
        for name, value in totals[0].items()
    }


def total_of(found: Counted, *, with_xiamen: bool) -> Counts:
    """What belongs to no region cannot be told apart, so without Xiamen it is unknown."""
    left_out = set() if with_xiamen else {regions.XIAMEN, NOWHERE}
    return add_up(counts for place, counts in found.items() if place not in left_out)


def cells_of(counts: Counts) -> dict[str, Cell]:
    """Every figure of the table, from what was counted; what was not is unknown."""
    found = {}
    for name in BY_NAME:
        if name in DERIVED:
            found[name] = cell_of(DERIVED[name], counts)
        else:
            count = counts.get(name)
            assert not isinstance(count, list), "a list is no figure"
            found[name] = UNKNOWN if count is None else Cell(count, count)
    return found


def values_of(counts: Counts) -> dict[str, int | None]:
    return {name: cell.value for name, cell in cells_of(counts).items()}


def scope_of(actor: Actor) -> Region:
    """The province, or the city that the regulator's house is bound to."""
    code = actor.house.code if actor.house else ""
    scope = regions.PROVINCE if code == regions.PROVINCE_CODE else regions.city_of(code)
    if scope is None:
        raise NotAllowed("您的账号没有绑定福建省内的地区，请联系平台运营方。")
    return scope


def city_code(code: str) -> str:
    return (regions.city_of(code) or ELSEWHERE).code


CITY_CODES = tuple(city.code for city in (*regions.CITIES, ELSEWHERE))


def region_of(source: Source) -> str:
    return source.region


def institution_of(source: Source) -> str:
    return source.institution


def counted(
    names: Iterable[str], span: Span, *, place_of: Callable[[str], str] = city_code,
    places: Iterable[str] = CITY_CODES, field_of: Callable[[Source], str] = region_of,
) -> Counted:  # fmt: skip
    """By place: one grouped query for each source that the names need. One of `places` without rows has real zeros."""
    wanted = {name: BASE[name] for asked in names for name in needs(asked)}
    zeros = {name: _zero(one.counted) for name, one in wanted.items() if field_of(one.source)}
    found: Counted = {place: dict(zeros) for place in places}
    found[NOWHERE] = {}
    for source in {one.source: None for one in wanted.values()}:
        expressions = {f"of_{name}": one.counted for name, one in wanted.items() if one.source is source}
        rows = _within(source, span).order_by()
        if not field_of(source):
            _add(found[NOWHERE], rows.aggregate(**expressions))
            continue
        for row in rows.values(place=F(field_of(source))).annotate(**expressions):
            _add(found.setdefault(place_of(row.pop("place")), dict(zeros)), row)
    return found


def by_institution(names: Iterable[str], span: Span, codes: Iterable[str]) -> Counted:
    """The same by institution's code. What is no institution's row stands under NOWHERE."""
    return counted(names, span, place_of=str, places=codes, field_of=institution_of)


def is_told_apart(name: str) -> bool:
    """Whether each institution has a figure of its own."""
    return all(institution_of(BASE[need].source) for need in needs(name))


class Behind(NamedTuple):
    """A row behind a figure: its number, its day (None in a stock) and what it adds to each count."""

    number: str
    on: date | None
    adds: dict[str, Count]


def rows_behind(name: str, span: Span, *, code: str) -> list[tuple[Source, list[Behind]]]:
    """One institution's rows by source, the latest first: by the very expressions that count them all."""
    wanted = {each: BASE[each] for each in needs(name)}
    found = []
    for source in {one.source: None for one in wanted.values()}:
        expressions = {f"of_{each}": one.counted for each, one in wanted.items() if one.source is source}
        rows = _within(source, span).filter(**{source.institution: code}).order_by()
        shown = rows.values("pk", named=F(source.number), **({"when": F(source.when)} if source.when else {}))
        behind = []
        for row in shown.annotate(**expressions):
            when = row.get("when")
            on = local_day(when) if isinstance(when, datetime) else when
            adds = {each.removeprefix("of_"): row[each] for each in expressions}
            if any(adds.values()):
                behind.append(Behind(row["named"], on, adds))
        found.append((source, sorted(behind, key=lambda one: (one.on or date.min, one.number), reverse=True)))
    return found


def by_city(counties: Counted) -> Counted:
    """Counts by county or any place, added up to cities; what belongs to no region stays so."""
    found: dict[str, list[Counts]] = {code: [] for code in (*CITY_CODES, NOWHERE)}
    for place, counts in counties.items():
        found[place if place == NOWHERE else city_code(place)].append(counts)
    return {code: add_up(rows) for code, rows in found.items()}


def by_kind(names: Iterable[str], span: Span, kind: Any, kinds: Iterable[str]) -> dict[str, Counted]:
    """Kind → city → name → count, of one source's figures told apart by an expression; `kinds` have real zeros."""
    wanted = {name: BASE[name] for asked in names for name in needs(asked)}
    [source] = {one.source: None for one in wanted.values()}
    none = {name: _zero(one.counted) for name, one in wanted.items()}
    found: dict[str, Counted] = {each: {code: dict(none) for code in CITY_CODES} for each in kinds}
    rows = _within(source, span).order_by().annotate(kind=kind).values("kind", place=F(source.region))
    for row in rows.annotate(**{f"of_{name}": one.counted for name, one in wanted.items()}):
        places = found.setdefault(row.pop("kind"), {code: dict(none) for code in CITY_CODES})
        _add(places[city_code(row.pop("place"))], row)
    return found


def _add(counts: dict[str, Any], row: dict[str, Any]) -> None:
    for name, value in row.items():
        name = name.removeprefix("of_")
        more: Any = [one for one in value if one is not None] if isinstance(value, list) else int(value)
        counts[name] = more + counts.get(name, type(more)())


def _zero(counting: object) -> Count:
    return [] if isinstance(counting, ArrayAgg) else 0


def needs(name: str) -> tuple[str, ...]:
    """What has to be counted for a figure of the table: itself, or the parts of a share."""
    made = DERIVED.get(name)
    if made is None:
        return (name,)
    return (made.part, made.whole) if isinstance(made, Share) else (made.part,)


def _within(source: Source, span: Span) -> Rows:
    rows = source.rows(span.until)
    if not source.when or span.since is None:
        return rows
    first, after = span.since, span.until
    edges = (local_day(first), local_day(after)) if source.when.endswith("on") else (first, after)
    return rows.filter(**{f"{source.when}__gte": edges[0], f"{source.when}__lt": edges[1]})
