"""14 资产: what is mortgaged; what is owned and free is not delivered."""

from jinfuyun.kit.grant import Category
from jinfuyun.reports.chapters.contract import Chapter, Group, Takes

ASSETS = Chapter(
    "14", "assets", "资产",
    takes=(
        Takes(
            Category.PROPERTY, rest=True,
            groups=(Group("不动产抵押", (
                "mortgages_in_force", "mortgage_secured_fen", "mortgage_loan_to_value", "mortgaged_industrial_units",
                "mortgages_new_r12",
            )),),
            lists=("mortgages",),
        ),
    ),
    note="只列已登记且未注销的不动产抵押；未抵押的资产目前不交付，未知。",
)  # fmt: skip
