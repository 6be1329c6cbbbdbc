"""The enterprise's own credit report: free, before any bank sees one."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from jinfuyun.consents import queries as consents
from jinfuyun.enterprises import queries as enterprises
from jinfuyun.kit.errors import NotGranted
from jinfuyun.kit.grant import Purpose, Reader, ReaderKind
from jinfuyun.kit.permissions import Permission, require
from jinfuyun.reports import actions, queries
from jinfuyun.web import reports
from jinfuyun.web.enterprise import readings
from jinfuyun.web.guards import with_enterprise
from jinfuyun.web.request import Request


@with_enterprise
@require_http_methods(["GET", "POST"])
def own(request: Request) -> HttpResponse:
    """See the newest, or have one made now."""
    require(Permission.REPORT_OWN, by=request.actor, over=request.actor.house)
    at = timezone.now()
    if request.method == "POST":
        try:
            number = actions.open_report(
                uscc=request.uscc, reader=Reader(ReaderKind.ENTERPRISE, request.uscc),
                reader_name=enterprises.profile(request.uscc).name, purpose=Purpose.OWN_VIEW, because="",
                by=request.actor, at=at,
            )  # fmt: skip
        except NotGranted:
            messages.error(request, "授权书未签署或已失效，请先签署授权书。")
            return redirect("enterprise:consents")
        return redirect("enterprise:report_page", number=number)
    context = {
        "living": consents.living(request.uscc),
        "mine": queries.visible_to(request.actor).order_by("-made_at")[:20],
        **readings.beside(request),
    }
    return render(request, "enterprise/report.html", context)


@with_enterprise
@require_http_methods(["GET"])
def page(request: Request, number: str) -> HttpResponse:
    return reports.page(request, request.actor, number)


@with_enterprise
@require_http_methods(["GET"])
def pdf(request: Request, number: str) -> HttpResponse:
    return reports.pdf(request.actor, number)


@with_enterprise
@require_http_methods(["GET"])
def exported(request: Request, number: str, form: str) -> HttpResponse:
    return reports.exported(request.actor, number, form)
