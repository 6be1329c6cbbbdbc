"""Reading products: the market as everybody sees it, an institution's own, and what waits for review."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import yaml
from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import F, Q, QuerySet

from jinfuyun.institutions.rules import State as InstitutionState
from jinfuyun.kit import regions
from jinfuyun.kit.actor import Actor, HouseKind, Role
from jinfuyun.kit.errors import NotFound
from jinfuyun.kit.lending import SECURITY_LABELS, TAG_LABELS, Security, Tag, Tenor
from jinfuyun.products.models import Product, Version
from jinfuyun.products.rules import OPEN_REVIEWS, Ground, Review, State


def _read(name: str) -> Mapping[str, Any]:
    return dict(yaml.safe_load((Path(__file__).parent / f"{name}.yaml").read_text(encoding="utf-8")))


# Dated tables of the release: they change with an installation, not while it runs.
TABLES = {name: _read(name) for name in ("lpr", "rate_ceiling")}
WORDS_MAX = 5
COMPARED_MAX = 4

SORTS: dict[str, tuple[str, tuple[Any, ...]]] = {
    "rate": ("利率从低到高", (F("current__rate_min_bp").asc(nulls_last=True), "current__rate_max_bp")),
    "amount": ("额度从高到低", ("-current__amount_max_fen",)),
    "term": ("期限从长到短", ("-current__term_max_months",)),
    "speed": ("办理从快到慢", ("current__approve_days", "current__disburse_days")),
    "newest": ("最近上架", ("-listed_at",)),
    "name": ("名称拼音", ()),
}


class Card(NamedTuple):
    """What the list shows of a product."""

    code: str
    institution_name: str
    name: str
    summary: str
    amount_max_fen: int
    term_max_months: int
    rate_min_bp: int | None
    securities: list[str]
    tags: list[str]
    approve_days: int

    def labels(self) -> list[str]:
        """What secures it, then its tags, in words."""
        return [SECURITY_LABELS[Security(one)] for one in self.securities] + [TAG_LABELS[Tag(one)] for one in self.tags]


_CARD = ("code", "institution__name", *(f"current__{name}" for name in Card._fields[2:]))


@dataclass(frozen=True, slots=True)
class Filters:
    """What somebody looks for; empty means: all the same to me."""

    region: str = ""
    amount_fen: int | None = None
    term_months: int | None = None
    rate_bp: int | None = None
    security: str = ""
    kind: str = ""
    borrower: str = ""
    institution: str = ""
    words: str = ""
    sort: str = "rate"


@dataclass(frozen=True, slots=True)
class Quote:
    """A dated figure: in force since `since`, from the document `reference`."""

    bp: int
    since: date
    reference: str


def listed(filters: Filters) -> list[int]:
    """The ids of what is on the market, in order; `cards` shows a page of them: whole rows cost more to sort."""
    found = on_the_market().filter(_wanted(filters))
    for word in filters.words.lower().split()[:WORDS_MAX]:
        found = found.filter(current__search_text__contains=word)
    order = SORTS.get(filters.sort, SORTS["rate"])[1]
    ids: list[int] = found.aggregate(ids=ArrayAgg("id", order_by=[*order, "current__name_key", "code"], default=[]))[
        "ids"
    ]
    return ids


def cards(ids: Sequence[int]) -> list[Card]:
    """One page of `listed`, in its order; plain rows, because thirty models cost more than the query."""
    rows = {row[0]: Card._make(row[1:]) for row in Product.objects.filter(id__in=ids).values_list("id", *_CARD)}
    return [rows[one] for one in ids]


def on_the_market() -> QuerySet[Product]:
    """Listed by an institution that is active."""
    return Product.objects.filter(state=State.LISTED, institution__state=InstitutionState.ACTIVE)


def _wanted(filters: Filters) -> Q:
    wanted = Q()
    if filters.region:
        wanted &= Q(current__regions=[]) | Q(current__regions__overlap=_places(filters.region))
    if filters.amount_fen is not None:
        wanted &= Q(current__amount_min_fen__lte=filters.amount_fen, current__amount_max_fen__gte=filters.amount_fen)
    if filters.term_months is not None:
        wanted &= Q(
            current__term_min_months__lte=filters.term_months, current__term_max_months__gte=filters.term_months
        )
    if filters.rate_bp is not None:
        wanted &= Q(current__rate_min_bp__lte=filters.rate_bp)
    if filters.kind:
        wanted &= Q(current__kind=filters.kind)
    if filters.security:
        wanted &= Q(current__securities__contains=[filters.security])
    if filters.borrower:
        wanted &= Q(current__borrowers__contains=[filters.borrower])
    if filters.institution:
        wanted &= Q(institution__code=filters.institution)
    return wanted


def _places(code: str) -> list[str]:
    """The region itself, the city it lies in, and, of a city, its counties: a product for any of them is offered."""
    city = regions.city_of(code)
    parts = [county.code for county in regions.COUNTIES if county.city == code]
    return list({code, *parts, *([city.code] if city else [])})


def product(code: str) -> Product:
    """One product of the market with its current version and institution; raises NotFound."""
    found = on_the_market().select_related("current", "institution").filter(code=code).first()
    if found is None:
        raise NotFound("该产品不存在或已下架。")
    return found


def compared(codes: list[str]) -> list[Product]:
    """Up to four products of the market, in the order asked for; what is gone is left out."""
    wanted = list(dict.fromkeys(codes))[:COMPARED_MAX]
    found = on_the_market().select_related("current", "institution").in_bulk(wanted, field_name="code")
    return [found[code] for code in wanted if code in found]


def mine(actor: Actor) -> QuerySet[Product]:
    """All products of the actor's institution, with the version on the market; newest first."""
    if actor.house is None or actor.house.kind is not HouseKind.INSTITUTION:
        return Product.objects.none()
    own = Product.objects.filter(institution__code=actor.house.code)
    return own.select_related("current", "institution").order_by("-id")


def version(code: str, number: int | None = None, *, visible_to: Actor) -> Version:
    """A version of an institution's own product, or for an operator of any; None: the newest. Raises NotFound."""
    found = Version.objects.filter(product__code=code).select_related("product__institution", "product__current")
    if Role.OPERATOR not in visible_to.roles:
        found = found.filter(product__in=mine(visible_to))
    newest = found.filter(**({} if number is None else {"number": number})).order_by("-number").first()
    if newest is None:
        raise NotFound
    return newest


def open_versions(codes: list[str]) -> dict[str, Version]:
    """By product code: the version at work on (draft, in review, returned), where there is one."""
    found = Version.objects.filter(product__code__in=codes, review__in=OPEN_REVIEWS).select_related("product")
    return {one.product.code: one for one in found}


def in_review() -> QuerySet[Version]:
    """What waits for an operator, longest first."""
    waiting = Version.objects.filter(review=Review.IN_REVIEW)
    return waiting.select_related("product__institution", "product__current").order_by("submitted_at")


def ground(on: date) -> Ground:
    """What a product is judged against on that day."""
    return Ground(on=on, lpr_bp=lpr_bp(on), rate_year_bp_max=quote("rate_ceiling", on=on).bp)


def lpr_bp(on: date) -> dict[Tenor, int]:
    return {tenor: lpr(tenor, on=on).bp for tenor in Tenor}


def lpr(tenor: Tenor, *, on: date) -> Quote:
    """The LPR in force on that day; before the first one, the first."""
    return quote("lpr", tenor.value, on=on)


def quote(table: str, row: str = "", *, on: date) -> Quote:
    """The value of a dated table (lpr.yaml, rate_ceiling.yaml) on that day."""
    content = TABLES[table]
    values = content["values"][row] if row else content["values"]
    days = sorted(values)
    since = max((day for day in days if day <= on), default=days[0])
    return Quote(values[since], since, content["reference"])
