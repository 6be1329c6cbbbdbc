"""Figures of loans: drawn, for the first time, unsecured, at what rates, for what; and what became of them after."""

from django.db.models import Count

from jinfuyun.supervision.queries.sources import BAD, LOANS, OWED, PAY_OUTS, SETTLED
from jinfuyun.supervision.queries.terms import (
    CONFIRMED,
    DISPUTED,
    FIRST,
    FIRST_HERE,
    FUNDED,
    GREEN,
    LONG,
    MADE,
    OVERDUE,
    RENEWED,
    RURAL,
    TECH,
    UNSECURED,
    Indicator,
    fen,
    rows,
)
from jinfuyun.supervision.rules import Group, Moment, Share, Unit

LENDING = (
    Indicator(
        "funded", "放款笔数", Unit.APPLICATION, Group.LOANS, LOANS, Moment.FLOW,
        "机构报告的每笔放款，含额度内再次放款；冲正的和企业提出异议的不计，后者另列", rows(FUNDED), behind="funded",
    ),
    Indicator(
        "funded_fen", "放款金额", Unit.FEN, Group.LOANS, LOANS, Moment.FLOW,
        "上述放款的金额合计", fen("amount_fen", FUNDED), behind="funded",
    ),
    Indicator(
        "confirmed", "企业已确认放款笔数", Unit.APPLICATION, Group.LOANS, LOANS, Moment.FLOW,
        "放款金额和利率经企业确认的放款", rows(CONFIRMED), behind="confirmed",
    ),
    Indicator(
        "confirmed_share", "企业确认率", Unit.BP, Group.LOANS, LOANS, Moment.FLOW,
        "企业已确认放款笔数", Share("confirmed", "funded"), "放款笔数", behind="confirmed",
    ),
    Indicator(
        "disputed", "有异议放款笔数", Unit.APPLICATION, Group.LOANS, LOANS, Moment.FLOW,
        "机构已报告、企业对金额或利率提出异议的放款", rows(DISPUTED), behind="disputed",
    ),
    Indicator(
        "first", "首贷户数", Unit.ENTERPRISE, Group.KINDS, LOANS, Moment.FLOW,
        "机构报告为首贷的放款涉及的企业；首贷指放款前在人民银行征信系统没有贷款记录",
        Count("uscc", filter=FIRST, distinct=True), behind="first",
    ),
    Indicator(
        "first_fen", "首贷金额", Unit.FEN, Group.KINDS, LOANS, Moment.FLOW,
        "机构报告为首贷的放款金额合计", fen("amount_fen", FIRST), behind="first",
    ),
    Indicator(
        "first_share", "首贷占比", Unit.BP, Group.KINDS, LOANS, Moment.FLOW,
        "首贷金额", Share("first_fen", "funded_fen"), "放款金额", behind="first",
    ),
    Indicator(
        "first_here", "平台首次获贷户数", Unit.ENTERPRISE, Group.KINDS, LOANS, Moment.FLOW,
        "当笔放款之前在本平台没有放款的企业；以前在别处有没有贷款，平台不知道",
        Count("uscc", filter=FIRST_HERE, distinct=True), behind="first_here",
    ),
    Indicator(
        "unsecured", "信用贷笔数", Unit.APPLICATION, Group.KINDS, LOANS, Moment.FLOW,
        "授信的担保方式为信用（没有任何担保）的放款", rows(UNSECURED), behind="unsecured",
    ),
    Indicator(
        "unsecured_fen", "信用贷金额", Unit.FEN, Group.KINDS, LOANS, Moment.FLOW,
        "上述信用贷的放款金额合计", fen("amount_fen", UNSECURED), behind="unsecured",
    ),
    Indicator(
        "unsecured_share", "信用贷占比", Unit.BP, Group.KINDS, LOANS, Moment.FLOW,
        "信用贷金额", Share("unsecured_fen", "funded_fen"), "放款金额", behind="unsecured",
    ),
    Indicator(
        "borrowers", "放款户数", Unit.ENTERPRISE, Group.LOANS, LOANS, Moment.FLOW,
        "放款涉及的企业，一户只计一次", Count("uscc", filter=FUNDED, distinct=True), behind="borrowers",
    ),
    Indicator(
        "funded_each", "户均放款", Unit.FEN, Group.LOANS, LOANS, Moment.FLOW,
        "放款金额", Share("funded_fen", "borrowers", 1), "放款户数", behind="borrowers",
    ),
    Indicator(
        "met_share", "资金满足率", Unit.BP, Group.LOANS, LOANS, Moment.FLOW,
        "放款金额", Share("funded_fen", "applied_fen"), "申请金额", behind="funded",
    ),
    Indicator(
        "rate", "加权平均利率", Unit.BP, Group.RATES, LOANS, Moment.FLOW,
        "放款金额 × 年化利率之和", Share("rate_fen", "funded_fen", 1), "放款金额", behind="funded",
    ),
    Indicator(
        "spread", "较 LPR 加点", Unit.POINT, Group.RATES, LOANS, Moment.FLOW,
        "放款金额 ×（年化利率 − 放款日同期限 LPR）之和", Share("spread_fen", "funded_fen", 1), "放款金额",
        behind="funded",
    ),
    Indicator(
        "renewed_fen", "续贷金额", Unit.FEN, Group.STRUCTURE, LOANS, Moment.FLOW,
        "借新还旧和无还本续贷的放款金额合计", fen("amount_fen", RENEWED), behind="renewed",
    ),
    Indicator(
        "renewed", "续贷笔数", Unit.APPLICATION, Group.STRUCTURE, LOANS, Moment.FLOW,
        "借新还旧和无还本续贷的放款", rows(RENEWED), behind="renewed",
    ),
    *(
        each
        for name, words, which, meant in (
            ("long", "中长期", LONG, "约定期限超过一年"),
            ("made", "制造业", MADE, "企业行业门类为制造业（C）"),
            ("green", "绿色", GREEN, "产品带有绿色政策标签"),
            ("tech", "科创", TECH, "产品带有科创政策标签"),
            ("rural", "涉农", RURAL, "产品带有涉农政策标签"),
        )
        for each in (
            Indicator(
                f"{name}_loans", f"{words}贷款笔数", Unit.APPLICATION, Group.STRUCTURE, LOANS, Moment.FLOW,
                f"{meant}的放款", rows(which), behind=f"{name}_loans",
            ),
            Indicator(
                f"{name}_fen", f"{words}贷款金额", Unit.FEN, Group.STRUCTURE, LOANS, Moment.FLOW,
                f"{meant}的放款金额合计", fen("amount_fen", which), behind=f"{name}_loans",
            ),
            Indicator(
                f"{name}_share", f"{words}贷款占比", Unit.BP, Group.STRUCTURE, LOANS, Moment.FLOW,
                f"{words}贷款金额", Share(f"{name}_fen", "funded_fen"), "放款金额", behind=f"{name}_loans",
            ),
        )
    ),
    Indicator(
        "settled", "结清笔数", Unit.APPLICATION, Group.RISK, SETTLED, Moment.FLOW,
        "已结清的借据", rows(), behind="settled",
    ),
    Indicator(
        "owed", "在贷笔数", Unit.APPLICATION, Group.RISK, OWED, Moment.STOCK,
        "还款中和逾期的借据，按借据账截至统计时刻的最后一条", rows(), behind="owed",
    ),
    Indicator(
        "owed_fen", "贷款余额", Unit.FEN, Group.RISK, OWED, Moment.STOCK,
        "上述借据的余额合计", fen("balance_fen"), behind="owed",
    ),
    Indicator(
        "overdue", "逾期笔数", Unit.APPLICATION, Group.RISK, OWED, Moment.STOCK,
        "状态为逾期的借据", rows(OVERDUE), behind="overdue",
    ),
    Indicator(
        "overdue_fen", "逾期贷款余额", Unit.FEN, Group.RISK, OWED, Moment.STOCK,
        "状态为逾期的借据的余额合计", fen("balance_fen", OVERDUE), behind="overdue",
    ),
    Indicator(
        "overdue_share", "逾期率", Unit.BP, Group.RISK, OWED, Moment.STOCK,
        "逾期贷款余额", Share("overdue_fen", "owed_fen"), "贷款余额", behind="overdue",
    ),
    Indicator(
        "bad", "不良笔数", Unit.APPLICATION, Group.RISK, BAD, Moment.STOCK,
        "在贷、机构登记的五级分类为次级、可疑或损失的借据，按借据账截至统计时刻没有冲正的最后一次分类", rows(),
        behind="bad",
    ),
    Indicator(
        "bad_fen", "不良贷款余额", Unit.FEN, Group.RISK, BAD, Moment.STOCK,
        "上述借据的余额合计", fen("balance_fen"), behind="bad",
    ),
    Indicator(
        "bad_share", "不良率", Unit.BP, Group.RISK, BAD, Moment.STOCK,
        "不良贷款余额", Share("bad_fen", "owed_fen"), "贷款余额", behind="bad",
    ),
    Indicator(
        "paid_out", "代偿笔数", Unit.APPLICATION, Group.RISK, PAY_OUTS, Moment.FLOW,
        "担保方代偿的记录；冲正的不计", rows(), behind="paid_out",
    ),
    Indicator(
        "paid_out_fen", "代偿金额", Unit.FEN, Group.RISK, PAY_OUTS, Moment.FLOW,
        "上述代偿的本金合计", fen("principal_fen"), behind="paid_out",
    ),
    Indicator(
        "paid_out_share", "代偿率", Unit.BP, Group.RISK, PAY_OUTS, Moment.FLOW,
        "代偿金额", Share("paid_out_fen", "released_fen"), "解除担保的本金（有担保的借据归还和代偿的本金）",
        behind="paid_out",
    ),
)  # fmt: skip
