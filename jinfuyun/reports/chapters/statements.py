"""财务报表, behind 8: as filed with the tax bureau, audited by nobody."""

from jinfuyun.kit.grant import Category
from jinfuyun.reports.chapters.contract import Chapter, Group, Takes

STATEMENTS = Chapter(
    "8A", "statements", "财务报表（自行申报）",
    takes=(
        Takes(
            Category.STATEMENTS, rest=True,
            groups=(
                Group("偿债", ("debt_ratio", "current_ratio", "equity_fen", "interest_bearing_debt_to_sales")),
                Group("盈利", (
                    "revenue_year_fen", "revenue_yoy", "gross_margin", "net_margin", "research_share",
                )),
            ),
            lists=("balance_sheets", "profit_statements"),
        ),
    ),
    note="本章为企业向税务机关自行申报的报表，未经审计。指标取最近一期报表，年度指标取最近一份完整年度的报表，所属期见下表。",
)  # fmt: skip
