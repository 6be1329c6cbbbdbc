"""结构分析: drawdowns by kind, for the mandate's own eyes; by kind and city as a table that may be published."""

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from jinfuyun.kit import regions
from jinfuyun.kit.actor import Role
from jinfuyun.reports.charts.sheet import Chart
from jinfuyun.supervision.queries import BY_NAME, Overview, structure
from jinfuyun.supervision.queries import months as closed
from jinfuyun.supervision.queries.structure import DIMENSIONS, FIGURES, Structure
from jinfuyun.supervision.shown import charts
from jinfuyun.web import figures
from jinfuyun.web.guards import staff
from jinfuyun.web.regulator.overview import as_file, seen, total_label
from jinfuyun.web.request import Request

HIDDEN = "*"
SHOWN = tuple(BY_NAME[name] for name in FIGURES)


@staff(Role.REGULATOR)
@require_safe
def page(request: Request) -> HttpResponse:
    found, by, of = asked(request)
    context = {
        "found": found, "by": by, "dimensions": DIMENSIONS, "of": of, "shown": SHOWN, "figures": figures,
        "chart": chart(of),
        "total_label": total_label(found), "months": closed.months(), "public": _public(of),
        "is_province": found.scope == regions.PROVINCE,
    }  # fmt: skip
    return render(request, "regulator/structure.html", context)


def chart(of: Structure) -> Chart:
    drawn = [(label, values["funded_fen"], figures.short(SHOWN[1], values["funded_fen"])) for label, values in of.rows]
    return charts.bars("chart-structure", f"放款金额按{of.dimension.label}（万元）", drawn[:-1])


@staff(Role.REGULATOR)
@require_safe
def download(request: Request, kind: str) -> HttpResponseBase:
    """Drawdowns by kind and city, as it may be published."""
    found, by, of = asked(request)
    heading = (of.dimension.label, *(city.name for city in of.cities), "合计")
    rows = [(label, *cells) for label, cells in _public(of)]
    return as_file(f"structure-{by}-{found.month or 'now'}", kind, "放款笔数", heading, rows)


def asked(request: Request) -> tuple[Overview, str, Structure]:
    found, by = seen(request), request.GET.get("by", "")
    by = by if by in DIMENSIONS else "security"
    of = structure.structure(
        by=by, visible_to=request.actor, with_xiamen=found.with_xiamen, span=found.span, month=found.month
    )  # fmt: skip
    return found, by, of


def _public(of: Structure) -> list[tuple[str, list[str | int]]]:
    return [
        (label, [HIDDEN if (r, c) in of.gone else count for c, count in enumerate(of.counts[r])])
        for r, (label, _) in enumerate(of.rows)
    ]
