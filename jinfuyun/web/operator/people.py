"""人员: operators invite each other, regulators, departments' people and the first administrator of an institution."""

import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from jinfuyun.accounts import actions, queries
from jinfuyun.accounts.rules import KIND_LABELS, STAFF, Kind
from jinfuyun.deliveries import queries as deliveries
from jinfuyun.kit import regions
from jinfuyun.kit.actor import PLATFORM_HOUSE, ROLE_LABELS, House, HouseKind, Role
from jinfuyun.kit.errors import NotAllowed
from jinfuyun.kit.identity import mask_name, mask_phone
from jinfuyun.web.forms import PoliteForm, again_field
from jinfuyun.web.guards import staff
from jinfuyun.web.public.sms import PhoneField
from jinfuyun.web.request import Request

REGIONS = tuple((region.code, region.name) for region in (regions.PROVINCE, *regions.CITIES))
# What may be chosen: "kind:house code", of a department's administrator also ":admin".
SEATS = (
    (KIND_LABELS[Kind.OPERATOR], ((f"{Kind.OPERATOR}:{PLATFORM_HOUSE.code}", "本平台"),)),
    (KIND_LABELS[Kind.REGULATOR], tuple((f"{Kind.REGULATOR}:{code}", name) for code, name in REGIONS)),
    (
        KIND_LABELS[Kind.DEPARTMENT],
        tuple((f"{Kind.DEPARTMENT}:{code}", name) for code, name in deliveries.DEPARTMENT_LABELS.items()),
    ),
    (
        ROLE_LABELS[Role.DEPARTMENT_ADMIN],
        tuple(
            (f"{Kind.DEPARTMENT}:{code}:admin", f"{name}（管理员）")
            for code, name in deliveries.DEPARTMENT_LABELS.items()
        ),
    ),
)
HOUSES = {code: name for _, seats in SEATS for code, name in seats}


class InviteForm(PoliteForm):
    seat = forms.ChoiceField(label="单位", choices=[("", "请选择"), *SEATS])
    account = forms.CharField(label="登录账号", max_length=60, help_text="字母、数字和点，例如 fuzhou.lin")
    name = forms.CharField(label="姓名", max_length=40)
    phone = PhoneField(label="手机号", autocomplete="off", help_text="邀请链接发到这个手机，7 天内有效")
    again = again_field()


@staff(Role.OPERATOR)
@require_http_methods(["GET", "HEAD", "POST"])
def people(request: Request) -> HttpResponse:
    form = InviteForm(request.POST) if request.method == "POST" else InviteForm()
    if form.is_bound and form.is_valid() and _invited(request, form):
        messages.success(request, "邀请已发出，对方 7 天内打开短信里的链接开通账号。")
        return redirect("operator:people")
    rows = [
        _row(person, request.actor.id)
        for person in queries.staff_of_kinds((Kind.OPERATOR, Kind.REGULATOR, Kind.DEPARTMENT))
    ]
    return render(request, "operator/people.html", {"form": form, "rows": rows}, status=422 if form.errors else 200)


def _invited(request: Request, form: InviteForm) -> bool:
    given = form.cleaned_data
    kind, code, *rank = given["seat"].split(":")
    admins = frozenset({Role.DEPARTMENT_ADMIN})
    roles = admins if rank else STAFF[Kind(kind)].roles - admins
    try:
        actions.invite(
            kind=Kind(kind), account=given["account"], phone=given["phone"], name=given["name"],
            roles=roles, house=House(HouseKind(STAFF[Kind(kind)].kind), code), again=given["again"],
            by=request.actor, at=timezone.now(),
        )  # fmt: skip
    except (actions.AccountTaken, NotAllowed) as refusal:
        form.add_error("account", str(refusal))
    return not form.errors


def _row(person: Any, me: str) -> dict[str, Any]:
    return {
        "id": person.id, "account": person.account, "name": mask_name(person.name), "phone": mask_phone(person.phone),
        "house": HOUSES.get(f"{person.kind}:{person.house_code}", person.house_code),
        "roles": "、".join(ROLE_LABELS[Role(role)] for role in person.roles),
        "is_stopped": person.disabled_at is not None, "is_me": str(person.id) == me,
    }  # fmt: skip


@staff(Role.OPERATOR)
@require_POST
def stop(request: Request, user_id: uuid.UUID) -> HttpResponse:
    """Close or reopen a seat; closing ends every sign-in of the person."""
    act, said = (
        (actions.enable, "已恢复。") if "again" in request.POST else (actions.disable, "已停用，其所有登录已退出。")
    )
    try:
        act(user_id=user_id, because="平台运营办理", by=request.actor, at=timezone.now())
        messages.success(request, said)
    except NotAllowed as refusal:
        messages.error(request, str(refusal))
    return redirect("operator:people")
