"""企业用户认证授权: three steps, resumable. What was earned decides how far one may go; back always works."""

import uuid
from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from jinfuyun.accounts.actions import CannotSend, WrongCode, send_code
from jinfuyun.accounts.rules import CodePurpose
from jinfuyun.enterprises import actions, queries
from jinfuyun.enterprises.rules import (
    CASE_REASONS,
    CHECKABLE,
    NAME_MAX,
    PERSON_NAME_MAX,
    RunState,
    proven_code,
    read_elements,
    read_profile,
    registered_words,
    why_not_elements,
)
from jinfuyun.kit import industries, regions
from jinfuyun.kit.errors import NotAllowed, NotFound, Refused
from jinfuyun.kit.identity import ID_TYPE_LABELS, IdType, normalise_phone
from jinfuyun.kit.uscc import NATURE_LABELS, Nature, nature_of
from jinfuyun.web.guards import address_of, session_of, signed_in_enterprise_user
from jinfuyun.web.request import Request

STEPS = ("企业要素认证", "信息完善", "签署授权书")
# The furthest page that each state has earned.
FURTHEST = {
    RunState.VERIFIED: "enterprise:profile",
    RunState.PROFILED: "enterprise:consent",
    RunState.DONE: "enterprise:chooser",
    RunState.DROPPED: "enterprise:chooser",
}


class ElementsForm(forms.Form):
    """Shape only; whether a number can be right is decided by enterprises.rules."""

    tax_number = forms.CharField(label="企业 / 个体工商户纳税号", max_length=30)
    legal_name = forms.CharField(label="企业法定代表人姓名", max_length=PERSON_NAME_MAX)
    id_type = forms.ChoiceField(label="企业法定代表人证件类型", choices=list(ID_TYPE_LABELS.items()))
    id_number = forms.CharField(label="企业法定代表人证件号", max_length=30)
    phone = forms.CharField(label="企业法定代表人手机号", max_length=30)
    sms_code = forms.CharField(label="短信验证码", max_length=6)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name, hint in (
            ("tax_number", "请输入纳税号"), ("legal_name", "请输入姓名"), ("id_number", "请输入证件号"),
            ("phone", "请输入手机号"), ("sms_code", "请输入验证码"),
        ):  # fmt: skip
            self.fields[name].widget.attrs["placeholder"] = hint
        for name in ("phone", "sms_code"):
            self.fields[name].widget.attrs["inputmode"] = "numeric"
        self.fields["sms_code"].widget.attrs["autocomplete"] = "one-time-code"


class ProfileForm(forms.Form):
    uscc = forms.CharField(label="统一社会信用代码", max_length=30)
    name = forms.CharField(label="企业名称", max_length=NAME_MAX)
    region = forms.ChoiceField(label="所属区域", choices=[("", "请选择"), *regions.choices()])
    industry = forms.ChoiceField(label="行业分类", choices=[("", "请选择"), *industries.grouped_choices()])
    nature = forms.ChoiceField(label="企业性质", choices=list(NATURE_LABELS.items()))
    legal_name = forms.CharField(label="法定代表人姓名", max_length=PERSON_NAME_MAX)
    contact_name = forms.CharField(label="联系人姓名", max_length=PERSON_NAME_MAX)
    contact_phone = forms.CharField(label="联系人手机号", max_length=30)


class CaseForm(forms.Form):
    reason = forms.ChoiceField(label="申请人工核验的原因", choices=list(CASE_REASONS.items()))
    note = forms.CharField(label="补充说明", required=False, max_length=500, widget=forms.Textarea({"rows": 3}))
    licence = forms.FileField(label="营业执照照片或扫描件", widget=forms.FileInput({"accept": ".jpg,.jpeg,.png,.pdf"}))


def show_wrong(form: forms.Form, refusal: Refused) -> None:
    """Put a refusal's sentences at their fields; what belongs to no field stands on top.

    That something is a stranger's or not this person's to do is no matter of the form: it goes on to its own page.
    """
    if isinstance(refusal, NotFound | NotAllowed):
        raise refusal
    wrong: Mapping[str, str] = getattr(refusal, "wrong", {})
    for field, sentence in wrong.items():
        form.add_error(field if field in form.fields else None, sentence)
    if not wrong:
        form.add_error(None, str(refusal))


def run_of(request: Request) -> Any:
    """The run that the address or the form names; None for a new one. Another's does not exist."""
    named = request.POST.get("run") or request.GET.get("run") or ""
    try:
        wanted = uuid.UUID(named) if named else None
    except ValueError:
        wanted = uuid.UUID(int=0)
    return queries.run(wanted, user_id=request.user.pk) if wanted else None


def at_run(name: str, run: Any) -> HttpResponse:
    return redirect(f"{reverse(name)}?run={run.pk}")


@signed_in_enterprise_user
@require_http_methods(["GET", "POST"])
def elements(request: Request) -> HttpResponse:
    """Step 1."""
    run = run_of(request) or _run_of_the_page(request)
    if request.method == "POST":
        return _elements_posted(request, run)
    if run is not None and run.state in (RunState.DONE, RunState.DROPPED):
        return redirect("enterprise:chooser")
    typed = queries.draft_of(run).get("elements", {}) if run else {"phone": request.user.phone}
    form = ElementsForm(initial={"id_type": IdType.RESIDENT, **typed})
    return _show_elements(request, form, run)


def _run_of_the_page(request: Request) -> Any:
    """The run that an empty page made when it was sent the first time, if it was."""
    new_id = _new_id(request)
    return queries.begun(new_id, user_id=request.user.pk) if new_id else None


def _new_id(request: Request) -> uuid.UUID | None:
    try:
        return uuid.UUID(request.POST.get("new_run", ""))
    except ValueError:
        return None


def _elements_posted(request: Request, run: Any) -> HttpResponse:
    form = ElementsForm(request.POST)
    typed = read_elements(request.POST.dict())
    at = timezone.now()
    draft = {field: getattr(typed, field) for field in typed.__dataclass_fields__}
    if run is not None and run.state not in CHECKABLE and not _changed(run, draft):
        return at_run(FURTHEST.get(run.state, "enterprise:elements"), run)  # a second click, or back and on again
    try:
        if run is None and not (typed.tax_number or typed.legal_name or typed.id_number or "send_code" in request.POST):
            raise actions.Incomplete(why_not_elements(typed))  # nothing worth keeping
        run = actions.keep_draft(run=run, typed=draft, new_id=_new_id(request), by=request.actor, at=at)
        if "send_code" in request.POST:
            return _send_code(request, form, run, typed.phone)
        run = actions.check_elements(
            run=run, elements=typed, code=request.POST.get("sms_code", ""), session=session_of(request),
            by=request.actor, at=at,
        )  # fmt: skip
    except WrongCode as refusal:
        form.add_error("sms_code", str(refusal))
    except Refused as refusal:
        show_wrong(form, refusal)
    if run is None or form.errors:
        return _show_elements(request, form, run)
    return at_run(FURTHEST.get(run.state, "enterprise:elements"), run)


def _changed(run: Any, draft: dict[str, str]) -> bool:
    return queries.draft_of(run).get("elements") != draft


def _send_code(request: Request, form: ElementsForm, run: Any, phone: str) -> HttpResponse:
    """The code goes to the legal representative's phone, not the account's."""
    form = ElementsForm(request.POST)
    form.errors.clear()
    if normalise_phone(phone) is None:
        form.add_error("phone", "请输入11位大陆手机号。")
        return _show_elements(request, form, run)
    try:
        send_code(
            phone=phone, purpose=CodePurpose.TAX_ELEMENTS, session=session_of(request), ip=address_of(request),
            at=timezone.now(),
        )  # fmt: skip
    except CannotSend as refusal:
        form.add_error("phone", str(refusal))
        return _show_elements(request, form, run)
    messages.success(request, "验证码已发送，5分钟内有效。")
    return at_run("enterprise:elements", run)


def _show_elements(request: Request, form: ElementsForm, run: Any) -> HttpResponse:
    context = {
        "form": form, "run": run, "steps": STEPS, "new_run": _new_id(request) or uuid.uuid4(),
        "verdict": queries.draft_of(run).get("verdict", "") if run else "",
        "refusal": queries.refusal_of(run) if run else "",
    }  # fmt: skip
    return render(request, "enterprise/elements.html", context, status=422 if form.errors else 200)


@signed_in_enterprise_user
@require_http_methods(["GET", "POST"])
def profile(request: Request) -> HttpResponse:
    """Step 2."""
    run = run_of(request)
    if run is None or run.state not in (RunState.VERIFIED, RunState.PROFILED):
        return at_run("enterprise:elements", run) if run else redirect("enterprise:elements")
    run = actions.learn_registered(run=run, by=request.actor, at=timezone.now())
    draft = queries.draft_of(run)
    if request.method == "POST":
        form = ProfileForm(request.POST)
        try:
            actions.submit_profile(
                run=run, profile=read_profile(request.POST.dict()), by=request.actor, at=timezone.now()
            )
            return at_run("enterprise:consent", run)
        except actions.HeldByAnother:
            return render(request, "enterprise/held.html", {"run": run, "form": CaseForm(initial={"reason": "held"})})
        except actions.OthersEnterprise:
            return render(request, "enterprise/others.html", {"run": run})
        except Refused as refusal:
            form.errors.clear()
            show_wrong(form, refusal)
    else:
        form = ProfileForm(initial=_known(draft, run))
    context = {
        "form": form, "run": run, "steps": STEPS, "registered": draft.get("registered"),
        "is_proven": proven_code(draft) is not None, "on_file": registered_words(draft.get("registered") or {}),
    }  # fmt: skip
    return render(request, "enterprise/profile.html", context, status=422 if form.errors else 200)


def _known(draft: dict[str, Any], run: Any) -> dict[str, str]:
    """What the registry and the tax department already said; nothing of it is typed again."""
    confirmed, registered = draft["elements"], draft.get("registered") or {}
    if run.state == RunState.PROFILED:
        found = queries.profile(run.uscc)
        return {
            "uscc": found.uscc, "name": found.name, "region": found.region_code, "industry": found.industry_code,
            "nature": found.nature, "legal_name": found.legal_name, "contact_name": found.contact_name,
            "contact_phone": found.contact_phone,
        }  # fmt: skip
    code = proven_code(draft) or ""
    division = industries.division_of(registered.get("industry") or "")
    return {
        "uscc": code, "name": registered.get("name") or "", "region": _county(registered),
        "industry": division.code if division else "",
        "nature": nature_of(code) if code else Nature.ENTERPRISE,
        "legal_name": confirmed["legal_name"], "contact_name": confirmed["legal_name"],
        "contact_phone": confirmed["phone"],
    }  # fmt: skip


def _county(registered: dict[str, Any]) -> str:
    """The county to offer: the registry's; where its code is of a city or of former times, what the address names."""
    code = registered.get("region") or ""
    if regions.is_choosable(code):
        return code
    county = regions.county_of(address=registered.get("address") or "", code=code)
    return county.code if county else ""


@signed_in_enterprise_user
@require_http_methods(["GET", "POST"])
def manual(request: Request) -> HttpResponse:
    """The way to the manual desk, with the licence."""
    run = run_of(request)
    if run is None:
        return redirect("enterprise:elements")
    if request.method == "POST":
        form = CaseForm(request.POST, request.FILES)
        upload = request.FILES.get("licence")
        try:
            actions.open_case(
                run=run, reason=request.POST.get("reason", ""), note=request.POST.get("note", ""),
                licence=upload.read() if upload else b"", by=request.actor, at=timezone.now(),
            )  # fmt: skip
            return at_run("enterprise:elements", run)
        except Refused as refusal:
            form.errors.clear()
            show_wrong(form, refusal)
    else:
        form = CaseForm(initial={"reason": _likely_reason(run)})
    return render(request, "enterprise/manual.html", {"form": form, "run": run}, status=422 if form.errors else 200)


def _likely_reason(run: Any) -> str:
    """What most people who come from that state come for."""
    if run.state == RunState.VERIFIED:
        return "no_code"
    return "no_tax_file" if queries.draft_of(run).get("verdict") == "unknown" else "differs"


@signed_in_enterprise_user
@require_http_methods(["POST"])
def drop(request: Request) -> HttpResponse:
    """Give a run up."""
    run = run_of(request)
    if run is not None:
        actions.drop_run(run=run, by=request.actor, at=timezone.now())
        messages.success(request, "已放弃，填写的内容已删除。")
    return redirect("enterprise:chooser")
