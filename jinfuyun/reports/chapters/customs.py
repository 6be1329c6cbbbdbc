"""12 海关: what went abroad and came in, and how customs rates the trader."""

from jinfuyun.kit.grant import Category
from jinfuyun.reports import charts
from jinfuyun.reports.chapters.contract import Chapter, Group, Held, Month, Takes


def _trade(held: Held) -> charts.Chart | None:
    months = held.months(Category.CUSTOMS)
    return charts.trade(months) if months else None


CUSTOMS = Chapter(
    "12", "customs", "海关",
    takes=(
        Takes(
            Category.CUSTOMS, rest=True,
            groups=(Group("进出口", (
                "export_r12", "export_r12_fen", "export_yoy", "export_months_r12", "days_since_export",
                "export_markets_r12", "top_market_share_r12", "import_r12_fen",
            )),),
            months=(Month("export_fen", "出口", "fen"), Month("import_fen", "进口", "fen")),
        ),
        Takes(Category.PUBLIC_CREDIT, groups=(Group("信用等级", ("customs_rating",)),)),
    ),
    pictures=(_trade,),
)  # fmt: skip
