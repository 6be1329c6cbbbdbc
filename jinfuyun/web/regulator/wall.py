"""大屏: what a control room has on its wall, live, without names; refreshed piece by piece without a reload."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from jinfuyun.kit.actor import Role
from jinfuyun.supervision.queries import BY_NAME
from jinfuyun.supervision.queries import months as closed
from jinfuyun.supervision.shown import charts
from jinfuyun.web.guards import staff
from jinfuyun.web.public import province_map
from jinfuyun.web.regulator import funnel
from jinfuyun.web.regulator.overview import asked_figure, card_of, city_rows, coloured, seen, total_label, trend_of
from jinfuyun.web.request import Request

BIG = ("authenticated", "consented", "applied_fen", "approved_fen", "funded_fen", "borrowers", "first_share", "rate")
CITIES_SHOWN = 10
REFRESHED_SECONDS = 60


@staff(Role.REGULATOR)
@require_safe
def page(request: Request) -> HttpResponse:
    return render(request, "regulator/wall.html", _shown(request))


@staff(Role.REGULATOR)
@require_safe
def now(request: Request) -> HttpResponse:
    """The same without its frame."""
    return render(request, "regulator/wall_now.html", _shown(request))


def _shown(request: Request) -> dict[str, Any]:
    found, one = seen(request), asked_figure(request)
    trend = trend_of(request, BY_NAME["funded_fen"], next(iter(closed.months()), ""))
    steps = funnel.rows(found.own)
    return {
        "found": found, "cards": [card_of(BY_NAME[name], found, []) for name in BIG], "total_label": total_label(found),
        "drawn": one, "drawing": province_map.drawing(), "coloured": coloured(one, found),
        "rows": city_rows(one, found)[:CITIES_SHOWN], "seconds": REFRESHED_SECONDS,
        "trend_chart": charts.trend(BY_NAME["funded_fen"], trend) if trend else None,
        "steps": steps, "funnel_chart": charts.bars("chart-funnel", "融资漏斗", [step[:3] for step in steps]),
    }  # fmt: skip
