"""8 发票购销: what was sold and bought, to and from how many, and whether it looks like trade."""

from jinfuyun.kit.grant import Category
from jinfuyun.reports import charts
from jinfuyun.reports.chapters.contract import Chapter, Group, Held, Month, Takes
from jinfuyun.reports.charts.shares import Side

# Label, how many there are, the largest one's share, the five largest ones'.
_SIDES = (
    ("客户", "customers_r12", "top_customer_share_r12", "top5_customers_share_r12"),
    ("供应商", "suppliers_r12", "top_supplier_share_r12", "top5_suppliers_share_r12"),
)


def _by_month(held: Held) -> charts.Chart | None:
    months = held.months(Category.INVOICES)
    return charts.sales_and_purchases(months) if months else None


def _year_on_year(held: Held) -> charts.Chart | None:
    months = held.months(Category.INVOICES)
    return charts.sales_year_on_year(months) if months else None


def _concentration(held: Held) -> charts.Chart | None:
    sides = []
    for label, count, largest, five in _SIDES:
        many, one, few = held.figure(count), held.figure(largest), held.figure(five)
        if one is not None and few is not None:
            sides.append(Side(label if many is None else f"{label}（{many:,.0f} 户）", round(one), round(few)))
    return charts.concentration(sides)


INVOICES = Chapter(
    "8", "invoices", "发票购销",
    takes=(
        Takes(
            Category.INVOICES, rest=True,
            groups=(
                Group("规模与走势", (
                    "sales_r12", "sales_yoy", "sales_3m_yoy", "sales_half_year_trend", "purchases_r12",
                    "purchases_yoy", "purchase_to_sales_r12",
                )),
                Group("连续与波动", (
                    "active_months_r12", "longest_gap_days_r12", "days_since_sale", "sales_variation_r12",
                    "sales_variation_deseasoned_r12", "peak_month_share_r12", "ticket_r12",
                )),
                Group("客户与供应商", (
                    "customers_r12", "top_customer_share_r12", "top5_customers_share_r12", "customer_hhi_r12",
                    "customer_retention", "new_customers_share_r12", "suppliers_r12", "top_supplier_share_r12",
                    "top5_suppliers_share_r12",
                )),
                Group("开票质量", (
                    "void_and_red_share_r12", "void_and_red_amount_share_r12", "month_end_share_r12",
                    "ceiling_share_r12",
                )),
            ),
            months=(
                Month("sales_fen", "开票销售", "fen"), Month("purchases_fen", "取得进项", "fen"),
                Month("sales_count", "销项", "sheets"), Month("purchases_count", "进项", "sheets"),
            ),
        ),
    ),
    pictures=(_by_month, _year_on_year, _concentration),
)  # fmt: skip
