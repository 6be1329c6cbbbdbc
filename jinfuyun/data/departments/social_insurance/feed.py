"""Social insurance of the staff, month by month and kind by kind, of enterprises that consented."""

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

SOCIAL_INSURANCE = Feed(
    name="social_insurance",
    label="社会保险缴费",
    department="social_insurance",
    department_label="人力资源和社会保障局",
    access=Access.CONSENTED,
    category=Category.SOCIAL_INSURANCE,
    legal_basis=CONSENT,
    owner="社会保险中心",
    cadence="每月增量",
    lateness_days=40,
    retention_months=60,
    used_by=("信用报告·社保", "社保指标", "评分", "规模划型"),
    columns=(
        CUSTOMER,
        Column("unit_number", "单位编号", Kind.CODE, aliases=("单位社保编号",), needed=False, empty=""),
        Column("month_end", "费款所属期", Kind.PERIOD, aliases=("缴费月份", "所属期")),
        # 险种类型 (AAE140).
        Column("insurance", "险种类型", Kind.CHOICE, aliases=("险种",), choices=coded(
            ("110", "企业职工基本养老保险", "pension"), ("210", "失业保险", "unemployment"),
            ("310", "职工基本医疗保险", "medical"), ("410", "工伤保险", "injury"), ("510", "生育保险", "maternity"))),
        Column("heads", "缴费人数", Kind.COUNT, aliases=("参保人数",)),
        Column("base_fen", "缴费基数", Kind.MONEY, aliases=("缴费工资总额",), needed=False),
        Column("due_fen", "应缴金额", Kind.MONEY),
        Column("paid_fen", "实缴金额", Kind.MONEY),
        Column("paid_on", "到账日期", Kind.DATE, needed=False),
        UPDATED_AT,
    ),
    enterprise="customer",
    key=("uscc", "unit_number", "insurance", "month_end"),
    dated_by="month_end",
    by_month=True,
    rules=(
        Rule("heads_negative", "heads >= 0", "“缴费人数”是负数"),
        Rule("money_negative", "due_fen >= 0 AND paid_fen >= 0", "金额是负数"),
        Rule("paid_over_due", "paid_fen <= due_fen", "“实缴金额”大于应缴金额"),
    ),
    ignored=NAMES,
)  # fmt: skip
