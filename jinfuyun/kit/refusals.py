"""Why somebody may refuse, and on what basis: applications (regulators count by these codes), and everything else that
is sent back or turned down."""

from dataclasses import dataclass
from enum import StrEnum

from jinfuyun.kit.reasons import NotInOrder, Reason, said


class Basis(StrEnum):
    """Where a refusal comes from."""

    PLATFORM_DATA = "platform_data"
    CREDIT_RECORD = "credit_record"
    POLICY = "policy"
    INCOMPLETE = "incomplete"
    ENTERPRISE = "enterprise"
    UNSTATED = "unstated"


BASIS_LABELS = {
    Basis.PLATFORM_DATA: "平台数据",
    Basis.CREDIT_RECORD: "征信类（请自查征信报告）",
    Basis.POLICY: "行内政策",
    Basis.INCOMPLETE: "资料不全或无法联系",
    Basis.ENTERPRISE: "企业放弃",
    Basis.UNSTATED: "不便说明",
}


@dataclass(frozen=True, slots=True)
class Refusal:
    """A coded reason. `advice` tells the enterprise what it can do about it."""

    code: str
    label: str
    basis: Basis
    at_intake: bool
    advice: str


DATA, POLICY, INCOMPLETE = Basis.PLATFORM_DATA, Basis.POLICY, Basis.INCOMPLETE
REFUSALS = (
    Refusal("data_sales", "开票或申报销售未达产品要求", DATA, False, "数据有误可提出异议；也可选择要求较低的产品。"),
    Refusal("data_months", "经营或开票月数未达产品要求", DATA, False, "经营时间达到要求后可再次申请。"),
    Refusal("data_tax", "纳税信用等级、欠税或申报情况不符", DATA, False, "请向主管税务机关核对；数据有误可提出异议。"),
    Refusal("data_concentration", "客户或供应商过于集中", DATA, False, "可补充长期合同等材料后再次申请。"),
    Refusal("data_decline", "销售或用电明显下降", DATA, False, "可说明季节或订单原因后再次申请。"),
    Refusal("data_record", "存在未了结的处罚、异常或执行记录", DATA, False, "处理完毕并修复后可再次申请。"),
    Refusal("credit", "征信类原因", Basis.CREDIT_RECORD, False, "请自查企业及法定代表人的征信报告。"),
    Refusal("policy_industry", "不属于本机构支持的行业", POLICY, True, "请选择适用您所在行业的产品。"),
    Refusal("policy_region", "不在本机构服务区域", POLICY, True, "请按所属区域筛选产品。"),
    Refusal("policy_amount", "额度、期限或用途不符合本机构政策", POLICY, True, "可调整后重新申请，或选择其他产品。"),
    Refusal("policy_debt", "现有负债与经营规模不匹配", POLICY, False, "可降低申请金额后重新申请。"),
    Refusal("incomplete", "资料不全", INCOMPLETE, True, "补齐资料后可重新申请。"),
    Refusal("no_contact", "多次联系未果", INCOMPLETE, True, "请核对联系人与电话后重新申请。"),
    Refusal("enterprise", "企业表示不再需要", Basis.ENTERPRISE, True, "需要时可随时重新申请。"),
    Refusal("unstated", "不便说明", Basis.UNSTATED, True, "平台公布各机构选择此项的比例；您可以另选机构。"),
)  # fmt: skip
REFUSAL = {refusal.code: refusal for refusal in REFUSALS}


class Desk(StrEnum):
    """Where else something is refused."""

    COLLEAGUE = "colleague"  # a product's version, by the institution's second person
    PRODUCT = "product"  # the same, by an operator
    ADMISSION = "admission"  # an institution, or what asked to become one
    DISPUTE = "dispute"


@dataclass(frozen=True, slots=True)
class Ground:
    """A coded reason of these desks, with the basis as the refused side reads it."""

    code: str
    label: str
    basis: str
    desks: tuple[Desk, ...]


_VERSIONS = (Desk.COLLEAGUE, Desk.PRODUCT)
GROUNDS = (
    Ground("rate_or_fees", "利率或费用不合要求、写得不清楚", "息费公示要求", _VERSIONS),
    Ground("misleading", "名称或介绍容易使企业误解", "息费公示要求", _VERSIONS),
    Ground("conditions", "准入条件不清楚或与介绍不一致", "平台产品规则", _VERSIONS),
    Ground("amount_or_term", "额度、期限或还款方式不合规则", "平台产品规则", _VERSIONS),
    Ground("excessive_data", "所需数据类别超出审查需要", "平台产品规则", _VERSIONS),
    Ground("own_policy", "与本机构的制度或授权不一致", "本机构制度", (Desk.COLLEAGUE,)),
    Ground("outside_licence", "超出许可的业务或地区范围", "金融许可证", (Desk.PRODUCT, Desk.ADMISSION)),
    Ground("licence", "名称或许可证编码与公示不一致", "金融许可证", (Desk.ADMISSION,)),
    Ground("contact", "联系人或电话无法核实", "资料核实", (Desk.ADMISSION,)),
    Ground("duplicate", "已经入驻或重复申请", "平台记录", (Desk.ADMISSION,)),
    Ground("incomplete", "填写有误或不完整", "资料核实", (*_VERSIONS, Desk.ADMISSION)),
    Ground("as_recorded", "与原始记录一致", "原始记录", (Desk.DISPUTE,)),
    Ground("definition", "企业所说的口径不同，数据无误", "指标口径", (Desk.DISPUTE,)),
    Ground("unsupported", "企业的说明不足以证明数据有误", "企业的说明", (Desk.DISPUTE,)),
    Ground("not_ours", "不属于本部门的数据，请向主管部门提出", "职责分工", (Desk.DISPUTE,)),
)
GROUND_WORDS = {one.code: f"{one.label}（{one.basis}）" for one in GROUNDS}


def choices(desk: Desk) -> list[tuple[str, str]]:
    return [("", "请选择"), *((one.code, GROUND_WORDS[one.code]) for one in GROUNDS if desk in one.desks)]


def why_not_ground(desk: Desk, code: str) -> list[Reason]:
    known = any(one.code == code and desk in one.desks for one in GROUNDS)
    return [] if known else [Reason("ground", "请选择原因。")]


def why_refused(desk: Desk, code: str, text: str) -> dict[str, str]:
    """The two columns that say why. Raises NotInOrder for a code that is not this desk's, or no text."""
    if reasons := why_not_ground(desk, code):
        raise NotInOrder(reasons)
    return {"remark_code": code, "remark": said(text)}


def in_words(code: str, text: str) -> str:
    """As the refused side reads it; what was refused before there were codes has its text alone."""
    return "：".join(part for part in (GROUND_WORDS.get(code, ""), text) if part)
