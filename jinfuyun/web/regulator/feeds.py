"""数据监管: each department and feed in a month, as figures, bars, table and file."""

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from jinfuyun.kit.actor import Role
from jinfuyun.supervision.queries import feeds
from jinfuyun.supervision.queries.feeds import BY_NAME, FIGURES, Supply
from jinfuyun.supervision.shown import charts
from jinfuyun.web import figures
from jinfuyun.web.guards import staff
from jinfuyun.web.regulator.overview import FILE_UNITS, as_file
from jinfuyun.web.request import Request

CARDS = (
    "collected_share", "timely_share", "quality_share", "coverage_share", "reports", "loans", "helped", "loans_fen"
)  # fmt: skip
FIRST_DRAWN = "timely_share"


@staff(Role.REGULATOR)
@require_safe
def page(request: Request) -> HttpResponse:
    found = _seen(request)
    drawn = BY_NAME.get(request.GET.get("figure", ""), BY_NAME[FIRST_DRAWN])
    rows = [(one.label, one.values[drawn.name], figures.short(drawn, one.values[drawn.name]))
            for one in found.departments]  # fmt: skip
    cards = [
        {"name": one.name, "label": one.label, "value": None if value is None else figures.short(one, value),
         "unit": figures.unit_of(one), "tone": ""}
        for one in map(BY_NAME.__getitem__, CARDS) for value in [found.total.values[one.name]]
    ]  # fmt: skip
    context = {
        "found": found, "drawn": drawn, "months": feeds.months_offered(timezone.now()), "cards": cards,
        "all": FIGURES, "of": BY_NAME, "figures": figures,
        "chart": charts.bars("chart-data", f"{figures.heading(drawn)}按部门", rows), "rows": rows,
    }  # fmt: skip
    return render(request, "regulator/data.html", context)


@staff(Role.REGULATOR)
@require_safe
def download(request: Request, kind: str) -> HttpResponseBase:
    """Every figure of every feed; the last line says what each counts."""
    found = _seen(request)
    write = figures.number if kind == "xlsx" else figures.exact
    labels = {one.code: one.label for one in found.departments}
    heading = ("部门", "数据", *(f"{one.label}（{FILE_UNITS.get(one.unit, one.unit.value)}）" for one in FIGURES))
    rows = [
        (labels.get(line.department, line.label), line.label, *(write(one, line.values[one.name]) for one in FIGURES))
        for line in (*found.feeds, found.total)
    ]
    told = ("口径", f"{found.month} 当月", *(one.definition for one in FIGURES))
    return as_file(f"data-{found.month}", kind, "数据监管", heading, [*rows, told])


def _seen(request: Request) -> Supply:
    at = timezone.now()
    return feeds.supply(
        month=feeds.month_asked(request.GET.get("month", ""), at), visible_to=request.actor, at=at
    )  # fmt: skip
