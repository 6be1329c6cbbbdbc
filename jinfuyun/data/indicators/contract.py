"""The words in which indicators are written. One indicator is one measured fact: a name, a unit, where from, and SQL.

A source has stages: a relation each, made of delivered rows or of stages before it, and what is summed up of it for
each enterprise. Every delivered row is read once or twice by a stage; indicators are plain expressions over the sums.

SQL sees, for every enterprise asked about, `cut`: `id`, `uscc`, `month` (first day of the month the figures end
with), `cut_day` (its last day; of registers the last day told of), `today`, one `<feed>_day` a feed (up to when it has
told of the enterprise, NULL: never). And one relation `<feed>_row` a feed: its rows up to that end, with `id`,
`cut_day`, `today` and `ago` (whole months before `month`, 0 for the month itself). A source that is `compared_by` its
registration sees `peers` too: `uscc`, `month` (its last day), `burden_bp`, `told`. SQL uses only the functions that
`portable` lists, so that another engine gives the same.
"""

from dataclasses import dataclass

from jinfuyun.data.departments.contract import Feed
from jinfuyun.data.departments.registry import FEEDS
from jinfuyun.kit.grant import Category

Named = tuple[tuple[str, str], ...]  # (name, SQL aggregate)


@dataclass(frozen=True, slots=True)
class Stage:
    name: str
    sql: str  # one row or more an enterprise, named by `id`
    sums: Named = ()  # BIGINT; 0 where the enterprise has no row
    values: Named = ()  # NULL where it has none
    kept: bool = False  # several stages read it: made once, as a table


@dataclass(frozen=True, slots=True)
class Indicator:
    """Unknown unless all of `feeds` reach the enterprise and `needs` months of the source's data stand.

    A feed of another category counts only where the enterprise's consent covers that category too, and only when it
    reaches the end of the figures: see `measure`.
    """

    name: str
    label: str
    unit: str  # a key of UNITS
    sql: str  # over the sums and values of the source's stages, and `cut`
    months: int  # how far back it looks, counted from the cut-off; 0: a state, not a span
    feeds: tuple[str, ...]
    rows: str  # how many delivered rows stand behind it, over the same names
    needs: int = 0
    definition: str = ""


# Unit → SQL type of the value.
UNITS = {
    "fen": "BIGINT",
    "usd_cents": "BIGINT",
    "bp": "BIGINT",
    "months": "BIGINT",
    "days": "BIGINT",
    "count": "BIGINT",
    "people": "BIGINT",
    "kwh": "DOUBLE",
    "m3": "DOUBLE",
    "grade": "VARCHAR",
}


@dataclass(frozen=True, slots=True)
class Series:
    """Shown month by month: columns of a stage that has one row an enterprise and `ago`."""

    stage: str
    columns: tuple[str, ...]
    silent_is_zero: bool  # a month without a row is zero, as far back as data reaches; else it is not known


@dataclass(frozen=True, slots=True)
class Listing:
    """Rows of a register shown as they stand, newest first."""

    feed: str
    columns: tuple[str, ...]
    where: str = "true"
    label: str = ""  # else the feed's


@dataclass(frozen=True, slots=True)
class Source:
    """One category of a document: its rows, what is derived from them, what is measured, what is shown."""

    category: Category
    department_label: str
    feeds: tuple[str, ...]
    stages: tuple[Stage, ...]
    indicators: tuple[Indicator, ...]
    # The feeds whose reach ends the figures with the last full month. Without any, the source is made of registers,
    # and every record counts up to the day the register was last told of.
    paced_by: tuple[str, ...] = ()
    first_ago: str = ""  # over the sums: how many months ago the first data is; "" where months mean nothing
    series: Series | None = None
    record: str = ""  # the feed whose only row is shown as it stands
    lists: tuple[Listing, ...] = ()
    # (feed, SQL over its columns): whose figures a new day may change though nobody spoke of them. `was` and `now` are
    # the days between which time went on: today's, and, where the figures end with `cut_day`, those of the registers.
    daily: tuple[tuple[str, str], ...] = ()
    compared_by: tuple[str, ...] = ()  # the public feeds that say with whom enterprises are compared

    @property
    def borrowed(self) -> tuple[str, ...]:
        """Feeds of other categories that indicators read."""
        used = dict.fromkeys(feed for indicator in self.indicators for feed in indicator.feeds)
        return tuple(feed for feed in used if feed not in self.feeds)

    @property
    def all_feeds(self) -> tuple[Feed, ...]:
        return tuple(FEEDS[name] for name in self.feeds + self.borrowed)
