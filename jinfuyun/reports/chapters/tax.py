"""7 税务: grade, declarations, what was paid, what is owed, what was violated."""

from jinfuyun.kit.grant import Category
from jinfuyun.reports import charts
from jinfuyun.reports.chapters.contract import Chapter, Group, Held, Month, Takes


def _paid(held: Held) -> charts.Chart | None:
    months = held.months(Category.TAX)
    return charts.paid_taxes(months) if months else None


TAX = Chapter(
    "7", "tax", "税务",
    takes=(
        Takes(
            Category.TAX, rest=True,
            groups=(
                Group("纳税信用", ("tax_grade", "tax_grade_d_3y")),
                Group("申报", (
                    "declared_sales_r12", "declared_sales_yoy", "sales_deviation_r12", "on_time_declarations_r24",
                    "missed_declarations_r24", "longest_missed_declarations_r24", "zero_declarations_r12",
                )),
                Group("入库与税负", (
                    "tax_paid_r12", "tax_paid_yoy", "tax_paid_months_r12", "tax_burden_r12", "tax_burden_to_industry",
                    "tax_burden_peers",
                )),
                Group("欠税与违法", (
                    "tax_arrears", "tax_arrears_late_fees", "tax_late_fees_r24", "tax_violations_open", "tax_abnormal",
                )),
            ),
            months=(Month("declared_fen", "申报销售", "fen"), Month("tax_fen", "入库税额", "fen")),
            lists=("tax_grades", "tax_arrears", "tax_violations"),
        ),
    ),
    pictures=(_paid,),
    note="按季申报的，申报数列在季末月；税款列在入库当月。没有申报或入库记录的月份写作“无数据”或“缺”。",
)  # fmt: skip
