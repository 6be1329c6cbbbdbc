"""Social insurance and the housing fund: how many people, what for them was due, and was it paid."""

from jinfuyun.data.indicators.borrowed import SALES, invoiced
from jinfuyun.data.indicators.contract import Indicator, Series, Source, Stage
from jinfuyun.data.indicators.expressions import MONTH_BIT, NOW, change, known_if, months_of, per, rounded, share
from jinfuyun.kit.grant import Category

INSURANCE, FUND = ("social_insurance",), ("housing_fund",)

# People are counted in the pension insurance alone: whoever is insured stands there once, in every kind again.
INSURED_ROWS = f"""
    SELECT id, ago, due_fen, paid_fen, {MONTH_BIT} AS bit, CASE WHEN insurance = 'pension' THEN heads END AS heads,
        CASE WHEN insurance = 'pension' THEN base_fen END AS base_fen
    FROM social_insurance_row"""
FUND_ROWS = f"""
    SELECT id, ago, due_fen, paid_fen, {MONTH_BIT} AS bit, heads, unit_percent
    FROM housing_fund_row WHERE state <> 'closed'"""


def _people(prefix: str, rows: str, *more: tuple[str, str]) -> tuple[Stage, Stage]:
    """Sums that insurance and fund have in common, of months that were delivered only; and the months for showing."""
    summed = Stage(f"{prefix}_row", rows, sums=(
        (f"{prefix}_heads", f"sum(heads) FILTER ({NOW})"), (f"{prefix}_months",
        months_of(f"heads IS NOT NULL AND {NOW}")),
        (f"{prefix}_rows", f"count(*) FILTER ({NOW})"), (f"{prefix}_rows_24", "count(*) FILTER (ago < 24)"),
        (f"{prefix}_owed_months", months_of("ago < 24 AND paid_fen < due_fen")),
        (f"{prefix}_owed", "sum(due_fen - paid_fen) FILTER (ago < 24)"),
    ), values=(
        (f"{prefix}_first_ago", "max(ago)"), (f"{prefix}_heads_now", "sum(heads) FILTER (ago = 0)"),
        (f"{prefix}_heads_before", "sum(heads) FILTER (ago = 12)"), *more,
    ))  # fmt: skip
    month = f"""
        SELECT id, ago, CAST(sum(heads) AS BIGINT) AS heads, CAST(sum(due_fen) AS BIGINT) AS due_fen,
            CAST(sum(paid_fen) AS BIGINT) AS paid_fen FROM {prefix}_row GROUP BY id, ago"""
    return summed, Stage(f"{prefix}_month", month)


SOCIAL_INSURANCE = Source(
    category=Category.SOCIAL_INSURANCE,
    department_label="人力资源和社会保障局",
    feeds=INSURANCE,
    stages=(
        *_people("insured", INSURED_ROWS, ("insured_base", f"sum(base_fen) FILTER ({NOW})"),
                 ("insured_base_heads", f"sum(heads) FILTER ({NOW} AND base_fen IS NOT NULL)")),
        invoiced("insured"),
    ),
    indicators=(
        Indicator("insured_people", "近12个月平均参保人数", "people", per("insured_heads", "insured_months"), 12,
                  INSURANCE,
                  "insured_rows", 1, "职工基本养老保险缴费人数，只计有数据的月份"),
        Indicator("insured_people_now", "最近月参保人数", "people", "insured_heads_now", 1, INSURANCE, "insured_rows",
                  1),
        Indicator("insured_people_change", "参保人数比去年同月", "bp", change("insured_heads_now",
                  "insured_heads_before"),
                  13, INSURANCE, "insured_rows_24", 13),
        Indicator("insurance_owed_months_r24", "近24个月社保欠缴月数", "months", "insured_owed_months", 24, INSURANCE,
                  "insured_rows_24", 1),
        Indicator("insurance_owed_fen", "近24个月社保欠缴金额", "fen", "insured_owed", 24, INSURANCE,
                  "insured_rows_24", 1),
        Indicator("insurance_base_fen", "近12个月人均月缴费基数", "fen", per("insured_base", "insured_base_heads"), 12,
                  INSURANCE, "insured_rows", 1),
        Indicator("sales_per_head_r12", "近12个月人均开票销售额", "fen",
                  known_if("insured_heads > 0",
                           rounded("CAST(insured_sold_fen AS DOUBLE) * insured_months / insured_heads")), 12,
                  INSURANCE + SALES, "insured_rows + insured_sold_rows", 1, "开票销售额除以平均参保人数"),
    ),
    paced_by=INSURANCE,
    first_ago="insured_first_ago",
    series=Series("insured_month", ("heads", "due_fen", "paid_fen"), silent_is_zero=False),
)  # fmt: skip

HOUSING_FUND = Source(
    category=Category.HOUSING_FUND,
    department_label="住房公积金中心",
    feeds=FUND,
    stages=(
        *_people("fund", FUND_ROWS, ("fund_rate", "max(unit_percent) FILTER (ago = 0)")),
        Stage("fund_insured", "SELECT id, heads FROM social_insurance_row WHERE insurance = 'pension' AND ago = 0",
              sums=(("fund_insured_heads", "sum(heads)"), ("fund_insured_rows", "count(*)"))),
    ),
    indicators=(
        Indicator("fund_people", "近12个月平均公积金缴存人数", "people", per("fund_heads", "fund_months"), 12, FUND,
                  "fund_rows", 1),
        Indicator("fund_people_change", "公积金缴存人数比去年同月", "bp", change("fund_heads_now",
                  "fund_heads_before"), 13,
                  FUND, "fund_rows_24", 13),
        Indicator("fund_owed_months_r24", "近24个月公积金欠缴月数", "months", "fund_owed_months", 24, FUND,
                  "fund_rows_24", 1),
        Indicator("fund_percent", "单位缴存比例", "bp", rounded("fund_rate * 100"), 1, FUND, "fund_rows", 1),
        Indicator("fund_to_insured_share", "公积金缴存人数占参保人数", "bp", share("fund_heads_now",
                  "fund_insured_heads"), 1,
                  FUND + INSURANCE, "fund_rows + fund_insured_rows", 1),
    ),
    paced_by=FUND,
    first_ago="fund_first_ago",
    series=Series("fund_month", ("heads", "due_fen", "paid_fen"), silent_is_zero=False),
)  # fmt: skip
