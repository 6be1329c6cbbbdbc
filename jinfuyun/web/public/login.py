"""登录: one tab for each kind of people. Enterprises' people give an SMS code, staff the digits of an authenticator."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from jinfuyun.accounts import actions
from jinfuyun.accounts.rules import KIND_LABELS, CodePurpose, Kind
from jinfuyun.web.forms import OnceInput
from jinfuyun.web.guards import HOME, client_of, come_in, go_out, session_of
from jinfuyun.web.public import captcha, sms

NAME = "login"


class EnterpriseForm(captcha.CaptchaForm):
    account = sms.PhoneField(label="用户账号", help_text="注册手机号", autocomplete="username")
    password = sms.password_field("密码", new=False)
    sms_code = sms.code_field("手机验证码")

    field_order = ("account", "password", "captcha", "sms_code")


class StaffForm(captcha.CaptchaForm):
    account = forms.CharField(label="用户账号", max_length=60, widget=forms.TextInput({"autocomplete": "username"}))
    password = sms.password_field("密码", new=False)
    otp = forms.CharField(
        label="动态口令", max_length=20, help_text="验证器 App 当前显示的 6 位数字",
        widget=OnceInput({"inputmode": "numeric", "autocomplete": "one-time-code"}),
    )  # fmt: skip

    field_order = ("account", "password", "captcha", "otp")


@require_http_methods(["GET", "HEAD", "POST"])
def login(request: HttpRequest) -> HttpResponse:
    """One sentence for every reason why not, whether the account exists or not."""
    if request.method != "POST" and request.user.is_authenticated:
        return redirect(HOME[Kind(request.user.kind)])
    kind = _kind(request.POST.get("role") or request.GET.get("role", ""))
    make = EnterpriseForm if kind is Kind.ENTERPRISE else StaffForm
    if request.method != "POST":
        return _show(request, kind, make())
    form = make(request.POST)
    if captcha.asks_for_another(request):
        form.only_about()
        return _show(request, kind, form)
    if "send_code" in request.POST and kind is Kind.ENTERPRISE:
        sent = sms.send(request, form, field="account", form_name=NAME, purpose=CodePurpose.LOGIN)
        return _show(request, kind, form, sent=sent)
    if captcha.in_order(request, form, NAME):
        try:
            return come_in(request, _log_in(request, kind, form))
        except actions.WrongLogin as refusal:
            captcha.forget(request, NAME)
            form.add_error(None, str(refusal))
    return _show(request, kind, form)


def _kind(name: str) -> Kind:
    return Kind(name) if name in set(Kind) else Kind.ENTERPRISE


def _log_in(request: HttpRequest, kind: Kind, form: forms.Form) -> actions.SignedIn:
    given, client, at = form.cleaned_data, client_of(request), timezone.now()
    if kind is Kind.ENTERPRISE:
        return actions.log_in(
            phone=given["account"], password=given["password"], code=given["sms_code"], session=session_of(request),
            client=client, at=at,
        )  # fmt: skip
    return actions.log_in_staff(
        kind=kind, account=given["account"], password=given["password"], otp=given["otp"], client=client, at=at
    )


def _show(request: HttpRequest, kind: Kind, form: captcha.CaptchaForm, *, sent: bool = False) -> HttpResponse:
    context = {"form": form, "kind": kind, "kinds": KIND_LABELS, "sent": sent}
    context |= {"seconds": sms.SEND_AGAIN_SECONDS if sent else 0} | captcha.context(request, form, NAME)
    return render(request, "public/login.html", context, status=422 if form.errors else 200)


@require_POST
def logout(request: HttpRequest) -> HttpResponse:
    """Ends this sign-in and forgets everything the session knew."""
    go_out(request)
    return redirect("home")
