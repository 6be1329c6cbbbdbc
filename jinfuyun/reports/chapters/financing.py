"""18 平台内融资与担保: what the platform itself knows; loans elsewhere are unknown here."""

from jinfuyun.kit.grant import Category
from jinfuyun.reports.chapters.contract import Chapter, Group, Takes

FINANCING = Chapter(
    "18", "financing", "平台内融资与担保",
    takes=(
        Takes(
            Category.PLATFORM, rest=True,
            groups=(
                Group("余额与逾期", (
                    "platform_balance_fen", "platform_unsecured_fen", "platform_lenders", "platform_overdue",
                    "platform_overdue_days_max", "platform_settled",
                )),
                Group("申请", ("platform_applications_r24", "platform_granted_share_r24")),
            ),
            lists=("platform_financing",),
        ),
    ),
    note="只含在本平台办理的融资；平台以外的融资与对外担保未知，请查询央行征信系统。",
)  # fmt: skip
