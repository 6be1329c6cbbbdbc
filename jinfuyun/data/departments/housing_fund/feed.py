"""Housing fund contributions, month by month, of enterprises that consented."""

from jinfuyun.data.departments.contract import (
    CONSENT,
    CUSTOMER,
    NAMES,
    UPDATED_AT,
    Access,
    Column,
    Feed,
    Kind,
    Rule,
    coded,
)
from jinfuyun.kit.grant import Category

HOUSING_FUND = Feed(
    name="housing_fund",
    label="住房公积金缴存",
    department="housing_fund",
    department_label="住房公积金中心",
    access=Access.CONSENTED,
    category=Category.HOUSING_FUND,
    legal_basis=CONSENT,
    owner="归集管理处",
    cadence="每月增量",
    lateness_days=40,
    retention_months=60,
    used_by=("信用报告·公积金", "公积金指标", "评分"),
    columns=(
        CUSTOMER,
        Column("unit_account", "单位账号", Kind.CODE, aliases=("单位公积金账号",)),
        Column("month_end", "汇缴年月", Kind.PERIOD, aliases=("缴存月份",)),
        Column("heads", "缴存人数", Kind.COUNT),
        Column("unit_percent", "单位缴存比例", Kind.QUANTITY, aliases=("单位缴存比例（%）",), needed=False),
        Column("due_fen", "应缴金额", Kind.MONEY),
        Column("paid_fen", "实缴金额", Kind.MONEY),
        Column("paid_on", "到账日期", Kind.DATE, aliases=("缴存日期",), needed=False),
        # 单位账户状态.
        Column("state", "缴存状态", Kind.CHOICE, aliases=("单位账户状态",), choices=coded(
            ("01", "正常", "normal"), ("02", "开户", "opened"), ("03", "缓缴", "deferred"), ("04", "销户", "closed"),
            ("05", "封存", "sealed"))),
        UPDATED_AT,
    ),
    enterprise="customer",
    key=("uscc", "unit_account", "month_end"),
    dated_by="month_end",
    by_month=True,
    rules=(
        Rule("heads_negative", "heads >= 0", "“缴存人数”是负数"),
        # The regulation leaves 5 to 12 per cent; less in hardship, with approval.
        Rule("percent_impossible", "unit_percent IS NULL OR unit_percent BETWEEN 0 AND 12",
             "“单位缴存比例”不在 0 到 12 之间"),
        Rule("paid_over_due", "paid_fen BETWEEN 0 AND due_fen", "“实缴金额”是负数或大于应缴金额"),
    ),
    ignored=NAMES,
)  # fmt: skip
