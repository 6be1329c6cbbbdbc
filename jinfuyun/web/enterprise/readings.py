"""谁查询了我: every report that an institution opened about the enterprise, and the question why, with one click."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from jinfuyun.disputes import actions
from jinfuyun.disputes import queries as disputes
from jinfuyun.kit.calendar import local_day
from jinfuyun.kit.grant import CATEGORY_LABELS, PURPOSE_LABELS, Purpose
from jinfuyun.kit.permissions import Permission, may
from jinfuyun.reports import queries
from jinfuyun.web.guards import with_enterprise
from jinfuyun.web.request import Request

PAGE_SIZE = 10


def beside(request: Request) -> dict[str, Any]:
    """For the page of the own reports: who read, which institution, why, under which consent, which chapters."""
    page = Paginator(queries.queries_by_institutions(request.uscc), PAGE_SIZE).get_page(request.GET.get("page"))
    asked = disputes.questions_about([one.number for one in page], visible_to=request.actor)
    rows = [
        {
            "report": one, "purpose": PURPOSE_LABELS[Purpose(one.purpose)], "question": asked.get(one.number),
            "chapters": "、".join(label for category, label in CATEGORY_LABELS.items() if category in chapters),
        }
        for one, chapters in ((one, queries.outline(one)) for one in page)
    ]  # fmt: skip
    return {
        "readings": rows, "readings_page": page, "today": local_day(timezone.now()),
        "may_ask": may(Permission.QUESTION_ASK, by=request.actor, over=request.actor.house),
    }  # fmt: skip


@with_enterprise
@require_http_methods(["POST"])
def ask(request: Request, number: str) -> HttpResponse:
    """`number`: the report that the institution opened."""
    question = actions.ask(uscc=request.uscc, report_number=number, by=request.actor, at=timezone.now())
    messages.success(request, f"已询问{question.institution_name}，应在 {question.due_on} 前书面答复。")
    return redirect("enterprise:report")
