"""Invoices: sold and bought, excluding VAT; valid blue minus red; voided ones count only in the share of voided."""

from jinfuyun.data.indicators.contract import Indicator, Source
from jinfuyun.kit.grant import Category
from jinfuyun.kit.period import SPRING_FESTIVAL_MONTHS

SALES, PURCHASES = ("sales_invoices",), ("purchase_invoices",)
SOLD = "side = 'sale' AND state = 'valid' AND ago < 12"
BOUGHT = "side = 'purchase' AND state = 'valid' AND ago < 12"

ROWS = """
    SELECT uscc, issued_on AS day, delivery, 'sales_invoices' AS feed, 'sale' AS side, net_fen, state, counterparty
    FROM {sales_invoices}
    UNION ALL
    SELECT uscc, issued_on, delivery, 'purchase_invoices', 'purchase', net_fen, state, counterparty
    FROM {purchase_invoices}
"""

# Every month of the last 36 that data reaches, also the silent ones.
BY_MONTH = """
    SELECT g.uscc, g.ago, strftime(g.first_day, '%Y-%m') AS month,
        coalesce(sum(net_fen) FILTER (side = 'sale' AND state = 'valid'), 0)::BIGINT AS sales_fen,
        coalesce(sum(net_fen) FILTER (side = 'purchase' AND state = 'valid'), 0)::BIGINT AS purchases_fen,
        count(*) FILTER (side = 'sale' AND state = 'valid' AND net_fen > 0) AS sales_count,
        count(*) FILTER (side = 'purchase' AND state = 'valid' AND net_fen > 0) AS purchases_count
    FROM (SELECT uscc, ago, (month - to_months(ago::INTEGER))::DATE AS first_day
          FROM (SELECT uscc, month, unnest(range(least(reach, 36))) AS ago FROM cut)) g
    LEFT JOIN fact_row r ON r.uscc = g.uscc AND r.ago = g.ago
    GROUP BY ALL
"""

# Whom it sold to and bought from. One without a number is somebody, but nobody in particular.
PARTY = """
    SELECT *, rank() OVER (PARTITION BY uscc ORDER BY sold DESC) AS sold_rank,
        rank() OVER (PARTITION BY uscc ORDER BY bought DESC) AS bought_rank
    FROM (
        SELECT uscc, counterparty,
            coalesce(sum(net_fen) FILTER (side = 'sale' AND ago < 12), 0) AS sold,
            coalesce(sum(net_fen) FILTER (side = 'sale' AND ago BETWEEN 12 AND 23), 0) AS sold_before,
            coalesce(sum(net_fen) FILTER (side = 'purchase' AND ago < 12), 0) AS bought
        FROM fact_row WHERE state = 'valid' AND counterparty <> '' AND ago < 24 GROUP BY ALL
    )
"""

# Runs of months without a sale. A silent month of the Spring Festival neither counts nor breaks a run.
_FESTIVALS = ", ".join(f"'{month}'" for month in SPRING_FESTIVAL_MONTHS)
IDLE_RUN = f"""
    SELECT uscc, count(*) FILTER (idle) AS length FROM (
        SELECT uscc, idle, row_number() OVER (PARTITION BY uscc ORDER BY ago)
            - row_number() OVER (PARTITION BY uscc, idle ORDER BY ago) AS island
        FROM (SELECT uscc, ago, sales_count = 0 AS idle FROM by_month
              WHERE ago < 12 AND NOT (sales_count = 0 AND month IN ({_FESTIVALS})))
    ) GROUP BY uscc, idle, island
"""


def _share(part: str, whole: str) -> str:
    """In basis points; unknown of nothing."""
    return f"round(1e4 * ({part}) / nullif({whole}, 0))"


def _change(now: str, before: str) -> str:
    """Growth in basis points; unknown from nothing."""
    return f"CASE WHEN ({before}) > 0 THEN round(1e4 * ({now}) / ({before})) - 10000 END"


def _sum(column: str, months: str) -> str:
    return f"coalesce(sum({column}) FILTER ({months}), 0)"


_ALL_SALES = "side = 'sale' AND ago < 12"
_BAD_SALES = f"{_ALL_SALES} AND (state = 'void' OR net_fen < 0)"
_SOLD_R12 = _sum("sales_fen", "ago < 12")
_NAMED_SALES = "sum(sold) FILTER (sold > 0)"
_NAMED_PURCHASES = "sum(bought) FILTER (bought > 0)"

INDICATORS = (
    Indicator("sales_r12", "近12个月开票销售额（不含税）", "fen", "by_month", _SOLD_R12, 12, SALES, SOLD,
              definition="有效蓝字发票金额减红字发票金额，不含作废"),
    Indicator("purchases_r12", "近12个月进项采购额（不含税）", "fen", "by_month",
              _sum("purchases_fen", "ago < 12"), 12, PURCHASES, BOUGHT),
    Indicator("sales_yoy", "销售额同比（近12个月比前12个月）", "bp", "by_month",
              _change(_SOLD_R12, _sum("sales_fen", "ago BETWEEN 12 AND 23")), 24, SALES,
              "side = 'sale' AND state = 'valid' AND ago < 24", needs=24),
    Indicator("sales_3m_yoy", "近3个月销售额比去年同期", "bp", "by_month",
              _change(_sum("sales_fen", "ago < 3"), _sum("sales_fen", "ago BETWEEN 12 AND 14")), 15, SALES,
              "side = 'sale' AND state = 'valid' AND (ago < 3 OR ago BETWEEN 12 AND 14)", needs=15),
    Indicator("active_months_r12", "近12个月有开票的月数", "months", "by_month",
              "count(*) FILTER (ago < 12 AND sales_count > 0)", 12, SALES, SOLD),
    Indicator("longest_gap_r12", "近12个月最长断票月数", "months", "idle_run", "coalesce(max(length), 0)", 12,
              SALES, SOLD, definition="春节所在月无票不计"),
    Indicator("sales_variation_r12", "近12个月销售波动（标准差/均值，未季调）", "bp", "by_month",
              "CASE WHEN avg(sales_fen) FILTER (ago < 12) > 0 THEN round(1e4 *"
              " stddev_samp(sales_fen) FILTER (ago < 12) / avg(sales_fen) FILTER (ago < 12)) END",
              12, SALES, SOLD, needs=12),
    Indicator("days_since_sale", "距最近一次开票天数", "days", "fact_row",
              "any_value(cut_day) - max(day) FILTER (side = 'sale' AND state = 'valid' AND net_fen > 0)", 0, SALES,
              "side = 'sale' AND state = 'valid' AND net_fen > 0", definition="截至数据截止月末"),
    Indicator("void_and_red_share_r12", "近12个月作废和红冲率（张数）", "bp", "fact_row",
              _share(f"count(*) FILTER ({_BAD_SALES})", f"count(*) FILTER ({_ALL_SALES})"), 12, SALES, _ALL_SALES),
    Indicator("void_and_red_amount_share_r12", "近12个月作废和红冲率（金额）", "bp", "fact_row",
              _share(f"sum(abs(net_fen)) FILTER ({_BAD_SALES})", f"sum(abs(net_fen)) FILTER ({_ALL_SALES})"),
              12, SALES, _ALL_SALES),
    Indicator("top_customer_share_r12", "第一大客户占比", "bp", "party",
              _share("max(sold) FILTER (sold > 0)", _NAMED_SALES), 12, SALES, SOLD),
    Indicator("top5_customers_share_r12", "前五大客户占比", "bp", "party",
              _share("list_sum(max(sold, 5) FILTER (sold > 0))", _NAMED_SALES), 12, SALES, SOLD),
    Indicator("customer_hhi_r12", "客户集中度（HHI）", "bp", "party",
              f"round(1e4 * sum(sold::DOUBLE * sold) FILTER (sold > 0) / nullif(({_NAMED_SALES})::DOUBLE"
              f" * ({_NAMED_SALES}), 0))", 12, SALES, SOLD),
    Indicator("customer_retention", "客户留存率（前12个月的客户近12个月仍有交易）", "bp", "party",
              _share("count(*) FILTER (sold_before > 0 AND sold > 0)", "count(*) FILTER (sold_before > 0)"), 24, SALES,
              "side = 'sale' AND state = 'valid' AND ago < 24", needs=24),
    Indicator("top_supplier_share_r12", "第一大供应商占比", "bp", "party",
              _share("max(bought) FILTER (bought > 0)", _NAMED_PURCHASES), 12, PURCHASES, BOUGHT),
    Indicator("top5_suppliers_share_r12", "前五大供应商占比", "bp", "party",
              _share("list_sum(max(bought, 5) FILTER (bought > 0))", _NAMED_PURCHASES), 12, PURCHASES, BOUGHT),
    Indicator("purchase_to_sales_r12", "购销比（采购额/销售额）", "bp", "by_month",
              f"CASE WHEN {_SOLD_R12} > 0 THEN round(1e4 * {_sum('purchases_fen', 'ago < 12')} / {_SOLD_R12}) END",
              12, SALES + PURCHASES, f"({SOLD}) OR ({BOUGHT})"),
    Indicator("two_way_share_r12", "对开占比（既是客户又是供应商的销售额）", "bp", "party",
              _share("coalesce(sum(sold) FILTER (sold > 0 AND bought > 0), 0)", _NAMED_SALES),
              12, SALES + PURCHASES, f"({SOLD}) OR ({BOUGHT})"),
    Indicator("month_end_share_r12", "月末三日开票占比", "bp", "fact_row",
              _share(f"coalesce(sum(net_fen) FILTER ({SOLD} AND net_fen > 0 AND last_day(day) - day < 3), 0)",
                     f"sum(net_fen) FILTER ({SOLD} AND net_fen > 0)"), 12, SALES, SOLD),
)  # fmt: skip

INVOICES = Source(
    category=Category.INVOICES,
    department_label="税务局",
    feeds=SALES + PURCHASES,
    rows=ROWS,
    stages=(("by_month", BY_MONTH), ("party", PARTY), ("idle_run", IDLE_RUN)),
    indicators=INDICATORS,
    series=("sales_fen", "purchases_fen", "sales_count", "purchases_count"),
)
