"""Invoices: sold and bought, excluding VAT; valid blue minus red; voided ones count only in the share of voided."""

from jinfuyun.data.indicators.contract import Indicator, Series, Source, Stage
from jinfuyun.data.indicators.expressions import BEFORE, MONTH_BIT, NOW, change, known_if, months_of, per, share
from jinfuyun.data.indicators.festivals import festivals
from jinfuyun.kit.grant import Category

SALES, PURCHASES = ("sales_invoices",), ("purchase_invoices",)
MONTH_END_DAYS = 3

# Just under what one invoice of the 万元, 十万元, 百万元 kinds may bear (fen): who writes many such may be splitting.
_CEILINGS_FEN = (1_000_000, 10_000_000, 100_000_000)
_AT_CEILING = " OR ".join(f"net_fen BETWEEN {fen // 100 * 99} AND {fen}" for fen in _CEILINGS_FEN)

_VALID, _BLUE = "state = 'valid'", "state = 'valid' AND net_fen > 0"
_SOLD = f"""
    SELECT id, ago, issued_on, net_fen, state = 'void' OR net_fen < 0 AS bad, {MONTH_BIT} AS bit,
        CASE WHEN {_VALID} THEN net_fen END AS valid_fen, CASE WHEN {_BLUE} THEN net_fen END AS blue_fen
    FROM sales_invoices_row"""

# The same month of this year and of the year before, side by side.
SALES_SEASON = f"""
    SELECT id, ago % 12 AS season, CAST(sum(CASE WHEN ago < 12 THEN net_fen ELSE 0 END) AS BIGINT) AS now_fen,
        CAST(sum(CASE WHEN ago < 12 THEN 0 ELSE net_fen END) AS BIGINT) AS before_fen
    FROM sales_invoices_row WHERE {_VALID} AND ago < 24 GROUP BY id, ago % 12
"""

# For showing: nothing is measured of it.
BY_MONTH = f"""
    SELECT id, ago, sum(CASE WHEN side = 'sale' THEN net_fen ELSE 0 END) AS sales_fen,
        sum(CASE WHEN side = 'purchase' THEN net_fen ELSE 0 END) AS purchases_fen,
        count(CASE WHEN side = 'sale' AND net_fen > 0 THEN 1 END) AS sales_count,
        count(CASE WHEN side = 'purchase' AND net_fen > 0 THEN 1 END) AS purchases_count
    FROM (SELECT id, ago, net_fen, 'sale' AS side FROM sales_invoices_row WHERE {_VALID}
          UNION ALL SELECT id, ago, net_fen, 'purchase' FROM purchase_invoices_row WHERE {_VALID}) AS traded
    GROUP BY id, ago
"""

# Whom it sold to and bought from. One without a number is somebody, but nobody in particular.
PARTY = """
    SELECT id, counterparty, CAST(coalesce(sum(sold_fen), 0) AS BIGINT) AS sold,
        CAST(coalesce(sum(sold_before_fen), 0) AS BIGINT) AS sold_before,
        CAST(coalesce(sum(bought_fen), 0) AS BIGINT) AS bought
    FROM (
        SELECT id, counterparty, CASE WHEN ago < 12 THEN net_fen END AS sold_fen,
            CASE WHEN ago >= 12 THEN net_fen END AS sold_before_fen, NULL AS bought_fen
        FROM sales_invoices_row WHERE state = 'valid' AND counterparty <> '' AND ago < 24
        UNION ALL
        SELECT id, counterparty, NULL, NULL, net_fen
        FROM purchase_invoices_row WHERE state = 'valid' AND counterparty <> '' AND ago < 12
    ) AS dealt GROUP BY id, counterparty
"""


def _largest(column: str) -> str:
    """Of each enterprise the five others with most of `column`."""
    return f"""
        SELECT id, {column} FROM (
            SELECT id, {column}, row_number() OVER (PARTITION BY id ORDER BY {column} DESC) AS place
            FROM party WHERE {column} > 0
        ) AS placed WHERE place <= 5"""


# Days of sale in the year, and a day before and after it; `worked` counts the days outside the festival's months.
SALE_DAY = f"""
    SELECT id, worked, counts, worked - counts - lag(worked) OVER (PARTITION BY id ORDER BY day) AS idle FROM (
        SELECT s.id, s.day, {festivals.worked("s.day")} AS worked, {festivals.counts} AS counts
        FROM (
            SELECT DISTINCT id, issued_on AS day FROM sales_invoices_row
            WHERE ago < 12 AND state = 'valid' AND net_fen > 0
            UNION ALL
            SELECT id, CAST(cut_day + INTERVAL 1 DAY AS DATE) FROM cut
            UNION ALL
            SELECT cut.id, CAST(greatest(CAST(month - INTERVAL 11 MONTH AS DATE),
                CAST(date_trunc('month', least(first_sale_on, first_purchase_on)) AS DATE)) - INTERVAL 1 DAY AS DATE)
            FROM cut LEFT JOIN of_sold ON of_sold.id = cut.id LEFT JOIN of_bought ON of_bought.id = cut.id
        ) AS s LEFT JOIN {festivals.table} ON f.month = CAST(date_trunc('month', s.day) AS DATE)
    ) AS numbered
"""

STAGES = (
    Stage("sold", _SOLD, sums=(
        ("sold_now", f"sum(valid_fen) FILTER ({NOW})"), ("sold_before", f"sum(valid_fen) FILTER ({BEFORE})"),
        ("sold_3m", "sum(valid_fen) FILTER (ago < 3)"),
        ("sold_3m_before", "sum(valid_fen) FILTER (ago BETWEEN 12 AND 14)"),
        ("sold_6m", "sum(valid_fen) FILTER (ago < 6)"), ("sale_months", months_of(f"{NOW} AND blue_fen IS NOT NULL")),
        ("sale_count", f"count(blue_fen) FILTER ({NOW})"), ("sale_rows", f"count(valid_fen) FILTER ({NOW})"),
        ("sale_rows_before", f"count(valid_fen) FILTER ({BEFORE})"),
        ("sale_rows_3m", "count(valid_fen) FILTER (ago < 3)"),
        ("sale_rows_3m_before", "count(valid_fen) FILTER (ago BETWEEN 12 AND 14)"),
        ("written", f"count(*) FILTER ({NOW})"), ("written_bad", f"count(*) FILTER ({NOW} AND bad)"),
        ("written_fen", f"sum(abs(net_fen)) FILTER ({NOW})"),
        ("written_bad_fen", f"sum(abs(net_fen)) FILTER ({NOW} AND bad)"),
        ("sold_blue", f"sum(blue_fen) FILTER ({NOW})"),
        ("sold_month_end",
         f"sum(blue_fen) FILTER ({NOW} AND day(last_day(issued_on)) - day(issued_on) < {MONTH_END_DAYS})"),
        ("sold_at_ceiling", f"sum(blue_fen) FILTER ({NOW} AND ({_AT_CEILING}))"),
    ), values=(
        ("sales_first_ago", "max(ago)"), ("first_sale_on", "min(issued_on)"),
        ("last_sale_on", "max(CASE WHEN blue_fen IS NOT NULL THEN issued_on END)"),
    )),
    Stage("sales_season", SALES_SEASON, sums=(("sold_peak", "max(now_fen)"),), values=(
        ("now_now", "sum(CAST(now_fen AS DOUBLE) * now_fen)"),
        ("now_before", "sum(CAST(now_fen AS DOUBLE) * before_fen)"),
        ("before_before", "sum(CAST(before_fen AS DOUBLE) * before_fen)"),
    )),
    Stage("bought", f"SELECT id, ago, issued_on, CASE WHEN {_VALID} THEN net_fen END AS valid_fen"
          " FROM purchase_invoices_row", sums=(
        ("bought_now", f"sum(valid_fen) FILTER ({NOW})"), ("bought_before", f"sum(valid_fen) FILTER ({BEFORE})"),
        ("purchase_rows", f"count(valid_fen) FILTER ({NOW})"),
        ("purchase_rows_before", f"count(valid_fen) FILTER ({BEFORE})"),
    ), values=(("purchases_first_ago", "max(ago)"), ("first_purchase_on", "min(issued_on)"))),
    Stage("by_month", BY_MONTH),
    Stage("party", PARTY, kept=True, sums=(
        ("customers", "count(*) FILTER (sold > 0)"), ("named_sold", "sum(sold) FILTER (sold > 0)"),
        ("top_sold", "max(sold)"), ("customers_before", "count(*) FILTER (sold_before > 0)"),
        ("customers_kept", "count(*) FILTER (sold_before > 0 AND sold > 0)"),
        ("new_sold", "sum(sold) FILTER (sold > 0 AND sold_before <= 0)"),
        ("suppliers", "count(*) FILTER (bought > 0)"), ("named_bought", "sum(bought) FILTER (bought > 0)"),
        ("top_bought", "max(bought)"), ("two_way_sold", "sum(sold) FILTER (sold > 0 AND bought > 0)"),
    ), values=(("sold_squares", "sum(CAST(sold AS DOUBLE) * sold) FILTER (sold > 0)"),)),
    Stage("top_customer", _largest("sold"), sums=(("top5_sold", "sum(sold)"),)),
    Stage("top_supplier", _largest("bought"), sums=(("top5_bought", "sum(bought)"),)),
    Stage("sale_day", SALE_DAY, values=(("longest_idle", "max(idle)"),)),
)  # fmt: skip

# Sum of squares of the months' distance from their mean; and from what last year's months would have them be.
_SPREAD = "greatest(now_now - CAST(sold_now AS DOUBLE) * sold_now / 12, 0)"
_RATIO = "(CAST(sold_now AS DOUBLE) / sold_before)"
_UNSEASONED = f"greatest(now_now - 2 * {_RATIO} * now_before + {_RATIO} * {_RATIO} * before_before, 0)"


def _variation(squares: str) -> str:
    """Standard deviation of twelve months over their mean."""
    return f"round(1e4 * sqrt({squares} / 11) / (CAST(sold_now AS DOUBLE) / 12))"


_BOTH_YEARS = "sale_rows + sale_rows_before"
_DEALT = "sale_rows + purchase_rows"

INDICATORS = (
    Indicator("sales_r12", "近12个月开票销售额（不含税）", "fen", "sold_now", 12, SALES, "sale_rows", 1,
              "有效蓝字发票金额减红字发票金额，不含作废"),
    Indicator("purchases_r12", "近12个月进项采购额（不含税）", "fen", "bought_now", 12, PURCHASES, "purchase_rows", 1),
    Indicator("sales_yoy", "销售额同比（近12个月比前12个月）", "bp", change("sold_now", "sold_before"), 24, SALES,
              _BOTH_YEARS, 24),
    Indicator("sales_3m_yoy", "近3个月销售额比去年同期", "bp", change("sold_3m", "sold_3m_before"), 15, SALES,
              "sale_rows_3m + sale_rows_3m_before", 15),
    Indicator("sales_half_year_trend", "近6个月销售额比前6个月", "bp", change("sold_6m", "(sold_now - sold_6m)"), 12,
              SALES, "sale_rows", 12),
    Indicator("purchases_yoy", "采购额同比（近12个月比前12个月）", "bp", change("bought_now", "bought_before"), 24,
              PURCHASES, "purchase_rows + purchase_rows_before", 24),
    Indicator("active_months_r12", "近12个月有开票的月数", "months", "sale_months", 12, SALES, "sale_rows", 1),
    Indicator("longest_gap_days_r12", "近12个月最长断票天数", "days", "longest_idle", 12, SALES, "sale_rows", 1,
              "连续没有有效蓝字发票的天数，春节所在月的日子不计"),
    Indicator("sales_variation_r12", "近12个月销售波动（标准差/均值，未季调）", "bp",
              known_if("sold_now > 0", _variation(_SPREAD)), 12, SALES, "sale_rows", 12),
    Indicator("sales_variation_deseasoned_r12", "近12个月销售波动（标准差/均值，按去年同月季调）", "bp",
              known_if("sold_now > 0 AND sold_before > 0", _variation(_UNSEASONED)), 24, SALES, _BOTH_YEARS, 24,
              "各月销售额与按去年同月占比推算数之差的标准差，除以月均销售额"),
    Indicator("peak_month_share_r12", "销售最高月占近12个月比例", "bp", share("sold_peak", "sold_now"), 12, SALES,
              "sale_rows", 12),
    Indicator("days_since_sale", "距最近一次开票天数", "days", "date_diff('day', last_sale_on, cut_day)", 0, SALES,
              "sale_rows", 1, "截至数据截止月末"),
    Indicator("ticket_r12", "近12个月平均每张开票金额", "fen", per("sold_blue", "sale_count"), 12, SALES, "sale_rows",
              1,
              "有效蓝字发票"),
    Indicator("void_and_red_share_r12", "近12个月作废和红冲率（张数）", "bp", share("written_bad", "written"), 12,
              SALES,
              "written", 1),
    Indicator("void_and_red_amount_share_r12", "近12个月作废和红冲率（金额）", "bp",
              share("written_bad_fen", "written_fen"), 12, SALES, "written", 1),
    Indicator("customers_r12", "近12个月客户数", "count", "customers", 12, SALES, "sale_rows", 1,
              "有识别号且净销售为正的购方"),
    Indicator("top_customer_share_r12", "第一大客户占比", "bp", share("top_sold", "named_sold"), 12, SALES,
              "sale_rows", 1),
    Indicator("top5_customers_share_r12", "前五大客户占比", "bp", share("top5_sold", "named_sold"), 12, SALES,
              "sale_rows", 1),
    Indicator("customer_hhi_r12", "客户集中度（HHI）", "bp",
              share("sold_squares", "CAST(named_sold AS DOUBLE) * named_sold"), 12, SALES, "sale_rows", 1),
    Indicator("customer_retention", "客户留存率（前12个月的客户近12个月仍有交易）", "bp",
              share("customers_kept", "customers_before"), 24, SALES, _BOTH_YEARS, 24),
    Indicator("new_customers_share_r12", "新客户销售占比（前12个月没有交易的客户）", "bp", share("new_sold",
              "named_sold"),
              24, SALES, _BOTH_YEARS, 24),
    Indicator("suppliers_r12", "近12个月供应商数", "count", "suppliers", 12, PURCHASES, "purchase_rows", 1),
    Indicator("top_supplier_share_r12", "第一大供应商占比", "bp", share("top_bought", "named_bought"), 12, PURCHASES,
              "purchase_rows", 1),
    Indicator("top5_suppliers_share_r12", "前五大供应商占比", "bp", share("top5_bought", "named_bought"), 12, PURCHASES,
              "purchase_rows", 1),
    Indicator("purchase_to_sales_r12", "购销比（采购额/销售额）", "bp",
              known_if("sold_now > 0", share("bought_now", "sold_now")), 12, SALES + PURCHASES, _DEALT, 1),
    Indicator("two_way_share_r12", "对开占比（既是客户又是供应商的销售额）", "bp", share("two_way_sold",
              "named_sold"), 12,
              SALES + PURCHASES, _DEALT, 1),
    Indicator("month_end_share_r12", "月末三日开票占比", "bp", share("sold_month_end", "sold_blue"), 12, SALES,
              "sale_rows", 1),
    Indicator("ceiling_share_r12", "顶额票占比", "bp", share("sold_at_ceiling", "sold_blue"), 12, SALES, "sale_rows", 1,
              "单张金额达到万元、十万元、百万元版限额 99% 以上的有效蓝字发票"),
)  # fmt: skip

INVOICES = Source(
    category=Category.INVOICES,
    department_label="税务局",
    feeds=SALES + PURCHASES,
    stages=STAGES,
    indicators=INDICATORS,
    paced_by=SALES + PURCHASES,
    first_ago="greatest(sales_first_ago, purchases_first_ago)",
    series=Series("by_month", ("sales_fen", "purchases_fen", "sales_count", "purchases_count"), silent_is_zero=True),
)
