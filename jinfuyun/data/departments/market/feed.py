"""Registrations of enterprises, public in full (market regulation)."""

from jinfuyun.data.departments.contract import Access, Column, Derived, Feed, Kind, Rule
from jinfuyun.kit.grant import Category

# 500(万元人民币) · 1,500(万) · 86万人民币 · (万美元) · 12.5万元人民币 …: 万 and a currency, else 人民币.
_CAPITAL = r"^([0-9][0-9,]*(?:\.[0-9]+)?)\s*[(（]?万(?:元)?(.*?)(?:元)?[)）]?$"
_AMOUNT = f"replace(regexp_extract(capital, '{_CAPITAL}', 1), ',', '')"
_CURRENCY = f"regexp_extract(capital, '{_CAPITAL}', 2)"

# What is left of the currency's name without 元.
CURRENCIES = (
    ("", "CNY"),
    ("人民币", "CNY"),
    ("美", "USD"),
    ("港", "HKD"),
    ("港币", "HKD"),
    ("日", "JPY"),
    ("欧", "EUR"),
    ("英镑", "GBP"),
    ("新加坡", "SGD"),
    ("德国马克", "DEM"),
    ("加拿大", "CAD"),
    ("澳大利亚", "AUD"),
)
_CASES = " ".join(f"WHEN '{word}' THEN '{code}'" for word, code in CURRENCIES)

REGISTRATION = Feed(
    name="registration",
    label="企业登记信息",
    department="market",
    department_label="市场监督管理局",
    access=Access.PUBLIC,
    category=Category.REGISTRATION,
    legal_basis="企业信息公示暂行条例",
    owner="登记注册处",
    cadence="每日增量，每月全量",
    retention_months=120,
    columns=(
        Column("uscc", "统一社会信用代码", Kind.USCC),
        Column("name", "企业名称", Kind.TEXT),
        Column("registered_on", "注册日期", Kind.DATE, aliases=("成立日期",)),
        Column("kind", "企业类型", Kind.TEXT, needed=False),
        Column("capital", "注册资金", Kind.TEXT, aliases=("注册资本",), needed=False),
        Column("scope", "经营范围", Kind.TEXT, needed=False),
        Column("region", "地区", Kind.TEXT, aliases=("所属区域",), needed=False),
        Column("address", "注册地址", Kind.TEXT, aliases=("住所",), needed=False),
        Column("legal_representative", "法定代表人", Kind.TEXT, needed=False),
        Column("industry", "行业", Kind.TEXT, aliases=("行业分类",), needed=False),
        Column("nature", "主体性质", Kind.TEXT, aliases=("企业性质",), needed=False),
        Column("status", "登记状态", Kind.TEXT, aliases=("经营状态",), needed=False),
        Column("registration_number", "注册号", Kind.CODE, aliases=("工商注册号",), needed=False),
        Column("updated_at", "更新时间", Kind.MOMENT, needed=False),
    ),
    derived=(
        # Hundredths of the currency's unit, so that fen is the case of CNY.
        Derived("capital_cents", "BIGINT", f"TRY_CAST(TRY_CAST({_AMOUNT} AS DECIMAL(24,6)) * 1000000 AS BIGINT)"),
        Derived("capital_currency", "VARCHAR", f"CASE WHEN {_AMOUNT} <> '' THEN CASE {_CURRENCY} {_CASES} END END"),
    ),
    enterprise="uscc",
    key=("uscc",),
    dated_by="registered_on",
    by_month=False,
    rules=(
        Rule(
            "capital_unreadable",
            "capital IS NULL OR (capital_cents IS NOT NULL AND capital_currency IS NOT NULL)",
            "“注册资金”写法不明，应如 500(万元人民币)",
        ),
        Rule("kind_shifted", "kind IS NULL OR NOT regexp_matches(kind, '[0-9]')", "“企业类型”里有数字，疑似错列"),
    ),
    ignored=("source_year",),
)
