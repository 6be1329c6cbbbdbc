"""What was taken through collection codes, less what was paid back."""

from jinfuyun.data.indicators.contract import Indicator, Series, Source, Stage
from jinfuyun.data.indicators.expressions import change, per, share
from jinfuyun.kit.grant import Category

TAKEN = ("collections",)

# `days`: a bit for each day of the month on which anybody paid.
TAKEN_MONTH = """
    SELECT id, ago, CAST(sum(paid_fen) AS BIGINT) AS paid_fen,
        CAST(sum(coalesce(refunded_fen, 0)) AS BIGINT) AS refunded_fen, CAST(sum(payments) AS BIGINT) AS payments,
        bit_or(CASE WHEN payments > 0 THEN CAST(1 AS BIGINT) << day(day) END) AS days,
        max(CASE WHEN payments > 0 THEN day END) AS last_on, count(*) AS row_count
    FROM collections_row GROUP BY id, ago
"""
_NET = "paid_fen - refunded_fen"

CASH_FLOW = Source(
    category=Category.CASH_FLOW,
    department_label="收单服务机构",
    feeds=TAKEN,
    stages=(
        Stage("taken_month", TAKEN_MONTH, sums=(
            ("taken_now", f"sum({_NET}) FILTER (ago < 12)"),
            ("taken_before", f"sum({_NET}) FILTER (ago BETWEEN 12 AND 23)"),
            ("taken_3m", f"sum({_NET}) FILTER (ago < 3)"),
            ("taken_3m_before", f"sum({_NET}) FILTER (ago BETWEEN 12 AND 14)"),
            ("taken_gross", "sum(paid_fen) FILTER (ago < 12)"), ("taken_back", "sum(refunded_fen) FILTER (ago < 12)"),
            ("taken_payments", "sum(payments) FILTER (ago < 12)"),
            ("taken_days", "sum(bit_count(days)) FILTER (ago < 12)"),
            ("taken_months", "count(*) FILTER (ago < 12 AND payments > 0)"),
            ("taken_rows", "sum(row_count) FILTER (ago < 12)"), ("taken_rows_24", "sum(row_count) FILTER (ago < 24)"),
            ("taken_rows_15", "sum(row_count) FILTER (ago < 3 OR ago BETWEEN 12 AND 14)"),
        ), values=(("taken_first_ago", "max(ago)"), ("taken_last_on", "max(last_on)"))),
    ),
    indicators=(
        Indicator("collected_r12", "近12个月收款金额（减退款）", "fen", "taken_now", 12, TAKEN, "taken_rows", 1),
        Indicator("collected_yoy", "收款金额同比（近12个月比前12个月）", "bp", change("taken_now", "taken_before"),
                  24, TAKEN,
                  "taken_rows_24", 24),
        Indicator("collected_3m_yoy", "近3个月收款金额比去年同期", "bp", change("taken_3m", "taken_3m_before"), 15,
                  TAKEN,
                  "taken_rows_15", 15),
        Indicator("collection_days_r12", "近12个月有收款的天数", "days", "taken_days", 12, TAKEN, "taken_rows", 1),
        Indicator("collection_months_r12", "近12个月有收款的月数", "months", "taken_months", 12, TAKEN, "taken_rows",
                  1),
        Indicator("refund_share_r12", "近12个月退款率（金额）", "bp", share("taken_back", "taken_gross"), 12, TAKEN,
                  "taken_rows", 1),
        Indicator("payment_fen_r12", "近12个月平均每笔收款", "fen", per("taken_gross", "taken_payments"), 12, TAKEN,
                  "taken_rows", 1),
        Indicator("days_since_collection", "距最近一次收款天数", "days", "date_diff('day', taken_last_on, cut_day)", 0,
                  TAKEN, "taken_rows", 1),
    ),
    paced_by=TAKEN,
    first_ago="taken_first_ago",
    series=Series("taken_month", ("paid_fen", "refunded_fen", "payments"), silent_is_zero=True),
)  # fmt: skip
