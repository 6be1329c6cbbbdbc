"""数据异议 at the desk of the department that delivered the figure: look into it, ask back, answer in writing."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from jinfuyun.deliveries import queries as deliveries
from jinfuyun.deliveries.rules import STANDING
from jinfuyun.disputes import actions, queries
from jinfuyun.disputes.rules import ANSWER_LENGTH, OUTCOME_LABELS, TEXT_LENGTH, Outcome
from jinfuyun.kit.calendar import local_day
from jinfuyun.kit.errors import NotAllowed, NotFound, Refused
from jinfuyun.kit.grant import CATEGORY_LABELS
from jinfuyun.kit.permissions import DEPARTMENT_PEOPLE
from jinfuyun.kit.reasons import NotInOrder
from jinfuyun.web.disputes import shown
from jinfuyun.web.forms import PoliteForm, show_reasons
from jinfuyun.web.guards import staff
from jinfuyun.web.request import Request

PAGE_SIZE = 30
SUGGESTED = 20  # of the department's newest deliveries, for the number of a correction
ANSWERS = (Outcome.CORRECTED, Outcome.EXPLAINED, Outcome.REJECTED)


class AnswerForm(PoliteForm):
    outcome = forms.ChoiceField(
        label="核查结果", choices=[(one.value, OUTCOME_LABELS[one]) for one in ANSWERS], widget=forms.RadioSelect
    )
    correction = forms.CharField(
        label="更正数据的批次号", max_length=20, required=False,
        widget=forms.TextInput({"list": "own-deliveries", "autocomplete": "off"}),
        help_text="数据已更正的必填：本部门送达更正数据的批次；查询过旧报告的机构会收到通知。",
    )  # fmt: skip
    answer = forms.CharField(
        label="书面答复", max_length=ANSWER_LENGTH[1], widget=forms.Textarea({"rows": 5}),
        help_text="企业会原文看到：核查了什么、结论和依据。",
    )  # fmt: skip


class AskForm(PoliteForm):
    text = forms.CharField(
        label="需要企业补充什么", max_length=TEXT_LENGTH[1], widget=forms.Textarea({"rows": 3}),
        help_text="答复时限照常计算，不因此暂停。",
    )  # fmt: skip


class NoForm(PoliteForm):
    """A button and nothing to fill in."""


def _answer(dispute: Any, typed: dict[str, Any], **who: Any) -> None:
    if typed["outcome"] == Outcome.REJECTED:
        actions.reject(dispute=dispute, answer=typed["answer"], **who)
    else:
        actions.resolve(dispute=dispute, **typed, **who)


# address → (form, verb, what is said when it is done)
ACTS: dict[str, tuple[type[forms.Form], Callable[..., None], str]] = {
    "take": (NoForm, lambda d, f, **who: actions.take(dispute=d, **who), "已开始核查，企业可以看到。"),
    "ask": (
        AskForm,
        lambda d, f, **who: actions.ask_more(dispute=d, text=f["text"], **who),
        "已请企业补充，答复时限照常计算。",
    ),
    "answer": (AnswerForm, _answer, "已书面答复，企业已收到通知。"),
}


@staff(*DEPARTMENT_PEOPLE)
@require_safe
def listing(request: Request) -> HttpResponse:
    today = local_day(timezone.now())
    tray = request.GET.get("tray", "todo")
    tray = tray if tray in queries.TRAYS else "todo"
    counts = queries.tray_counts(request.actor, today)
    context = {
        "page": Paginator(queries.desk(request.actor, tray), PAGE_SIZE).get_page(request.GET.get("page")), "tray": tray,
        "trays": [(name, f"{label}（{counts[name]}）") for name, (label, _) in queries.TRAYS.items()],
        "late": counts["late"], "today": today, "categories": CATEGORY_LABELS,
    }  # fmt: skip
    return render(request, "department/disputes.html", context)


@staff(*DEPARTMENT_PEOPLE)
@require_safe
def detail(request: Request, number: str) -> HttpResponse:
    return _page(request, queries.dispute(number, visible_to=request.actor))


@staff(*DEPARTMENT_PEOPLE)
@require_http_methods(["POST"])
def act(request: Request, number: str, name: str) -> HttpResponse:
    """One of ACTS; what was typed comes back when it cannot be done."""
    if name not in ACTS:
        raise Http404
    dispute = queries.dispute(number, visible_to=request.actor)
    kind, verb, done = ACTS[name]
    form = kind(request.POST)
    if form.is_valid():
        try:
            verb(dispute, form.cleaned_data, by=request.actor, at=timezone.now())
            messages.success(request, done)
            return redirect("department:dispute", number=number)
        except NotInOrder as refusal:
            show_reasons(form, refusal)
        except (NotAllowed, NotFound):
            raise
        except Refused as refusal:
            messages.error(request, str(refusal))
            return redirect("department:dispute", number=number)
    return _page(request, dispute, {name: form})


def _page(request: Request, dispute: Any, bound: dict[str, forms.Form] | None = None) -> HttpResponse:
    context = shown(dispute, by=request.actor, today=local_day(timezone.now()))
    answers = "resolve" in context["acts"]
    own = [one for one in deliveries.mine(request.actor) if one.state in STANDING] if answers else []
    context |= {
        "forms": {"answer": AnswerForm(), "ask": AskForm()} | (bound or {}), "bound": bound, "answers": answers,
        "own": [one for one in own if one.number not in dispute.delivery_numbers][:SUGGESTED],
        "feeds": deliveries.FEED_LABELS,
    }  # fmt: skip
    return render(request, "department/dispute.html", context, status=422 if bound else 200)
