"""Water used, per account and month, of enterprises that consented."""

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

WATER = Feed(
    name="water",
    label="用水量",
    department="water",
    department_label="供水企业",
    access=Access.CONSENTED,
    category=Category.WATER,
    legal_basis=CONSENT,
    owner="客户服务部",
    cadence="每月抄表后增量",
    lateness_days=40,
    retention_months=60,
    used_by=("信用报告·水电气", "水电气指标", "评分"),
    columns=(
        CUSTOMER,
        Column("supplier", "供水单位", Kind.TEXT),  # an account number is unique only with its supplier
        Column("account", "户号", Kind.CODE, aliases=("用水户号",)),
        Column("used_on", "用水月份", Kind.PERIOD, aliases=("抄表月份", "抄表日期")),
        Column("cubic_metres", "用水量", Kind.QUANTITY, aliases=("用水量（立方米）", "用水量(吨)", "用水量（吨）")),
        Column("charge_fen", "水费", Kind.MONEY, aliases=("应收水费",), needed=False),
        Column("owed_fen", "欠费金额", Kind.MONEY, needed=False),
        UPDATED_AT,
    ),
    enterprise="customer",
    key=("uscc", "supplier", "account", "used_on"),
    dated_by="used_on",
    by_month=True,
    rules=(
        Rule("use_negative", "cubic_metres >= 0", "“用水量”是负数"),
        Rule("owed_negative", "coalesce(owed_fen, 0) >= 0", "“欠费金额”是负数"),
    ),
    ignored=NAMES,
)
