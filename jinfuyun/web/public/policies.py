"""Support policies, open to everybody."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from jinfuyun.kit.calendar import local_day
from jinfuyun.kit.conditions import said
from jinfuyun.policies import queries
from jinfuyun.policies.rules import KIND_LABELS

WORDS_LENGTH_MAX = 40
KINDS = [(kind.value, label) for kind, label in KIND_LABELS.items()]


@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    q = request.GET.get("q", "").strip()[:WORDS_LENGTH_MAX]
    kind = request.GET.get("kind", "")
    kind = kind if kind in dict(KINDS) else ""
    found = queries.in_force(local_day(timezone.now()), kind=kind, words=q)
    return render(request, "public/policies.html", {"found": found, "q": q, "kind": kind, "kinds": KINDS})


@require_safe
def detail(request: HttpRequest, code: str) -> HttpResponse:
    policy, today = queries.policy(code), local_day(timezone.now())
    state = "生效中" if policy.is_in_force(today) else "未开始" if today < policy.since else "已到期"
    context = {
        "policy": policy, "in_force": policy.is_in_force(today), "state": state,
        "conditions": [said(each) for each in policy.conditions],
    }  # fmt: skip
    return render(request, "public/policy.html", context)
