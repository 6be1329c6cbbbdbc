"""数据监管: what each feed delivered in a month, how fresh and whole it is, and the reports and loans it served."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from statistics import median
from typing import Any, NamedTuple

from django.db import connection

from jinfuyun.data import door
from jinfuyun.data.door import Contract, Told
from jinfuyun.deliveries.checks import EARLIER_MIN
from jinfuyun.deliveries.models import Switch
from jinfuyun.deliveries.queries import department_of
from jinfuyun.kit import period
from jinfuyun.kit.actor import Actor
from jinfuyun.kit.calendar import local_day
from jinfuyun.kit.permissions import Permission, require
from jinfuyun.supervision.queries.counting import Span, month_span
from jinfuyun.supervision.rules import (
    Count,
    Counts,
    Share,
    Unit,
    Values,
    add_up,
    cell_of,
    is_month,
    is_small,
    punctuality,
    share_of,
)

TOTAL = "total"
MONTHS_OFFERED = 13
BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)  # before the platform


class Figure(NamedTuple):
    """`made`: of two counts; else it is counted itself. `behind`: the count of enterprises behind it."""

    name: str
    label: str
    unit: Unit
    definition: str
    made: Share | None = None
    behind: str = ""


FIGURES = (
    Figure("on_time", "按期送达", Unit.DELIVERY,
           "当月收到、距上一批不超过约定天数的批次；同一天计一批，拒收、撤回和补收的不计。来源：交付台账"),
    Figure("late", "迟到", Unit.DELIVERY, "当月收到、距上一批超过约定天数的批次。来源：交付台账"),
    Figure("missing", "缺送", Unit.DELIVERY,
           "当月内到期而没有收到的批次，迟到的批次补上它前面的一次；部门停送期间不计。来源：交付台账"),
    Figure("timely_share", "更新及时率", Unit.BP, "按期送达 ÷（按期送达 + 迟到 + 缺送）", Share("on_time", "due")),
    Figure("rows", "入库行数", Unit.ROW, "当月收到的批次中通过检查、已入库的行。来源：交付台账"),
    Figure("quarantined", "待更正行数", Unit.ROW, "当月收到的批次中没有通过检查的行，含后来更正的。来源：交付台账"),
    Figure("quarantined_share", "待更正占比", Unit.BP, "待更正行数 ÷ 检查的行数（送达的行减未授权的行）",
           Share("quarantined", "checked")),
    Figure("quality_share", "质量得分", Unit.BP, "通过检查的行数 ÷ 检查的行数；满分 100%", Share("clean", "checked")),
    Figure("refused", "拒收批次", Unit.DELIVERY, "当月因格式等原因整批退回的文件。来源：交付台账"),
    Figure("age_days", "数据陈旧", Unit.DAY,
           "统计时刻距数据所载最后一天的天数；部门和合计取最陈旧的一类。来源：交付台账"),
    Figure("overdue_days", "逾期未送", Unit.DAY, "统计时刻已超过约定天数多少天没有收到；取最久的一类。来源：交付台账"),
    Figure("usual_share", "行数与往常之比", Unit.BP,
           "最近一个整批文件的行数 ÷ 此前五批的中位数；不足三批不计算。来源：交付台账"),
    Figure("coverage_share", "企业覆盖率", Unit.BP,
           "有这一类数据的企业 ÷ 授权书包含这一类数据且生效的企业；只有实时的。来源：授权名单、企业数据",
           Share("documents", "authorised")),
    Figure("collected_share", "数据归集率", Unit.BP, "至统计时刻已有数据入库的数据种类 ÷ 约定归集的数据种类",
           Share("collected", "promised")),
    Figure("reports", "用于报告", Unit.READING, "当月金融机构查询的信用报告中，用到这一类数据的。来源：封存的报告",
           behind="readers"),
    Figure("loans", "助成放款", Unit.APPLICATION,
           "当月放款中，放款前机构因这笔申请查询的报告用到这一类数据的；冲正和企业有异议的不计，一笔放款可用多类数据。"
           "来源：借据、封存的报告", behind="helped"),
    Figure("helped", "获贷企业", Unit.ENTERPRISE, "上述放款涉及的企业，一户只计一次", behind="helped"),
    Figure("loans_fen", "助成放款金额", Unit.FEN, "上述放款的金额合计", behind="helped"),
)  # fmt: skip
BY_NAME = {one.name: one for one in FIGURES}
STOCKS = frozenset({"age_days", "overdue_days", "usual_share", "coverage_share", "collected_share"})
SUMMED = (
    "on_time", "late", "missing", "due", "rows", "quarantined", "checked", "clean", "refused", "collected", "promised"
)  # fmt: skip


class Line(NamedTuple):
    """One feed, one department, or all of it."""

    code: str
    label: str
    department: str
    counts: Counts
    values: Values


@dataclass(frozen=True, slots=True)
class Supply:
    month: str
    feeds: tuple[Line, ...]
    departments: tuple[Line, ...]
    total: Line


class Help(NamedTuple):
    """What a department's data came to since the platform began; None: too few to be told."""

    enterprises: int | None
    amount_fen: int | None


def months_offered(at: datetime) -> list[str]:
    this = period.month_of(local_day(at))
    return [period.shifted(this, -back) for back in range(MONTHS_OFFERED)]


def month_asked(asked: str, at: datetime) -> str:
    """The month, or the one that is running where it is none or has not begun."""
    this = period.month_of(local_day(at))
    return asked if is_month(asked) and asked <= this else this


def supply(*, month: str, visible_to: Actor, at: datetime) -> Supply:
    """Every department's. Feeds belong to no region: a city's regulator sees the same."""
    require(Permission.STATISTICS_READ, by=visible_to, over=visible_to.house)
    return _supply(list(door.DEPARTMENT_LABELS), month, at)


def own(*, month: str, visible_to: Actor, at: datetime) -> tuple[Supply, Help]:
    """The actor's department's, without small cells; and what its data came to. Raises NotFound."""
    code = department_of(visible_to)
    found = _supply([code], month, at)
    names = {one.feed: TOTAL for one in door.contracts(code)}
    uses = _loans(list(names.items()), Span(BEGINNING, at + timedelta(days=1))).get(TOTAL, {})
    helped = uses.get("helped", 0)
    told = Help(None, None) if is_small(helped) else Help(helped, uses.get("loans_fen", 0))
    shown = [without_small_cells(line) for line in found.feeds]
    departments = [without_small_cells(line) for line in found.departments]
    return Supply(month, tuple(shown), tuple(departments), without_small_cells(found.total)), told


def without_small_cells(line: Line) -> Line:
    hidden = {one.name for one in FIGURES if one.behind and is_small(_whole(line.counts.get(one.behind)))}
    return line._replace(values={name: None if name in hidden else value for name, value in line.values.items()})


def values_by_feed(span: Span, *, at: datetime) -> list[Line]:
    """Every feed's figures of a span, for rules that watch them."""
    contracts = _contracts(list(door.DEPARTMENT_LABELS))
    counts = _counts(contracts, span, at)
    return [_line(one.feed, one.label, one.department, counts[one.feed]) for one in contracts]


def _supply(departments: Sequence[str], month: str, at: datetime) -> Supply:
    contracts = _contracts(departments)
    counts = _counts(contracts, month_span(month), at)
    return Supply(
        month,
        tuple(_line(one.feed, one.label, one.department, counts[one.feed]) for one in contracts),
        tuple(_line(code, door.DEPARTMENT_LABELS[code], code, counts[_of(code)]) for code in departments),
        _line(TOTAL, "合计", "", counts[TOTAL]),
    )


def _contracts(departments: Iterable[str]) -> list[Contract]:
    return [one for code in departments for one in door.contracts(code)]


def _of(department: str) -> str:
    return f"department:{department}"


def _line(code: str, label: str, department: str, counts: Counts) -> Line:
    values = {one.name: cell_of(one.made, counts).value if one.made else _whole(counts[one.name]) for one in FIGURES}
    return Line(code, label, department, counts, values)


def _whole(count: Count | None) -> int | None:
    assert not isinstance(count, list), "nothing here is a list"
    return count


def _counts(contracts: Sequence[Contract], span: Span, at: datetime) -> dict[str, Counts]:
    """By feed, by department and in all: what figures are made of."""
    assert span.since is not None, "deliveries are told of within a span"
    groups = [(one.feed, name) for one in contracts for name in (one.feed, _of(one.department), TOTAL)]
    told, first = door.told(since=span.since, until=span.until), door.first_received()
    stops = dict(Switch.objects.filter(stopped_at__isnull=False).values_list("feed", "stopped_at"))
    now = min(span.until, at)
    span_of = {one.feed: span._replace(until=min(now, stops.get(one.feed) or now)) for one in contracts}
    by_feed = {one.feed: _delivered(one, told.get(one.feed), first, span_of[one.feed], now) for one in contracts}
    covered = door.covered(at=at) if span.until > at else {}
    reports, loans = _reports(groups, span), _loans(groups, span)
    none = {"reports": 0, "readers": 0, "loans": 0, "helped": 0, "loans_fen": 0}
    found: dict[str, Counts] = {}
    for name in dict.fromkeys(name for _, name in groups):
        feeds = [feed for feed, of in groups if of == name]
        categories = {door.FEED_CATEGORIES[feed] for feed in feeds} & covered.keys()
        pairs = [covered[category] for category in categories if category]
        of_people = {"documents": sum(one for one, _ in pairs), "authorised": sum(all_ for _, all_ in pairs)}
        delivered = _summed([by_feed[feed] for feed in feeds])
        used = none | reports.get(name, {}) | loans.get(name, {})
        found[name] = {**delivered, **used, **(of_people if pairs else {})}
    return found


def _delivered(one: Contract, told: Told | None, first: datetime | None, span: Span, now: datetime) -> Counts:
    """What the ledger says of one feed. Deadlines run within `span`, which ends where its department stopped it; those
    of a feed that never came run since the platform received anything."""
    assert span.since is not None
    limit = timedelta(days=one.lateness_days)
    days = {local_day(came): came for came in reversed(told.arrivals)} if told else {}
    arrivals = sorted(days.values())
    last = (told.before if told else None) or (min(first, arrivals[0]) if first and arrivals else first)
    came = punctuality(last, arrivals, limit=limit, since=span.since, until=span.until) if last else (0, 0, 0)
    newest = arrivals[-1] if arrivals else last
    usual = median(told.newest[1:]) if told and len(told.newest) > EARLIER_MIN else 0
    checked = told.delivered - told.unauthorised if told else 0
    return {
        "on_time": came[0], "late": came[1], "missing": came[2], "due": sum(came),
        "rows": told.accepted if told else 0, "quarantined": told.quarantined if told else 0,
        "checked": checked, "clean": checked - told.quarantined if told else 0,
        "refused": told.refused if told else 0, "collected": int(bool(told and told.covers_until)), "promised": 1,
        "age_days": max(0, (local_day(now) - told.covers_until).days) if told and told.covers_until else None,
        "overdue_days": max(0, (span.until - newest - limit).days) if newest else None,
        "usual_share": share_of(told.newest[0], round(usual)) if told and usual else None,
    }  # fmt: skip


def _summed(counts: Sequence[Counts]) -> Counts:
    """Of several feeds: sums, and the worst of what cannot be added."""
    found: dict[str, Count | None] = add_up({name: one[name] for name in SUMMED} for one in counts)
    for name in ("age_days", "overdue_days"):
        found[name] = max((days for one in counts if isinstance(days := one[name], int)), default=None)
    return {**found, "usual_share": counts[0]["usual_share"] if len(counts) == 1 else None}


GROUPS = "JOIN unnest(%(feeds)s::text[], %(names)s::text[]) AS g (feed, name) ON g.feed = u.feed"


def _reports(groups: Sequence[tuple[str, str]], span: Span) -> dict[str, dict[str, int]]:
    """Reports that institutions opened, by whose data they rest on."""
    rows = _asked(
        "SELECT g.name, count(DISTINCT r.id), count(DISTINCT r.enterprise_id) FROM reports_report r"
        f" CROSS JOIN LATERAL unnest(r.feeds) AS u (feed) {GROUPS} WHERE r.reader_kind = 'institution'"
        " AND r.made_at >= %(since)s AND r.made_at < %(until)s GROUP BY g.name",
        groups, {"since": span.since, "until": span.until},
    )  # fmt: skip
    return {name: {"reports": reports, "readers": readers} for name, reports, readers in rows}


def _loans(groups: Sequence[tuple[str, str]], span: Span) -> dict[str, dict[str, int]]:
    """Drawdowns whose institution had read a report because of that very application, by whose data it rested on."""
    assert span.since is not None
    rows = _asked(
        "SELECT name, count(*), count(DISTINCT uscc), sum(amount_fen)::bigint FROM ("
        " SELECT DISTINCT g.name, l.id, l.uscc, l.amount_fen FROM loan l"
        " JOIN loan_line i ON i.id = l.line_id JOIN application a ON a.id = i.application_id"
        " JOIN institution h ON h.id = l.institution_id"
        " JOIN reports_report r ON r.reader_code = h.code AND r.because = a.number AND r.reader_kind = 'institution'"
        " AND (r.made_at AT TIME ZONE 'Asia/Shanghai')::date <= l.drawn_on"
        f" CROSS JOIN LATERAL unnest(r.feeds) AS u (feed) {GROUPS} WHERE l.state <> 'reversed'"
        " AND l.answer <> 'disputed' AND l.drawn_on >= %(since)s AND l.drawn_on < %(until)s) AS served GROUP BY name",
        groups, {"since": local_day(span.since), "until": local_day(span.until)},
    )  # fmt: skip
    return {name: {"loans": loans, "helped": helped, "loans_fen": fen} for name, loans, helped, fen in rows}


def _asked(sql: str, groups: Sequence[tuple[str, str]], edges: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, {"feeds": [feed for feed, _ in groups], "names": [name for _, name in groups], **edges})
        return cursor.fetchall()
