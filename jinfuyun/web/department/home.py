"""数据归集: what this department delivered, newest first."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from jinfuyun.deliveries import queries
from jinfuyun.deliveries.rules import ALARM_LABELS, ALARM_STATE_LABELS, OUTCOMES, STATE_LABELS
from jinfuyun.kit.permissions import DEPARTMENT_PEOPLE
from jinfuyun.web.guards import staff
from jinfuyun.web.request import Request

PAGE_SIZE = 20


@staff(*DEPARTMENT_PEOPLE)
@require_safe
def home(request: Request) -> HttpResponse:
    own = queries.feeds(request.actor)
    feed = next((name for name in own if name == request.GET.get("feed")), "")
    page = Paginator(queries.mine(request.actor, feed), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "page": page, "waiting": queries.waiting(list(page)), "states": STATE_LABELS, "own": own, "feed": feed,
        "most": queries.DELIVERIES_SHOWN, "feeds": queries.FEED_LABELS, "outcomes": OUTCOMES,
        "kinds": ALARM_LABELS, "alarm_states": ALARM_STATE_LABELS,
        "alarms": queries.living_alarms(visible_to=request.actor),
    }  # fmt: skip
    return render(request, "department/home.html", context)
