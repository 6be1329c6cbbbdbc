"""11 水/电/气: of accounts that the supplier confirmed only."""

from jinfuyun.kit.grant import Category
from jinfuyun.reports import charts
from jinfuyun.reports.chapters.contract import Chapter, Group, Held, Month, Takes


def _electricity(held: Held) -> charts.Chart | None:
    months = held.months(Category.ELECTRICITY)
    return charts.electricity(months) if months else None


def _against_sales(held: Held) -> charts.Chart | None:
    """Over the months that both span."""
    sales = {str(row["month"]): row.get("sales_fen") for row in held.months(Category.INVOICES)}
    months = [
        {"month": row["month"], "kwh": row.get("kwh"), "sales_fen": sales[str(row["month"])]}
        for row in held.months(Category.ELECTRICITY)
        if str(row["month"]) in sales
    ]
    return charts.sales_and_electricity(months) if months else None


_CHARGE = Month("charge_fen", "费用", "fen")

UTILITIES = Chapter(
    "11", "utilities", "水、电、气",
    takes=(
        Takes(
            Category.ELECTRICITY, rest=True,
            groups=(Group("用电", (
                "kwh_r12", "kwh_yoy", "kwh_3m_yoy", "kwh_months_r12", "electricity_months",
                "electricity_owed_months_r12", "kwh_per_10k_sales_r12",
            )),),
            months=(Month("kwh", "用电量", "kwh"), _CHARGE),
        ),
        Takes(
            Category.WATER, rest=True,
            groups=(Group("用水", (
                "water_m3_r12", "water_m3_yoy", "water_m3_3m_yoy", "water_m3_months_r12", "water_months",
                "water_owed_months_r12",
            )),),
            months=(Month("cubic_metres", "用水量", "m3"), _CHARGE),
        ),
        Takes(
            Category.GAS, rest=True,
            groups=(Group("用气", (
                "gas_m3_r12", "gas_m3_yoy", "gas_m3_3m_yoy", "gas_m3_months_r12", "gas_months",
                "gas_owed_months_r12",
            )),),
            months=(Month("cubic_metres", "用气量", "m3"), _CHARGE),
        ),
    ),
    pictures=(_electricity, _against_sales),
)  # fmt: skip
