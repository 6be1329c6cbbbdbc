"""平台数据异议: what enterprises object to in figures that the platform itself recorded or reckoned."""

from django.http import HttpResponse
from django.views.decorators.http import require_http_methods, require_safe

from jinfuyun.kit.actor import Role
from jinfuyun.web import answering
from jinfuyun.web.guards import staff
from jinfuyun.web.request import Request

DESK = answering.Desk(
    "operator:objections", "operator:objection", "operator:objection_act",
    "企业认为平台的评分、指标计算或平台内记录有误", answering.OwnAnswerForm,
)  # fmt: skip


@staff(Role.OPERATOR)
@require_safe
def listing(request: Request) -> HttpResponse:
    return answering.listing(request, DESK)


@staff(Role.OPERATOR)
@require_safe
def detail(request: Request, number: str) -> HttpResponse:
    return answering.detail(request, DESK, number)


@staff(Role.OPERATOR)
@require_http_methods(["POST"])
def act(request: Request, number: str, name: str) -> HttpResponse:
    return answering.act(request, DESK, number, name)
