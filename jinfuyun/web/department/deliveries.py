"""One delivery: its balance, why rows wait, the file to correct them in; the same as JSON."""

from typing import Any
from urllib.parse import quote

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jinfuyun.deliveries import actions, queries
from jinfuyun.deliveries.queries import Story
from jinfuyun.deliveries.rules import CAME_AGAIN, LEFT_OUT_LABELS, OUTCOMES, STATE_LABELS, masked
from jinfuyun.kit.errors import TooLate
from jinfuyun.kit.permissions import DEPARTMENT_PEOPLE
from jinfuyun.web.forms import PoliteForm
from jinfuyun.web.guards import staff
from jinfuyun.web.jinja import SHANGHAI, iso
from jinfuyun.web.request import Request

CONTENT_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@staff(*DEPARTMENT_PEOPLE)
@require_safe
def delivery(request: Request, number: str) -> HttpResponse:
    story = queries.story(number, visible_to=request.actor)
    withdrawing = story.withdrawal is not None and story.withdrawal.done_at is None
    if "HX-Request" in request.headers and not withdrawing:
        return HttpResponse(headers={"HX-Refresh": "true"})
    context = {
        "story": story, "delivery": story.delivery, "states": STATE_LABELS, "feeds": queries.FEED_LABELS,
        "outcomes": OUTCOMES, "left_out_labels": LEFT_OUT_LABELS, "came_again": CAME_AGAIN, "masked": masked,
        "rows_max": actions.ROWS_MAX, "withdrawing": withdrawing,
    }  # fmt: skip
    return render(request, "department/delivery.html", context)


class WithdrawForm(PoliteForm):
    because = forms.CharField(
        label="撤回的原因", max_length=200, widget=forms.Textarea({"rows": 2}), help_text="记入账本，本部门和平台可见"
    )


@staff(*DEPARTMENT_PEOPLE)
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: Request, number: str) -> HttpResponse:
    """What taking it back would change, then the reason and the confirmation."""
    found = queries.delivery(number, visible_to=request.actor)
    form = WithdrawForm(request.POST) if request.method == "POST" else WithdrawForm()
    if form.is_bound and form.is_valid():
        try:
            actions.withdraw(
                number=number, because=form.cleaned_data["because"], by=request.actor, at=timezone.now()
            )  # fmt: skip
        except TooLate:
            return redirect("department:delivery", number)
        except actions.CannotWithdraw as refusal:
            messages.error(request, str(refusal))
        return redirect("department:delivery", number)
    why_not = queries.why_not_withdraw(number, at=timezone.now())
    context = {
        "delivery": found, "form": form, "why_not": why_not, "feed": queries.FEED_LABELS.get(found.feed, found.feed),
        "effects": None if why_not else queries.withdrawal_effects(number),
    }  # fmt: skip
    return render(request, "department/withdraw.html", context, status=422 if form.errors else 200)


@staff(*DEPARTMENT_PEOPLE)
@require_safe
def as_json(request: Request, number: str) -> HttpResponse:
    answer = JsonResponse(
        _told(queries.story(number, visible_to=request.actor)), json_dumps_params={"ensure_ascii": False, "indent": 1}
    )
    answer["Cache-Control"] = "no-store, private"
    return answer


@staff(*DEPARTMENT_PEOPLE)
@require_POST
def quarantine(request: Request, number: str) -> HttpResponse:
    """The rows that wait, as a file to correct; taking it is booked."""
    kind = request.POST.get("kind", "csv")
    if kind not in actions.FORMATS:
        raise Http404
    content = actions.take_quarantine(number=number, kind=kind, by=request.actor, at=timezone.now())
    answer = HttpResponse(content, content_type=CONTENT_TYPES[kind])
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(f'待更正-{number}.{kind}')}"
    answer["Cache-Control"] = "no-store, private"
    return answer


def _told(story: Story) -> dict[str, Any]:
    one = story.delivery
    return {
        "number": one.number,
        "feed": one.feed,
        "label": queries.FEED_LABELS.get(one.feed, one.feed),
        "state": one.state,
        "reason": one.reason,
        "file_name": one.file_name,
        "sha256": one.sha256,
        "received_at": one.received_at.astimezone(SHANGHAI).isoformat(timespec="seconds"),
        "covers_until": one.covers_until.isoformat() if one.covers_until else None,
        "rows": {"delivered": one.delivered} | {name: getattr(one, name) for name, _, _ in OUTCOMES},
        "waiting": story.waiting,
        "withdrawn": {"at": iso(one.withdrawn_at), "because": one.withdrawn_because} if one.withdrawn_at else None,
        "rules": [
            {
                "rule": rule.rule,
                "reason": rule.reason,
                "rows": rule.row_count,
                "examples": [
                    {"row": row.row_number, "words": None if row.raw is None else masked(row.raw)}
                    for row in rule.examples
                ],
            }
            for rule in story.rules
        ],
        "not_kept": [
            {"reason": each.reason, "rows": each.row_count, "enterprises": each.enterprise_count}
            for each in story.left_out
        ],
    }
