"""账号与安全: where I am logged in, my messages, my phone and password, and the way out. For everybody logged in."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jinfuyun.accounts import actions, queries
from jinfuyun.accounts.rules import KIND_LABELS, NOTHING, PASSWORD_MIN, PASSWORD_MIN_WITH_SMS, CodePurpose, Kind, Known
from jinfuyun.applications import queries as applications
from jinfuyun.consents import queries as consents
from jinfuyun.enterprises import queries as enterprises
from jinfuyun.kit.actor import Role
from jinfuyun.kit.errors import TooMany
from jinfuyun.notifications import actions as notifications
from jinfuyun.notifications import queries as notices
from jinfuyun.notifications.content import TOPICS
from jinfuyun.web.forms import PoliteForm
from jinfuyun.web.guards import address_of, go_out, session_of, signed_in, signed_in_enterprise_user
from jinfuyun.web.public import sms
from jinfuyun.web.request import Request

MESSAGES_PER_PAGE = 20
# The first that the browser's own description holds decides; the order matters.
BROWSERS = (
    ("Edg/", "Edge"),
    ("MicroMessenger", "微信"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
SYSTEMS = (
    ("Android", "安卓手机"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows 电脑"),
    ("Mac", "Mac 电脑"),
    ("Linux", "Linux 电脑"),
)


class PasswordForm(PoliteForm):
    old = sms.password_field("当前登录密码", new=False)
    password = sms.password_field("设置新密码", new=True)
    password_again = sms.password_field("确认新密码", new=True)

    def clean(self) -> None:
        sms.check_again(self)


class PhoneForm(PoliteForm):
    password = sms.password_field("当前登录密码", new=False)
    phone = sms.PhoneField(label="新手机号")
    sms_code = sms.code_field("短信验证码")


class CloseForm(PoliteForm):
    password = sms.password_field("当前登录密码", new=False)
    agree = forms.BooleanField(
        label="我已知晓：注销后不能恢复，此手机号可以重新注册为新账号",
        error_messages={"required": "请先勾选确认。"},
    )


@signed_in
@require_safe
def account(request: Request) -> HttpResponse:
    sign_ins = [
        {"id": one.id, "where": where(one.agent), "address": one.address, "started_at": one.started_at,
         "seen_at": one.seen_at, "is_this": one.id == request.sign_in.id}
        for one in queries.standing_of(request.user.pk, at=timezone.now())
    ]  # fmt: skip
    context = {
        "sign_ins": sign_ins, "kind": KIND_LABELS[Kind(request.user.kind)],
        "unread": notices.unread_count(request.user.pk),
    }  # fmt: skip
    return render(request, "account/account.html", context)


def where(agent: str) -> str:
    """What a browser calls itself, in two words."""
    browser = next((name for mark, name in BROWSERS if mark in agent), "其他浏览器")
    system = next((name for mark, name in SYSTEMS if mark in agent), "其他设备")
    return f"{system} · {browser}"


@signed_in
@require_POST
def end_one(request: Request, sign_in_id: Any) -> HttpResponse:
    actions.end_sign_in(sign_in_id=sign_in_id, by=request.actor, at=timezone.now())
    messages.success(request, "该设备已退出登录。")
    return redirect("account")


@signed_in
@require_POST
def end_all(request: Request) -> HttpResponse:
    actions.log_out_everywhere(by=request.actor, at=timezone.now())
    go_out(request)
    messages.success(request, "所有设备均已退出登录。")
    return redirect("login")


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def password(request: Request) -> HttpResponse:
    form = PasswordForm(request.POST) if request.method == "POST" else PasswordForm()
    if form.is_bound and form.is_valid() and _password_changed(request, form):
        kind = request.user.kind
        go_out(request)
        messages.success(request, "密码已修改，所有设备均已退出，请用新密码登录。")
        return redirect(f"/login?role={kind}")
    least = PASSWORD_MIN_WITH_SMS if request.user.kind == Kind.ENTERPRISE else PASSWORD_MIN
    return render(request, "account/password.html", {"form": form, "least": least}, status=422 if form.errors else 200)


def _password_changed(request: Request, form: PasswordForm) -> bool:
    given = form.cleaned_data
    try:
        actions.change_password(
            old=given["old"], new=given["password"], known=_known(request), by=request.actor, at=timezone.now()
        )
    except actions.WeakPassword as refusal:
        form.add_error("password", refusal.reasons)
    except (actions.WrongPassword, TooMany) as refusal:
        form.add_error("old", str(refusal))
    return not form.errors


def _known(request: Request) -> Known:
    """Of the enterprises that this person acts for; staff act for none."""
    if request.user.kind != Kind.ENTERPRISE:
        return NOTHING
    return enterprises.known_of(request.user.phone, at=timezone.now())


@signed_in_enterprise_user
@require_http_methods(["GET", "HEAD", "POST"])
def phone(request: Request) -> HttpResponse:
    """The new phone proves itself by a code; the old one is told."""
    form = PhoneForm(request.POST) if request.method == "POST" else PhoneForm()
    sent = "send_code" in request.POST and _phone_code_sent(request, form)
    if form.is_bound and "send_code" not in request.POST and form.is_valid() and _phone_changed(request, form):
        messages.success(request, "登录手机号已更换，其他设备均已退出登录。")
        return redirect("account")
    context = {"form": form, "sent": sent, "seconds": sms.SEND_AGAIN_SECONDS if sent else 0}
    return render(request, "account/phone.html", context, status=422 if form.errors else 200)


def _phone_code_sent(request: Request, form: PhoneForm) -> bool:
    for name in [name for name in form.errors if name != "phone"]:
        del form.errors[name]
    if form.errors:
        return False
    try:
        actions.send_code(
            phone=form.cleaned_data["phone"], purpose=CodePurpose.CHANGE_PHONE, session=session_of(request),
            ip=address_of(request), at=timezone.now(),
        )  # fmt: skip
    except actions.CannotSend as refusal:
        form.add_error("sms_code", str(refusal))
    return not form.errors


def _phone_changed(request: Request, form: PhoneForm) -> bool:
    given = form.cleaned_data
    try:
        actions.change_phone(
            password=given["password"], phone=given["phone"], code=given["sms_code"], session=session_of(request),
            sign_in_id=str(request.sign_in.id), by=request.actor, at=timezone.now(),
        )  # fmt: skip
    except (actions.WrongPassword, TooMany) as refusal:
        form.add_error("password", str(refusal))
    except actions.WrongCode as refusal:
        form.add_error("sms_code", str(refusal))
    return not form.errors


@signed_in_enterprise_user
@require_http_methods(["GET", "HEAD", "POST"])
def close(request: Request) -> HttpResponse:
    """Not while it holds an enterprise with something under way: nobody could revoke or answer any more."""
    form, under_way = CloseForm(request.POST) if request.method == "POST" else CloseForm(), _under_way(request)
    if form.is_bound and form.is_valid() and not under_way:
        try:
            actions.close_account(password=form.cleaned_data["password"], by=request.actor, at=timezone.now())
        except (actions.WrongPassword, TooMany) as refusal:
            form.add_error("password", str(refusal))
        else:
            go_out(request)
            messages.success(request, "账号已注销。")
            return redirect("home")
    refused = form.is_bound and bool(form.errors or under_way)
    context = {"form": form, "under_way": under_way}
    return render(request, "account/close.html", context, status=422 if refused else 200)


def _under_way(request: Request) -> list[str]:
    """For each enterprise of this account that somebody still has to look after, one sentence."""
    held = enterprises.of_user(request.user.pk, phone=request.user.phone, at=timezone.now())
    own = {one.uscc: one.name for one in held if one.role is Role.ENTERPRISE_OWNER}
    living, applied = consents.with_living(list(own)), applications.with_open(list(own))
    return [
        *(f"{name}的授权书还有效，请先在“授权管理”里撤回。" for uscc, name in own.items() if uscc in living),
        *(f"{name}还有没办完的融资申请，请先撤回或等机构办结。" for uscc, name in own.items() if uscc in applied),
    ]


@signed_in
@require_safe
def inbox(request: Request) -> HttpResponse:
    page = Paginator(notices.notices(request.user.pk), MESSAGES_PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "account/messages.html", {"page": page})


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def topics(request: Request) -> HttpResponse:
    """Which kinds of messages this person wants; what cannot be muted says why."""
    own = {topic: kind for topic, kind in TOPICS.items() if request.user.kind in kind.readers}
    if request.method == "POST":
        wanted = set(request.POST.getlist("topic"))
        notifications.mute(
            topics={topic for topic in own if topic not in wanted}, phone=request.user.phone, by=request.actor,
            at=timezone.now(),
        )  # fmt: skip
        messages.success(request, "已保存。")
        return redirect("account-topics")
    context = {"topics": own, "muted": notices.muted(request.user.pk)}
    return render(request, "account/topics.html", context)


@signed_in
@require_POST
def read(request: Request) -> HttpResponse:
    """Mark the messages of the page as read."""
    ids = [int(number) for number in request.POST.getlist("notice") if number.isdecimal() and len(number) < 19]
    notifications.mark_read(user_id=request.user.pk, notice_ids=ids, at=timezone.now())
    return redirect("account-messages")
