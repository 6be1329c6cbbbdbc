"""The registration as the registry states it, and how old the enterprise is."""

from jinfuyun.data.departments.registry import FEEDS
from jinfuyun.data.indicators.contract import Indicator, Source
from jinfuyun.kit.grant import Category

RECORD = tuple(name for name in FEEDS["registration"].types if name != "updated_at")

ROWS = f"SELECT registered_on AS day, delivery, 'registration' AS feed, {', '.join(RECORD)} FROM {{registration}}"

INDICATORS = (
    Indicator("age_months", "成立月数", "months", "fact_row", "max(ago)", 0, ("registration",), "true"),
)  # fmt: skip

REGISTRATION = Source(
    category=Category.REGISTRATION,
    department_label="市场监督管理局",
    feeds=("registration",),
    rows=ROWS,
    stages=(),
    indicators=INDICATORS,
    record=RECORD,
)
