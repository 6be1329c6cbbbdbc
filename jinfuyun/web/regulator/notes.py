"""督办单: notes to institutions: written, followed, closed or returned."""

from collections.abc import Callable

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jinfuyun.kit.actor import Role
from jinfuyun.kit.calendar import local_day
from jinfuyun.oversight import actions, queries
from jinfuyun.oversight.rules import ABOUT_LABELS, NOTE_DAYS, NOTE_DAYS_MAX, TEXT_LENGTH, About
from jinfuyun.web import oversight
from jinfuyun.web.answering import NoForm
from jinfuyun.web.converters import Code
from jinfuyun.web.forms import PoliteForm
from jinfuyun.web.guards import staff
from jinfuyun.web.regulator.tabs import tabs
from jinfuyun.web.request import Request


class NoteForm(PoliteForm):
    text = forms.CharField(
        label="督办意见", max_length=TEXT_LENGTH[1], widget=forms.Textarea({"rows": 5}),
        help_text="写明查明的情况和要求；机构会原文看到。",
    )  # fmt: skip
    days = forms.IntegerField(
        label="答复期限", min_value=1, max_value=NOTE_DAYS_MAX, initial=NOTE_DAYS,
        widget=forms.TextInput({"inputmode": "numeric"}),
    )  # fmt: skip


class SendForm(NoteForm):
    institution = forms.ChoiceField(label="督办哪家机构", required=False)

    field_order = ("institution", "text", "days")


class WhyForm(PoliteForm):
    text = forms.CharField(label="原因", max_length=TEXT_LENGTH[1], widget=forms.Textarea({"rows": 3}))


# address → (form, verb, what is said when it is done)
ACTS: dict[str, tuple[type[forms.Form], Callable[..., None], str]] = {
    "return": (NoteForm, actions.return_note, "已退回，机构须重新答复。"),
    "close": (NoForm, actions.close_note, "已办结，机构已收到通知。"),
    "lift": (WhyForm, actions.lift_note, "已撤销，机构不必再答复。"),
}


@staff(Role.REGULATOR)
@require_safe
def listing(request: Request) -> HttpResponse:
    told = "对逾期申请、无方案的需求、逾期询问和投诉发出的督办，先到期的在前"
    return oversight.note_listing(request, {"told": told, "one": "regulator:note", "tabs": tabs(request, "notes")})


@staff(Role.REGULATOR)
@require_http_methods(["GET", "POST"])
def new(request: Request) -> HttpResponse:
    """About one thing of the own lists, named in the query."""
    about, number = request.GET.get("about", ""), request.GET.get("number", "")
    if not Code.matches(number):
        return redirect("regulator:late")
    at = timezone.now()
    subject = queries.subject(about, number, visible_to=request.actor, today=local_day(at))
    form = SendForm(request.POST if request.method == "POST" else None)
    form.fields["institution"].choices = [("", "请选择"), *queries.lenders()]  # type: ignore[attr-defined]  # a ChoiceField
    if subject.institution:
        del form.fields["institution"]
    if form.is_bound and form.is_valid():
        typed = form.cleaned_data
        if oversight.answered(
            request, form,
            lambda: actions.send_note(
                about=about, number=number, text=typed["text"], days=typed["days"],
                institution_code=typed.get("institution", ""), by=request.actor, at=at,
            ),
            "已发出，机构已收到通知。",
        ):  # fmt: skip
            return redirect("regulator:notes")
    context = {"form": form, "subject": subject, "about": ABOUT_LABELS[About(about)], "days_max": NOTE_DAYS_MAX}
    return render(request, "regulator/note_new.html", context, status=422 if form.errors else 200)


@staff(Role.REGULATOR)
@require_safe
def detail(request: Request, number: str) -> HttpResponse:
    return _page(request, number, {})


@staff(Role.REGULATOR)
@require_POST
def act(request: Request, number: str, name: str) -> HttpResponse:
    """One of ACTS; what was typed comes back when it cannot be done."""
    if name not in ACTS:
        raise Http404
    found = queries.note(number, visible_to=request.actor)
    kind, verb, done = ACTS[name]
    form = kind(request.POST)
    if form.is_valid() and oversight.answered(
        request, form, lambda: verb(note=found, **form.cleaned_data, by=request.actor, at=timezone.now()), done
    ):
        return redirect("regulator:note", number=number)
    return _page(request, number, {name: form})


def _page(request: Request, number: str, bound: dict[str, forms.Form]) -> HttpResponse:
    found = queries.note(number, visible_to=request.actor)
    context = oversight.shown(found, request=request) | {
        "forms": {name: kind() for name, (kind, _, _) in ACTS.items()} | bound, "bound": bound,
        "all": "regulator:notes", "days_max": NOTE_DAYS_MAX,
    }  # fmt: skip
    return render(request, "oversight/note.html", context, status=422 if bound else 200)
