"""The manual desk: cases that the tax department could not confirm, two operators each."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from jinfuyun.enterprises import actions, queries
from jinfuyun.enterprises.rules import CASE_REASONS, LICENCE_KINDS, CaseState
from jinfuyun.kit.actor import Role
from jinfuyun.kit.errors import Refused
from jinfuyun.kit.identity import ID_TYPE_LABELS, IdType, mask_id, mask_name, mask_phone
from jinfuyun.kit.uscc import is_uscc
from jinfuyun.storage import files
from jinfuyun.web.guards import staff
from jinfuyun.web.request import Request

CONTENT_TYPES = {"PDF": "application/pdf", "JPEG": "image/jpeg", "PNG": "image/png"}


@staff(Role.OPERATOR)
@require_http_methods(["GET"])
def inbox(request: Request) -> HttpResponse:
    rows = [
        {
            "id": case.pk, "reason": CASE_REASONS[case.reason], "state": case.state,
            "label": CaseState(case.state).label, "submitted_at": case.submitted_at,
            "number": queries.draft_of(case.run)["elements"]["tax_number"],
        }
        for case in queries.open_cases()
    ]  # fmt: skip
    return render(request, "operator/desk.html", {"rows": rows})


@staff(Role.OPERATOR)
@require_http_methods(["GET", "POST"])
def case(request: Request, case_id: uuid.UUID) -> HttpResponse:
    """Look at one, pass it on, approve or refuse it."""
    found = queries.case(case_id)
    wrong = ""
    if request.method == "POST":
        at = timezone.now()
        try:
            if "refuse" in request.POST:
                actions.reject_case(case=found, answer=request.POST.get("answer", ""), by=request.actor, at=at)
                messages.success(request, "已办结：不通过，申请人已收到原因。")
            elif found.state == CaseState.NEW:
                actions.pass_case_on(
                    case=found, on_screen=request.POST.get("seen", ""), uscc=request.POST.get("uscc", ""),
                    by=request.actor, at=at,
                )  # fmt: skip
                messages.success(request, "初审通过，等待另一位同事复审。")
            else:
                number = queries.draft_of(found.run)["elements"]["tax_number"]
                actions.approve_case(
                    case=found, on_screen=request.POST.get("seen", ""), registered=actions.look_up(number, at=at),
                    by=request.actor, at=at,
                )  # fmt: skip
                messages.success(request, "复审通过，申请人可以继续办理。")
            return redirect("operator:desk")
        except actions.Incomplete as refusal:
            wrong = " ".join(refusal.wrong.values())
        except Refused as refusal:
            wrong = str(refusal)
    found = queries.case(case_id)
    elements = queries.draft_of(found.run)["elements"]
    context = {
        "case": found, "reason": CASE_REASONS[found.reason], "label": CaseState(found.state).label,
        "seen": queries.seen_of(found), "wrong": wrong, "answer": request.POST.get("answer", ""),
        "asks_code": found.state == CaseState.NEW and not is_uscc(elements["tax_number"]),
        "typed_code": request.POST.get("uscc", ""),
        "pairs": [
            ("纳税号", elements["tax_number"]), ("法定代表人", mask_name(elements["legal_name"])),
            ("证件", f"{ID_TYPE_LABELS[IdType(elements['id_type'])]} {mask_id(elements['id_number'])}"),
            ("手机号", mask_phone(elements["phone"])),
            *([("统一社会信用代码（初审照执照填写）", found.uscc)] if found.uscc else []),
        ],
    }  # fmt: skip
    return render(request, "operator/case.html", context, status=422 if wrong else 200)


@staff(Role.OPERATOR)
@require_http_methods(["GET"])
def licence(request: Request, case_id: uuid.UUID) -> HttpResponse:
    """The uploaded licence; its kind is what the bytes say, and the browser may not guess another."""
    content = files.get(queries.case(case_id).licence_file)
    kind = next(kind for beginning, kind in LICENCE_KINDS.items() if content.startswith(beginning))
    answer = HttpResponse(content, content_type=CONTENT_TYPES[kind])
    answer["Content-Disposition"] = f'inline; filename="licence.{kind.lower()}"'
    return answer
