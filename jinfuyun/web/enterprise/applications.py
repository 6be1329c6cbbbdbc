"""An enterprise's applications: apply on one page, follow, answer."""

import uuid
from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from jinfuyun.applications import actions, queries
from jinfuyun.applications.rules import Wish
from jinfuyun.consents import queries as consents
from jinfuyun.kit.calendar import local_day
from jinfuyun.kit.errors import NotAllowed, NotFound, Refused
from jinfuyun.kit.lending import LOAN_PURPOSE_LABELS
from jinfuyun.kit.permissions import Permission, may, require
from jinfuyun.kit.reasons import NotInOrder
from jinfuyun.loans import actions as loans
from jinfuyun.loans import queries as loans_read
from jinfuyun.products import queries as products
from jinfuyun.web.applications import shown
from jinfuyun.web.converters import Code
from jinfuyun.web.forms import PoliteForm, WanField, show_reasons
from jinfuyun.web.guards import with_enterprise
from jinfuyun.web.request import Request
from jinfuyun.workdays import queries as workdays

PAGE_SIZE = 20


class WishForm(PoliteForm):
    form_token = forms.UUIDField(widget=forms.HiddenInput)
    amount = WanField(label="申请金额")
    term = forms.IntegerField(
        label="期限",
        min_value=1,
        max_value=360,
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off"}),
    )
    purpose = forms.ChoiceField(
        label="用途", choices=[("", "请选择")] + [(p.value, label) for p, label in LOAN_PURPOSE_LABELS.items()]
    )
    reason = forms.CharField(
        label="用途说明", max_length=200, required=False, widget=forms.Textarea({"rows": 2}), empty_value=""
    )


@with_enterprise
@require_http_methods(["GET"])
def listing(request: Request) -> HttpResponse:
    require(Permission.APPLICATION_SEE, by=request.actor, over=request.actor.house)
    page = Paginator(queries.mine(request.actor), PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "enterprise/applications.html", {"page": page, "today": local_day(timezone.now())})


@with_enterprise
@require_http_methods(["GET", "POST"])
def new(request: Request) -> HttpResponse:
    """Nothing typed that the platform knows: amount, term and purpose."""
    code = request.GET.get("product", "")
    if not Code.matches(code):
        return redirect("products")
    at = timezone.now()
    product = products.product(code)
    form = WishForm(request.POST or None, initial={"form_token": uuid.uuid4()})
    if request.method == "POST" and form.is_valid():
        answer = form.cleaned_data
        wish = Wish(answer["amount"], answer["term"], answer["purpose"], answer["reason"].strip())
        try:
            application = actions.submit(
                uscc=request.uscc,
                product_code=code,
                wish=wish,
                form_token=answer["form_token"],
                by=request.actor,
                at=at,
            )
            messages.success(request, "申请已提交，机构应在 1 个工作日内决定是否受理。")
            return redirect("enterprise:application", number=application.number)
        except NotInOrder as refusal:
            show_reasons(form, refusal)
        except actions.AlreadyOpen as refusal:
            messages.warning(request, str(refusal))
            return redirect("enterprise:application", number=refusal.number)
        except actions.NeedsConsent as refusal:
            form.add_error(None, str(refusal))
    context = {
        "form": form, "product": product, "version": product.current, "consent": consents.in_force(request.uscc, at),
        "open": queries.open_for(uscc=request.uscc, product_code=code),
        "may_apply": may(Permission.APPLICATION_SUBMIT, by=request.actor, over=request.actor.house),
    }  # fmt: skip
    return render(request, "enterprise/apply.html", context, status=422 if form.errors else 200)


class TextForm(PoliteForm):
    text = forms.CharField(label="说明", max_length=400, widget=forms.Textarea({"rows": 3}), strip=True)


class ReasonForm(PoliteForm):
    reason = forms.CharField(label="原因", max_length=200, required=False, widget=forms.Textarea({"rows": 2}))


class AgreeForm(PoliteForm):
    """A button and nothing to fill in."""


def _answer(application: Any, **said: Any) -> None:
    """Of the first money: the loan has the answer, and its application the same. Older ones have no loan."""
    loan = loans_read.first_of(application.number)
    if loan is None:
        actions.answer_drawdown(application=application, **said)
    else:
        loans.answer(loan=loan, **said)


# address → (form, verb, what is said when it is done)
ACTS: dict[str, tuple[type[forms.Form], Callable[..., None], str]] = {
    "withdraw": (
        ReasonForm,
        lambda a, f, **who: actions.withdraw(application=a, why=f["reason"], **who),
        "申请已撤回，该机构不能再查询您的数据。",
    ),
    "supply": (
        TextForm,
        lambda a, f, **who: actions.supply(application=a, text=f["text"], **who),
        "已提交，机构的办理时限继续计算。",
    ),
    "appeal": (
        TextForm,
        lambda a, f, **who: actions.appeal(application=a, why=f["text"], **who),
        "已申请复议，由机构的另一位审批人在时限内答复。",
    ),
    "accept": (
        AgreeForm,
        lambda a, f, **who: actions.accept_offer(application=a, **who),
        "已确认批复方案，机构将与您签订合同。",
    ),
    "decline": (
        ReasonForm,
        lambda a, f, **who: actions.decline_offer(application=a, why=f["reason"], **who),
        "已放弃批复方案，该机构不能再查询您的数据。",
    ),
    "confirm": (
        AgreeForm,
        lambda a, f, **who: _answer(a, agrees=True, text="", **who),
        "已确认，谢谢。",
    ),
    "dispute": (
        TextForm,
        lambda a, f, **who: _answer(a, agrees=False, text=f["text"], **who),
        "已登记异议，该笔数据在核实前不计入统计。",
    ),
}


@with_enterprise
@require_http_methods(["GET"])
def detail(request: Request, number: str) -> HttpResponse:
    require(Permission.APPLICATION_SEE, by=request.actor, over=request.actor.house)
    return _page(request, queries.application(number, visible_to=request.actor))


@with_enterprise
@require_http_methods(["POST"])
def act(request: Request, number: str, name: str) -> HttpResponse:
    """One of ACTS; what was typed comes back when it cannot be done."""
    if name not in ACTS:
        raise Http404
    application = queries.application(number, visible_to=request.actor)
    kind, verb, done = ACTS[name]
    form = kind(request.POST)
    if form.is_valid():
        try:
            verb(application, form.cleaned_data, by=request.actor, at=timezone.now())
            messages.success(request, done)
            return redirect("enterprise:application", number=number)
        except NotInOrder as refusal:
            show_reasons(form, refusal)
        except (NotAllowed, NotFound):
            raise
        except Refused as refusal:
            messages.error(request, str(refusal))
            return redirect("enterprise:application", number=number)
    return _page(request, application, {name: form})


def _page(request: Request, application: Any, bound: dict[str, forms.Form] | None = None) -> HttpResponse:
    at = timezone.now()
    context = shown(application, today=local_day(at)) | {
        "acts": {str(one) for one in queries.open_acts(application, by=request.actor)},
        "may_answer": may(Permission.APPLICATION_ANSWER, by=request.actor, over=application.enterprise_house),
        "forms": {name: kind(auto_id=f"{name}_%s") for name, (kind, _, _) in ACTS.items()} | (bound or {}),
        "bound": bound,
        "document_count": queries.documents(application).count(),
        "appeal_until": queries.appeal_ends(application, local_day(at), workdays.notices()),
        "others": queries.next_best(application) if application.refusal_code else [],
        "loan": loans_read.first_of(application.number),
    }
    return render(request, "enterprise/application.html", context, status=422 if bound else 200)
