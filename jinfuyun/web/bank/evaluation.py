"""机构评价: an institution's own points, the peers' median, the rows behind each figure, and its appeal."""

from typing import NamedTuple

from django import forms
from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from jinfuyun.evaluation import actions
from jinfuyun.evaluation.queries import results
from jinfuyun.evaluation.queries.results import Line
from jinfuyun.evaluation.rules import OUTCOME_LABELS, WORDS_LENGTH
from jinfuyun.kit.actor import Role
from jinfuyun.kit.calendar import local_day
from jinfuyun.kit.errors import NotAllowed, Refused
from jinfuyun.kit.permissions import Permission, may
from jinfuyun.kit.reasons import NotInOrder
from jinfuyun.supervision.queries.counting import Behind
from jinfuyun.supervision.queries.sources import (
    LOANS,
    OWED,
    PAY_OUTS,
    PROPOSALS,
    QUESTIONS,
    QUESTIONS_DUE,
    READINGS,
    SETTLED,
)
from jinfuyun.supervision.queries.table import BASE
from jinfuyun.supervision.queries.terms import Indicator
from jinfuyun.supervision.rules import Count, Unit
from jinfuyun.web import evaluation as told
from jinfuyun.web import figures
from jinfuyun.web.forms import PoliteForm, show_reasons
from jinfuyun.web.guards import staff
from jinfuyun.web.request import Request

PAGE_SIZE = 50
# Where a row is opened; the others are applications.
PAGES = {
    **dict.fromkeys((LOANS, OWED, SETTLED, PAY_OUTS), "bank:loan"), PROPOSALS: "bank:demand", READINGS: "bank:report",
    **dict.fromkeys((QUESTIONS, QUESTIONS_DUE), "bank:question"),
}  # fmt: skip


class AppealForm(PoliteForm):
    indicator = forms.ChoiceField(label="有异议的项目")
    reason = forms.CharField(
        label="理由", max_length=WORDS_LENGTH[1], widget=forms.Textarea({"rows": 4}),
        help_text="写明哪一笔业务、哪个日期或数字不对，以什么为准。",
    )  # fmt: skip

    def __init__(self, line: Line, *args: object) -> None:
        super().__init__(*args)
        choices = [("", "请选择"), *((mark.indicator, mark.label) for mark in line.marks)]
        self.fields["indicator"].choices = choices  # type: ignore[attr-defined]  # the stubs know no field's own kind


class Rows(NamedTuple):
    """Rows of one source: the headings of its counts, and one page of the rows. `page_of`: where one is opened."""

    headings: list[str]
    page: Page[Behind]
    page_of: str
    dated: str


@staff(Role.INSTITUTION_ADMIN, Role.APPROVER)
@require_http_methods(["GET", "POST"])
def page(request: Request) -> HttpResponse:
    """One period's result; a POST appeals against it."""
    assert request.actor.house is not None, "staff belong to a house"
    offered = results.own_periods(request.actor)
    if not offered and request.method == "GET":
        return render(request, "bank/evaluation.html", {"period": ""})
    period = request.GET.get("period") or next(iter(offered), "")
    line, ranking = results.line_of(period, request.actor.house.code)
    form = AppealForm(line, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and _appealed(request, line, form):
        return redirect(f"{request.path}?period={period}")
    appeals, shown = results.appeals_in(period, visible_to=request.actor), request.GET.get("rows", "")
    context = {
        "period": period, "periods": offered, "line": line, "ranking": ranking, "told": told,
        "rows": told.rows(line.marks, ranking.medians()), "changed": results.changed_definitions(line.result.round),
        "earlier": results.earlier(line.result), "shown": shown, "behind": _behind(request, line, shown),
        "shown_label": next((mark.label for mark in line.marks if mark.indicator == shown), ""),
        "form": form, "appeals": appeals, "has_appealed": any(one.result_id == line.result.pk for one in appeals),
        "until": results.appeal_until(line.result), "today": local_day(timezone.now()),
        "answer_until": results.answer_until, "outcomes": OUTCOME_LABELS,
        "may_appeal": may(Permission.EVALUATION_APPEAL, by=request.actor, over=line.result.institution_house)
        and not request.actor.unit,
        "opens": Role.APPROVER in request.actor.roles, "amount": amount,
    }  # fmt: skip
    return render(request, "bank/evaluation.html", context, status=422 if form.errors else 200)


def _appealed(request: Request, line: Line, form: AppealForm) -> bool:
    try:
        actions.appeal(result=line.result, **form.cleaned_data, by=request.actor, at=timezone.now())
    except NotAllowed:
        raise
    except NotInOrder as refusal:
        show_reasons(form, refusal)
        return False
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return False
    messages.success(request, "申诉已提交，金融管理部门将书面答复。")
    return True


def _behind(request: Request, line: Line, shown: str) -> list[Rows]:
    """Rows are the whole institution's, so a branch sees none."""
    if not shown or request.actor.unit:
        return []
    return [
        Rows(
            [BASE[name].label for name in _counts(rows)], Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page")),
            PAGES.get(source, "bank:application"), source.dated,
        )
        for source, rows in results.behind(line.result, shown)
    ]  # fmt: skip


def _counts(rows: list[Behind]) -> list[str]:
    return list(rows[0].adds) if rows else []


def amount(name: str, count: Count) -> str:
    """What one row adds to a count: money, days, or that it counts at all."""
    one = BASE[name]
    if isinstance(count, list):
        return f"{sum(count) / figures.MINUTES_PER_DAY:.1f} 天" if count else figures.MISSING
    if isinstance(one, Indicator) and one.unit is Unit.FEN:
        return figures.short(one, count)
    return "计入" if count else figures.MISSING
