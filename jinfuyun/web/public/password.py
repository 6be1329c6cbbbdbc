"""找回密码: for who has the phone of the account."""

from functools import partial

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from jinfuyun.accounts import actions
from jinfuyun.accounts.rules import CodePurpose
from jinfuyun.enterprises import queries as enterprises
from jinfuyun.web.guards import session_of
from jinfuyun.web.public import captcha, sms

NAME = "reset"


class ResetForm(captcha.CaptchaForm):
    phone = sms.PhoneField(label="注册手机号")
    sms_code = sms.code_field("短信验证码")
    password = sms.password_field("设置新密码", new=True, help_text="至少 8 个字符，任何字符都可以")
    password_again = sms.password_field("确认新密码", new=True)

    field_order = ("phone", "captcha", "sms_code", "password", "password_again")

    def clean(self) -> None:
        sms.check_again(self)


@require_http_methods(["GET", "HEAD", "POST"])
def reset(request: HttpRequest) -> HttpResponse:
    """Nothing here differs between a phone that has an account and one that has none."""
    if request.method != "POST":
        return _show(request, ResetForm())
    form = ResetForm(request.POST)
    if captcha.asks_for_another(request):
        form.only_about()
        return _show(request, form)
    if "send_code" in request.POST:
        sent = sms.send(request, form, field="phone", form_name=NAME, purpose=CodePurpose.RESET)
        return _show(request, form, sent=sent)
    if captcha.in_order(request, form, NAME) and _set(request, form):
        messages.success(request, "新密码已生效，请登录。")
        return redirect("login")
    return _show(request, form)


def _set(request: HttpRequest, form: ResetForm) -> bool:
    given = form.cleaned_data
    try:
        actions.reset_password(
            phone=given["phone"], password=given["password"], code=given["sms_code"], session=session_of(request),
            known_of=partial(enterprises.known_of, at=timezone.now()), at=timezone.now(),
        )  # fmt: skip
    except actions.WeakPassword as refusal:
        form.add_error("password", refusal.reasons)
    except actions.WrongCode as refusal:
        form.add_error("sms_code", str(refusal))
    return not form.errors


def _show(request: HttpRequest, form: ResetForm, *, sent: bool = False) -> HttpResponse:
    context = {"form": form, "sent": sent, "seconds": sms.SEND_AGAIN_SECONDS if sent else 0}
    context |= captcha.context(request, form, NAME)
    return render(request, "public/password.html", context, status=422 if form.errors else 200)
