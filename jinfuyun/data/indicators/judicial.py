"""The courts: judgments, open enforcement, dishonest debtors. What ended or was repaired does not count."""

from jinfuyun.data.indicators.contract import Indicator, Listing, Source, Stage
from jinfuyun.data.indicators.expressions import ALWAYS, ENDED, STANDS, of_choices
from jinfuyun.kit.grant import Category

JUDGED, ENFORCED, DISHONEST = ("judgments",), ("enforcements",), ("dishonest_debtors",)
_SUED = "ago < 24 AND side = 'defendant'"
_LOANS = of_choices("cause", "bank_loan", "private_loan", "guarantee")
# 终结本次执行程序: nothing was found to enforce, but the debt stands.
_OPEN = f"state <> 'closed' AND {STANDS}"
_LISTED = f"removed_on IS NULL AND {STANDS}"

JUDICIAL = Source(
    category=Category.JUDICIAL,
    department_label="人民法院",
    feeds=JUDGED + ENFORCED + DISHONEST,
    stages=(
        Stage("judged", "SELECT * FROM judgments_row", sums=(
            ("sued", f"count(*) FILTER ({_SUED})"), ("sued_fen", f"sum(amount_fen) FILTER ({_SUED})"),
            ("sued_loans", f"count(*) FILTER ({_SUED} AND {_LOANS})"),
            ("sued_labour", f"count(*) FILTER ({_SUED} AND cause = 'labour')"),
            ("suing", "count(*) FILTER (ago < 24 AND side = 'plaintiff')"),
        )),
        Stage("enforced", f"SELECT * FROM enforcements_row WHERE {_OPEN}", sums=(
            ("enforced_now", "count(*)"), ("enforced_fen", "sum(coalesce(unpaid_fen, amount_fen))"),
        ), values=(("last_enforced_on", "max(filed_on)"),)),
        Stage("dishonest", f"SELECT * FROM dishonest_debtors_row WHERE {_LISTED}", sums=(("dishonest_now",
        "count(*)"),)),
    ),
    indicators=(
        Indicator("judgments_defendant_r24", "近24个月作为被告的判决数", "count", "sued", 24, JUDGED, "sued"),
        Indicator("judgments_defendant_fen_r24", "近24个月作为被告的标的金额", "fen", "sued_fen", 24, JUDGED, "sued"),
        Indicator("loan_disputes_r24", "近24个月借贷、保证纠纷被告数", "count", "sued_loans", 24, JUDGED, "sued_loans"),
        Indicator("labour_disputes_r24", "近24个月劳动争议被告数", "count", "sued_labour", 24, JUDGED, "sued_labour"),
        Indicator("judgments_plaintiff_r24", "近24个月作为原告的判决数", "count", "suing", 24, JUDGED, "suing"),
        Indicator("enforcement_open", "未结被执行案件数", "count", "enforced_now", 0, ENFORCED, "enforced_now", 0,
                  "含终结本次执行程序"),
        Indicator("enforcement_open_fen", "未结被执行金额", "fen", "enforced_fen", 0, ENFORCED, "enforced_now", 0,
                  "未履行金额；没有时为执行标的"),
        Indicator("days_since_enforcement", "距最近一次未结被执行立案天数", "days",
                  "date_diff('day', last_enforced_on, today)", 0, ENFORCED, "enforced_now"),
        Indicator("dishonest_debtor", "在列的失信被执行人记录", "count", "dishonest_now", 0, DISHONEST,
                  "dishonest_now"),
    ),
    lists=(
        Listing("dishonest_debtors", ("case_number", "court", "published_on", "performance", "conduct", "severity",
                                      "ends_on"), _LISTED),
        Listing("enforcements", ("case_number", "court", "filed_on", "amount_fen", "unpaid_fen", "state", "severity",
                                 "ends_on"), _OPEN),
        Listing("judgments", ("case_number", "court", "side", "cause", "decided_on", "amount_fen", "result")),
    ),
    daily=(("enforcements", ALWAYS), ("dishonest_debtors", ENDED)),
)  # fmt: skip
