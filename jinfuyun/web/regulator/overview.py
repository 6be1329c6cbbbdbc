"""The regulator's page: figures live or of a closed month, how they went, the map with its table; and as a file."""

from collections.abc import Callable, Iterable
from itertools import groupby

from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from jinfuyun.kit import period, regions
from jinfuyun.kit.actor import Role
from jinfuyun.kit.export import csv_lines, csv_text
from jinfuyun.kit.regions import Region
from jinfuyun.supervision import queries
from jinfuyun.supervision.paper import workbook
from jinfuyun.supervision.queries import BY_NAME, INDICATORS, MONTHLY, UNANSWERED, Indicator, Overview, structure
from jinfuyun.supervision.queries import months as closed
from jinfuyun.supervision.rules import Group, Unit, Values
from jinfuyun.supervision.shown import charts
from jinfuyun.web import figures
from jinfuyun.web.guards import staff
from jinfuyun.web.public import province_map
from jinfuyun.web.regulator import funnel
from jinfuyun.web.request import Request

FILE_UNITS = {Unit.FEN: "元", Unit.BP: "%", Unit.MINUTE: "分钟"}
FIRST_DRAWN = "consented"
GROUPS = tuple((group.value, tuple(shown)) for group, shown in groupby(INDICATORS, key=lambda one: one.group))
LOCAL_GROUPS = tuple((group, shown) for group, shown in GROUPS if any(one.source.region for one in shown))
# At a glance; the other groups are folded.
GLANCE = (
    Group.ENTERPRISES, Group.MARKET, Group.APPLICATIONS, Group.LOANS, Group.KINDS, Group.RATES, Group.CLOCKS
)  # fmt: skip
TREND_MONTHS = 13
CSV = "text/csv; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@staff(Role.REGULATOR)
@require_safe
def page(request: Request) -> HttpResponse:
    closed_months = closed.months()
    if closed_months and not request.GET:  # live figures are counted from every row there is: for who asks for them
        return redirect(f"{request.path}?month={closed_months[0]}")
    found = seen(request)
    drawn = asked_figure(request)
    shown = indicators_of(found)
    compared = _compared(request, found)
    trend = trend_of(request, drawn, found.month or next(iter(closed_months), ""))
    steps = funnel.rows(found.own)
    city = regions.find(request.GET.get("city", ""))
    counties, counties_kept = _counties(request, drawn, city, found)
    cards = [(group, [card_of(one, found, compared) for one in of if one in shown]) for group, of in GROUPS]
    context = {
        "found": found, "is_province": found.scope == regions.PROVINCE, "total_label": total_label(found),
        "glance": [(group, of) for group, of in cards if group in GLANCE],
        "folded": [(group, of) for group, of in cards if group not in GLANCE],
        "drawn": drawn, "drawn_rows": city_rows(drawn, found), "choices": LOCAL_GROUPS,
        "drawing": province_map.drawing(), "coloured": coloured(drawn, found), "figures": figures,
        "indicators": shown, "months": closed_months, "trend": trend,
        "trend_chart": charts.trend(drawn, trend) if trend else None,
        "funnel": steps, "funnel_chart": charts.bars("chart-funnel", "融资漏斗", [step[:3] for step in steps]),
        "city": city, "counties": counties, "counties_kept": counties_kept, "unanswered": UNANSWERED,
    }  # fmt: skip
    return render(request, "regulator/overview.html", context)


@staff(Role.REGULATOR)
@require_safe
def download(request: Request, kind: str) -> HttpResponseBase:
    """Every figure by city with its definition."""
    found = seen(request)
    heading = ("指标", "单位", total_label(found), *(city.name for city, _ in found.cities), "口径", "统计时刻")
    at = timezone.localtime(found.at)
    write: Callable[[Indicator, int | None], str | int | float] = figures.number if kind == "xlsx" else figures.exact
    rows = [
        (
            one.label, FILE_UNITS.get(one.unit, one.unit.value),
            write(one, found.total[one.name]),
            *(write(one, values[one.name]) for _, values in found.cities),
            figures.definition(one, of_month=bool(found.month)), f"{at:%Y-%m-%d %H:%M:%S}",
        )
        for one in indicators_of(found)
    ]  # fmt: skip
    return as_file(f"figures-{found.month or f'{at:%Y%m%d-%H%M}'}", kind, "指标", heading, rows)


Cells = tuple[str | int | float, ...]


def as_file(name: str, kind: str, sheet: str, heading: tuple[str, ...], rows: Iterable[Cells]) -> HttpResponseBase:
    """What is at hand goes as a whole; what is still being read, line by line."""
    answer: HttpResponse | StreamingHttpResponse
    if kind == "xlsx":
        answer = HttpResponse(workbook(sheet, heading, rows), content_type=XLSX)
    elif isinstance(rows, list):
        answer = HttpResponse(csv_text(heading, rows), content_type=CSV)
    else:
        answer = StreamingHttpResponse(csv_lines(heading, rows), content_type=CSV)
    answer["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    return answer


def asked_figure(request: Request) -> Indicator:
    return BY_NAME.get(request.GET.get("figure", ""), BY_NAME[FIRST_DRAWN])


def seen(request: Request) -> Overview:
    """The month of the address, or live; a month that is not closed does not exist."""
    with_xiamen = request.GET.get("xiamen") != "without"
    if request.GET.get("month"):
        return closed.month(request.GET["month"], visible_to=request.actor, with_xiamen=with_xiamen)
    return queries.overview(visible_to=request.actor, with_xiamen=with_xiamen, at=timezone.now())


def indicators_of(found: Overview) -> tuple[Indicator, ...]:
    return MONTHLY if found.month else INDICATORS


def _compared(request: Request, found: Overview) -> list[Values]:
    """The month before and the same month a year before; live figures are compared with nothing."""
    if not found.month:
        return []
    earlier = [period.shifted(found.month, back) for back in (-1, -12)]
    asked = closed.over_time(BY_NAME, earlier, visible_to=request.actor, with_xiamen=found.with_xiamen)
    return [asked[month] for month in earlier]


def trend_of(request: Request, one: Indicator, until: str) -> list[tuple[str, int | None]]:
    if not until:
        return []
    asked = [period.shifted(until, back) for back in range(1 - TREND_MONTHS, 1)]
    with_xiamen = request.GET.get("xiamen") != "without"
    found = closed.over_time([one.name], asked, visible_to=request.actor, with_xiamen=with_xiamen)
    return [(month, values[one.name]) for month, values in found.items()]


def _counties(
    request: Request, one: Indicator, city: Region | None, found: Overview
) -> tuple[list[tuple[Region, str]], bool]:
    if city is None or not one.source.region:
        return [], False
    asked, kept = structure.counties(
        one.name, city=city, visible_to=request.actor, span=found.span, month=found.month
    )  # fmt: skip
    return [(county, figures.short(one, values[one.name])) for county, values in asked], kept


def total_label(found: Overview) -> str:
    return f"全省（{'含' if found.with_xiamen else '不含'}厦门）"


def card_of(one: Indicator, found: Overview, compared: list[Values]) -> figures.Card:
    """The province's regulator reads the province's figure, a city's the city's beside the province's."""
    is_local = found.scope != regions.PROVINCE and bool(one.source.region)
    value = found.own[one.name] if is_local else found.total[one.name]
    notes = ["已更正"] if one.name in found.corrected else []
    if found.scope != regions.PROVINCE:
        notes.append(f"全省 {figures.short(one, found.total[one.name])}" if is_local else "全省")
    for words, before in zip(("较上月", "较上年同月"), compared, strict=False):
        change = figures.change(one, value, before[one.name])
        notes += [] if change == figures.MISSING else [f"{words} {change}"]
    return figures.card(one, value, "，".join(notes), of_month=bool(found.month))


def city_rows(one: Indicator, found: Overview) -> list[tuple[Region, str]]:
    """Cities with the largest value first; what is unknown comes last."""

    def size(row: tuple[Region, Values]) -> int:
        value = row[1][one.name]
        return -1 if value is None else value

    ordered = sorted(found.cities, key=size, reverse=True)
    return [(city, figures.short(one, values[one.name])) for city, values in ordered]


def coloured(one: Indicator, found: Overview) -> list[province_map.Coloured]:
    values = {city.code: values[one.name] for city, values in found.cities}
    return province_map.coloured(values, {code: figures.short(one, value) for code, value in values.items()})
