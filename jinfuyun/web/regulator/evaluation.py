"""机构评价: schemes tried on closed periods and put in force by two people; rankings, what is public, appeals."""

from collections.abc import Callable

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from jinfuyun.evaluation import actions, queries
from jinfuyun.evaluation.queries import reckoning, results, schemes
from jinfuyun.evaluation.queries.results import Ranking
from jinfuyun.evaluation.rules import (
    CADENCE_LABELS,
    HUNDREDTHS,
    OUTCOME_LABELS,
    STATE_LABELS,
    WORDS_LENGTH,
    Cadence,
    Outcome,
    Scheme,
    periods,
)
from jinfuyun.kit.actor import Role
from jinfuyun.kit.calendar import local_day
from jinfuyun.kit.errors import NotAllowed, NotFound, Refused
from jinfuyun.kit.reasons import NotInOrder
from jinfuyun.supervision.queries import BY_NAME
from jinfuyun.supervision.queries import months as closed
from jinfuyun.supervision.rules import SMALL_CELL
from jinfuyun.supervision.shown import charts
from jinfuyun.web import evaluation as told
from jinfuyun.web import figures
from jinfuyun.web.forms import PoliteForm, show_reasons
from jinfuyun.web.guards import staff
from jinfuyun.web.regulator.overview import as_file
from jinfuyun.web.request import Request

OFFERED = 13  # periods back that the list offers


class AnswerForm(PoliteForm):
    outcome = forms.ChoiceField(
        label="申诉是否成立", choices=[("", "请选择"), *((one.value, text) for one, text in OUTCOME_LABELS.items())],
    )  # fmt: skip
    answer = forms.CharField(
        label="书面答复", max_length=WORDS_LENGTH[1], widget=forms.Textarea({"rows": 5}),
        help_text="写明核对了哪些明细、依据什么；机构会原文看到。",
    )  # fmt: skip


@staff(Role.REGULATOR)
@require_http_methods(["GET", "POST"])
def listing(request: Request) -> HttpResponse:
    """The list; a POST evaluates one period."""
    if request.method == "POST":
        period = request.POST.get("period", "")
        return _done(
            request, lambda: actions.evaluate(period=period, by=request.actor, at=timezone.now()),
            f"{period} 评价完成，已通知各机构。", "regulator:evaluation",
        )  # fmt: skip
    made = results.rounds()
    evaluated = {one.period: [each for each in made if each.period == one.period] for one in made}
    offered = [period for cadence in Cadence for period in _offered(cadence)]
    found = sorted({*evaluated, *offered}, key=lambda name: ("Q" in name, name), reverse=True)
    at = timezone.now()
    context = {
        "schemes": [(one, schemes.adoptions(one.name)) for one in schemes.SCHEMES.values()],
        "cadences": CADENCE_LABELS, "states": STATE_LABELS,
        "rows": [(name, evaluated.get(name, [])) for name in found], "public": results.public_periods(),
        "appeals": [(one, results.answer_until(one.raised_at)) for one in results.appeals(request.actor)],
        "today": local_day(at), "may_decide": queries.may_decide(request.actor),
    }  # fmt: skip
    return render(request, "regulator/evaluation.html", context)


def _offered(cadence: Cadence) -> list[str]:
    """Closed periods for which a scheme is in force."""
    found = []
    for period in periods(closed.months(), cadence)[:OFFERED]:
        try:
            schemes.in_force(period)
            found.append(period)
        except Refused:
            continue
    return found


@staff(Role.REGULATOR)
@require_http_methods(["GET", "POST"])
def show_scheme(request: Request, scheme: str) -> HttpResponse:
    """A scheme with its bands; what it would have given in a closed period; putting it in force."""
    found = schemes.scheme(scheme)
    if request.method == "POST":
        return _decide_on(request, found)
    offered = periods(closed.months(), found.cadence)[:OFFERED]
    period, simulated = request.GET.get("period", ""), None
    if period:
        try:
            made = reckoning.reckon(found, period, reckoning.evaluated(found, period))
            simulated = results.simulated(made)
        except NotFound:
            raise
        except Refused as refusal:
            messages.error(request, str(refusal))
    adoptions = schemes.adoptions(scheme)
    context = {
        "scheme": found, "items": [(item, told.bands(item)) for item in found.items], "offered": offered,
        "period": period, "simulated": simulated, "told": told, "cadences": CADENCE_LABELS, "states": STATE_LABELS,
        "adoptions": adoptions, "proposed": next((one for one in adoptions if one.state == "proposed"), None),
        "digest_now": schemes.digest_now, "may_decide": queries.may_decide(request.actor),
        "definitions": [
            (item.label, figures.definition(BY_NAME[item.indicator], of_month=True)) for item in found.items
        ],
    }  # fmt: skip
    return render(request, "regulator/scheme.html", context)


def _decide_on(request: Request, found: Scheme) -> HttpResponse:
    by, at, act = request.actor, timezone.now(), request.POST.get("act", "")
    if act == "propose":
        month = request.POST.get("from_month", "")
        return _done(
            request, lambda: actions.propose(name=found.name, from_month=month, by=by, at=at),
            "已提交，请另一位同事复核。", "regulator:scheme", found.name,
        )  # fmt: skip
    wanted = [one for one in schemes.adoptions(found.name) if f"{one.pk}" == request.POST.get("adoption")]
    if not wanted or act not in ("confirm", "send_back"):
        raise NotFound
    if act == "confirm":
        seen = request.POST.get("seen", "")
        return _done(
            request, lambda: actions.confirm(adoption=wanted[0], on_screen=seen, by=by, at=at),
            f"方案自 {wanted[0].from_month} 起生效。", "regulator:scheme", found.name,
        )  # fmt: skip
    return _done(
        request, lambda: actions.send_back(adoption=wanted[0], by=by, at=at), "已退回。", "regulator:scheme", found.name
    )


@staff(Role.REGULATOR)
@require_http_methods(["GET", "POST"])
def show_period(request: Request, period: str) -> HttpResponse:
    """The rankings of a period; a POST publishes them, hides them again, or puts them right."""
    rankings = results.rankings(period)
    if request.method == "POST":
        return _act_on(request, period)
    rounds = results.rounds(period)
    context = {
        "period": period, "rankings": [(one, _chart(one, nth)) for nth, one in enumerate(rankings)], "rounds": rounds,
        "is_public": period in results.public_periods(), "changed": results.changed_definitions(rounds[0]),
        "told": told, "least": SMALL_CELL, "may_decide": queries.may_decide(request.actor),
    }  # fmt: skip
    return render(request, "regulator/ranking.html", context)


def _act_on(request: Request, period: str) -> HttpResponse:
    by, at, act = request.actor, timezone.now(), request.POST.get("act", "")
    acts: dict[str, tuple[Callable[[], object], str]] = {
        "publish": (lambda: actions.publish(period=period, is_public=True, by=by, at=at), "排名已公布。"),
        "hide": (lambda: actions.publish(period=period, is_public=False, by=by, at=at), "排名不再公布。"),
        "correct": (
            lambda: actions.correct(period=period, why=request.POST.get("reason", ""), by=by, at=at),
            "更正已登记，已通知有关机构。",
        ),
    }
    if act not in acts:
        raise NotFound
    return _done(request, *acts[act], "regulator:evaluation_period", period)


def _chart(ranking: Ranking, nth: int) -> charts.Chart | None:
    shown = [
        (line.result.institution_name, line.result.total, told.points(line.result.total))
        for line in ranking.lines if line.rank is not None
    ]  # fmt: skip
    return charts.bars(f"chart-ranking-{nth}", f"{ranking.group}总分", shown) if shown else None


@staff(Role.REGULATOR)
@require_safe
def download(request: Request, period: str) -> HttpResponseBase:
    """Every institution with the value and the points of every item."""
    rankings = results.rankings(period)
    marks = rankings[0].lines[0].marks
    heading = ("分组", "名次", "机构", "总分", *(f"{one.label}{kind}" for one in marks for kind in ("", "得分")))
    rows = [
        (
            ranking.group, line.rank or "", line.result.institution_name, _number(line.result.total),
            *(cell for mark in line.marks for cell in (
                figures.number(BY_NAME[mark.indicator], mark.value) if mark.indicator in BY_NAME else "",
                "" if mark.why else _number(mark.points),
            )),
        )
        for ranking in rankings for line in ranking.lines
    ]  # fmt: skip
    return as_file(f"evaluation-{period}", "xlsx", period, heading, rows)


def _number(hundredths: int | None) -> float | str:
    return "" if hundredths is None else hundredths / HUNDREDTHS


@staff(Role.REGULATOR)
@require_safe
def result(request: Request, period: str, code: str) -> HttpResponse:
    line, ranking = results.line_of(period, code)
    appeals = results.appeals_in(period, visible_to=request.actor)
    context = {
        "period": period, "line": line, "ranking": ranking, "rows": told.rows(line.marks, ranking.medians()),
        "told": told, "appeals": [one for one in appeals if one.result.institution_code == code],
    }  # fmt: skip
    return render(request, "regulator/evaluation_result.html", context)


@staff(Role.REGULATOR)
@require_http_methods(["GET", "POST"])
def appeal(request: Request, number: str) -> HttpResponse:
    found = results.appeal(number, visible_to=request.actor)
    form = AnswerForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.answer(appeal=found, **form.cleaned_data, by=request.actor, at=timezone.now())
            messages.success(request, "已答复，机构已收到通知。")
            return redirect("regulator:appeal", number=number)
        except NotAllowed:
            raise
        except NotInOrder as refusal:
            show_reasons(form, refusal)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    line, ranking = results.line_of(found.result.round.period, found.result.institution_code)
    context = {
        "appeal": found, "form": form, "due": results.answer_until(found.raised_at), "today": local_day(timezone.now()),
        "rows": told.rows(line.marks, ranking.medians()), "told": told, "line": line, "ranking": ranking,
        "outcome": OUTCOME_LABELS[Outcome(found.outcome)] if found.outcome else "",
        "may_decide": queries.may_decide(request.actor),
    }  # fmt: skip
    return render(request, "regulator/appeal.html", context, status=422 if form.errors else 200)


def _done(request: Request, act: Callable[[], object], said: str, to: str, *where: str) -> HttpResponse:
    try:
        act()
        messages.success(request, said)
    except (NotAllowed, NotFound):
        raise
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect(to, *where)
