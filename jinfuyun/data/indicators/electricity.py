"""Electricity: all accounts of the enterprise together, month by month."""

from jinfuyun.data.indicators.contract import Indicator, Source
from jinfuyun.kit.grant import Category

FEEDS = ("electricity",)

ROWS = "SELECT uscc, used_on AS day, delivery, 'electricity' AS feed, kwh, charge_fen FROM {electricity}"

# A month nobody read is unknown, not zero: only months with a reading stand here.
BY_MONTH = """
    SELECT uscc, ago, strftime(day, '%Y-%m') AS month, sum(kwh)::DOUBLE AS kwh, sum(charge_fen)::BIGINT AS charge_fen
    FROM fact_row WHERE ago < 36 GROUP BY ALL
"""

_NOW, _BEFORE = "ago < 12", "ago BETWEEN 12 AND 23"

INDICATORS = (
    Indicator("kwh_r12", "近12个月用电量", "kwh", "by_month", f"sum(kwh) FILTER ({_NOW})", 12, FEEDS, _NOW),
    Indicator("kwh_yoy", "用电量同比（近12个月比前12个月）", "bp", "by_month",
              f"CASE WHEN count(*) FILTER ({_NOW}) = 12 AND count(*) FILTER ({_BEFORE}) = 12"
              f" AND sum(kwh) FILTER ({_BEFORE}) > 0"
              f" THEN round(1e4 * sum(kwh) FILTER ({_NOW}) / sum(kwh) FILTER ({_BEFORE})) - 10000 END",
              24, FEEDS, "ago < 24", needs=24),
    Indicator("kwh_months_r12", "近12个月有用电的月数", "months", "by_month",
              f"count(*) FILTER ({_NOW} AND kwh > 0)", 12, FEEDS, _NOW),
)  # fmt: skip

ELECTRICITY = Source(
    category=Category.ELECTRICITY,
    department_label="供电公司",
    feeds=FEEDS,
    rows=ROWS,
    stages=(("by_month", BY_MONTH),),
    indicators=INDICATORS,
    series=("kwh", "charge_fen"),
)
