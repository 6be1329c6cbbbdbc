"""投诉 of the region: all about institutions are seen, those that went up are answered here."""

from django.http import HttpResponse
from django.views.decorators.http import require_http_methods, require_safe

from jinfuyun.kit.actor import Role
from jinfuyun.oversight import actions
from jinfuyun.oversight.rules import Act
from jinfuyun.web import oversight
from jinfuyun.web.guards import staff
from jinfuyun.web.oversight import Desk
from jinfuyun.web.regulator.tabs import tabs
from jinfuyun.web.request import Request

DESK = Desk(
    "regulator:complaints", "regulator:complaint", "regulator:complaint_file",
    "辖内企业对机构的投诉，和上报管理部门的投诉，先到期的在前", Act.SETTLE, actions.settle, "regulator:note_new",
)  # fmt: skip


@staff(Role.REGULATOR)
@require_safe
def listing(request: Request) -> HttpResponse:
    return oversight.complaint_listing(request, DESK, {"tabs": tabs(request, "complaints")})


@staff(Role.REGULATOR)
@require_http_methods(["GET", "POST"])
def detail(request: Request, number: str) -> HttpResponse:
    return oversight.complaint_page(request, DESK, number)


@staff(Role.REGULATOR)
@require_safe
def file(request: Request, number: str) -> HttpResponse:
    return oversight.complaint_file(request, number)
