"""机构层级: branches, what they serve, who works there. Kept by the administrators of the head office."""

import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from jinfuyun.accounts import queries as people
from jinfuyun.institutions import actions, queries
from jinfuyun.institutions.rules import LEVEL_LABELS, UNIT_NAME_LENGTH_MAX, Level, UnitDraft
from jinfuyun.kit import regions
from jinfuyun.kit.actor import Role
from jinfuyun.kit.errors import NotAllowed, NotFound, Refused
from jinfuyun.kit.reasons import NotInOrder
from jinfuyun.web.forms import PoliteForm, choose, show_reasons
from jinfuyun.web.guards import staff
from jinfuyun.web.request import Request

HEAD_OFFICE = "总部"


class UnitForm(PoliteForm):
    name = forms.CharField(label="名称", max_length=UNIT_NAME_LENGTH_MAX, help_text="例如：泉州分行、晋江支行。")
    level = forms.ChoiceField(label="层级", choices=[(one.value, label) for one, label in LEVEL_LABELS.items()])
    parent = forms.ChoiceField(label="上级", required=False, help_text="支行可挂在分行下，也可直属总部。")
    cities = forms.MultipleChoiceField(
        label="服务的设区市（全市）", required=False, choices=[(city.code, city.name) for city in regions.CITIES],
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    regions = forms.MultipleChoiceField(
        label="只服务其中的县（市、区）", required=False, choices=regions.choices(),
        widget=forms.SelectMultiple({"size": 8}), help_text="可多选：电脑上按住 Ctrl 点选。已选全市的不必再选。",
    )  # fmt: skip

    def __init__(self, *args: Any, branches: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        choose(self, "parent", [("", HEAD_OFFICE), *branches])

    def draft(self) -> UnitDraft:
        a = self.cleaned_data
        parent = uuid.UUID(a["parent"]) if a["parent"] else None
        return UnitDraft(a["name"].strip(), Level(a["level"]), parent, (*a["cities"], *a["regions"]))


def choices(request: Request) -> list[tuple[str, str]]:
    """For a form that places a person; whoever belongs to a branch has no head office to give."""
    head = [] if request.actor.unit else [("", HEAD_OFFICE)]
    return head + [(str(one.pk), f"{one.parent.name} / {one.name}" if one.parent else one.name) for one in
                   queries.units(request.actor)]  # fmt: skip


@staff(Role.INSTITUTION_ADMIN)
@require_http_methods(["GET", "POST"])
def listing(request: Request) -> HttpResponse:
    known = queries.units(request.actor)
    form = UnitForm(request.POST or None, branches=_branches(known))
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.add_unit(draft=form.draft(), by=request.actor, at=timezone.now())
            messages.success(request, f"已设立{made.name}。")
            return redirect("bank:units")
        except NotInOrder as refusal:
            show_reasons(form, refusal)
    counts: dict[Any, int] = {}
    for one in queries.colleagues(request.actor):
        if people.is_open(one):
            counts[one.unit_id] = counts.get(one.unit_id, 0) + 1
    rows = [{"unit": one, "people": counts.get(one.pk, 0), "regions": _served(one.regions)} for one in known]
    context = {
        "form": form, "rows": rows, "at_head_office": counts.get(None, 0), "levels": LEVEL_LABELS,
        "keeps": not request.actor.unit,
    }  # fmt: skip
    return render(request, "bank/units.html", context, status=422 if form.errors else 200)


@staff(Role.INSTITUTION_ADMIN)
@require_http_methods(["GET", "POST"])
def edit(request: Request, unit_id: uuid.UUID) -> HttpResponse:
    known = {one.pk: one for one in queries.units(request.actor)}
    if unit_id not in known:
        raise NotFound
    unit = known.pop(unit_id)
    initial = {
        "name": unit.name, "level": unit.level, "parent": str(unit.parent_id or ""),
        "cities": unit.regions, "regions": unit.regions,
    }  # fmt: skip
    form = UnitForm(request.POST or None, initial=initial, branches=_branches(list(known.values())))
    if request.method == "POST" and form.is_valid():
        try:
            actions.revise_unit(unit_id=unit_id, draft=form.draft(), by=request.actor, at=timezone.now())
            messages.success(request, "已保存，之后的新业务按新的服务区域分派。")
            return redirect("bank:units")
        except NotInOrder as refusal:
            show_reasons(form, refusal)
    return render(request, "bank/unit.html", {"form": form, "unit": unit}, status=422 if form.errors else 200)


@staff(Role.INSTITUTION_ADMIN)
@require_POST
def close(request: Request, unit_id: uuid.UUID) -> HttpResponse:
    try:
        actions.close_unit(unit_id=unit_id, by=request.actor, at=timezone.now())
        messages.success(request, "已撤销，不再分派新业务；原有业务由上级机构继续办理。")
    except (NotAllowed, NotFound):
        raise
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("bank:units")


def _branches(units: list[Any]) -> list[tuple[str, str]]:
    return [(str(one.pk), one.name) for one in units if one.level == Level.BRANCH]


def _served(codes: list[str]) -> str:
    return "、".join(regions.full_name(code) for code in codes)
