"""督办: what was not answered in time, by departments and by institutions."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from jinfuyun.disputes import queries
from jinfuyun.kit.actor import Role
from jinfuyun.kit.calendar import local_day
from jinfuyun.web.guards import staff
from jinfuyun.web.request import Request

PAGE_SIZE = 30


@staff(Role.OPERATOR)
@require_http_methods(["GET"])
def listing(request: Request) -> HttpResponse:
    today = local_day(timezone.now())
    disputes, questions = queries.late(request.actor, today=today), queries.late_questions(request.actor, today=today)
    context = {
        "today": today, "departments": queries.ANSWERER_LABELS,
        "page": Paginator(disputes, PAGE_SIZE).get_page(request.GET.get("page")),
        "questions": Paginator(questions, PAGE_SIZE).get_page(request.GET.get("questions")),
    }  # fmt: skip
    return render(request, "operator/disputes.html", context)
