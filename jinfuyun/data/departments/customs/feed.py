"""Customs: entries of enterprises that consented, and the public rating of traders."""

from jinfuyun.data.departments.contract import (
    CONSENT,
    CUSTOMER,
    NAMES,
    UPDATED_AT,
    USCC,
    Access,
    Column,
    Feed,
    Kind,
    Rule,
    coded,
)
from jinfuyun.kit.grant import Category

_DEPARTMENT = "海关"

CUSTOMS_DECLARATIONS = Feed(
    name="customs_declarations",
    label="进出口报关单",
    department="customs",
    department_label=_DEPARTMENT,
    access=Access.CONSENTED,
    category=Category.CUSTOMS,
    legal_basis=CONSENT,
    owner="统计分析处",
    cadence="每月增量",
    lateness_days=40,
    retention_months=60,
    used_by=("信用报告·海关", "海关指标", "产品准入", "评分"),
    columns=(
        CUSTOMER,
        Column("entry_number", "报关单编号", Kind.CODE, aliases=("报关单号",)),
        Column("item_number", "商品项号", Kind.COUNT, needed=False, empty="1"),
        Column("direction", "进出口标志", Kind.CHOICE, choices=coded(("I", "进口", "import"), ("E", "出口",
               "export"))),
        Column("declared_on", "申报日期", Kind.DATE),
        Column("released_on", "放行日期", Kind.DATE, aliases=("结关日期",), needed=False),
        # 监管方式.
        Column("trade_mode", "监管方式", Kind.CHOICE, aliases=("贸易方式",), choices=coded(
            ("0110", "一般贸易", "general"), ("0214", "来料加工", "processing_supplied"),
            ("0615", "进料对口", "processing_imported"), ("1210", "保税电商", "bonded_e_commerce"),
            ("9610", "电子商务", "e_commerce"), ("9710", "跨境电商B2B直接出口", "e_commerce"), ("9999",
            "其他", "other"))),
        # 国别（地区）代码, GB/T 2659 in letters: USA, DEU …
        Column("country", "运抵国（地区）", Kind.CODE, aliases=("贸易国（地区）", "启运国（地区）")),
        Column("goods_code", "商品编号", Kind.CODE, aliases=("HS编码", "税则号列")),
        Column("usd_cents", "美元价", Kind.MONEY, aliases=("统计美元价", "美元总价")),  # cents of USD
        Column("cny_fen", "人民币价", Kind.MONEY, aliases=("人民币总价", "统计人民币价")),
        Column("duty_fen", "税款总额", Kind.MONEY, aliases=("关税及代征税",), needed=False),
        UPDATED_AT,
    ),
    enterprise="customer",
    key=("uscc", "entry_number", "item_number"),
    dated_by="declared_on",
    by_month=True,
    rules=(Rule("value_negative", "usd_cents >= 0 AND cny_fen >= 0", "金额是负数"),),
    ignored=NAMES,
)  # fmt: skip

CUSTOMS_RATINGS = Feed(
    name="customs_ratings",
    label="海关企业信用等级",
    department="customs",
    department_label=_DEPARTMENT,
    access=Access.PUBLIC,
    category=Category.PUBLIC_CREDIT,
    legal_basis="海关注册登记和备案企业信用管理办法",
    owner="企业管理和稽查处",
    cadence="每月全量",
    lateness_days=40,
    retention_months=60,
    used_by=("信用报告·海关", "产品准入"),
    columns=(
        USCC,
        Column("customs_code", "海关注册编码", Kind.CODE, aliases=("海关备案编码",)),
        Column("rating", "信用等级", Kind.CHOICE, choices=coded(
            ("4", "高级认证企业", "advanced"), ("3", "注册登记和备案企业", "registered"), ("1", "失信企业",
            "dishonest"))),
        Column("rated_on", "认定日期", Kind.DATE, aliases=("适用日期",)),
        UPDATED_AT,
    ),
    enterprise="uscc",
    key=("uscc",),
    dated_by="rated_on",
    by_month=False,
    ignored=NAMES,
)  # fmt: skip
