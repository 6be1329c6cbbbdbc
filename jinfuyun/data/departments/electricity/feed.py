"""Electricity used, per account and day or month, of enterprises that consented."""

from jinfuyun.data.departments.contract import Access, Column, Feed, Kind, Rule
from jinfuyun.kit.grant import Category

ELECTRICITY = Feed(
    name="electricity",
    label="用电量",
    department="electricity",
    department_label="供电公司",
    access=Access.CONSENTED,
    category=Category.ELECTRICITY,
    legal_basis="企业授权（数据采集查询授权书）",
    owner="营销部",
    cadence="每月",
    retention_months=60,
    columns=(
        Column("customer", "统一社会信用代码", Kind.CODE, aliases=("纳税人识别号", "纳税号", "user_id")),
        Column("account", "户号", Kind.CODE, needed=False, empty=""),
        Column("used_on", "用电日期", Kind.PERIOD, aliases=("用电月份", "date")),
        Column("kwh", "用电量", Kind.QUANTITY, aliases=("用电量（千瓦时）", "用电量(千瓦时)")),
        Column("charge_fen", "电费", Kind.MONEY, needed=False),
        Column("updated_at", "更新时间", Kind.MOMENT, needed=False),
    ),
    enterprise="customer",
    key=("uscc", "account", "used_on"),
    dated_by="used_on",
    by_month=True,
    rules=(Rule("kwh_negative", "kwh >= 0", "“用电量”是负数"),),
)
