"""机构评价 for everybody: ranks and totals that the regulator published, and how often no reason was given."""

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from jinfuyun.evaluation.queries import reckoning, results
from jinfuyun.kit.errors import NotFound
from jinfuyun.supervision.rules import SMALL_CELL
from jinfuyun.web import evaluation as told

# Counted at most so often in each process: it changes by the month, and counts a year of refusals.
UNSTATED_SECONDS = 600


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    public = results.public_periods()
    period = request.GET.get("period") or next(iter(public), "")
    if period and period not in public:
        raise NotFound
    unstated_until, unstated = _unstated()
    context = {
        "periods": public, "period": period, "rankings": results.rankings(period) if period else [], "told": told,
        "rounds": results.rounds(period) if period else [], "least": SMALL_CELL,
        "unstated_until": unstated_until, "unstated": unstated,
    }  # fmt: skip
    return render(request, "public/evaluations.html", context)


def _unstated() -> tuple[str, list[tuple[str, int | None]]]:
    kept: tuple[str, list[tuple[str, int | None]]] | None = cache.get("unstated")
    if kept is None:
        kept = reckoning.unstated()
        cache.set("unstated", kept, UNSTATED_SECONDS)
    return kept
