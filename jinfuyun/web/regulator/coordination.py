"""融资协调 for a working group: the lists of its region, whom to put on them, judging, recommending, who is late."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jinfuyun.coordination import actions, queries
from jinfuyun.coordination.rules import STANDARDS, STATE_LABELS, Finding, State
from jinfuyun.enterprises import queries as enterprises
from jinfuyun.kit.actor import Role
from jinfuyun.kit.calendar import local_day
from jinfuyun.kit.errors import NotAllowed, NotFound, Refused
from jinfuyun.kit.reasons import NotInOrder
from jinfuyun.web.coordination import DeclareForm, timeline
from jinfuyun.web.forms import PoliteForm, show_reasons
from jinfuyun.web.guards import staff
from jinfuyun.web.request import Request

PAGE_SIZE = 50
DEMANDS_SHOWN = 20
ANSWERS = [("yes", "符合"), ("no", "不符合")]


class JudgeForm(PoliteForm):
    """Of each standard an answer and what it rests on."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name, label in STANDARDS.items():
            self.fields[name] = forms.ChoiceField(
                label=label, choices=ANSWERS, widget=forms.RadioSelect,
                error_messages={"required": f"请判断“{label}”。"},
            )  # fmt: skip
            self.fields[f"{name}_note"] = forms.CharField(
                label=f"{label}的依据", max_length=200, error_messages={"required": "请写明依据。"}
            )

    def findings(self) -> dict[str, Finding]:
        told = self.cleaned_data
        return {name: Finding(told[name] == "yes", told[f"{name}_note"]) for name in STANDARDS}


class RecommendForm(PoliteForm):
    codes = forms.MultipleChoiceField(
        label="推荐给", widget=forms.CheckboxSelectMultiple, error_messages={"required": "请选择至少一家机构。"}
    )


class ReturnForm(PoliteForm):
    reason = forms.CharField(label="退回原因", max_length=200, widget=forms.Textarea({"rows": 2}))


class EnlistForm(DeclareForm):
    uscc = forms.CharField(max_length=18, widget=forms.HiddenInput)


@staff(Role.REGULATOR)
@require_safe
def listing(request: Request) -> HttpResponse:
    at, words = timezone.now(), request.GET.get("q", "").strip()[:40]
    state = request.GET["state"] if request.GET.get("state") in STATE_LABELS else ""
    counts, late = queries.counts(request.actor, at), queries.late(request.actor, at)
    found = queries.listed(request.actor, at, state=state, words=words)
    context = {
        "page": Paginator(found, PAGE_SIZE).get_page(request.GET.get("page")), "q": words, "state": state,
        "states": [(one.value, f"{label}（{counts.get(one, 0)}）") for one, label in STATE_LABELS.items()],
        "late": late, "today": local_day(at), "WITHDRAWN": State.WITHDRAWN,
    }  # fmt: skip
    return render(request, "regulator/coordination.html", context)


@staff(Role.REGULATOR)
@require_http_methods(["GET", "POST"])
def new(request: Request) -> HttpResponse:
    """Whom to put on the list: looked up by name, which is booked, or from the open demands."""
    words, found = request.POST.get("words", ""), None
    if request.method == "POST":
        try:
            found = actions.look_up(words=words, by=request.actor, at=timezone.now())
        except NotAllowed:
            raise
        except Refused as refusal:
            messages.error(request, str(refusal))
    return _new(request, words, found)


def _new(request: Request, words: str, found: Any, bound: EnlistForm | None = None) -> HttpResponse:
    rows = [(one, EnlistForm(auto_id=f"{one.uscc}_%s", initial={"uscc": one.uscc})) for one in found or ()]
    context = {
        "words": words, "searched": found is not None, "rows": rows, "bound": bound,
        "demands": queries.demands_to_list(request.actor, timezone.now())[:DEMANDS_SHOWN],
    }  # fmt: skip
    return render(request, "regulator/coordination_new.html", context, status=422 if bound else 200)


@staff(Role.REGULATOR)
@require_POST
def enlist(request: Request) -> HttpResponse:
    form = EnlistForm(request.POST)
    if not form.is_valid():
        return _new(request, "", None, form)
    return _listed(
        request, lambda **who: actions.enlist(uscc=form.cleaned_data["uscc"], wish=form.wish(), **who)
    )  # fmt: skip


@staff(Role.REGULATOR)
@require_POST
def enlist_demand(request: Request, number: str) -> HttpResponse:
    return _listed(request, lambda **who: actions.enlist_demand(number=number, **who))


def _listed(request: Request, verb: Callable[..., Any]) -> HttpResponse:
    try:
        declaration = verb(by=request.actor, at=timezone.now())
        messages.success(request, "已列入申报清单，企业已收到通知。")
        return redirect("regulator:declaration", number=declaration.number)
    except (NotAllowed, NotFound):
        raise
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("regulator:coordination_new")


@staff(Role.REGULATOR)
@require_safe
def detail(request: Request, number: str) -> HttpResponse:
    """One declaration; the look is booked and shown to the enterprise."""
    return _page(request, actions.view(number=number, by=request.actor, at=timezone.now()))


# address → (form, verb, what is said when it is done)
ACTS: dict[str, tuple[type[PoliteForm], Callable[..., Any], str]] = {
    "judge": (
        JudgeForm, lambda d, f, **who: actions.judge(declaration=d, findings=f.findings(), **who), "已记下五项判断。"
    ),
    "recommend": (
        RecommendForm,
        lambda d, f, **who: actions.recommend(declaration=d, codes=f.cleaned_data["codes"], **who),
        "已推荐，机构应在一个月内答复；企业已收到通知。",
    ),
    "send-back": (
        ReturnForm, lambda d, f, **who: actions.send_back(declaration=d, reason=f.cleaned_data["reason"], **who),
        "已退回，企业会看到原因。",
    ),
}  # fmt: skip


@staff(Role.REGULATOR)
@require_POST
def act(request: Request, number: str, name: str) -> HttpResponse:
    """One of ACTS; what was typed comes back when it cannot be done."""
    if name not in ACTS:
        raise Http404
    found = queries.declaration(number, visible_to=request.actor, at=timezone.now())
    kind, verb, done = ACTS[name]
    form = _with_choices(kind(request.POST, auto_id=f"{name}_%s"), found)
    if form.is_valid():
        try:
            verb(found, form, by=request.actor, at=timezone.now())
            messages.success(request, done)
            return redirect("regulator:declaration", number=number)
        except NotInOrder as refusal:
            show_reasons(form, refusal)
        except (NotAllowed, NotFound):
            raise
        except Refused as refusal:
            messages.error(request, str(refusal))
            return redirect("regulator:coordination")
    return _page(request, found, {name: form})


def _with_choices(form: PoliteForm, found: Any) -> PoliteForm:
    if isinstance(form, RecommendForm):
        field = form.fields["codes"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(one.code, one.name) for one in queries.institutions_for(found)]
    return form


def _page(request: Request, found: Any, bound: dict[str, PoliteForm] | None = None) -> HttpResponse:
    standing = queries.standing(found)
    fresh = {
        name: _with_choices(kind(auto_id=f"{name}_%s", initial=_judged(standing)), found)
        for name, (kind, _, _) in ACTS.items()
    }
    profile = enterprises.profile(found.uscc)
    context = {
        "declaration": found, "standing": standing, "all_met": len(standing) == len(STANDARDS)
        and all(one.met for one in standing.values()), "standards": STANDARDS, "bound": bound,
        "asked": queries.recommendations(found), "timeline": timeline(found), "forms": fresh | (bound or {}),
        "may_judge": found.state == State.DECLARED, "profile": profile, "today": local_day(timezone.now()),
        "may_recommend": found.state in (State.DECLARED, State.RECOMMENDED, State.UNMET),
    }  # fmt: skip
    return render(request, "regulator/declaration.html", context, status=422 if bound else 200)


def _judged(standing: dict[str, Any]) -> dict[str, str]:
    """What was found last, to go on from."""
    answers = {name: "yes" if one.met else "no" for name, one in standing.items()}
    return answers | {f"{name}_note": one.note for name, one in standing.items()}
