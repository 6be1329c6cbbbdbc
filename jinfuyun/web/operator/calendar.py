"""工作日历: the yearly notices that all clocks count by, kept by one operator and confirmed by another."""

import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from jinfuyun.kit.actor import Role
from jinfuyun.kit.calendar import SEEDED, local_day
from jinfuyun.kit.errors import NotAllowed, NotFound, Refused
from jinfuyun.kit.reasons import NotInOrder
from jinfuyun.web.forms import PoliteForm, show_reasons
from jinfuyun.web.guards import staff
from jinfuyun.web.request import Request
from jinfuyun.workdays import actions, queries
from jinfuyun.workdays.rules import STATE_LABELS, Draft, days_of

NOT_DAYS = "每行写一个日期或一段日期，如 2027-10-01 至 2027-10-07。"


class NoticeForm(PoliteForm):
    year = forms.IntegerField(label="年份", widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off"}))
    document = forms.CharField(label="来源文件", max_length=80, help_text="国务院办公厅通知的文号或标题。")
    days_off = forms.CharField(label="放假日", widget=forms.Textarea({"rows": 8}), help_text=NOT_DAYS)
    days_worked = forms.CharField(
        label="调休上班日", widget=forms.Textarea({"rows": 4}), required=False, help_text="周末上班的日子，每行一个。"
    )

    def clean_days_off(self) -> Any:
        return _days(self.cleaned_data["days_off"])

    def clean_days_worked(self) -> Any:
        return _days(self.cleaned_data["days_worked"])


def _days(text: str) -> Any:
    found = days_of(text)
    if found is None:
        raise forms.ValidationError(NOT_DAYS)
    return found


@staff(Role.OPERATOR)
@require_http_methods(["GET", "POST"])
def calendar(request: Request) -> HttpResponse:
    today = local_day(timezone.now())
    form = NoticeForm(request.POST or None, initial={"year": today.year + 1})
    if request.method == "POST" and form.is_valid():
        answer = form.cleaned_data
        draft = Draft(answer["year"], answer["document"].strip(), answer["days_off"], answer["days_worked"])
        try:
            actions.propose(draft=draft, by=request.actor, at=timezone.now())
            messages.success(request, "已提交，由另一位运营人员复核后生效。")
            return redirect("operator:calendar")
        except NotInOrder as refusal:
            show_reasons(form, refusal)
    context = {
        "form": form, "notices": queries.kept(), "labels": STATE_LABELS, "years": _years(today.year),
        "me": request.actor.id,
    }  # fmt: skip
    return render(request, "operator/calendar.html", context, status=422 if form.errors else 200)


def _years(this: int) -> list[dict[str, Any]]:
    """This year and the next two: what the clocks count by."""
    now = queries.notices()
    return [
        {
            "year": year, "known": year in now.years, "seeded": year in SEEDED.years,
            "off": sum(day.year == year for day in now.days_off),
            "worked": sum(day.year == year for day in now.days_worked),
        }
        for year in range(this, this + 3)
    ]  # fmt: skip


@staff(Role.OPERATOR)
@require_POST
def act(request: Request, notice_id: uuid.UUID, name: str) -> HttpResponse:
    """confirm or send_back; what was on the screen is confirmed, nothing else."""
    if name not in ("confirm", "send_back"):
        raise Http404
    found, at = queries.notice(notice_id), timezone.now()
    try:
        if name == "confirm":
            actions.confirm(notice=found, on_screen=request.POST.get("digest", ""), by=request.actor, at=at)
            messages.success(request, "已生效，在途时限将按新的日历重算。")
        else:
            actions.send_back(notice=found, by=request.actor, at=at)
            messages.success(request, "已退回。")
    except (NotAllowed, NotFound):
        raise
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("operator:calendar")
