"""数据归集: what this department delivered, and which rows it has to look at."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from jinfuyun.deliveries import queries
from jinfuyun.kit.actor import Role
from jinfuyun.web.guards import staff
from jinfuyun.web.request import Request

STATES = {"loaded": "已入库", "partly_loaded": "部分入库", "refused": "已退回"}


@staff(Role.DEPARTMENT)
@require_safe
def home(request: Request) -> HttpResponse:
    deliveries = queries.mine(request.actor)
    return render(request, "department/home.html", {"deliveries": deliveries, "states": STATES})


@staff(Role.DEPARTMENT)
@require_safe
def delivery(request: Request, number: str) -> HttpResponse:
    """One file: its balance, and the rows that wait, each with its reason."""
    found, rows = queries.held_rows(number, visible_to=request.actor)
    return render(request, "department/delivery.html", {"delivery": found, "rows": rows, "states": STATES})
