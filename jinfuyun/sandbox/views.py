"""What only a sandbox shows: who can be tried, every phone's messages, the captcha's answer, switches for faults.

Mounted by config only while SANDBOX is on. Personal data of the province's people is shown in full: they are invented.
"""

import json
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST, require_safe

from jinfuyun.enterprises import queries as enterprises
from jinfuyun.kit import regions
from jinfuyun.kit.actor import ROLE_LABELS, Role
from jinfuyun.kit.errors import Unreachable
from jinfuyun.kit.identity import ID_TYPE_LABELS, IdType, normalise_phone
from jinfuyun.sandbox import line, province, robots
from jinfuyun.sandbox.departments.faults import DEPARTMENTS, FAULT_LABELS, Fault

PAGE_SIZE = 12
CAPTCHA_ANSWER = "captcha_answer_for_sandbox"
ELEMENTS = ("tax_number", "legal_name", "id_type", "id_number", "phone", "uscc", "name")


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    wanted = request.GET.get("q", "").strip()
    people = [one for one in _untaken() if not wanted or any(wanted in str(one[name]) for name in ELEMENTS)]
    return render(
        request,
        "sandbox/home.html",
        {
            "page": Paginator([_shown(one) for one in people], PAGE_SIZE).get_page(request.GET.get("page")),
            "q": wanted,
            "logins": [login | {"label": ROLE_LABELS[Role(login["role"])]} for login in _logins()],
            "switches": _switches(),
            "robots": {"names": robots.NAMES, "on": robots.since(settings.SANDBOX_STATE) is not None},
            "modes": [(fault.value, label) for fault, label in FAULT_LABELS.items()],
        },
    )


@require_safe
def people(request: HttpRequest) -> HttpResponse:
    free = [
        {name: one[name] for name in ELEMENTS}
        | {"utilities": {kind: one[kind] for kind in ("electricity", "water", "gas")}}
        for one in _untaken()
    ]
    return _json({"enterprises": free, "logins": _logins()})


@require_safe
def captcha(request: HttpRequest) -> HttpResponse:
    """The answer of the picture last drawn for this session, as plain text; empty if none was."""
    return HttpResponse(request.session.get(CAPTCHA_ANSWER, ""), content_type="text/plain; charset=utf-8")


@require_GET
def phone_asked(request: HttpRequest) -> HttpResponse:
    """From the form on the page to the phone's own address."""
    number = normalise_phone(request.GET.get("number", ""))
    return redirect("sandbox:phone", number) if number else redirect("sandbox:home")


@require_safe
def phone(request: HttpRequest, number: str) -> HttpResponse:
    try:
        messages = [{**one, "at": datetime.fromisoformat(one["at"])} for one in line.messages(number)]
        trouble = ""
    except Unreachable as unreachable:
        messages, trouble = [], str(unreachable)
    return render(request, "sandbox/phone.html", {"number": number, "messages": messages, "trouble": trouble})


@require_safe
def phone_json(request: HttpRequest, number: str) -> HttpResponse:
    return _json(line.messages(number))


@require_POST
def switch(request: HttpRequest) -> HttpResponse:
    department, mode = request.POST.get("department", ""), request.POST.get("mode", "")
    if department in DEPARTMENTS and mode in set(Fault):
        line.switch(department, mode)
    return redirect("sandbox:home")


@require_POST
def robots_switch(request: HttpRequest) -> HttpResponse:
    robots.switch(settings.SANDBOX_STATE, on=request.POST.get("on") == "1", at=timezone.now())
    return redirect("sandbox:home")


def _json(told: object) -> JsonResponse:
    return JsonResponse(told, safe=False, json_dumps_params={"ensure_ascii": False})


def _untaken() -> list[dict[str, Any]]:
    """Enterprises of the province that no account has yet."""
    everybody = _everybody()
    taken = enterprises.names([one["uscc"] for one in everybody])
    return [one for one in everybody if one["uscc"] not in taken]


def _everybody() -> list[dict[str, Any]]:
    return _list_in(settings.SANDBOX_STATE / "province" / province.PEOPLE)


def _logins() -> list[dict[str, Any]]:
    """One login a role, as the seed made them."""
    return _list_in(settings.SANDBOX_STATE / "logins.json")


def _list_in(file: Path) -> list[dict[str, Any]]:
    return _read(file, file.stat().st_mtime_ns) if file.exists() else []


@lru_cache(maxsize=4)
def _read(file: Path, changed: int) -> list[dict[str, Any]]:
    """The list in a JSON file; `changed` makes a rewritten file another one."""
    told: list[dict[str, Any]] = json.loads(file.read_text(encoding="utf-8"))
    return told


def _shown(one: dict[str, Any]) -> dict[str, Any]:
    return one | {"id_label": ID_TYPE_LABELS[IdType(one["id_type"])], "region_label": regions.full_name(one["region"])}


def _switches() -> list[tuple[str, str, str]]:
    """(department, its name, its fault); none while the service does not answer."""
    try:
        modes = line.faults()
    except Unreachable:
        return []
    return [(department, label, modes.get(department, "off")) for department, label in DEPARTMENTS.items()]
