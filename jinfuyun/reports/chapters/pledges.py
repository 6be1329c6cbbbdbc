"""5 股权出质、动产抵押、年报."""

from jinfuyun.kit.grant import Category
from jinfuyun.reports.chapters.contract import Chapter, Group, Takes

PLEDGES = Chapter(
    "5", "pledges", "股权出质与年报",
    takes=(
        Takes(
            Category.REGISTRATION,
            groups=(
                Group("股权出质", ("equity_pledged_fen",)),
                Group("年报", ("annual_reports_3y", "late_annual_reports_3y")),
            ),
            lists=("equity_pledges", "annual_reports"),
        ),
    ),
    note="动产抵押：登记部门目前不交付，未知。",
)  # fmt: skip
