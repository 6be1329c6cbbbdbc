"""What the forms with an SMS code share: the phone, the code, the button that sends one."""

from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils import timezone

from jinfuyun.accounts import actions
from jinfuyun.accounts.rules import PASSWORD_MAX, CodePurpose
from jinfuyun.kit.identity import normalise_phone
from jinfuyun.web.guards import address_of, session_of
from jinfuyun.web.public import captcha

SEND_AGAIN_SECONDS = 60
AGAIN = "再次获取短信验证码，请先填写这张新的图形验证码。"  # the field was not there: the first one had been answered
ROOM = PASSWORD_MAX * 2  # characters; longer ones are refused by the password rules, in words


class PhoneField(forms.CharField):
    """However it was written, the eleven digits."""

    def __init__(self, **options: Any) -> None:
        widget = forms.TextInput({"inputmode": "tel", "autocomplete": options.pop("autocomplete", "tel")})
        super().__init__(max_length=40, widget=widget, **options)

    def clean(self, value: Any) -> str:
        phone = normalise_phone(super().clean(value))
        if phone is None:
            raise forms.ValidationError("请输入 11 位大陆手机号。")
        return phone


def code_field(label: str) -> forms.CharField:
    attrs = {"inputmode": "numeric", "autocomplete": "one-time-code", "placeholder": "6 位数字"}
    return forms.CharField(label=label, max_length=20, widget=forms.TextInput(attrs))


def password_field(label: str, *, new: bool, help_text: str = "") -> forms.CharField:
    """Any character, also at the ends."""
    widget = forms.PasswordInput({"autocomplete": "new-password" if new else "current-password"})
    return forms.CharField(label=label, max_length=ROOM, strip=False, widget=widget, help_text=help_text)


def check_again(form: forms.Form) -> None:
    """The two new passwords are the same."""
    given = form.cleaned_data
    if given.get("password") and given.get("password_again") and given["password"] != given["password_again"]:
        form.add_error("password_again", "两次输入的密码不一致。")


def send(request: HttpRequest, form: captcha.CaptchaForm, *, field: str, form_name: str, purpose: CodePurpose) -> bool:
    """Send a code to the phone in `field` after a fresh picture; whether it left. What is wrong stands in the form."""
    form.only_about(field)
    was_passed = captcha.is_passed(request, form_name)
    if form.errors or not captcha.check_new(request, form, form_name, empty=AGAIN if was_passed else captcha.EMPTY):
        return False
    try:
        actions.send_code(
            phone=form.cleaned_data[field], purpose=purpose, session=session_of(request), ip=address_of(request),
            at=timezone.now(),
        )  # fmt: skip
    except actions.CannotSend as refusal:
        form.add_error("sms_code", str(refusal))
        return False
    return True
