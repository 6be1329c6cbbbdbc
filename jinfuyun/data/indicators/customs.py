"""What was sent abroad and brought in, by the entries of customs."""

from jinfuyun.data.indicators.contract import Indicator, Series, Source, Stage
from jinfuyun.data.indicators.expressions import BEFORE, MONTH_BIT, NOW, change, months_of, share
from jinfuyun.kit.grant import Category

FEEDS_ = ("customs_declarations",)

TRADE_MONTH = """
    SELECT id, ago, CAST(coalesce(sum(cny_fen) FILTER (export), 0) AS BIGINT) AS export_fen,
        CAST(coalesce(sum(cny_fen) FILTER (NOT export), 0) AS BIGINT) AS import_fen
    FROM traded GROUP BY id, ago
"""
MARKET = """
    SELECT id, country, sum(usd_cents) AS usd_cents FROM customs_declarations_row
    WHERE direction = 'export' AND ago < 12 GROUP BY id, country
"""

CUSTOMS = Source(
    category=Category.CUSTOMS,
    department_label="海关",
    feeds=FEEDS_,
    stages=(
        Stage("traded", f"SELECT id, ago, declared_on, usd_cents, cny_fen, direction = 'export' AS export,"
              f" {MONTH_BIT} AS bit FROM customs_declarations_row", sums=(
            ("export_now", f"sum(usd_cents) FILTER (export AND {NOW})"),
            ("export_before", f"sum(usd_cents) FILTER (export AND {BEFORE})"),
            ("export_now_fen", f"sum(cny_fen) FILTER (export AND {NOW})"),
            ("import_now_fen", f"sum(cny_fen) FILTER (NOT export AND {NOW})"),
            ("export_rows", f"count(*) FILTER (export AND {NOW})"),
            ("export_rows_24", "count(*) FILTER (export AND ago < 24)"),
            ("import_rows", f"count(*) FILTER (NOT export AND {NOW})"),
            ("export_active", months_of(f"export AND {NOW}")),
        ), values=(("trade_first_ago", "max(ago)"), ("last_export_on", "max(CASE WHEN export THEN declared_on END)"))),
        Stage("trade_month", TRADE_MONTH),
        Stage("export_market", MARKET, sums=(
            ("markets", "count(*)"), ("market_usd", "sum(usd_cents)"), ("market_largest", "max(usd_cents)"),
        )),
    ),
    indicators=(
        Indicator("export_r12", "近12个月出口额（美元）", "usd_cents", "export_now", 12, FEEDS_, "export_rows", 1),
        Indicator("export_r12_fen", "近12个月出口额（人民币）", "fen", "export_now_fen", 12, FEEDS_, "export_rows", 1),
        Indicator("export_yoy", "出口额同比（近12个月比前12个月）", "bp", change("export_now", "export_before"), 24,
                  FEEDS_,
                  "export_rows_24", 24, "按美元计"),
        Indicator("export_months_r12", "近12个月有出口的月数", "months", "export_active", 12, FEEDS_, "export_rows", 1),
        Indicator("export_markets_r12", "近12个月出口国家（地区）数", "count", "markets", 12, FEEDS_, "export_rows", 1),
        Indicator("top_market_share_r12", "第一大出口市场占比", "bp", share("market_largest", "market_usd"), 12, FEEDS_,
                  "export_rows", 1),
        Indicator("days_since_export", "距最近一次出口申报天数", "days", "date_diff('day', last_export_on, cut_day)", 0,
                  FEEDS_, "export_rows", 1),
        Indicator("import_r12_fen", "近12个月进口额（人民币）", "fen", "import_now_fen", 12, FEEDS_, "import_rows", 1),
    ),
    paced_by=FEEDS_,
    first_ago="trade_first_ago",
    series=Series("trade_month", ("export_fen", "import_fen"), silent_is_zero=True),
)  # fmt: skip
