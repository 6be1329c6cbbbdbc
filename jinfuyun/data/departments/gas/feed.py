"""Gas used, per account and month, of enterprises that consented."""

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
)
from jinfuyun.kit.grant import Category

GAS = Feed(
    name="gas",
    label="用气量",
    department="gas",
    department_label="燃气企业",
    access=Access.CONSENTED,
    category=Category.GAS,
    legal_basis=CONSENT,
    owner="客户服务部",
    cadence="每月抄表后增量",
    lateness_days=40,
    retention_months=60,
    used_by=("信用报告·水电气", "水电气指标", "评分"),
    columns=(
        CUSTOMER,
        Column("supplier", "供气单位", Kind.TEXT),  # an account number is unique only with its supplier
        Column("account", "户号", Kind.CODE, aliases=("用气户号",)),
        Column("used_on", "用气月份", Kind.PERIOD, aliases=("抄表月份", "抄表日期")),
        Column("cubic_metres", "用气量", Kind.QUANTITY, aliases=("用气量（立方米）", "用气量(立方米)")),
        Column("charge_fen", "气费", Kind.MONEY, aliases=("应收气费",), needed=False),
        Column("owed_fen", "欠费金额", Kind.MONEY, needed=False),
        UPDATED_AT,
    ),
    enterprise="customer",
    key=("uscc", "supplier", "account", "used_on"),
    dated_by="used_on",
    by_month=True,
    rules=(
        Rule("use_negative", "cubic_metres >= 0", "“用气量”是负数"),
        Rule("owed_negative", "coalesce(owed_fen, 0) >= 0", "“欠费金额”是负数"),
    ),
    ignored=NAMES,
)
