"""The words in which indicators are written. One indicator is one measured fact: a name, a unit, where from, and SQL.

SQL sees, for every enterprise asked about: `cut` (uscc, month = first day of the last full month, reach = months of
data up to it, one `<feed>_covered` a feed), `fact_row` (the rows up to the cut-off, with `ago` = whole months before
it, 0 for the cut-off month itself) and the stages of its source.
"""

from dataclasses import dataclass

from jinfuyun.kit.grant import Category


@dataclass(frozen=True, slots=True)
class Indicator:
    name: str
    label: str
    unit: str  # fen | bp | months | days | count | kwh
    stage: str  # the relation that `sql` aggregates, one group per enterprise
    sql: str
    months: int  # how far back it looks, counted from the cut-off; 0: a state, not a span
    feeds: tuple[str, ...]  # unknown unless all of these reach the enterprise
    rows: str  # which of `fact_row` stand behind it
    needs: int = 1  # months of data below which it is unknown
    definition: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """One category of a document: its rows, what is derived from them, what is measured, what is shown."""

    category: Category
    department_label: str
    feeds: tuple[str, ...]
    rows: str  # SQL over {feed} placeholders: uscc, day, delivery, feed and what the stages need
    stages: tuple[tuple[str, str], ...]
    indicators: tuple[Indicator, ...]
    series: tuple[str, ...] = ()  # columns of stage `by_month` shown month by month
    record: tuple[str, ...] = ()  # columns of `fact_row` shown as they stand
