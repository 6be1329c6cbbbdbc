"""投诉平台: what enterprises complain about in the platform itself; its operators answer in writing."""

from django.http import HttpResponse
from django.views.decorators.http import require_http_methods, require_safe

from jinfuyun.kit.actor import Role
from jinfuyun.web import oversight
from jinfuyun.web.guards import staff
from jinfuyun.web.oversight import Desk
from jinfuyun.web.request import Request

DESK = Desk(
    "operator:complaints", "operator:complaint", "operator:complaint_file",
    "企业对平台的投诉，先到期的在前；答复企业会原文看到",
)  # fmt: skip


@staff(Role.OPERATOR)
@require_safe
def listing(request: Request) -> HttpResponse:
    return oversight.complaint_listing(request, DESK)


@staff(Role.OPERATOR)
@require_http_methods(["GET", "POST"])
def detail(request: Request, number: str) -> HttpResponse:
    return oversight.complaint_page(request, DESK, number)


@staff(Role.OPERATOR)
@require_safe
def file(request: Request, number: str) -> HttpResponse:
    return oversight.complaint_file(request, number)
