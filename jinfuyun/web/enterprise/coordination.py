"""融资协调 for an enterprise: declare itself with one click, see every step, take itself off at any time."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from jinfuyun.coordination import actions, queries
from jinfuyun.coordination.rules import LIVE, OPEN, STANDARDS, State
from jinfuyun.demands.queries import last_application
from jinfuyun.kit.errors import NotAllowed, NotFound, Refused
from jinfuyun.kit.permissions import Permission, may, require
from jinfuyun.kit.reasons import NotInOrder
from jinfuyun.web.coordination import DeclareForm, timeline
from jinfuyun.web.forms import in_wan, show_reasons
from jinfuyun.web.guards import with_enterprise
from jinfuyun.web.request import Request


def _may_declare(request: Request) -> bool:
    return may(Permission.COORDINATION_DECLARE, by=request.actor, over=request.actor.house)


@with_enterprise
@require_http_methods(["GET", "POST"])
def listing(request: Request) -> HttpResponse:
    """Own declarations; and, while none runs, the form of a new one."""
    require(Permission.COORDINATION_SEE, by=request.actor, over=request.actor.house)
    at = timezone.now()
    form = DeclareForm(request.POST or None, initial=_known(request))
    if request.method == "POST" and form.is_valid():
        try:
            declaration = actions.declare(uscc=request.uscc, wish=form.wish(), by=request.actor, at=at)
            messages.success(request, "已列入申报清单，所在县（市、区）工作专班核对后会告知结果。")
            return redirect("enterprise:coordination", number=declaration.number)
        except NotInOrder as refusal:
            show_reasons(form, refusal)
        except NotAllowed:
            raise
        except Refused as refusal:
            form.add_error(None, str(refusal))
    rows = queries.listed(request.actor, at)
    context = {
        "rows": rows, "form": form, "agrees": queries.is_agreed(request.uscc, at), "standards": STANDARDS,
        "may_declare": _may_declare(request) and not any(one.state in LIVE for one in rows),
        "visits": queries.visits_of(request.uscc),
    }  # fmt: skip
    return render(request, "enterprise/coordination.html", context, status=422 if form.errors else 200)


def _known(request: Request) -> dict[str, Any]:
    """What the last application said: nothing is typed twice."""
    last = last_application(request.uscc)
    return {} if last is None else {
        "amount_fen": in_wan(last.amount_fen), "term_months": last.term_months, "purpose": last.purpose,
        "purpose_text": last.purpose_text,
    }  # fmt: skip


@with_enterprise
@require_http_methods(["GET"])
def detail(request: Request, number: str) -> HttpResponse:
    require(Permission.COORDINATION_SEE, by=request.actor, over=request.actor.house)
    found = queries.declaration(number, visible_to=request.actor, at=timezone.now())
    asked = queries.recommendations(found)
    runs = found.state in LIVE or (found.state == State.GRANTED and any(one.state in OPEN for one in asked))
    context = {
        "declaration": found, "asked": asked, "standing": queries.standing(found), "timeline": timeline(found),
        "may_withdraw": runs and _may_declare(request),
    }  # fmt: skip
    return render(request, "enterprise/declaration.html", context)


@with_enterprise
@require_http_methods(["POST"])
def withdraw(request: Request, number: str) -> HttpResponse:
    found = queries.declaration(number, visible_to=request.actor, at=timezone.now())
    try:
        actions.withdraw(declaration=found, by=request.actor, at=timezone.now())
        messages.success(request, "已撤回，即时起工作专班和机构都不再看到联系方式。")
    except (NotAllowed, NotFound):
        raise
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("enterprise:coordination", number=number)
