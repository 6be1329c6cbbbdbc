"""Every published figure: one table of definitions, from which the queries, the words on pages and the tests come."""

from django.db.models import Aggregate, Q

from jinfuyun.applications.rules import Act
from jinfuyun.kit.refusals import BASIS_LABELS
from jinfuyun.supervision.queries.lending import LENDING
from jinfuyun.supervision.queries.sources import (
    ACCOUNTS,
    ANSWERS_DUE,
    APPLICATIONS,
    COMPLAINTS,
    COMPLAINTS_DUE,
    CONSENTS,
    CONTACTS,
    DECISIONS,
    DECLARATIONS,
    DECLINED,
    DEMANDS,
    DISPATCHES,
    DISPUTES,
    DISPUTES_DUE,
    ENTERPRISES,
    FUNDINGS,
    GRANTS,
    INSTITUTIONS,
    INTAKES,
    OFFERS,
    PRODUCTS,
    PROPOSALS,
    QUESTIONS,
    QUESTIONS_DUE,
    RATINGS,
    READINGS,
    RECOMMENDATIONS,
    REFUSED,
    STANDING_DEMANDS,
    UNAUTHORISED,
    UNMET,
    WITHDRAWN,
)
from jinfuyun.supervision.queries.terms import (
    PARTS,
    Demanded,
    Indicator,
    Part,
    fen,
    rows,
)
from jinfuyun.supervision.rules import Group, Mean, Middle, Moment, Share, Unit

_ALL = (
    *LENDING,
    Indicator(
        "registered", "注册用户数", Unit.ACCOUNT, Group.ENTERPRISES, ACCOUNTS, Moment.STOCK,
        "已注册、未注销的企业用户账号；一个账号可以办理多家企业，认证前不知道所属地区", rows(), behind="registered",
    ),
    Indicator(
        "authenticated", "认证企业数", Unit.ENTERPRISE, Group.ENTERPRISES, ENTERPRISES, Moment.STOCK,
        "通过税务五要素认证或人工核验的企业和个体工商户", rows(), behind="authenticated",
    ),
    Indicator(
        "consented", "授权企业数", Unit.ENTERPRISE, Group.ENTERPRISES, CONSENTS, Moment.STOCK,
        "授权书生效且在授权期限内的企业；暂停、撤销、到期的不计", rows(), behind="consented",
    ),
    Indicator(
        "consented_share", "授权率", Unit.BP, Group.ENTERPRISES, CONSENTS, Moment.STOCK,
        "授权企业数", Share("consented", "authenticated"), "认证企业数", behind="consented",
    ),
    Indicator(
        "institutions", "入驻机构数", Unit.INSTITUTION, Group.MARKET, INSTITUTIONS, Moment.LIVE,
        "经两人复核入驻的金融机构；暂停、退出的不计", rows(),
    ),
    Indicator(
        "products", "上架产品数", Unit.PRODUCT, Group.MARKET, PRODUCTS, Moment.LIVE,
        "已上架、机构未被暂停的融资产品", rows(),
    ),
    Indicator(
        "applied", "申请笔数", Unit.APPLICATION, Group.APPLICATIONS, APPLICATIONS, Moment.FLOW,
        "企业提交的融资申请，含后来撤回和未通过的", rows(), behind="applied",
    ),
    Indicator(
        "applied_fen", "申请金额", Unit.FEN, Group.APPLICATIONS, APPLICATIONS, Moment.FLOW,
        "上述申请中企业申请的金额合计", fen("amount_fen"), behind="applied",
    ),
    Indicator(
        "approved", "审批通过笔数", Unit.APPLICATION, Group.APPLICATIONS, OFFERS, Moment.FLOW,
        "机构已批复方案的申请，含企业随后放弃或撤回的", rows(), behind="approved",
    ),
    Indicator(
        "approved_fen", "审批通过金额", Unit.FEN, Group.APPLICATIONS, OFFERS, Moment.FLOW,
        "上述批复方案的金额合计", fen("offer_amount_fen"), behind="approved",
    ),
    Indicator(
        "readings", "报告查询量", Unit.READING, Group.READINGS, READINGS, Moment.FLOW,
        "金融机构凭授权查询信用报告的次数；企业查询自己的不计", rows(), behind="readings",
    ),
    Indicator(
        "readings_unasked", "无申请查询量", Unit.READING, Group.READINGS, READINGS, Moment.FLOW,
        "其中没有对应融资申请的次数", rows(Q(because="")), behind="readings_unasked",
    ),
    Indicator(
        "readings_unauthorised", "无授权查询量", Unit.READING, Group.READINGS, UNAUTHORISED, Moment.FLOW,
        "其中查询时没有对应的生效授权书的次数；应当总是零，无授权的查询在数据库即被拒绝", rows(), behind="readings",
    ),
    Indicator(
        "accepted_share", "受理率", Unit.BP, Group.CLOCKS, INTAKES, Moment.FLOW,
        "受理笔数", Share("accepted", "intakes"), "受理和不予受理笔数", behind="accepted",
    ),
    Indicator(
        "accepted", "受理笔数", Unit.APPLICATION, Group.APPLICATIONS, INTAKES, Moment.FLOW,
        "机构受理的申请", rows(Q(act=Act.ACCEPT)), behind="accepted",
    ),
    Indicator(
        "intake_in_time", "受理及时率", Unit.BP, Group.CLOCKS, INTAKES, Moment.FLOW,
        "时限内的受理决定笔数", Share("intakes_in_time", "intakes_timed"), "有时限的受理决定笔数", behind="accepted",
    ),
    Indicator(
        "contact_in_time", "对接及时率", Unit.BP, Group.CLOCKS, CONTACTS, Moment.FLOW,
        "时限内的对接笔数", Share("contacts_in_time", "contacts_timed"), "有时限的对接笔数", behind="accepted",
    ),
    Indicator(
        "decision_in_time", "办结及时率", Unit.BP, Group.CLOCKS, DECISIONS, Moment.FLOW,
        "时限内的审批决定笔数", Share("decisions_in_time", "decisions_timed"), "有时限的审批决定笔数",
        behind="approved",
    ),
    Indicator(
        "funding_in_time", "放款及时率", Unit.BP, Group.CLOCKS, FUNDINGS, Moment.FLOW,
        "时限内的首笔放款笔数", Share("fundings_in_time", "fundings_timed"), "有时限的首笔放款笔数", behind="funded",
    ),
    Indicator(
        "approved_share", "审批通过率", Unit.BP, Group.CLOCKS, DECISIONS, Moment.FLOW,
        "审批通过的决定笔数", Share("decisions_for", "decisions"), "审批决定笔数", behind="approved",
    ),
    *(
        Indicator(
            f"{stage}_{kind}", f"{words}{'平均' if kind == 'mean' else '中位'}时长", Unit.MINUTE, Group.TIMES, source,
            Moment.FLOW, f"{begins}的自然时长，{'取平均' if kind == 'mean' else '取中位数'}",
            (Mean if kind == "mean" else Middle)(f"{stage}_minutes"), behind=behind,
        )
        for stage, words, source, begins, behind in (
            ("intake", "受理", INTAKES, "自提交至受理决定", "accepted"),
            ("contact", "对接", CONTACTS, "自受理至登记对接", "accepted"),
            ("decision", "审批", DECISIONS, "自登记对接（恢复审批）至审批决定，含待补件", "approved"),
            ("funding", "放款", FUNDINGS, "自企业确认批复至登记首笔放款", "funded"),
        )
        for kind in ("mean", "middle")
    ),
    Indicator(
        "refused", "拒绝笔数", Unit.APPLICATION, Group.APPLICATIONS, REFUSED, Moment.FLOW,
        "不予受理和未通过的申请；复议后恢复审批的不计", rows(), behind="refused",
    ),
    *(
        Indicator(
            f"refused_{basis}", f"拒绝原因：{label}", Unit.APPLICATION, Group.REFUSALS, REFUSED, Moment.FLOW,
            f"拒绝原因的依据为“{label}”的申请", rows(Q(refusal_basis=basis)), behind=f"refused_{basis}",
        )
        for basis, label in BASIS_LABELS.items()
    ),
    Indicator(
        "refused_share", "拒绝率", Unit.BP, Group.REFUSALS, REFUSED, Moment.FLOW,
        "拒绝笔数", Share("refused", "resolved"), "机构已决定（批复方案或拒绝）的申请笔数", behind="refused",
    ),
    *(
        Indicator(
            f"{basis}_share", f"{label}占比", Unit.BP, Group.REFUSALS, REFUSED, Moment.FLOW,
            f"拒绝原因：{label}", Share(f"refused_{basis}", "refused"), "拒绝笔数", behind="refused",
        )
        for basis, label in BASIS_LABELS.items()
    ),
    Indicator(
        "withdrawn", "企业撤回笔数", Unit.APPLICATION, Group.APPLICATIONS, WITHDRAWN, Moment.FLOW,
        "企业在签约前撤回的申请", rows(), behind="withdrawn",
    ),
    Indicator(
        "declined", "放弃批复笔数", Unit.APPLICATION, Group.APPLICATIONS, DECLINED, Moment.FLOW,
        "企业放弃或逾期未确认的批复方案", rows(), behind="declined",
    ),
    Indicator(
        "demands", "融资需求数", Unit.CASE, Group.DEMANDS, DEMANDS, Moment.FLOW,
        "企业发布的融资需求", rows(), behind="demands",
    ),
    Indicator(
        "demands_fen", "融资需求金额", Unit.FEN, Group.DEMANDS, DEMANDS, Moment.FLOW,
        "上述需求的金额合计", fen("amount_fen"), behind="demands",
    ),
    Indicator(
        "proposals", "意向方案数", Unit.CASE, Group.DEMANDS, PROPOSALS, Moment.FLOW,
        "机构对融资需求提交的意向方案", rows(), behind="proposals",
    ),
    Indicator(
        "taken_share", "接单率", Unit.BP, Group.DEMANDS, DISPATCHES, Moment.FLOW,
        "机构接受平台派单的次数", Share("taken", "dispatched"), "平台派单的次数", behind="demands",
    ),
    Indicator(
        "unmet", "未达成需求数", Unit.CASE, Group.DEMANDS, UNMET, Moment.FLOW,
        "未达成而结束的融资需求", rows(), behind="unmet",
    ),
    *(
        Indicator(
            name, label, Unit.FEN if name.endswith("_fen") else Unit.CASE, Group.DEMANDS, STANDING_DEMANDS, Moment.LIVE,
            said, counted, behind=name.removesuffix("_fen"),
        )
        for name, label, said, counted in (
            ("demands_open", "公开中需求数", "已发布、企业还没有选定机构也没有结束的融资需求", rows(Demanded.OPEN)),
            ("demands_open_fen", "公开中需求金额", "上述需求的金额合计", fen("amount_fen", Demanded.OPEN)),
            ("demands_offered", "已获方案需求数", "公开中、已有机构提交意向方案的需求", rows(Demanded.OFFERED)),
            ("demands_chosen", "已选定需求数", "企业已选定一家机构的需求，含已办结的", rows(Demanded.CHOSEN)),
            ("demands_waiting", "待督办需求数", "公开中、期满仍没有机构提交方案的需求", rows(Demanded.WAITING)),
        )
    ),
    Indicator(
        "declared", "申报清单企业", Unit.CASE, Group.COORDINATION, DECLARATIONS, Moment.FLOW,
        "列入融资协调机制申报清单的企业，含后来退回和撤回的；一户再次申报另计一件", rows(), behind="declared",
    ),
    Indicator(
        "recommended", "推荐给机构", Unit.CASE, Group.COORDINATION, RECOMMENDATIONS, Moment.FLOW,
        "推荐清单上的企业推荐给机构的件数；推荐给几家机构计几件", rows(), behind="recommended",
    ),
    Indicator(
        "recommended_share", "推荐按时答复率", Unit.BP, Group.COORDINATION, ANSWERS_DUE, Moment.FLOW,
        "其中一个月内答复是否授信的件数", Share("recommended_answered", "recommended_due"),
        "应在一个月内答复的推荐件数；期限内企业撤回的不计", behind="recommended",
    ),
    Indicator(
        "recommended_granted", "推荐获授信", Unit.CASE, Group.COORDINATION, GRANTS, Moment.FLOW,
        "机构对推荐企业答复授信的件数", rows(), behind="recommended_granted",
    ),
    Indicator(
        "recommended_fen", "推荐获授信金额", Unit.FEN, Group.COORDINATION, GRANTS, Moment.FLOW,
        "上述授信的金额合计", fen("granted_fen"), behind="recommended_granted",
    ),
    Indicator(
        "disputes", "数据异议件数", Unit.CASE, Group.VOICE, DISPUTES, Moment.FLOW,
        "企业对报告数据提出的异议", rows(), behind="disputes",
    ),
    Indicator(
        "disputes_share", "异议按时答复率", Unit.BP, Group.VOICE, DISPUTES_DUE, Moment.FLOW,
        "其中按时书面答复的件数", Share("disputes_in_time", "disputes_due"), "应在期内答复的异议件数",
        behind="disputes",
    ),
    Indicator(
        "questions", "企业询问件数", Unit.CASE, Group.VOICE, QUESTIONS, Moment.FLOW,
        "企业询问机构为何查询其报告", rows(), behind="questions",
    ),
    Indicator(
        "questions_share", "询问按时答复率", Unit.BP, Group.VOICE, QUESTIONS_DUE, Moment.FLOW,
        "其中按时书面答复的询问件数", Share("questions_in_time", "questions_due"), "应在期内答复的询问件数",
        behind="questions",
    ),
    Indicator(
        "complaints", "投诉件数", Unit.CASE, Group.VOICE, COMPLAINTS, Moment.FLOW,
        "企业对机构或平台的投诉", rows(), behind="complaints",
    ),
    Indicator(
        "complaints_share", "投诉按时答复率", Unit.BP, Group.VOICE, COMPLAINTS_DUE, Moment.FLOW,
        "其中按时书面答复的投诉件数", Share("complaints_in_time", "complaints_due"),
        "应在期内答复的投诉件数（期内撤回的不计）", behind="complaints",
    ),
    Indicator(
        "complaints_good", "投诉满意率", Unit.BP, Group.VOICE, RATINGS, Moment.FLOW,
        "评价为满意、非常满意的投诉件数", Share("ratings_good", "ratings"), "企业已评价的投诉件数",
        behind="complaints",
    ),
)  # fmt: skip
_ORDER = list(Group)
INDICATORS = tuple(sorted(_ALL, key=lambda one: _ORDER.index(one.group)))
BY_NAME = {one.name: one for one in INDICATORS}
_COUNTED: tuple[Indicator | Part, ...] = (*INDICATORS, *PARTS)
BASE = {one.name: one for one in _COUNTED if isinstance(one.counted, Aggregate)}
DERIVED = {one.name: one.counted for one in INDICATORS if not isinstance(one.counted, Aggregate)}
# What a closed month holds, and what of it counting again must give again.
MONTHLY = tuple(one for one in INDICATORS if one.moment is not Moment.LIVE)
PROMISED = frozenset(one.name for one in MONTHLY if not one.source.lost)
