"""企业查阅: to look at one enterprise by name takes a case number and a reason; the enterprise sees who looked."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jinfuyun.kit.actor import Role
from jinfuyun.kit.calendar import local_day
from jinfuyun.kit.errors import TooLate
from jinfuyun.kit.identity import mask_name
from jinfuyun.loans.rules import STATE_LABELS as LOAN_LABELS
from jinfuyun.oversight import actions, queries
from jinfuyun.oversight.actions.looks import NotTwoPeople
from jinfuyun.oversight.rules import (
    CASE_DAYS_MAX,
    CASE_LENGTH,
    LOOK_DAYS,
    LOOK_LABELS,
    TEXT_LENGTH,
    LookState,
)
from jinfuyun.web import oversight
from jinfuyun.web.forms import DayField, PoliteForm
from jinfuyun.web.guards import staff
from jinfuyun.web.regulator.tabs import tabs
from jinfuyun.web.request import Request

NAME_LENGTH_MAX = 200
DECISIONS = {"agree": (actions.agree, "已同意。"), "refuse": (actions.refuse, "已登记：不同意查阅。")}


class LookForm(PoliteForm):
    asked = forms.CharField(
        label="统一社会信用代码或企业全称", max_length=NAME_LENGTH_MAX, help_text="须完整填写，不能按部分名称查找。",
        widget=forms.TextInput({"autocomplete": "off"}),
    )  # fmt: skip
    case_number = forms.CharField(
        label="案号或文号", max_length=CASE_LENGTH[1], widget=forms.TextInput({"autocomplete": "off"})
    )
    reason = forms.CharField(
        label="查阅事由", max_length=TEXT_LENGTH[1], widget=forms.Textarea({"rows": 3}), help_text="企业会原文看到。"
    )
    is_case = forms.BooleanField(
        label="登记案件：截止日之前不告知企业，须由另一位同事同意", required=False
    )  # fmt: skip
    ends_on = DayField(
        label="截止日", required=False, help_text=f"登记案件必填，最迟不超过 {CASE_DAYS_MAX} 日；次日起企业可见。"
    )


@staff(Role.REGULATOR)
@require_http_methods(["GET", "POST"])
def listing(request: Request) -> HttpResponse:
    """A form and the house's own looks; whoever is searched for, nothing else is shown."""
    at = timezone.now()
    form = LookForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        made: list[Any] = []
        waits = form.cleaned_data["is_case"]
        if oversight.answered(
            request, form, lambda: made.append(actions.ask_look(**form.cleaned_data, by=request.actor, at=at)),
            "已登记，须由另一位同事同意后查阅。" if waits else "已登记，企业已收到通知。",
        ):  # fmt: skip
            return redirect("regulator:look", number=made[0].number)
    context = {
        "form": form, "page": oversight.page_of(request, queries.looks(request.actor)), "look_labels": LOOK_LABELS,
        "tabs": tabs(request, "looks"), "today": local_day(at), "days": LOOK_DAYS,
    }  # fmt: skip
    return render(request, "regulator/looks.html", context, status=422 if form.errors else 200)


@staff(Role.REGULATOR)
@require_safe
def detail(request: Request, number: str) -> HttpResponse:
    look, today = queries.look(number, visible_to=request.actor), local_day(timezone.now())
    is_asker = look.asked_by == request.actor.id
    context = {
        "look": look, "state_label": LOOK_LABELS[LookState(look.state)], "is_over": look.ends_on < today,
        "may_open": look.state == "open" and is_asker and look.ends_on >= today,
        "may_decide": look.state == "asked" and not is_asker and look.ends_on > today, "is_asker": is_asker,
    }  # fmt: skip
    return render(request, "regulator/look.html", context)


@staff(Role.REGULATOR)
@require_POST
def act(request: Request, number: str, name: str) -> HttpResponse:
    """A second person's decision; or `open`, a POST because each opening is booked."""
    if name not in (*DECISIONS, "open"):
        raise Http404
    look, by, at = queries.look(number, visible_to=request.actor), request.actor, timezone.now()
    try:
        if name == "open":
            seen = actions.open_look(look=look, by=by, at=at)
            context = {"look": look, "seen": seen, "loan_labels": LOAN_LABELS}
            return render(
                request, "regulator/look_opened.html", context | {"legal": mask_name(seen.enterprise.legal_name)}
            )
        verb, done = DECISIONS[name]
        verb(look=look, by=by, at=at)
        messages.success(request, done)
    except (TooLate, NotTwoPeople) as refusal:
        messages.error(request, str(refusal))
    return redirect("regulator:look", number=number)
