"""Admitting institutions: one operator writes and submits, another admits what he is shown."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from jinfuyun.accounts import actions as accounts
from jinfuyun.accounts import queries as people
from jinfuyun.accounts.rules import Kind
from jinfuyun.institutions import actions, queries
from jinfuyun.institutions.rules import KIND_LABELS, MOVES, STATE_LABELS, Draft, State
from jinfuyun.institutions.rules import Kind as InstitutionKind
from jinfuyun.kit import regions
from jinfuyun.kit.actor import ROLE_LABELS, Role
from jinfuyun.kit.errors import NotAllowed, NotFound, Refused
from jinfuyun.kit.identity import mask_name, mask_phone, normalise_phone
from jinfuyun.kit.reasons import NotInOrder
from jinfuyun.kit.refusals import Desk
from jinfuyun.web.forms import PoliteForm, SeenForm, WhyForm, again_field, refusing, show_reasons
from jinfuyun.web.guards import staff
from jinfuyun.web.request import Request

PAGE_SIZE = 30
WORDS_LENGTH_MAX = 40


class InstitutionForm(PoliteForm):
    code = forms.CharField(label="机构编码", max_length=12, help_text="2 至 12 位大写字母或数字，确定后不能更改。")
    name = forms.CharField(label="机构名称", max_length=60)
    kind = forms.ChoiceField(label="机构类型", choices=[("", "请选择"), *KIND_LABELS.items()])
    licence_number = forms.CharField(label="金融许可证编码", max_length=20, help_text="照证书填写。")
    region_code = forms.ChoiceField(
        label="总部所在地", choices=[("", "请选择"), *((city.code, city.name) for city in regions.CITIES)]
    )
    hotline = forms.CharField(label="客服电话", max_length=20, help_text="企业可以拨打的号码。")
    contact_name = forms.CharField(label="联系人姓名", max_length=30)
    contact_phone = forms.CharField(label="联系人手机号", max_length=20)

    def draft(self) -> Draft:
        a = {name: value.strip() for name, value in self.cleaned_data.items()}
        return Draft(**{**a, "kind": InstitutionKind(a["kind"])})


@staff(Role.OPERATOR)
@require_http_methods(["GET"])
def listing(request: Request) -> HttpResponse:
    state = request.GET.get("state", "")
    state = state if state in STATE_LABELS else ""
    words = request.GET.get("q", "")[:WORDS_LENGTH_MAX]
    found = queries.listed(state=state, words=words)
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    states = [(one.value, label) for one, label in STATE_LABELS.items()]
    context = {"page": page, "state": state, "states": states, "words_typed": words}
    return render(request, "operator/institutions.html", context)


@staff(Role.OPERATOR)
@require_http_methods(["GET", "POST"])
def new(request: Request) -> HttpResponse:
    form = InstitutionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.propose(draft=form.draft(), by=request.actor, at=timezone.now())
            messages.success(request, "草稿已保存，核对后提交，由另一位同事复核。")
            return redirect("operator:institution", code=made.code)
        except NotInOrder as refusal:
            show_reasons(form, refusal)
    return render(request, "operator/institution_form.html", {"form": form}, status=422 if form.errors else 200)


@staff(Role.OPERATOR)
@require_http_methods(["GET", "POST"])
def edit(request: Request, code: str) -> HttpResponse:
    found = queries.institution(code)
    known = {name: getattr(found, name) for name in InstitutionForm.base_fields}
    form = InstitutionForm(request.POST or None, initial=known)
    if request.method == "POST" and form.is_valid():
        try:
            actions.revise(code=code, draft=form.draft(), by=request.actor, at=timezone.now())
            messages.success(request, "已保存。")
            return redirect("operator:institution", code=code)
        except NotInOrder as refusal:
            show_reasons(form, refusal)
        except Refused as refusal:
            messages.error(request, str(refusal))
            return redirect("operator:institution", code=code)
    context = {"form": form, "institution": found}
    return render(request, "operator/institution_form.html", context, status=422 if form.errors else 200)


class SubmitForm(PoliteForm):
    """A button and nothing to fill in."""


class FirstAdminForm(PoliteForm):
    name = forms.CharField(label="管理员姓名", max_length=30)
    phone = forms.CharField(label="管理员手机号", max_length=20, help_text="邀请链接会发到这个号码。")
    account = forms.RegexField(
        r"[a-z][a-z0-9.]{3,29}", label="登录账号", help_text="小写字母、数字和点，4 至 30 位。",
        error_messages={"invalid": "登录账号为小写字母、数字和点，4 至 30 位，以字母开头。"},
    )  # fmt: skip

    again = again_field()

    def clean_phone(self) -> str:
        phone = normalise_phone(self.cleaned_data["phone"])
        if phone is None:
            raise forms.ValidationError("请输入11位大陆手机号。")
        return phone


# address → (form, verb, what is said when it is done)
ACTS: dict[str, tuple[type[forms.Form], Any, str]] = {
    "submit": (SubmitForm, lambda code, f, **who: actions.submit(code=code, **who), "已提交，等待另一位同事复核。"),
    "admit": (
        SeenForm,
        lambda code, f, **who: actions.admit(code=code, on_screen=f["seen"], **who),
        "复核通过，机构已入驻；请邀请该机构的第一位管理员。",
    ),
    "send_back": (
        refusing(Desk.ADMISSION),
        lambda code, f, **who: actions.send_back(code=code, ground=f["ground"], remark=f["why"], **who),
        "已退回提交人。",
    ),
    "suspend": (
        WhyForm,
        lambda code, f, **who: actions.suspend(code=code, **f, **who),
        "已暂停，其产品即时下线；在办申请继续办理。",
    ),
    "resume": (WhyForm, lambda code, f, **who: actions.resume(code=code, **f, **who), "已恢复。"),
    "leave": (WhyForm, lambda code, f, **who: actions.leave(code=code, **f, **who), "已办理退出。"),
}


@staff(Role.OPERATOR)
@require_http_methods(["GET"])
def detail(request: Request, code: str) -> HttpResponse:
    return _page(request, code)


@staff(Role.OPERATOR)
@require_http_methods(["POST"])
def act(request: Request, code: str, name: str) -> HttpResponse:
    """One of ACTS; what was typed comes back when it cannot be done."""
    if name not in ACTS:
        raise Http404
    queries.institution(code)
    kind, verb, done = ACTS[name]
    form = kind(request.POST)
    if form.is_valid():
        try:
            verb(code, form.cleaned_data, by=request.actor, at=timezone.now())
            messages.success(request, done)
            return redirect("operator:institution", code=code)
        except NotInOrder as refusal:
            show_reasons(form, refusal)
        except (NotAllowed, NotFound):
            raise
        except Refused as refusal:
            messages.error(request, str(refusal))
            return redirect("operator:institution", code=code)
    return _page(request, code, {name: form})


@staff(Role.OPERATOR)
@require_http_methods(["POST"])
def invite(request: Request, code: str) -> HttpResponse:
    """The first administrator; from then on the institution invites its own people."""
    found = queries.institution(code)
    form = FirstAdminForm(request.POST)
    if found.state != State.ACTIVE:
        form.add_error(None, "机构入驻后、没有暂停时才能邀请管理员。")
    if form.is_valid():
        try:
            accounts.invite(
                kind=Kind.INSTITUTION, **form.cleaned_data, roles=frozenset({Role.INSTITUTION_ADMIN}),
                house=found.house, by=request.actor, at=timezone.now(),
            )  # fmt: skip
            messages.success(request, "邀请已发出。")
            return redirect("operator:institution", code=code)
        except accounts.AccountTaken as refusal:
            form.add_error("account", str(refusal))
    return _page(request, code, {"invite": form})


def _page(request: Request, code: str, bound: dict[str, forms.Form] | None = None) -> HttpResponse:
    found = queries.institution(code)
    open_acts = [name for name, (sources, _) in MOVES.items() if found.state in sources]
    seen = found.content_digest()
    known = {name: ACTS[name][0](auto_id=f"{name}_%s", initial={"seen": seen}) for name in open_acts}
    context = {
        "institution": found, "forms": known | (bound or {}), "bound": bound, "open": open_acts,
        "contact": f"{mask_name(found.contact_name)} {mask_phone(found.contact_phone)}",
        "invite": (bound or {}).get("invite") or FirstAdminForm(auto_id="invite_%s"),
        "staff": [
            (one.account, "、".join(ROLE_LABELS[Role(role)] for role in one.roles))
            for one in people.staff_of(found.house)
        ],
        "is_mine": found.submitted_by == request.actor.id,
    }  # fmt: skip
    return render(request, "operator/institution.html", context, status=422 if bound else 200)
