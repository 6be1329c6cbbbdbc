"""转派: what the institution has at work, who handles it, and one click to give it to somebody else."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from jinfuyun.applications import actions, queries
from jinfuyun.handovers import queries as handovers
from jinfuyun.kit.actor import Role
from jinfuyun.kit.calendar import local_day
from jinfuyun.kit.errors import NotAllowed, NotFound, Refused
from jinfuyun.web.guards import staff
from jinfuyun.web.request import Request

PAGE_SIZE = 30


@staff(Role.INSTITUTION_ADMIN)
@require_safe
def listing(request: Request) -> HttpResponse:
    """What is late and in nobody's hands first; the one proposed is the colleague with the fewest."""
    today = local_day(timezone.now())
    away = {str(one) for one in handovers.away_now(request.actor, today)}
    people = [one for one in queries.handlers(request.actor, today) if one.account_id not in away]
    page = Paginator(queries.to_assign(request.actor), PAGE_SIZE).get_page(request.GET.get("page"))
    names = {one.account_id: one.label for one in people}
    rows = [_row(one, people, names) for one in page]
    context = {"page": page, "rows": rows, "people": people, "today": today}
    return render(request, "bank/assigning.html", context)


def _row(application: Any, people: list[queries.Handler], names: dict[str, str]) -> dict[str, Any]:
    others = [one for one in people if one.account_id != application.caller_account]
    known = names.get(application.caller_account, "已离岗" if application.caller_account else "")
    return {"application": application, "handler": known, "others": others}


@staff(Role.INSTITUTION_ADMIN)
@require_POST
def assign(request: Request, number: str) -> HttpResponse:
    application = queries.application(number, visible_to=request.actor)
    try:
        actions.reassign(
            application=application, to=request.POST.get("to", ""),
            why=request.POST.get("why", "").replace("\0", ""), by=request.actor, at=timezone.now(),
        )  # fmt: skip
        messages.success(request, f"{number} 已转派，接手的同事已收到消息。")
    except (NotAllowed, NotFound):
        raise
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("bank:assigning")
