"""交叉统计: drawdowns by any two kinds, in any months, as of the last night; counted anew when somebody asks for it."""

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from jinfuyun.kit.actor import Role
from jinfuyun.supervision import actions
from jinfuyun.supervision.queries import BY_NAME, Indicator, cross
from jinfuyun.supervision.queries.cross import AXES, CITY, Crosstab
from jinfuyun.supervision.queries.structure import FIGURES
from jinfuyun.web import figures
from jinfuyun.web.guards import staff
from jinfuyun.web.regulator.overview import as_file
from jinfuyun.web.request import Request

SHOWN = tuple(BY_NAME[name] for name in FIGURES)
HIDDEN = "*"
Cell = str | int | float
MONTHS_SHOWN = 12  # unless others are asked for


class Asked(NamedTuple):
    """What the address asks for; what it does not say, or says wrongly, is as the page begins."""

    rows: str
    columns: str
    figure: Indicator
    since: str
    until: str
    with_xiamen: bool


@staff(Role.REGULATOR)
@require_safe
def page(request: Request) -> HttpResponse:
    months = cross.months()
    asked = _asked(request, months)
    found = _found(request, asked)
    context = {
        "asked": asked, "found": found, "axes": AXES, "shown": SHOWN, "months": months, "figures": figures,
        "lines": _masked(found, partial(figures.short, asked.figure)) if found else [],
    }  # fmt: skip
    return render(request, "regulator/cross.html", context)


@staff(Role.REGULATOR)
@require_safe
def download(request: Request, kind: str) -> HttpResponseBase:
    """The table as it is shown, with figures as they are counted; empty before the first night."""
    asked = _asked(request, cross.months())
    found, one = _found(request, asked), asked.figure
    rows = [(label, *cells) for label, cells in _masked(found, partial(figures.number, one))] if found else []
    name = f"cross-{one.name}-{asked.rows}-{asked.columns}-{asked.since}-{asked.until}"
    return as_file(name, kind, one.label, (AXES[asked.rows], *(found.heads if found else ())), rows)


@staff(Role.REGULATOR)
@require_POST
def gather(request: Request) -> HttpResponse:
    actions.gather_drawdowns(by=request.actor)
    messages.success(request, "已开始按最新明细重新汇总，完成后刷新本页即可看到新的截止时刻。")
    return redirect("regulator:cross")


def _asked(request: Request, months: tuple[str, ...]) -> Asked:
    said = request.GET
    rows = said.get("rows", "") if said.get("rows") in AXES else "industry"
    others = [axis for axis in AXES if axis != rows]
    columns = said.get("columns", "") if said.get("columns") in others else CITY if CITY in others else others[0]
    figure = BY_NAME[said.get("figure", "")] if said.get("figure") in FIGURES else SHOWN[0]
    last = months[-1] if months else f"{timezone.localtime():%Y-%m}"
    first = months[-MONTHS_SHOWN:][0] if months else last
    since, until = (
        said.get(name, "") if said.get(name) in months else of for name, of in (("since", first), ("until", last))
    )
    return Asked(rows, columns, figure, min(since, until), max(since, until), said.get("xiamen") != "without")


def _found(request: Request, asked: Asked) -> Crosstab | None:
    return cross.crosstab(
        rows=asked.rows, columns=asked.columns, figure=asked.figure.name, since=asked.since, until=asked.until,
        visible_to=request.actor, with_xiamen=asked.with_xiamen,
    )  # fmt: skip


def _masked(found: Crosstab, write: Callable[[int | None], Cell]) -> list[tuple[str, list[Cell]]]:
    return [
        (label, [HIDDEN if (r, c) in found.gone else write(value) for c, value in enumerate(values)])
        for r, (label, values) in enumerate(found.lines)
    ]
