"""The product manager's pages: write, submit, a new version, pause."""

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
from jinfuyun.products import actions, queries
from jinfuyun.products.rules import MOVES, Review
from jinfuyun.web.bank.product_form import ProductForm, initial
from jinfuyun.web.forms import PoliteForm, show_reasons
from jinfuyun.web.guards import staff
from jinfuyun.web.request import Request

PAGE_SIZE = 30


class WhyForm(PoliteForm):
    why = forms.CharField(label="原因", max_length=200, widget=forms.Textarea({"rows": 2}))


@staff(Role.PRODUCT_MANAGER)
@require_http_methods(["GET"])
def listing(request: Request) -> HttpResponse:
    page = Paginator(queries.mine(request.actor), PAGE_SIZE).get_page(request.GET.get("page"))
    working = queries.open_versions([product.code for product in page])
    rows = [{"product": product, "working": working.get(product.code)} for product in page]
    return render(request, "bank/products.html", {"page": page, "rows": rows})


@staff(Role.PRODUCT_MANAGER)
@require_http_methods(["GET", "POST"])
def new(request: Request) -> HttpResponse:
    assert request.actor.house is not None  # staff of an institution always belong to one
    form = ProductForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            product = actions.draft(
                institution_code=request.actor.house.code, terms=form.terms(), by=request.actor, at=timezone.now()
            )
            messages.success(request, "草稿已保存，核对后提交审核。")
            return redirect("bank:product", code=product.code)
        except NotInOrder as refusal:
            show_reasons(form, refusal)
    return render(request, "bank/product_form.html", {"form": form}, status=422 if form.errors else 200)


@staff(Role.PRODUCT_MANAGER)
@require_http_methods(["GET", "POST"])
def edit(request: Request, code: str) -> HttpResponse:
    """Change what is at work on; for a product on the market that is its next version."""
    newest = queries.version(code, visible_to=request.actor)
    form = ProductForm(request.POST or None, initial=initial(newest.terms()))
    if request.method == "POST" and form.is_valid():
        try:
            actions.write(code=code, terms=form.terms(), by=request.actor, at=timezone.now())
            messages.success(request, "已保存，核对后提交审核。")
            return redirect("bank:product", code=code)
        except NotInOrder as refusal:
            show_reasons(form, refusal)
        except Refused as refusal:
            messages.error(request, str(refusal))
            return redirect("bank:product", code=code)
    context = {"form": form, "version": newest, "is_next": newest.review in (Review.PASSED, Review.SUPERSEDED)}
    return render(request, "bank/product_form.html", context, status=422 if form.errors else 200)


@staff(Role.PRODUCT_MANAGER)
@require_http_methods(["GET"])
def detail(request: Request, code: str) -> HttpResponse:
    return _page(request, code)


@staff(Role.PRODUCT_MANAGER)
@require_http_methods(["POST"])
def submit(request: Request, code: str) -> HttpResponse:
    queries.version(code, visible_to=request.actor)
    try:
        actions.submit(code=code, by=request.actor, at=timezone.now())
        messages.success(request, "已提交审核，审核通过后上架。")
    except (NotAllowed, NotFound):
        raise
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("bank:product", code=code)


VERBS = {
    "pause": (actions.pause, "已暂停，不再接受新申请；在办申请继续办理。"),
    "resume": (actions.resume, "已恢复上架。"),
    "delist": (actions.delist, "已下架；在办申请继续办理。"),
}


@staff(Role.PRODUCT_MANAGER)
@require_http_methods(["POST"])
def move(request: Request, code: str, name: str) -> HttpResponse:
    """Pause, resume or delist, with a reason."""
    if name not in VERBS:
        raise Http404
    queries.version(code, visible_to=request.actor)
    verb, done = VERBS[name]
    form = WhyForm(request.POST)
    if form.is_valid():
        try:
            verb(code=code, why=form.cleaned_data["why"], by=request.actor, at=timezone.now())
            messages.success(request, done)
            return redirect("bank:product", code=code)
        except NotInOrder as refusal:
            show_reasons(form, refusal)
        except (NotAllowed, NotFound):
            raise
        except Refused as refusal:
            messages.error(request, str(refusal))
            return redirect("bank:product", code=code)
    return _page(request, code, {name: form})


def _page(request: Request, code: str, bound: dict[str, Any] | None = None) -> HttpResponse:
    version = queries.version(code, visible_to=request.actor)
    product = version.product
    open_moves = [name for name in VERBS if product.state in MOVES[name][0]]
    context = {
        "product": product, "version": version, "versions": product.versions.order_by("-number"),
        "forms": {name: (bound or {}).get(name) or WhyForm(auto_id=f"{name}_%s") for name in open_moves},
        "bound": bound, "may_submit": version.review in (Review.DRAFT, Review.RETURNED),
        "may_edit": version.review != Review.IN_REVIEW and product.state != "delisted",
    }  # fmt: skip
    return render(request, "bank/product.html", context, status=422 if bound else 200)
