"""需求督办: demands of the region by city, and those without a proposal for too long, with the way to call back."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from jinfuyun.demands import actions, queries
from jinfuyun.demands.rules import ESCALATE_AFTER_DAYS
from jinfuyun.kit.actor import Role
from jinfuyun.kit.calendar import local_day
from jinfuyun.supervision.queries import BY_NAME
from jinfuyun.supervision.queries.counting import city_by_city, known_only
from jinfuyun.web import figures
from jinfuyun.web.guards import staff
from jinfuyun.web.regulator.tabs import tabs
from jinfuyun.web.request import Request

PAGE_SIZE = 50
SHOWN = ("demands_open", "demands_open_fen", "demands_offered", "demands_chosen", "demands_waiting")


@staff(Role.REGULATOR)
@require_safe
def listing(request: Request) -> HttpResponse:
    page = Paginator(queries.escalated(request.actor), PAGE_SIZE).get_page(request.GET.get("page"))
    now = timezone.now()
    cities = known_only(city_by_city(SHOWN, visible_to=request.actor, at=now))
    context = {
        "page": page, "cities": cities, "shown": [BY_NAME[name] for name in SHOWN], "figures": figures,
        "today": local_day(now), "days": ESCALATE_AFTER_DAYS, "tabs": tabs(request, "demands"),
    }  # fmt: skip
    return render(request, "regulator/demands.html", context)


@staff(Role.REGULATOR)
@require_POST
def call_back(request: Request, number: str) -> HttpResponse:
    """Name and phone of one demand. A POST, because the look is booked and shown to the enterprise."""
    demand = actions.call_back(number=number, by=request.actor, at=timezone.now())
    return render(request, "regulator/demand.html", {"demand": demand, "parties": queries.parties(demand)})
