"""Words of lending that products, applications and loans share, with their Chinese names."""

from enum import StrEnum


class Security(StrEnum):
    """担保方式. The owner's personal guarantee is a guarantee, not unsecured."""

    UNSECURED = "unsecured"
    GUARANTEE = "guarantee"
    MORTGAGE = "mortgage"
    PLEDGE = "pledge"
    COMBINED = "combined"


SECURITY_LABELS = {
    Security.UNSECURED: "信用",
    Security.GUARANTEE: "保证",
    Security.MORTGAGE: "抵押",
    Security.PLEDGE: "质押",
    Security.COMBINED: "组合",
}


class Repayment(StrEnum):
    EQUAL_INSTALMENTS = "equal_instalments"
    EQUAL_PRINCIPAL = "equal_principal"
    AT_MATURITY = "at_maturity"
    INTEREST_MONTHLY = "interest_monthly"
    INTEREST_QUARTERLY = "interest_quarterly"


REPAYMENT_LABELS = {
    Repayment.EQUAL_INSTALMENTS: "等额本息",
    Repayment.EQUAL_PRINCIPAL: "等额本金",
    Repayment.AT_MATURITY: "利随本清",
    Repayment.INTEREST_MONTHLY: "按月付息到期还本",
    Repayment.INTEREST_QUARTERLY: "按季付息到期还本",
}


class Drawdown(StrEnum):
    ONE_OFF = "one_off"
    REVOLVING = "revolving"


DRAWDOWN_LABELS = {Drawdown.ONE_OFF: "一次性", Drawdown.REVOLVING: "循环（随借随还）"}


class LoanPurpose(StrEnum):
    """用途 of the money; `text` beside it says more."""

    STOCK = "stock"
    WAGES = "wages"
    RENT = "rent"
    EQUIPMENT = "equipment"
    RENEWAL = "renewal"
    ORDERS = "orders"
    OTHER = "other"


LOAN_PURPOSE_LABELS = {
    LoanPurpose.STOCK: "采购原材料、备货",
    LoanPurpose.WAGES: "发放工资、缴纳社保",
    LoanPurpose.RENT: "支付租金、水电等经营费用",
    LoanPurpose.EQUIPMENT: "购置或更新设备",
    LoanPurpose.RENEWAL: "到期续贷",
    LoanPurpose.ORDERS: "履行已签订单",
    LoanPurpose.OTHER: "其他经营用途",
}


class RateKind(StrEnum):
    FIXED = "fixed"
    FLOATING = "floating"


RATE_KIND_LABELS = {RateKind.FIXED: "固定利率", RateKind.FLOATING: "浮动利率（LPR 加减点）"}


class Tenor(StrEnum):
    """Which LPR: one year, or over five years."""

    ONE_YEAR = "1Y"
    FIVE_YEARS = "5Y"


TENOR_LABELS = {Tenor.ONE_YEAR: "1 年期 LPR", Tenor.FIVE_YEARS: "5 年期以上 LPR"}


class ProductKind(StrEnum):
    WORKING_CAPITAL = "working_capital"
    FIXED_ASSET = "fixed_asset"
    BILL = "bill"
    FACTORING = "factoring"
    SUPPLY_CHAIN = "supply_chain"
    LEASING = "leasing"
    GUARANTEE = "guarantee"


PRODUCT_KIND_LABELS = {
    ProductKind.WORKING_CAPITAL: "流动资金贷款",
    ProductKind.FIXED_ASSET: "固定资产贷款",
    ProductKind.BILL: "票据",
    ProductKind.FACTORING: "保理",
    ProductKind.SUPPLY_CHAIN: "供应链",
    ProductKind.LEASING: "租赁",
    ProductKind.GUARANTEE: "担保",
}


class Borrower(StrEnum):
    COMPANY = "company"
    SOLE_TRADER = "sole_trader"
    SMALL_OWNER = "small_owner"


BORROWER_LABELS = {
    Borrower.COMPANY: "企业法人",
    Borrower.SOLE_TRADER: "个体工商户经营者",
    Borrower.SMALL_OWNER: "小微企业主",
}


class Size(StrEnum):
    LARGE = "large"
    MEDIUM = "medium"
    SMALL = "small"
    MICRO = "micro"


SIZE_LABELS = {Size.LARGE: "大型", Size.MEDIUM: "中型", Size.SMALL: "小型", Size.MICRO: "微型"}


class Prepayment(StrEnum):
    FREE = "free"
    FEE = "fee"
    BY_AGREEMENT = "by_agreement"


PREPAYMENT_LABELS = {
    Prepayment.FREE: "可提前还款，不收违约金",
    Prepayment.FEE: "可提前还款，按合同收违约金",
    Prepayment.BY_AGREEMENT: "提前还款须与机构协商",
}


class Title(StrEnum):
    HIGH_TECH = "high_tech"
    SPECIALISED = "specialised"
    TECH_SME = "tech_sme"


TITLE_LABELS = {
    Title.HIGH_TECH: "高新技术企业",
    Title.SPECIALISED: "专精特新企业",
    Title.TECH_SME: "科技型中小企业",
}


class Tag(StrEnum):
    SUBSIDY = "subsidy"
    RISK_SHARING = "risk_sharing"
    RELENDING = "relending"
    RENEWAL = "renewal"
    GREEN = "green"
    TECH = "tech"
    RURAL = "rural"
    FIRST_LOAN = "first_loan"


TAG_LABELS = {
    Tag.SUBSIDY: "贴息",
    Tag.RISK_SHARING: "风险补偿",
    Tag.RELENDING: "支小再贷款",
    Tag.RENEWAL: "无还本续贷",
    Tag.GREEN: "绿色",
    Tag.TECH: "科创",
    Tag.RURAL: "涉农",
    Tag.FIRST_LOAN: "首贷",
}


TAX_GRADES = ("A", "B", "M", "C", "D")
FREQUENCIES = {"monthly": "按月", "quarterly": "按季", "yearly": "按年", "once": "到期一次"}
