"""What messages are about: topics that people mute, but for those that the law or their safety needs."""

from dataclasses import dataclass
from enum import StrEnum

from jinfuyun.notifications.rules import Template


class Topic(StrEnum):
    """Kinds of messages that a person takes or mutes as one."""

    SECURITY = "security"
    CONSENT = "consent"
    READING = "reading"
    DISPUTE = "dispute"
    DECISION = "decision"
    LENDING = "lending"
    PROGRESS = "progress"
    DEMAND = "demand"
    COORDINATION = "coordination"
    RENEWAL = "renewal"
    DESK = "desk"
    OVERSIGHT = "oversight"
    COMPLAINT = "complaint"
    PRODUCT = "product"
    WARNING = "warning"
    EVALUATION = "evaluation"


@dataclass(frozen=True, slots=True)
class Kind:
    """`begins`: of the names of its templates. `why`: why it cannot be muted, "" if it can.

    `readers`: which kinds of accounts get any of it.
    """

    label: str
    begins: tuple[str, ...]
    readers: frozenset[str]
    why: str = ""


EVERYBODY = frozenset({"enterprise", "institution", "regulator", "department", "operator"})
ENTERPRISE, BANK = frozenset({"enterprise"}), frozenset({"institution"})
# The first row one of whose beginnings the template's name has is its kind.
TOPICS: dict[Topic, Kind] = {
    Topic.SECURITY: Kind(
        "账号与安全", ("code_", "already_", "password_", "phone_", "account_", "staff_", "admission_"), EVERYBODY,
        "验证码、密码和手机号变动：保护账号所必需，被盗用时靠它发现。",
    ),
    Topic.CONSENT: Kind(
        "认证与授权", ("tax_", "case_", "enterprise_", "mandate_", "sign_", "consent_"), ENTERPRISE,
        "处理信息须经您同意：授权的签署、变更和终止，法律要求告知您本人。",
    ),
    Topic.OVERSIGHT: Kind(
        "督办", ("note_", "look_asked"), BANK | {"regulator"}, "管理部门督办的事项须按期书面答复。",
    ),
    Topic.COMPLAINT: Kind(
        "投诉", ("complaint_",), EVERYBODY - {"department"}, "投诉须按期书面答复，答复须告知投诉人。",
    ),
    Topic.READING: Kind(
        "查询与询问", ("report_opened", "question_", "look_"), ENTERPRISE | BANK | {"operator"},
        "谁查询了信用信息，信息主体有权知道；机构须按期答复询问。",
    ),
    Topic.DISPUTE: Kind(
        "数据异议", ("dispute_", "report_corrected"), EVERYBODY - {"regulator"},
        "异议须在法定期限内核查并书面答复，更正须通知查询过的机构。",
    ),
    Topic.DECISION: Kind(
        "审批结果和复议", ("application_refused", "application_appr", "application_lapsed", "application_upheld",
                     "application_appealed"), ENTERPRISE | BANK,
        "不予通过的决定和理由须告知申请人；确认批复、申请和办理复议都有期限。",
    ),
    Topic.LENDING: Kind(
        "放款、还款与结清", ("loan_drawn", "loan_changed", "loan_settled", "loan_overdue", "loan_disputed"),
        ENTERPRISE | BANK, "借款合同履行情况的通知，关系还款义务和信用记录。",
    ),
    Topic.RENEWAL: Kind("贷款到期和核对提醒", ("loan_",), ENTERPRISE),
    Topic.DEMAND: Kind("融资需求", ("demand_",), EVERYBODY - {"department", "operator"}),
    Topic.COORDINATION: Kind("融资协调和走访", ("coordination_", "visit_"), ENTERPRISE | BANK),
    Topic.DESK: Kind("办理时限和转派", ("application_remin", "application_late", "application_yours", "work_"), BANK),
    Topic.WARNING: Kind("监测预警", ("warning_",), frozenset({"regulator"})),
    Topic.EVALUATION: Kind(
        "机构评价", ("evaluation_",), BANK | {"regulator"}, "评价结果关系机构声誉；申诉和答复都有期限。",
    ),
    Topic.PRODUCT: Kind("产品复核、暂停和到期", ("product_",), BANK),
    Topic.PROGRESS: Kind("申请进度和材料", ("application_", "document_", "report_printed"), ENTERPRISE),
}  # fmt: skip


def topic_of(template: Template) -> Topic:
    return next(topic for topic, kind in TOPICS.items() if template.value.startswith(kind.begins))


TOPIC_OF = {template: topic_of(template) for template in Template}
MUTABLE = frozenset(topic for topic, kind in TOPICS.items() if not kind.why)
