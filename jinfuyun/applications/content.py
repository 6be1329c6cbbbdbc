"""Figures of applications on the pages of products and of institutions: what each is called, and what it counts."""

# Of a product or an institution; said only of enough decisions.
OBSERVED = {
    "decided": ("已决定", "近十二个月机构对融资申请作出决定的笔数"),
    "approved_share_bp": ("获批占比", "其中机构批复了方案的笔数 ÷ 已决定笔数"),
    "rate_bp": ("批复利率中位数", "上述批复方案的年化利率的中位数"),
    "days": ("从提交到决定", "上述决定自企业提交起的自然日的中位数"),
}
# Of one unit of an institution, of what it received lately.
FUNNEL = {
    "received": ("收到", "期间内提交给本单位的申请"),
    "accepted": ("受理", "其中至今已受理的笔数和占比"),
    "approved": ("批复", "其中至今批复过方案的笔数和占比"),
    "drawn": ("放款", "其中至今登记过首笔放款的笔数和占比"),
    "accept_days": ("受理用时", "自提交至受理的自然日的中位数"),
    "approve_days": ("批复用时", "自提交至批复的自然日的中位数"),
    "drawn_days": ("放款用时", "自提交至首笔放款的自然日的中位数"),
}
