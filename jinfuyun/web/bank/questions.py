"""企业询问: enterprises ask why their report was read; the people who may read reports answer in writing."""

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from jinfuyun.disputes import actions, queries
from jinfuyun.disputes.rules import ANSWER_LENGTH, QUESTION_WORKING_DAYS
from jinfuyun.kit.calendar import local_day
from jinfuyun.kit.errors import TooLate
from jinfuyun.kit.grant import CATEGORY_LABELS, PURPOSE_LABELS, Purpose
from jinfuyun.kit.reasons import NotInOrder
from jinfuyun.reports import queries as reports
from jinfuyun.web.bank.desk import HANDLERS
from jinfuyun.web.forms import PoliteForm, show_reasons
from jinfuyun.web.guards import staff
from jinfuyun.web.request import Request

PAGE_SIZE = 30


class AnswerForm(PoliteForm):
    answer = forms.CharField(
        label="书面答复", max_length=ANSWER_LENGTH[1], widget=forms.Textarea({"rows": 5}),
        help_text="写明为哪项业务、由谁、查询了什么、作何使用；企业会原文看到。",
    )  # fmt: skip


@staff(*HANDLERS)
@require_http_methods(["GET"])
def listing(request: Request) -> HttpResponse:
    today = local_day(timezone.now())
    tray = request.GET.get("tray", "todo")
    tray = tray if tray in queries.QUESTION_TRAYS else "todo"
    counts = queries.question_counts(request.actor, today)
    context = {
        "page": Paginator(queries.question_desk(request.actor, tray), PAGE_SIZE).get_page(request.GET.get("page")),
        "tray": tray, "late": counts["late"], "today": today, "days": QUESTION_WORKING_DAYS,
        "trays": [(name, f"{label}（{counts[name]}）") for name, label in queries.QUESTION_TRAYS.items()],
    }  # fmt: skip
    return render(request, "bank/questions.html", context)


@staff(*HANDLERS)
@require_http_methods(["GET", "POST"])
def question(request: Request, number: str) -> HttpResponse:
    found = queries.question(number, visible_to=request.actor)
    form = AnswerForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.answer(question=found, answer=form.cleaned_data["answer"], by=request.actor, at=timezone.now())
            messages.success(request, "已答复，企业已收到通知。")
            return redirect("bank:question", number=number)
        except NotInOrder as refusal:
            show_reasons(form, refusal)
        except TooLate as refusal:
            messages.error(request, str(refusal))
            return redirect("bank:question", number=number)
    chapters = reports.outline(found.report)
    context = {
        "question": found, "report": found.report, "form": form, "today": local_day(timezone.now()),
        "purpose": PURPOSE_LABELS[Purpose(found.report.purpose)],
        "chapters": "、".join(label for category, label in CATEGORY_LABELS.items() if category in chapters),
    }  # fmt: skip
    return render(request, "bank/question.html", context, status=422 if form.errors else 200)
