"""19 资金流: what came in through collection codes."""

from jinfuyun.kit.grant import Category
from jinfuyun.reports import charts
from jinfuyun.reports.chapters.contract import Chapter, Group, Held, Month, Takes


def _takings(held: Held) -> charts.Chart | None:
    months = held.months(Category.CASH_FLOW)
    return charts.takings(months) if months else None


CASH = Chapter(
    "19", "cash", "资金流",
    takes=(
        Takes(
            Category.CASH_FLOW, rest=True,
            groups=(Group("收单流水", (
                "collected_r12", "collected_yoy", "collected_3m_yoy", "collection_days_r12", "collection_months_r12",
                "days_since_collection", "refund_share_r12", "payment_fen_r12",
            )),),
            months=(
                Month("paid_fen", "收款", "fen"), Month("refunded_fen", "退款", "fen"),
                Month("payments", "笔数", "payments"),
            ),
        ),
    ),
    pictures=(_takings,),
)  # fmt: skip
