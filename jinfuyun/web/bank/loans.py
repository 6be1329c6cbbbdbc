"""贷后: an institution's loans and credit lines, and what it enters in their book."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from jinfuyun.kit.actor import Role
from jinfuyun.kit.calendar import local_day
from jinfuyun.kit.errors import NotAllowed, NotFound, Refused
from jinfuyun.kit.export import csv_text
from jinfuyun.kit.money import yuan
from jinfuyun.kit.period import months_after
from jinfuyun.kit.reasons import NotInOrder
from jinfuyun.loans import actions, queries
from jinfuyun.loans.content import Entry
from jinfuyun.loans.rules import (
    GRADE_LABELS,
    LINE_LABELS,
    STATE_LABELS,
    Act,
    Drawdown,
    Grade,
    LineAct,
    LineState,
    Renewal,
    State,
)
from jinfuyun.web.bank.loan_forms import ENTRY_FORMS, draw_form, entry_form
from jinfuyun.web.forms import show_reasons
from jinfuyun.web.guards import staff
from jinfuyun.web.loans import shown
from jinfuyun.web.request import Request

PAGE_SIZE = 30
EXPORTED_MAX = 10_000
HANDLERS = (Role.OFFICER, Role.APPROVER)
DONE = "已入账，企业可以看到。"


def _asked(request: Request) -> tuple[str, str]:
    tray = request.GET.get("tray", "living")
    return (tray if tray in queries.TRAYS else "living"), request.GET.get("q", "").strip()


@staff(*HANDLERS)
@require_http_methods(["GET"])
def listing(request: Request) -> HttpResponse:
    today = local_day(timezone.now())
    tray, asked = _asked(request)
    page = Paginator(queries.desk(request.actor, tray, asked=asked, today=today), PAGE_SIZE).get_page(
        request.GET.get("page")
    )
    counts = queries.tray_counts(request.actor, today)
    context = {
        "page": page, "tray": tray, "asked": asked, "today": today, "sums": queries.sums(request.actor),
        "trays": [(name, f"{label}（{counts[name]}）") for name, label in queries.TRAYS.items()],
        "states": STATE_LABELS, "grades": GRADE_LABELS,
    }  # fmt: skip
    return render(request, "bank/loans.html", context)


@staff(*HANDLERS)
@require_http_methods(["GET"])
def exported(request: Request) -> HttpResponse:
    """The tray as a table for spreadsheets."""
    tray, asked = _asked(request)
    found = list(queries.desk(request.actor, tray, asked=asked, today=local_day(timezone.now()))[: EXPORTED_MAX + 1])
    heading = (
        "借据号", "企业", "统一社会信用代码", "授信编号", "放款金额（元）", "贷款余额（元）", "年化利率（%）", "放款日",
        "到期日", "状态", "五级分类", "逾期起始日",
    )  # fmt: skip
    rows: list[tuple[Any, ...]] = [
        (
            one.number, one.line.enterprise_name, one.uscc, one.line.number, yuan(one.amount_fen),
            yuan(one.balance_fen), f"{one.rate_bp / 100:.2f}", one.drawn_on, one.due_on,
            STATE_LABELS[State(one.state)], GRADE_LABELS[Grade(one.grade)], one.overdue_since or "",
        )
        for one in found[:EXPORTED_MAX]
    ]  # fmt: skip
    if len(found) > EXPORTED_MAX:
        rows.append((f"只导出前 {EXPORTED_MAX} 笔，其余未列出；请用查询缩小范围后再导出。", *[""] * (len(heading) - 1)))
    answer = HttpResponse(csv_text(heading, rows), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="loans-{tray}.csv"'
    return answer


@staff(*HANDLERS)
@require_http_methods(["GET"])
def detail(request: Request, number: str) -> HttpResponse:
    return _page(request, queries.loan(number, visible_to=request.actor))


def _entry(act: Act, answer: dict[str, Any]) -> Entry:
    grade = answer.get("grade")
    return Entry(
        act, answer["on"], answer.get("principal") or 0, answer.get("interest") or 0, answer.get("balance"),
        answer.get("due_on"), Grade(grade) if grade else None,
    )  # fmt: skip


@staff(*HANDLERS)
@require_http_methods(["POST"])
def act(request: Request, number: str, name: str) -> HttpResponse:
    """One of ENTRY_FORMS; what was typed comes back when it cannot be entered."""
    if name not in ENTRY_FORMS:
        raise Http404
    loan, at = queries.loan(number, visible_to=request.actor), timezone.now()
    form = entry_form(name, loan, today=local_day(at), data=request.POST)

    def verb(answer: dict[str, Any]) -> None:
        if name == "reverse":
            event = queries.event(loan, answer["event"])
            actions.reverse(event=event, why=answer["why"], by=request.actor, at=at)
        else:
            actions.enter(
                loan=loan, entry=_entry(Act(name), answer), reference=answer.get("reference", ""),
                why=answer.get("why", ""), by=request.actor, at=at,
            )  # fmt: skip

    if _does(request, form, verb):
        return redirect("bank:loan", number=number)
    return _page(request, loan, {name: form})


def _does(request: Request, form: forms.Form, verb: Callable[[dict[str, Any]], None]) -> bool:
    """Whether the form was read and is dealt with; if not, it says why."""
    if not form.is_valid():
        return False
    try:
        verb(form.cleaned_data)
        messages.success(request, DONE)
    except NotInOrder as refusal:
        show_reasons(form, refusal)
        return False
    except (NotAllowed, NotFound):
        raise
    except Refused as refusal:
        messages.error(request, str(refusal))
    return True


def _page(request: Request, loan: Any, bound: dict[str, forms.Form] | None = None) -> HttpResponse:
    today = local_day(timezone.now())
    acts = {str(one) for one in queries.open_acts(loan, by=request.actor)}
    context = shown(loan, today=today) | {
        "forms": {
            name: (bound or {}).get(name) or entry_form(name, loan, today=today) for name in ENTRY_FORMS if name in acts
        },
        "bound": bound, "today": today,
    }  # fmt: skip
    return render(request, "bank/loan.html", context, status=422 if bound else 200)


# -- credit lines ----------------------------------------------------------------------------------------------------


@staff(*HANDLERS)
@require_http_methods(["GET"])
def line(request: Request, number: str) -> HttpResponse:
    return _line_page(request, queries.line(number, visible_to=request.actor))


@staff(*HANDLERS)
@require_http_methods(["POST"])
def line_act(request: Request, number: str, name: str) -> HttpResponse:
    """draw, or one of freeze, unfreeze, close."""
    found, at = queries.line(number, visible_to=request.actor), timezone.now()
    if name == "draw":
        form = _draw_form(found, request)

        def verb(answer: dict[str, Any]) -> None:
            drawdown = Drawdown(
                answer["amount"], answer["rate"], answer["on"], answer["due_on"], answer["purpose"],
                answer["purpose_text"], answer["is_entrusted"], False, Renewal(answer["renewal"]), answer["reference"],
            )  # fmt: skip
            actions.draw(line=found, drawdown=drawdown, by=request.actor, at=at)

        return redirect("bank:line", number=number) if _does(request, form, verb) else _line_page(request, found, form)
    if name not in (LineAct.FREEZE, LineAct.UNFREEZE, LineAct.CLOSE):
        raise Http404
    try:
        actions.tend_line(line=found, act=LineAct(name), by=request.actor, at=at)
        messages.success(request, "额度状态已更新。")
    except (NotAllowed, NotFound):
        raise
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("bank:line", number=number)


def _draw_form(found: Any, request: Request | None = None) -> forms.Form:
    today = local_day(timezone.now())
    return draw_form(
        found, queries.room(found).left_fen, today=today, due_on=months_after(today, found.term_months),
        data=request.POST if request else None,
    )  # fmt: skip


def _line_page(request: Request, found: Any, form: forms.Form | None = None) -> HttpResponse:
    left = queries.room(found).left_fen
    context = {
        "line": found, "label": LINE_LABELS[LineState(found.state)], "left_fen": left, "bound": form,
        "loans": found.loans.order_by("-drawn_on"), "states": STATE_LABELS,
        "form": form or _draw_form(found), "may_draw": found.state == LineState.IN_FORCE and left > 0,
        "acts": {str(one) for one in queries.open_line_acts(found, by=request.actor)},
    }  # fmt: skip
    return render(request, "bank/line.html", context, status=422 if form else 200)
