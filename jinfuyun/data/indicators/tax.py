"""The tax file: what was declared and when, what was paid, how it is graded, what is owed, what was violated."""

from jinfuyun.data.indicators.borrowed import SALES, invoiced
from jinfuyun.data.indicators.contract import Indicator, Listing, Series, Source, Stage
from jinfuyun.data.indicators.expressions import (
    BEFORE,
    ENDED,
    MONTH_BIT,
    NOW,
    STANDS,
    change,
    known_if,
    months_of,
    share,
)
from jinfuyun.kit.grant import Category

DECLARED, PAID, GRADED = ("tax_declarations",), ("tax_payments",), ("tax_grades",)
ARREARS, VIOLATIONS = ("tax_arrears",), ("tax_violations",)

# An obligation is a tax and a period; whoever declares quarterly has one a quarter. Not yet due is neither kept nor
# missed. `sales_fen` of VAT alone: other taxes state the same sales again.
DECLARED_ROWS = f"""
    SELECT id, ago, due_on <= cut_day AS due, declared_on IS NULL AS missed, declared_on <= due_on AS on_time,
        tax_kind = 'vat' AND declared_on IS NOT NULL AS vat, sales_fen, {MONTH_BIT} AS bit
    FROM tax_declarations_row"""

# Only of the few who missed any; a period that was not due (quarterly filers) neither counts nor breaks a run.
MISSED_RUN = f"""
    SELECT id, count(*) AS length FROM (
        SELECT id, missed, row_number() OVER (PARTITION BY id ORDER BY ago)
            - row_number() OVER (PARTITION BY id, missed ORDER BY ago) AS island
        FROM (SELECT id, ago, (missed_mask & bit) > 0 AS missed
              FROM of_declared JOIN (VALUES {", ".join(f"({n}, {1 << n})" for n in range(24))}) AS m(ago, bit)
              ON (due_mask & bit) > 0 WHERE missed_mask > 0) AS periods
    ) AS runs WHERE missed GROUP BY id, island
"""

PAID_ROWS = f"""
    SELECT id, ago, payment_kind, paid_fen, payment_kind IN ('tax', 'refund') AS tax, {MONTH_BIT} AS bit
    FROM tax_payments_row"""

# For showing: what was declared for a month, and what was paid in it.
TAX_BY_MONTH = """
    SELECT id, ago, CAST(sum(declared_fen) AS BIGINT) AS declared_fen, CAST(sum(tax_fen) AS BIGINT) AS tax_fen
    FROM (SELECT id, ago, sales_fen AS declared_fen, NULL AS tax_fen FROM declared WHERE vat
          UNION ALL SELECT id, ago, NULL, paid_fen FROM paid WHERE tax) AS both_kinds
    GROUP BY id, ago
"""

NEWEST_GRADE = """
    SELECT g.id, g.grade, g.of_year FROM tax_grades_row g
    JOIN (SELECT id, max(of_year) AS newest FROM tax_grades_row GROUP BY id) AS n
    ON g.id = n.id AND g.of_year = n.newest
"""

# The newest median of its industry that was closed by the end of the figures, unless it is over a year old.
COMPARED = """
    SELECT c.id, p.burden_bp, p.told FROM cut c JOIN peers p ON p.uscc = c.uscc
    JOIN (SELECT c.id, max(p.month) AS newest FROM cut c JOIN peers p ON p.uscc = c.uscc
          WHERE p.month <= c.cut_day AND p.month > c.cut_day - INTERVAL 12 MONTH GROUP BY c.id) AS n
    ON n.id = c.id AND n.newest = p.month
"""

STAGES = (
    Stage("declared", DECLARED_ROWS, sums=(
        ("declared_now", f"sum(sales_fen) FILTER (vat AND {NOW})"),
        ("declared_before", f"sum(sales_fen) FILTER (vat AND {BEFORE})"),
        ("vat_periods", f"count(*) FILTER (vat AND {NOW})"), ("vat_periods_before",
        f"count(*) FILTER (vat AND {BEFORE})"),
        ("vat_zero_periods", f"count(*) FILTER (vat AND {NOW} AND sales_fen = 0)"),
        ("due_24", "count(*) FILTER (due AND ago < 24)"), ("on_time_24",
        "count(*) FILTER (due AND on_time AND ago < 24)"),
        ("missed_periods", months_of("due AND missed AND ago < 24")),
    ), values=(
        ("declared_first_ago", "max(ago)"), ("due_mask", "bit_or(bit) FILTER (due AND ago < 24)"),
        ("missed_mask", "bit_or(bit) FILTER (due AND missed AND ago < 24)"),
    )),
    Stage("missed_run", MISSED_RUN, sums=(("longest_missed", "max(length)"),)),
    Stage("paid", PAID_ROWS, sums=(
        ("tax_now", f"sum(paid_fen) FILTER (tax AND {NOW})"), ("tax_rows", f"count(*) FILTER (tax AND {NOW})"),
        ("tax_before", f"sum(paid_fen) FILTER (tax AND {BEFORE})"),
        ("tax_rows_before", f"count(*) FILTER (tax AND {BEFORE})"),
        ("taxed_months", months_of(f"payment_kind = 'tax' AND paid_fen > 0 AND {NOW}")),
        ("late_fees", "count(*) FILTER (payment_kind = 'late_fee' AND ago < 24)"),
    ), values=(("paid_first_ago", "max(ago)"),)),
    Stage("tax_by_month", TAX_BY_MONTH),
    Stage("newest_grade", NEWEST_GRADE, sums=(("grade_rows", "count(*)"),), values=(("grade_now", "max(grade)"),)),
    Stage("graded", "SELECT id, grade, year(cut_day) - year(of_year) AS years_ago FROM tax_grades_row", sums=(
        ("d_grades", "count(*) FILTER (grade = 'D' AND years_ago BETWEEN 0 AND 3)"),
        ("grades", "count(*) FILTER (years_ago BETWEEN 0 AND 3)"),
    )),
    Stage("arrears", "SELECT id, owed_fen, late_fee_fen FROM tax_arrears_row WHERE cleared_on IS NULL AND owed_fen > 0",
          sums=(("owed", "sum(owed_fen)"), ("owed_late_fees", "sum(late_fee_fen)"), ("owed_rows", "count(*)"))),
    Stage("tax_violation", f"SELECT id, violation, severity FROM tax_violations_row WHERE state = 'open' AND {STANDS}",
          sums=(("open_violations", "count(*)"), ("not_found", "count(*) FILTER (violation = 'not_found')"))),
    invoiced("tax"),
    Stage("compared", COMPARED, values=(("peers_burden", "max(burden_bp)"), ("peers_told", "max(told)"))),
)  # fmt: skip

INDICATORS = (
    Indicator("tax_grade", "纳税信用等级", "grade", "grade_now", 0, GRADED, "grade_rows", 0, "最近一个评价年度"),
    Indicator("tax_grade_d_3y", "近三个评价年度评为 D 级次数", "count", "d_grades", 36, GRADED, "grades"),
    Indicator("on_time_declarations_r24", "近24个月按期申报率", "bp", share("on_time_24", "due_24"), 24, DECLARED,
              "due_24",
              1, "按各税种自身申报周期，只计已到期的"),
    Indicator("missed_declarations_r24", "近24个月欠报期数", "count", "missed_periods", 24, DECLARED, "due_24", 1),
    Indicator("longest_missed_declarations_r24", "近24个月最长连续欠报期数", "count", "longest_missed", 24, DECLARED,
              "due_24", 1, "按自身申报周期"),
    Indicator("declared_sales_r12", "近12个月申报销售额", "fen", "declared_now", 12, DECLARED, "vat_periods", 1,
              "增值税申报的应税销售额"),
    Indicator("declared_sales_yoy", "申报销售额同比", "bp", change("declared_now", "declared_before"), 24, DECLARED,
              "vat_periods + vat_periods_before", 24),
    Indicator("zero_declarations_r12", "近12个月增值税零申报期数", "count", "vat_zero_periods", 12, DECLARED,
              "vat_periods", 1),
    Indicator("sales_deviation_r12", "票税偏离（开票与申报销售额之差/申报）", "bp",
              known_if("declared_now > 0", share("abs(tax_sold_fen - declared_now)", "declared_now")), 12,
              DECLARED + SALES, "vat_periods + tax_sold_rows", 1),
    Indicator("tax_paid_r12", "近12个月入库税额", "fen", "tax_now", 12, PAID, "tax_rows", 1,
              "正税减退税，不含滞纳金和罚款"),
    Indicator("tax_paid_yoy", "入库税额同比", "bp", change("tax_now", "tax_before"), 24, PAID,
              "tax_rows + tax_rows_before", 24),
    Indicator("tax_paid_months_r12", "近12个月有税款入库的月数", "months", "taxed_months", 12, PAID, "tax_rows", 1),
    Indicator("tax_burden_r12", "税负率（入库税额/申报销售额）", "bp",
              known_if("declared_now > 0", share("tax_now", "declared_now")), 12, DECLARED + PAID,
              "vat_periods + tax_rows", 12),
    Indicator("tax_burden_to_industry", "税负率与行业中位数之差", "bp",
              known_if("declared_now > 0", f"{share('tax_now', 'declared_now')} - peers_burden"), 12, DECLARED + PAID,
              "vat_periods + tax_rows", 12,
              "减去行业大类最近一次的中位数，每月定一次，定后不改；同业不足 10 户为无数据"),
    Indicator("tax_burden_peers", "所比较的行业中位数（行业大类、月份、户数、税负率）", "grade", "peers_told", 12,
              DECLARED + PAID, "vat_periods + tax_rows", 12, "平台内已授权企业的中位数"),
    Indicator("tax_late_fees_r24", "近24个月滞纳金次数", "count", "late_fees", 24, PAID, "late_fees", 1),
    Indicator("tax_arrears", "欠税余额", "fen", "owed", 0, ARREARS, "owed_rows"),
    Indicator("tax_arrears_late_fees", "欠税滞纳金余额", "fen", "owed_late_fees", 0, ARREARS, "owed_rows"),
    Indicator("tax_violations_open", "未结税收违法违章", "count", "open_violations", 0, VIOLATIONS, "open_violations",
              0,
              "已到公示截止期或已修复的不计"),
    Indicator("tax_abnormal", "税务非正常户认定", "count", "not_found", 0, VIOLATIONS, "not_found"),
)  # fmt: skip

TAX = Source(
    category=Category.TAX,
    department_label="税务局",
    feeds=DECLARED + PAID + GRADED + ARREARS + VIOLATIONS,
    stages=STAGES,
    indicators=INDICATORS,
    paced_by=DECLARED + PAID,
    first_ago="greatest(declared_first_ago, paid_first_ago)",
    series=Series("tax_by_month", ("declared_fen", "tax_fen"), silent_is_zero=False),
    lists=(
        Listing("tax_grades", ("of_year", "grade", "graded_on")),
        Listing("tax_arrears", ("tax_kind", "period_until", "owed_fen", "late_fee_fen"),
                "cleared_on IS NULL AND owed_fen > 0"),
        Listing("tax_violations", ("violation", "recorded_on", "fine_fen", "state", "severity", "ends_on"), STANDS),
    ),
    daily=(("tax_violations", ENDED),),
    compared_by=("registration",),
)  # fmt: skip
