"""What stands: results with their corrections, who comes before whom, what is public, and appeals with their clocks."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from django.db.models import QuerySet

from jinfuyun.evaluation.models import Appeal, Publication, Result, Round
from jinfuyun.evaluation.queries import schemes
from jinfuyun.evaluation.queries.reckoning import Peer, Reckoned, reckon, span_of
from jinfuyun.evaluation.rules import (
    ANSWER_WORKING_DAYS,
    APPEAL_WORKING_DAYS,
    Figure,
    Mark,
    Scheme,
    mark,
    median,
    ranks,
)
from jinfuyun.kit.actor import Actor, HouseKind, Role
from jinfuyun.kit.calendar import Due, due_after, local_day
from jinfuyun.kit.errors import NotFound
from jinfuyun.supervision.queries import BY_NAME
from jinfuyun.supervision.queries.counting import Behind, rows_behind
from jinfuyun.supervision.queries.sources import Source
from jinfuyun.supervision.rules import SMALL_CELL, Cell
from jinfuyun.workdays import queries as workdays


@dataclass(frozen=True, slots=True)
class Line:
    """One institution among its peers. `rank` None: no total."""

    rank: int | None
    result: Result

    @property
    def marks(self) -> list[Mark]:
        return [Mark(**each) for each in self.result.marks]


class Ranking(NamedTuple):
    """A group of peers, the best first, those without a total last."""

    group: str
    lines: tuple[Line, ...]

    @property
    def is_public(self) -> bool:
        """So many with a total that a place says nothing about a particular other one."""
        return sum(line.rank is not None for line in self.lines) >= SMALL_CELL

    def medians(self) -> dict[str, int | None]:
        """By indicator, over the peers for whom it counts."""
        found: dict[str, list[int | None]] = {}
        for line in self.lines:
            for one in line.marks:
                found.setdefault(one.indicator, []).append(None if one.why else one.value)
        return {name: median(values) for name, values in found.items()}


def rounds(period: str = "") -> list[Round]:
    """The newest period first, in each what was first."""
    found = Round.objects.order_by("-period", "nth")
    return list(found.filter(period=period) if period else found)


def standing(period: str) -> dict[str, Result]:
    """By institution: its last result."""
    rows = Result.objects.filter(round__period=period).select_related("round").order_by("round__nth")
    return {row.institution_code: row for row in rows}


def rankings(period: str) -> list[Ranking]:
    """Raises NotFound where nothing was evaluated."""
    found = standing(period)
    if not found:
        raise NotFound
    return ranked(found.values())


def ranked(results: Iterable[Result]) -> list[Ranking]:
    """In the order in which the groups come first."""
    groups: dict[str, list[Result]] = {}
    for each in results:
        groups.setdefault(each.peers, []).append(each)
    made = []
    for group, members in groups.items():
        places = ranks({one.institution_code: one.total for one in members})
        lines = [Line(places.get(one.institution_code), one) for one in members]
        made.append(Ranking(group, tuple(sorted(lines, key=lambda line: (line.rank is None, line.rank or 0)))))
    return made


def simulated(made: Iterable[Reckoned]) -> list[Ranking]:
    """Of what is stored nowhere."""
    return ranked(result_of(one) for one in made)


def result_of(one: Reckoned, round: Round | None = None) -> Result:
    """Not saved."""
    return Result(
        round=round, institution_code=one.peer.code, institution_name=one.peer.name, peers=one.peer.group,
        marks=one.marks, total=one.marked.total,
    )  # fmt: skip


def line_of(period: str, code: str) -> tuple[Line, Ranking]:
    """One institution's and its peers'. Raises NotFound."""
    for ranking in rankings(period):
        for line in ranking.lines:
            if line.result.institution_code == code:
                return line, ranking
    raise NotFound


def earlier(result: Result) -> list[Result]:
    """What stood before it, the first first."""
    found = Result.objects.filter(
        round__period=result.round.period, round__nth__lt=result.round.nth, institution_code=result.institution_code
    )
    return list(found.select_related("round").order_by("round__nth"))


def own_periods(actor: Actor) -> list[str]:
    """Those in which the actor's institution was evaluated, the newest first."""
    code = actor.house.code if actor.house else ""
    found = Result.objects.filter(institution_code=code, round__nth=0).order_by("-round__made_at", "-round__period")
    return list(found.values_list("round__period", flat=True))


def changed_definitions(round: Round) -> list[tuple[str, int, int | None]]:
    """Label, version then, version now (None: no longer counted), where they differ."""
    now = {name: BY_NAME[name].version if name in BY_NAME else None for name in round.versions}
    return [
        (BY_NAME[name].label if name in BY_NAME else name, was, now[name])
        for name, was in round.versions.items() if was != now[name]
    ]  # fmt: skip


def behind(result: Result, indicator: str) -> list[tuple[Source, list[Behind]]]:
    """The institution's rows behind one figure, as they are now. Raises NotFound."""
    if indicator not in {one["indicator"] for one in result.marks} or indicator not in BY_NAME:
        raise NotFound
    return rows_behind(indicator, span_of(result.round.period), code=result.institution_code)


def again(period: str, only: str = "") -> list[Reckoned]:
    """What counting again by the same scheme changes, of all or of one institution; what appeals set aside stays so.

    Raises NotFound, Refused.
    """
    stood = standing(period)
    if not stood:
        raise NotFound
    peers = [_peer(one) for one in stood.values() if only in ("", one.institution_code)]
    left_out = {code: _aside(one) for code, one in stood.items()}
    made = reckon(_scheme_of(period), period, peers, left_out)
    return [one for one in made if one.marks != stood[one.peer.code].marks]


def without(result: Result, indicator: str) -> Reckoned:
    """The very same figures, that item left out. Raises Refused."""
    figures = {
        one["indicator"]: Figure(Cell(one["value"], one["numerator"], one["denominator"]), one["sample"])
        for one in result.marks
    }
    marked = mark(_scheme_of(result.round.period), figures, {*_aside(result), indicator})
    return Reckoned(_peer(result), marked)


def _scheme_of(period: str) -> Scheme:
    first = rounds(period)[0]
    return schemes.unchanged(first.scheme, first.scheme_digest)


def _peer(result: Result) -> Peer:
    return Peer(result.institution_code, result.institution_name, result.peers)


def _aside(result: Result) -> set[str]:
    return {one["indicator"] for one in result.marks if one["why"] == "aside"}


# -- what is public ---------------------------------------------------------------------------------------------------


def publications(periods: Iterable[str]) -> dict[str, Publication]:
    """The last word on each."""
    rows = Publication.objects.filter(period__in=list(periods)).order_by("pk")
    return {row.period: row for row in rows}


def public_periods() -> list[str]:
    last = publications(Publication.objects.values_list("period", flat=True))
    return sorted((period for period, row in last.items() if row.is_public), reverse=True)


# -- appeals ----------------------------------------------------------------------------------------------------------


def visible(actor: Actor) -> QuerySet[Appeal]:
    """An institution's own; a regulator's all."""
    found = Appeal.objects.select_related("result__round")
    if actor.house is not None and actor.house.kind is HouseKind.INSTITUTION:
        return found.filter(result__institution_code=actor.house.code)
    return found if Role.REGULATOR in actor.roles else found.none()


def appeals(actor: Actor) -> list[Appeal]:
    """What waits first, longest first; then what was answered, the last first."""
    waiting = visible(actor).filter(answered_at=None).order_by("raised_at")
    return [*waiting, *visible(actor).filter(answered_at__isnull=False).order_by("-answered_at")]


def waiting_count(actor: Actor) -> int:
    return visible(actor).filter(answered_at=None).count()


def appeal(number: str, *, visible_to: Actor) -> Appeal:
    """Raises NotFound."""
    found = visible(visible_to).filter(number=number).first()
    if found is None:
        raise NotFound("没有这件申诉。")
    return found


def appeals_in(period: str, *, visible_to: Actor) -> list[Appeal]:
    return list(visible(visible_to).filter(result__round__period=period).order_by("raised_at"))


def appeal_until(result: Result) -> Due:
    """The last day for it; by the calendar as it is known now, so that a later notice sets it right."""
    return due_after(local_day(result.round.made_at), APPEAL_WORKING_DAYS, workdays.notices())


def answer_until(raised_at: datetime) -> Due:
    return due_after(local_day(raised_at), ANSWER_WORKING_DAYS, workdays.notices())


def late(*, today: date) -> list[Appeal]:
    """Not answered in time."""
    waiting = Appeal.objects.filter(answered_at=None).select_related("result__round").order_by("raised_at")
    return [one for one in waiting if answer_until(one.raised_at).day < today]
