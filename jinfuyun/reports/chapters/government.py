"""15 政府采购与补贴."""

from jinfuyun.kit.grant import Category
from jinfuyun.reports.chapters.contract import Chapter, Group, Takes

GOVERNMENT = Chapter(
    "15", "government", "政府采购与补贴",
    takes=(
        Takes(
            Category.PROCUREMENT, rest=True,
            groups=(
                Group("政府采购", (
                    "government_orders_r24", "government_orders_fen_r24", "government_buyers_r24",
                    "top_government_order_share_r24", "government_breaches_r24", "government_orders_running_fen",
                    "days_since_government_order",
                )),
                Group("财政补贴", ("subsidies_r24", "subsidies_fen_r24")),
            ),
            lists=("procurement_awards", "subsidies"),
        ),
    ),
)  # fmt: skip
