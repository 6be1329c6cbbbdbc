"""The institution's people: invited and stopped by its own administrator."""

import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from jinfuyun.accounts import actions
from jinfuyun.handovers import actions as handovers
from jinfuyun.handovers import queries as handed
from jinfuyun.handovers.rules import KIND_LABELS, MOVES, STATE_LABELS
from jinfuyun.institutions import actions as houses
from jinfuyun.institutions import queries as institutions
from jinfuyun.kit.actor import ROLE_LABELS, Role
from jinfuyun.kit.errors import NotAllowed, NotFound, Refused
from jinfuyun.kit.identity import mask_name, mask_phone, normalise_phone
from jinfuyun.web.bank import units
from jinfuyun.web.forms import PoliteForm, again_field, choose
from jinfuyun.web.guards import staff
from jinfuyun.web.request import Request

HANDOVERS_SHOWN = 20
ROLES = (Role.INSTITUTION_ADMIN, Role.PRODUCT_MANAGER, Role.OFFICER, Role.APPROVER, Role.INSTITUTION_READER)


class InviteForm(PoliteForm):
    name = forms.CharField(label="姓名", max_length=30)
    phone = forms.CharField(label="手机号", max_length=20, help_text="邀请链接会发到这个号码。")
    account = forms.RegexField(
        r"[a-z][a-z0-9.]{3,29}", label="登录账号", help_text="小写字母、数字和点，4 至 30 位，如 minling.lin。",
        error_messages={"invalid": "登录账号为小写字母、数字和点，4 至 30 位，以字母开头。"},
    )  # fmt: skip
    roles = forms.MultipleChoiceField(
        label="角色", choices=[(role.value, ROLE_LABELS[role]) for role in ROLES], widget=forms.CheckboxSelectMultiple
    )

    unit = forms.ChoiceField(label="所属机构", required=False)
    again = again_field()

    def __init__(self, *args: Any, places: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.places = [place for place, _ in places]
        choose(self, "unit", places)

    def clean_unit(self) -> uuid.UUID | None:
        unit = self.cleaned_data["unit"]
        if unit not in self.places:
            raise forms.ValidationError("请选择所属机构。")
        return uuid.UUID(unit) if unit else None

    def clean_phone(self) -> str:
        phone = normalise_phone(self.cleaned_data["phone"])
        if phone is None:
            raise forms.ValidationError("请输入11位大陆手机号。")
        return phone


@staff(Role.INSTITUTION_ADMIN)
@require_http_methods(["GET", "POST"])
def people(request: Request) -> HttpResponse:
    places = units.choices(request)
    form = InviteForm(request.POST or None, places=places, initial={"unit": places[0][0]})
    if request.method == "POST" and form.is_valid():
        answer = form.cleaned_data
        try:
            houses.invite_colleague(
                account=answer["account"], phone=answer["phone"], name=answer["name"],
                roles=frozenset(map(Role, answer["roles"])), unit_id=answer["unit"], again=answer["again"],
                by=request.actor, at=timezone.now(),
            )  # fmt: skip
            messages.success(request, "邀请已发出，对方 7 天内打开短信链接设置密码和动态口令即可登录。")
            return redirect("bank:staff")
        except (actions.AccountTaken, NotAllowed) as refusal:
            form.add_error("account", str(refusal))
    holding = handed.holding(request.actor)
    rows = [
        _row(one, request.actor.id) | {"holds": str(one.id) in holding}
        for one in institutions.colleagues(request.actor)
    ]
    context = {
        "form": form, "rows": rows, "places": places, "keeps": not request.actor.unit,
        "invitations": [_invited(one) for one in institutions.invitations(request.actor, at=timezone.now())],
        "handovers": handed.handovers(request.actor)[:HANDOVERS_SHOWN], "kinds": KIND_LABELS, "states": STATE_LABELS,
        "undoable": MOVES["undo"][0],
    }  # fmt: skip
    return render(request, "bank/staff.html", context, status=422 if form.errors else 200)


def _invited(one: Any) -> dict[str, Any]:
    return {
        "id": one.id, "account": one.account, "name": mask_name(one.name), "ends_at": one.ends_at,
        "roles": "、".join(ROLE_LABELS[Role(role)] for role in one.roles),
    }  # fmt: skip


@staff(Role.INSTITUTION_ADMIN)
@require_http_methods(["POST"])
def withdraw(request: Request, invitation_id: uuid.UUID) -> HttpResponse:
    """An invitation that nobody has taken up, perhaps sent to a wrong number."""
    at = timezone.now()
    if not institutions.invitations(request.actor, at=at).filter(id=invitation_id).exists():
        raise NotFound
    actions.withdraw_invitation(invitation_id=invitation_id, by=request.actor, at=at)
    messages.success(request, "邀请已撤回，原链接不能再用。")
    return redirect("bank:staff")


def _row(person: Any, me: str) -> dict[str, Any]:
    return {
        "id": person.id, "account": person.account, "name": mask_name(person.name), "phone": mask_phone(person.phone),
        "roles": "、".join(ROLE_LABELS[Role(role)] for role in person.roles), "stopped": person.disabled_at is not None,
        "is_me": str(person.id) == me, "unit": str(person.unit_id or ""),
    }  # fmt: skip


@staff(Role.INSTITUTION_ADMIN)
@require_http_methods(["POST"])
def stop(request: Request, user_id: uuid.UUID) -> HttpResponse:
    """A person who left: every sign-in ends."""
    _colleague(request, user_id)
    try:
        handovers.stop(user_id=user_id, by=request.actor, at=timezone.now())
        messages.success(request, "已停用，该账号的所有登录已退出。")
    except NotAllowed:
        raise
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("bank:staff")


@staff(Role.INSTITUTION_ADMIN)
@require_http_methods(["POST"])
def place(request: Request, user_id: uuid.UUID) -> HttpResponse:
    """He works in another branch from now on."""
    _colleague(request, user_id)
    unit = request.POST.get("unit", "")
    if unit not in dict(units.choices(request)):
        raise NotFound
    try:
        houses.place_person(
            user_id=user_id, unit_id=uuid.UUID(unit) if unit else None, by=request.actor, at=timezone.now()
        )
        messages.success(request, "已调整归属，正在办理的业务随人走。")
    except NotAllowed as refusal:
        messages.error(request, str(refusal))
    return redirect("bank:staff")


def _colleague(request: Request, user_id: uuid.UUID) -> Any:
    """Of the own house, or branch; raises NotFound."""
    found = institutions.colleagues(request.actor).filter(id=user_id).first()
    if found is None:
        raise NotFound
    return found
