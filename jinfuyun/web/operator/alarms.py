"""数据质量: every department's alarms, who sees to them, and since when."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from jinfuyun.deliveries import queries
from jinfuyun.deliveries.rules import ALARM_LABELS, ALARM_STATE_LABELS
from jinfuyun.kit.actor import Role
from jinfuyun.web.guards import staff
from jinfuyun.web.request import Request

PAGE_SIZE = 50


@staff(Role.OPERATOR)
@require_http_methods(["GET"])
def listing(request: Request) -> HttpResponse:
    page = Paginator(queries.alarms(visible_to=request.actor), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "page": page, "kinds": ALARM_LABELS, "states": ALARM_STATE_LABELS, "feeds": queries.FEED_LABELS,
        "departments": queries.DEPARTMENT_LABELS,
    }  # fmt: skip
    return render(request, "operator/alarms.html", context)
