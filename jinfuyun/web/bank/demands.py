"""融资需求 at an institution: the market of demands, what it claimed or was assigned, its proposals."""

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

from jinfuyun.demands import actions, queries
from jinfuyun.demands.content import Sheet
from jinfuyun.demands.queries import Filters
from jinfuyun.demands.rules import HAND_BACK_REASONS, LOAN_KIND_LABELS, PLACES, PartyState
from jinfuyun.kit import regions
from jinfuyun.kit.calendar import local_day
from jinfuyun.kit.errors import NotAllowed, NotFound, Refused
from jinfuyun.kit.lending import LOAN_PURPOSE_LABELS, REPAYMENT_LABELS, SECURITY_LABELS
from jinfuyun.kit.reasons import NotInOrder
from jinfuyun.products import queries as products
from jinfuyun.web.bank.desk import HANDLERS
from jinfuyun.web.forms import DayField, PercentField, PoliteForm, WanField, in_wan, show_reasons
from jinfuyun.web.guards import staff
from jinfuyun.web.request import Request

PAGE_SIZE = 30
VALID_DAYS = 15
ALL = ("", "全部")
NUMBER = {"inputmode": "numeric", "autocomplete": "off"}


class FilterForm(forms.Form):
    """What is wrong in it filters nothing."""

    city = forms.ChoiceField(label="地区", required=False, choices=[ALL, *((c.code, c.name) for c in regions.CITIES)])
    amount_min_fen = WanField(label="金额不低于", required=False)
    amount_max_fen = WanField(label="金额不高于", required=False)
    purpose = forms.ChoiceField(
        label="用途", required=False, choices=[ALL, *((p.value, t) for p, t in LOAN_PURPOSE_LABELS.items())]
    )
    security = forms.ChoiceField(
        label="担保方式", required=False, choices=[ALL, *((s.value, t) for s, t in SECURITY_LABELS.items())]
    )
    loan_kind = forms.ChoiceField(
        label="首贷或续贷", required=False, choices=[ALL, *((k.value, t) for k, t in LOAN_KIND_LABELS.items())]
    )

    def filters(self) -> Filters:
        self.is_valid()
        return Filters(**{name: value for name, value in self.cleaned_data.items() if value not in ("", None)})


class SheetForm(PoliteForm):
    product_code = forms.ChoiceField(label="对应产品", help_text="企业选定后，据此产品提交申请。")
    amount_fen = WanField(label="意向金额")
    rate_bp = PercentField(label="年化利率")
    term_months = forms.IntegerField(label="期限", min_value=1, max_value=360, widget=forms.TextInput(NUMBER))
    security = forms.ChoiceField(label="担保方式", choices=list(SECURITY_LABELS.items()))
    repayment = forms.ChoiceField(label="还款方式", choices=list(REPAYMENT_LABELS.items()))
    fee_year_bp = PercentField(label="其他费用（年化）", initial=0)
    fees_text = forms.CharField(
        label="费用说明", max_length=200, required=False, help_text="收什么、由谁收；没有费用可不填。"
    )
    needs = forms.CharField(label="还需要企业提供", max_length=400, widget=forms.Textarea({"rows": 2}))
    valid_till = DayField(label="方案有效期至")


class HandBackForm(PoliteForm):
    reason = forms.ChoiceField(label="退回原因", choices=[("", "请选择"), *HAND_BACK_REASONS.items()])


@staff(*HANDLERS)
@require_http_methods(["GET"])
def listing(request: Request) -> HttpResponse:
    today, tray = local_day(timezone.now()), request.GET.get("tray", "market")
    tray = tray if tray in queries.TRAYS else "market"
    code, counts, form = (
        queries.code_of(request.actor),
        queries.tray_counts(request.actor, today),
        FilterForm(request.GET),
    )
    found: Any = (
        queries.on_the_market(request.actor, form.filters()) if tray == "market"
        else queries.of_institution(request.actor, tray)
    )  # fmt: skip
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    rows = [
        {"sight": queries.sight(one, None, code), "taken": one.taken} if tray == "market"
        else {"sight": queries.sight(one.demand, one, code), "party": one}
        for one in page
    ]  # fmt: skip
    context = {
        "page": page, "rows": rows, "tray": tray, "form": form, "today": today, "late": counts["late"],
        "trays": [(name, f"{label}（{counts[name]}）") for name, label in queries.TRAYS.items()], "places": PLACES,
        "filtered": any(request.GET.get(name) for name in form.fields),
    }  # fmt: skip
    return render(request, "bank/demands.html", context)


@staff(*HANDLERS)
@require_http_methods(["GET"])
def detail(request: Request, number: str) -> HttpResponse:
    return _page(request, number)


def _propose(party: Any, form: forms.Form, **who: Any) -> None:
    actions.propose(party=party, sheet=Sheet(**form.cleaned_data), **who)


# address → (verb, what is said when it is done)
ACTS: dict[str, tuple[Callable[..., Any], str]] = {
    "take": (lambda p, f, **who: actions.take(party=p, **who), "已接单，请在期限内提交意向方案。"),
    "hand_back": (
        lambda p, f, **who: actions.hand_back(party=p, reason=f.cleaned_data["reason"], **who),
        "已退回，企业会看到原因。",
    ),
    "propose": (_propose, "意向方案已提交；企业打开前其他任何人都看不到。"),
}  # fmt: skip


@staff(*HANDLERS)
@require_http_methods(["POST"])
def claim(request: Request, number: str) -> HttpResponse:
    """Who comes too late is told so, and goes on from the market."""
    try:
        actions.claim(number=number, by=request.actor, at=timezone.now())
        messages.success(request, "抢单成功，请在期限内提交意向方案。")
        return redirect("bank:demand", number=number)
    except (NotAllowed, NotFound):
        raise
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("bank:demands")


@staff(*HANDLERS)
@require_http_methods(["POST"])
def act(request: Request, number: str, name: str) -> HttpResponse:
    """One of ACTS; what was typed comes back when it cannot be done."""
    if name not in ACTS:
        raise Http404
    party, bound = queries.party(number, visible_to=request.actor), _form(request, name)
    if bound.is_valid():
        try:
            verb, done = ACTS[name]
            verb(party, bound, by=request.actor, at=timezone.now())
            messages.success(request, done)
            return redirect("bank:demand", number=number)
        except NotInOrder as refusal:
            show_reasons(bound, refusal)
        except (NotAllowed, NotFound):
            raise
        except Refused as refusal:
            messages.error(request, str(refusal))
            return redirect("bank:demand", number=number)
    return _page(request, number, {name: bound})


def _form(request: Request, name: str) -> forms.Form:
    kinds: dict[str, type[forms.Form]] = {"propose": SheetForm, "hand_back": HandBackForm}
    form = kinds.get(name, PoliteForm)(request.POST, auto_id=f"{name}_%s")
    if isinstance(form, SheetForm):
        _own_products(form, request)
    return form


def _own_products(form: SheetForm, request: Request) -> None:
    field = form.fields["product_code"]
    assert isinstance(field, forms.ChoiceField)
    own = products.on_the_market().filter(institution__code=queries.code_of(request.actor)).select_related("current")
    listed = [(one.code, f"{one.current.name}（{one.code}）") for one in own.order_by("code") if one.current]
    field.choices = [("", "请选择"), *listed]


def _page(request: Request, number: str, bound: dict[str, forms.Form] | None = None) -> HttpResponse:
    sight, party = queries.for_institution(number, visible_to=request.actor)
    proposal, today = getattr(party, "proposal", None), local_day(timezone.now())
    sheet = SheetForm(auto_id="propose_%s", initial=_known(sight, proposal, today))
    _own_products(sheet, request)
    state = party.state if party else ""
    may_propose = state == PartyState.HOLDING or (state == PartyState.PROPOSED and proposal and not proposal.seen_at)
    context = {
        "sight": sight, "party": party, "proposal": proposal, "today": today, "places": PLACES, "bound": bound,
        "may_propose": may_propose, "is_asked": state == PartyState.INVITED,
        "is_at_it": state in (PartyState.INVITED, PartyState.HOLDING, PartyState.PROPOSED),
        "forms": {"propose": sheet, "hand_back": HandBackForm(auto_id="hand_back_%s")} | (bound or {}),
    }  # fmt: skip
    return render(request, "bank/demand.html", context, status=422 if bound else 200)


def _known(sight: Any, proposal: Any, today: Any) -> dict[str, Any]:
    """The proposal as it lies there, or what the enterprise asked for."""
    if proposal is None:
        return {
            "amount_fen": in_wan(sight.amount_fen or 0), "term_months": sight.term_months, "fee_year_bp": 0,
            "security": sight.securities[0] if sight.securities else "",
            "valid_till": today + timedelta(days=VALID_DAYS),
        }  # fmt: skip
    same = ("term_months", "security", "repayment", "fees_text", "needs", "valid_till")
    return {name: getattr(proposal, name) for name in same} | {
        "product_code": proposal.product.code, "amount_fen": in_wan(proposal.amount_fen),
        "rate_bp": proposal.rate_bp / 100, "fee_year_bp": proposal.fee_year_bp / 100,
    }  # fmt: skip
