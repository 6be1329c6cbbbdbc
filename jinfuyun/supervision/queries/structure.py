"""Drawdowns by kind and city: the same definitions, grouped once more; and the counties of one city."""

from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import Case, F, Value, When
from django.db.models.functions import Left

from jinfuyun.institutions.rules import KIND_LABELS
from jinfuyun.kit import regions
from jinfuyun.kit.actor import Actor
from jinfuyun.kit.industries import SECTIONS
from jinfuyun.kit.lending import PRODUCT_KIND_LABELS, SECURITY_LABELS
from jinfuyun.kit.permissions import Permission, require
from jinfuyun.kit.regions import Region
from jinfuyun.supervision.queries.counting import ELSEWHERE, Span, by_kind, cities_in, counted, scope_of, values_of
from jinfuyun.supervision.queries.sources import LONGER_THAN_1Y, LONGER_THAN_5Y
from jinfuyun.supervision.rules import Count, Table, Values, add_up, hidden, with_sums

FIGURES = ("funded", "funded_fen", "first_share", "unsecured_share", "rate")
UNSTATED = "未注明"


class Dimension(NamedTuple):
    """What drawdowns are told apart by: `labels` in the order of the page."""

    label: str
    kind: F | Left | Case
    labels: dict[str, str]


DIMENSIONS = {
    "security": Dimension("担保方式", F("line__security"), {key.value: text for key, text in SECURITY_LABELS.items()}),
    "product": Dimension(
        "产品类型", F("line__application__version__kind"),
        {key.value: text for key, text in PRODUCT_KIND_LABELS.items()},
    ),
    "institution": Dimension(
        "机构类型", F("institution__kind"), {key.value: text for key, text in KIND_LABELS.items()}
    ),
    "industry": Dimension("行业门类", Left("line__application__industry_code", 1), dict(SECTIONS)),
    "term": Dimension(
        "期限", Case(When(LONGER_THAN_5Y, then=Value("5")), When(LONGER_THAN_1Y, then=Value("1")), default=Value("0")),
        {"0": "一年及以内", "1": "一年以上至五年", "5": "五年以上"},
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Structure:
    """Rows by kind with figures of the mandate, the sum last; `counts`: drawdowns by kind and city, sums last.

    `gone`: cells of `counts` that may not be published.
    """

    dimension: Dimension
    scope: Region
    cities: tuple[Region, ...]
    rows: tuple[tuple[str, Values], ...]
    counts: Table
    gone: frozenset[tuple[int, int]]


def structure(*, by: str, visible_to: Actor, with_xiamen: bool, span: Span) -> Structure:
    """Drawdowns of the mandate. Counted from the rows as they are now, in closed months too."""
    require(Permission.STATISTICS_READ, by=visible_to, over=visible_to.house)
    scope, dimension = scope_of(visible_to), DIMENSIONS[by]
    found = by_kind(FIGURES, span, dimension.kind, dimension.labels)
    outside = any(places[ELSEWHERE.code]["funded"] for places in found.values())
    cities = tuple(city for city in cities_in(scope, with_xiamen=with_xiamen) if outside or city is not ELSEWHERE)
    own = [
        (dimension.labels.get(kind, UNSTATED), [places[city.code] for city in cities]) for kind, places in found.items()
    ]
    counts = with_sums([[_count(of["funded"]) for of in places] for _, places in own])
    rows = [(label, values_of(add_up(places))) for label, places in own]
    rows.append(("合计", values_of(add_up(of for _, places in own for of in places))))
    return Structure(dimension, scope, cities, tuple(rows), counts, frozenset(hidden(counts)))


def _count(count: Count | None) -> int:
    return count if isinstance(count, int) else 0


def counties(name: str, *, city: Region, visible_to: Actor, span: Span) -> list[tuple[Region, Values]]:
    """One figure by county of a city inside the mandate; nothing for another's."""
    require(Permission.STATISTICS_READ, by=visible_to, over=visible_to.house)
    if city not in cities_in(scope_of(visible_to), with_xiamen=True):
        return []
    shown = [county for county in regions.COUNTIES if county.city == city.code]
    found = counted([name], span, place_of=str, places=[county.code for county in shown])
    return [(county, values_of(found[county.code])) for county in shown]
