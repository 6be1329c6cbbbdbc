"""Electricity, water and gas: all accounts of the enterprise together, month by month."""

from jinfuyun.data.departments.registry import FEEDS
from jinfuyun.data.indicators.borrowed import SALES, invoiced
from jinfuyun.data.indicators.contract import Indicator, Series, Source, Stage
from jinfuyun.data.indicators.expressions import BEFORE, MONTH_BIT, NOW, change, known_if, months_of, unbroken
from jinfuyun.kit.grant import Category


def _month(feed: str, column: str) -> str:
    """For showing. A month nobody read is unknown, not zero: only months with a reading stand here."""
    return f"""
        SELECT id, ago, sum({column}) AS {column}, CAST(sum(charge_fen) AS BIGINT) AS charge_fen
        FROM {feed}_row GROUP BY id, ago"""


def _source(category: Category, word: str, column: str, months_name: str, *more: Indicator,
            stages: tuple[Stage, ...] = ()) -> Source:  # fmt: skip
    """`word`: 电, 水, 气; `column`: the quantity, which names the indicators."""
    feed, unit = str(category), "kwh" if column == "kwh" else "m3"
    name = column if column == "kwh" else f"{feed}_m3"
    f, feeds = feed, (feed,)
    used = Stage(f"{f}_used", f"SELECT id, ago, {column}, owed_fen, {MONTH_BIT} AS bit FROM {feed}_row", sums=(
        (f"{f}_rows", f"count(*) FILTER ({NOW})"), (f"{f}_rows_24", "count(*) FILTER (ago < 24)"),
        (f"{f}_read", months_of(NOW)), (f"{f}_read_before", months_of(BEFORE)),
        (f"{f}_active", months_of(f"{NOW} AND {column} > 0")),
        (f"{f}_active_3m", months_of("ago < 3")), (f"{f}_active_3m_before", months_of("ago BETWEEN 12 AND 14")),
        (f"{f}_owing", months_of(f"{NOW} AND owed_fen > 0")),
    ), values=(
        (f"{f}_first_ago", "max(ago)"), (f"{f}_now", f"sum({column}) FILTER ({NOW})"),
        (f"{f}_before", f"sum({column}) FILTER ({BEFORE})"), (f"{f}_3m", f"sum({column}) FILTER (ago < 3)"),
        (f"{f}_3m_before", f"sum({column}) FILTER (ago BETWEEN 12 AND 14)"),
        (f"{f}_mask", f"bit_or(bit) FILTER ({column} > 0)"),
    ))  # fmt: skip
    whole_years = f"{f}_read = 12 AND {f}_read_before = 12"
    indicators = (
        Indicator(f"{name}_r12", f"近12个月用{word}量", unit, f"{f}_now", 12, feeds, f"{f}_rows", 1),
        Indicator(f"{name}_yoy", f"用{word}量同比（近12个月比前12个月）", "bp",
                  known_if(whole_years, change(f"{f}_now", f"{f}_before")), 24, feeds, f"{f}_rows_24", 24,
                  "两年各月都有读数才计算"),
        Indicator(f"{name}_months_r12", f"近12个月有用{word}的月数", "months", f"{f}_active", 12, feeds, f"{f}_rows",
                  1),
        Indicator(months_name, f"连续用{word}月数", "months", f"coalesce({unbroken(f'{f}_mask')}, 0)", 36, feeds,
                  f"{f}_rows_24", 1, "从最近月往前，中断即止，至多 36 个月"),
        Indicator(f"{name}_3m_yoy", f"近3个月用{word}量比去年同期", "bp",
                  known_if(f"{f}_active_3m = 3 AND {f}_active_3m_before = 3", change(f"{f}_3m", f"{f}_3m_before")), 15,
                  feeds, f"{f}_rows_24", 15, "各月都有读数才计算"),
        Indicator(f"{feed}_owed_months_r12", f"近12个月{word}费欠缴月数", "months", f"{f}_owing", 12, feeds,
                  f"{f}_rows", 1),
        *more,
    )  # fmt: skip
    return Source(
        category=category,
        department_label=FEEDS[feed].department_label,
        feeds=feeds,
        stages=(used, Stage(f"{f}_month", _month(feed, column)), *stages),
        indicators=indicators,
        paced_by=feeds,
        first_ago=f"{f}_first_ago",
        series=Series(f"{f}_month", (column, "charge_fen"), silent_is_zero=False),
    )


# Ten thousand yuan are a million fen.
_INTENSITY = known_if(
    "electricity_read = 12 AND electricity_sold_fen > 0",
    "round(CAST(electricity_now AS DOUBLE) * 1e8 / electricity_sold_fen) / 100",
)
ELECTRICITY = _source(
    Category.ELECTRICITY, "电", "kwh", "electricity_months",
    Indicator("kwh_per_10k_sales_r12", "每万元开票销售额用电量", "kwh", _INTENSITY, 12, ("electricity", *SALES),
              "electricity_rows + electricity_sold_rows", 12),
    stages=(invoiced("electricity"),),
)  # fmt: skip
WATER = _source(Category.WATER, "水", "cubic_metres", "water_months")
GAS = _source(Category.GAS, "气", "cubic_metres", "gas_months")
