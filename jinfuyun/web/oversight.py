"""督办 and 投诉 at the desks of those who answer: institutions, operators, the regulator; and how both are shown."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from jinfuyun.kit.calendar import local_day
from jinfuyun.kit.errors import TooLate
from jinfuyun.kit.reasons import NotInOrder
from jinfuyun.oversight import actions, queries
from jinfuyun.oversight.rules import COMPLAINT_LABELS, COMPLAINT_STEP, NOTE_LABELS, NOTE_STEP, TEXT_LENGTH, Act
from jinfuyun.web.enterprise.documents import as_download
from jinfuyun.web.forms import PoliteForm, show_reasons
from jinfuyun.web.request import Request

PAGE_SIZE = 30


class TextForm(PoliteForm):
    text = forms.CharField(label="书面答复", max_length=TEXT_LENGTH[1], widget=forms.Textarea({"rows": 5}))


@dataclass(frozen=True, slots=True)
class Desk:
    """Whose desk it is: the names of its addresses, what stands on top, and which act answers there."""

    all: str
    one: str
    file: str
    told: str
    answers: Act = Act.ANSWER
    verb: Callable[..., None] = actions.answer_complaint
    note_new: str = ""  # where a note about a complaint begins


def trays(request: Request, found: Any, table: dict[str, Any]) -> dict[str, Any]:
    """Which tray is asked for, and all of them with how many lie in each."""
    tray = request.GET.get("tray", "")
    counts = queries.tray_counts(found, table)
    return {
        "tray": tray if tray in table else next(iter(table)),
        "trays": [(name, f"{label}（{counts[name]}）") for name, (label, _) in table.items()],
    }


def page_of(request: Request, rows: Any) -> Any:
    return Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))


def note_listing(request: Request, context: dict[str, Any]) -> HttpResponse:
    today = local_day(timezone.now())
    context |= trays(request, queries.notes(request.actor), queries.NOTE_TRAYS) | {"today": today}
    context |= {
        "page": page_of(request, queries.note_desk(request.actor, context["tray"])),
        "late": queries.late_notes(request.actor, today),
    }
    return render(request, "oversight/notes.html", context)


def shown(thing: Any, *, request: Request) -> dict[str, Any]:
    """Where it stands, what this person may do with it, and what happened."""
    today = local_day(timezone.now())
    table, labels = (NOTE_STEP, NOTE_LABELS) if thing.kind == "note" else (COMPLAINT_STEP, COMPLAINT_LABELS)
    return {
        "thing": thing, "today": today, "state_label": dict(labels)[thing.state],
        "acts": {str(act) for act in queries.open_acts(thing, by=request.actor, today=today)},
        "timeline": [
            {
                "title": table[Act(step.act)].label, "at": step.at, "by": step.by_label, "note": step.said or "",
                "state": "bad" if step.act in (Act.RETURN, Act.RAISE) else "done",
            }
            for step in queries.steps(thing)
        ],
    }  # fmt: skip


def answered(request: Request, form: forms.Form, verb: Callable[[], object], done: str) -> bool:
    """Whether the verb was carried out, and so told; a refusal is shown at the form or on top of the next page."""
    try:
        verb()
        messages.success(request, done)
    except NotInOrder as refusal:
        show_reasons(form, refusal)
        return False
    except TooLate as refusal:
        messages.error(request, str(refusal))
    return True


def complaint_listing(request: Request, desk: Desk, more: dict[str, Any] | None = None) -> HttpResponse:
    today = local_day(timezone.now())
    context = trays(request, queries.complaints(request.actor), queries.COMPLAINT_TRAYS) | {
        "today": today, "desk": desk, "late": queries.late_complaints(request.actor, today), **(more or {}),
    }  # fmt: skip
    context["page"] = page_of(request, queries.complaint_desk(request.actor, context["tray"]))
    return render(request, "oversight/complaints.html", context)


def complaint_page(request: Request, desk: Desk, number: str) -> HttpResponse:
    found = queries.complaint(number, visible_to=request.actor)
    form = TextForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid() and answered(
        request, form, lambda: desk.verb(complaint=found, **form.cleaned_data, by=request.actor, at=timezone.now()),
        "已书面答复，企业已收到通知。",
    ):  # fmt: skip
        return redirect(desk.one, number=number)
    context = shown(found, request=request) | {"form": form, "desk": desk}
    context["open_note"] = queries.open_notes(queries.About.COMPLAINT, [number]).get(number)
    return render(request, "oversight/complaint.html", context, status=422 if form.errors else 200)


def complaint_file(request: Request, number: str) -> HttpResponse:
    return as_download(actions.fetch_file(number=number, by=request.actor, at=timezone.now()))
