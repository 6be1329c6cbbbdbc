"""The registration as the registry states it, and what hangs on it: owners, changes, branches, pledges, reports."""

from jinfuyun.data.indicators.contract import Indicator, Listing, Source, Stage
from jinfuyun.data.indicators.expressions import known_if, of_choices, share
from jinfuyun.kit.grant import Category

REGISTRATION_FEED, OWNERS, CHANGES = ("registration",), ("shareholders",), ("registration_changes",)
_CONTROL = of_choices("item", "legal_representative", "shareholders")

# A month that is not yet over since the day of registration does not count.
_AGE = "max(ago - CASE WHEN day(cut_day) < day(registered_on) THEN 1 ELSE 0 END)"

_IN_TIME = "year(filed_on) = year(of_year) + 1 AND month(filed_on) <= 6"

STAGES = (
    Stage("registered", "SELECT * FROM registration_row", sums=(("registration_rows", "count(*)"),), values=(
        ("age", _AGE),
        ("capital_kept_fen", "max(CASE WHEN capital_currency = 'CNY' THEN capital_cents END)"),
    )),
    Stage("owner", "SELECT * FROM shareholders_row WHERE left_on IS NULL", sums=(
        ("owners", "count(*)"),
        ("owners_unpaid_known", "count(paid_fen)"),
        ("owners_currencies", "count(DISTINCT currency)"),
        ("owners_subscribed", "sum(subscribed_fen)"),
        ("owners_paid", "sum(paid_fen)"),
        ("owners_largest", "max(subscribed_fen)"),
    )),
    Stage("changed", "SELECT * FROM registration_changes_row", sums=(
        ("control_changes", f"count(*) FILTER (ago < 12 AND {_CONTROL})"),
        ("changes", "count(*) FILTER (ago < 24)"),
    )),
    Stage("branch", "SELECT * FROM branches_row WHERE closed_on IS NULL", sums=(("branches_now", "count(*)"),)),
    Stage("equity_pledge", "SELECT * FROM equity_pledges_row WHERE state = 'in_force' AND ended_on IS NULL", sums=(
        ("pledges_now", "count(*)"), ("pledges_fen", "sum(pledged_fen)"),
    )),
    Stage("annual_report", "SELECT *, year(cut_day) - year(of_year) AS years_ago FROM annual_reports_row", sums=(
        ("reports_3y", "count(*) FILTER (years_ago BETWEEN 1 AND 3)"),
        ("reports_late_3y",
         f"count(*) FILTER (years_ago BETWEEN 1 AND 3 AND NOT ({_IN_TIME}))"),
    )),
)  # fmt: skip

INDICATORS = (
    Indicator("age_months", "成立月数", "months", "age", 0, REGISTRATION_FEED, "registration_rows"),
    Indicator("capital_fen", "注册资本（人民币）", "fen", "capital_kept_fen", 0, REGISTRATION_FEED, "registration_rows",
              definition="外币注册资本不折算，此项为无数据"),
    Indicator("shareholders_now", "现有股东数", "count", "owners", 0, OWNERS, "owners"),
    Indicator("top_shareholder_share", "第一大股东出资占比", "bp",
              known_if("owners_currencies = 1", share("owners_largest", "owners_subscribed")), 0, OWNERS, "owners",
              definition="按认缴出资额"),
    Indicator("paid_in_share", "实缴出资占认缴比例", "bp",
              known_if("owners_currencies = 1 AND owners_unpaid_known = owners",
                       share("owners_paid", "owners_subscribed")), 0, OWNERS, "owners"),
    Indicator("control_changes_r12", "近12个月法定代表人或股东变更次数", "count", "control_changes", 12, CHANGES,
              "control_changes", definition="作为人工复核提示"),
    Indicator("registration_changes_r24", "近24个月登记变更次数", "count", "changes", 24, CHANGES, "changes"),
    Indicator("branches_open", "存续分支机构数", "count", "branches_now", 0, ("branches",), "branches_now"),
    Indicator("equity_pledged_fen", "有效股权出质数额", "fen", "pledges_fen", 0, ("equity_pledges",), "pledges_now"),
    Indicator("annual_reports_3y", "近三年已报送年报数", "count", "reports_3y", 36, ("annual_reports",), "reports_3y"),
    Indicator("late_annual_reports_3y", "近三年逾期报送年报数", "count", "reports_late_3y", 36, ("annual_reports",),
              "reports_late_3y", definition="报送晚于次年 6 月 30 日"),
)  # fmt: skip

# A month of its age is over.
_OLDER = ("registration", "day(registered_on) BETWEEN day(:was) AND day(:now)")

REGISTRATION = Source(
    category=Category.REGISTRATION,
    department_label="市场监督管理局",
    feeds=(*REGISTRATION_FEED, *OWNERS, "officers", *CHANGES, "branches", "equity_pledges", "annual_reports"),
    stages=STAGES,
    indicators=INDICATORS,
    record="registration",
    daily=(_OLDER,),
    lists=(
        Listing("shareholders", ("shareholder", "shareholder_kind", "subscribed_fen", "paid_fen", "share_percent",
                                 "recorded_on"), "left_on IS NULL"),
        Listing("officers", ("person", "post", "recorded_on"), "left_on IS NULL"),
        Listing("registration_changes", ("item", "was", "became", "changed_on")),
        Listing("branches", ("branch", "region", "opened_on"), "closed_on IS NULL"),
        Listing("equity_pledges", ("pledgor", "pledgee", "pledged_fen", "pledged_on"),
                "state = 'in_force' AND ended_on IS NULL"),
        Listing("annual_reports", ("of_year", "filed_on", "heads", "assets_fen", "revenue_fen", "profit_fen")),
    ),
)  # fmt: skip
