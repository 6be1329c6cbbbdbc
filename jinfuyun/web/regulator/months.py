"""月度关账: which months are closed, by whom; closing one, counting one again, putting one right."""

from collections.abc import Callable
from itertools import groupby

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from jinfuyun.kit import period
from jinfuyun.kit.actor import Role
from jinfuyun.kit.calendar import local_day
from jinfuyun.kit.errors import NotAllowed, Refused
from jinfuyun.supervision import actions
from jinfuyun.supervision.queries import BY_NAME, MONTHLY, PROMISED
from jinfuyun.supervision.queries import months as closed
from jinfuyun.web import figures
from jinfuyun.web.guards import staff
from jinfuyun.web.regulator.overview import FILE_UNITS, as_file
from jinfuyun.web.request import Request

OFFERED = 13  # months back that the list offers to close


@staff(Role.REGULATOR, Role.OPERATOR)
@require_safe
def listing(request: Request) -> HttpResponse:
    at = timezone.now()
    made = {month: list(of) for month, of in groupby(closed.closings(), key=lambda one: one.month)}
    last = period.shifted(period.month_of(local_day(at)), -1)
    again = None
    if request.GET.get("recount"):
        try:
            again = closed.recount(request.GET["recount"], at=at)
        except Refused as refusal:
            messages.error(request, str(refusal))
    context = {
        "rows": [(month, made.get(month, [])) for month in sorted({*made, *_offered(last)}, reverse=True)],
        "again": again, "may_close": closed.may_close(request.actor),
        "is_regulator": Role.REGULATOR in request.actor.roles,
        "figures": figures, "unpromised": [(one.label, one.source.lost) for one in MONTHLY if one.name not in PROMISED],
    }  # fmt: skip
    return render(request, "regulator/months.html", context)


@staff(Role.REGULATOR)
@require_safe
def download(request: Request) -> HttpResponseBase:
    """Every closed figure of the mandate, with its corrections beside it; line by line, for it only grows."""
    heading = ("月份", "第几版", "更正原因", "指标", "单位", "地区", "数值", "口径版本")
    kept = closed.every_figure(visible_to=request.actor)
    rows = (
        (one.closing.month, one.closing.nth + 1, one.closing.why, of.label, FILE_UNITS.get(of.unit, of.unit.value),
         closed.place_name(one.region_code, one.with_xiamen), figures.exact(of, one.value), one.version)
        for one in kept for of in [BY_NAME[one.indicator]]
    )  # fmt: skip
    return as_file("months", "csv", "月度数据", heading, rows)


def _offered(last: str) -> list[str]:
    return [period.shifted(last, -back) for back in range(OFFERED)]


@staff(Role.REGULATOR, Role.OPERATOR)
@require_POST
def close(request: Request) -> HttpResponse:
    month = request.POST.get("month", "")
    return _done(request, lambda: actions.close(month=month, by=request.actor, at=timezone.now()), f"{month} 已关账")


@staff(Role.REGULATOR, Role.OPERATOR)
@require_POST
def correct(request: Request) -> HttpResponse:
    month, why = request.POST.get("month", ""), request.POST.get("reason", "")
    return _done(
        request, lambda: actions.correct(month=month, why=why, by=request.actor, at=timezone.now()), f"{month} 已更正"
    )


def _done(request: Request, act: Callable[[], int], said: str) -> HttpResponse:
    try:
        messages.success(request, f"{said}，记下 {act():,} 个数字。")
    except NotAllowed:
        raise
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("regulator:months")
