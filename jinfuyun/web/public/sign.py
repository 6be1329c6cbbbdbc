"""/sign/<token>: the legal representative signs on his own phone what a clerk prepared. No account is needed."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from jinfuyun.accounts.actions import WrongCode, send_code
from jinfuyun.accounts.rules import CodePurpose
from jinfuyun.consents import actions, queries
from jinfuyun.consents.letter import for_screen, letter_text, template
from jinfuyun.enterprises import queries as enterprises
from jinfuyun.kit.errors import Refused
from jinfuyun.kit.identity import mask_phone
from jinfuyun.web.guards import address_of, session_of


class SignForm(forms.Form):
    sms_code = forms.CharField(label="短信验证码", required=False, max_length=6)
    agree = forms.BooleanField(label="确认授权即表示同意《数据采集查询授权书》", required=False)
    text_sha256 = forms.CharField(widget=forms.HiddenInput)


@require_http_methods(["GET", "POST"])
def sign(request: HttpRequest, token: str) -> HttpResponse:
    at = timezone.now()
    if (signed := queries.signed_by_link(token, at)) is not None:
        return _signed(request, signed)
    consent = queries.by_link(token, at)
    profile = enterprises.profile(consent.enterprise_id)
    phone = profile.legal_phone
    form = SignForm(request.POST or None, initial={"text_sha256": consent.text_sha256})
    if request.method == "POST":
        try:
            if "send_code" in request.POST:
                send_code(
                    phone=phone, purpose=CodePurpose.SIGN_CONSENT, session=session_of(request), subject=profile.uscc,
                    text_context={"enterprise": profile.name}, ip=address_of(request), at=at,
                )  # fmt: skip
                messages.success(request, "验证码已发送，5分钟内有效。")
                form = SignForm(initial=request.POST.dict())
            elif not request.POST.get("agree"):
                form.add_error("agree", "请勾选同意《数据采集查询授权书》。")
            else:
                actions.sign(
                    consent=consent, code=request.POST.get("sms_code", ""), session=session_of(request),
                    ip=address_of(request), user_agent=request.headers.get("User-Agent", ""),
                    text_sha256=request.POST.get("text_sha256", ""),
                    by=enterprises.owner_of(consent.enterprise_id), at=at,
                )  # fmt: skip
                return _signed(request, consent)
        except WrongCode as refusal:
            form.add_error("sms_code", str(refusal))
        except Refused as refusal:
            form.add_error(None, str(refusal))
    if form.errors and (signed := queries.signed_by_link(token, at)) is not None:  # the other click was first
        return _signed(request, signed)
    data = queries.letter_of(consent)
    context = {
        "form": form, "consent": consent, "letter": letter_text(for_screen(data)), "template": template(),
        "phone": mask_phone(phone), "whose": data.enterprise,
    }  # fmt: skip
    return render(request, "public/sign.html", context, status=422 if form.errors else 200)


def _signed(request: HttpRequest, consent: queries.Consent) -> HttpResponse:
    return render(request, "public/signed.html", {"consent": consent})
