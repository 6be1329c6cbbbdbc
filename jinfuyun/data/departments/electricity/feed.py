"""Electricity used, per account and day or month, of enterprises that consented."""

from jinfuyun.data.departments.contract import (
    CONSENT,
    NAMES,
    UPDATED_AT,
    Access,
    Column,
    Feed,
    Kind,
    Rule,
    Wide,
)
from jinfuyun.kit.grant import Category

ELECTRICITY = Feed(
    name="electricity",
    label="用电量",
    department="electricity",
    department_label="供电公司",
    access=Access.CONSENTED,
    category=Category.ELECTRICITY,
    legal_basis=CONSENT,
    owner="营销部",
    cadence="每月抄表后增量，专变用户每日",
    lateness_days=40,
    retention_months=60,
    used_by=("信用报告·水电气", "用电指标", "评分", "产品准入"),
    columns=(
        Column("customer", "统一社会信用代码", Kind.CODE, aliases=("纳税人识别号", "纳税号", "user_id")),
        Column("account", "户号", Kind.CODE, needed=False, empty=""),
        Column("used_on", "用电日期", Kind.PERIOD, aliases=("用电月份", "date")),
        Column("kwh", "用电量", Kind.QUANTITY, aliases=("用电量（千瓦时）", "用电量(千瓦时)")),
        Column("charge_fen", "电费", Kind.MONEY, needed=False),
        Column("owed_fen", "欠费金额", Kind.MONEY, needed=False),
        UPDATED_AT,
    ),
    enterprise="customer",
    key=("uscc", "account", "used_on"),
    dated_by="used_on",
    by_month=True,
    # The meters' own export has a column a day: 户号, 2026-01-01, 2026-01-02 …
    wide=Wide(header=r"[0-9]{4}[-/]?[0-9]{2}[-/]?[0-9]{2}", day="used_on", value="kwh"),
    rules=(
        Rule("kwh_negative", "kwh >= 0", "“用电量”是负数"),
        Rule("owed_negative", "coalesce(owed_fen, 0) >= 0", "“欠费金额”是负数"),
    ),
    ignored=NAMES,
)
