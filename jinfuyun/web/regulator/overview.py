"""The regulator's page: live figures, the map with its table, and all of it as a file."""

from itertools import groupby

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from jinfuyun.kit import regions
from jinfuyun.kit.actor import Role
from jinfuyun.kit.export import csv_text
from jinfuyun.kit.regions import Region
from jinfuyun.supervision import queries
from jinfuyun.supervision.queries import BY_NAME, INDICATORS, Indicator, Overview
from jinfuyun.supervision.rules import Unit, Values
from jinfuyun.web import figures
from jinfuyun.web.guards import staff
from jinfuyun.web.public import province_map
from jinfuyun.web.request import Request

FILE_UNITS = {Unit.FEN: "元", Unit.BP: "%", Unit.MINUTE: "分钟"}
FIRST_DRAWN = "consented"
GROUPS = tuple((group.value, tuple(shown)) for group, shown in groupby(INDICATORS, key=lambda one: one.group))
LOCAL_GROUPS = tuple((group, shown) for group, shown in GROUPS if any(one.source.region for one in shown))


@staff(Role.REGULATOR)
@require_safe
def page(request: Request) -> HttpResponse:
    found = _found(request)
    drawn = BY_NAME.get(request.GET.get("figure", ""), BY_NAME[FIRST_DRAWN])
    context = {
        "found": found, "is_province": found.scope == regions.PROVINCE, "total_label": _total_label(found),
        "groups": [(group, [_card(one, found) for one in shown]) for group, shown in GROUPS],
        "drawn": drawn, "drawn_rows": _rows(drawn, found), "choices": LOCAL_GROUPS,
        "drawing": province_map.drawing(), "coloured": _coloured(drawn, found), "figures": figures,
        "indicators": INDICATORS,
    }  # fmt: skip
    return render(request, "regulator/overview.html", context)


@staff(Role.REGULATOR)
@require_safe
def download(request: Request) -> HttpResponse:
    """Every figure by city with its definition."""
    found = _found(request)
    heading = ("指标", "单位", _total_label(found), *(city.name for city, _ in found.cities), "口径", "统计时刻")
    at = timezone.localtime(found.at)
    rows = [
        (
            one.label, FILE_UNITS.get(one.unit, one.unit.value),
            figures.exact(one, found.total[one.name]),
            *(figures.exact(one, values[one.name]) for _, values in found.cities),
            figures.definition(one), f"{at:%Y-%m-%d %H:%M:%S}",
        )
        for one in INDICATORS
    ]  # fmt: skip
    answer = HttpResponse(csv_text(heading, rows), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="figures-{at:%Y%m%d-%H%M}.csv"'
    return answer


def _found(request: Request) -> Overview:
    with_xiamen = request.GET.get("xiamen") != "without"
    return queries.overview(visible_to=request.actor, with_xiamen=with_xiamen, at=timezone.now())


def _total_label(found: Overview) -> str:
    return f"全省（{'含' if found.with_xiamen else '不含'}厦门）"


def _card(one: Indicator, found: Overview) -> figures.Card:
    """The province's regulator reads the province's figure, a city's the city's beside the province's."""
    total = found.total[one.name]
    if found.scope == regions.PROVINCE or not one.source.region:
        return figures.card(one, total, "" if found.scope == regions.PROVINCE else "全省")
    [(_, values)] = found.cities
    return figures.card(one, values[one.name], f"全省 {figures.short(one, total)}")


def _rows(one: Indicator, found: Overview) -> list[tuple[Region, str]]:
    """Cities with the largest value first; what is unknown comes last."""

    def size(row: tuple[Region, Values]) -> int:
        value = row[1][one.name]
        return -1 if value is None else value

    ordered = sorted(found.cities, key=size, reverse=True)
    return [(city, figures.short(one, values[one.name])) for city, values in ordered]


def _coloured(one: Indicator, found: Overview) -> list[province_map.Coloured]:
    values = {city.code: values[one.name] for city, values in found.cities}
    return province_map.coloured(values, {code: figures.short(one, value) for code, value in values.items()})
