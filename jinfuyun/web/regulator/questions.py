"""逾期询问: institutions of the region that did not answer an enterprise in time. No enterprise is named here."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from jinfuyun.disputes import queries
from jinfuyun.kit.actor import Role
from jinfuyun.kit.calendar import local_day
from jinfuyun.web.guards import staff
from jinfuyun.web.regulator.tabs import tabs
from jinfuyun.web.request import Request

PAGE_SIZE = 50


@staff(Role.REGULATOR)
@require_safe
def listing(request: Request) -> HttpResponse:
    today = local_day(timezone.now())
    late = queries.late_questions(request.actor, today=today)
    page = Paginator(late, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"page": page, "today": today, "tabs": tabs(request, "questions")}
    return render(request, "regulator/questions.html", context)
