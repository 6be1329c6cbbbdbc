"""曾用名、变更: what the registers say the enterprise was called and known by before."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from jinfuyun.joins import queries
from jinfuyun.web.guards import with_enterprise
from jinfuyun.web.request import Request


@with_enterprise
@require_http_methods(["GET"])
def changes(request: Request) -> HttpResponse:
    context = {"changes": queries.changes_of(request.uscc), "labels": queries.CHANGE_LABELS}
    return render(request, "enterprise/changes.html", context)
