"""9 社保, 10 公积金: how many people, what was due for them, and was it paid."""

from jinfuyun.kit.grant import Category
from jinfuyun.reports import charts
from jinfuyun.reports.chapters.contract import Chapter, Group, Held, Month, Takes


def _insured(held: Held) -> charts.Chart | None:
    months = held.months(Category.SOCIAL_INSURANCE)
    return charts.heads(months, key="insured", label="参保人数") if months else None


def _in_the_fund(held: Held) -> charts.Chart | None:
    months = held.months(Category.HOUSING_FUND)
    return charts.heads(months, key="fund", label="缴存人数") if months else None


_PAID = (Month("due_fen", "应缴", "fen"), Month("paid_fen", "实缴", "fen"))

SOCIAL_INSURANCE = Chapter(
    "9", "social-insurance", "社会保险",
    takes=(
        Takes(
            Category.SOCIAL_INSURANCE, rest=True,
            groups=(
                Group("人数", (
                    "insured_people_now", "insured_people", "insured_people_change", "sales_per_head_r12",
                    "insurance_base_fen",
                )),
                Group("欠缴", ("insurance_owed_months_r24", "insurance_owed_fen")),
            ),
            months=(Month("heads", "参保", "people"), *_PAID),
        ),
    ),
    pictures=(_insured,),
)  # fmt: skip
HOUSING_FUND = Chapter(
    "10", "housing-fund", "住房公积金",
    takes=(
        Takes(
            Category.HOUSING_FUND, rest=True,
            groups=(Group("", (
                "fund_people", "fund_people_change", "fund_to_insured_share", "fund_percent", "fund_owed_months_r24",
            )),),
            months=(Month("heads", "缴存", "people"), *_PAID),
        ),
    ),
    pictures=(_in_the_fund,),
)  # fmt: skip
