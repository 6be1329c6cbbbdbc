"""Every category that becomes a document, by hand, in the order of a report."""

from collections.abc import Iterator

from jinfuyun.data.indicators.cash_flow import CASH_FLOW
from jinfuyun.data.indicators.contract import Source
from jinfuyun.data.indicators.customs import CUSTOMS
from jinfuyun.data.indicators.intellectual_property import INTELLECTUAL_PROPERTY
from jinfuyun.data.indicators.invoices import INVOICES
from jinfuyun.data.indicators.judicial import JUDICIAL
from jinfuyun.data.indicators.measure import cut_sql, relations
from jinfuyun.data.indicators.platform import PLATFORM
from jinfuyun.data.indicators.procurement import PROCUREMENT
from jinfuyun.data.indicators.property import PROPERTY
from jinfuyun.data.indicators.public_credit import PUBLIC_CREDIT
from jinfuyun.data.indicators.registration import REGISTRATION
from jinfuyun.data.indicators.staff import HOUSING_FUND, SOCIAL_INSURANCE
from jinfuyun.data.indicators.statements import STATEMENTS
from jinfuyun.data.indicators.tax import TAX
from jinfuyun.data.indicators.utilities import ELECTRICITY, GAS, WATER
from jinfuyun.kit.grant import Category

SOURCES: tuple[Source, ...] = (
    REGISTRATION,
    TAX,
    INVOICES,
    SOCIAL_INSURANCE,
    HOUSING_FUND,
    ELECTRICITY,
    WATER,
    GAS,
    CUSTOMS,
    STATEMENTS,
    CASH_FLOW,
    PROPERTY,
    PLATFORM,
    PUBLIC_CREDIT,
    JUDICIAL,
    INTELLECTUAL_PROPERTY,
    PROCUREMENT,
)


def readers_of(feed: str) -> tuple[Category, ...]:
    """The categories whose documents are made of a feed: its own, those that borrow it or compare by it."""
    return tuple(source.category for source in SOURCES if feed in source.feeds + source.borrowed + source.compared_by)


def statements(source: Source) -> Iterator[str]:
    """Every SELECT with which a source is measured, in order."""
    yield cut_sql(source, "coverage", None, None)
    for relation in relations(source, {feed.name: "delivered" for feed in source.all_feeds}):
        yield relation.sql
