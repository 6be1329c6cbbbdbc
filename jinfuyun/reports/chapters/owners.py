"""3 股东与出资、主要人员、分支机构、对外投资."""

from jinfuyun.kit.grant import Category
from jinfuyun.reports.chapters.contract import Chapter, Group, Takes

OWNERS = Chapter(
    "3", "owners", "股东、人员与分支机构",
    takes=(
        Takes(
            Category.REGISTRATION,
            groups=(Group("", ("shareholders_now", "top_shareholder_share", "paid_in_share", "branches_open")),),
            lists=("shareholders", "officers", "branches"),
        ),
    ),
    note="对外投资：登记部门目前不交付，未知。",
)  # fmt: skip
