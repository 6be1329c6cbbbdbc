"""Each chart of the regulator's pages to take away: as a picture, and its table as Excel and CSV."""

from collections.abc import Callable
from typing import NamedTuple

from django.conf import settings
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.template import engines
from django.utils import timezone
from django.views.decorators.http import require_safe

from jinfuyun.kit.actor import Role
from jinfuyun.kit.errors import NotFound
from jinfuyun.storage.typesetting import typesetter
from jinfuyun.supervision.queries import Indicator, Overview
from jinfuyun.supervision.queries import months as closed
from jinfuyun.supervision.shown import charts
from jinfuyun.web import figures
from jinfuyun.web.guards import staff
from jinfuyun.web.public import province_map
from jinfuyun.web.regulator import funnel, structure
from jinfuyun.web.regulator.overview import (
    FILE_UNITS,
    Cells,
    as_file,
    asked_figure,
    coloured,
    seen,
    total_label,
    trend_of,
)
from jinfuyun.web.request import Request

# The page's colours of the map: a picture has no style sheet beside it.
MAP_STYLE = (
    "<style>path{stroke:#ffffff;stroke-width:2}text{font-family:'Noto Sans SC';font-size:21px;fill:#16263b}"
    ".level-0{fill:#e9eef5}.level-1{fill:#cfe0f5}.level-2{fill:#9fc1ea}.level-3{fill:#5f95d6}.level-4{fill:#2463ae}"
    ".level-5{fill:#0b2f66}.on-4 text,.on-5 text{fill:#ffffff}</style>"
)


class Drawn(NamedTuple):
    """`rows`: as numbers, for files."""

    title: str
    svg: str
    told: str
    heading: tuple[str, ...]
    rows: list[Cells]


def _unit(one: Indicator) -> str:
    return f"{one.label}（{FILE_UNITS.get(one.unit, one.unit.value)}）"


def _trend(request: Request, found: Overview) -> Drawn:
    one = asked_figure(request)
    months = trend_of(request, one, found.month or next(iter(closed.months()), ""))
    if not months:
        raise NotFound("还没有关账的月份。")
    chart = charts.trend(one, months)
    rows: list[Cells] = [(month, figures.number(one, value)) for month, value in months]
    return Drawn(f"{found.scope.name}{chart.title}", chart.svg, chart.told, ("月份", _unit(one)), rows)


def _funnel(request: Request, found: Overview) -> Drawn:
    steps = funnel.rows(found.own)
    chart = charts.bars("chart-funnel", "融资漏斗", [step[:3] for step in steps])
    rows: list[Cells] = [
        (one.label, "" if one.value is None else one.value, one.kept, one.lost, one.reasons) for one in steps
    ]
    heading = ("环节", "数量", "较上一环节", "减少", "减少的原因（笔）")
    return Drawn(f"{found.scope.name}融资漏斗", chart.svg, chart.told, heading, rows)


def _map(request: Request, found: Overview) -> Drawn:
    one = asked_figure(request)
    title = f"{one.label}分市"
    env = engines["jinja2"].env  # type: ignore[attr-defined]  # Django's type of an engine knows no environment
    svg = str(env.get_template("public/map.html").module.shaded(province_map.drawing(), coloured(one, found), title))
    svg = svg.strip().replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1).replace(">", f">{MAP_STYLE}", 1)
    rows: list[Cells] = [(city.name, figures.number(one, values[one.name])) for city, values in found.cities]
    rows.append((total_label(found), figures.number(one, found.total[one.name])))
    unit = figures.unit_of(one)
    return Drawn(f"{title}（{unit}）" if unit else title, svg, title, ("地区", _unit(one)), rows)


def _structure(request: Request, found: Overview) -> Drawn:
    _, _, of = structure.asked(request)
    chart = structure.chart(of)
    rows: list[Cells] = [
        (label, *(figures.number(one, values[one.name]) for one in structure.SHOWN)) for label, values in of.rows
    ]
    return Drawn(chart.title, chart.svg, chart.told, (of.dimension.label, *map(_unit, structure.SHOWN)), rows)


CHARTS: dict[str, Callable[[Request, Overview], Drawn]] = {
    "trend": _trend, "funnel": _funnel, "map": _map, "structure": _structure,
}  # fmt: skip


@staff(Role.REGULATOR)
@require_safe
def download(request: Request, name: str, kind: str) -> HttpResponseBase:
    """What the page shows for the same query."""
    if name not in CHARTS:
        raise NotFound
    found = seen(request)
    drawn = CHARTS[name](request, found)
    stem = f"{name}-{found.month or 'now'}"
    if kind != "png":
        return as_file(stem, kind, "数据", drawn.heading, drawn.rows)
    at = f"{timezone.localtime(found.at):%Y-%m-%d %H:%M}"
    note = f"福建省金融服务云平台　{'含' if found.with_xiamen else '不含'}厦门　" + (
        f"{found.month} 月度数据" if found.month else f"数据截至 {at}"
    )
    setter = typesetter(settings.DOCUMENT_FONTS)
    answer = HttpResponse(
        setter.png(drawn.svg, told=drawn.told, title=drawn.title, note=note), content_type="image/png"
    )
    answer["Content-Disposition"] = f'attachment; filename="{stem}.png"'
    return answer
