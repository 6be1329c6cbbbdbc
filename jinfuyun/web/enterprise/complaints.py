"""投诉: complain about an institution or the platform, follow it, rate the answer or take it up to the regulator."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

from django import forms
from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from jinfuyun.applications.checks import FILE_BYTES_MAX
from jinfuyun.kit.calendar import local_day
from jinfuyun.kit.permissions import Permission, require
from jinfuyun.oversight import actions, queries
from jinfuyun.oversight.actions.complaints import PLATFORM, Filed
from jinfuyun.oversight.rules import COMPLAINT_LABELS, MATTER_LABELS, SATISFACTION, TEXT_LENGTH, TOPIC_LABELS, Matter
from jinfuyun.web import oversight
from jinfuyun.web.answering import NoForm
from jinfuyun.web.converters import Code
from jinfuyun.web.files import with_a_file
from jinfuyun.web.forms import PoliteForm
from jinfuyun.web.guards import with_enterprise
from jinfuyun.web.request import Request


class ComplaintForm(PoliteForm):
    form_token = forms.UUIDField(widget=forms.HiddenInput)
    against = forms.ChoiceField(
        label="投诉对象", required=False, help_text="列出您申请过的和查询过您报告的机构；都不是的请选择平台。"
    )
    topic = forms.ChoiceField(
        label="投诉事项", choices=[(one.value, text) for one, text in TOPIC_LABELS.items()], widget=forms.RadioSelect,
        error_messages={"required": "请选择投诉的事项。"},
    )  # fmt: skip
    text = forms.CharField(
        label="事情经过和诉求", max_length=TEXT_LENGTH[1], widget=forms.Textarea({"rows": 6}),
        help_text=f"写明时间、人员和希望怎样解决，不超过 {TEXT_LENGTH[1]} 个字。请勿填写身份证号、银行账号。",
    )  # fmt: skip
    file = forms.FileField(
        label="证明材料", required=False,
        help_text=f"PDF、JPG、PNG、Word（docx）或 Excel（xlsx），一份，不超过 {FILE_BYTES_MAX >> 20} MB。",
        error_messages={"empty": "文件是空的。"},
    )  # fmt: skip


class RateForm(PoliteForm):
    satisfaction = forms.TypedChoiceField(
        label="对处理结果满意吗", coerce=int, choices=list(SATISFACTION.items()), widget=forms.RadioSelect,
        error_messages={"required": "请选择满意程度。"},
    )  # fmt: skip


class RaiseForm(PoliteForm):
    text = forms.CharField(
        label="为什么不认可", max_length=TEXT_LENGTH[1], widget=forms.Textarea({"rows": 3}),
        help_text="没有按期答复的，写明即可。",
    )  # fmt: skip


# address → (form, verb, what is said when it is done)
ACTS: dict[str, tuple[type[forms.Form], Callable[..., None], str]] = {
    "rate": (RateForm, actions.rate, "谢谢您的评价，投诉已办结。"),
    "raise": (RaiseForm, actions.raise_complaint, "已上报所在地金融管理部门。"),
    "withdraw": (NoForm, actions.withdraw, "投诉已撤回。"),
}


def _may(request: Request) -> None:
    require(Permission.COMPLAINT_FILE, by=request.actor, over=request.actor.house)


@with_enterprise
@require_safe
def listing(request: Request) -> HttpResponse:
    _may(request)
    page = oversight.page_of(request, queries.complaints(request.actor).order_by("-filed_at"))
    context = {"page": page, "labels": COMPLAINT_LABELS, "topics": TOPIC_LABELS, "today": local_day(timezone.now())}
    return render(request, "enterprise/complaints.html", context)


@with_a_file(most=FILE_BYTES_MAX)
@with_enterprise
def new(request: Request) -> HttpResponse:
    """About something that the query names (`matter`, `number`), or about an institution or the platform."""
    _may(request)
    matter, number = request.GET.get("matter", ""), request.GET.get("number", "")
    if matter and (matter not in list(Matter) or not Code.matches(number)):
        raise Http404
    named = queries.named(matter, number, visible_to=request.actor) if matter else None
    posted = (request.POST, request.FILES) if request.method == "POST" else ()
    form = ComplaintForm(*posted, initial={"form_token": uuid4()})
    if named:
        del form.fields["against"]
    else:
        choices = [("", "请选择"), *queries.dealt_with(request.actor), (PLATFORM, "金服云平台")]
        form.fields["against"].choices = choices  # type: ignore[attr-defined]  # a ChoiceField
    if form.is_bound and form.is_valid():
        made: list[Any] = []
        filed = _filed(form.cleaned_data, matter, number)
        token, at = form.cleaned_data["form_token"], timezone.now()
        if oversight.answered(
            request, form,
            lambda: made.append(
                actions.file_complaint(uscc=request.uscc, filed=filed, form_token=token, by=request.actor, at=at)
            ),
            "投诉已提交，办理进度在这里查看。",
        ):  # fmt: skip
            one = {"number": made[0].number} if made else {}  # none: the second of two clicks came too late
            return redirect("enterprise:complaint" if made else "enterprise:complaints", **one)
    context = {
        "form": form, "named": named, "matter": MATTER_LABELS[Matter(matter)] if matter else "",
        "days": settings.COMPLAINT_ANSWER_DAYS, "source": settings.COMPLAINT_SOURCE,
    }  # fmt: skip
    return render(request, "enterprise/complaint_new.html", context, status=422 if form.errors else 200)


def _filed(typed: dict[str, Any], matter: str, number: str) -> Filed:
    file = typed["file"]
    name, content = (file.name, file.read()) if file else ("", b"")
    return Filed(typed["topic"], typed["text"], typed.get("against", ""), matter, number, name, content)


@with_enterprise
@require_safe
def detail(request: Request, number: str) -> HttpResponse:
    _may(request)
    return _page(request, number, {})


@with_enterprise
@require_safe
def file(request: Request, number: str) -> HttpResponse:
    return oversight.complaint_file(request, number)


@with_enterprise
@require_POST
def act(request: Request, number: str, name: str) -> HttpResponse:
    """One of ACTS; what was typed comes back when it cannot be done."""
    if name not in ACTS:
        raise Http404
    _may(request)
    found = queries.complaint(number, visible_to=request.actor)
    kind, verb, done = ACTS[name]
    form = kind(request.POST)
    if form.is_valid() and oversight.answered(
        request, form, lambda: verb(complaint=found, **form.cleaned_data, by=request.actor, at=timezone.now()), done
    ):
        return redirect("enterprise:complaint", number=number)
    return _page(request, number, {name: form})


def _page(request: Request, number: str, bound: dict[str, forms.Form]) -> HttpResponse:
    found = queries.complaint(number, visible_to=request.actor)
    context = oversight.shown(found, request=request) | {
        "forms": {"rate": RateForm(), "raise": RaiseForm()} | bound, "bound": bound, "satisfaction": SATISFACTION,
        "days": settings.COMPLAINT_ANSWER_DAYS,
    }  # fmt: skip
    return render(request, "enterprise/complaint.html", context, status=422 if bound else 200)
