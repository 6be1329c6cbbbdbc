"""A frozen report as it is shown: its chapters with their figures, charts and tables, in words and in numbers.

Page, paper, spreadsheet and draft are all made of this, so that none can say what another does not. Pure.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from jinfuyun.kit.grant import CATEGORY_LABELS, Category
from jinfuyun.kit.money import FEN_PER_WAN
from jinfuyun.kit.period import months_between
from jinfuyun.reports.chapters.contract import Chapter, Held, Month, Takes, feed_of
from jinfuyun.reports.chapters.origins import Origins, minute, written
from jinfuyun.reports.chapters.registry import CHAPTERS
from jinfuyun.reports.charts import Chart
from jinfuyun.reports.content import (
    NO_DATA,
    SHANGHAI,
    WHY_LABELS,
    Column,
    Fact,
    Listed,
    ReportData,
    Why,
    age,
    record_of,
    spoken,
)
from jinfuyun.reports.content import Chapter as Document

REST = "其他"
SOURCE = "来源"
# Unit → what a heading says of figures in it, and by what they are divided.
UNITS: dict[str, tuple[str, int]] = {
    "fen": ("万元", FEN_PER_WAN), "yuan": ("元", 100), "percent": ("%", 1), "usd_cents": ("万美元", 1_000_000),
    "bp": ("%", 100), "count": ("个", 1), "people": ("人", 1), "months": ("个月", 1), "days": ("天", 1),
    "kwh": ("千瓦时", 1), "m3": ("立方米", 1), "sheets": ("张", 1), "payments": ("笔", 1),
}  # fmt: skip
STATED_ABOVE = frozenset({"fen", "yuan", "percent"})  # a list says these in the heading; of others each cell does
BY_YEAR = "_3y"  # ends the name of what is counted in years, to which months with data say nothing
YEAR = "of_year"  # delivered as its last day
BLANK = "—"
NOTHING = "无记录"
# What can be told only of something, and how many of it there are: of none it is no gap in the data.
TOLD_OF = {
    "days_since_penalty": "penalties_in_force", "days_since_enforcement": "enforcement_open",
    "days_since_government_order": "government_orders_r24", "top_government_order_share_r24": "government_orders_r24",
    "high_tech_days_left": "titles_in_force",
}  # fmt: skip
Value = int | float | str | None
# Where something stands in the documents, by which it can be disputed: category, and fact, list, or one of these.
Place = tuple[str, str]
Marks = Mapping[Place, str]
RECORD, BY_MONTH = "record", "by_month"
SCORE_PLACE: Place = (str(Category.PLATFORM), "score")  # which stands in no document: the platform reckons it


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure with all that can be said of where it comes from. `notes`: numbers in the list of origins."""

    fact: Fact
    department: str
    received: str
    notes: tuple[int, ...]
    place: Place
    mark: str = ""  # what is to be said of it today
    nothing: bool = False  # no figure because there is nothing of which it could be one, and that is known

    @property
    def label(self) -> str:
        return self.marked(self.fact.label)

    def marked(self, label: str) -> str:
        """Its name where it is called otherwise."""
        return _marked(label, self.mark)

    @property
    def words(self) -> str:
        return NOTHING if self.nothing else spoken(self.fact.value, self.fact.unit)

    @property
    def known(self) -> bool:
        return self.nothing or self.fact.value is not None

    @property
    def source(self) -> str:
        return written(self.notes)

    @property
    def covered(self) -> str:
        """How much of its span a figure really rests on, said only where that is not all of it."""
        first, _, last = self.fact.period.partition(" 至 ")
        covered = self.fact.months_covered
        counts_years = self.fact.name.endswith(BY_YEAR)
        if covered is None or not last or counts_years or covered > months_between(first, last):
            return ""
        return f"其中有数据 {covered} 个月"


@dataclass(frozen=True, slots=True)
class Table:
    """`columns`: heading and unit; `rows` in words; `values` the same in numbers of `UNITS`. `notes`: of the whole."""

    title: str
    told: str
    columns: tuple[tuple[str, str], ...]
    rows: tuple[tuple[str, ...], ...]
    values: tuple[tuple[Value, ...], ...]
    notes: tuple[int, ...] = ()
    by_month: bool = False
    place: Place | None = None  # None: made of what others hold

    @property
    def headings(self) -> tuple[str, ...]:
        """With the unit where the cells do not say it."""
        stated = (self.by_month or unit in STATED_ABOVE for _, unit in self.columns)
        return tuple(
            heading(label, unit) if said else label for (label, unit), said in zip(self.columns, stated, strict=True)
        )


@dataclass(frozen=True, slots=True)
class Shown:
    """A chapter that has something to show. `sources`: a line a document, what it is and how old."""

    chapter: Chapter
    sources: tuple[str, ...]
    record: tuple[tuple[str, str], ...]
    charts: tuple[Chart, ...]
    groups: tuple[tuple[str, tuple[Figure, ...]], ...]
    tables: tuple[Table, ...]
    documents: tuple[Document, ...]
    record_place: Place | None = None

    @property
    def title(self) -> str:
        return f"{self.chapter.number}　{self.chapter.title}"


class Report:
    """All of it, made once for whoever shows it. `marks`: what is to be said of something in it today."""

    def __init__(self, data: ReportData, marks: Marks | None = None) -> None:
        self.data = data
        self.marks = marks or {}
        self.held = Held(data)
        self.origins = Origins(data)
        self.figures = {fact.name: self._figure(fact, each) for each in data.chapters for fact in each.facts}
        shown = ((chapter, self._shown(chapter)) for chapter in CHAPTERS)
        self.chapters: tuple[Shown, ...] = tuple(each for _, each in shown if each is not None)

    def name_of(self, fact: str, label: str) -> str:
        """What a figure is called elsewhere, with its mark."""
        return self.figures[fact].marked(label) if fact in self.figures else label

    def missing(self) -> list[tuple[str, str, str]]:
        """Chapter, kind of data and why it is not shown; told to the enterprise alone."""
        if not self.data.own_copy:
            return []
        why = {gap.category: gap.why for gap in self.data.missing}
        return [
            (f"{chapter.number}　{chapter.title}", CATEGORY_LABELS[take.category],
             WHY_LABELS[why.get(take.category, Why.NO_DATA)])
            for chapter in CHAPTERS for take in chapter.takes if not self._has(take)
        ]  # fmt: skip

    def _shown(self, chapter: Chapter) -> Shown | None:
        taken = [(take, self.held.documents[take.category]) for take in chapter.takes if self._has(take)]
        made = chapter.made(self.held) if chapter.made else ()
        if not taken and not made:
            return None
        pictures = (draw(self.held) for draw in chapter.pictures)
        several = len(chapter.takes) > 1
        record = next(((str(each.category), RECORD) for take, each in taken if take.record and each.record), None)
        said = (f"登记信息{self.marks[record]}",) if record and record in self.marks else ()
        return Shown(
            chapter=chapter,
            sources=(*(_source(document, self.data, named=several) for _, document in taken), *said),
            record=tuple(pair for take, each in taken if take.record and each.record for pair in record_of(each)),
            charts=tuple(chart for chart in pictures if chart is not None),
            groups=tuple(group for take, each in taken for group in self._groups(take, each)),
            tables=(
                *(table for take, each in taken for table in self._tables(take, each, named=several)),
                *(self._made(table) for table in made),
            ),
            documents=tuple(document for _, document in taken),
            record_place=record,
        )

    def _has(self, take: Takes) -> bool:
        document = self.held.documents.get(take.category)
        if document is None:
            return False
        return bool(
            (take.record and document.record)
            or (take.months and document.by_month)
            or any(fact.value is not None for group in _groups(take, document) for fact in group[1])
            or _lists(take, document)
        )

    def _figure(self, fact: Fact, document: Document) -> Figure:
        place = (str(document.category), fact.name)
        notes = self.origins.notes(fact.deliveries)
        mark = self.marks.get(place, "")
        nothing = fact.value is None and self.held.figure(TOLD_OF.get(fact.name, "")) == 0
        return Figure(fact, document.department, minute(document.received_at), notes, place, mark, nothing)

    def _groups(self, take: Takes, document: Document) -> Iterator[tuple[str, tuple[Figure, ...]]]:
        for title, facts in _groups(take, document):
            yield title, tuple(self.figures[fact.name] for fact in facts)

    def _tables(self, take: Takes, document: Document, *, named: bool) -> Iterator[Table]:
        if take.months and document.by_month:
            title = f"{CATEGORY_LABELS[take.category]}按月数据" if named else "按月数据"
            own = self.origins.notes(one.number for one in document.deliveries)
            place = (str(document.category), BY_MONTH)
            title = _marked(title, self.marks.get(place, ""))
            yield replace(_by_month(title, take.months, document.by_month, own), place=place)
        for listed in _lists(take, document):
            place = (str(document.category), listed.label)
            title = _marked(listed.label, self.marks.get(place, ""))
            yield replace(self._list(listed), title=title, place=place)

    def _list(self, listed: Listed) -> Table:
        columns = listed.columns or tuple(Column("", label, "") for label in listed.headings[:-1])
        notes = [self.origins.notes([row[-1]]) for row in listed.rows]
        shown = f"，列出最近 {len(listed.rows)} 条" if listed.count > len(listed.rows) else ""
        told = (
            f"共 {listed.count} 条{shown}，数据截至 {listed.as_of}" if listed.count else f"截至 {listed.as_of} 没有记录"
        )
        words = tuple(row[:-1] for row in listed.rows)
        values = listed.values or words
        units = [_unit_of(column, [row[i] for row in values]) for i, column in enumerate(columns)]
        return Table(
            title=listed.label, told=told,
            columns=(*((column.label, unit) for column, unit in zip(columns, units, strict=True)), (SOURCE, "")),
            rows=tuple(
                (*map(_listed_cell, said, row, columns, units), written(note))
                for said, row, note in zip(words, values, notes, strict=True)
            ),
            values=tuple(
                (*map(number_of, row, units), written(note)) for row, note in zip(values, notes, strict=True)
            ),
        )  # fmt: skip

    def _made(self, table: Any) -> Table:
        rows = table.rows
        if table.sourced:
            rows = tuple((*row[:-1], written(self.origins.notes([row[-1]]))) for row in rows)
        shown = tuple(tuple(cell or BLANK for cell in row) for row in rows)
        return Table(table.title, table.told, tuple((each, "") for each in table.headings), shown, rows)


def _marked(label: str, mark: str) -> str:
    return f"{label}（{mark}）" if mark else label


def number_of(value: Value, unit: str) -> Value:
    """A figure as a number in the unit that its heading names: fen in 万元, basis points in percent."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        divisor = UNITS.get(unit, ("", 1))[1]
        return value / divisor if divisor > 1 else value
    return value


def heading(label: str, unit: str) -> str:
    name = UNITS.get(unit, ("", 1))[0]
    return f"{label}（{name}）" if name else label


def _groups(take: Takes, document: Document) -> Iterator[tuple[str, list[Fact]]]:
    """Its facts in the order of the chapter; last those that no chapter of today names."""
    facts = {fact.name: fact for fact in document.facts}
    for group in take.groups:
        found = [facts[name] for name in group.facts if name in facts]
        if found:
            yield group.title, found
    if take.rest:
        others = [fact for name, fact in facts.items() if name not in FACTS]
        if others:
            yield REST if len(others) < len(facts) else "", others


def _lists(take: Takes, document: Document) -> list[Listed]:
    found = {feed_of(listed): listed for listed in document.lists}
    chosen = [found[feed] for feed in take.lists if feed in found]
    return chosen + [listed for listed in document.lists if take.rest and feed_of(listed) not in LISTS]


def _by_month(title: str, months: Sequence[Month], rows: Sequence[dict[str, Any]], notes: tuple[int, ...]) -> Table:
    found = [[row.get(month.name) for month in months] for row in rows]
    units = [_finer(month.unit, [row[i] for row in found]) for i, month in enumerate(months)]
    names = [str(row["month"]) for row in rows]
    return Table(
        title=title, told=f"{names[0]} 至 {names[-1]}，共 {len(names)} 个月",
        columns=(("月份", ""), *((month.label, unit) for month, unit in zip(months, units, strict=True))),
        rows=tuple((name, *map(_cell, row, units)) for name, row in zip(names, found, strict=True)),
        values=tuple((name, *map(number_of, row, units)) for name, row in zip(names, found, strict=True)),
        notes=notes, by_month=True,
    )  # fmt: skip


def _finer(unit: str, found: Sequence[Value]) -> str:
    """Of sums that are all below 1 万元, hundredths of 万元 say too little."""
    sums = [abs(each) for each in found if isinstance(each, int | float)]
    return "yuan" if unit == "fen" and sums and max(sums) < FEN_PER_WAN else unit


def _unit_of(column: Column, found: Sequence[Value]) -> str:
    return "percent" if column.name.endswith("_percent") else _finer(column.unit, found)


def _cell(value: Value, unit: str) -> str:
    """A figure without its unit, which stands in the heading."""
    if not isinstance(value, int | float):
        return NO_DATA
    number = Decimal(str(value)) / UNITS.get(unit, ("", 1))[1]
    if unit not in STATED_ABOVE:
        return f"{number:,.0f}"
    words = f"{number:,.2f}" if unit != "percent" else f"{number.normalize():f}"
    if number and not words.strip("-0."):
        return "<0.01" if number > 0 else ">-0.01"  # little is not nothing
    return words


def _listed_cell(words: str, value: Value, column: Column, unit: str) -> str:
    if unit in STATED_ABOVE and isinstance(value, int | float):
        return _cell(value, unit)
    return (words[:4] if column.name == YEAR else words) or BLANK


def _source(document: Document, data: ReportData, *, named: bool) -> str:
    parts = [f"来源：{document.department}"]
    if document.received_at:
        parts.append(f"收到：{minute(document.received_at)}")
    if document.cut_off:
        parts.append(f"数据截至：{age(document.cut_off, data.made_at)}")
    return (f"{CATEGORY_LABELS[document.category]}　" if named else "") + " · ".join(parts)


def moment(at: Any) -> str:
    return f"{at.astimezone(SHANGHAI):%Y-%m-%d %H:%M:%S}"


FACTS = frozenset(name for chapter in CHAPTERS for name in chapter.facts)
LISTS = frozenset(feed for chapter in CHAPTERS for take in chapter.takes for feed in take.lists)
