"""编号关联: whom an unknown key may mean. The platform proposes, a person decides, and may take it back."""

import uuid

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from jinfuyun.joins import actions, queries
from jinfuyun.joins.rules import ACTS, State, acts_of, leaning, shown
from jinfuyun.kit import regions
from jinfuyun.kit.actor import Role
from jinfuyun.kit.errors import Refused
from jinfuyun.web.guards import staff
from jinfuyun.web.request import Request

PAGE_SIZE = 30


@staff(Role.OPERATOR)
@require_http_methods(["GET"])
def listing(request: Request) -> HttpResponse:
    wanted = request.GET.get("state", "")
    state = State(wanted) if wanted in State.values else State.OPEN
    page = Paginator(queries.proposals(state), PAGE_SIZE).get_page(request.GET.get("page"))
    rows = [
        {
            "id": one.pk, "key": shown(one.key), "told_name": one.told_name, "name": one.name, "uscc": one.uscc,
            "count": one.row_count, "leaning": leaning(one.weight_tenths), "weight": _bits(one.weight_tenths),
        }
        for one in page
    ]  # fmt: skip
    others = [(one.value, one.label) for one in State if one is not State.OPEN]
    context = {"page": page, "rows": rows, "states": others, "state": wanted if wanted in dict(others) else ""}
    return render(request, "operator/joins.html", context)


@staff(Role.OPERATOR)
@require_http_methods(["GET", "POST"])
def proposal(request: Request, proposal_id: uuid.UUID) -> HttpResponse:
    """Both sides beside each other, what speaks for and against, and the decision."""
    found, wrong = queries.proposal(proposal_id), ""
    act, because = request.POST.get("act", ""), request.POST.get("because", "").replace("\0", "")
    if request.method == "POST":
        try:
            if act not in ACTS:
                raise Refused("请选择要做的决定。")
            actions.decide(proposal=found, act=act, because=because, by=request.actor, at=timezone.now())
            messages.success(request, "已记录。数据随后由后台补收或退回，几分钟内完成。")
            return redirect("operator:join", found.pk)
        except Refused as refusal:
            wrong, found = str(refusal), queries.proposal(proposal_id)
    registered = queries.registered(found.uscc)
    context = {
        "found": found, "wrong": wrong, "because": because, "state": State(found.state).label,
        "sides": _sides(found, registered), "reasons": [(one, _bits(one.tenths)) for one in queries.reasons(found)],
        "weight": _bits(found.weight_tenths), "leaning": leaning(found.weight_tenths),
        "acts": acts_of(State(found.state)), "changes": queries.changes_of(found.uscc),
        "labels": queries.CHANGE_LABELS, "feeds": queries.feed_labels(found),
    }  # fmt: skip
    return render(request, "operator/join.html", context, status=422 if wrong else 200)


def _sides(found: queries.Proposal, registered: dict[str, str]) -> list[tuple[str, str, str]]:
    """(what, what the waiting rows say, what the register says)."""
    key = found.key
    county = regions.full_name(key[:6]) if len(key) in (13, 15) else ""
    alike = found.name if found.name != registered.get("企业名称") else ""
    return [
        ("编号", shown(key), found.uscc),
        ("名称", found.told_name, registered.get("企业名称", "")),
        *([("相像的曾用名", "", alike)] if alike else []),
        ("组织机构代码", key if len(key) == 9 else "", found.uscc[8:17]),
        ("登记注册号", key if key.isdigit() and len(key) in (13, 15) else "", registered.get("注册号", "")),
        ("编号中的行政区划", county, regions.full_name(found.uscc[2:8])),
        ("注册日期", "", registered.get("注册日期", "")),
        ("注册地址", "", registered.get("注册地址", "")),
    ]


def _bits(tenths: int) -> str:
    """A weight as it is shown, with its sign."""
    return f"{tenths / 10:+.1f}"
