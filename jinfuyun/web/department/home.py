"""数据归集: what this department delivered, newest first."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from jinfuyun.deliveries import queries
from jinfuyun.deliveries.rules import ALARM_LABELS, ALARM_STATE_LABELS, OUTCOMES, STATE_LABELS
from jinfuyun.kit.permissions import DEPARTMENT_PEOPLE
from jinfuyun.web.guards import staff
from jinfuyun.web.request import Request


@staff(*DEPARTMENT_PEOPLE)
@require_safe
def home(request: Request) -> HttpResponse:
    deliveries = queries.mine(request.actor)
    context = {
        "deliveries": deliveries, "waiting": queries.waiting(deliveries), "states": STATE_LABELS,
        "feeds": queries.FEED_LABELS, "outcomes": OUTCOMES, "kinds": ALARM_LABELS, "alarm_states": ALARM_STATE_LABELS,
        "alarms": queries.living_alarms(visible_to=request.actor),
    }  # fmt: skip
    return render(request, "department/home.html", context)
