"""16 行政处罚与经营异常: with severity and the end of publication; what ended or was repaired is not there at all."""

from jinfuyun.kit.grant import Category
from jinfuyun.reports.chapters.contract import Chapter, Group, Takes

PENALTIES = Chapter(
    "16", "penalties", "行政处罚与经营异常",
    takes=(
        Takes(
            Category.PUBLIC_CREDIT, rest=True,
            groups=(
                Group("公示中的处罚", (
                    "penalties_in_force", "penalties_serious", "penalties_business", "penalties_money",
                    "penalties_fen", "days_since_penalty",
                )),
                Group("名录", ("abnormal_listed", "serious_violation")),
            ),
            lists=("penalties", "abnormal_list"),
        ),
    ),
    note="已到公示截止期、已修复或已移出的记录不列出，也不计数。",
)  # fmt: skip
