"""The credit report, opened for an application: a POST that books, then the numbered document."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from jinfuyun.applications import queries as applications
from jinfuyun.kit.errors import NotGranted
from jinfuyun.kit.grant import Purpose, Reader, ReaderKind
from jinfuyun.reports import actions, queries
from jinfuyun.web import reports
from jinfuyun.web.bank.desk import HANDLERS
from jinfuyun.web.guards import staff
from jinfuyun.web.request import Request


@staff(*HANDLERS)
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
        return redirect("bank:application", number=number)
    return redirect("bank:report", number=report)


def _of_own_branch(request: Request, number: str) -> None:
    """A report is read by whoever sees the application it was opened for; raises NotFound."""
    if request.actor.unit:
        found = queries.report(number, visible_to_actor=request.actor)
        applications.application(found.because, visible_to=request.actor)


@staff(*HANDLERS)
@require_http_methods(["GET"])
def page(request: Request, number: str) -> HttpResponse:
    _of_own_branch(request, number)
    return reports.page(request, request.actor, number)


@staff(*HANDLERS)
@require_http_methods(["GET"])
def pdf(request: Request, number: str) -> HttpResponse:
    _of_own_branch(request, number)
    return reports.pdf(request.actor, number)


@staff(*HANDLERS)
@require_http_methods(["GET"])
def exported(request: Request, number: str, form: str) -> HttpResponse:
    _of_own_branch(request, number)
    return reports.exported(request.actor, number, form)
