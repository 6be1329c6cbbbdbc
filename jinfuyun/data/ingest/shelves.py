"""The tables of the lake: three per feed, and six for what was not kept, was held back, became of it, how far each
delivery reaches, and with what figures are compared."""

from jinfuyun.data.departments.contract import Feed
from jinfuyun.data.departments.registry import FEEDS
from jinfuyun.data.lake.tables import Table

# Held back with its reason. The raw line stands as it came; of consented feeds sealed, and only under a consent.
QUARANTINE = Table(
    "quarantine",
    {
        "feed": "VARCHAR",
        "delivery": "VARCHAR",
        "row_number": "BIGINT",
        "uscc": "VARCHAR",
        "rule": "VARCHAR",
        "reason": "VARCHAR",
        "raw": "BLOB",
        "named": "VARCHAR",  # of public rows that wait for their enterprise: the key nobody knows yet
    },
)
# Of quarantined rows whose key could be read: a keyed mark of it, by which a later delivery is known to correct them.
WAITING = Table(
    "waiting",
    {"feed": "VARCHAR", "delivery": "VARCHAR", "row_number": "BIGINT", "uscc": "VARCHAR", "key_mark": "VARCHAR"},
)
# Quarantined rows that came again in a later delivery, and what became of them there.
CORRECTED = Table(
    "corrected",
    {
        "feed": "VARCHAR",
        "delivery": "VARCHAR",
        "row_number": "BIGINT",
        "corrected_by": "VARCHAR",
        "outcome": "VARCHAR",
    },
)
# Rows nobody authorised are not kept: only a keyed mark of whom they named, how many, and why.
UNAUTHORISED = Table(
    "unauthorised",
    {"feed": "VARCHAR", "delivery": "VARCHAR", "key_mark": "VARCHAR", "reason": "VARCHAR", "row_count": "BIGINT"},
)
# Which deliveries spoke of which enterprise, and up to which day.
COVERAGE = Table(
    "coverage",
    {"feed": "VARCHAR", "delivery": "VARCHAR", "uscc": "VARCHAR", "covers_until": "DATE", "row_count": "BIGINT"},
)
# Of each month closed the median of an industry division (GB/T 4754, two digits), and of how many; see data/peers.py.
MEDIANS = Table(
    "industry_medians",
    {"month": "DATE", "division": "VARCHAR", "burden_bp": "BIGINT", "enterprises": "BIGINT", "made_on": "DATE"},
)


def current(feed: Feed) -> Table:
    """The row that stands for each key."""
    return _versions(feed, "current")


def history(feed: Feed) -> Table:
    """Every version that gave way or came too late: with `current`, all that was ever told. Append-only."""
    return _versions(feed, "history")


def repeated(feed: Feed) -> Table:
    """What was said again without changing anything; see repeats.py."""
    return _versions(feed, "repeated")


def _versions(feed: Feed, shelf: str) -> Table:
    origin = {"delivery": "VARCHAR", "row_number": "BIGINT", "version": "TIMESTAMPTZ"}
    return Table(f"{feed.name}.{shelf}", {"uscc": "VARCHAR"} | feed.types | origin, sorted_by=("uscc",))


def every() -> tuple[Table, ...]:
    """All tables of the lake."""
    return (
        *(table(feed) for feed in FEEDS.values() for table in (current, history, repeated)),
        QUARANTINE,
        WAITING,
        CORRECTED,
        UNAUTHORISED,
        COVERAGE,
        MEDIANS,
    )
