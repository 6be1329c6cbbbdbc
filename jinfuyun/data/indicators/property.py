"""Mortgages of real estate that are registered and not ended."""

from jinfuyun.data.indicators.contract import Indicator, Listing, Source, Stage
from jinfuyun.data.indicators.expressions import known_if, share
from jinfuyun.kit.grant import Category

MORTGAGED = ("mortgages",)
_STANDS = "ended_on IS NULL"

PROPERTY = Source(
    category=Category.PROPERTY,
    department_label="自然资源和规划局",
    feeds=MORTGAGED,
    stages=(
        # One certificate may cover several units, and states the secured amount with each of them.
        Stage("mortgage", f"""
            SELECT id, certificate, max(secured_fen) AS secured_fen, sum(valued_fen) AS valued_fen,
                count(valued_fen) AS valued_units, count(*) AS units,
                count(*) FILTER (use = 'industry') AS industrial_units, min(ago) AS ago
            FROM mortgages_row WHERE {_STANDS} GROUP BY id, certificate""", sums=(
            ("mortgages_now", "count(*)"), ("mortgaged_units", "sum(units)"), ("secured", "sum(secured_fen)"),
            ("valued", "sum(valued_fen)"), ("valued_units_sum", "sum(valued_units)"),
            ("industrial_sum", "sum(industrial_units)"), ("mortgages_new", "count(*) FILTER (ago < 12)"),
        )),
    ),
    indicators=(
        Indicator("mortgages_in_force", "有效不动产抵押登记数", "count", "mortgages_now", 0, MORTGAGED,
                  "mortgaged_units"),
        Indicator("mortgage_secured_fen", "抵押担保的主债权数额", "fen", "secured", 0, MORTGAGED, "mortgaged_units"),
        Indicator("mortgage_loan_to_value", "抵押债权占评估价值", "bp",
                  known_if("valued_units_sum = mortgaged_units", share("secured", "valued")), 0, MORTGAGED,
                  "mortgaged_units", definition="每一不动产单元都有评估价值才计算"),
        Indicator("mortgaged_industrial_units", "已抵押的工业不动产单元数", "count", "industrial_sum", 0, MORTGAGED,
                  "mortgaged_units"),
        Indicator("mortgages_new_r12", "近12个月新增抵押登记数", "count", "mortgages_new", 12, MORTGAGED,
                  "mortgages_new"),
    ),
    lists=(Listing("mortgages", ("location", "use", "area_m2", "mortgagee", "secured_fen", "valued_fen",
                                 "registered_on", "debt_until"), _STANDS),),
)  # fmt: skip
