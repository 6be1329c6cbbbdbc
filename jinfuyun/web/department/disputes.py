"""数据异议 at the desk of the department that delivered the figure."""

from django.http import HttpResponse
from django.views.decorators.http import require_http_methods, require_safe

from jinfuyun.kit.permissions import DEPARTMENT_PEOPLE
from jinfuyun.web import answering
from jinfuyun.web.guards import staff
from jinfuyun.web.request import Request

DESK = answering.Desk(
    "department:disputes", "department:dispute", "department:dispute_act", "企业认为本部门送来的数据有误"
)  # fmt: skip


@staff(*DEPARTMENT_PEOPLE)
@require_safe
def listing(request: Request) -> HttpResponse:
    return answering.listing(request, DESK)


@staff(*DEPARTMENT_PEOPLE)
@require_safe
def detail(request: Request, number: str) -> HttpResponse:
    return answering.detail(request, DESK, number)


@staff(*DEPARTMENT_PEOPLE)
@require_http_methods(["POST"])
def act(request: Request, number: str, name: str) -> HttpResponse:
    return answering.act(request, DESK, number, name)
