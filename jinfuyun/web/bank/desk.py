"""An institution's desk: the inbox by due time, and one application from intake to the first money."""

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
from jinfuyun.applications.checks import SCAN_LABELS
from jinfuyun.applications.content import FUNNEL
from jinfuyun.applications.rules import HOLDER, FirstDrawdown, Holder, Offer, State
from jinfuyun.demands import queries as demands
from jinfuyun.disputes import queries as disputes
from jinfuyun.enterprises import queries as enterprises
from jinfuyun.kit.actor import Role
from jinfuyun.kit.calendar import local_day
from jinfuyun.kit.errors import NotAllowed, NotFound, Refused
from jinfuyun.kit.lending import Security
from jinfuyun.kit.permissions import Permission, may
from jinfuyun.kit.reasons import NotInOrder
from jinfuyun.loans import actions as loans
from jinfuyun.loans import queries as loans_read
from jinfuyun.notifications import queries as notices
from jinfuyun.oversight import queries as oversight
from jinfuyun.reports import queries as reports
from jinfuyun.web.applications import shown
from jinfuyun.web.bank.forms import ACT_FORMS, fill
from jinfuyun.web.forms import show_reasons
from jinfuyun.web.guards import staff
from jinfuyun.web.request import Request

PAGE_SIZE = 30
MESSAGES_SHOWN = 5
EVERYBODY = (
    Role.INSTITUTION_ADMIN, Role.PRODUCT_MANAGER, Role.OFFICER, Role.APPROVER, Role.INSTITUTION_READER
)  # fmt: skip
HANDLERS = (Role.OFFICER, Role.APPROVER)


@staff(*EVERYBODY)
@require_http_methods(["GET"])
def home(request: Request) -> HttpResponse:
    """What is due, what is late, how the own branches do, and the way to everything else."""
    today = local_day(timezone.now())
    handles, admin = bool(request.actor.roles & set(HANDLERS)), Role.INSTITUTION_ADMIN in request.actor.roles
    context = {
        "counts": queries.tray_counts(request.actor, today) if handles or admin else {},
        "most": queries.COUNTED_MAX, "handles": handles, "today": today,
        "first": queries.inbox(request.actor, "todo")[:5] if handles else [],
        "demands": demands.tray_counts(request.actor, today) if handles else {},
        "loans_soon": loans_read.tray_counts(request.actor, today)["soon"] if handles else 0,
        "oversight": oversight.bank_counts(request.actor, today) if handles or admin else {},
        "funnels": queries.funnels(request.actor, today), "funnel_days": queries.FUNNEL_DAYS, "funnel_of": FUNNEL,
        "notices": notices.notices(request.user.pk)[:MESSAGES_SHOWN],
        "manages": Role.PRODUCT_MANAGER in request.actor.roles, "admin": admin,
    }  # fmt: skip
    return render(request, "bank/home.html", context)


@staff(*HANDLERS)
@require_http_methods(["GET"])
def inbox(request: Request) -> HttpResponse:
    today = local_day(timezone.now())
    tray = request.GET.get("tray", "todo")
    tray = tray if tray in queries.TRAYS else "todo"
    counts = queries.tray_counts(request.actor, today)
    pages = Paginator(queries.inbox(request.actor, tray), PAGE_SIZE)
    pages.count = counts[tray]  # known already: not counted a second time
    page = pages.get_page(request.GET.get("page"))
    trays = [
        (name, f"{label}（{counts[name]}{'+' if counts[name] >= queries.COUNTED_MAX else ''}）")
        for name, (label, _) in queries.TRAYS.items()
    ]
    context = {"page": page, "tray": tray, "trays": trays, "late": counts["late"], "today": today}
    return render(request, "bank/applications.html", context)


def _refusal(answer: dict[str, Any]) -> actions.Refused:
    return actions.Refused(answer["code"], answer["text"], answer.get("fact", ""))


def _offer(answer: dict[str, Any]) -> Offer:
    return Offer(
        answer["amount"], answer["rate"], answer["term"], Security(answer["security"]), answer["repayment"],
        answer["valid_till"],
    )  # fmt: skip


def _drawdown(answer: dict[str, Any]) -> FirstDrawdown:
    return FirstDrawdown(answer["amount"], answer["rate"], answer["on"], answer["is_first_loan"] == "yes")


def _agreed(answer: dict[str, Any]) -> loans.Agreed:
    return loans.Agreed(answer["due_on"], answer["until_on"], answer["is_entrusted"])


# address → (verb, what is said when it is done); the forms stand in web/bank/forms.py
ACTS: dict[str, tuple[Callable[..., object], str]] = {
    "accept": (lambda a, f, **who: actions.accept(application=a, **f, **who), "已受理，企业已收到联系人姓名和电话。"),
    "decline_intake": (
        lambda a, f, **who: actions.decline_intake(application=a, refusal=_refusal(f), **who),
        "已办结：不予受理，企业已收到原因。",
    ),
    "contact": (lambda a, f, **who: actions.contact(application=a, **f, **who), "已登记对接，审批时限开始计算。"),
    "review": (lambda a, f, **who: actions.review(application=a, **who), "已开始审批。"),
    "ask_more": (lambda a, f, **who: actions.ask_more(application=a, **f, **who), "已通知企业补充，办理时限暂停。"),
    "approve": (
        lambda a, f, **who: actions.approve(application=a, offer=_offer(f), **who),
        "已批复，等待企业确认。",
    ),
    "reject": (
        lambda a, f, **who: actions.reject(application=a, refusal=_refusal(f), **who),
        "已办结：未通过，企业已收到原因和依据。",
    ),
    "uphold": (lambda a, f, **who: actions.uphold(application=a, **f, **who), "已办结：维持原决定，企业已收到理由。"),
    "reopen": (lambda a, f, **who: actions.reopen(application=a, **f, **who), "已恢复审批，企业已收到通知。"),
    "sign": (lambda a, f, **who: actions.sign(application=a, **f, **who), "已登记签约。"),
    "fund": (
        lambda a, f, **who: loans.fund(application=a, first=_drawdown(f), agreed=_agreed(f), **who),
        "已登记首笔放款，等待企业核对。",
    ),
}


@staff(*HANDLERS)
@require_http_methods(["GET"])
def detail(request: Request, number: str) -> HttpResponse:
    return _page(request, queries.application(number, visible_to=request.actor))


@staff(*HANDLERS)
@require_http_methods(["POST"])
def act(request: Request, number: str, name: str) -> HttpResponse:
    """One of ACTS; what was typed comes back when it cannot be done."""
    if name not in ACTS:
        raise Http404
    application = queries.application(number, visible_to=request.actor)
    verb, done = ACTS[name]
    form = fill(name, application, by=request.actor, data=request.POST)
    if form.is_valid():
        try:
            verb(application, form.cleaned_data, by=request.actor, at=timezone.now())
            messages.success(request, done)
            return redirect("bank:application", number=number)
        except NotInOrder as refusal:
            show_reasons(form, refusal)
        except (NotAllowed, NotFound):
            raise
        except Refused as refusal:
            messages.error(request, str(refusal))
            return redirect("bank:application", number=number)
    return _page(request, application, {name: form})


def _page(request: Request, application: Any, bound: dict[str, forms.Form] | None = None) -> HttpResponse:
    opened = list(reports.for_application(application.number, visible_to_actor=request.actor)[:10])
    open_acts = [str(one) for one in queries.open_acts(application, by=request.actor) if str(one) in ACTS]
    context = shown(application, today=local_day(timezone.now())) | {
        "forms": {
            name: (bound or {}).get(name) or fill(name, application, by=request.actor)
            for name in ACT_FORMS if name in open_acts
        },
        "bound": bound, "documents": queries.documents(application), "scan_labels": SCAN_LABELS,
        "loan": loans_read.first_of(application.number),
        "beside": enterprises.registered_beside(enterprises.profile(application.uscc)),
        "reports": opened, "overtaken": disputes.overtaken([one.number for one in opened]),
        "may_read": may(Permission.REPORT_READ, by=request.actor, over=application.institution_house)
        and HOLDER[State(application.state)] is not Holder.NOBODY,
        # Whoever took it on has to call; before that nobody needs the number.
        "may_call": application.state != State.SUBMITTED and HOLDER[State(application.state)] is not Holder.NOBODY,
    }  # fmt: skip
    return render(request, "bank/application.html", context, status=422 if bound else 200)
