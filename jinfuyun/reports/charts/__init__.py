"""Charts as SVG, drawn once for page and paper."""

from jinfuyun.reports.charts.months import (
    electricity,
    heads,
    paid_taxes,
    sales_and_electricity,
    sales_and_purchases,
    sales_year_on_year,
    takings,
    trade,
)
from jinfuyun.reports.charts.radar import radar
from jinfuyun.reports.charts.shares import concentration
from jinfuyun.reports.charts.sheet import BLUE, TEAL, Chart

__all__ = [
    "BLUE",
    "TEAL",
    "Chart",
    "concentration",
    "electricity",
    "heads",
    "paid_taxes",
    "radar",
    "sales_and_electricity",
    "sales_and_purchases",
    "sales_year_on_year",
    "takings",
    "trade",
]
