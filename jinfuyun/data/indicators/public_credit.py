"""Licences and penalties, the lists of abnormal and dishonest enterprises, the rating of traders.

A record that ended or was repaired does not count and is not shown.
"""

from jinfuyun.data.indicators.contract import Indicator, Listing, Source, Stage
from jinfuyun.data.indicators.expressions import ALWAYS, ENDED, STANDS
from jinfuyun.kit.grant import Category

PUNISHED, LICENSED, LISTED, RATED = ("penalties",), ("licences",), ("abnormal_list",), ("customs_ratings",)
_LISTED = f"removed_on IS NULL AND {STANDS}"
_LICENSED = "coalesce(state, 'in_force') = 'in_force' AND (valid_until IS NULL OR valid_until >= today)"
_LEFT_OUT = "已到公示截止期或已修复的不计"

PUBLIC_CREDIT = Source(
    category=Category.PUBLIC_CREDIT,
    department_label="公共信用信息中心等",
    feeds=PUNISHED + LICENSED + LISTED + RATED,
    stages=(
        Stage("penalty_now", f"SELECT * FROM penalties_row WHERE {STANDS}", sums=(
            ("penalties_now", "count(*)"), ("fined", "count(*) FILTER (penalty IN ('fine', 'confiscation'))"),
            ("stopped", "count(*) FILTER (penalty IN ('licence', 'closure', 'detention'))"),
            ("serious", "count(*) FILTER (severity = 'serious')"),
            ("fines", "sum(coalesce(fine_fen, 0) + coalesce(confiscated_fen, 0))"),
        ), values=(("last_penalty_on", "max(decided_on)"),)),
        Stage("listed_now", f"SELECT * FROM abnormal_list_row WHERE {_LISTED}", sums=(
            ("abnormal_now", "count(*) FILTER (list_kind = 'abnormal')"),
            ("dishonest_now", "count(*) FILTER (list_kind = 'serious')"),
        )),
        Stage("licence_now", f"SELECT * FROM licences_row WHERE {_LICENSED}", sums=(("licences_now", "count(*)"),)),
        Stage("rated_now", "SELECT * FROM customs_ratings_row", sums=(("ratings", "count(*)"),), values=(
            ("rating_now", "max(CASE rating WHEN 'advanced' THEN '高级认证企业' WHEN 'registered' THEN"
                           " '注册登记和备案企业' ELSE '失信企业' END)"),)),
    ),
    indicators=(
        Indicator("penalties_in_force", "公示中的行政处罚", "count", "penalties_now", 0, PUNISHED, "penalties_now", 0,
                  _LEFT_OUT),
        Indicator("penalties_money", "公示中的处罚：罚款、没收", "count", "fined", 0, PUNISHED, "fined", 0, _LEFT_OUT),
        Indicator("penalties_business", "公示中的处罚：吊销、停业、拘留", "count", "stopped", 0, PUNISHED, "stopped", 0,
                  _LEFT_OUT),
        Indicator("penalties_serious", "公示中的处罚：严重失信", "count", "serious", 0, PUNISHED, "serious", 0,
                  _LEFT_OUT),
        Indicator("penalties_fen", "公示中的罚没金额", "fen", "fines", 0, PUNISHED, "penalties_now", 0, _LEFT_OUT),
        Indicator("days_since_penalty", "距最近一次公示中的处罚天数", "days",
                  "date_diff('day', last_penalty_on, today)", 0,
                  PUNISHED, "penalties_now", 0, _LEFT_OUT),
        Indicator("abnormal_listed", "在列的经营异常名录", "count", "abnormal_now", 0, LISTED, "abnormal_now", 0,
                  _LEFT_OUT),
        Indicator("serious_violation", "在列的严重违法失信名单", "count", "dishonest_now", 0, LISTED, "dishonest_now",
                  0,
                  _LEFT_OUT),
        Indicator("licences_in_force", "有效行政许可数", "count", "licences_now", 0, LICENSED, "licences_now"),
        Indicator("customs_rating", "海关信用等级", "grade", "rating_now", 0, RATED, "ratings"),
    ),
    lists=(
        Listing("penalties", ("document_number", "violation", "penalty", "fine_fen", "decided_on", "authority",
                              "severity", "ends_on"), STANDS),
        Listing("abnormal_list", ("list_kind", "cause", "listed_on", "authority", "severity", "ends_on"), _LISTED),
        Listing("licences", ("licence", "licence_number", "decided_on", "valid_until", "authority"), _LICENSED),
    ),
    daily=(("penalties", ALWAYS), ("abnormal_list", ENDED), ("licences", "valid_until BETWEEN :was AND :now")),
)  # fmt: skip
