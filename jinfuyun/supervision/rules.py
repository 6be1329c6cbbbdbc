"""What a figure is made of, and the arithmetic between figures. No database."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, NamedTuple

from jinfuyun.kit import period

# A public figure about fewer than this many enterprises could point at one of them.
SMALL_CELL = 5
WHY_LENGTH = (4, 200)
_MONTH = re.compile(r"20\d\d-(0[1-9]|1[0-2])", re.ASCII)


class Unit(StrEnum):
    """What a figure counts. Money is fen and shares are basis points; doors write them as people read them."""

    ACCOUNT = "个"
    ENTERPRISE = "户"
    INSTITUTION = "家"
    PRODUCT = "款"
    APPLICATION = "笔"
    READING = "次"
    CASE = "件"
    POINT = "个基点"
    DELIVERY = "批"
    ROW = "行"
    DAY = "天"
    MINUTE = "minute"
    FEN = "fen"
    BP = "bp"


class Group(StrEnum):
    """In the order of pages and files."""

    ENTERPRISES = "企业"
    MARKET = "机构与产品"
    APPLICATIONS = "申请与批复"
    LOANS = "放款"
    KINDS = "首贷与信用贷"
    RATES = "利率"
    CLOCKS = "办理时限"
    DEMANDS = "融资需求"
    COORDINATION = "融资协调"
    STRUCTURE = "投向、期限与续贷"
    TIMES = "办理时长"
    REFUSALS = "拒绝原因"
    RISK = "贷后"
    READINGS = "报告查询"
    VOICE = "异议、询问与投诉"


class Moment(StrEnum):
    """The time rule of a figure."""

    STOCK = "统计时刻的存量"
    FLOW = "发生额"
    LIVE = "只有实时的存量，不入月度"


@dataclass(frozen=True, slots=True)
class Share:
    """One figure of the table in another: as basis points, or with scale 1 as it is."""

    part: str
    whole: str
    scale: int = 10_000


@dataclass(frozen=True, slots=True)
class Mean:
    """Of a list of whole numbers."""

    part: str


@dataclass(frozen=True, slots=True)
class Middle:
    """The median of a list of whole numbers."""

    part: str


class Cell(NamedTuple):
    """A figure and what it was made of; a plain count is its own numerator."""

    value: int | None
    numerator: int | None
    denominator: int | None = None


Count = int | list[int]
Counts = Mapping[str, Count | None]
Values = Mapping[str, int | None]
UNKNOWN = Cell(None, None)


def share_of(part: int | None, whole: int | None, scale: int = 10_000) -> int | None:
    """Rounded half up; of nothing there is no share."""
    if part is None or not whole:
        return None
    return (2 * part * scale + whole) // (2 * whole)


def cell_of(made: Share | Mean | Middle, counts: Counts) -> Cell:
    """One derived figure from what was counted."""
    part = counts.get(made.part)
    if isinstance(made, Share):
        whole = counts.get(made.whole)
        assert not isinstance(part, list) and not isinstance(whole, list), "a share is of two numbers"
        return Cell(share_of(part, whole, made.scale), part, whole)
    if not part:
        return UNKNOWN if part is None else Cell(None, 0, 0)
    assert isinstance(part, list), "a mean is of a list"
    if isinstance(made, Mean):
        return Cell(share_of(sum(part), len(part), 1), sum(part), len(part))
    ordered = sorted(part)
    pair = ordered[(len(part) - 1) // 2] + ordered[len(part) // 2]
    return Cell(share_of(pair, 2, 1), None, len(part))


def add_up(rows: Iterable[Counts]) -> dict[str, Count | None]:
    """Sums (of lists: one behind the other) by name; what no row knows stays unknown."""
    total: dict[str, Any] = {}
    for row in rows:
        for name, value in row.items():
            before = total.get(name)
            total[name] = before if value is None else value if before is None else before + value
    return total


def is_small(count: int | None) -> bool:
    """Whether so few stand behind a figure that it must not be public; none at all points at nobody."""
    return count is not None and 0 < count < SMALL_CELL


Table = list[list[int]]


def with_sums(inner: Table) -> Table:
    """A column and a row more: what each row and each column comes to."""
    rows = [[*row, sum(row)] for row in inner]
    return [*rows, [sum(column) for column in zip(*rows, strict=True)]]


Place = tuple[int, int]


def hidden(table: Table) -> set[Place]:
    """Cells of a table of counts that may not be published: the last row and the last column are its sums.

    Small cells, and in each line so many more, the smallest first, that no sum less the cells shown gives away a
    small one: a line that hides anything hides two cells at least, and together no small number. The same holds for
    a reader who knows one column whole, as a city's regulator its own city's.
    """
    rows, columns = len(table), len(table[0])
    found = {(r, c) for r in range(rows) for c in range(columns) if is_small(table[r][c])}
    lines = [[(r, c) for c in range(columns)] for r in range(rows)]
    lines += [[(r, c) for r in range(rows)] for c in range(columns)]
    while True:
        more = next(filter(None, (_one_more(table, line, found) for line in lines)), None)
        if more is None:
            lone = [line for r, c in _given_away(table, found) for line in (lines[r], lines[rows + c])]
            more = next(filter(None, (_smallest(table, line, found) for line in lone)), None)
        if more is None:
            return found
        found.add(more)


def without(gone: set[Place], columns: list[int], last: int) -> set[Place]:
    """The same for a table of only these columns and a sum of its own, when the whole one is published too.

    A sum of fewer columns than all stands beside the whole sum: it is shown where every column left out is shown.
    """
    left_out = [c for c in range(last + 1) if c not in columns]
    kept = {(r, columns.index(c)) for r, c in gone if c in columns}
    return kept | {(r, len(columns)) for r, c in gone if c in left_out}


def _one_more(table: Table, line: list[Place], found: set[Place]) -> Place | None:
    """The cell that must be hidden next in a line, if any must and one is left."""
    gone, total = [cell for cell in line if cell in found], line[-1]
    is_row = line[0][0] == total[0]
    for known in (None, *(cell for cell in gone if is_row and cell != total)):
        rest = [cell for cell in gone if cell != known]
        if known and not any(is_small(table[r][c]) for r, c in rest if (r, c) != total):
            continue
        inner = sum(table[r][c] for r, c in rest if (r, c) != total)
        if rest and not (len(rest) > 1 and (total in rest or inner >= SMALL_CELL)):
            return _smallest(table, line, found)
    return None


def _smallest(table: Table, line: list[Place], found: set[Place]) -> Place | None:
    """Of what a line still shows, the sum last; a zero hides nothing."""
    shown = [(r, c) for r, c in line if (r, c) not in found and table[r][c]]
    return min(shown, key=lambda cell: (cell == line[-1], table[cell[0]][cell[1]]), default=None)


def _given_away(table: Table, found: set[Place]) -> Iterable[Place]:
    """Cells that sums together determine: for everybody, and small ones of other columns for who knows one."""
    yield from sorted(_bridges(found))
    last = len(table[0]) - 1
    for known in range(last):
        rest = {cell for cell in found if cell[1] != known}
        yield from (cell for cell in sorted(_bridges(rest)) if cell[1] != last and is_small(table[cell[0]][cell[1]]))


def _bridges(cells: set[Place]) -> set[Place]:
    """Cells that are the only way between their row and their column, each cell a way between the two."""
    ways: dict[tuple[str, int], list[tuple[Place, tuple[str, int]]]] = {}
    for cell in cells:
        row, column = ("row", cell[0]), ("column", cell[1])
        ways.setdefault(row, []).append((cell, column))
        ways.setdefault(column, []).append((cell, row))
    seen: dict[tuple[str, int], int] = {}
    found: set[Place] = set()

    def reached(node: tuple[str, int], by: Place | None) -> int:
        """The earliest node that is reached from here without going back by the same cell."""
        first = seen[node] = len(seen)
        for cell, other in ways[node]:
            if cell == by:
                continue
            if other in seen:
                first = min(first, seen[other])
                continue
            back = reached(other, cell)
            if back > seen[node]:
                found.add(cell)
            first = min(first, back)
        return first

    for node in ways:
        if node not in seen:
            reached(node, None)
    return found


class Punctuality(NamedTuple):
    """Deliveries in time and late, and deadlines that passed with nothing."""

    on_time: int
    late: int
    missing: int


def punctuality(
    last: datetime, arrivals: Iterable[datetime], *, limit: timedelta, since: datetime, until: datetime
) -> Punctuality:
    """Within a span, from the `last` delivery before it: so much later the next is due, and again after as much more.

    A late delivery makes up for the deadline before it; those before `since` are another span's.
    """
    on_time = late = missing = 0
    for came in arrivals:
        passed = _deadlines(last, came, limit)
        on_time, late = on_time + (not passed), late + bool(passed)
        missing += max(0, passed - _deadlines(last, since, limit) - 1)
        last = came
    missing += max(0, _deadlines(last, until, limit) - _deadlines(last, since, limit))
    return Punctuality(on_time, late, missing)


def _deadlines(last: datetime, until: datetime, limit: timedelta) -> int:
    """How many have passed before that moment."""
    return max(0, -((last - until) // limit) - 1)


def is_month(month: str) -> bool:
    return bool(_MONTH.fullmatch(month))


def why_not_month(month: str, *, today: date) -> str:
    """Only a month that is over has figures of its own."""
    if not is_month(month):
        return "请写明月份，例如 2026-03。"
    return (
        "" if period.last_day(month) < today else f"{month} 还没有结束，{period.last_day(month)} 之后才能关账或核对。"
    )


def why_not_why(why: str) -> str:
    least, most = WHY_LENGTH
    return "" if least <= len(why) <= most else f"请用文字说明更正的原因（{least} 至 {most} 个字）。"


class Pace(StrEnum):
    """How a figure stands to its target; words, so that nobody needs colours."""

    NOT_BEGUN = "not_begun"
    UNKNOWN = "unknown"
    REACHED = "reached"
    AHEAD = "ahead"
    BEHIND = "behind"
    MISSED = "missed"
    WITHIN = "within"
    OVER = "over"


PACE_LABELS = {
    Pace.NOT_BEGUN: "尚未开始",
    Pace.UNKNOWN: "暂无数据",
    Pace.REACHED: "已完成",
    Pace.AHEAD: "不慢于时间进度",
    Pace.BEHIND: "落后于时间进度",
    Pace.MISSED: "到期未完成",
    Pace.WITHIN: "在限额以内",
    Pace.OVER: "超过限额",
}


def pace_of(value: int | None, goal: int, *, at_most: bool, elapsed_bp: int) -> Pace:
    """`elapsed_bp`: how much of the period is over. A limit is kept or not, whatever the day."""
    if elapsed_bp <= 0:
        return Pace.NOT_BEGUN
    if value is None:
        return Pace.UNKNOWN
    if at_most:
        return Pace.WITHIN if value <= goal else Pace.OVER
    if value >= goal:
        return Pace.REACHED
    if elapsed_bp >= 10_000:
        return Pace.MISSED
    return Pace.AHEAD if value * 10_000 >= goal * elapsed_bp else Pace.BEHIND
