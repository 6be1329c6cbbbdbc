"""One delivery: its balance, why rows wait, the file to correct them in; the same as JSON."""

from typing import Any
from urllib.parse import quote

from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from jinfuyun.deliveries import actions, queries
from jinfuyun.deliveries.queries import Story
from jinfuyun.deliveries.rules import CAME_AGAIN, LEFT_OUT_LABELS, OUTCOMES, STATE_LABELS, masked
from jinfuyun.kit.permissions import DEPARTMENT_PEOPLE
from jinfuyun.web.guards import staff
from jinfuyun.web.jinja import SHANGHAI
from jinfuyun.web.request import Request

CONTENT_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@staff(*DEPARTMENT_PEOPLE)
@require_safe
def delivery(request: Request, number: str) -> HttpResponse:
    story = queries.story(number, visible_to=request.actor)
    context = {
        "story": story, "delivery": story.delivery, "states": STATE_LABELS, "feeds": queries.FEED_LABELS,
        "outcomes": OUTCOMES, "left_out_labels": LEFT_OUT_LABELS, "came_again": CAME_AGAIN, "masked": masked,
        "rows_max": actions.ROWS_MAX,
    }  # fmt: skip
    return render(request, "department/delivery.html", context)


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
