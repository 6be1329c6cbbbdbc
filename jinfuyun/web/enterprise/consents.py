"""Step 3, signing from an SMS link, and everything one may do with a letter afterwards."""

import uuid
from dataclasses import replace
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from jinfuyun.accounts.actions import WrongCode, send_code
from jinfuyun.accounts.rules import CodePurpose, Kind
from jinfuyun.consents import actions, queries
from jinfuyun.consents.letter import for_screen, letter_text, template, text_hash
from jinfuyun.consents.rules import (
    CHOSEN_CATEGORIES,
    LIVING,
    SUPPLIERS,
    State,
    TermKind,
    Terms,
    UtilityEntry,
    day,
    default_terms,
    why_not_terms,
)
from jinfuyun.deliveries import queries as deliveries
from jinfuyun.enterprises import actions as enterprise_actions
from jinfuyun.enterprises import queries as enterprises
from jinfuyun.enterprises.rules import RunState
from jinfuyun.kit.actor import Actor, Role
from jinfuyun.kit.errors import NotFound, Refused
from jinfuyun.kit.grant import CATEGORY_LABELS, UTILITIES, Category
from jinfuyun.kit.identity import mask_phone
from jinfuyun.kit.permissions import Permission, require
from jinfuyun.storage import files
from jinfuyun.web.enterprise.wizard import STEPS, at_run, run_of, show_wrong
from jinfuyun.web.guards import (
    address_of,
    enter_enterprise,
    go_on,
    session_of,
    signed_in_enterprise_user,
    with_enterprise,
)
from jinfuyun.web.request import Request


def _suppliers(category: Category) -> list[tuple[str, str]]:
    return [("", "请选择"), *((name, name) for name in SUPPLIERS[category])]


class ConsentForm(forms.Form):
    term_kind = forms.ChoiceField(
        label="授权期限", choices=TermKind.choices, widget=forms.RadioSelect, initial=TermKind.UNTIL_SETTLEMENT
    )
    start = forms.DateField(label="起始日期", widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"))
    end = forms.DateField(label="截止日期", required=False, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"))
    water_supplier = forms.ChoiceField(label="供水单位", required=False, choices=_suppliers(Category.WATER))
    water_account = forms.CharField(label="用水户号", required=False, max_length=30)
    electricity_account = forms.CharField(label="用电户号", required=False, max_length=30)
    gas_supplier = forms.ChoiceField(label="供气单位", required=False, choices=_suppliers(Category.GAS))
    gas_account = forms.CharField(label="用气户号", required=False, max_length=30)
    customs = forms.BooleanField(label="海关进出口（有进出口业务的企业）", required=False)
    statements = forms.BooleanField(label="向税务部门申报的财务报表", required=False)
    cash_flow = forms.BooleanField(label="聚合收款码流水", required=False)
    property = forms.BooleanField(label="不动产抵押登记", required=False)
    platform = forms.BooleanField(label="本平台内的融资申请和贷款", required=False)
    personal_notice = forms.BooleanField(
        label="涉及经营者个人的收入、不动产、纳税数额等信息，我单独同意采集和查询", required=False
    )
    recommend = forms.BooleanField(label="同意平台把本企业推荐给金融机构对接", required=False)
    agree = forms.BooleanField(label="确认授权即表示同意《数据采集查询授权书》", required=False)
    sms_code = forms.CharField(label="短信验证码", required=False, max_length=6)

    def terms(self) -> Terms:
        """What was typed, as the action takes it; a date that is none is missing."""
        data = {name: self.data.get(name, "").strip() for name in self.fields}
        entries = tuple(
            UtilityEntry(category, _supplier(category, data), data[f"{category}_account"])
            for category in UTILITIES
            if data[f"{category}_account"]
        )
        return Terms(
            term_kind=data["term_kind"], start=_date(data["start"]), end=_date(data["end"]), utilities=entries,
            chosen=tuple(each for each in CHOSEN_CATEGORIES if data[each]),
            personal_notice=bool(data["personal_notice"]), recommend=bool(data["recommend"]), agree=bool(data["agree"]),
        )  # fmt: skip


def _supplier(category: Category, data: dict[str, str]) -> str:
    """One company supplies electricity to the whole province, so nobody is asked which."""
    if category is Category.ELECTRICITY:
        return SUPPLIERS[category][0]
    typed = data[f"{category}_supplier"]
    return typed if typed in SUPPLIERS[category] else ""


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


@signed_in_enterprise_user
@require_http_methods(["GET", "POST"])
def step(request: Request) -> HttpResponse:
    """Step 3 of the wizard."""
    run = run_of(request)
    if run is None:
        return redirect("enterprise:elements")
    if run.state != RunState.PROFILED:
        return redirect("enterprise:chooser") if run.state == RunState.DONE else at_run("enterprise:profile", run)
    actor = enterprises.actor_for(
        user_id=request.user.pk, phone=request.user.phone, uscc=run.uscc, label=request.actor.label, at=timezone.now()
    )
    return _sign_page(request, actor, run.uscc, run=run)


@with_enterprise
@require_http_methods(["GET", "POST"])
def anew(request: Request) -> HttpResponse:
    """Sign again: another term, other accounts, or after the earlier letter ended."""
    return _sign_page(request, request.actor, request.uscc, run=None)


def _sign_page(request: Request, actor: Actor, uscc: str, *, run: Any) -> HttpResponse:
    at = timezone.now()
    form = ConsentForm(request.POST or None, initial={"start": day(at), "term_kind": TermKind.UNTIL_SETTLEMENT})
    terms, utilities = default_terms(day(at)), list[dict[str, str]]()
    if request.method == "POST":
        typed = form.terms()
        try:
            if "send_code" in request.POST:
                _send_sign_code(request, uscc)
                form = ConsentForm(initial=request.POST.dict())
                messages.success(request, "验证码已发送到法定代表人手机，5分钟内有效。")
            else:
                actions.check_terms(typed, at=at)
                utilities = actions.check_utilities(typed.utilities, uscc=uscc, at=at)
                return _sign(request, actor, uscc, typed, utilities)
        except WrongCode as refusal:
            form.add_error("sms_code", str(refusal))
        except Refused as refusal:
            form.errors.clear()
            show_wrong(form, refusal)
        # The letter is read as it would be signed, as far as what was typed can stand.
        terms = typed if not why_not_terms(replace(typed, agree=True), today=day(at)) else terms
    profile, letter = enterprises.profile(uscc), queries.draft(uscc, terms, utilities)
    is_owner = Role.ENTERPRISE_OWNER in actor.roles
    context = {
        "form": form, "run": run, "steps": STEPS, "profile": profile, "is_owner": is_owner, "template": template(),
        "letter": letter_text(for_screen(letter)), "text_sha256": text_hash(letter),
        "form_token": _token(request),
        "needs_code": is_owner and queries.needs_code(uscc=uscc, session=session_of(request), at=at),
        "phone": mask_phone(profile.legal_phone),
    }  # fmt: skip
    return render(request, "enterprise/consent.html", context, status=422 if form.errors else 200)


def _send_sign_code(request: Request, uscc: str) -> None:
    profile = enterprises.profile(uscc)
    send_code(
        phone=profile.legal_phone, purpose=CodePurpose.SIGN_CONSENT, session=session_of(request), subject=uscc,
        text_context={"enterprise": profile.name}, ip=address_of(request), at=timezone.now(),
    )  # fmt: skip


def _sign(request: Request, actor: Actor, uscc: str, terms: Terms, utilities: list[dict[str, str]]) -> HttpResponse:
    at = timezone.now()
    if Role.ENTERPRISE_OWNER not in actor.roles:
        consent = actions.prepare(uscc=uscc, terms=terms, utilities=utilities, by=actor, at=at)
        url = request.build_absolute_uri(reverse("sign", args=["-"])).removesuffix("-")
        actions.send_sign_link(consent=consent, url=url, by=actor, at=at)
        messages.success(request, "授权书已准备好，签署链接已发送到法定代表人手机，24小时内有效。")
        return redirect("enterprise:chooser")
    consent = actions.give(
        uscc=uscc, terms=terms, utilities=utilities, shown_sha256=request.POST.get("text_sha256", ""),
        form_token=_token(request), code=request.POST.get("sms_code", ""), session=session_of(request),
        ip=address_of(request), user_agent=request.headers.get("User-Agent", ""), by=actor, at=at,
    )  # fmt: skip
    enterprise_actions.finish_run(uscc=uscc, by=actor, at=at)
    enter_enterprise(request, uscc)
    messages.success(request, "授权书已签署。平台正在向各部门采集数据，通常一分钟内完成。")
    return go_on(request, Kind.ENTERPRISE, reverse("enterprise:consent_detail", args=[consent.number]))


def _token(request: Request) -> uuid.UUID:
    """Which page this is; one without a mark of its own is a page of its own."""
    try:
        return uuid.UUID(request.POST.get("form_token", ""))
    except ValueError:
        return uuid.uuid4()


@with_enterprise
@require_http_methods(["GET"])
def all_of_mine(request: Request) -> HttpResponse:
    """Every letter of the chosen enterprise."""
    rows = [_row(consent) for consent in queries.of_enterprise(request.uscc)]
    return render(request, "enterprise/consents.html", {"rows": rows})


def _row(consent: Any) -> dict[str, Any]:
    return {
        "number": consent.number, "state": consent.state, "label": State(consent.state).label,
        "signed_at": consent.signed_at, "start_on": consent.start_on, "end_on": consent.end_on,
        "categories": [CATEGORY_LABELS[Category(category)] for category in consent.categories],
    }  # fmt: skip


@with_enterprise
@require_http_methods(["GET"])
def detail(request: Request, number: str) -> HttpResponse:
    """One letter: what it covers, who is named, what the departments answered, and what one may do."""
    consent = queries.consent(number, uscc=request.uscc)
    data = queries.letter_of(consent)
    context = _row(consent) | {
        "consent": consent, "letter": letter_text(for_screen(data)), "data": data, "template": template(),
        "named": queries.named(consent.pk), "living": consent.state in LIVING,
        "is_owner": Role.ENTERPRISE_OWNER in request.actor.roles, "states": State,
        "held_back": deliveries.held_back_of(request.uscc) if consent.state in LIVING else [],
    }  # fmt: skip
    return render(request, "enterprise/consent_detail.html", context)


@with_enterprise
@require_http_methods(["GET"])
def pdf(request: Request, number: str) -> HttpResponse:
    """The signed letter as it is kept, with the numbers in full: for the owner."""
    require(Permission.CONSENT_LETTER, by=request.actor, over=request.actor.house)
    consent = queries.consent(number, uscc=request.uscc)
    if not consent.pdf_file:
        raise NotFound("签名文件正在生成，请稍后再试。")
    answer = HttpResponse(files.get(consent.pdf_file), content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{consent.number}.pdf"'
    return answer


@with_enterprise
@require_http_methods(["GET", "POST"])
def revoke(request: Request, number: str) -> HttpResponse:
    """A preview of what happens, then the act."""
    consent = queries.consent(number, uscc=request.uscc)
    if request.method == "POST":
        actions.revoke(consent=consent, by=request.actor, at=timezone.now())
        messages.success(request, "授权已撤销：新的采集和查询已停止，已采集的授权数据将被删除。")
        return redirect("enterprise:consents")
    if consent.state not in LIVING:
        return redirect("enterprise:consent_detail", number=number)
    context = {"consent": consent, "named": queries.named(consent.pk), **_row(consent)}
    return render(request, "enterprise/revoke.html", context)


@with_enterprise
@require_http_methods(["POST"])
def pause(request: Request, number: str) -> HttpResponse:
    actions.pause(consent=queries.consent(number, uscc=request.uscc), by=request.actor, at=timezone.now())
    messages.success(request, "授权已暂停，期间任何机构都不能查询。")
    return redirect("enterprise:consent_detail", number=number)


@with_enterprise
@require_http_methods(["POST"])
def resume(request: Request, number: str) -> HttpResponse:
    actions.resume(consent=queries.consent(number, uscc=request.uscc), by=request.actor, at=timezone.now())
    messages.success(request, "授权已恢复。")
    return redirect("enterprise:consent_detail", number=number)
