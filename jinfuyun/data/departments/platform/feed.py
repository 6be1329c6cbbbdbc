"""What the platform itself has learned: applications and loans, back into the plane as one more feed."""

from jinfuyun.data.departments.contract import (
    CONSENT,
    CUSTOMER,
    NAMES,
    UPDATED_AT,
    Access,
    Column,
    Feed,
    Kind,
    Rule,
    coded,
)
from jinfuyun.kit.grant import Category

PLATFORM_FINANCING = Feed(
    name="platform_financing",
    label="平台内融资",
    department="platform",
    department_label="金服云平台",
    access=Access.CONSENTED,
    category=Category.PLATFORM,
    legal_basis=CONSENT,
    owner="平台运营部",
    cadence="每日增量",
    lateness_days=2,
    retention_months=60,
    used_by=("信用报告·平台内融资与担保", "融资指标", "额度测算"),
    columns=(
        CUSTOMER,
        Column("application", "申请编号", Kind.CODE),
        Column("institution", "机构编码", Kind.CODE),
        Column("product", "产品编码", Kind.CODE, needed=False),
        Column("applied_on", "申请日期", Kind.DATE),
        Column("asked_fen", "申请金额", Kind.MONEY),
        Column("state", "业务状态", Kind.CHOICE, choices=coded(
            ("1", "审批中", "running"), ("2", "未通过", "rejected"), ("3", "企业放弃", "withdrawn"), ("4",
            "审批通过", "approved"),
            ("5", "还款中", "repaying"), ("6", "逾期", "overdue"), ("7", "已结清", "settled"))),
        Column("line_fen", "授信额度", Kind.MONEY, needed=False),
        Column("security", "担保方式", Kind.CHOICE, needed=False, choices=coded(
            ("1", "信用", "unsecured"), ("2", "保证", "guarantee"), ("3", "抵押", "mortgage"), ("4", "质押",
            "pledge"),
            ("5", "组合", "combined"))),
        Column("drawn_on", "放款日期", Kind.DATE, needed=False),
        Column("drawn_fen", "放款金额", Kind.MONEY, needed=False),
        Column("balance_fen", "贷款余额", Kind.MONEY, needed=False),
        Column("due_on", "到期日期", Kind.DATE, needed=False, ahead=True),
        Column("overdue_days", "逾期天数", Kind.COUNT, needed=False),
        Column("loan_class", "五级分类", Kind.CHOICE, needed=False, choices=coded(
            ("1", "正常", "normal"), ("2", "关注", "watched"), ("3", "次级", "substandard"), ("4", "可疑",
            "doubtful"),
            ("5", "损失", "loss"))),
        Column("settled_on", "结清日期", Kind.DATE, needed=False),
        UPDATED_AT,
    ),
    enterprise="customer",
    key=("uscc", "application"),
    dated_by="applied_on",
    by_month=False,
    own=True,
    rules=(
        Rule("balance_impossible", "balance_fen IS NULL OR balance_fen BETWEEN 0 AND drawn_fen",
             "“贷款余额”是负数或大于放款金额"),
        Rule("drawn_before", "drawn_on IS NULL OR drawn_on >= applied_on", "“放款日期”早于申请日期"),
    ),
    ignored=NAMES,
)  # fmt: skip
