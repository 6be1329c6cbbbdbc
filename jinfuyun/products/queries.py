"""Reading products: the market as everybody sees it, an institution's own, and what waits for review."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import yaml
from django.db import connection
from django.db.models import QuerySet

from jinfuyun.institutions.models import Institution
from jinfuyun.institutions.rules import State as InstitutionState
from jinfuyun.institutions.rules import licensed_for
from jinfuyun.kit import regions
from jinfuyun.kit.actor import Actor, HouseKind, Role
from jinfuyun.kit.conditions import Condition, condition_of
from jinfuyun.kit.errors import NotFound
from jinfuyun.kit.facets import Index
from jinfuyun.kit.lending import SECURITY_LABELS, TAG_LABELS, Security, Tag, Tenor
from jinfuyun.products.content import Row, changes
from jinfuyun.products.models import Product, Unfinished, Version
from jinfuyun.products.rules import OPEN_REVIEWS, Ground, Review, State


def _read(name: str) -> Mapping[str, Any]:
    return dict(yaml.safe_load((Path(__file__).parent / f"{name}.yaml").read_text(encoding="utf-8")))


# Dated tables of the release: they change with an installation, not while it runs.
TABLES = {name: _read(name) for name in ("lpr", "rate_ceiling", "barred", "term_limits", "small_fees")}
WORDS_MAX = 5
COMPARED_MAX = 4

LAST = 1 << 40  # behind every rate and date that is known

# What comes first; what is equal goes by name and code.
SORTS: dict[str, tuple[str, Callable[["Entry"], Any]]] = {
    "rate": ("利率从低到高", lambda row: (_known(row.rate_min_bp), _known(row.rate_max_bp))),
    "amount": ("额度从高到低", lambda row: -row.amount_max_fen),
    "term": ("期限从长到短", lambda row: -row.term_max_months),
    "speed": ("办理从快到慢", lambda row: (row.approve_days, row.disburse_days)),
    "newest": ("最近上架", lambda row: -row.listed_at.timestamp()),
    "name": ("名称拼音", lambda row: 0),
}


class Entry(NamedTuple):
    """What looking for a product asks of it."""

    id: int
    code: str
    listed_at: datetime
    institution_code: str
    institution_kind: str
    kind: str
    securities: list[str]
    borrowers: list[str]
    tags: list[str]
    regions: list[str]
    amount_min_fen: int
    amount_max_fen: int
    term_min_months: int
    term_max_months: int
    rate_min_bp: int | None
    rate_max_bp: int | None
    approve_days: int
    disburse_days: int
    name_key: str
    search_text: str

    def facets(self) -> dict[str, Iterable[str]]:
        return {
            "kind": (self.kind,), "security": self.securities, "borrower": self.borrowers, "tag": self.tags,
            "house": (self.institution_kind,), "institution": (self.institution_code,),
            "region": _offered_in(tuple(self.regions)),
        }  # fmt: skip


_ROW = (
    "id", "code", "listed_at", "institution__code", "institution__kind",
    *(f"current__{name}" for name in Entry._fields[5:]),
)  # fmt: skip


def _known(value: int | None) -> int:
    return LAST if value is None else value


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
    tag: str = ""
    house: str = ""
    sort: str = "rate"


FACETS = ("region", "security", "kind", "borrower", "tag", "house", "institution")


@dataclass(frozen=True, slots=True)
class Quote:
    """A dated figure: in force since `since`, from the document `reference`."""

    bp: int
    since: date
    reference: str


class Found(NamedTuple):
    """`ids` in order; `counts`: by facet and value, how many there would be with that value instead."""

    ids: list[int]
    counts: dict[str, dict[str, int]]


def listed(filters: Filters) -> Found:
    """What is on the market, in order; `cards` shows a page of it."""
    return _found(market_mark(), filters)


@lru_cache(maxsize=512)
def _found(mark: str, filters: Filters) -> Found:
    market = _market(mark)
    wanted = {name: getattr(filters, name) for name in FACETS}
    rows: Iterable[tuple[int, Entry]] = enumerate(market.rows)
    asked = _asked(filters)
    for fits in asked:  # one after the other: what the first leaves out costs nothing more
        rows = [(place, row) for place, row in rows if fits(row)]
    within = market.facets.of(place for place, _ in rows) if asked else market.facets.everything
    chosen = market.facets.among(wanted, within)
    order = market.orders[filters.sort if filters.sort in SORTS else "rate"]
    ids = [market.rows[place].id for place in market.facets.in_order(chosen, order)]
    return Found(ids, market.facets.counts(wanted, within))


class _Market(NamedTuple):
    rows: list[Entry]
    facets: Index
    orders: dict[str, list[int]]


@lru_cache(maxsize=1)
def _market(mark: str) -> _Market:
    """Everything that can be looked for, put together once for each state of the market."""
    rows = [Entry._make(row) for row in on_the_market().values_list(*_ROW)]
    places = sorted(range(len(rows)), key=lambda place: (rows[place].name_key, rows[place].code))
    orders = {name: sorted(places, key=lambda place: key(rows[place])) for name, (_, key) in SORTS.items()}
    return _Market(rows, Index([row.facets() for row in rows]), orders)


def _asked(filters: Filters) -> list[Callable[[Entry], bool]]:
    """What is asked beside the facets."""
    asked: list[Callable[[Entry], bool]] = []
    amount, term, rate = filters.amount_fen, filters.term_months, filters.rate_bp
    words = filters.words.lower().split()[:WORDS_MAX]
    if amount is not None:
        asked.append(lambda row: row.amount_min_fen <= amount <= row.amount_max_fen)
    if term is not None:
        asked.append(lambda row: row.term_min_months <= term <= row.term_max_months)
    if rate is not None:
        asked.append(lambda row: row.rate_min_bp is not None and row.rate_min_bp <= rate)
    if words:
        asked.append(lambda row: all(word in row.search_text for word in words))
    return asked


def cards(ids: Sequence[int]) -> list[Card]:
    """One page of `listed`, in its order; plain rows, because thirty models cost more than the query."""
    rows = {row[0]: Card._make(row[1:]) for row in Product.objects.filter(id__in=ids).values_list("id", *_CARD)}
    return [rows[one] for one in ids]


def on_the_market() -> QuerySet[Product]:
    """Listed by an institution that is active."""
    return Product.objects.filter(state=State.LISTED, institution__state=InstitutionState.ACTIVE)


def market_mark() -> str:
    """Another one whenever anything of the market was committed: what was put together under it is still true.

    Every statement that changes a product or an institution leaves a row (see the migration); what was rolled back, or
    is not committed yet, does not count.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*), max(id), sum(id) FROM market_change")
        return repr(cursor.fetchone())


@cache
def _offered_in(codes: tuple[str, ...]) -> frozenset[str]:
    """Where somebody may be looking for a product to be offered it: its places, their cities, and their counties."""
    if not codes:
        return frozenset(region.code for region in (*regions.CITIES, *regions.COUNTIES))
    cities = {city.code for code in codes if (city := regions.city_of(code))}
    counties = {county.code for county in regions.COUNTIES if county.city in codes}
    return frozenset({*codes, *cities, *counties})


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


def unfinished(actor: Actor, *, code: str | None = None) -> QuerySet[Unfinished]:
    """What this person typed and did not finish: of new products, or of the one with that code; newest first."""
    found = Unfinished.objects.filter(kept_by=actor.id, product__code=code)
    return found.order_by("-kept_at")


def to_confirm(actor: Actor) -> QuerySet[Version]:
    """What a colleague handed in and this person may be the second to look at."""
    waiting = Version.objects.filter(review=Review.CHECKING, product__in=mine(actor).order_by())
    return waiting.exclude(submitted_by=actor.id).select_related("product")


def history(product: Product) -> list[tuple[Version, list[Row]]]:
    """Versions that were or are on the market, newest first, each with what it changed."""
    passed = list(product.versions.filter(review__in=[Review.PASSED, Review.SUPERSEDED]).order_by("-number"))
    before = [*(one.terms() for one in passed[1:]), None]
    return [(one, changes(old, one.terms()) if old else []) for one, old in zip(passed, before, strict=True)]


def in_review() -> QuerySet[Version]:
    """What waits for an operator, longest first."""
    waiting = Version.objects.filter(review=Review.IN_REVIEW)
    return waiting.select_related("product__institution", "product__current").order_by("submitted_at")


def ground(on: date, house: Institution | None = None) -> Ground:
    """What a product of that institution is judged against on that day."""
    return Ground(
        on=on, lpr_bp=lpr_bp(on), rate_year_bp_max=quote("rate_ceiling", on=on).bp,
        term_months_max=_in_force("term_limits", on), small_pay_not=frozenset(_in_force("small_fees", on)),
        confined_to=licensed_for(house.kind, house.region_code) if house else "",
    )  # fmt: skip


def barred(on: date) -> tuple[Condition, ...]:
    """What bars from every product on that day."""
    return tuple(map(condition_of, _in_force("barred", on)))


def lpr_bp(on: date) -> dict[Tenor, int]:
    return {tenor: lpr(tenor, on=on).bp for tenor in Tenor}


def lpr(tenor: Tenor, *, on: date) -> Quote:
    """The LPR in force on that day; before the first one, the first."""
    return quote("lpr", tenor.value, on=on)


def quote(table: str, row: str = "", *, on: date) -> Quote:
    """The value of a dated table (lpr.yaml, rate_ceiling.yaml) on that day."""
    content = TABLES[table]
    values = content["values"][row] if row else content["values"]
    since = _since(values, on)
    return Quote(values[since], since, content["reference"])


def _in_force(table: str, on: date) -> Any:
    values = TABLES[table]["values"]
    return values[_since(values, on)]


def _since(values: Mapping[date, Any], on: date) -> date:
    days: list[date] = sorted(values)
    return max((day for day in days if day <= on), default=days[0])
