"""数据异议 at the desk of those who answer: departments for what they delivered, operators for what the platform itself
recorded and reckoned. Look into it, ask back, answer in writing."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from jinfuyun.deliveries import queries as deliveries
from jinfuyun.deliveries.rules import STANDING
from jinfuyun.disputes import actions, queries
from jinfuyun.disputes.rules import ANSWER_LENGTH, OUTCOME_LABELS, TEXT_LENGTH, Outcome
from jinfuyun.kit import refusals
from jinfuyun.kit.calendar import local_day
from jinfuyun.kit.errors import NotAllowed, NotFound, Refused
from jinfuyun.kit.reasons import NotInOrder
from jinfuyun.web.disputes import shown
from jinfuyun.web.forms import PoliteForm, show_reasons
from jinfuyun.web.request import Request

PAGE_SIZE = 30
SUGGESTED = 20  # of the department's newest deliveries, for the number of a correction
ANSWERS = (Outcome.CORRECTED, Outcome.EXPLAINED, Outcome.REJECTED)


class AnswerForm(PoliteForm):
    outcome = forms.ChoiceField(
        label="核查结果", choices=[(one.value, OUTCOME_LABELS[one]) for one in ANSWERS], widget=forms.RadioSelect,
        error_messages={"required": "请选择核查结果。"},
    )  # fmt: skip
    correction = forms.CharField(
        label="更正数据的批次号", max_length=20, required=False,
        widget=forms.TextInput({"list": "own-deliveries", "autocomplete": "off"}),
        help_text="数据已更正的必填：本部门送达更正数据的批次；查询过旧报告的机构会收到通知。",
    )  # fmt: skip
    ground = forms.ChoiceField(
        label="不采纳的原因",
        choices=refusals.choices(refusals.Desk.DISPUTE),
        required=False,
        help_text="不采纳的必选。",
    )
    answer = forms.CharField(
        label="书面答复", max_length=ANSWER_LENGTH[1], widget=forms.Textarea({"rows": 5}),
        help_text="企业会原文看到：核查了什么、结论和依据。",
    )  # fmt: skip


class OwnAnswerForm(AnswerForm):
    correction = forms.CharField(
        label="更正后的报告编号", max_length=20, required=False,
        widget=forms.TextInput({"list": "own-deliveries", "autocomplete": "off"}),
        help_text="数据已更正的必填：提出异议以后制作、数据已更正的报告；查询过旧报告的机构会收到通知。",
    )  # fmt: skip


class AskForm(PoliteForm):
    text = forms.CharField(
        label="需要企业补充什么", max_length=TEXT_LENGTH[1], widget=forms.Textarea({"rows": 3}),
        help_text="答复时限照常计算，不因此暂停。",
    )  # fmt: skip


class NoForm(PoliteForm):
    """A button and nothing to fill in."""


def _answer(dispute: Any, typed: dict[str, Any], **who: Any) -> None:
    ground = typed.pop("ground")
    if typed["outcome"] == Outcome.REJECTED:
        actions.reject(dispute=dispute, ground=ground, answer=typed["answer"], **who)
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


@dataclass(frozen=True, slots=True)
class Desk:
    """Whose desk it is: the names of its three addresses, what stands on top, and how it answers."""

    all: str
    one: str
    act: str
    told: str
    answer: type[AnswerForm] = AnswerForm


def listing(request: Request, desk: Desk) -> HttpResponse:
    today = local_day(timezone.now())
    tray = request.GET.get("tray", "todo")
    tray = tray if tray in queries.TRAYS else "todo"
    counts = queries.tray_counts(request.actor, today)
    context = {
        "page": Paginator(queries.desk(request.actor, tray), PAGE_SIZE).get_page(request.GET.get("page")), "tray": tray,
        "trays": [(name, f"{label}（{counts[name]}）") for name, (label, _) in queries.TRAYS.items()],
        "late": counts["late"], "today": today, "desk": desk,
    }  # fmt: skip
    return render(request, "disputes/desk.html", context)


def detail(request: Request, desk: Desk, number: str) -> HttpResponse:
    return _page(request, desk, queries.dispute(number, visible_to=request.actor))


def act(request: Request, desk: Desk, number: str, name: str) -> HttpResponse:
    """One of ACTS; what was typed comes back when it cannot be done."""
    if name not in ACTS:
        raise Http404
    dispute = queries.dispute(number, visible_to=request.actor)
    kind, verb, done = ACTS[name]
    form = (desk.answer if kind is AnswerForm else kind)(request.POST)
    if form.is_valid():
        try:
            verb(dispute, form.cleaned_data, by=request.actor, at=timezone.now())
            messages.success(request, done)
            return redirect(desk.one, number=number)
        except NotInOrder as refusal:
            show_reasons(form, refusal)
        except (NotAllowed, NotFound):
            raise
        except Refused as refusal:
            messages.error(request, str(refusal))
            return redirect(desk.one, number=number)
    return _page(request, desk, dispute, {name: form})


def _page(request: Request, desk: Desk, dispute: Any, bound: dict[str, forms.Form] | None = None) -> HttpResponse:
    context = shown(dispute, by=request.actor, today=local_day(timezone.now()))
    answers = "resolve" in context["acts"]
    context |= {
        "forms": {"answer": desk.answer(), "ask": AskForm()} | (bound or {}), "bound": bound, "answers": answers,
        "own": _corrections(request, dispute)[:SUGGESTED] if answers else [], "desk": desk,
    }  # fmt: skip
    return render(request, "disputes/one.html", context, status=422 if bound else 200)


def _corrections(request: Request, dispute: Any) -> list[tuple[str, str]]:
    """What may have put it right: number, and what it is."""
    if dispute.is_platforms:
        return [(one.number, f"{local_day(one.made_at)} 的报告") for one in queries.reports_since(dispute)[:SUGGESTED]]
    own = [one for one in deliveries.mine(request.actor) if one.state in STANDING]
    return [
        (one.number, f"{deliveries.FEED_LABELS.get(one.feed, one.feed)} {local_day(one.received_at)}")
        for one in own
        if one.number not in dispute.delivery_numbers
    ]
