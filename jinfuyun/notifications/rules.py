"""What the platform says to people: every text, in one table. `{name}` stands for what the sender fills in."""

from collections.abc import Mapping
from enum import StrEnum

SIGNATURE = "【金服云】"


class Template(StrEnum):
    CODE_REGISTER = "code_register"
    CODE_LOGIN = "code_login"
    CODE_RESET = "code_reset"
    CODE_CHANGE_PHONE = "code_change_phone"
    CODE_TAX_ELEMENTS = "code_tax_elements"
    CODE_SIGN_CONSENT = "code_sign_consent"
    ALREADY_REGISTERED = "already_registered"
    PASSWORD_CHANGED = "password_changed"
    PHONE_CHANGED = "phone_changed"
    ACCOUNT_CLOSED = "account_closed"
    STAFF_INVITED = "staff_invited"
    STAFF_INVITED_ANEW = "staff_invited_anew"
    TAX_CHECK_ANSWERED = "tax_check_answered"
    CASE_DECIDED = "case_decided"
    ENTERPRISE_PASSED_ON = "enterprise_passed_on"
    MANDATE_GIVEN = "mandate_given"
    SIGN_REQUEST = "sign_request"
    CONSENT_SIGNED = "consent_signed"
    CONSENT_REVOKED = "consent_revoked"
    REPORT_OPENED = "report_opened"
    REPORT_PRINTED = "report_printed"
    APPLICATION_ACCEPTED = "application_accepted"
    APPLICATION_REFUSED = "application_refused"
    APPLICATION_ASKS_MORE = "application_asks_more"
    APPLICATION_APPROVED = "application_approved"
    APPLICATION_LAPSED = "application_lapsed"
    APPLICATION_FUNDED = "application_funded"
    APPLICATION_REMINDED = "application_reminded"
    APPLICATION_LATE = "application_late"
    APPLICATION_YOURS = "application_yours"
    APPLICATION_REASSIGNED = "application_reassigned"
    APPLICATION_APPEALED = "application_appealed"
    APPLICATION_UPHELD = "application_upheld"
    APPLICATION_REOPENED = "application_reopened"
    DOCUMENT_INFECTED = "document_infected"
    DISPUTE_RAISED = "dispute_raised"
    DISPUTE_REMINDED = "dispute_reminded"
    DISPUTE_LATE = "dispute_late"
    DISPUTE_ASKS_MORE = "dispute_asks_more"
    DISPUTE_SUPPLIED = "dispute_supplied"
    DISPUTE_WITHDRAWN = "dispute_withdrawn"
    DISPUTE_ANSWERED = "dispute_answered"
    REPORT_CORRECTED = "report_corrected"
    QUESTION_ASKED = "question_asked"
    QUESTION_LATE = "question_late"
    QUESTION_ANSWERED = "question_answered"
    LOAN_DRAWN = "loan_drawn"
    LOAN_CHANGED = "loan_changed"
    LOAN_SETTLED = "loan_settled"
    LOAN_REMINDED = "loan_reminded"
    LOAN_DISPUTED = "loan_disputed"
    LOAN_OVERDUE = "loan_overdue"
    LOAN_DUE_SOON = "loan_due_soon"
    CONSENT_SETTLED = "consent_settled"
    DEMAND_WISHED = "demand_wished"
    DEMAND_CLAIMED = "demand_claimed"
    DEMAND_PROPOSED = "demand_proposed"
    DEMAND_ASSIGNED = "demand_assigned"
    DEMAND_REMINDED = "demand_reminded"
    DEMAND_SEEN = "demand_seen"
    DEMAND_DISCLOSED = "demand_disclosed"
    DEMAND_CHOSEN = "demand_chosen"
    DEMAND_NOT_CHOSEN = "demand_not_chosen"
    DEMAND_LAPSED = "demand_lapsed"
    DEMAND_ENDED = "demand_ended"
    DEMAND_DECLINED = "demand_declined"
    DEMAND_EXPIRED = "demand_expired"
    DEMAND_ESCALATED = "demand_escalated"
    COORDINATION_DECLARED = "coordination_declared"
    COORDINATION_RETURNED = "coordination_returned"
    COORDINATION_RECOMMENDED = "coordination_recommended"
    COORDINATION_ASKED = "coordination_asked"
    COORDINATION_REMINDED = "coordination_reminded"
    COORDINATION_LATE = "coordination_late"
    COORDINATION_GRANTED = "coordination_granted"
    COORDINATION_REFUSED = "coordination_refused"
    COORDINATION_ENDED = "coordination_ended"
    VISIT_PLANNED = "visit_planned"
    VISIT_HINT = "visit_hint"
    PRODUCT_CHECKING = "product_checking"
    PRODUCT_RETURNED = "product_returned"
    PRODUCT_PAUSED = "product_paused"
    PRODUCT_EXPIRES = "product_expires"
    PRODUCT_EXPIRED = "product_expired"
    ADMISSION_DECLINED = "admission_declined"
    WORK_HANDED_OVER = "work_handed_over"
    NOTE_SENT = "note_sent"
    NOTE_REMINDED = "note_reminded"
    NOTE_LATE = "note_late"
    NOTE_ANSWERED = "note_answered"
    NOTE_RETURNED = "note_returned"
    NOTE_CLOSED = "note_closed"
    COMPLAINT_FILED = "complaint_filed"
    COMPLAINT_REMINDED = "complaint_reminded"
    COMPLAINT_LATE = "complaint_late"
    COMPLAINT_ANSWERED = "complaint_answered"
    COMPLAINT_RAISED = "complaint_raised"
    COMPLAINT_SETTLED = "complaint_settled"
    COMPLAINT_WITHDRAWN = "complaint_withdrawn"
    COMPLAINT_INFECTED = "complaint_infected"
    LOOK_ASKED = "look_asked"
    LOOK_MADE = "look_made"
    LOOK_ENDED = "look_ended"
    WARNING_RAISED = "warning_raised"
    WARNING_YOURS = "warning_yours"
    WARNING_LATE = "warning_late"
    EVALUATION_MADE = "evaluation_made"
    EVALUATION_CORRECTED = "evaluation_corrected"
    EVALUATION_APPEALED = "evaluation_appealed"
    EVALUATION_ANSWERED = "evaluation_answered"
    EVALUATION_LATE = "evaluation_late"


# Two texts where the answer may be yes or no: the context's `passed` chooses.
TEXTS: dict[Template, str | tuple[str, str]] = {
    Template.CODE_REGISTER: "您正在注册账号，验证码 {code}，5 分钟内有效。请勿告诉他人，平台工作人员不会向您索取。",
    Template.CODE_LOGIN: "您正在登录，验证码 {code}，5 分钟内有效。请勿告诉他人，平台工作人员不会向您索取。",
    Template.CODE_RESET: "您正在找回登录密码，验证码 {code}，5 分钟内有效。如非本人操作，请勿告诉他人。",
    Template.CODE_CHANGE_PHONE: "您正在把此号码设为登录手机号，验证码 {code}，5 分钟内有效。如非本人操作，请忽略。",
    Template.CODE_TAX_ELEMENTS: "您正在办理企业税务要素认证，验证码 {code}，5 分钟内有效。如非本人办理，请勿告诉他人。",
    Template.CODE_SIGN_CONSENT: (
        "您正在签署“{enterprise}”的数据采集查询授权委托书，验证码 {code}，5 分钟内有效。如非本人办理，请勿告诉他人。"
    ),
    Template.ALREADY_REGISTERED: (
        "有人用此号码申请注册账号，而此号码早已注册。如是您本人，请直接登录，忘记密码可在登录页找回；如非本人，无需处理。"
    ),
    Template.PASSWORD_CHANGED: "您的登录密码已修改，所有设备均已退出登录。如非本人操作，请立即找回密码并联系平台。",
    Template.PHONE_CHANGED: "您账号的登录手机号已更换为 {phone}，此号码不再用于登录。如非本人操作，请立即联系平台。",
    Template.ACCOUNT_CLOSED: "您的账号已注销。",
    Template.STAFF_INVITED: (
        "您被邀请加入福建省金融服务云平台，账号 {account}。请在 7 天内打开 {link} 设置密码和动态口令。"
    ),
    Template.STAFF_INVITED_ANEW: (
        "您的账号 {account} 由本单位重新邀请，原密码和动态口令即时失效，请打开新的邀请短信开通。"
        "如不是您要求的，请立即联系本单位和平台。"
    ),
    Template.TAX_CHECK_ANSWERED: (
        "税务部门已应答：企业要素认证通过，请登录后继续完善企业信息。",
        "税务部门已应答：未能核实您填写的企业要素，请登录查看常见原因和人工核验途径。",
    ),
    Template.CASE_DECIDED: (
        "您申请的人工核验已通过，请登录后继续完善企业信息。",
        "您申请的人工核验未通过：{answer}",
    ),
    Template.ENTERPRISE_PASSED_ON: (
        "{enterprise} 已由新的账号认证持有，您的账号不再办理该企业事项。如有异议，请联系平台。"
    ),
    Template.REPORT_OPENED: "{institution} 因申请 {number} 查询了 {enterprise} 的信用报告，已记入账本，登录后可查看。",
    Template.REPORT_PRINTED: "信用报告 {number} 已完成电子签章，可以下载 PDF。",
    Template.MANDATE_GIVEN: "{enterprise} 授权您经办该企业事项，至 {end}（含当日）。请用此手机号登录平台办理。",
    Template.SIGN_REQUEST: (
        "{by} 为 {enterprise} 准备了数据采集查询授权委托书，请法定代表人打开 {link} 阅读并签署。如不知情请勿操作。"
    ),
    Template.CONSENT_SIGNED: (
        "{enterprise} 已签署数据采集查询授权委托书（编号 {number}）。如非本人办理，请登录撤销并联系平台。"
    ),
    Template.CONSENT_REVOKED: (
        "{enterprise} 的数据采集查询授权委托书（编号 {number}）已撤销，即时起停止新的采集和查询。"
    ),
    Template.APPLICATION_ACCEPTED: (
        "{institution}已受理您的“{product}”申请（{number}）。{caller}（{phone}）将与您联系。平台和机构均不收取办理费用。"
    ),
    Template.APPLICATION_REFUSED: (
        "很抱歉，{institution}未能通过您的“{product}”申请（{number}），原因：{reason}。登录平台可查看依据和建议。"
    ),
    Template.APPLICATION_ASKS_MORE: (
        "{institution}办理您的“{product}”申请（{number}）需要补充材料，请登录平台查看并答复，答复前办理时限暂停。"
    ),
    Template.APPLICATION_APPROVED: (
        "{institution}已批复您的“{product}”申请（{number}），请在 {until} 前登录平台确认金额、利率和期限。"
    ),
    Template.APPLICATION_LAPSED: "您的“{product}”申请（{number}）批复已过有效期，视为放弃。需要时可重新申请。",
    Template.APPLICATION_FUNDED: (
        "{institution}报告您的“{product}”申请（{number}）已首笔放款，请登录平台核对金额和利率。"
    ),
    Template.APPLICATION_REMINDED: (
        "申请 {number}（{enterprise}，{state}）的办理时限已过 {percent}%，请于 {due} 前（含当日）办理。"
    ),
    Template.APPLICATION_LATE: (
        "申请 {number}（{enterprise}，{state}）应于 {due} 前办理，现已超时，请管理员转派给另一位同事。"
    ),
    Template.APPLICATION_YOURS: "申请 {number}（{enterprise}，{state}）已转由您办理，请查看办理时限（{due}）。",
    Template.APPLICATION_REASSIGNED: (
        "{institution}办理您的“{product}”申请（{number}）的联系人已更换为 {caller}（{phone}）。平台和机构均不收费。"
    ),
    Template.APPLICATION_APPEALED: (
        "{enterprise}对申请 {number} 的未通过决定申请复议，请由另一位审批人于 {due} 前（含当日）复议。"
    ),
    Template.APPLICATION_UPHELD: (
        "{institution}复议后维持对您的“{product}”申请（{number}）的决定，理由和其他可选产品请登录平台查看。"
    ),
    Template.DOCUMENT_INFECTED: ("您为申请 {number} 上传的材料“{material}”查出病毒，平台已删除，请检查后重新上传。"),
    Template.APPLICATION_REOPENED: "{institution}复议后撤回原决定，您的“{product}”申请（{number}）恢复审批。",
    # Of disputes and questions only what they are about: the words of both sides stay sealed where they were written.
    Template.DISPUTE_RAISED: "{enterprise}对“{figure}”提出异议（{number}），请于 {due} 前核查并书面答复。",
    Template.DISPUTE_REMINDED: "异议 {number}（“{figure}”）的答复时限已过 {percent}%，请于 {due} 前书面答复。",
    Template.DISPUTE_LATE: "异议 {number}（{department}，“{figure}”）应于 {due} 前书面答复，现已超时，由平台督办。",
    Template.DISPUTE_ASKS_MORE: "{department}核查您对“{figure}”的异议（{number}）需要补充说明，请登录平台查看并答复。",
    Template.DISPUTE_SUPPLIED: "{enterprise}已补充异议 {number}（“{figure}”）的说明，请继续核查，{due} 前书面答复。",
    Template.DISPUTE_WITHDRAWN: "{enterprise}已撤回异议 {number}（“{figure}”），不必再答复。",
    Template.DISPUTE_ANSWERED: "{department}已书面答复您对“{figure}”的异议（{number}），请登录平台查看。",
    Template.REPORT_CORRECTED: (
        "报告 {report}（{enterprise}）中的“{figure}”已由{department}更正，原报告不再改动，请重新查询。"
    ),
    Template.QUESTION_ASKED: "{enterprise}询问本机构为何查询其信用报告 {report}，请于 {due} 前在平台书面答复。",
    Template.QUESTION_LATE: "{institution}应于 {due} 前答复企业关于报告 {report} 的询问，现已超时。",
    Template.QUESTION_ANSWERED: "{institution}已答复您关于信用报告 {report} 的询问，请登录平台查看。",
    Template.LOAN_DRAWN: "{institution}报告在您的授信额度内放款（借据 {number}），请登录平台核对金额和利率。",
    Template.LOAN_CHANGED: "{institution}登记了您的借据 {number}：{what}。请登录平台核对，如有不符请联系该机构。",
    Template.LOAN_SETTLED: "借据 {number}（{enterprise}，{institution}）已结清：{way}。",
    Template.LOAN_REMINDED: "{institution}报告的放款（借据 {number}）等待您核对金额和利率，请登录平台确认或提出异议。",
    Template.LOAN_DISPUTED: "{enterprise}对借据 {number} 的金额或利率提出异议，请核实；有误的请冲正后重新登记。",
    Template.LOAN_OVERDUE: "您在{institution}的借据 {number} 有一期应于 {since} 归还，尚未到账，请尽快联系该机构。",
    Template.LOAN_DUE_SOON: "您在{institution}的借据 {number} 将于 {due} 到期。需要续贷的，可登录平台在线申请。",
    Template.CONSENT_SETTLED: "{enterprise}的贷款业务已办理完毕并结清，授权委托书（编号 {consent}）按约定终止。",
    # Of demands neither name nor phone: an institution reads them on the page, once the enterprise agreed.
    Template.DEMAND_WISHED: "有企业发布融资需求 {number}（{amount} 万元），并写明期望本机构对接，请登录平台查看。",
    Template.DEMAND_CLAIMED: (
        "{institution}已接下您的融资需求 {number}（{amount} 万元），将在 3 个工作日内提交意向方案。"
        "您可登录平台决定是否向其透露企业名称和联系方式。"
    ),
    Template.DEMAND_PROPOSED: "{institution}已就您的融资需求 {number} 提交意向方案，请登录平台查看并比较。",
    Template.DEMAND_ASSIGNED: "平台将融资需求 {number}（{amount} 万元）派给本机构，请于 {due} 前答复接单或退回。",
    Template.DEMAND_REMINDED: (
        "融资需求 {number}（{amount} 万元）的办理时限已过 {percent}%，请于 {due} 前（含当日）{what}。"
    ),
    Template.DEMAND_SEEN: "企业已查看本机构对融资需求 {number} 的意向方案。",
    Template.DEMAND_DISCLOSED: "企业同意向本机构透露融资需求 {number} 的企业名称和联系方式，请登录平台查看并尽快联系。",
    Template.DEMAND_CHOSEN: (
        "企业选定本机构对融资需求 {number} 的方案，已生成申请 {application}，请在 1 个工作日内受理。"
    ),
    Template.DEMAND_NOT_CHOSEN: "融资需求 {number} 已由企业选定其他机构，感谢本机构的对接。",
    Template.DEMAND_LAPSED: "本机构未在期限内办理融资需求 {number}，名额已释放，并计入接单记录。",
    Template.DEMAND_ENDED: "融资需求 {number} 已由企业结束或到期，不必再办理。",
    Template.DEMAND_DECLINED: "融资需求 {number} 已由企业结束，没有选定方案：{why}。",
    Template.DEMAND_EXPIRED: "您的融资需求 {number}（{amount} 万元）已到期结束，需要时可重新发布。",
    # An institution reads the enterprise's name on the page, where it is gone with the consent.
    Template.COORDINATION_DECLARED: (
        "{enterprise} 已由{by}列入融资协调机制申报清单（{number}），登录可查看，随时可以撤回。"
    ),
    Template.COORDINATION_RETURNED: "{enterprise} 的融资协调申报（{number}）未列入推荐清单，原因：{reason}",
    Template.COORDINATION_RECOMMENDED: (
        "{enterprise} 已列入融资协调机制推荐清单（{number}），推荐给{institution}，应在 {due} 前答复是否授信。"
    ),
    Template.COORDINATION_ASKED: "工作专班向本机构推荐一户企业（{number}，{amount} 万元），请于 {due} 前答复是否授信。",
    Template.COORDINATION_REMINDED: (
        "融资协调推荐 {number} 距答复期限还有 {days} 天，请于 {due} 前（含当日）答复是否授信。"
    ),
    Template.COORDINATION_LATE: "融资协调推荐 {number} 已超过一个月的答复期限（{due}），列入逾期清单，请立即办理。",
    Template.COORDINATION_GRANTED: (
        "{institution}已对 {enterprise} 授信 {granted} 万元（融资协调 {number}），登录可查看。"
    ),
    Template.COORDINATION_REFUSED: (
        "{institution}对 {enterprise} 不予授信（融资协调 {number}），原因：{reason}。{advice}"
    ),
    Template.COORDINATION_ENDED: "融资协调推荐 {number} 已由企业撤回或不再同意对接推荐，请停止联系，不必再答复。",
    Template.VISIT_PLANNED: "{by}计划于 {on} 走访 {enterprise}，了解经营和融资情况。走访不收取任何费用。",
    Template.VISIT_HINT: (
        "工作专班走访后建议 {enterprise} 在平台发布融资需求，由各家机构提交方案，登录后在“融资需求”办理。"
    ),
    Template.DEMAND_ESCALATED: "融资需求 {number}（{amount} 万元）发布 5 个工作日仍没有机构提交方案，已列入督办清单。",
    Template.PRODUCT_CHECKING: "产品“{product}”第 {number} 版等待您这边的同事复核，请在产品管理中核对。",
    Template.PRODUCT_RETURNED: "产品“{product}”第 {number} 版被退回：{why}",
    Template.PRODUCT_PAUSED: "产品“{product}”已由平台暂停，不再接受新申请，恢复须由平台办理：{why}",
    Template.PRODUCT_EXPIRES: "产品“{product}”的上架截止日是 {day}，需要继续上架的请改出新版本。",
    Template.PRODUCT_EXPIRED: "产品“{product}”已过上架截止日，不再接受新申请；需要继续上架的请改出新版本。",
    Template.WORK_HANDED_OVER: "{person}的 {count} 项在办业务已交接给您，请在工作台查看。",
    # Of notes and complaints only what they are about, as of disputes.
    Template.NOTE_SENT: "{sender}金融管理部门督办（{number}）：{about}，请于 {due} 前（含当日）在平台书面答复。",
    Template.NOTE_REMINDED: "督办 {number}（{about}）今日（{due}）到期，请在平台书面答复。",
    Template.NOTE_LATE: "督办 {number}（{institution}，{about}）应于 {due} 前书面答复，现已超时。",
    Template.NOTE_ANSWERED: "{institution}已书面答复督办 {number}（{about}），请核对后办结或退回。",
    Template.NOTE_RETURNED: "督办 {number}（{about}）的答复被退回，请于 {due} 前（含当日）重新答复。",
    Template.NOTE_CLOSED: "督办 {number}（{about}）已由{sender}金融管理部门办结或撤销。",
    Template.COMPLAINT_FILED: "{enterprise}投诉{against}（{number}），应于 {due} 前（含当日）书面答复企业。",
    Template.COMPLAINT_REMINDED: "投诉 {number}（{enterprise}）应于 {due} 前（含当日）书面答复，请尽快办理。",
    Template.COMPLAINT_LATE: "投诉 {number}（{enterprise}投诉{against}）应于 {due} 前书面答复，现已超时。",
    Template.COMPLAINT_ANSWERED: "{against}已书面答复您的投诉（{number}），请登录平台查看并评价；不认可的可上报。",
    Template.COMPLAINT_RAISED: "{enterprise}把投诉 {number}（{against}）上报管理部门，应于 {due} 前答复企业。",
    Template.COMPLAINT_SETTLED: "金融管理部门已书面答复对{against}的投诉（{number}），请登录平台查看。",
    Template.COMPLAINT_WITHDRAWN: "{enterprise}已撤回投诉 {number}，不必再答复。",
    Template.COMPLAINT_INFECTED: "您为投诉 {number} 上传的材料查出病毒，平台已删除；投诉照常办理。",
    Template.LOOK_ASKED: "同事为登记案件申请查阅一家企业（{number}），需要另一位同事同意，请登录平台办理。",
    Template.LOOK_MADE: (
        "{regulator}金融管理部门于 {day} 查阅{enterprise}在平台的登记和办理情况（案号 {case}），登录后可查看事由。"
    ),
    Template.LOOK_ENDED: (
        "{regulator}金融管理部门自 {day} 起因登记案件（案号 {case}）查阅过{enterprise}在平台的登记和办理情况，"
        "案件期限已过，现告知您，登录后可查看事由。"
    ),
    Template.WARNING_RAISED: "新发出 {count} 条监测预警（{first}），请登录平台确认并处理。",
    Template.WARNING_YOURS: "预警 {number}（{subject}{label}）已交由您处理，请于 {due} 前（含当日）办结。",
    Template.WARNING_LATE: "预警 {number}（{subject}{label}）应于 {due} 前处理，现已超时。",
    Template.EVALUATION_MADE: "{period} 机构评价结果已出，请查看得分和明细；有异议的，请于 {due} 前（含当日）申诉。",
    Template.EVALUATION_CORRECTED: "本机构 {period} 评价结果已更正，原结果保留；有异议的请于 {due} 前（含当日）申诉。",
    Template.EVALUATION_APPEALED: "{institution}对 {period} 评价结果提出申诉（{number}），请于 {due} 前书面答复。",
    Template.EVALUATION_ANSWERED: "{institution}对 {period} 评价结果的申诉（{number}）已书面答复，请登录平台查看。",
    Template.EVALUATION_LATE: "{institution}对 {period} 评价结果的申诉（{number}）应于 {due} 前答复，现已超时。",
    Template.ADMISSION_DECLINED: "{name}的入驻申请未予受理：{why}。更正后可重新申请。",
}

# A code is worth nothing once it is in the person's hands or over: its text is not kept.
SECRET = frozenset(template for template in Template if template.value.startswith("code_")) | {Template.STAFF_INVITED}


def text_of(template: Template, context: Mapping[str, object]) -> str:
    """The sentence; a missing name is a KeyError, because a text with holes must not leave."""
    text = TEXTS[template]
    if not isinstance(text, str):
        text = text[0] if context["passed"] else text[1]
    return text.format_map(context)
