"""17 司法: dishonest debtors, open enforcement, judgments; what ended or was repaired is not there at all."""

from jinfuyun.kit.grant import Category
from jinfuyun.reports.chapters.contract import Chapter, Group, Takes

COURTS = Chapter(
    "17", "courts", "司法",
    takes=(
        Takes(
            Category.JUDICIAL, rest=True,
            groups=(
                Group("失信与执行", (
                    "dishonest_debtor", "enforcement_open", "enforcement_open_fen", "days_since_enforcement",
                )),
                Group("裁判", (
                    "judgments_defendant_r24", "judgments_defendant_fen_r24", "loan_disputes_r24",
                    "labour_disputes_r24", "judgments_plaintiff_r24",
                )),
            ),
            lists=("dishonest_debtors", "enforcements", "judgments"),
        ),
    ),
    note="已结案、已屏蔽或已修复的失信与执行记录不列出，也不计数。",
)  # fmt: skip
