"""数据归集: what this department delivered, and which rows it has to look at."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from jinfuyun.deliveries import queries
from jinfuyun.deliveries.rules import OUTCOMES, STATE_LABELS, by_reason
from jinfuyun.kit.actor import Role
from jinfuyun.web.guards import staff
from jinfuyun.web.request import Request

WORDS = {"states": STATE_LABELS, "feeds": queries.FEED_LABELS, "outcomes": OUTCOMES}


@staff(Role.DEPARTMENT)
@require_safe
def home(request: Request) -> HttpResponse:
    return render(request, "department/home.html", {"deliveries": queries.mine(request.actor), **WORDS})


@staff(Role.DEPARTMENT)
@require_safe
def delivery(request: Request, number: str) -> HttpResponse:
    """One file: its balance, why rows wait, and the rows themselves."""
    found, rows = queries.held_rows(number, visible_to=request.actor)
    context = {
        "delivery": found, "rows": rows, "troubles": by_reason((row.row_number, row.reason) for row in rows),
        "cut": found.quarantined > len(rows), **WORDS,
    }  # fmt: skip
    return render(request, "department/delivery.html", context)
