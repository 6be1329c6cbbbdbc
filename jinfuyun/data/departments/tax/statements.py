"""Financial statements as filed with the tax bureau (自行申报): nobody audited them, and every reader is told so."""

from jinfuyun.data.departments.contract import (
    CONSENT,
    NAMES,
    TAXPAYER,
    UPDATED_AT,
    Access,
    Column,
    Feed,
    Kind,
    Rule,
    coded,
)
from jinfuyun.kit.grant import Category

# 资料报送小类: which accounting rules the form follows.
FORMS = coded(
    ("ZLA0530301", "企业会计准则一般企业", "enterprise"), ("ZLA0530302", "小企业会计准则", "small"),
    ("ZLA0530303", "企业会计制度", "former"),
)  # fmt: skip
_PERIOD = (
    Column("form", "会计准则", Kind.CHOICE, aliases=("资料报送小类", "报表种类"), choices=FORMS, needed=False,
           empty="small"),
    Column("frequency", "报送周期", Kind.CHOICE, choices=coded(
        ("1", "月报", "month"), ("2", "季报", "quarter"), ("4", "年报", "year"))),
    Column("period_from", "所属期起", Kind.DATE, aliases=("税款所属期起",)),
    Column("period_until", "所属期止", Kind.DATE, aliases=("税款所属期止",)),
    Column("filed_on", "报送日期", Kind.DATE, aliases=("申报日期",), needed=False),
)  # fmt: skip
_KEY = ("uscc", "frequency", "period_until")
_ORDER = Rule("period_upside_down", "period_from <= period_until", "“所属期止”早于所属期起")


def _amount(name: str, label: str, *aliases: str, needed: bool = False) -> Column:
    return Column(name, label, Kind.MONEY, aliases=aliases, needed=needed)


def _statement(name: str, label: str, amounts: tuple[Column, ...], rules: tuple[Rule, ...]) -> Feed:
    return Feed(
        name=name,
        label=label,
        department="tax",
        department_label="税务局",
        access=Access.CONSENTED,
        category=Category.STATEMENTS,
        legal_basis=CONSENT,
        owner="征管科技处",
        cadence="每季征期结束后增量，年报每年 6 月",
        lateness_days=100,
        retention_months=60,
        used_by=("信用报告·财务报表", "财务指标", "评分"),
        columns=(TAXPAYER, *_PERIOD, *amounts, UPDATED_AT),
        enterprise="taxpayer",
        key=_KEY,
        dated_by="period_until",
        by_month=True,
        rules=(_ORDER, *rules),
        ignored=NAMES,
    )


# Balances at the end of the period. The pairs of the form (年初余额, 期末余额) come as the latter alone.
BALANCE_SHEETS = _statement(
    "balance_sheets",
    "资产负债表",
    (
        _amount("cash_fen", "货币资金"),
        _amount("receivables_fen", "应收账款"),
        _amount("inventory_fen", "存货"),
        _amount("current_assets_fen", "流动资产合计"),
        _amount("fixed_assets_fen", "固定资产", "固定资产净额", "固定资产账面价值"),
        _amount("assets_fen", "资产总计", "资产合计", needed=True),
        _amount("short_loans_fen", "短期借款"),
        _amount("payables_fen", "应付账款"),
        _amount("current_liabilities_fen", "流动负债合计"),
        _amount("long_loans_fen", "长期借款"),
        _amount("liabilities_fen", "负债合计", needed=True),
        _amount("capital_fen", "实收资本", "实收资本（或股本）"),
        _amount("retained_fen", "未分配利润"),
        _amount("equity_fen", "所有者权益合计", "所有者权益（或股东权益）合计", needed=True),
    ),
    # To the yuan: some forms are filled without decimals.
    (Rule("does_not_balance", "abs(assets_fen - liabilities_fen - equity_fen) <= 100",
          "“资产总计”不等于负债加所有者权益"),),
)  # fmt: skip

# From the first day of the year to the end of the period (本年累计金额).
PROFIT_STATEMENTS = _statement(
    "profit_statements",
    "利润表",
    (
        _amount("revenue_fen", "营业收入", needed=True),
        _amount("cost_fen", "营业成本"),
        _amount("sales_expense_fen", "销售费用"),
        _amount("administration_fen", "管理费用"),
        _amount("research_fen", "研发费用", "研究费用"),
        _amount("interest_fen", "财务费用", "利息费用"),
        _amount("operating_profit_fen", "营业利润"),
        _amount("total_profit_fen", "利润总额"),
        _amount("income_tax_fen", "所得税费用"),
        _amount("net_profit_fen", "净利润", needed=True),
    ),
    (
        Rule(
            "starts_in_the_year",
            "month(period_from) = 1 AND day(period_from) = 1 AND year(period_from) = year(period_until)",
            "利润表应为本年累计：所属期起须为当年 1 月 1 日",
        ),
    ),
)
