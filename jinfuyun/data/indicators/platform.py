"""What the platform itself has learned: what was asked for, granted, drawn, is still owed, is overdue."""

from jinfuyun.data.indicators.contract import Indicator, Listing, Source, Stage
from jinfuyun.data.indicators.expressions import share
from jinfuyun.kit.grant import Category

FINANCED = ("platform_financing",)

PLATFORM = Source(
    category=Category.PLATFORM,
    department_label="金服云平台",
    feeds=FINANCED,
    stages=(
        Stage("financed", "SELECT * FROM platform_financing_row", sums=(
            ("asked_24", "count(*) FILTER (ago < 24)"),
            ("decided_24", "count(*) FILTER (ago < 24 AND state NOT IN ('running', 'withdrawn'))"),
            ("granted_24", "count(*) FILTER (ago < 24 AND state NOT IN ('running', 'withdrawn', 'rejected'))"),
            ("drawn", "count(*) FILTER (drawn_on IS NOT NULL)"),
            ("balance", "sum(balance_fen)"), ("balances", "count(*) FILTER (balance_fen > 0)"),
            ("unsecured", "sum(balance_fen) FILTER (security = 'unsecured')"),
            ("overdue", "count(*) FILTER (settled_on IS NULL AND (overdue_days > 0"
             " OR state IN ('overdue', 'compensated', 'written_off')))"),
            ("overdue_longest", "max(overdue_days)"),
            ("settled", "count(*) FILTER (state = 'settled')"),
            ("lenders", "count(DISTINCT CASE WHEN balance_fen > 0 THEN institution END)"),
        )),
    ),
    indicators=(
        Indicator("platform_applications_r24", "近24个月平台融资申请笔数", "count", "asked_24", 24, FINANCED,
                  "asked_24"),
        Indicator("platform_granted_share_r24", "近24个月已审结申请通过率", "bp", share("granted_24", "decided_24"), 24,
                  FINANCED, "decided_24"),
        Indicator("platform_balance_fen", "平台内贷款余额", "fen", "balance", 0, FINANCED, "balances"),
        Indicator("platform_unsecured_fen", "平台内信用贷款余额", "fen", "unsecured", 0, FINANCED, "balances"),
        Indicator("platform_lenders", "平台内有余额的机构数", "count", "lenders", 0, FINANCED, "balances"),
        Indicator("platform_overdue", "平台内逾期笔数", "count", "overdue", 0, FINANCED, "drawn",
                  definition="含已代偿、已核销"),
        Indicator("platform_overdue_days_max", "平台内最长逾期天数", "days", "overdue_longest", 0, FINANCED, "drawn"),
        Indicator("platform_settled", "平台内已结清笔数", "count", "settled", 0, FINANCED, "settled"),
    ),
    lists=(Listing("platform_financing", ("application", "applied_on", "asked_fen", "state", "line_fen", "balance_fen",
                                          "due_on", "loan_class")),),
)  # fmt: skip
