"""融资推荐 at an institution: enterprises that a working group recommended, and the answer within a month."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from jinfuyun.coordination import actions, queries
from jinfuyun.coordination.rules import OPEN, Answer
from jinfuyun.kit.calendar import local_day
from jinfuyun.kit.errors import NotAllowed, NotFound, Refused
from jinfuyun.kit.reasons import NotInOrder
from jinfuyun.kit.refusals import BASIS_LABELS, REFUSALS
from jinfuyun.web.bank.desk import HANDLERS
from jinfuyun.web.forms import PoliteForm, WanField, show_reasons
from jinfuyun.web.guards import staff
from jinfuyun.web.request import Request

PAGE_SIZE = 30
REASONS = [(one.code, f"{one.label}（{BASIS_LABELS[one.basis]}）") for one in REFUSALS]


class GrantForm(PoliteForm):
    granted_fen = WanField(label="授信金额")


class RefuseForm(PoliteForm):
    reason = forms.ChoiceField(label="不予授信的原因", choices=[("", "请选择"), *REASONS])


# address → (form, verb, what is said when it is done)
ACTS: dict[str, tuple[type[PoliteForm], Callable[..., None], str]] = {
    "contact": (PoliteForm, actions.contact, "已登记对接，企业可以看到。"),
    "apply": (PoliteForm, actions.apply, "已登记企业提交申请。"),
    "grant": (GrantForm, actions.grant, "已答复授信，企业已收到金额。"),
    "refuse": (RefuseForm, actions.refuse, "已答复不予授信，企业已收到原因和建议。"),
}


@staff(*HANDLERS)
@require_http_methods(["GET"])
def listing(request: Request) -> HttpResponse:
    at, name = timezone.now(), request.GET.get("tray", "todo")
    name = name if name in queries.TRAYS else "todo"
    counts = queries.tray_counts(request.actor, at)
    context = {
        "page": Paginator(queries.tray(request.actor, at, name), PAGE_SIZE).get_page(request.GET.get("page")),
        "tray": name, "trays": [(one, f"{label}（{counts[one]}）") for one, label in queries.TRAYS.items()],
        "today": local_day(at), "ENDED": Answer.ENDED,
    }  # fmt: skip
    return render(request, "bank/recommendations.html", context)


@staff(*HANDLERS)
@require_http_methods(["GET"])
def detail(request: Request, number: str) -> HttpResponse:
    return _page(request, queries.recommendation(number, visible_to=request.actor, at=timezone.now()))


@staff(*HANDLERS)
@require_http_methods(["POST"])
def act(request: Request, number: str, name: str) -> HttpResponse:
    """One of ACTS; what was typed comes back when it cannot be done."""
    if name not in ACTS:
        raise Http404
    found = queries.recommendation(number, visible_to=request.actor, at=timezone.now())
    kind, verb, done = ACTS[name]
    form = kind(request.POST, auto_id=f"{name}_%s")
    if form.is_valid():
        try:
            verb(recommendation=found, by=request.actor, at=timezone.now(), **form.cleaned_data)
            messages.success(request, done)
            return redirect("bank:recommendation", number=number)
        except NotInOrder as refusal:
            show_reasons(form, refusal)
        except (NotAllowed, NotFound):
            raise
        except Refused as refusal:
            messages.error(request, str(refusal))
            return redirect("bank:recommendation", number=number)
    return _page(request, found, {name: form})


def _page(request: Request, found: Any, bound: dict[str, PoliteForm] | None = None) -> HttpResponse:
    context = {
        "one": found, "declaration": found.declaration, "today": local_day(timezone.now()), "bound": bound,
        "standing": queries.standing(found.declaration), "is_open": found.state in OPEN,
        "forms": {name: kind(auto_id=f"{name}_%s") for name, (kind, _, _) in ACTS.items()} | (bound or {}),
    }  # fmt: skip
    return render(request, "bank/recommendation.html", context, status=422 if bound else 200)
