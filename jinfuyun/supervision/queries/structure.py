"""Drawdowns by kind and city: the same definitions, grouped once more; and the counties of one city."""

from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db.models import Case, F, OuterRef, Subquery, Value, When
from django.db.models.functions import Coalesce, Left

from jinfuyun.demands.models import Demand
from jinfuyun.institutions.rules import KIND_LABELS
from jinfuyun.kit import regions
from jinfuyun.kit.actor import Actor
from jinfuyun.kit.industries import SECTIONS
from jinfuyun.kit.lending import PRODUCT_KIND_LABELS, SECURITY_LABELS, SIZE_LABELS
from jinfuyun.kit.permissions import Permission, require
from jinfuyun.kit.regions import Region
from jinfuyun.supervision.queries import slices
from jinfuyun.supervision.queries.counting import (
    CITY_CODES,
    ELSEWHERE,
    Span,
    by_kind,
    cities_in,
    counted,
    needs,
    scope_of,
    values_of,
)
from jinfuyun.supervision.queries.sources import LONGER_THAN_1Y, LONGER_THAN_5Y
from jinfuyun.supervision.rules import Count, Place, Table, Values, add_up, hidden, with_sums, without

FIGURES = ("funded", "funded_fen", "first_share", "unsecured_share", "rate")
UNSTATED, UNKNOWN_SIZE = "未注明", "未知"


class Dimension(NamedTuple):
    """What drawdowns are told apart by: `labels` in the order of the page."""

    label: str
    kind: Any
    labels: dict[str, str]


def stated_size() -> Coalesce:
    """What the enterprise itself had said last of its size, in a demand, when the money was drawn.

    Its insured people and its sales are known for lending only, not for statistics.
    """
    said = Demand.objects.filter(uscc=OuterRef("uscc"), posted_at__date__lte=OuterRef("drawn_on")).exclude(size="")
    return Coalesce(Subquery(said.order_by("-posted_at").values("size")[:1]), Value(""))


DIMENSIONS = {
    "size": Dimension(
        "企业规模", stated_size(), {key.value: text for key, text in SIZE_LABELS.items()} | {"": UNKNOWN_SIZE}
    ),
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

    `gone`: cells of `counts` that may not be published. `kept`: closed with the month, not counted now.
    """

    dimension: Dimension
    scope: Region
    cities: tuple[Region, ...]
    rows: tuple[tuple[str, Values], ...]
    counts: Table
    gone: frozenset[Place]
    kept: bool = False


def structure(*, by: str, visible_to: Actor, with_xiamen: bool, span: Span, month: str = "") -> Structure:
    """Drawdowns of the mandate: as they were closed with the month, where they were, else from the rows as they are."""
    require(Permission.STATISTICS_READ, by=visible_to, over=visible_to.house)
    scope, dimension = scope_of(visible_to), DIMENSIONS[by]
    closed = slices.standing(month, by)
    found = slices.filled(closed, FIGURES, dimension.labels, CITY_CODES) if closed is not None else by_kind(
        FIGURES, span, dimension.kind, dimension.labels
    )  # fmt: skip
    outside = any(places[ELSEWHERE.code]["funded"] for places in found.values())
    every = [city for city in cities_in(scope, with_xiamen=True) if outside or city is not ELSEWHERE]
    cities = tuple(city for city in cities_in(scope, with_xiamen=with_xiamen) if city in every)
    own = [
        (dimension.labels.get(kind, UNSTATED), [places[city.code] for city in cities]) for kind, places in found.items()
    ]
    rows = [(label, values_of(add_up(places))) for label, places in own]
    rows.append(("合计", values_of(add_up(of for _, places in own for of in places))))
    counts = with_sums([[_count(of["funded"]) for of in places] for _, places in own])
    whole = with_sums([[_count(places[city.code]["funded"]) for city in every] for places in found.values()])
    gone = without(hidden(whole), [every.index(city) for city in cities], len(every))
    return Structure(dimension, scope, cities, tuple(rows), counts, frozenset(gone), closed is not None)


def _count(count: Count | None) -> int:
    return count if isinstance(count, int) else 0


def counties(
    name: str, *, city: Region, visible_to: Actor, span: Span, month: str = ""
) -> tuple[list[tuple[Region, Values]], bool]:
    """One figure by county of a city inside the mandate, nothing for another's; and whether it was closed so."""
    require(Permission.STATISTICS_READ, by=visible_to, over=visible_to.house)
    if city not in cities_in(scope_of(visible_to), with_xiamen=True):
        return [], False
    shown = [county for county in regions.COUNTIES if county.city == city.code]
    codes = [county.code for county in shown]
    closed = slices.standing(month, slices.COUNTY)
    if closed is None:
        found = counted([name], span, place_of=str, places=codes)
    else:
        whole = slices.filled(closed, needs(name), codes, [city.code])
        found = {code: places[city.code] for code, places in whole.items()}
    return [(county, values_of(found[county.code])) for county in shown], closed is not None
