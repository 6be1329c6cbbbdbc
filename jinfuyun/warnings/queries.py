"""Which rules are in force, which subjects break them, and whose warnings a regulator sees."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from django.contrib.postgres.aggregates import ArrayAgg
from django.db import connection
from django.db.models import Case, Count, Q, QuerySet, When

from jinfuyun.accounts import queries as accounts
from jinfuyun.accounts.models import User
from jinfuyun.institutions.models import Institution
from jinfuyun.institutions.rules import State as InstitutionState
from jinfuyun.kit import regions
from jinfuyun.kit.actor import Actor, House, HouseKind, Role
from jinfuyun.kit.calendar import SHANGHAI, local_day
from jinfuyun.kit.errors import NotFound, Refused
from jinfuyun.kit.regions import PROVINCE_CODE
from jinfuyun.supervision.queries import BY_NAME, PARTS, feeds
from jinfuyun.supervision.queries.counting import (
    Span,
    by_institution,
    cells_of,
    counted,
    is_told_apart,
    total_of,
)
from jinfuyun.supervision.queries.table import BASE, DERIVED
from jinfuyun.supervision.rules import Counts, Moment, Share, Unit, share_of
from jinfuyun.warnings.content import read_rules
from jinfuyun.warnings.models import EarlyWarning
from jinfuyun.warnings.rules import OPEN, Rule, Scope, Seen, Severity, is_broken, limit_of, text_of

WATCHING_LOCK = 20281128  # any number that nothing else locks
FOLDER = Path(__file__).parent / "dated"
PART_LABELS = {part.name: part.label for part in PARTS}


class Finding(NamedTuple):
    """A subject whose figure breaks a rule. `region_code`: the city it belongs to, or the province."""

    subject: str
    label: str
    region_code: str
    seen: Seen
    bound: int
    text: str


def is_known(scope: Scope, name: str, is_part: bool) -> bool:
    """Whether a figure of that name can be counted for such subjects; what is part of a share must be a plain count."""
    if scope is Scope.FEED:
        one = feeds.BY_NAME.get(name)
        return one is not None and not (is_part and one.made)
    is_count = name in BASE and not isinstance(BASE[name].counted, ArrayAgg)
    known = is_count or (name in BY_NAME and not is_part)
    return known and (scope is not Scope.INSTITUTION or is_told_apart(name))


RULES: tuple[tuple[Rule, ...], ...] = tuple(
    sorted((read_rules(path, is_known) for path in FOLDER.glob("*.yaml")), key=lambda rules: rules[0].valid_from)
)
for before, after in pairwise(RULES):
    if before[0].valid_from == after[0].valid_from:
        raise Refused(f"有两个预警规则文件都自 {before[0].valid_from} 起生效，只能有一个。")


def in_force(day: date, rules: Sequence[tuple[Rule, ...]] = RULES) -> tuple[Rule, ...]:
    """Those of the newest file that is valid on that day."""
    return next((each for each in reversed(rules) if each[0].valid_from <= day), ())


def unit_of(rule: Rule) -> Unit:
    if rule.of:
        return Unit.BP
    if rule.scope is Scope.FEED:
        return feeds.BY_NAME[rule.figure].unit
    return BY_NAME[rule.figure].unit if rule.figure in BY_NAME else Unit.APPLICATION


def broken(rule: Rule, *, at: datetime) -> list[Finding]:
    """Subjects that break it, by the days that are over at `at`."""
    until = datetime.combine(local_day(at), time(), SHANGHAI)
    spans = [
        Span(until - (n + 1) * timedelta(days=rule.days), until - n * timedelta(days=rule.days))
        for n in range(rule.usual + 1)
    ]
    now, *before = [_figures(rule, span, at) for span in spans]
    found = []
    for subject, (label, region, seen) in now.items():
        earlier = tuple(past[subject][2].value or 0 for past in before if subject in past)
        seen = seen._replace(earlier=earlier)
        limit = limit_of(rule, seen)
        if limit is not None and is_broken(rule, seen):
            text = text_of(rule, seen, unit_of(rule), figure_label(rule), span_words(rule))
            found.append(Finding(subject, label, region, seen, limit, text))
    return found


Figures = Mapping[str, tuple[str, str, Seen]]  # subject → label, region, figure


def _figures(rule: Rule, span: Span, at: datetime) -> Figures:
    if rule.scope is Scope.FEED:
        return {
            line.code: (line.label, PROVINCE_CODE, _seen(rule, line.counts, line.values))
            for line in feeds.values_by_feed(span, at=at)
        }
    names = [rule.figure, *filter(None, [_sample(rule)])]
    if rule.scope is Scope.INSTITUTION:
        houses = {one.code: one for one in Institution.objects.filter(state=InstitutionState.ACTIVE)}
        counts = by_institution(names, span, houses)
        return {
            code: (one.name, _city(one.region_code), _seen(rule, counts[code])) for code, one in houses.items()
        }  # fmt: skip
    cities = counted(names, span)
    if rule.scope is Scope.PROVINCE:
        province = total_of(cities, with_xiamen=True)
        return {PROVINCE_CODE: (regions.PROVINCE.name, PROVINCE_CODE, _seen(rule, province))}
    return {city.code: (city.name, city.code, _seen(rule, cities[city.code])) for city in regions.CITIES}


def _sample(rule: Rule) -> str:
    """How many rows stand behind the figure: the whole of a share, where that is rows, or what the table says."""
    made = DERIVED.get(rule.figure)
    if isinstance(made, Share) and isinstance(BASE[made.whole].counted, Count):
        return made.whole
    return rule.of or (BY_NAME[rule.figure].behind if rule.figure in BY_NAME else rule.figure)


def _seen(rule: Rule, counts: Counts, values: Mapping[str, int | None] | None = None) -> Seen:
    values = values or {name: cell.value for name, cell in cells_of(counts).items()}
    sample = _count(counts, "checked" if rule.scope is Scope.FEED else _sample(rule))
    if rule.of:
        return Seen(share_of(_count(counts, rule.figure), _count(counts, rule.of)), sample)
    return Seen(values[rule.figure] if rule.figure in values else _count(counts, rule.figure), sample)


def _count(counts: Counts, name: str) -> int | None:
    count = counts.get(name)
    return count if isinstance(count, int) else None


def _city(code: str) -> str:
    city = regions.city_of(code)
    return city.code if city else PROVINCE_CODE


def figure_label(rule: Rule) -> str:
    """What the rule looks at, in words."""
    labels = {name: one.label for name, one in (feeds.BY_NAME if rule.scope is Scope.FEED else BY_NAME).items()}
    names = [(PART_LABELS | labels)[name] for name in (rule.figure, rule.of) if name]
    return " ÷ ".join(names)


def figures_of(warning: EarlyWarning) -> str:
    """Names of the figures that it is about, by the rule that raised it."""
    rules = (rule for file in RULES for rule in file)
    rule = next((one for one in rules if (one.code, one.valid_from) == (warning.rule, warning.valid_from)), None)
    return " ".join(filter(None, (rule.figure, rule.of))) if rule else ""


def span_words(rule: Rule) -> str:
    """Over which days; a stock is as it stands."""
    if rule.scope is Scope.FEED:
        is_stock = rule.figure in feeds.STOCKS
    else:
        is_stock = rule.figure in BY_NAME and BY_NAME[rule.figure].moment is Moment.STOCK
    return "当前" if is_stock else f"近 {rule.days} 天"


# -- warnings --------------------------------------------------------------------------------------------------------


def visible(actor: Actor) -> QuerySet[EarlyWarning]:
    """The province's regulators see every one, a city's those about what belongs to the city."""
    if Role.PLATFORM in actor.roles:
        return EarlyWarning.objects.all()
    if actor.house is None or actor.house.kind is not HouseKind.REGION or Role.REGULATOR not in actor.roles:
        return EarlyWarning.objects.none()
    found = EarlyWarning.objects.all()
    return found if actor.house.code == PROVINCE_CODE else found.filter(region_code=actor.house.code)


def warning(number: str, *, visible_to: Actor) -> EarlyWarning:
    """Raises NotFound."""
    found = visible(visible_to).filter(number=number).first()
    if found is None:
        raise NotFound("没有这条预警。")
    return found


class Filters(NamedTuple):
    """What somebody looks for; empty: all."""

    state: str = ""
    severity: str = ""
    scope: str = ""
    rule: str = ""


def listing(actor: Actor, asked: Filters) -> QuerySet[EarlyWarning]:
    """`state` may be "open". Those that are open first, the grave before the slight, the first due before the later."""
    states = {"": Q(), "open": Q(state__in=OPEN)}.get(asked.state, Q(state=asked.state))
    rest = {name: value for name, value in asked._asdict().items() if value and name != "state"}
    weight = Case(*(When(severity=one, then=n) for n, one in enumerate(Severity)))
    is_over = Case(When(state__in=OPEN, then=0), default=1)
    return visible(actor).filter(states, **rest).order_by(is_over, weight, "due_on", "number")


def new_count(actor: Actor) -> int:
    return visible(actor).filter(state="new").count()


def take_watching_lock() -> None:
    """Of two runs at once the second waits and finds what the first raised; the lock ends with the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [WATCHING_LOCK])


def current(rule: str) -> dict[str, EarlyWarning]:
    """By subject: the warning of a cause that is there, or that went away while its warning is still open."""
    found = EarlyWarning.objects.filter(Q(gone_at=None) | Q(state__in=OPEN), rule=rule)
    return {one.subject: one for one in found.order_by("raised_at")}


def colleagues(warning: EarlyWarning) -> list[User]:
    """Who may see to it: regulators of the province and of the city it belongs to."""
    codes = dict.fromkeys([warning.owner_region, warning.region_code, PROVINCE_CODE])
    return [person for code in codes for person in regulators_of(House(HouseKind.REGION, code))]


def regulators_of(house: House) -> list[User]:
    return [one for one in accounts.staff_of(house) if accounts.is_open(one) and Role.REGULATOR in one.roles]
