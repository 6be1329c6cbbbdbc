"""What the treasury bought of the enterprise, and what it granted."""

from jinfuyun.data.indicators.contract import Indicator, Listing, Source, Stage
from jinfuyun.data.indicators.expressions import ALWAYS, share
from jinfuyun.kit.grant import Category

AWARDED, GRANTED = ("procurement_awards",), ("subsidies",)

PROCUREMENT = Source(
    category=Category.PROCUREMENT,
    department_label="财政厅",
    feeds=AWARDED + GRANTED,
    stages=(
        Stage("awarded", "SELECT * FROM procurement_awards_row", sums=(
            ("awards", "count(*) FILTER (ago < 24)"), ("awarded_fen", "sum(amount_fen) FILTER (ago < 24)"),
            ("largest_award", "max(amount_fen) FILTER (ago < 24)"),
            ("breaches", "count(*) FILTER (ago < 24 AND state = 'breached')"),
            ("running", "count(*) FILTER (state = 'running')"),
            ("running_sum", "sum(amount_fen) FILTER (state = 'running')"),
            ("buyers", "count(DISTINCT CASE WHEN ago < 24 THEN buyer END)"),
        ), values=(("last_award_on", "max(awarded_on)"),)),
        Stage("granted", "SELECT * FROM subsidies_row", sums=(
            ("grants", "count(*) FILTER (ago < 24)"), ("granted_fen", "sum(amount_fen) FILTER (ago < 24)"),
        )),
    ),
    indicators=(
        Indicator("government_orders_r24", "近24个月政府采购中标数", "count", "awards", 24, AWARDED, "awards"),
        Indicator("government_orders_fen_r24", "近24个月政府采购中标金额", "fen", "awarded_fen", 24, AWARDED, "awards"),
        Indicator("government_buyers_r24", "近24个月采购人数量", "count", "buyers", 24, AWARDED, "awards"),
        Indicator("top_government_order_share_r24", "最大一笔中标占比", "bp", share("largest_award", "awarded_fen"), 24,
                  AWARDED, "awards"),
        Indicator("government_breaches_r24", "近24个月政府采购违约数", "count", "breaches", 24, AWARDED, "awards"),
        Indicator("government_orders_running_fen", "履约中合同金额", "fen", "running_sum", 0, AWARDED, "running"),
        Indicator("days_since_government_order", "距最近一次中标天数", "days",
                  "date_diff('day', last_award_on, today)", 0,
                  AWARDED, "awards"),
        Indicator("subsidies_r24", "近24个月财政补贴笔数", "count", "grants", 24, GRANTED, "grants"),
        Indicator("subsidies_fen_r24", "近24个月财政补贴金额", "fen", "granted_fen", 24, GRANTED, "grants"),
    ),
    lists=(
        Listing("procurement_awards", ("project", "buyer", "awarded_on", "amount_fen", "state")),
        Listing("subsidies", ("project", "subsidy_kind", "granted_on", "amount_fen", "authority")),
    ),
    daily=(("procurement_awards", ALWAYS),),
)  # fmt: skip
