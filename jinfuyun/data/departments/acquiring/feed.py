"""Payments taken through aggregated collection codes, day by day and channel by channel, with consent."""

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

COLLECTIONS = Feed(
    name="collections",
    label="聚合收款码流水",
    department="acquiring",
    department_label="收单服务机构",
    access=Access.CONSENTED,
    category=Category.CASH_FLOW,
    legal_basis=CONSENT,
    owner="商户服务部",
    cadence="每日增量",
    lateness_days=3,
    retention_months=36,
    used_by=("信用报告·资金流", "流水指标", "产品准入", "评分"),
    columns=(
        CUSTOMER,
        Column("merchant", "商户号", Kind.CODE, aliases=("商户编号",)),
        Column("day", "交易日期", Kind.DATE, aliases=("清算日期",)),
        Column("channel", "支付渠道", Kind.CHOICE, choices=coded(
            ("WX", "微信支付", "wechat"), ("ALI", "支付宝", "alipay"), ("UP", "云闪付", "unionpay"),
            ("ECNY", "数字人民币", "digital_yuan"), ("CARD", "银行卡", "card"))),
        Column("payments", "交易笔数", Kind.COUNT),
        Column("paid_fen", "交易金额", Kind.MONEY),
        Column("refunds", "退款笔数", Kind.COUNT, needed=False),
        Column("refunded_fen", "退款金额", Kind.MONEY, needed=False),
        Column("payers", "付款人数", Kind.COUNT, needed=False),  # how many different people; never who
        UPDATED_AT,
    ),
    enterprise="customer",
    key=("uscc", "merchant", "day", "channel"),
    dated_by="day",
    by_month=True,
    rules=(
        Rule("negative",
             "payments >= 0 AND paid_fen >= 0 AND coalesce(refunds, 0) >= 0 AND coalesce(refunded_fen, 0) >= 0",
             "笔数或金额是负数"),
        Rule("payers_over_payments", "coalesce(payers, 0) <= payments", "“付款人数”多于交易笔数"),
    ),
    ignored=(*NAMES, "商户名称"),
)  # fmt: skip
