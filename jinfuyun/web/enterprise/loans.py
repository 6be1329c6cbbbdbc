"""An enterprise's lines and loans: what is owed and when; confirm or dispute amount and rate; ask for renewal."""

import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from jinfuyun.applications import actions as applications
from jinfuyun.applications.rules import Wish
from jinfuyun.kit.calendar import local_day
from jinfuyun.kit.errors import NotAllowed, NotFound, Refused
from jinfuyun.kit.lending import LoanPurpose
from jinfuyun.kit.permissions import Permission, may, require
from jinfuyun.kit.reasons import NotInOrder
from jinfuyun.loans import actions, queries
from jinfuyun.loans.rules import LINE_LABELS, REASON_LENGTH, STATE_LABELS
from jinfuyun.web.enterprise.applications import WishForm
from jinfuyun.web.forms import PoliteForm, in_wan, show_reasons
from jinfuyun.web.guards import with_enterprise
from jinfuyun.web.loans import shown
from jinfuyun.web.request import Request

PAGE_SIZE = 20
RENEWAL_MONTHS = 12


class AgreeForm(PoliteForm):
    """A button and nothing to fill in."""


class DisputeForm(PoliteForm):
    text = forms.CharField(
        label="哪里不符", max_length=REASON_LENGTH[1], widget=forms.Textarea({"rows": 3}),
        help_text="例如：实际到账 49 万元。",
    )  # fmt: skip


@with_enterprise
@require_http_methods(["GET"])
def listing(request: Request) -> HttpResponse:
    require(Permission.APPLICATION_SEE, by=request.actor, over=request.actor.house)
    page = Paginator(queries.mine(request.actor), PAGE_SIZE).get_page(request.GET.get("page"))
    lines = [
        {"line": one, "left_fen": queries.room(one).left_fen, "label": LINE_LABELS[queries.room(one).state]}
        for one in queries.visible_lines(request.actor).order_by("-signed_on")[:PAGE_SIZE]
    ]
    context = {"page": page, "lines": lines, "states": STATE_LABELS, "today": local_day(timezone.now())}
    return render(request, "enterprise/loans.html", context)


@with_enterprise
@require_http_methods(["GET"])
def detail(request: Request, number: str) -> HttpResponse:
    require(Permission.APPLICATION_SEE, by=request.actor, over=request.actor.house)
    return _page(request, queries.loan(number, visible_to=request.actor))


@with_enterprise
@require_http_methods(["POST"])
def act(request: Request, number: str, name: str) -> HttpResponse:
    """confirm or dispute; what was typed comes back when it cannot be taken."""
    if name not in ("confirm", "dispute"):
        raise Http404
    loan = queries.loan(number, visible_to=request.actor)
    form = (AgreeForm if name == "confirm" else DisputeForm)(request.POST)
    if form.is_valid():
        try:
            actions.answer(
                loan=loan, agrees=name == "confirm", text=form.cleaned_data.get("text", ""), by=request.actor,
                at=timezone.now(),
            )  # fmt: skip
            done = "已确认，谢谢。" if name == "confirm" else "已登记异议，该笔数据在核实前不计入统计。"
            messages.success(request, done)
            return redirect("enterprise:loan", number=number)
        except NotInOrder as refusal:
            show_reasons(form, refusal)
        except (NotAllowed, NotFound):
            raise
        except Refused as refusal:
            messages.error(request, str(refusal))
            return redirect("enterprise:loan", number=number)
    return _page(request, loan, form)


@with_enterprise
@require_http_methods(["GET", "POST"])
def renew(request: Request, number: str) -> HttpResponse:
    """续贷: everything of the old loan is filled in already."""
    require(Permission.APPLICATION_SUBMIT, by=request.actor, over=request.actor.house)
    loan, at = queries.loan(number, visible_to=request.actor), timezone.now()
    known = {
        "form_token": uuid.uuid4(), "amount": in_wan(loan.balance_fen), "term": RENEWAL_MONTHS,
        "purpose": LoanPurpose.RENEWAL.value,
    }  # fmt: skip
    form = WishForm(request.POST or None, initial=known)
    if request.method == "POST" and form.is_valid():
        answer = form.cleaned_data
        wish = Wish(answer["amount"], answer["term"], answer["purpose"], answer["reason"].strip())
        try:
            made = actions.ask_renewal(
                loan=loan, wish=wish, form_token=answer["form_token"], by=request.actor, at=at
            )  # fmt: skip
            messages.success(request, "续贷申请已提交，放款后原借据自动结清。")
            return redirect("enterprise:application", number=made.number)
        except NotInOrder as refusal:
            show_reasons(form, refusal)
        except applications.AlreadyOpen as refusal:
            messages.warning(request, str(refusal))
            return redirect("enterprise:application", number=refusal.number)
        except (NotAllowed, NotFound):
            raise
        except Refused as refusal:
            form.add_error(None, str(refusal))
    context = shown(loan, today=local_day(at)) | {"form": form, "renewable": queries.renewable(loan, local_day(at))}
    return render(request, "enterprise/loan_renew.html", context, status=422 if form.errors else 200)


def _page(request: Request, loan: Any, bound: forms.Form | None = None) -> HttpResponse:
    today = local_day(timezone.now())
    context = shown(loan, today=today) | {
        "may_answer": may(Permission.LOAN_ANSWER, by=request.actor, over=loan.enterprise_house),
        "may_renew": may(Permission.APPLICATION_SUBMIT, by=request.actor, over=loan.enterprise_house),
        "renewable": queries.renewable(loan, today), "form": bound or DisputeForm(), "bound": bound, "today": today,
    }  # fmt: skip
    return render(request, "enterprise/loan.html", context, status=422 if bound else 200)
