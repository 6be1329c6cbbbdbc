"""待办: what waits over all enterprises of a person, for who serves many of them from one list."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from jinfuyun.applications import queries as applications
from jinfuyun.applications.rules import State as ApplicationState
from jinfuyun.consents import queries as consents
from jinfuyun.consents.rules import SIGN_LINK_HOURS, day
from jinfuyun.demands import queries as demands
from jinfuyun.disputes import queries as disputes
from jinfuyun.enterprises import queries
from jinfuyun.enterprises.rules import RunState
from jinfuyun.kit.actor import Actor, Role
from jinfuyun.kit.errors import NotFound
from jinfuyun.kit.permissions import Permission, may
from jinfuyun.loans import queries as loans
from jinfuyun.oversight import queries as oversight
from jinfuyun.web.converters import Code
from jinfuyun.web.enterprise import chooser
from jinfuyun.web.enterprise.chooser import matching, page_of
from jinfuyun.web.guards import enter_enterprise, signed_in_enterprise_user
from jinfuyun.web.request import Request

ROWS_A_PAGE = 30
EXPIRES_SOON = timedelta(days=30)
# Where a row may lead to inside its enterprise; those in the second set take a number.
PAGES = {"consents": "enterprise:consents", "consent_anew": "enterprise:consent_anew"}
NUMBERED = {
    "application": "enterprise:application",
    "dispute": "enterprise:dispute",
    "demand": "enterprise:demand",
    "loan": "enterprise:loan",
    "complaint": "enterprise:complaint",
}
# What an application waits for: the words, and who alone may do it.
WAITS = {
    ApplicationState.ACTION_REQUIRED: ("等待补充材料", Permission.APPLICATION_SUPPLY),
    ApplicationState.APPROVED: ("批复方案等待确认", Permission.APPLICATION_ANSWER),
    ApplicationState.FUNDED: ("首笔放款等待核对", Permission.APPLICATION_ANSWER),
}


@dataclass(frozen=True, slots=True)
class Due:
    """One row. `href` leads to a page of the person's own, `to` (with `number`) into the enterprise."""

    due: date | None
    uscc: str
    name: str
    what: str
    is_mine: bool
    href: str = ""
    to: str = ""
    number: str = ""


@signed_in_enterprise_user
@require_http_methods(["GET"])
def todo(request: Request) -> HttpResponse:
    at, wanted = timezone.now(), request.GET.get("q", "").strip()
    rows = [row for row in _everything(request, at) if matching(wanted, row.name, row.uscc)]
    rows.sort(key=lambda row: (row.due or date.max, row.name))
    context = {"page": page_of(Paginator(rows, ROWS_A_PAGE), request), "asked": wanted, "today": day(at)}
    return render(request, "enterprise/todo.html", context)


def _everything(request: Request, at: datetime) -> list[Due]:
    held = queries.of_user(request.user.pk, phone=request.user.phone, at=at)
    actors = {one.uscc: queries.as_actor(one, user_id=request.user.pk, label=request.actor.label) for one in held}
    names = {one.uscc: one.name for one in held}
    signed = set(consents.states_of(list(names)))
    rows = [*_runs(request), *_letters(actors, names), *_ending(actors, names, at)]
    rows += [*_applications(actors, names), *_disputes(actors, names), *_demands(actors, names), *_loans(actors, names)]
    rows += _complaints(actors, names)
    return [row for row in rows if row.href or row.uscc in signed]


def _runs(request: Request) -> list[Due]:
    return [
        Due(
            None,
            "",
            chooser.title(run),
            f"没办完的认证授权：{RunState(run.state).label}",
            True,
            href=chooser.place(run),
        )
        for run in queries.open_runs(request.user.pk)
    ]


def _prepares(actor: Actor) -> bool:
    return may(Permission.CONSENT_PREPARE, by=actor, over=actor.house)


def _letters(actors: dict[str, Actor], names: dict[str, str]) -> list[Due]:
    """Letters that were prepared and wait for the legal representative, whose link ends some day."""
    usccs = [uscc for uscc, actor in actors.items() if _prepares(actor)]
    return [
        Due(
            day(letter.prepared_at + timedelta(hours=SIGN_LINK_HOURS)), letter.enterprise_id,
            names[letter.enterprise_id], "授权书等待签署", _is_owner(actors[letter.enterprise_id]),
            to="consent_anew" if _is_owner(actors[letter.enterprise_id]) else "consents",
        )
        for letter in consents.waiting(usccs)
    ]  # fmt: skip


def _ending(actors: dict[str, Actor], names: dict[str, str], at: datetime) -> list[Due]:
    usccs = [uscc for uscc, actor in actors.items() if _prepares(actor)]
    return [
        Due(
            letter.end_on, letter.enterprise_id, names[letter.enterprise_id], "授权书将到期，需要时重新签署", True,
            to="consent_anew",
        )
        for letter in consents.ending(usccs, until=day(at) + EXPIRES_SOON)
    ]  # fmt: skip


def _applications(actors: dict[str, Actor], names: dict[str, str]) -> list[Due]:
    """What waits for the enterprise's answer, for who may follow it; whether this person may give it is said."""
    usccs = [uscc for uscc, actor in actors.items() if may(Permission.APPLICATION_SEE, by=actor, over=actor.house)]
    rows = []
    for one in applications.waiting(usccs):
        words, needs = WAITS[ApplicationState(one.state)]
        due = one.offer_valid_till if one.state == ApplicationState.APPROVED else one.due_on
        mine = may(needs, by=actors[one.uscc], over=actors[one.uscc].house)
        what = f"{words}（{one.institution.name} · {one.version.name}）"
        rows.append(Due(due, one.uscc, names[one.uscc], what, mine, to="application", number=one.number))
    return rows


def _disputes(actors: dict[str, Actor], names: dict[str, str]) -> list[Due]:
    """What a department asked back about a disputed figure."""
    usccs = [uscc for uscc, actor in actors.items() if may(Permission.DISPUTE_RAISE, by=actor, over=actor.house)]
    return [
        Due(
            one.due_on, one.uscc, names[one.uscc], f"数据异议等待补充说明（{one.label}）", True, to="dispute",
            number=one.number,
        )
        for one in disputes.waiting(usccs)
    ]  # fmt: skip


def _demands(actors: dict[str, Actor], names: dict[str, str]) -> list[Due]:
    """Proposals that nobody has looked at."""
    usccs = [uscc for uscc, actor in actors.items() if may(Permission.DEMAND_POST, by=actor, over=actor.house)]
    return [
        Due(
            one.open_until, one.uscc, names[one.uscc], f"融资需求 {one.number} 有新的意向方案", True, to="demand",
            number=one.number,
        )
        for one in demands.unseen(usccs)
    ]  # fmt: skip


def _loans(actors: dict[str, Actor], names: dict[str, str]) -> list[Due]:
    """Later drawdowns whose amount and rate nobody looked at; of the first one the application says so."""
    usccs = [uscc for uscc, actor in actors.items() if may(Permission.APPLICATION_SEE, by=actor, over=actor.house)]
    return [
        Due(
            None, one.uscc, names[one.uscc], f"放款等待核对（{one.institution.name} · {one.line.product_name}）",
            _is_owner(actors[one.uscc]), to="loan", number=one.number,
        )
        for one in loans.waiting(usccs)
    ]  # fmt: skip


def _complaints(actors: dict[str, Actor], names: dict[str, str]) -> list[Due]:
    """Answers that nobody has rated yet."""
    usccs = [uscc for uscc, actor in actors.items() if may(Permission.COMPLAINT_FILE, by=actor, over=actor.house)]
    return [
        Due(
            None, one.uscc, names[one.uscc], f"投诉 {one.number} 已答复，等待评价", True, to="complaint",
            number=one.number,
        )
        for one in oversight.answered_for(usccs)
    ]  # fmt: skip


def _is_owner(actor: Actor) -> bool:
    return Role.ENTERPRISE_OWNER in actor.roles


@signed_in_enterprise_user
@require_http_methods(["POST"])
def enter(request: Request) -> HttpResponse:
    """Act for that enterprise from now on, and go on to one of the listed pages of it."""
    uscc, to, number = (request.POST.get(name, "") for name in ("uscc", "to", "number"))
    place: Any = PAGES.get(to) or NUMBERED.get(to)
    if place is None or (to in NUMBERED and not Code.matches(number)) or uscc not in consents.states_of([uscc]):
        raise NotFound
    enter_enterprise(request, uscc)
    return redirect(place, number=number) if to in NUMBERED else redirect(place)
