"""Targets: figures of the table that are to come to something, in a place or at an institution, and how they stand."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, QuerySet
from django.db.models.aggregates import Count, Sum

from jinfuyun.institutions import queries as institutions
from jinfuyun.kit import period, regions
from jinfuyun.kit.actor import Actor, HouseKind, Role
from jinfuyun.kit.reasons import Reason
from jinfuyun.kit.regions import PROVINCE_CODE
from jinfuyun.supervision.models import Target
from jinfuyun.supervision.queries import months, sources
from jinfuyun.supervision.queries.counting import Span, by_kind, counted, month_span, needs, total_of, values_of
from jinfuyun.supervision.queries.sources import Source
from jinfuyun.supervision.queries.table import BASE, BY_NAME, INDICATORS, Indicator
from jinfuyun.supervision.rules import Moment, Pace, Values, add_up, is_month, pace_of, share_of

# Where rows say whose they are: only figures of these are counted institution by institution.
OF_INSTITUTION: dict[Source, str] = {
    sources.APPLICATIONS: "institution__code",
    sources.OFFERS: "institution__code",
    sources.LOANS: "institution__code",
    sources.PROPOSALS: "party__institution__code",
    sources.RECOMMENDATIONS: "institution__code",
    sources.ANSWERS_DUE: "institution__code",
    sources.GRANTS: "institution__code",
}
LOCAL = tuple(one for one in INDICATORS if one.source.region)


def _sources(name: str) -> set[Source]:
    return {BASE[needed].source for needed in needs(name)}


INSTITUTIONAL = frozenset(
    one.name for one in LOCAL if len(_sources(one.name)) == 1 and _sources(one.name) <= {*OF_INSTITUTION}
)


@dataclass(frozen=True, slots=True)
class Wanted:
    indicator: str
    region_code: str
    institution_code: str
    since: str
    until: str
    goal: int
    at_most: bool = False


@dataclass(frozen=True, slots=True)
class Progress:
    """`share_bp`: the value of the goal; `elapsed_bp`: of the period; `closed`: from closed months, else from rows."""

    target: Target
    indicator: Indicator
    institution: str
    value: int | None
    share_bp: int | None
    elapsed_bp: int
    pace: Pace
    closed: bool


def places(actor: Actor) -> tuple[str, ...]:
    """Codes of the places that a regulator sets targets for: its own and those below it."""
    house = actor.house
    if house is None or house.kind is not HouseKind.REGION or Role.REGULATOR not in actor.roles:
        return ()
    every = (*regions.CITIES, *regions.COUNTIES_IN_FORMS)
    return tuple(dict.fromkeys([house.code, *(one.code for one in every if house.code in (PROVINCE_CODE, one.city))]))


def own(actor: Actor) -> QuerySet[Target]:
    return Target.objects.filter(region_code__in=places(actor))


def why_not(wanted: Wanted, *, by: Actor) -> list[Reason]:
    reasons = []
    if wanted.indicator not in {one.name for one in LOCAL}:
        reasons.append(Reason("indicator", "请选择指标。"))
    if wanted.region_code not in places(by):
        reasons.append(Reason("region_code", "请选择辖内的地区。"))
    if wanted.institution_code and wanted.indicator not in INSTITUTIONAL:
        reasons.append(Reason("institution_code", "这项指标不按机构统计，请选择其他指标或不选机构。"))
    if wanted.institution_code and not institutions.names([wanted.institution_code]):
        reasons.append(Reason("institution_code", "没有这家机构。"))
    if not (is_month(wanted.since) and is_month(wanted.until) and wanted.since <= wanted.until):
        reasons.append(Reason("period", "请选择期间。"))
    if wanted.goal <= 0:
        reasons.append(Reason("goal", "目标值须大于零。"))
    return reasons


def progress(found: Iterable[Target], *, at: datetime) -> list[Progress]:
    """How each stands: as closed months have it, else counted from the rows, once for a period and kind of place."""
    closed, counts, shown = set(months.months()), {}, []
    found = list(found)
    names = institutions.names({one.institution_code for one in found if one.institution_code})
    by_period: dict[tuple[str, str], set[str]] = {}
    for one in found:
        by_period.setdefault((one.since, one.until), set()).add(one.indicator)
    for one in found:
        indicator, span = BY_NAME[one.indicator], _span(one)
        kept = None if one.institution_code else _kept(one, indicator, closed)
        elapsed = _elapsed_bp(span, at)
        value = kept
        if kept is None and elapsed > 0:
            key = (one.since, one.until, one.institution_code and one.indicator, _is_county(one.region_code))
            if key not in counts:
                counts[key] = _counted(one, by_period[one.since, one.until], Span(span.since, min(span.until, at)))
            value = _value(counts[key], one)
        pace = pace_of(value, one.goal, at_most=one.at_most, elapsed_bp=elapsed)
        share, name = share_of(value, one.goal), names.get(one.institution_code, one.institution_code)
        shown.append(Progress(one, indicator, name, value, share, elapsed, pace, kept is not None))
    return shown


def _is_county(code: str) -> bool:
    return code != PROVINCE_CODE and code not in {city.code for city in regions.CITIES}


def _span(one: Target) -> Span:
    return Span(month_span(one.since).since, month_span(one.until).until)


def _elapsed_bp(span: Span, at: datetime) -> int:
    assert span.since is not None, "a period has a first month"
    return max(0, min(10_000, int((at - span.since) / (span.until - span.since) * 10_000)))


def _months_of(one: Target) -> list[str]:
    found = [one.since]
    while found[-1] < one.until:
        found.append(period.shifted(found[-1], 1))
    return found


def _kept(one: Target, indicator: Indicator, closed: set[str]) -> int | None:
    """What stands in closed months: a stock as the last one has it, a flow of several months where months add up."""
    if _is_county(one.region_code) or indicator.moment is Moment.LIVE:
        return None
    asked = [one.until] if indicator.moment is Moment.STOCK else _months_of(one)
    counting = indicator.counted
    adds_up = isinstance(counting, Sum) or (isinstance(counting, Count) and not getattr(counting, "distinct", False))
    if not closed >= set(asked) or (len(asked) > 1 and not adds_up):
        return None
    standing = months.standing(asked, names=[one.indicator], places=[one.region_code])
    values = [cells[one.indicator, one.region_code, True].value for cells in standing.values()]
    return None if None in values or len(values) < len(asked) else sum(value or 0 for value in values)


def _counted(one: Target, names: set[str], span: Span) -> dict[str, dict[str, Values]]:
    """Institution ("": everybody) → place → values; the province's sum under its own code."""
    if one.institution_code:
        [source] = _sources(one.indicator)
        found = by_kind([one.indicator], span, F(OF_INSTITUTION[source]), [])
        return {
            code: {PROVINCE_CODE: values_of(add_up(of.values())), **{p: values_of(c) for p, c in of.items()}}
            for code, of in found.items()
        }
    if _is_county(one.region_code):
        found_here = counted(names, span, place_of=str, places=[county.code for county in regions.COUNTIES])
    else:
        found_here = counted(names, span)
    whole = values_of(total_of(found_here, with_xiamen=True))
    return {"": {PROVINCE_CODE: whole, **{place: values_of(counts) for place, counts in found_here.items()}}}


def _value(counts: dict[str, dict[str, Values]], one: Target) -> int | None:
    """Where an institution has no row at all, what is counted is zero."""
    values = counts.get(one.institution_code, {}).get(one.region_code)
    if values is None:
        return 0 if one.institution_code and one.indicator in BASE else None
    return values[one.indicator]
