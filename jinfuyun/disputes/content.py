"""What can be disputed in a report, and how it stood there: the only place here that knows a report's insides. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec

from jinfuyun.disputes.rules import SCORE, SCORE_LABEL
from jinfuyun.kit.calendar import local_day
from jinfuyun.kit.grant import CATEGORY_LABELS, Category
from jinfuyun.reports.chapters.shown import BY_MONTH, RECORD, SCORE_PLACE, Report, heading
from jinfuyun.reports.content import Chapter, Fact, Listed, ReportData, record_of, spoken


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure, table, list or registration as a report showed it. `feeds`: where it came from, as far as known."""

    category: Category
    key: str
    label: str
    value: str
    period: str
    as_of: str
    deliveries: tuple[str, ...]
    feeds: tuple[str, ...]
    delivered_at: datetime | None
    headings: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()

    def to_json(self) -> str:
        return msgspec.json.encode(self).decode()

    @classmethod
    def from_json(cls, kept: str) -> "Figure":
        return msgspec.json.decode(kept, type=cls)


def figure_of(data: ReportData, category: str, key: str) -> Figure | None:
    """The figure that `category` and `key` name; None where the report has none such."""
    if (category, key) == SCORE_PLACE:
        return _score(data)
    part = next((one for one in data.chapters if one.category == category), None)
    if part is None:
        return None
    if key == RECORD:
        return _record(part)
    if key == BY_MONTH:
        return _months(data, part)
    fact = next((one for one in part.facts if one.name == key), None)
    if fact is not None:
        return _fact(part, fact)
    listed = next((one for one in part.lists if one.label == key), None)
    return _list(part, listed) if listed is not None else None


def _fact(part: Chapter, fact: Fact) -> Figure:
    return _figure(
        part, fact.name, fact.label, spoken(fact.value, fact.unit), period=fact.period, as_of=fact.as_of,
        deliveries=fact.deliveries,
    )  # fmt: skip


def _score(data: ReportData) -> Figure | None:
    if data.score is None:
        return None
    score, rows = (
        data.score,
        [(each.label, each.value, each.band or "未知", f"{each.points}") for each in data.score.marks],
    )
    value = "未评分" if score.score is None else f"{score.score} 分（{score.grade}）"
    return Figure(
        Category.PLATFORM, SCORE, SCORE_LABEL, value, period="", as_of=f"{local_day(data.made_at)}", deliveries=(),
        feeds=(), delivered_at=data.made_at, headings=("项目", "数值", "所在档", "得分"), rows=tuple(rows),
    )  # fmt: skip


def _record(part: Chapter) -> Figure | None:
    if not part.record:
        return None
    rows = tuple(record_of(part))
    as_of = part.received_at[:10]
    return _figure(part, RECORD, "登记信息", "见下表", as_of=as_of, headings=("项目", "内容"), rows=rows)


def _months(data: ReportData, part: Chapter) -> Figure | None:
    """The table as a chapter shows it."""
    place = (str(part.category), BY_MONTH)
    tables = (table for shown in Report(data).chapters for table in shown.tables)
    table = next((each for each in tables if each.place == place), None)
    if table is None:
        return None
    headings, rows = [heading(*column) for column in table.columns], table.rows
    return _figure(
        part, BY_MONTH, f"{CATEGORY_LABELS[part.category]}按月数据", f"{len(rows)} 个月",
        period=f"{rows[0][0]} 至 {rows[-1][0]}", as_of=part.cut_off, headings=tuple(headings),
        rows=rows,
    )  # fmt: skip


def _list(part: Chapter, listed: Listed) -> Figure:
    numbers = tuple(dict.fromkeys(row[-1] for row in listed.rows))  # a row's last cell is its delivery
    return _figure(
        part, listed.label, listed.label, f"{listed.count} 条", as_of=listed.as_of, deliveries=numbers,
        headings=listed.headings, rows=listed.rows,
    )  # fmt: skip


def _figure(
    part: Chapter, key: str, label: str, value: str, *, as_of: str, period: str = "", deliveries: Sequence[str] = (),
    headings: tuple[str, ...] = (), rows: tuple[tuple[str, ...], ...] = (),
) -> Figure:  # fmt: skip
    """With the deliveries behind it, or where it names none, those behind the chapter."""
    behind = [one for one in part.deliveries if one.number in deliveries] or list(part.deliveries)
    times = [moment for moment in (_moment(one.received_at) for one in behind) if moment]
    return Figure(
        category=part.category, key=key, label=label, value=value, period=period, as_of=as_of,
        deliveries=tuple(deliveries) or tuple(one.number for one in behind),
        feeds=tuple(dict.fromkeys(one.feed for one in behind)), delivered_at=min(times, default=None),
        headings=headings, rows=rows,
    )  # fmt: skip


def _moment(written: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(written)
    except ValueError:
        return None
    return moment if moment.tzinfo else None
