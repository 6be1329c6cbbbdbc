"""融资需求: written once and saved as one goes, published to all institutions, answered, compared, chosen."""

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from jinfuyun.applications import actions as applications
from jinfuyun.demands import actions, queries
from jinfuyun.demands.content import WEIGHTS, Wanted
from jinfuyun.demands.rules import (
    LEFT_TEXT_LENGTH_MAX,
    LIVE,
    LOAN_KIND_LABELS,
    OPEN_DAYS,
    UNMET_BY_PLATFORM,
    UNMET_REASONS,
    State,
)
from jinfuyun.institutions import queries as institutions
from jinfuyun.kit.calendar import local_day
from jinfuyun.kit.errors import NotAllowed, NotFound, Refused
from jinfuyun.kit.lending import LOAN_PURPOSE_LABELS, SECURITY_LABELS, SIZE_LABELS
from jinfuyun.kit.permissions import Permission, may, require
from jinfuyun.kit.reasons import NotInOrder
from jinfuyun.web.converters import Code
from jinfuyun.web.demands import fee_and_rate_bp, timeline
from jinfuyun.web.forms import DayField, PercentField, PoliteForm, WanField, in_wan, show_reasons
from jinfuyun.web.guards import with_enterprise
from jinfuyun.web.request import Request

PAGE_SIZE = 20
CHOOSE = ("", "请选择")


class WantedForm(PoliteForm):
    draft = forms.UUIDField(widget=forms.HiddenInput)
    amount_fen = WanField(label="需要金额")
    term_months = forms.IntegerField(
        label="期限", min_value=1, max_value=360,
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off"}),
    )  # fmt: skip
    rate_max_bp = PercentField(label="可接受的年化利率上限", required=False)
    purpose = forms.ChoiceField(label="用途", choices=[CHOOSE, *((p.value, t) for p, t in LOAN_PURPOSE_LABELS.items())])
    purpose_text = forms.CharField(
        label="用途说明", max_length=200, required=False, widget=forms.Textarea({"rows": 2}),
        help_text="匿名发布时请勿写企业名称、地址、电话。",
    )  # fmt: skip
    securities = forms.MultipleChoiceField(
        label="可接受的担保方式", choices=list(SECURITY_LABELS.items()), widget=forms.CheckboxSelectMultiple
    )
    collateral = forms.CharField(
        label="可抵质押物", max_length=200, required=False, help_text="例如：自有厂房，评估约 500 万元；没有可不填。"
    )
    needed_on = DayField(label="用款日期", required=False)
    loan_kind = forms.ChoiceField(
        label="首贷或续贷", choices=list(LOAN_KIND_LABELS.items()), widget=forms.RadioSelect
    )  # fmt: skip
    existing_fen = WanField(label="现有贷款余额", required=False)
    size = forms.ChoiceField(
        label="企业规模", required=False, choices=[("", "不填"), *((s.value, t) for s, t in SIZE_LABELS.items())]
    )
    anonymous = forms.BooleanField(label="匿名发布", required=False)
    contact_time = forms.CharField(
        label="方便联系的时间", max_length=60, required=False, help_text="例如：工作日 9:00–11:30"
    )
    open_until = DayField(label="需求有效期至")
    preferred = forms.MultipleChoiceField(
        label="期望对接的机构", required=False, widget=forms.CheckboxSelectMultiple
    )  # fmt: skip
    excluded = forms.MultipleChoiceField(label="不希望看到的机构", required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        houses = [(one.code, one.name) for one in institutions.listed(state="active")]
        for name in ("preferred", "excluded"):
            field = self.fields[name]
            assert isinstance(field, forms.MultipleChoiceField)
            field.choices = houses

    def wanted(self) -> Wanted:
        """What can be read of it; what is wrong or missing stays empty."""
        found = {name: self.cleaned_data.get(name) for name in Wanted.__dataclass_fields__}
        found = {name: tuple(value) if isinstance(value, list) else value for name, value in found.items()}
        empty = Wanted()
        return Wanted(**{name: getattr(empty, name) if value is None else value for name, value in found.items()})


class UnmetForm(PoliteForm):
    reason = forms.ChoiceField(
        label="原因",
        choices=[CHOOSE, *((code, text) for code, text in UNMET_REASONS.items() if code not in UNMET_BY_PLATFORM)],
    )
    text = forms.CharField(
        label="补充说明", required=False, max_length=LEFT_TEXT_LENGTH_MAX, widget=forms.Textarea({"rows": 2}),
        help_text="和原因一起给接单的机构看；匿名的需求请不要写企业名称和电话。",
    )  # fmt: skip


@with_enterprise
@require_http_methods(["GET"])
def listing(request: Request) -> HttpResponse:
    require(Permission.DEMAND_SEE, by=request.actor, over=request.actor.house)
    page = Paginator(queries.mine(request.actor), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"page": page, "today": local_day(timezone.now()), "may_post": _may_post(request)}
    return render(request, "enterprise/demands.html", context)


def _may_post(request: Request) -> bool:
    return may(Permission.DEMAND_POST, by=request.actor, over=request.actor.house)


@with_enterprise
@require_http_methods(["GET", "POST"])
def new(request: Request) -> HttpResponse:
    """A new demand, or a draft gone on with (?draft=number). `save` keeps it; the page's script does so by itself."""
    require(Permission.DEMAND_POST, by=request.actor, over=request.actor.house)
    form = WantedForm(request.POST or None, initial=_known(request))
    if request.method == "POST":
        answer = _kept(request, form)
        if answer is not None:
            return answer
    return render(request, "enterprise/demand_new.html", {"form": form}, status=422 if form.errors else 200)


def _kept(request: Request, form: WantedForm) -> HttpResponse | None:
    """The draft is kept whatever else is wrong with it; then it is published, if that was the button."""
    at, valid, saves = timezone.now(), form.is_valid(), "save" in request.POST
    if "draft" not in form.cleaned_data:
        raise NotFound
    try:
        demand = actions.keep_draft(
            uscc=request.uscc, demand_id=form.cleaned_data["draft"], wanted=form.wanted(), by=request.actor, at=at
        )
        if request.headers.get("X-Autosave"):
            return HttpResponse(status=204)
        if saves and demand.state == State.DRAFT:
            messages.success(request, "草稿已保存，可随时回来继续填写。")
            return redirect("enterprise:demands")
        if demand.state != State.DRAFT:  # the same page, sent twice
            return redirect("enterprise:demand", number=demand.number)
        if valid:
            actions.post(demand=demand, by=request.actor, at=at)
            messages.success(request, "需求已发布，机构抢单或提交方案时会短信通知您。")
            return redirect("enterprise:demand", number=demand.number)
    except NotInOrder as refusal:
        show_reasons(form, refusal)
    except (NotAllowed, NotFound):
        raise
    except Refused as refusal:
        form.add_error(None, str(refusal))
    return None


def _known(request: Request) -> dict[str, Any]:
    """What the draft says, or what the last application said: nothing is typed twice."""
    number = request.GET.get("draft", "")
    until = local_day(timezone.now()) + timedelta(days=OPEN_DAYS)
    if Code.matches(number):
        demand = queries.demand(number, visible_to=request.actor)
        if demand.state == State.DRAFT:
            return _typed(demand) | {"open_until": demand.open_until or until}
    last = queries.last_application(request.uscc)
    same = {} if last is None else {
        "amount_fen": in_wan(last.amount_fen), "term_months": last.term_months, "purpose": last.purpose,
        "purpose_text": last.purpose_text,
    }  # fmt: skip
    return {"draft": uuid.uuid4(), "anonymous": True, "open_until": until, **same}


def _typed(demand: Any) -> dict[str, Any]:
    values = {name: getattr(demand, name) for name in Wanted.__dataclass_fields__}
    for name in ("amount_fen", "existing_fen"):
        values[name] = None if values[name] is None else in_wan(values[name])
    values["rate_max_bp"] = None if demand.rate_max_bp is None else demand.rate_max_bp / 100
    return values | {"draft": demand.pk}


@with_enterprise
@require_http_methods(["GET"])
def detail(request: Request, number: str) -> HttpResponse:
    require(Permission.DEMAND_SEE, by=request.actor, over=request.actor.house)
    demand = queries.demand(number, visible_to=request.actor)
    if demand.state == State.DRAFT:
        return redirect(f"/my/demands/new?draft={number}")
    return _page(request, demand)


@with_enterprise
@require_http_methods(["GET"])
def compare(request: Request, number: str) -> HttpResponse:
    """The proposals that were looked at, side by side on one sheet."""
    require(Permission.DEMAND_SEE, by=request.actor, over=request.actor.house)
    demand = queries.demand(number, visible_to=request.actor)
    seen = [one for one in queries.proposals(demand) if one.seen_at]
    context = {
        "demand": demand, "seen": seen, "sealed": len(queries.proposals(demand)) - len(seen),
        "all_in": {one.pk: fee_and_rate_bp(one) for one in seen}, "today": local_day(timezone.now()),
    }  # fmt: skip
    return render(request, "enterprise/demand_compare.html", context)


def _code(request: Request) -> dict[str, Any]:
    return {"institution_code": request.POST.get("institution", "")}


# address → (verb, what is said when it is done)
ACTS: dict[str, tuple[Callable[..., Any], str]] = {
    "look": (lambda d, r, **who: actions.look(demand=d, **_code(r), **who), "方案已打开，该机构会看到您已查看。"),
    "disclose": (
        lambda d, r, **who: actions.disclose(demand=d, **_code(r), **who), "已同意，该机构可以看到企业名称和联系方式。"
    ),
    "withdraw": (lambda d, r, **who: actions.withdraw(demand=d, **who), "需求已撤回，已通知接单机构。"),
    "discard": (lambda d, r, **who: actions.discard(demand=d, **who), "草稿已删除。"),
    "decline": (
        lambda d, r, **who: actions.decline(
            demand=d, reason=r.POST.get("reason", ""), text=r.POST.get("text", "").replace("\0", ""), **who
        ),
        "需求已结束，谢谢您说明原因。",
    ),
}  # fmt: skip


@with_enterprise
@require_http_methods(["POST"])
def act(request: Request, number: str, name: str) -> HttpResponse:
    if name not in ACTS:
        raise Http404
    demand = queries.demand(number, visible_to=request.actor)
    verb, done = ACTS[name]
    try:
        verb(demand, request, by=request.actor, at=timezone.now())
        messages.success(request, done)
    except NotInOrder as refusal:
        form = UnmetForm(request.POST)
        show_reasons(form, refusal)
        return _page(request, demand, form)
    except (NotAllowed, NotFound):
        raise
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("enterprise:demands") if name == "discard" else redirect("enterprise:demand", number=number)


@with_enterprise
@require_http_methods(["POST"])
def choose(request: Request, number: str) -> HttpResponse:
    """The chosen proposal becomes an application, and the person goes on to it."""
    demand = queries.demand(number, visible_to=request.actor)
    try:
        application = actions.choose(demand=demand, by=request.actor, at=timezone.now(), **_code(request))
        messages.success(request, "已选定，融资申请已提交给该机构，应在 1 个工作日内受理。")
        return redirect("enterprise:application", number=application.number)
    except applications.NeedsConsent:
        messages.warning(request, "选定前需要有生效中的授权委托书，请先签署或恢复授权，再回到需求里选定。")
        return redirect("enterprise:consents")
    except (NotAllowed, NotFound):
        raise
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("enterprise:demand", number=number)


def _page(request: Request, demand: Any, bound: forms.Form | None = None) -> HttpResponse:
    wished = institutions.names([*demand.preferred, *demand.excluded])
    context = {
        "demand": demand, "is_live": demand.state in LIVE, "may_post": _may_post(request), "timeline": timeline(demand),
        "parties": queries.parties(demand), "today": local_day(timezone.now()), "weights": WEIGHTS,
        "unmet_form": bound or UnmetForm(), "bound": bound, "unmet": UNMET_REASONS.get(demand.unmet_reason, ""),
        "preferred": "、".join(wished.get(code, code) for code in demand.preferred),
        "excluded": "、".join(wished.get(code, code) for code in demand.excluded),
    }  # fmt: skip
    return render(request, "enterprise/demand.html", context, status=422 if bound else 200)
