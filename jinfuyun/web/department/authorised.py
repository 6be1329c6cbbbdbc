"""授权名单: whose consent in force covers this department's data; the same as a file, which is booked."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from jinfuyun.deliveries import actions, queries
from jinfuyun.kit.grant import CATEGORY_LABELS
from jinfuyun.kit.permissions import DEPARTMENT_PEOPLE
from jinfuyun.web.guards import staff
from jinfuyun.web.request import Request

PAGE_SIZE = 50


@staff(*DEPARTMENT_PEOPLE)
@require_safe
def listing(request: Request) -> HttpResponse:
    found = queries.authorised(request.actor, at=timezone.now())
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "department/authorised.html", {"page": page, "categories": CATEGORY_LABELS})


@staff(*DEPARTMENT_PEOPLE)
@require_POST
def file(request: Request) -> HttpResponse:
    at = timezone.now()
    answer = HttpResponse(actions.take_authorised(by=request.actor, at=at), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="authorised-{timezone.localtime(at):%Y%m%d}.csv"'
    answer["Cache-Control"] = "no-store, private"
    return answer
