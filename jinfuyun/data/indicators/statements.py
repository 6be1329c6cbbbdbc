"""Financial statements as filed with the tax bureau: nobody audited them, and every figure says so."""

from jinfuyun.data.indicators.contract import Indicator, Listing, Source, Stage
from jinfuyun.data.indicators.expressions import change, known_if, share
from jinfuyun.kit.grant import Category

BALANCE, PROFIT = ("balance_sheets",), ("profit_statements",)
_FILED = "企业自行申报，未经审计"
# A balance older than this says nothing of today; yearly statements come up to half a year after their year.
_BALANCE_MONTHS_MAX, _YEAR_MONTHS_MAX = 15, 18

# Where a month, a quarter and a year end on the same day, the one form counts that is filed for the longest span.
NEWEST_BALANCE = f"""
    SELECT * FROM (SELECT *, row_number() OVER (PARTITION BY id ORDER BY ago, frequency DESC) AS place
        FROM balance_sheets_row) AS placed WHERE place = 1 AND ago < {_BALANCE_MONTHS_MAX}
"""
# Whole years only: a statement up to September says nothing of a year with a season.
WHOLE_YEAR = """
    SELECT * FROM (SELECT *, row_number() OVER (PARTITION BY id, year(period_until) ORDER BY frequency DESC) AS of_form,
            max(year(period_until)) OVER (PARTITION BY id) - year(period_until) AS years_back
        FROM profit_statements_row WHERE month(period_until) = 12) AS yearly
    WHERE of_form = 1
"""


def _value(name: str, column: str, where: str) -> tuple[str, str]:
    return name, f"max({column}) FILTER ({where})"


_LAST, _FORMER = f"years_back = 0 AND ago < {_YEAR_MONTHS_MAX}", f"years_back = 1 AND ago < {_YEAR_MONTHS_MAX + 12}"
_DEBT = "coalesce(short_loans, 0) + coalesce(long_loans, 0)"

STATEMENTS = Source(
    category=Category.STATEMENTS,
    department_label="税务局",
    feeds=BALANCE + PROFIT,
    stages=(
        Stage("newest_balance", NEWEST_BALANCE, sums=(("balance_rows", "count(*)"),), values=tuple(
            (name, f"max({name}_fen)") for name in
            ("assets", "liabilities", "current_assets", "current_liabilities", "short_loans", "long_loans", "equity"))),
        Stage("whole_year", WHOLE_YEAR, sums=(
            ("year_rows", f"count(*) FILTER ({_LAST})"), ("year_rows_before", f"count(*) FILTER ({_FORMER})"),
        ), values=(
            _value("year_revenue", "revenue_fen", _LAST), _value("year_profit", "net_profit_fen", _LAST),
            _value("year_cost", "cost_fen", _LAST), _value("year_research", "research_fen", _LAST),
            _value("revenue_before", "revenue_fen", _FORMER),
        )),
    ),
    indicators=(
        Indicator("debt_ratio", "资产负债率", "bp", share("liabilities", "assets"), 0, BALANCE, "balance_rows", 0,
                  _FILED),
        Indicator("current_ratio", "流动比率", "bp", share("current_assets", "current_liabilities"), 0, BALANCE,
                  "balance_rows", 0, _FILED),
        Indicator("equity_fen", "所有者权益", "fen", "equity", 0, BALANCE, "balance_rows", 0, _FILED),
        Indicator("revenue_year_fen", "最近一年营业收入", "fen", "year_revenue", 0, PROFIT, "year_rows", 0, _FILED),
        Indicator("revenue_yoy", "营业收入同比（最近一年比前一年）", "bp", change("year_revenue", "revenue_before"),
                  0, PROFIT,
                  "year_rows + year_rows_before", 0, _FILED),
        Indicator("net_margin", "净利率（净利润/营业收入）", "bp",
                  known_if("year_revenue > 0", share("year_profit", "year_revenue")), 0, PROFIT, "year_rows", 0,
                  _FILED),
        Indicator("gross_margin", "毛利率", "bp",
                  known_if("year_revenue > 0", share("year_revenue - year_cost", "year_revenue")), 0, PROFIT,
                  "year_rows", 0, _FILED),
        Indicator("research_share", "研发费用占营业收入", "bp",
                  known_if("year_revenue > 0", share("year_research", "year_revenue")), 0, PROFIT, "year_rows", 0,
                  _FILED),
        Indicator("interest_bearing_debt_to_sales", "有息负债/营业收入", "bp",
                  known_if("year_revenue > 0 AND (short_loans IS NOT NULL OR long_loans IS NOT NULL)",
                           share(_DEBT, "year_revenue")), 0, BALANCE + PROFIT, "balance_rows + year_rows", 0,
                  f"短期借款加长期借款；{_FILED}"),
    ),
    lists=(
        Listing("balance_sheets", ("period_until", "frequency", "assets_fen", "liabilities_fen", "equity_fen",
                                   "short_loans_fen", "long_loans_fen")),
        Listing("profit_statements", ("period_until", "frequency", "revenue_fen", "total_profit_fen",
                                      "net_profit_fen")),
    ),
)  # fmt: skip
