"""The institution's copy: opened through an application, by a POST that books before anything is shown."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from jinfuyun.applications import queries as applications
from jinfuyun.kit.actor import Role
from jinfuyun.kit.errors import NotGranted
from jinfuyun.kit.grant import Purpose, Reader, ReaderKind
from jinfuyun.reports import actions
from jinfuyun.web import reports
from jinfuyun.web.guards import staff
from jinfuyun.web.request import Request


@staff(Role.OFFICER, Role.APPROVER)
@require_http_methods(["POST"])
def open_report(request: Request, number: str) -> HttpResponse:
    application = applications.application(number, visible_to=request.actor)
    try:
        report = actions.open_report(
            uscc=application.uscc, reader=Reader(ReaderKind.INSTITUTION, application.institution.code),
            reader_name=application.institution.name, purpose=Purpose.PRE_LOAN, because=application.number,
            by=request.actor, at=timezone.now(),
        )  # fmt: skip
    except NotGranted as refusal:
        messages.error(request, str(refusal))
        return redirect(f"/bank/applications/{number}")
    return redirect("bank_reports:page", number=report)


@staff(Role.OFFICER, Role.APPROVER)
@require_http_methods(["GET"])
def page(request: Request, number: str) -> HttpResponse:
    return reports.page(request, request.actor, number)


@staff(Role.OFFICER, Role.APPROVER)
@require_http_methods(["GET"])
def pdf(request: Request, number: str) -> HttpResponse:
    return reports.pdf(request.actor, number)


app_name = "bank_reports"
urlpatterns = [
    path("applications/<code:number>/report", open_report, name="open"),
    path("reports/<code:number>", page, name="page"),
    path("reports/<code:number>/pdf", pdf, name="pdf"),
]
