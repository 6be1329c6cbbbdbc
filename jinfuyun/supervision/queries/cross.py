"""Drawdowns by any two kinds at once: the definitions' own counts, made once a night, added up by the data engine."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F
from django.db.models.functions import TruncMonth

from jinfuyun.data import tallies
from jinfuyun.kit import period
from jinfuyun.kit.actor import Actor
from jinfuyun.kit.permissions import Permission, require
from jinfuyun.kit.regions import Region
from jinfuyun.supervision.queries.counting import ELSEWHERE, cities_in, city_code, needs, scope_of
from jinfuyun.supervision.queries.sources import LOANS
from jinfuyun.supervision.queries.structure import DIMENSIONS, FIGURES, UNSTATED
from jinfuyun.supervision.queries.table import BASE, DERIVED
from jinfuyun.supervision.rules import Counts, Place, add_up, cell_of, hidden

KEPT = "drawdowns"
CITY, MONTH = "city", "month"
AXES = {CITY: "地区"} | {name: one.label for name, one in DIMENSIONS.items()} | {MONTH: "放款月份"}
COUNTED = tuple(dict.fromkeys(need for name in FIGURES for need in needs(name)))
SUM = "合计"


@dataclass(frozen=True, slots=True)
class Crosstab:
    """One figure by two kinds, sums last; at the places `gone` so few drawdowns stand that they point at somebody."""

    at: datetime
    scope: Region
    heads: tuple[str, ...]
    lines: tuple[tuple[str, tuple[int | None, ...]], ...]
    gone: frozenset[Place]


def gather(*, at: datetime) -> None:
    """Count all drawdowns by every kind there is, city and month, for the pages of the day."""
    kinds = {f"by_{name}": one.kind for name, one in DIMENSIONS.items()}
    rows = LOANS.rows(at).order_by().annotate(**kinds, by_month=TruncMonth(LOANS.when))
    rows = rows.values(*kinds, "by_month", by_city=F(LOANS.region))
    rows = rows.annotate(**{f"of_{name}": BASE[name].counted for name in COUNTED})
    tallies.keep(KEPT, tuple(AXES), COUNTED, map(_cell, rows.iterator()), at=at)


def _cell(row: dict[str, Any]) -> dict[str, str | int]:
    kinds = {name: row[f"by_{name}"] or "" for name in DIMENSIONS}
    place = {CITY: city_code(row["by_city"]), MONTH: period.month_of(row["by_month"])}
    return kinds | place | {name: int(row[f"of_{name}"]) for name in COUNTED}


def months() -> tuple[str, ...]:
    """From the first month with a drawdown to the last."""
    found = tallies.added_up(KEPT, by=(MONTH,), sums=(), within={})
    known = sorted(month for (month,) in found.rows) if found else []
    return tuple(_between(known[0], known[-1])) if known else ()


def crosstab(
    *, rows: str, columns: str, figure: str, since: str, until: str, visible_to: Actor, with_xiamen: bool
) -> Crosstab | None:
    """Drawdowns of the mandate in the months from `since` to `until`, as of the last night; None before the first."""
    require(Permission.STATISTICS_READ, by=visible_to, over=visible_to.house)
    scope = scope_of(visible_to)
    cities, asked = cities_in(scope, with_xiamen=with_xiamen), list(_between(since, until))
    counted = tuple(dict.fromkeys(("funded", *needs(figure))))
    within = {CITY: [city.code for city in cities], MONTH: asked}
    found = tallies.added_up(KEPT, by=(rows, columns), sums=counted, within=within)
    if found is None:
        return None
    labels = {axis: _labels(axis, cities, asked) for axis in (rows, columns)}
    cells: dict[tuple[str, str], list[Counts]] = {}
    for row, column, *sums in found.rows:
        key = (row if row in labels[rows] else "", column if column in labels[columns] else "")
        cells.setdefault(key, []).append(dict(zip(counted, map(int, sums), strict=True)))
    down, across = (_shown(axis, labels[axis], {key[nth] for key in cells}) for nth, axis in enumerate((rows, columns)))
    none = dict.fromkeys(counted, 0)
    table = [[add_up([none, *cells.get((row, column), ())]) for column in across] for row in down]
    table.append([add_up([none, *(line[nth] for line in table)]) for nth in range(len(across))])
    table = [[*line, add_up([none, *line])] for line in table]
    gone = hidden([[_number(of, "funded") for of in line] for line in table])
    values = (tuple(_value(figure, of) for of in line) for line in table)
    heads, names = (*across.values(), SUM), (*down.values(), SUM)
    return Crosstab(found.made_at, scope, heads, tuple(zip(names, values, strict=True)), frozenset(gone))


def _labels(axis: str, cities: Sequence[Region], asked: Sequence[str]) -> dict[str, str]:
    if axis == MONTH:
        return {month: month for month in asked}
    return {city.code: city.name for city in cities} if axis == CITY else DIMENSIONS[axis].labels


def _shown(axis: str, labels: dict[str, str], found: set[str]) -> dict[str, str]:
    """Every city and month, of other kinds those that there are; what has no label stands last, under one."""
    rest = {"": labels.get("", UNSTATED)} if "" in found else {}
    every = found if axis in DIMENSIONS else labels.keys() - {ELSEWHERE.code}
    return {key: label for key, label in labels.items() if key in every} | rest


def _number(counts: Counts, name: str) -> int:
    count = counts[name]
    assert isinstance(count, int), "drawdowns are counted, not listed"
    return count


def _value(figure: str, counts: Counts) -> int | None:
    return cell_of(DERIVED[figure], counts).value if figure in DERIVED else _number(counts, figure)


def _between(since: str, until: str) -> Iterator[str]:
    while since <= until:
        yield since
        since = period.shifted(since, 1)
