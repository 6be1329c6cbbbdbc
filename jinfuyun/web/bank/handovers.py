"""交接: somebody leaves or is on leave, and all his work goes to a colleague in one step; until anything is done with
it, the step can be taken back."""

import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from jinfuyun.handovers import actions, queries
from jinfuyun.handovers.rules import KIND_LABELS, WHY_LENGTH_MAX, Kind, Plan
from jinfuyun.institutions import queries as institutions
from jinfuyun.kit.actor import Role
from jinfuyun.kit.calendar import local_day
from jinfuyun.kit.errors import NotAllowed, NotFound, Refused
from jinfuyun.kit.identity import mask_name
from jinfuyun.kit.reasons import NotInOrder
from jinfuyun.web.forms import DayField, PoliteForm, choose, show_reasons
from jinfuyun.web.guards import staff
from jinfuyun.web.request import Request


class HandoverForm(PoliteForm):
    kind = forms.ChoiceField(
        label="原因", choices=[(one.value, label) for one, label in KIND_LABELS.items()], widget=forms.RadioSelect,
        help_text="离岗：账号即时停用。休假：账号照用，期满后业务自动交还。",
    )  # fmt: skip
    to = forms.ChoiceField(label="交给", required=False)
    from_on = DayField(label="从哪天起", help_text="离岗只能当日办理。")
    until_on = DayField(label="到哪天止", required=False, help_text="休假的最后一天；离岗不填。")
    why = forms.CharField(label="说明", required=False, max_length=WHY_LENGTH_MAX)

    def __init__(self, *args: Any, colleagues: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        choose(self, "to", [*colleagues, ("", "不指定，退回待分配")])

    def plan(self) -> Plan:
        a = self.cleaned_data
        to = uuid.UUID(a["to"]) if a["to"] else None
        return Plan(Kind(a["kind"]), to, a["from_on"], a["until_on"], a["why"])


@staff(Role.INSTITUTION_ADMIN)
@require_http_methods(["GET", "POST"])
def handover(request: Request, user_id: uuid.UUID) -> HttpResponse:
    person = institutions.colleagues(request.actor).filter(pk=user_id).first()
    if person is None:
        raise NotFound
    today = local_day(timezone.now())
    colleagues = [
        (str(one.pk), f"{mask_name(one.name)}（{one.account}）")
        for one in queries.colleagues_for(person, request.actor, today)
    ]
    initial = {"kind": Kind.LEFT, "from_on": today, "to": colleagues[0][0] if colleagues else ""}
    form = HandoverForm(request.POST or None, initial=initial, colleagues=colleagues)
    if request.method == "POST" and form.is_valid():
        try:
            actions.hand_over(user_id=user_id, plan=form.plan(), by=request.actor, at=timezone.now())
            messages.success(request, "交接已办理，见下方交接记录；在有人动手之前可以撤回。")
            return redirect("bank:staff")
        except NotInOrder as refusal:
            show_reasons(form, refusal)
        except NotAllowed as refusal:
            form.add_error(None, str(refusal))
    context = {
        "form": form, "person": f"{mask_name(person.name)}（{person.account}）", "user_id": user_id,
        "work": queries.work_of(user_id),
    }  # fmt: skip
    return render(request, "bank/handover.html", context, status=422 if form.errors else 200)


@staff(Role.INSTITUTION_ADMIN)
@require_POST
def undo(request: Request, handover_id: uuid.UUID) -> HttpResponse:
    try:
        actions.undo(handover_id=handover_id, by=request.actor, at=timezone.now())
        messages.success(request, "已撤回，业务和账号恢复原状。")
    except (NotAllowed, NotFound):
        raise
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("bank:staff")
