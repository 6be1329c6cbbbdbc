"""数据异议: say that a figure of the own report is wrong, follow it, add to it, withdraw it."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from jinfuyun.deliveries.queries import is_reckoned
from jinfuyun.disputes import actions, queries
from jinfuyun.disputes.content import figure_of
from jinfuyun.disputes.rules import ANSWER_DAYS, PLATFORM, REASON_LENGTH, RIGHT_LENGTH_MAX, SCORE, TEXT_LENGTH
from jinfuyun.kit.calendar import local_day
from jinfuyun.kit.errors import NotAllowed, NotFound, Refused
from jinfuyun.kit.permissions import Permission, require
from jinfuyun.kit.reasons import NotInOrder
from jinfuyun.reports import actions as reports
from jinfuyun.reports import queries as reports_read
from jinfuyun.web.converters import Code
from jinfuyun.web.disputes import shown
from jinfuyun.web.forms import PoliteForm, show_reasons
from jinfuyun.web.guards import with_enterprise
from jinfuyun.web.request import Request

PAGE_SIZE = 20
NAME_LENGTH_MAX = 80


class DisputeForm(PoliteForm):
    reason = forms.CharField(
        label="为什么认为有误", max_length=REASON_LENGTH[1], widget=forms.Textarea({"rows": 4}),
        help_text=f"写明依据，便于核查；不超过 {REASON_LENGTH[1]} 个字。请勿填写身份证号、银行账号。",
    )  # fmt: skip
    right = forms.CharField(
        label="您认为正确的内容", max_length=RIGHT_LENGTH_MAX, required=False, widget=forms.Textarea({"rows": 2}),
        help_text="例如：应为 320 万元；或：本企业没有这条记录。",
    )  # fmt: skip

    computed = forms.BooleanField(
        label="数据没有送错，是平台的计算方法有误（由平台运营方核查答复）", required=False,
    )  # fmt: skip


class TextForm(PoliteForm):
    text = forms.CharField(label="补充说明", max_length=TEXT_LENGTH[1], widget=forms.Textarea({"rows": 4}))


class NoForm(PoliteForm):
    """A button and nothing to fill in."""


# address → (form, verb, what is said when it is done)
ACTS: dict[str, tuple[type[forms.Form], Callable[..., None], str]] = {
    "supply": (
        TextForm,
        lambda d, f, **who: actions.supply(dispute=d, text=f["text"], **who),
        "已提交，部门会继续核查。",
    ),
    "withdraw": (
        NoForm,
        lambda d, f, **who: actions.withdraw(dispute=d, **who),
        "异议已撤回，报告里的“异议处理中”标注已取消。",
    ),
    "close": (NoForm, lambda d, f, **who: actions.close(dispute=d, **who), "已办结。"),
}


@with_enterprise
@require_http_methods(["GET"])
def listing(request: Request) -> HttpResponse:
    require(Permission.DISPUTE_RAISE, by=request.actor, over=request.actor.house)
    page = Paginator(queries.mine(request.actor), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"page": page, "today": local_day(timezone.now()), "departments": queries.ANSWERER_LABELS}
    return render(request, "enterprise/disputes.html", context)


@with_enterprise
@require_http_methods(["GET", "POST"])
def new(request: Request) -> HttpResponse:
    """About one figure of one of the own reports, named in the query."""
    require(Permission.DISPUTE_RAISE, by=request.actor, over=request.actor.house)
    number, category, key = (request.GET.get(name, "")[:NAME_LENGTH_MAX] for name in ("report", "category", "key"))
    if not Code.matches(number):
        return redirect("enterprise:report")
    report, at = reports_read.report(number, visible_to_actor=request.actor), timezone.now()
    standing = queries.open_of(uscc=request.uscc, category=category, key=key)
    if standing:
        messages.info(request, "您已对这项数据提出异议，正在核查。")
        return redirect("enterprise:dispute", number=standing.number)
    form = DisputeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.raise_dispute(
                report=report, category=category, key=key, **form.cleaned_data, by=request.actor, at=at
            )
            messages.success(request, f"异议已提交，应在 {made.due_on} 前收到书面答复。")
            return redirect("enterprise:dispute", number=made.number)
        except NotInOrder as refusal:
            show_reasons(form, refusal)
    figure = figure_of(reports.view_report(report=report, how="dispute", by=request.actor, at=at), category, key)
    if figure is None:
        raise NotFound
    department = queries.answerer(figure)
    context = {
        "form": form, "figure": figure, "report": report, "department": queries.ANSWERER_LABELS[department],
        "answer_days": ANSWER_DAYS, "is_score": key == SCORE,
        "two_sides": department != PLATFORM and is_reckoned(key),
    }  # fmt: skip
    return render(request, "enterprise/dispute_new.html", context, status=422 if form.errors else 200)


@with_enterprise
@require_http_methods(["GET"])
def detail(request: Request, number: str) -> HttpResponse:
    require(Permission.DISPUTE_RAISE, by=request.actor, over=request.actor.house)
    return _page(request, queries.dispute(number, visible_to=request.actor))


@with_enterprise
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
            return redirect("enterprise:dispute", number=number)
        except NotInOrder as refusal:
            show_reasons(form, refusal)
        except (NotAllowed, NotFound):
            raise
        except Refused as refusal:
            messages.error(request, str(refusal))
            return redirect("enterprise:dispute", number=number)
    return _page(request, dispute, form)


def _page(request: Request, dispute: Any, form: forms.Form | None = None) -> HttpResponse:
    context = shown(dispute, by=request.actor, today=local_day(timezone.now())) | {"form": form or TextForm()}
    return render(request, "enterprise/dispute.html", context, status=422 if form else 200)
