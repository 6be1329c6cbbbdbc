"""An invitation is taken: password, authenticator, and the seat is theirs."""

import base64
import io
from textwrap import wrap

import pyotp
import qrcode
from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from jinfuyun.accounts import actions, queries
from jinfuyun.accounts.rules import KIND_LABELS, PASSWORD_MIN, Kind
from jinfuyun.kit.actor import ROLE_LABELS, Role
from jinfuyun.web.forms import OnceInput, PoliteForm
from jinfuyun.web.guards import address_of
from jinfuyun.web.public import sms

ISSUER = "金服云"


class InvitedForm(PoliteForm):
    password = sms.password_field(
        "设置登录密码", new=True, help_text=f"至少 {PASSWORD_MIN} 个字符，任何字符都可以；一句只有您知道的话最好记"
    )
    password_again = sms.password_field("确认登录密码", new=True)
    otp = forms.CharField(
        label="动态口令", max_length=20, help_text="扫码添加后，验证器 App 显示的 6 位数字",
        widget=OnceInput({"inputmode": "numeric", "autocomplete": "one-time-code"}),
    )  # fmt: skip

    def clean(self) -> None:
        sms.check_again(self)


@require_http_methods(["GET", "HEAD", "POST"])
def invited(request: HttpRequest, token: str) -> HttpResponse:
    """An unknown, used or expired link is NotFound, all alike."""
    invitation = queries.invitation(token, at=timezone.now())
    form = InvitedForm(request.POST) if request.method == "POST" else InvitedForm()
    if form.is_bound and form.is_valid() and _accepted(request, form, token):
        messages.success(request, "账号已开通，请用密码和动态口令登录。")
        return redirect(f"/login?role={invitation.kind}")
    uri = pyotp.TOTP(invitation.totp_secret).provisioning_uri(name=invitation.account, issuer_name=ISSUER)
    context = {
        "form": form, "invitation": invitation, "kind": KIND_LABELS[Kind(invitation.kind)],
        "roles": "、".join(ROLE_LABELS[Role(role)] for role in invitation.roles), "qr": _picture_of(uri),
        "secret": " ".join(wrap(invitation.totp_secret, 4)),
    }  # fmt: skip
    return render(request, "public/invited.html", context, status=422 if form.errors else 200)


def _accepted(request: HttpRequest, form: InvitedForm, token: str) -> bool:
    given = form.cleaned_data
    try:
        actions.accept_invitation(
            token=token, password=given["password"], otp=given["otp"], ip=address_of(request), at=timezone.now()
        )
    except actions.WeakPassword as refusal:
        form.add_error("password", refusal.reasons)
    except actions.WrongOtp as refusal:
        form.add_error("otp", str(refusal))
    except actions.AccountTaken as refusal:
        form.add_error(None, str(refusal))
    return not form.errors


def _picture_of(text: str) -> str:
    """The QR code as a data: address."""
    out = io.BytesIO()
    qrcode.make(text, border=2, box_size=5).save(out, format="PNG")
    return "data:image/png;base64," + base64.b64encode(out.getvalue()).decode()
