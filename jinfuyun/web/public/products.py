"""The market: list, detail, comparison. Open to everybody; nothing here asks who is looking."""

from collections.abc import Mapping
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from jinfuyun.applications import queries as applications
from jinfuyun.applications.content import OBSERVED
from jinfuyun.institutions.rules import KIND_LABELS as INSTITUTION_KINDS
from jinfuyun.kit import regions
from jinfuyun.kit.all_in import COST_LABELS
from jinfuyun.kit.calendar import local_day
from jinfuyun.kit.lending import BORROWER_LABELS, PRODUCT_KIND_LABELS, SECURITY_LABELS, TAG_LABELS, Tenor
from jinfuyun.matching import queries as matching
from jinfuyun.matching.queries import Wish
from jinfuyun.products import queries
from jinfuyun.products.content import fee_text
from jinfuyun.products.queries import Filters
from jinfuyun.web.costs import costs_answer, wish_of

PAGE_SIZE = 30
FEN_PER_WAN = 1_000_000
WORDS_LENGTH_MAX = 40
CITIES = [(city.code, city.name.removesuffix("市").removesuffix("综合实验区")) for city in regions.CITIES]
KINDS = [(kind.value, label) for kind, label in PRODUCT_KIND_LABELS.items()]
SECURITIES = [(security.value, label) for security, label in SECURITY_LABELS.items()]
BORROWERS = [(borrower.value, label) for borrower, label in BORROWER_LABELS.items()]
TAGS = [(tag.value, label) for tag, label in TAG_LABELS.items()]
HOUSES = [(kind.value, label) for kind, label in INSTITUTION_KINDS.items()]
FACET_OPTIONS = {
    "kind": KINDS, "security": SECURITIES, "borrower": BORROWERS, "region": CITIES, "tag": TAGS, "house": HOUSES,
}  # fmt: skip
SORTS = [(name, label) for name, (label, _) in queries.SORTS.items()]
# parameter → what it is called, the highest sensible number, how many of the stored unit it is
NUMBERS = {
    "amount": ("金额（万元）", 1_000_000, FEN_PER_WAN),
    "term": ("期限（月）", 360, 1),
    "rate": ("年化利率（%）", 100, 100),
}


@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    filters, wrong = read_filters(request.GET)
    found = queries.listed(filters)
    page = Paginator(found.ids, PAGE_SIZE).get_page(request.GET.get("page"))
    return render(
        request,
        "products/list.html",
        {
            "page": page,
            "cards": queries.cards(list(page.object_list)),
            "filters": filters,
            "wrong": wrong,
            **{name: _counted(name, options, found.counts) for name, options in FACET_OPTIONS.items()},
            "sorts": SORTS,
            "asked": request.GET,
            "is_filtered": any(request.GET.get(name) for name in request.GET if name not in ("page", "sort")),
        },
    )


def read_filters(query: Mapping[str, str]) -> tuple[Filters, list[str]]:
    """What the address asks for; what cannot be understood is left out and named."""
    wrong: list[str] = []
    numbers = {name: _number(query.get(name, ""), name, wrong) for name in NUMBERS}
    filters = Filters(
        region=_choice(query.get("region", ""), regions.find),
        amount_fen=numbers["amount"],
        term_months=numbers["term"],
        rate_bp=numbers["rate"],
        security=_choice(query.get("security", ""), dict(SECURITIES).get),
        kind=_choice(query.get("kind", ""), dict(KINDS).get),
        tag=_choice(query.get("tag", ""), dict(TAGS).get),
        house=_choice(query.get("house", ""), dict(HOUSES).get),
        borrower=_choice(query.get("borrower", ""), dict(BORROWERS).get),
        institution=query.get("institution", "")[:12].replace("\0", ""),
        words=query.get("q", "").strip().replace("\0", "")[:WORDS_LENGTH_MAX],
        sort=_choice(query.get("sort", ""), dict(SORTS).get) or "rate",
    )
    return filters, wrong


def _counted(name: str, options: list[tuple[str, str]], counts: Mapping[str, Mapping[str, int]]) -> list[Any]:
    """The values of a facet that some product has, each with how many there would be."""
    known = counts.get(name, {})
    return [(value, f"{label} {known[value]}") for value, label in options if value in known]


def _choice(value: str, known: Any) -> str:
    return value if value and known(value) else ""


def _number(text: str, name: str, wrong: list[str]) -> int | None:
    label, most, units = NUMBERS[name]
    if not text.strip():
        return None
    try:
        value = float(text)
    except ValueError:
        value = -1
    if not 0 < value <= most:
        wrong.append(f"{label}请填写大于 0、不超过 {most:,} 的数字，本次未按它筛选。")
        return None
    return round(value * units)


@require_safe
def detail(request: HttpRequest, code: str) -> HttpResponse:
    product = queries.product(code)
    at = timezone.now()
    today = local_day(at)
    version = product.current
    assert version is not None  # the database keeps a listed product's version
    lpr = queries.lpr(Tenor(version.lpr_tenor), on=today) if version.lpr_tenor else None
    usual = wish_of({})[1]
    example = Wish(min(version.amount_max_fen, usual.amount_fen), min(version.term_max_months, usual.term_months))
    return render(
        request,
        "products/detail.html",
        {
            "product": product,
            "version": version,
            "lpr": lpr,
            "observed": applications.observed("product", at=at, code=code).get(code),
            "least": applications.OBSERVED_MIN,
            "observed_of": OBSERVED,
            "fees": [fee_text(fee) for fee in version.terms().fees],
            "example": next((one.sheet for one in matching.offers([code], example, today)), None),
        },
    )


@require_safe
def compare(request: HttpRequest) -> HttpResponse:
    codes = _codes(request)
    products = queries.compared(codes)
    form, wish = wish_of(request.GET)
    offers = matching.offers([one.code for one in products], wish, local_day(timezone.now()))
    return render(
        request,
        "products/compare.html",
        {
            "products": products,
            "too_many": len(set(codes)) > queries.COMPARED_MAX,
            "missing": len(products) < len(set(codes)),
            "most": queries.COMPARED_MAX,
            "codes": [("code", one.code) for one in products],
            "form": form,
            "wish": wish,
            "offers": offers,
            "kinds": [kind for kind in COST_LABELS if any(one.sheet.has(kind) for one in offers)],
        },
    )


@require_safe
def costs_pdf(request: HttpRequest) -> HttpResponse:
    """The comparison's sheets on paper, of one product too."""
    at = timezone.now()
    _, wish = wish_of(request.GET)
    codes = [one.code for one in queries.compared(_codes(request))]
    return costs_answer(matching.offers(codes, wish, local_day(at)), at=at)


@require_safe
def history(request: HttpRequest, code: str) -> HttpResponse:
    """Every version that was on the market, with what it changed."""
    product = queries.product(code)
    return render(request, "products/history.html", {"product": product, "versions": queries.history(product)})


def _codes(request: HttpRequest) -> list[str]:
    return [code[:20].replace("\0", "") for code in request.GET.getlist("code")]
