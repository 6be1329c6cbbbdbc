"""Every feed, by hand. A new source is a new folder and one line here."""

from jinfuyun.data.departments.contract import Feed
from jinfuyun.data.departments.electricity.feed import ELECTRICITY
from jinfuyun.data.departments.market.feed import REGISTRATION
from jinfuyun.data.departments.tax.feed import PURCHASE_INVOICES, SALES_INVOICES, TAXPAYERS

FEEDS: dict[str, Feed] = {
    feed.name: feed for feed in (REGISTRATION, TAXPAYERS, SALES_INVOICES, PURCHASE_INVOICES, ELECTRICITY)
}
