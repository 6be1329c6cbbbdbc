"""Reviewing products: what changed against the market's version, then list it or send it back."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from jinfuyun.kit.actor import Role
from jinfuyun.kit.errors import NotAllowed, NotFound, Refused
from jinfuyun.kit.reasons import NotInOrder
from jinfuyun.kit.refusals import Desk
from jinfuyun.products import actions, queries
from jinfuyun.products.content import side_by_side
from jinfuyun.products.rules import MOVES, Review
from jinfuyun.web.forms import SeenForm, WhyForm, refusing, show_reasons
from jinfuyun.web.guards import staff
from jinfuyun.web.request import Request

PAGE_SIZE = 30


@staff(Role.OPERATOR)
@require_http_methods(["GET"])
def listing(request: Request) -> HttpResponse:
    page = Paginator(queries.in_review(), PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "operator/products.html", {"page": page})


# address → (form, verb, what is said when it is done)
ACTS: dict[str, tuple[type[forms.Form], Any, str]] = {
    "list": (
        SeenForm,
        lambda code, number, f, **who: actions.list_version(code=code, number=number, on_screen=f["seen"], **who),
        "审核通过，已上架。",
    ),
    "send_back": (
        refusing(Desk.PRODUCT),
        lambda code, number, f, **who: actions.send_back(
            code=code, number=number, ground=f["ground"], remark=f["why"], **who
        ),
        "已退回机构。",
    ),
    "pause": (WhyForm, lambda code, number, f, **who: actions.pause(code=code, **f, **who), "已暂停。"),
    "resume": (WhyForm, lambda code, number, f, **who: actions.resume(code=code, **f, **who), "已恢复上架。"),
    "delist": (WhyForm, lambda code, number, f, **who: actions.delist(code=code, **f, **who), "已下架。"),
}


@staff(Role.OPERATOR)
@require_http_methods(["GET"])
def detail(request: Request, code: str, number: int) -> HttpResponse:
    return _page(request, code, number)


@staff(Role.OPERATOR)
@require_http_methods(["POST"])
def act(request: Request, code: str, number: int, name: str) -> HttpResponse:
    """One of ACTS; what was typed comes back when it cannot be done."""
    if name not in ACTS:
        raise Http404
    queries.version(code, number, visible_to=request.actor)
    kind, verb, done = ACTS[name]
    form = kind(request.POST)
    if form.is_valid():
        try:
            verb(code, number, form.cleaned_data, by=request.actor, at=timezone.now())
            messages.success(request, done)
            return redirect("operator:product", code=code, number=number)
        except NotInOrder as refusal:
            show_reasons(form, refusal)
        except (NotAllowed, NotFound):
            raise
        except Refused as refusal:
            messages.error(request, str(refusal))
            return redirect("operator:product", code=code, number=number)
    return _page(request, code, number, {name: form})


def _page(request: Request, code: str, number: int, bound: dict[str, forms.Form] | None = None) -> HttpResponse:
    version = queries.version(code, number, visible_to=request.actor)
    product = version.product
    open_acts = [name for name in ("pause", "delist") if product.state in MOVES[name][0]]
    open_acts += ["resume"] if product.is_paused_by_platform else []
    if version.review == Review.IN_REVIEW:
        open_acts += ["list", "send_back"]
    seen = version.content_digest()
    known = {name: ACTS[name][0](auto_id=f"{name}_%s", initial={"seen": seen}) for name in open_acts}
    before = product.current if product.current and product.current.pk != version.pk else None
    context = {
        "version": version, "product": product, "forms": known | (bound or {}), "bound": bound,
        "before": before, "sides": side_by_side(before.terms() if before else None, version.terms()),
    }  # fmt: skip
    return render(request, "operator/product.html", context, status=422 if bound else 200)
