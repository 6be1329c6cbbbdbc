"""目标: what figures are to come to, by place and institution, and how they stand; progress in words and bars."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from jinfuyun.institutions import queries as institutions
from jinfuyun.kit import regions
from jinfuyun.kit.actor import Role
from jinfuyun.kit.calendar import local_day
from jinfuyun.kit.errors import NotFound
from jinfuyun.kit.reasons import NotInOrder
from jinfuyun.supervision import actions
from jinfuyun.supervision.queries import BY_NAME, targets
from jinfuyun.supervision.queries.targets import Progress, Wanted
from jinfuyun.supervision.rules import PACE_LABELS, Pace, Unit
from jinfuyun.web import figures
from jinfuyun.web.forms import PoliteForm, show_reasons
from jinfuyun.web.guards import staff
from jinfuyun.web.regulator.overview import LOCAL_GROUPS
from jinfuyun.web.request import Request

SCALES = {Unit.FEN: 1_000_000, Unit.BP: 100, Unit.MINUTE: figures.MINUTES_PER_DAY}
TONES = {
    Pace.REACHED: "good", Pace.WITHIN: "good", Pace.AHEAD: "wait", Pace.BEHIND: "act", Pace.MISSED: "bad",
    Pace.OVER: "bad",
}  # fmt: skip
SPANS = (("全年", 1, 12), *((f"第{n}季度", 3 * at + 1, 3 * at + 3) for at, n in enumerate("一二三四")))


def periods(today: date) -> list[tuple[str, list[tuple[str, str]]]]:
    """The year of `today` and the next: whole, by quarter, by month."""
    return [
        (
            f"{year} 年",
            [(f"{year}-{first:02}:{year}-{last:02}", f"{year} 年{label}") for label, first, last in SPANS]
            + [(f"{year}-{month:02}:{year}-{month:02}", f"{year} 年 {month} 月") for month in range(1, 13)],
        )
        for year in (today.year, today.year + 1)
    ]


class TargetForm(PoliteForm):
    indicator = forms.ChoiceField(
        label="指标",
        choices=[("", "请选择"), *(
            (group, [(one.name, f"{one.label}（{figures.unit_of(one) or '%'}）") for one in shown if one.source.region])
            for group, shown in LOCAL_GROUPS
        )],
    )  # fmt: skip
    region_code = forms.ChoiceField(label="地区")
    institution_code = forms.ChoiceField(
        label="机构", required=False, help_text="不选则统计当地全部机构；部分指标不能按机构统计。"
    )
    period = forms.ChoiceField(label="期间")
    goal = forms.DecimalField(
        label="目标值", max_digits=14, decimal_places=2, min_value=Decimal("0.01"),
        widget=forms.TextInput({"inputmode": "decimal", "autocomplete": "off"}),
        help_text="按指标后面括号里的单位填写。",
    )  # fmt: skip
    at_most = forms.ChoiceField(
        label="方向", choices=[("", "不低于目标值"), ("1", "不超过目标值")], required=False, widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, request: Request, **options: Any) -> None:
        super().__init__(*args, **options)
        houses = [(one.code, one.name) for one in institutions.listed(state="active")]
        choices: dict[str, list[Any]] = {
            "region_code": [(code, regions.full_name(code)) for code in targets.places(request.actor)],
            "institution_code": [("", "全部机构"), *houses],
            "period": periods(local_day(timezone.now())),
        }  # fmt: skip
        for name, offered in choices.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = offered

    def wanted(self) -> Wanted:
        told = self.cleaned_data
        since, until = told["period"].split(":")
        goal = int(told["goal"] * SCALES.get(BY_NAME[told["indicator"]].unit, 1))
        return Wanted(
            told["indicator"], told["region_code"], told["institution_code"], since, until, goal, bool(told["at_most"])
        )


@staff(Role.REGULATOR)
@require_http_methods(["GET", "POST"])
def listing(request: Request) -> HttpResponse:
    form = TargetForm(request.POST or None, request=request, initial={"at_most": ""})
    if request.method == "POST" and form.is_valid():
        try:
            actions.set_target(wanted=form.wanted(), by=request.actor, at=timezone.now())
            messages.success(request, "目标已设定；同一指标、地区、机构和期间原有的目标被替换。")
            return redirect("regulator:targets")
        except NotInOrder as refusal:
            show_reasons(form, refusal)
    found = targets.progress(targets.own(request.actor), at=timezone.now())
    context = {"form": form, "rows": [_row(one) for one in found]}
    return render(request, "regulator/targets.html", context, status=422 if form.errors else 200)


def _row(one: Progress) -> dict[str, Any]:
    unit = figures.unit_of(one.indicator)
    until = "" if one.target.since == one.target.until else f" 至 {one.target.until}"
    return {
        "id": one.target.pk, "name": one.indicator.name, "label": one.indicator.label,
        "definition": figures.definition(one.indicator),
        "place": regions.full_name(one.target.region_code), "institution": one.institution or "全部机构",
        "period": f"{one.target.since}{until}", "goal": f"{figures.short(one.indicator, one.target.goal)} {unit}",
        "value": f"{figures.short(one.indicator, one.value)} {unit}" if one.value is not None else "",
        "direction": "不超过" if one.target.at_most else "不低于", "share": one.share_bp, "elapsed": one.elapsed_bp,
        "pace": PACE_LABELS[one.pace], "tone": TONES.get(one.pace, "plain"),
        "source": "按关账数据" if one.closed else "按当前数据",
    }  # fmt: skip


@staff(Role.REGULATOR)
@require_POST
def drop(request: Request, target_id: UUID) -> HttpResponse:
    found = targets.own(request.actor).filter(pk=target_id).first()
    if found is None:
        raise NotFound("没有这个目标。")
    actions.drop_target(target=found, by=request.actor, at=timezone.now())
    messages.success(request, "已取消这个目标。")
    return redirect("regulator:targets")
