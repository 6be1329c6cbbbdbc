"""The courts: judgments, enforcement, dishonest debtors, as they are public."""

from jinfuyun.data.departments.contract import (
    BAD_RECORD,
    NAMES,
    UPDATED_AT,
    USCC,
    Access,
    Column,
    Feed,
    Kind,
    Rule,
    coded,
)
from jinfuyun.kit.grant import Category

_DEPARTMENT = "人民法院"
_CASE = Column("case_number", "案号", Kind.TEXT)
_COURT = Column("court", "法院", Kind.TEXT, aliases=("审理法院", "执行法院"))


def _feed(
    name: str,
    label: str,
    legal_basis: str,
    used_by: tuple[str, ...],
    columns: tuple[Column, ...],
    dated_by: str,
    rules: tuple[Rule, ...] = (),
) -> Feed:
    return Feed(
        name=name,
        label=label,
        department="courts",
        department_label=_DEPARTMENT,
        access=Access.PUBLIC,
        category=Category.JUDICIAL,
        legal_basis=legal_basis,
        owner="审判管理办公室" if name == "judgments" else "执行局",
        cadence="每日增量",
        lateness_days=7,
        retention_months=60,
        used_by=used_by,
        columns=(USCC, _CASE, _COURT, *columns, UPDATED_AT),
        enterprise="uscc",
        key=("uscc", "case_number"),
        dated_by=dated_by,
        by_month=False,
        rules=rules,
        ignored=NAMES,
    )  # fmt: skip


JUDGMENTS = _feed(
    "judgments", "裁判文书", "最高人民法院关于人民法院在互联网公布裁判文书的规定", ("信用报告·司法", "司法指标"),
    (
        Column("side", "诉讼地位", Kind.CHOICE, choices=coded(
            ("1", "原告", "plaintiff"), ("2", "被告", "defendant"), ("3", "第三人", "third_party"))),
        # 案由, the classes that matter to a lender.
        Column("cause", "案由", Kind.CHOICE, choices=coded(
            ("1", "金融借款合同纠纷", "bank_loan"), ("2", "民间借贷纠纷", "private_loan"), ("3",
            "买卖合同纠纷", "sale"),
            ("4", "劳动争议", "labour"), ("5", "保证合同纠纷", "guarantee"), ("9", "其他", "other"))),
        Column("decided_on", "裁判日期", Kind.DATE),
        Column("amount_fen", "标的金额", Kind.MONEY, aliases=("判决金额",), needed=False),
        Column("result", "裁判结果", Kind.CHOICE, needed=False, choices=coded(
            ("1", "胜诉", "won"), ("2", "败诉", "lost"), ("3", "部分胜诉", "partly"), ("4", "调解", "settled"),
            ("5", "撤诉", "withdrawn"))),
    ),
    "decided_on",
)  # fmt: skip

ENFORCEMENTS = _feed(
    "enforcements", "被执行人", "最高人民法院关于人民法院执行公开的若干规定", ("信用报告·司法", "产品准入", "评分"),
    (
        Column("filed_on", "立案日期", Kind.DATE, aliases=("立案时间",)),
        Column("amount_fen", "执行标的", Kind.MONEY, aliases=("执行标的金额",)),
        Column("unpaid_fen", "未履行金额", Kind.MONEY, needed=False),
        Column("state", "执行状态", Kind.CHOICE, choices=coded(
            ("1", "执行中", "open"), ("2", "终结本次执行程序", "suspended"), ("3", "已结案", "closed"))),
        Column("closed_on", "结案日期", Kind.DATE, needed=False),
        *BAD_RECORD,
    ),
    "filed_on",
    (Rule("amount_negative", "amount_fen >= 0 AND coalesce(unpaid_fen, 0) >= 0", "金额是负数"),),
)  # fmt: skip

DISHONEST_DEBTORS = _feed(
    "dishonest_debtors", "失信被执行人", "最高人民法院关于公布失信被执行人名单信息的若干规定",
    ("信用报告·司法", "产品准入", "评分"),
    (
        Column("published_on", "发布日期", Kind.DATE, aliases=("发布时间",)),
        Column("basis_number", "执行依据文号", Kind.TEXT, needed=False),
        Column("performance", "被执行人的履行情况", Kind.CHOICE, aliases=("履行情况",), choices=coded(
            ("1", "全部未履行", "none"), ("2", "部分未履行", "partly"), ("3", "全部已履行", "whole"))),
        Column("conduct", "失信被执行人行为具体情形", Kind.TEXT, aliases=("失信行为",), needed=False),
        Column("removed_on", "退出日期", Kind.DATE, aliases=("屏蔽日期",), needed=False),
        *BAD_RECORD,
    ),
    "published_on",
    (Rule("removed_before", "removed_on IS NULL OR removed_on >= published_on", "“退出日期”早于发布日期"),),
)  # fmt: skip
