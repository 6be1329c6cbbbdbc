"""The enterprise's own credit report: free, before any bank sees one."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from jinfuyun.consents import queries as consents
from jinfuyun.enterprises import queries as enterprises
from jinfuyun.kit.errors import NotGranted
from jinfuyun.kit.grant import Purpose, Reader, ReaderKind
from jinfuyun.kit.permissions import Permission, may, require
from jinfuyun.kit.reasons import NotInOrder
from jinfuyun.reports import actions, queries
from jinfuyun.reports.rules import STATEMENT_MAX, STATEMENT_MIN
from jinfuyun.web import reports
from jinfuyun.web.enterprise import readings
from jinfuyun.web.forms import PoliteForm, show_reasons
from jinfuyun.web.guards import with_enterprise
from jinfuyun.web.request import Request


class StatementForm(PoliteForm):
    statement = forms.CharField(
        label="企业声明", strip=True, widget=forms.Textarea({"rows": 4, "maxlength": STATEMENT_MAX}),
        help_text=f"{STATEMENT_MIN} 至 {STATEMENT_MAX} 个字，例如销售为何波动、处罚如何整改。不要写个人信息。",
    )  # fmt: skip


@with_enterprise
@require_http_methods(["GET", "POST"])
def own(request: Request) -> HttpResponse:
    """See the newest, or have one made now."""
    require(Permission.REPORT_OWN, by=request.actor, over=request.actor.house)
    at = timezone.now()
    if request.method == "POST":
        try:
            number = actions.open_report(
                uscc=request.uscc, reader=Reader(ReaderKind.ENTERPRISE, request.uscc),
                reader_name=enterprises.profile(request.uscc).name, purpose=Purpose.OWN_VIEW, because="",
                by=request.actor, at=at,
            )  # fmt: skip
        except NotGranted as refusal:
            waits = refusal.why == "not_yet"  # signed and in order: to sign again would not help
            messages.error(request, str(refusal) if waits else "授权书未签署或已失效，请先签署授权书。")
            return redirect("enterprise:consents")
        return redirect("enterprise:report_page", number=number)
    return _own(request, StatementForm())


@with_enterprise
@require_http_methods(["POST"])
def statement(request: Request) -> HttpResponse:
    """Write it, write it anew, or (`take_back`) take it back."""
    require(Permission.STATEMENT_WRITE, by=request.actor, over=request.actor.house)
    gone = "take_back" in request.POST
    form = StatementForm(request.POST)
    if gone or form.is_valid():
        try:
            text = "" if gone else form.cleaned_data["statement"]
            actions.write_statement(uscc=request.uscc, text=text, by=request.actor, at=timezone.now())
        except NotInOrder as refusal:
            show_reasons(form, refusal)
        else:
            messages.success(request, "企业声明已撤下。" if gone else "企业声明已提交，今后制作的报告都会附上。")
            return redirect("enterprise:report")
    return _own(request, form)


def _own(request: Request, form: StatementForm) -> HttpResponse:
    context = {
        "statement": queries.statement(request.uscc),
        "form": form,
        "may_state": may(Permission.STATEMENT_WRITE, by=request.actor, over=request.actor.house),
        "living": consents.living(request.uscc),
        "mine": queries.visible_to(request.actor).order_by("-made_at")[:20],
        **readings.beside(request),
    }
    return render(request, "enterprise/report.html", context, status=422 if form.errors else 200)


@with_enterprise
@require_http_methods(["GET"])
def page(request: Request, number: str) -> HttpResponse:
    return reports.page(request, request.actor, number)


@with_enterprise
@require_http_methods(["GET"])
def pdf(request: Request, number: str) -> HttpResponse:
    return reports.pdf(request.actor, number)


@with_enterprise
@require_http_methods(["GET"])
def exported(request: Request, number: str, form: str) -> HttpResponse:
    return reports.exported(request.actor, number, form)
