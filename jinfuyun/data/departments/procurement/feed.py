"""What the treasury buys and grants: awards of government procurement, and subsidies."""

from jinfuyun.data.departments.contract import (
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

_DEPARTMENT = "财政厅"

PROCUREMENT_AWARDS = Feed(
    name="procurement_awards",
    label="政府采购中标与合同",
    department="procurement",
    department_label=_DEPARTMENT,
    access=Access.PUBLIC,
    category=Category.PROCUREMENT,
    legal_basis="政府采购法规定的公告",
    owner="政府采购监督管理办公室",
    cadence="每日增量",
    lateness_days=7,
    retention_months=60,
    used_by=("信用报告·政府采购与补贴", "政采指标", "产品准入"),
    columns=(
        Column(USCC.name, USCC.label, USCC.kind, aliases=("供应商统一社会信用代码", "中标供应商代码")),
        Column("contract_number", "合同编号", Kind.TEXT, aliases=("项目编号", "采购项目编号")),
        Column("project", "项目名称", Kind.TEXT, aliases=("采购项目名称",), needed=False),
        Column("buyer", "采购人", Kind.TEXT),
        Column("method", "采购方式", Kind.CHOICE, choices=coded(
            ("1", "公开招标", "open_tender"), ("2", "邀请招标", "invited_tender"), ("3", "竞争性谈判", "negotiation"),
            ("4", "竞争性磋商", "consultation"), ("5", "单一来源", "single_source"), ("6", "询价", "quotation"),
            ("9", "其他", "other"))),
        Column("awarded_on", "中标日期", Kind.DATE, aliases=("成交日期", "合同签订日期")),
        Column("amount_fen", "合同金额", Kind.MONEY, aliases=("中标金额", "成交金额")),
        Column("finished_on", "履约验收日期", Kind.DATE, needed=False),
        Column("state", "履约状态", Kind.CHOICE, choices=coded(
            ("1", "履约中", "running"), ("2", "已验收", "accepted"), ("3", "违约", "breached"), ("4", "终止",
            "ended"))),
        UPDATED_AT,
    ),
    enterprise="uscc",
    key=("uscc", "contract_number"),
    dated_by="awarded_on",
    by_month=False,
    rules=(Rule("amount_negative", "amount_fen >= 0", "“合同金额”是负数"),),
    ignored=(*NAMES, "供应商名称", "中标供应商"),
)  # fmt: skip

SUBSIDIES = Feed(
    name="subsidies",
    label="财政补贴",
    department="procurement",
    department_label=_DEPARTMENT,
    access=Access.PUBLIC,
    category=Category.PROCUREMENT,
    legal_basis="政府信息公开条例规定的公开",
    owner="企业处",
    cadence="每月增量",
    lateness_days=40,
    retention_months=60,
    used_by=("信用报告·政府采购与补贴", "政策指标"),
    columns=(
        USCC,
        Column("document_number", "拨付文号", Kind.TEXT, aliases=("资金文件号",)),
        Column("project", "补贴项目", Kind.TEXT, aliases=("项目名称",)),
        Column("subsidy_kind", "补贴类别", Kind.CHOICE, choices=coded(
            ("1", "技术改造", "equipment"), ("2", "研发补助", "research"), ("3", "贷款贴息", "interest"),
            ("4", "稳岗补贴", "jobs"), ("5", "出口奖励", "export"), ("9", "其他", "other"))),
        Column("granted_on", "拨付日期", Kind.DATE),
        Column("amount_fen", "拨付金额", Kind.MONEY, aliases=("补贴金额",)),
        Column("authority", "主管部门", Kind.TEXT, needed=False),
        UPDATED_AT,
    ),
    enterprise="uscc",
    key=("uscc", "document_number", "project"),
    dated_by="granted_on",
    by_month=False,
    rules=(Rule("amount_negative", "amount_fen >= 0", "“拨付金额”是负数"),),
    ignored=NAMES,
)  # fmt: skip
