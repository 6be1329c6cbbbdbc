"""Why an institution may refuse, and on what basis; regulators count by these codes."""

from dataclasses import dataclass
from enum import StrEnum


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
