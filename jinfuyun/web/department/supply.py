"""数据成效: how the department's own feeds stand, and what came of them. Small cells are not shown here."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from jinfuyun.kit.permissions import DEPARTMENT_PEOPLE
from jinfuyun.supervision.queries import feeds
from jinfuyun.supervision.queries.feeds import BY_NAME
from jinfuyun.supervision.rules import SMALL_CELL
from jinfuyun.web import figures
from jinfuyun.web.guards import staff
from jinfuyun.web.request import Request


@staff(*DEPARTMENT_PEOPLE)
@require_safe
def page(request: Request) -> HttpResponse:
    at = timezone.now()
    month = feeds.month_asked(request.GET.get("month", ""), at)
    found, helped = feeds.own(month=month, visible_to=request.actor, at=at)
    context = {
        "found": found, "helped": helped, "months": feeds.months_offered(at), "figures": figures, "few": SMALL_CELL,
        "of": BY_NAME,
    }  # fmt: skip
    return render(request, "department/data.html", context)
