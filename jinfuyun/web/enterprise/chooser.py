"""企业用户登录选择, after every login."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from jinfuyun.accounts.rules import Kind
from jinfuyun.consents import queries as consents
from jinfuyun.consents.rules import State
from jinfuyun.enterprises import queries
from jinfuyun.enterprises.rules import RunState
from jinfuyun.kit.actor import ROLE_LABELS
from jinfuyun.kit.errors import NotFound
from jinfuyun.web.enterprise.wizard import FURTHEST
from jinfuyun.web.guards import enter_enterprise, go_on, leave_enterprise, signed_in_enterprise_user
from jinfuyun.web.request import Request

ENTERPRISES_A_PAGE = 20


@signed_in_enterprise_user
@require_http_methods(["GET", "POST"])
def chooser(request: Request) -> HttpResponse:
    """增加, 跳过, 确认."""
    at = timezone.now()
    if "skip" in request.POST:
        leave_enterprise(request)
        return redirect("/products")
    held = queries.of_user(request.user.pk, phone=request.user.phone, at=at)
    states = consents.states_of([one.uscc for one in held])
    if request.method == "POST":
        uscc = request.POST.get("uscc", "")
        if not uscc:
            messages.error(request, "请先选择一家企业。")
            return redirect("enterprise:chooser")
        if uscc not in states:
            raise NotFound
        enter_enterprise(request, uscc)
        return go_on(request, Kind.ENTERPRISE, "enterprise:home")
    wanted = request.GET.get("q", "").strip()
    found = [one for one in held if matching(wanted, one.name, one.uscc)]
    page = page_of(Paginator(found, ENTERPRISES_A_PAGE), request)
    rows = [
        {
            "uscc": one.uscc, "name": one.name, "role": ROLE_LABELS[one.role], "state": states.get(one.uscc),
            "label": State(states[one.uscc]).label if one.uscc in states else "待签署授权书",
        }
        for one in page
    ]  # fmt: skip
    runs = [
        {
            "id": run.pk, "state": run.state, "label": RunState(run.state).label, "changed_at": run.changed_at,
            "name": title(run), "href": place(run),
        }
        for run in queries.open_runs(request.user.pk)
    ]  # fmt: skip
    context = {"rows": rows, "runs": runs, "page": page, "asked": wanted, "count": len(held)}
    return render(request, "enterprise/chooser.html", context)


def matching(wanted: str, name: str, uscc: str) -> bool:
    """Whether an enterprise is one of those looked for, by part of its name or code."""
    return wanted in name or wanted.upper() in uscc


def page_of(paginator: Paginator, request: Request) -> Page:
    return paginator.get_page(request.GET.get("page"))


def place(run: Any) -> str:
    """The furthest page of the wizard that the run has earned."""
    return f"{reverse(FURTHEST.get(run.state, 'enterprise:elements'))}?run={run.pk}"


def title(run: Any) -> str:
    """What a half-finished run is recognised by: the last characters of its tax number."""
    number = queries.draft_of(run).get("elements", {}).get("tax_number", "")
    return f"纳税号 …{number[-6:]}" if number else "尚未填写纳税号"
