"""The words in which a chapter says what it takes. A chapter decides nothing about page, paper or spreadsheet."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from jinfuyun.data import door
from jinfuyun.kit.grant import Category
from jinfuyun.reports.charts import Chart
from jinfuyun.reports.content import Chapter as Document
from jinfuyun.reports.content import Fact, Listed, ReportData

_FEED_OF_LABEL = {label: feed for feed, label in door.FEED_LABELS.items()}


class Held:
    """A report's frozen documents, found by the names of what is in them."""

    def __init__(self, data: ReportData) -> None:
        self.data = data
        self.documents: Mapping[Category, Document] = {each.category: each for each in data.chapters}
        self._facts = {fact.name: (fact, each) for each in data.chapters for fact in each.facts}

    def fact(self, name: str) -> Fact | None:
        return self._facts[name][0] if name in self._facts else None

    def figure(self, name: str) -> float | None:
        """A number, None where it is unknown or no number."""
        fact = self.fact(name)
        return fact.value if fact and isinstance(fact.value, int | float) else None

    def document_of(self, name: str) -> Document | None:
        return self._facts[name][1] if name in self._facts else None

    def months(self, category: Category) -> tuple[dict[str, Any], ...]:
        document = self.documents.get(category)
        return document.by_month if document else ()

    def listed(self, feed: str) -> Listed | None:
        found = (one for each in self.documents.values() for one in each.lists if feed_of(one) == feed)
        return next(found, None)


def feed_of(listed: Listed) -> str:
    """Reports frozen before a list kept its feed know its label."""
    return listed.feed or _FEED_OF_LABEL.get(listed.label, listed.label)


@dataclass(frozen=True, slots=True)
class Group:
    """Facts that are read together, under a heading of their own ("" for none)."""

    title: str
    facts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Month:
    """A column of the table by month: the document's name for it, its heading, its unit."""

    name: str
    label: str
    unit: str


@dataclass(frozen=True, slots=True)
class Takes:
    """What a chapter takes from one category's document. Every fact and every list has exactly one taker."""

    category: Category
    groups: tuple[Group, ...] = ()
    lists: tuple[str, ...] = ()  # by feed
    months: tuple[Month, ...] = ()
    record: bool = False
    rest: bool = False  # what no chapter names, in reports that know other facts than today's


@dataclass(frozen=True, slots=True)
class Table:
    """Rows that a chapter makes itself of what others hold. `sourced`: the last cell of each names its delivery."""

    title: str
    told: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    sourced: bool = False


Picture = Callable[[Held], Chart | None]


@dataclass(frozen=True, slots=True)
class Chapter:
    """One chapter. `number` is the one of the domain's list and never changes: "8A" stands behind "8"."""

    number: str
    key: str
    title: str
    takes: tuple[Takes, ...] = ()
    pictures: tuple[Picture, ...] = ()
    made: Callable[[Held], tuple[Table, ...]] | None = None
    note: str = ""

    @property
    def facts(self) -> tuple[str, ...]:
        return tuple(name for take in self.takes for group in take.groups for name in group.facts)
