"""双公示: administrative licences and penalties of every authority, gathered by the public credit centre."""

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

_DEPARTMENT = "公共信用信息中心"
_BASIS = "行政许可和行政处罚等信用信息公示（双公示）工作要求"
_IGNORED = (
    *NAMES, "行政相对人名称", "行政相对人类别", "数据来源单位", "数据来源单位统一社会信用代码", "备注",
    "处罚机关统一社会信用代码", "许可机关统一社会信用代码",
)  # fmt: skip
_SUBJECT = Column(
    USCC.name, USCC.label, USCC.kind, aliases=("行政相对人代码_1（统一社会信用代码）", "行政相对人代码_1")
)

PENALTIES = Feed(
    name="penalties",
    label="行政处罚",
    department="credit",
    department_label=_DEPARTMENT,
    access=Access.PUBLIC,
    category=Category.PUBLIC_CREDIT,
    legal_basis=_BASIS,
    owner="信用信息处",
    cadence="作出决定后 7 个工作日内，每日增量",
    lateness_days=10,
    retention_months=60,
    used_by=("信用报告·行政处罚与经营异常", "处罚指标", "产品准入", "评分"),
    columns=(
        _SUBJECT,
        Column("document_number", "行政处罚决定文书号", Kind.TEXT, aliases=("行政处罚决定书文号",)),
        Column("violation", "违法行为类型", Kind.TEXT),
        Column("facts", "违法事实", Kind.TEXT, needed=False),
        Column("basis", "处罚依据", Kind.TEXT, needed=False),
        # 处罚类别; several are joined by "; " in the file and the heaviest is named first.
        Column("penalty", "处罚类别", Kind.CHOICE, choices=coded(
            ("1", "警告", "warning"), ("2", "罚款", "fine"), ("3", "没收违法所得、没收非法财物", "confiscation"),
            ("4", "暂扣许可证件、降低资质等级、吊销许可证件", "licence"),
            ("5", "限制开展生产经营活动、责令停产停业、责令关闭、限制从业", "closure"), ("6", "行政拘留",
            "detention"),
            ("9", "其他", "other"))),
        Column("penalty_text", "处罚内容", Kind.TEXT, needed=False),
        Column("fine_fen", "罚款金额（万元）", Kind.WAN, needed=False),
        Column("confiscated_fen", "没收违法所得、没收非法财物的金额（万元）", Kind.WAN, needed=False),
        Column("decided_on", "处罚决定日期", Kind.DATE),
        Column("valid_until", "处罚有效期", Kind.DATE, needed=False, ahead=True),
        Column("authority", "处罚机关", Kind.TEXT),
        *BAD_RECORD,
        UPDATED_AT,
    ),
    enterprise="uscc",
    key=("uscc", "document_number"),
    dated_by="decided_on",
    by_month=False,
    rules=(
        Rule("money_negative", "coalesce(fine_fen, 0) >= 0 AND coalesce(confiscated_fen, 0) >= 0", "金额是负数"),
        Rule("ends_before", "ends_on IS NULL OR ends_on >= decided_on", "“公示截止期”早于处罚决定日期"),
    ),
    ignored=_IGNORED,
)  # fmt: skip

LICENCES = Feed(
    name="licences",
    label="行政许可",
    department="credit",
    department_label=_DEPARTMENT,
    access=Access.PUBLIC,
    category=Category.PUBLIC_CREDIT,
    legal_basis=_BASIS,
    owner="信用信息处",
    cadence="作出决定后 7 个工作日内，每日增量",
    lateness_days=10,
    retention_months=120,
    used_by=("信用报告·资质许可与荣誉", "许可指标"),
    columns=(
        _SUBJECT,
        Column("document_number", "行政许可决定文书号", Kind.TEXT),
        Column("document", "行政许可决定文书名称", Kind.TEXT, needed=False),
        # 许可类别.
        Column("licence_kind", "许可类别", Kind.CHOICE, choices=coded(
            ("1", "普通", "ordinary"), ("2", "特许", "franchise"), ("3", "认可", "recognition"), ("4", "核准",
            "approval"),
            ("5", "登记", "registration"), ("9", "其他", "other"))),
        Column("licence", "许可证书名称", Kind.TEXT, needed=False),
        Column("licence_number", "许可编号", Kind.TEXT, needed=False),
        Column("licence_text", "许可内容", Kind.TEXT, needed=False),
        Column("decided_on", "许可决定日期", Kind.DATE),
        Column("valid_from", "有效期自", Kind.DATE, needed=False, ahead=True),
        Column("valid_until", "有效期至", Kind.DATE, needed=False, ahead=True),
        Column("authority", "许可机关", Kind.TEXT),
        Column("state", "当前状态", Kind.CHOICE, needed=False, choices=coded(
            ("1", "有效", "in_force"), ("2", "撤销", "revoked"), ("3", "注销", "ended"), ("9", "其他", "other"))),
        UPDATED_AT,
    ),
    enterprise="uscc",
    key=("uscc", "document_number"),
    dated_by="decided_on",
    by_month=False,
    rules=(
        Rule("ends_before", "valid_until IS NULL OR valid_from IS NULL OR valid_until >= valid_from",
             "“有效期至”早于有效期自"),
    ),
    ignored=_IGNORED,
)  # fmt: skip
