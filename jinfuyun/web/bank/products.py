"""The institution's products: what there is, handing a version in, the second pair of eyes, pausing and ending."""

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
from jinfuyun.kit.permissions import Permission, may
from jinfuyun.kit.reasons import NotInOrder
from jinfuyun.kit.refusals import Desk
from jinfuyun.products import actions, queries
from jinfuyun.products.content import side_by_side
from jinfuyun.products.rules import FROZEN_REVIEWS, MOVES, Review, State
from jinfuyun.web.forms import SeenForm, WhyForm, refusing, show_reasons
from jinfuyun.web.guards import staff
from jinfuyun.web.request import Request

PAGE_SIZE = 30


@staff(Role.PRODUCT_MANAGER, Role.INSTITUTION_ADMIN)
@require_http_methods(["GET"])
def listing(request: Request) -> HttpResponse:
    page = Paginator(queries.mine(request.actor), PAGE_SIZE).get_page(request.GET.get("page"))
    working = queries.open_versions([product.code for product in page])
    rows = [{"product": product, "working": working.get(product.code)} for product in page]
    context = {
        "page": page, "rows": rows, "may_edit": _may_edit(request), "unfinished": queries.unfinished(request.actor),
        "to_confirm": queries.to_confirm(request.actor),
    }  # fmt: skip
    return render(request, "bank/products.html", context)


@staff(Role.PRODUCT_MANAGER, Role.INSTITUTION_ADMIN)
@require_http_methods(["GET"])
def detail(request: Request, code: str) -> HttpResponse:
    return _page(request, code)


@staff(Role.PRODUCT_MANAGER)
@require_http_methods(["POST"])
def submit(request: Request, code: str) -> HttpResponse:
    queries.version(code, visible_to=request.actor)
    try:
        actions.submit(code=code, by=request.actor, at=timezone.now())
        messages.success(request, "已提交，由另一位同事复核后送平台审核。")
    except (NotAllowed, NotFound):
        raise
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("bank:product", code=code)


# address → (form, whose right it is, verb, what is said when it is done)
ACTS: dict[str, tuple[type[forms.Form], Permission, Any, str]] = {
    "confirm": (
        SeenForm, Permission.PRODUCT_CONFIRM,
        lambda version, f, **who: actions.confirm(number=version.number, on_screen=f["seen"], **who),
        "复核通过，已送平台审核。",
    ),
    "send_back": (
        refusing(Desk.COLLEAGUE), Permission.PRODUCT_CONFIRM,
        lambda version, f, **who: actions.send_back(
            number=version.number, ground=f["ground"], remark=f["why"], **who
        ),
        "已退回给提交的同事。",
    ),
    "pause": (
        WhyForm, Permission.PRODUCT_EDIT, lambda version, f, **who: actions.pause(**f, **who),
        "已暂停，不再接受新申请；在办申请继续办理。",
    ),
    "resume": (WhyForm, Permission.PRODUCT_EDIT, lambda version, f, **who: actions.resume(**f, **who), "已恢复上架。"),
    "delist": (
        WhyForm, Permission.PRODUCT_EDIT, lambda version, f, **who: actions.delist(**f, **who),
        "已下架；在办申请继续办理。",
    ),
}  # fmt: skip


@staff(Role.PRODUCT_MANAGER, Role.INSTITUTION_ADMIN)
@require_http_methods(["POST"])
def act(request: Request, code: str, name: str) -> HttpResponse:
    """One of ACTS; what was typed comes back when it cannot be done."""
    if name not in ACTS:
        raise Http404
    version = queries.version(code, visible_to=request.actor)
    kind, permission, verb, done = ACTS[name]
    if not may(permission, by=request.actor, over=request.actor.house):
        raise NotAllowed
    form = kind(request.POST)
    if form.is_valid():
        try:
            verb(version, form.cleaned_data, code=code, by=request.actor, at=timezone.now())
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


def _may_edit(request: Request) -> bool:
    return may(Permission.PRODUCT_EDIT, by=request.actor, over=request.actor.house)


def _page(request: Request, code: str, bound: dict[str, Any] | None = None) -> HttpResponse:
    version = queries.version(code, visible_to=request.actor)
    product, may_edit = version.product, _may_edit(request)
    may_change = may_edit and product.state != State.DELISTED
    open_acts = [name for name in MOVES if name in ACTS and may_edit and product.state in MOVES[name][0]]
    if product.is_paused_by_platform:
        open_acts.remove("resume")
    is_second = version.review == Review.CHECKING and version.submitted_by != request.actor.id
    if is_second:
        open_acts += ["confirm", "send_back"]
    seen = version.content_digest()
    known = {name: ACTS[name][0](auto_id=f"{name}_%s", initial={"seen": seen}) for name in open_acts}
    before = product.current if product.current and product.current.pk != version.pk else None
    context = {
        "product": product, "version": version, "versions": product.versions.order_by("-number"), "before": before,
        "sides": side_by_side(before.terms() if before else None, version.terms()),
        "forms": known | (bound or {}), "bound": bound, "is_second": is_second,
        "may_submit": may_change and version.review in (Review.DRAFT, Review.RETURNED),
        "may_edit": may_change and version.review not in FROZEN_REVIEWS,
    }  # fmt: skip
    return render(request, "bank/product.html", context, status=422 if bound else 200)
