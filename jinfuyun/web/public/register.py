"""用户注册, in the words and the order of the manual."""

from functools import partial

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_http_methods

from jinfuyun.accounts import actions
from jinfuyun.accounts.rules import CodePurpose
from jinfuyun.enterprises import queries as enterprises
from jinfuyun.web.guards import session_of
from jinfuyun.web.public import captcha, sms

NAME = "register"
AGREEMENT = mark_safe('我已阅读并同意<a href="/agreement" target="_blank">《福建省金融服务云平台注册服务协议》</a>')


class RegisterForm(captcha.CaptchaForm):
    phone = sms.PhoneField(label="注册手机号", help_text="法人手机号，经办人填自己的；以后用它登录、接收短信")
    sms_code = sms.code_field("短信验证码")
    password = sms.password_field(
        "设置登录密码", new=True, help_text="至少 8 个字符，任何字符都可以，不要求大小写和符号；不要用常见密码或手机号"
    )
    password_again = sms.password_field("确认登录密码", new=True)
    agree = forms.BooleanField(
        label="注册服务协议", error_messages={"required": "请阅读并同意《福建省金融服务云平台注册服务协议》。"}
    )

    field_order = ("phone", "captcha", "sms_code", "password", "password_again", "agree")

    def clean(self) -> None:
        sms.check_again(self)


@require_http_methods(["GET", "HEAD", "POST"])
def register(request: HttpRequest) -> HttpResponse:
    """Nothing here differs between a phone that has an account and one that has none."""
    if request.method != "POST":
        return _show(request, RegisterForm())
    form = RegisterForm(request.POST)
    if captcha.asks_for_another(request):
        form.only_about()
        return _show(request, form)
    if "send_code" in request.POST:
        sent = sms.send(request, form, field="phone", form_name=NAME, purpose=CodePurpose.REGISTER)
        return _show(request, form, sent=sent)
    if captcha.in_order(request, form, NAME) and _registered(request, form):
        messages.success(request, "注册成功，请登录。")
        return redirect("login")
    return _show(request, form)


def _registered(request: HttpRequest, form: RegisterForm) -> bool:
    given = form.cleaned_data
    try:
        actions.register(
            phone=given["phone"], password=given["password"], code=given["sms_code"], session=session_of(request),
            known_of=partial(enterprises.known_of, at=timezone.now()), at=timezone.now(),
        )  # fmt: skip
    except actions.WeakPassword as refusal:
        form.add_error("password", refusal.reasons)
    except actions.WrongCode as refusal:
        form.add_error("sms_code", str(refusal))
    return not form.errors


def _show(request: HttpRequest, form: RegisterForm, *, sent: bool = False) -> HttpResponse:
    context = {"form": form, "agreement": AGREEMENT, "sent": sent, "seconds": sms.SEND_AGAIN_SECONDS if sent else 0}
    context |= captcha.context(request, form, NAME)
    return render(request, "public/register.html", context, status=422 if form.errors else 200)
