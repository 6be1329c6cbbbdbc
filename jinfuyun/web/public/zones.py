"""专区, open to everybody while they run."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from jinfuyun.coordination import queries
from jinfuyun.kit.calendar import local_day
from jinfuyun.products.queries import cards


@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    return render(request, "public/zones.html", {"zones": queries.running_zones(local_day(timezone.now()))})


@require_safe
def detail(request: HttpRequest, slug: str) -> HttpResponse:
    today = local_day(timezone.now())
    zone = queries.running_zone(slug, today)
    context = {
        "zone": zone, "products": cards(queries.products_of(zone.text)),
        "policies": queries.policies_of(zone.text, today),
    }  # fmt: skip
    return render(request, "public/zone.html", context)
