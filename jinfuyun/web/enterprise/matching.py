"""哪些产品适合我: the market as this enterprise sees it, under its own consent; nobody else learns of the look."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from jinfuyun.applications import queries as applications
from jinfuyun.applications.content import OBSERVED
from jinfuyun.coordination.queries import products_of, running_zone
from jinfuyun.kit.calendar import local_day
from jinfuyun.kit.conditions import Verdict
from jinfuyun.kit.errors import NotGranted
from jinfuyun.kit.permissions import Permission, require
from jinfuyun.matching import actions, queries
from jinfuyun.matching.queries import Wish
from jinfuyun.matching.rules import ORDER, findings_of
from jinfuyun.policies.queries import open_to
from jinfuyun.policies.rules import most_fen
from jinfuyun.products import queries as products
from jinfuyun.web.costs import FIRST_WISH, WishForm, costs_answer, wish_of
from jinfuyun.web.guards import with_enterprise
from jinfuyun.web.request import Request

PAGE_SIZE = 20


@with_enterprise
@require_safe
def listing(request: Request) -> HttpResponse:
    require(Permission.MATCH_OWN, by=request.actor, over=request.actor.house)
    at = timezone.now()
    form, wish = wish_of(request.GET)
    try:
        values = actions.look(uscc=request.uscc, by=request.actor, at=at)
    except NotGranted as refusal:
        return _without_consent(request, refusal)
    speeds = {code: one.days for code, one in applications.observed("institution", at=at).items()}
    found = queries.ranked(values, wish, speeds, local_day(at))
    zone = running_zone(request.GET["zone"], local_day(at)) if request.GET.get("zone") else None
    if zone:
        within = {card.code for card in products.cards(products_of(zone.text))}
        found = [one for one in found if one.terms.code in within]
    counts = {verdict: sum(one.match.verdict is verdict for one in found) for verdict in reversed(Verdict)}
    context = {
        "form": form, "wish": wish, "zone": zone, "page": Paginator(found, PAGE_SIZE).get_page(request.GET.get("page")),
        "counts": counts, "order": ORDER, "policies": _policies(values, wish, at), "Verdict": Verdict,
    }  # fmt: skip
    return render(request, "enterprise/matching.html", context)


@with_enterprise
@require_safe
def detail(request: Request, code: str) -> HttpResponse:
    """One product: every condition with what was found, and the sheet of costs."""
    require(Permission.MATCH_OWN, by=request.actor, over=request.actor.house)
    at = timezone.now()
    today = local_day(at)
    product = products.product(code)
    form, wish = wish_of(request.GET)
    try:
        values = actions.look(uscc=request.uscc, by=request.actor, at=at)
    except NotGranted as refusal:
        return _without_consent(request, refusal)
    verdict, findings = findings_of(queries.asked_of(code, today), values)
    [offer] = queries.offers([code], wish, today, queries.sure_policies(values, today))
    context = {
        "form": form, "wish": wish, "product": product, "verdict": verdict, "offer": offer,
        "findings": sorted(findings, key=lambda one: one.verdict),
        "observed": applications.observed("product", at=at, code=code).get(code), "today": today,
        "least": applications.OBSERVED_MIN, "observed_of": OBSERVED,
    }  # fmt: skip
    return render(request, "enterprise/match.html", context)


@with_enterprise
@require_safe
def costs_pdf(request: Request, code: str) -> HttpResponse:
    """The sheet of one product on paper, sure subsidies taken off; another look, booked as such."""
    require(Permission.MATCH_OWN, by=request.actor, over=request.actor.house)
    at = timezone.now()
    today = local_day(at)
    products.product(code)
    _, wish = wish_of(request.GET)
    try:
        values = actions.look(uscc=request.uscc, by=request.actor, at=at)
    except NotGranted as refusal:
        return _without_consent(request, refusal)
    offers = queries.offers([code], wish, today, queries.sure_policies(values, today))
    return costs_answer(offers, at=at, whose=request.enterprise.name)


def _without_consent(request: Request, refusal: NotGranted) -> HttpResponse:
    context = {"why": str(refusal), "form": WishForm(initial=FIRST_WISH)}
    return render(request, "enterprise/matching_none.html", context, status=403)


def _policies(values: Any, wish: Wish, at: Any) -> list[dict[str, Any]]:
    """What the enterprise may get on a loan of that amount and term, and at most how much."""
    found = open_to(values, local_day(at))
    return [
        {
            "policy": policy,
            "sure": verdict is Verdict.MET,
            "most_fen": most_fen(policy, wish.amount_fen, wish.term_months),
        }
        for policy, verdict in found
    ]
