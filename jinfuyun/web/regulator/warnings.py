"""监测预警: what the figures warn of in the region, who sees to it, and what came of it."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from jinfuyun.accounts import queries as accounts
from jinfuyun.kit.actor import Role
from jinfuyun.kit.calendar import SHANGHAI, local_day
from jinfuyun.kit.errors import NotAllowed, Refused
from jinfuyun.kit.reasons import NotInOrder
from jinfuyun.warnings import actions, queries
from jinfuyun.warnings.queries import Filters
from jinfuyun.warnings.rules import (
    ACT_LABELS,
    SCOPE_LABELS,
    SEVERITY_LABELS,
    STATE_LABELS,
    TEXT_LENGTH,
    Act,
    acts_open,
    bound_of,
)
from jinfuyun.web.forms import PoliteForm, show_reasons
from jinfuyun.web.guards import staff
from jinfuyun.web.regulator.overview import as_file
from jinfuyun.web.request import Request

PAGE_SIZE = 50
STATES = {"open": "未结束", **{state.value: label for state, label in STATE_LABELS.items()}}
CHOICES: dict[str, dict[str, str]] = {
    "state": STATES,
    "severity": {one.value: label for one, label in SEVERITY_LABELS.items()},
    "scope": {one.value: label for one, label in SCOPE_LABELS.items()},
}
HEADING = (
    "编号", "预警", "级别", "范围", "对象", "情形", "发出时间", "持续天数", "情形消失", "状态", "责任人",
    "处理期限", "处理结果",
)  # fmt: skip


class NoForm(PoliteForm):
    """A button and nothing to fill in."""


class OutcomeForm(PoliteForm):
    outcome = forms.CharField(
        label="处理结果", max_length=TEXT_LENGTH[1], widget=forms.Textarea({"rows": 3}),
        help_text="核查了什么、采取了什么措施；认定误报的写明依据。",
    )  # fmt: skip


class AssignForm(PoliteForm):
    to = forms.ChoiceField(label="责任人")
    said = forms.CharField(label="说明", max_length=200, required=False, widget=forms.Textarea({"rows": 2}))

    def __init__(self, *args: Any, people: list[tuple[str, str]] | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["to"].choices = people or []  # type: ignore[attr-defined]  # a ChoiceField's


# address → what is typed, verb, what is said when it is done
ACTS: dict[str, tuple[type[PoliteForm], Callable[..., None], str]] = {
    Act.CONFIRM: (NoForm, actions.confirm, "已确认，由您负责。"),
    Act.ASSIGN: (AssignForm, actions.assign, "已指定责任人，对方会收到消息。"),
    Act.BEGIN: (NoForm, actions.begin, "已开始处理。"),
    Act.CLOSE: (OutcomeForm, actions.close, "已办结。"),
    Act.DISMISS: (OutcomeForm, actions.dismiss, "已认定为误报。"),
}


@staff(Role.REGULATOR)
@require_safe
def listing(request: Request) -> HttpResponse:
    asked = _asked(request)
    context = {
        "page": Paginator(queries.listing(request.actor, asked), PAGE_SIZE).get_page(request.GET.get("page")),
        "asked": asked, "choices": [(name, label, CHOICES[name], getattr(asked, name)) for name, label in (
            ("state", "状态"), ("severity", "级别"), ("scope", "范围"))],
        "states": STATE_LABELS, "severities": SEVERITY_LABELS, "scopes": SCOPE_LABELS,
        "today": local_day(timezone.now()), "figures_of": queries.figures_of,
        "rules": [
            (rule, queries.figure_label(rule), bound_of(rule, queries.unit_of(rule)), queries.span_words(rule))
            for rule in queries.in_force(local_day(timezone.now()))
        ],
    }  # fmt: skip
    return render(request, "regulator/warnings.html", context)


@staff(Role.REGULATOR)
@require_safe
def download(request: Request) -> HttpResponseBase:
    """As they are filtered on the page, with what became of them."""
    rows = [
        (
            one.number, one.label, one.get_severity_display(), one.get_scope_display(), one.subject_label, one.text,
            f"{one.raised_at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}", one.days,
            f"{local_day(one.gone_at)}" if one.gone_at else "", one.get_state_display(), one.owner_label,
            f"{one.due_on}", one.outcome,
        )
        for one in queries.listing(request.actor, _asked(request))
    ]  # fmt: skip
    return as_file(f"warnings-{local_day(timezone.now()):%Y%m%d}", "xlsx", "监测预警", HEADING, rows)


@staff(Role.REGULATOR)
@require_safe
def detail(request: Request, number: str) -> HttpResponse:
    return _page(request, queries.warning(number, visible_to=request.actor))


@staff(Role.REGULATOR)
@require_POST
def act(request: Request, number: str, name: str) -> HttpResponse:
    """One of ACTS; what was typed comes back when it cannot be done."""
    warning = queries.warning(number, visible_to=request.actor)
    if name not in ACTS:
        raise Http404
    kind, verb, done = ACTS[name]
    form = AssignForm(request.POST, people=_people(warning)) if kind is AssignForm else kind(request.POST)
    if form.is_valid():
        try:
            verb(warning=warning, by=request.actor, at=timezone.now(), **form.cleaned_data)
            messages.success(request, done)
            return redirect("regulator:warning", number)
        except NotInOrder as refusal:
            show_reasons(form, refusal)
        except NotAllowed:
            raise
        except Refused as refusal:
            messages.error(request, str(refusal))
            return redirect("regulator:warning", number)
    return _page(request, warning, {name: form})


def _asked(request: Request) -> Filters:
    """What nobody knows is left out; without any filter at all: what is not over yet."""
    found = {name: value for name in CHOICES if (value := request.GET.get(name, "")) in CHOICES[name]}
    return Filters(**({"state": "open"} if "state" not in request.GET else {}) | found)


def _people(warning: Any) -> list[tuple[str, str]]:
    return [(str(one.pk), accounts.actor(one).label) for one in queries.colleagues(warning)]


def _page(request: Request, warning: Any, bound: dict[str, PoliteForm] | None = None) -> HttpResponse:
    blank = {"assign": AssignForm(people=_people(warning)), "end": OutcomeForm()}
    ended = next((form for name, form in (bound or {}).items() if name != Act.ASSIGN), None)
    context = {
        "warning": warning, "acts": acts_open(warning.state), "bound": bound, "today": local_day(timezone.now()),
        "figures_of": queries.figures_of,
        "forms": blank | (bound or {}) | ({"end": ended} if ended else {}),
        "steps": [
            {"title": ACT_LABELS[Act(step.act)], "at": step.at, "by": step.by_label, "note": step.said, "state": "done"}
            for step in reversed(warning.steps.all())
        ],
    }  # fmt: skip
    return render(request, "regulator/warning.html", context, status=422 if bound else 200)
