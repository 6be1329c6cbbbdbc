"""For load balancers and supervisors: alive, and ready to serve."""

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone

from jinfuyun.jobs import queries as jobs
from jinfuyun.reports import queries as reports


def alive(request: HttpRequest) -> HttpResponse:
    """This process answers."""
    return HttpResponse("ok", content_type="text/plain")


def ready(request: HttpRequest) -> HttpResponse:
    """Everything that a page needs is there: 200, else 503, with what is missing."""
    try:
        worker, database = jobs.worker_is_alive(timezone.now()), True
    except DatabaseError:
        worker, database = False, False
    parts = {"database": database, "lake": reports.lake_is_readable(), "worker": worker}
    return JsonResponse(parts, status=200 if all(parts.values()) else 503)
