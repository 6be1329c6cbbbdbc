"""督办 and 投诉 at an institution: what regulators asked of it and what enterprises complain about, both in writing."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from jinfuyun.kit.permissions import MAY, Permission
from jinfuyun.oversight import actions, queries
from jinfuyun.oversight.rules import About
from jinfuyun.web import oversight
from jinfuyun.web.bank.desk import HANDLERS
from jinfuyun.web.guards import staff
from jinfuyun.web.oversight import Desk, TextForm
from jinfuyun.web.request import Request

ANSWERERS = tuple(sorted(MAY[Permission.NOTE_ANSWER]))
DESK = Desk(
    "bank:complaints", "bank:complaint", "bank:complaint_file", "企业对本机构的投诉，先到期的在前；答复企业会原文看到"
)

# Where the institution finds what a note is about; a demand stands on the market, if it is still there.
PAGES = {About.APPLICATION: "bank:application", About.QUESTION: "bank:question", About.COMPLAINT: "bank:complaint"}


@staff(*ANSWERERS)
@require_safe
def notes(request: Request) -> HttpResponse:
    told = "金融管理部门要求本机构说明并办理的事项，先到期的在前"
    return oversight.note_listing(request, {"told": told, "one": "bank:note"})


@staff(*ANSWERERS)
@require_http_methods(["GET", "POST"])
def note(request: Request, number: str) -> HttpResponse:
    found = queries.note(number, visible_to=request.actor)
    form = TextForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid() and oversight.answered(
        request, form,
        lambda: actions.answer_note(note=found, **form.cleaned_data, by=request.actor, at=timezone.now()),
        "已书面答复，等待管理部门核对。",
    ):  # fmt: skip
        return redirect("bank:note", number=number)
    context = oversight.shown(found, request=request) | {
        "form": form, "all": "bank:notes",
        "to": PAGES.get(About(found.about)) if request.actor.roles & set(HANDLERS) else None,
    }  # fmt: skip
    return render(request, "oversight/note.html", context, status=422 if form.errors else 200)


@staff(*ANSWERERS)
@require_safe
def complaints(request: Request) -> HttpResponse:
    return oversight.complaint_listing(request, DESK)


@staff(*ANSWERERS)
@require_http_methods(["GET", "POST"])
def complaint(request: Request, number: str) -> HttpResponse:
    return oversight.complaint_page(request, DESK, number)


@staff(*ANSWERERS)
@require_safe
def complaint_file(request: Request, number: str) -> HttpResponse:
    return oversight.complaint_file(request, number)
