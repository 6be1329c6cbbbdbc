"""走访: planned, written down, as a sheet out and in."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jinfuyun.coordination import actions, queries
from jinfuyun.coordination.content import (
    FOLLOW_UPS,
    NEEDS,
    SHEET,
    SHEET_ROWS_MAX,
    TEXT_MAX,
    VISIT_LABELS,
    Plan,
    Result,
    VisitState,
)
from jinfuyun.kit import regions
from jinfuyun.kit.actor import Role
from jinfuyun.kit.calendar import local_day
from jinfuyun.kit.errors import NotAllowed, NotFound, Refused
from jinfuyun.kit.reasons import NotInOrder
from jinfuyun.storage.sheets import sheet as as_sheet
from jinfuyun.web.bank.sheets import xlsx
from jinfuyun.web.coordination import DeclareForm
from jinfuyun.web.files import with_a_file
from jinfuyun.web.forms import DayField, PoliteForm, show_reasons
from jinfuyun.web.guards import staff
from jinfuyun.web.request import Request

PAGE_SIZE = 50
BYTES_MAX = 4 << 20  # ten thousand rows are a quarter of it
WRONG_SHOWN = 200


class PlanForm(PoliteForm):
    enterprise_name = forms.CharField(label="企业名称", max_length=100)
    uscc = forms.CharField(
        label="统一社会信用代码", max_length=18, required=False, help_text="填写后，已在平台认证的企业能看到走访安排。"
    )
    region_code = forms.ChoiceField(label="所属县（市、区）")
    visitor = forms.CharField(label="走访人", max_length=40)
    planned_on = DayField(label="计划日期")

    def __init__(self, *args: Any, within: Any = None, **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["region_code"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "请选择"), *(
            (city, [one for one in counties if within is None or one[0] in within])
            for city, counties in regions.choices()
            if within is None or any(code in within for code, _ in counties)
        )]  # fmt: skip

    def clean_uscc(self) -> str:
        return str(self.cleaned_data["uscc"]).upper()


class ResultForm(DeclareForm):
    """With what a declaration asks for, needed only where one is made."""

    done_on = DayField(label="走访日期")
    need = forms.ChoiceField(label="需求类型", choices=[("", "请选择"), *NEEDS.items()])
    problem = forms.CharField(
        label="问题", max_length=TEXT_MAX, required=False, widget=forms.Textarea({"rows": 2}), help_text="企业会看到。"
    )
    next_step = forms.CharField(
        label="下一步", max_length=TEXT_MAX, required=False, widget=forms.Textarea({"rows": 2}),
        help_text="企业会看到。",
    )  # fmt: skip
    follow_up = forms.ChoiceField(
        label="后续办理", choices=list(FOLLOW_UPS.items()), required=False, widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name in ("amount_fen", "term_months", "purpose"):
            self.fields[name].required = self.data.get("follow_up") == "declare"

    def result(self) -> Result:
        return Result(**{name: self.cleaned_data[name] for name in Result.__dataclass_fields__})


class SheetForm(PoliteForm):
    file = forms.FileField(
        label="走访表", help_text=f"Excel（xlsx），不超过 {BYTES_MAX >> 20} MB、{SHEET_ROWS_MAX:,} 行。",
        error_messages={"required": "请选择一个文件。", "empty": "文件是空的。"},
    )  # fmt: skip

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > BYTES_MAX:
            raise forms.ValidationError(f"文件超过 {BYTES_MAX >> 20} MB，请拆成几个文件。")
        return file


def _asked(request: Request) -> tuple[str, str]:
    state = request.GET.get("state", "")
    return (state if state in VISIT_LABELS else ""), request.GET.get("q", "").strip()[:40]


@staff(Role.REGULATOR)
@require_safe
def listing(request: Request) -> HttpResponse:
    state, words = _asked(request)
    counts = queries.visit_counts(request.actor)
    found = queries.visits(request.actor, state=state, words=words)
    context = {
        "page": Paginator(found, PAGE_SIZE).get_page(request.GET.get("page")), "state": state, "q": words,
        "states": [(one.value, f"{label}（{counts.get(one, 0)}）") for one, label in VISIT_LABELS.items()],
        "today": local_day(timezone.now()), "PLANNED": VisitState.PLANNED,
    }  # fmt: skip
    return render(request, "regulator/visits.html", context)


@staff(Role.REGULATOR)
@require_safe
def exported(request: Request) -> HttpResponse:
    """What the list shows, in the very columns that come in again; at most as many rows as may."""
    state, words = _asked(request)
    rows = (
        (
            one.number, one.enterprise_name, one.uscc, regions.full_name(one.region_code), one.visitor,
            f"{one.planned_on}", f"{one.done_on or ''}", NEEDS.get(one.need, ""), one.problem, one.next_step,
        )
        for one in queries.visits(request.actor, state=state, words=words)[:SHEET_ROWS_MAX].iterator()
    )  # fmt: skip
    return xlsx(as_sheet(SHEET, rows), "visits.xlsx")


@staff(Role.REGULATOR)
@require_http_methods(["GET", "POST"])
def plan(request: Request) -> HttpResponse:
    form = PlanForm(request.POST or None, within=queries.counties_of(request.actor))
    if request.method == "POST" and form.is_valid():
        try:
            actions.plan_visit(plan=Plan(**form.cleaned_data), by=request.actor, at=timezone.now())
            messages.success(request, "已列入走访计划。")
            return redirect("regulator:visits")
        except NotInOrder as refusal:
            show_reasons(form, refusal)
        except NotAllowed:
            raise
        except Refused as refusal:
            form.add_error(None, str(refusal))
    return render(request, "regulator/visit_new.html", {"form": form}, status=422 if form.errors else 200)


@with_a_file()
@staff(Role.REGULATOR)
def sheet(request: Request) -> HttpResponse:
    """What became of the sheet stands on the page that answers it."""
    form, taken = SheetForm(request.POST or None, request.FILES or None), None
    if request.method == "POST" and form.is_valid():
        try:
            content = form.cleaned_data["file"].read()
            taken = actions.take_in_visits(content=content, by=request.actor, at=timezone.now())
        except NotAllowed:
            raise
        except Refused as refusal:
            form.add_error("file", str(refusal))
    context = {
        "form": form, "taken": taken, "heading": "、".join(SHEET), "needs": "、".join(NEEDS.values()),
        "shown": taken.wrong[:WRONG_SHOWN] if taken else [],
    }  # fmt: skip
    return render(request, "regulator/visit_sheet.html", context, status=422 if form.errors else 200)


@staff(Role.REGULATOR)
@require_http_methods(["GET", "POST"])
def detail(request: Request, number: str) -> HttpResponse:
    """One visit, and while it is planned the form of its result."""
    visit = queries.visit(number, visible_to=request.actor)
    form = ResultForm(request.POST or None, initial={"done_on": local_day(timezone.now()), "follow_up": ""})
    if request.method == "POST" and form.is_valid():
        follow_up = form.cleaned_data["follow_up"]
        try:
            actions.finish_visit(
                visit=visit, result=form.result(), follow_up=follow_up, by=request.actor, at=timezone.now(),
                wish=form.wish() if follow_up == "declare" else None,
            )  # fmt: skip
            messages.success(request, "已记录走访结果。")
            return redirect("regulator:visit", number=number)
        except NotInOrder as refusal:
            show_reasons(form, refusal)
        except NotAllowed:
            raise
        except Refused as refusal:
            form.add_error(None, str(refusal))
    context = {"visit": visit, "form": form, "may_finish": visit.state == VisitState.PLANNED}
    return render(request, "regulator/visit.html", context, status=422 if form.errors else 200)


@staff(Role.REGULATOR)
@require_POST
def cancel(request: Request, number: str) -> HttpResponse:
    visit = queries.visit(number, visible_to=request.actor)
    try:
        actions.cancel_visit(visit=visit, by=request.actor, at=timezone.now())
        messages.success(request, "已取消走访。")
    except (NotAllowed, NotFound):
        raise
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("regulator:visits")
