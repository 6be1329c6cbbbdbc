"""停送与限额: the department's own switch of each feed, and how many enterprises a day it answers for."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from jinfuyun.deliveries import actions, queries
from jinfuyun.kit.actor import Role
from jinfuyun.kit.errors import TooLate
from jinfuyun.kit.permissions import DEPARTMENT_PEOPLE
from jinfuyun.web.forms import PoliteForm
from jinfuyun.web.guards import staff
from jinfuyun.web.request import Request

QUOTA_MAX = 1_000_000


class StopForm(PoliteForm):
    because = forms.CharField(
        label="停送的原因", max_length=200, widget=forms.Textarea({"rows": 2}), help_text="记入账本；重送的人会看到"
    )


class QuotaForm(PoliteForm):
    daily_quota = forms.IntegerField(
        label="每日最多查询", min_value=1, max_value=QUOTA_MAX, required=False, help_text="留空表示不限",
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off"}),
    )  # fmt: skip


@staff(*DEPARTMENT_PEOPLE)
@require_safe
def listing(request: Request) -> HttpResponse:
    context = {
        "contracts": queries.contracts(visible_to=request.actor),
        "switches": queries.switches(visible_to=request.actor),
        "is_admin": Role.DEPARTMENT_ADMIN in request.actor.roles,
    }  # fmt: skip
    return render(request, "department/feeds.html", context)


@staff(Role.DEPARTMENT_ADMIN)
@require_http_methods(["GET", "HEAD", "POST"])
def feed(request: Request, feed: str) -> HttpResponse:
    """Stop it with a reason, open it again, or set its quota: the button that was pressed says which."""
    contract = queries.contract(feed, visible_to=request.actor)
    switch = queries.switches(visible_to=request.actor).get(feed)
    posted = {name: request.POST if name in request.POST else None for name in ("stop", "open", "quota")}
    stop = StopForm(posted["stop"])
    quota = QuotaForm(posted["quota"], initial={"daily_quota": switch.daily_quota if switch else None})
    who: dict[str, Any] = {"feed": feed, "by": request.actor, "at": timezone.now()}
    try:
        if stop.is_bound and stop.is_valid():
            actions.stop_feed(because=stop.cleaned_data["because"], **who)
            messages.success(request, "已停送：不再接收，也不再查询。")
        elif quota.is_bound and quota.is_valid():
            actions.set_quota(daily_quota=quota.cleaned_data["daily_quota"], **who)
            messages.success(request, "限额已更新。")
        elif posted["open"] is not None:
            actions.open_feed(**who)
            messages.success(request, "已恢复，停送期间没有采集到的企业正在补采。")
        else:
            context = {"contract": contract, "switch": switch, "stop": stop, "quota": quota}
            wrong = bool(stop.errors or quota.errors)
            return render(request, "department/feed.html", context, status=422 if wrong else 200)
    except TooLate as refusal:
        messages.error(request, str(refusal))
    return redirect("department:feed", feed)
