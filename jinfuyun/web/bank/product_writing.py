"""Writing a product: one form that keeps itself while it is filled in, row by row."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.timezone import localtime
from django.views.decorators.http import require_http_methods

from jinfuyun.kit.actor import Role
from jinfuyun.kit.errors import NotAllowed, NotFound, Refused, TooMany
from jinfuyun.kit.reasons import NotInOrder, Reason
from jinfuyun.matching import actions as matching
from jinfuyun.products import actions, queries
from jinfuyun.products.rules import Review
from jinfuyun.web.bank import product_rows as rows
from jinfuyun.web.bank.product_form import ProductForm, initial, typed
from jinfuyun.web.forms import show_reasons
from jinfuyun.web.guards import staff
from jinfuyun.web.request import Request

# Buttons that make the page anew without judging what stands in it.
ANEW = ("add", "remove", "refresh", "count")


@staff(Role.PRODUCT_MANAGER)
@require_http_methods(["GET", "POST"])
def new(request: Request) -> HttpResponse:
    return _write(request, None)


@staff(Role.PRODUCT_MANAGER)
@require_http_methods(["GET", "POST"])
def edit(request: Request, code: str) -> HttpResponse:
    """Change what is at work on; for a product on the market that is its next version."""
    return _write(request, queries.version(code, visible_to=request.actor))


def _write(request: Request, newest: Any) -> HttpResponse:
    if request.method == "GET":
        return _page(request, newest, ProductForm(initial=_known(request, newest)))
    draft_id = _draft_id(request.POST)
    if "keep" in request.POST:
        return _kept(request, newest, draft_id)
    if any(name in request.POST for name in ANEW):
        again = rows.changed(typed(request.POST), request.POST)
        fit = _counted(request) if "count" in request.POST else {}
        return _page(request, newest, ProductForm(initial=again | {"draft": draft_id}), fit)
    form = ProductForm(request.POST)
    if form.is_valid():
        try:
            code = _saved(request, newest, form, draft_id)
            messages.success(request, "草稿已保存，核对后提交复核。")
            return redirect("bank:product", code=code)
        except NotInOrder as refusal:
            show_reasons(form, NotInOrder([Reason(form.field_of(one.field), one.text) for one in refusal.reasons]))
        except (NotAllowed, NotFound):
            raise
        except Refused as refusal:
            messages.error(request, str(refusal))
            return redirect("bank:product", code=newest.product.code) if newest else redirect("bank:products")
    return _page(request, newest, form)


def _saved(request: Request, newest: Any, form: ProductForm, draft_id: UUID) -> str:
    who: dict[str, Any] = {"terms": form.terms(), "by": request.actor, "at": timezone.now()}
    if newest:
        actions.write(code=newest.product.code, **who)
        return newest.product.code
    return actions.draft(institution_code=_house_code(request), draft_id=draft_id, **who).code


def _counted(request: Request) -> dict[str, Any]:
    """About how many enterprises would fit what can be read of the form."""
    form = ProductForm(request.POST)
    form.full_clean()
    try:
        estimate = matching.count_fitting(
            institution_code=_house_code(request), terms=form.so_far(), by=request.actor, at=timezone.now()
        )
    except TooMany:
        return {"fit_wrong": "测算次数已到上限，请过一会儿再测算。"}
    return {"estimate": estimate}


def _kept(request: Request, newest: Any, draft_id: UUID) -> HttpResponse:
    """As it stands; the page's script reads when, and a person without scripts sees the page again."""
    at = timezone.now()
    actions.keep(
        draft_id=draft_id, institution_code=_house_code(request), code=newest.product.code if newest else None,
        typed=typed(request.POST), by=request.actor, at=at,
    )  # fmt: skip
    said = f"已保存 {localtime(at):%H:%M:%S}"
    if request.headers.get("X-Autosave"):
        return HttpResponse(said, content_type="text/plain; charset=utf-8")
    messages.success(request, f"{said}，可以改天再来继续填写。")
    return redirect(f"{request.path}?draft={draft_id}")


def _known(request: Request, newest: Any) -> dict[str, Any]:
    """What was typed and not finished, else what the newest version says, else an empty form with a first row."""
    code = newest.product.code if newest else None
    notes = queries.unfinished(request.actor, code=code)
    if newest is None:
        notes = notes.filter(pk=_draft_id(request.GET))
    if found := notes.first():
        return {**found.typed, "draft": found.pk, "kept_at": found.kept_at}
    known = initial(newest.terms()) if newest else {"subject_0": "", "purpose": "pre_loan"}
    return known | {"draft": uuid4()}


def _draft_id(query: QueryDict) -> UUID:
    """The name of the page's notes; one that is none stands for new ones."""
    try:
        return UUID(query.get("draft", ""))
    except ValueError:
        return uuid4()


def _house_code(request: Request) -> str:
    assert request.actor.house is not None  # staff of an institution always belong to one
    return request.actor.house.code


def _page(request: Request, newest: Any, form: ProductForm, fit: Mapping[str, Any] | None = None) -> HttpResponse:
    context = {
        "form": form, "version": newest, "draft": form.data.get("draft") or form.initial.get("draft"),
        "kept_at": form.initial.get("kept_at"),
        "is_next": bool(newest) and newest.review in (Review.PASSED, Review.SUPERSEDED), **(fit or {}),
    }  # fmt: skip
    return render(request, "bank/product_form.html", context, status=422 if form.errors else 200)


@staff(Role.PRODUCT_MANAGER)
@require_http_methods(["POST"])
def discard(request: Request, draft_id: UUID) -> HttpResponse:
    actions.discard(draft_id=draft_id, by=request.actor, at=timezone.now())
    messages.success(request, "未完成的填写已删除。")
    return redirect("bank:products")
