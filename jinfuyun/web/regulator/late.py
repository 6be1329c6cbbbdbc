"""逾期申请: applications of the region over their time, by institution and branch, with the way to call back."""

from collections.abc import Iterator
from datetime import date
from typing import Any, NamedTuple

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from jinfuyun.applications.queries import HEAD_OFFICE
from jinfuyun.applications.rules import State
from jinfuyun.kit import regions
from jinfuyun.kit.actor import Role
from jinfuyun.kit.calendar import local_day, working_days_between
from jinfuyun.oversight import actions, queries
from jinfuyun.oversight.rules import CLOCKS, About
from jinfuyun.web.guards import staff
from jinfuyun.web.oversight import page_of
from jinfuyun.web.regulator.overview import as_file
from jinfuyun.web.regulator.tabs import tabs
from jinfuyun.web.request import Request
from jinfuyun.workdays import queries as workdays

HEADING = ("申请编号", "机构", "网点", "产品", "地区", "办理环节", "应办结", "超时（工作日）", "督办单")


class Row(NamedTuple):
    """`days`: working days over time. No enterprise is named."""

    number: str
    institution: str
    unit: str
    product: str
    region: str
    clock: str
    due_on: date
    days: int
    note: str


def rows_of(found: Any, today: date) -> Iterator[Row]:
    found, notices = list(found), workdays.notices()
    notes = queries.open_notes(About.APPLICATION, [one.number for one in found])
    for one in found:
        yield Row(
            one.number, one.institution.name, one.unit.name if one.unit else HEAD_OFFICE, one.version.name,
            regions.full_name(one.region_code), CLOCKS[State(one.state)], one.due_on,
            working_days_between(one.due_on, today, notices), notes.get(one.number, ""),
        )  # fmt: skip


def _found(request: Request, today: date) -> Any:
    asked = {name: request.GET.get(name, "") for name in ("institution", "city")}
    return queries.late(request.actor, today=today, **asked)


@staff(Role.REGULATOR)
@require_safe
def listing(request: Request) -> HttpResponse:
    today = local_day(timezone.now())
    page = page_of(request, _found(request, today))
    cities = [(one.code, one.name) for one in regions.CITIES]
    context = {
        "page": page, "rows": list(rows_of(page.object_list, today)), "tabs": tabs(request, "late"),
        "institutions": queries.late_institutions(request.actor, today=today),
        "cities": cities if request.actor.house and request.actor.house.code == regions.PROVINCE_CODE else [],
    }  # fmt: skip
    return render(request, "regulator/late.html", context)


@staff(Role.REGULATOR)
@require_safe
def download(request: Request) -> HttpResponseBase:
    """The list as it is filtered, without any enterprise's name."""
    today = local_day(timezone.now())
    rows = [(*row[:6], f"{row.due_on}", *row[7:]) for row in rows_of(_found(request, today), today)]
    return as_file(f"late-{today:%Y%m%d}", "xlsx", "逾期申请", HEADING, rows)


@staff(Role.REGULATOR)
@require_POST
def call_back(request: Request, number: str) -> HttpResponse:
    """Name and phone of one application. A POST, because the look is booked and shown to the enterprise."""
    found = actions.call_back(number=number, by=request.actor, at=timezone.now())
    context = {"application": found, "clock": CLOCKS[State(found.state)]}
    return render(request, "regulator/late_one.html", context)
