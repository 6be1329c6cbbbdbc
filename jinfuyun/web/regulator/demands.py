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
from jinfuyun.web.guards import staff
from jinfuyun.web.regulator.tabs import tabs
from jinfuyun.web.request import Request

PAGE_SIZE = 50


@staff(Role.REGULATOR)
@require_safe
def listing(request: Request) -> HttpResponse:
    page = Paginator(queries.escalated(request.actor), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "page": page, "cities": queries.by_city(request.actor), "today": local_day(timezone.now()),
        "days": ESCALATE_AFTER_DAYS, "tabs": tabs(request, "demands"),
    }  # fmt: skip
    return render(request, "regulator/demands.html", context)


@staff(Role.REGULATOR)
@require_POST
def call_back(request: Request, number: str) -> HttpResponse:
    """Name and phone of one demand. A POST, because the look is booked and shown to the enterprise."""
    demand = actions.call_back(number=number, by=request.actor, at=timezone.now())
    return render(request, "regulator/demand.html", {"demand": demand, "parties": queries.parties(demand)})
