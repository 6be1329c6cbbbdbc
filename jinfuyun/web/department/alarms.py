"""数据质量: what is wrong with the department's feeds, who sees to it, and how many rows passed each rule."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from jinfuyun.deliveries import actions, queries
from jinfuyun.deliveries.charts import HEIGHT, WIDTH
from jinfuyun.deliveries.rules import ALARM_LABELS, ALARM_STATE_LABELS, AlarmKind, AlarmState
from jinfuyun.kit.errors import TooLate
from jinfuyun.kit.permissions import DEPARTMENT_PEOPLE
from jinfuyun.web.forms import PoliteForm
from jinfuyun.web.guards import staff
from jinfuyun.web.request import Request

ALARMS_SHOWN = 100


class NoteForm(PoliteForm):
    note = forms.CharField(
        label="处理说明", max_length=300, widget=forms.Textarea({"rows": 2}), help_text="查明的原因和已做的处理"
    )


@staff(*DEPARTMENT_PEOPLE)
@require_safe
def listing(request: Request) -> HttpResponse:
    context = {
        "alarms": queries.alarms(visible_to=request.actor)[:ALARMS_SHOWN], "kinds": ALARM_LABELS,
        "states": ALARM_STATE_LABELS, "feeds": queries.FEED_LABELS,
        "contracts": queries.contracts(visible_to=request.actor),
    }  # fmt: skip
    return render(request, "department/alarms.html", context)


@staff(*DEPARTMENT_PEOPLE)
@require_http_methods(["GET", "HEAD", "POST"])
def alarm(request: Request, pk: int) -> HttpResponse:
    """Take it, or close it with what was found and done."""
    found = queries.alarm(pk, visible_to=request.actor)
    form = NoteForm(request.POST if request.method == "POST" and "close" in request.POST else None)
    if request.method == "POST" and (not form.is_bound or form.is_valid()):
        try:
            if form.is_bound:
                note = form.cleaned_data["note"]
                actions.close_alarm(alarm=found, note=note, by=request.actor, at=timezone.now())
            else:
                actions.take_alarm(alarm=found, by=request.actor, at=timezone.now())
        except TooLate as refusal:
            messages.error(request, str(refusal))
        return redirect("department:alarm", pk)
    context = {
        "alarm": found, "form": form, "kind": ALARM_LABELS[AlarmKind(found.kind)],
        "state": ALARM_STATE_LABELS[AlarmState(found.state)],
        "feed": queries.FEED_LABELS[found.feed], "contract": queries.contract(found.feed, visible_to=request.actor),
    }  # fmt: skip
    return render(request, "department/alarm.html", context, status=422 if form.errors else 200)


@staff(*DEPARTMENT_PEOPLE)
@require_safe
def quality(request: Request, feed: str) -> HttpResponse:
    """Each rule's pass rate over the last deliveries."""
    contract = queries.contract(feed, visible_to=request.actor)
    context = {
        "contract": contract, "quality": queries.quality(feed, visible_to=request.actor), "width": WIDTH,
        "height": HEIGHT,
    }  # fmt: skip
    return render(request, "department/quality.html", context)
