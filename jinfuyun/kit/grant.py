"""What may be read of whom, by whom, for what, until when. Only `consents.queries` makes one."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Category(StrEnum):
    """Kinds of data a consent may cover (数据类别)."""

    REGISTRATION = "registration"
    TAX = "tax"
    INVOICES = "invoices"
    SOCIAL_INSURANCE = "social_insurance"
    HOUSING_FUND = "housing_fund"
    ELECTRICITY = "electricity"
    WATER = "water"
    GAS = "gas"
    CUSTOMS = "customs"
    STATEMENTS = "statements"
    CASH_FLOW = "cash_flow"
    PROPERTY = "property"
    PLATFORM = "platform"
    PUBLIC_CREDIT = "public_credit"
    JUDICIAL = "judicial"
    INTELLECTUAL_PROPERTY = "intellectual_property"
    PROCUREMENT = "procurement"


CATEGORY_LABELS = {
    Category.REGISTRATION: "登记",
    Category.TAX: "税务",
    Category.INVOICES: "发票",
    Category.SOCIAL_INSURANCE: "社保",
    Category.HOUSING_FUND: "公积金",
    Category.ELECTRICITY: "用电",
    Category.WATER: "用水",
    Category.GAS: "用气",
    Category.CUSTOMS: "海关",
    Category.STATEMENTS: "财务报表",
    Category.CASH_FLOW: "收单流水",
    Category.PROPERTY: "不动产抵押",
    Category.PLATFORM: "平台内融资",
    Category.PUBLIC_CREDIT: "许可处罚与异常",
    Category.JUDICIAL: "司法",
    Category.INTELLECTUAL_PROPERTY: "知识产权与资质",
    Category.PROCUREMENT: "政府采购与补贴",
}

UTILITIES = (Category.WATER, Category.ELECTRICITY, Category.GAS)


class Purpose(StrEnum):
    """Why somebody reads (查询用途)."""

    PRE_LOAN = "pre_loan"
    POST_LOAN = "post_loan"
    GUARANTEE = "guarantee"
    OWN_VIEW = "own_view"
    MATCHING = "matching"


PURPOSE_LABELS = {
    Purpose.PRE_LOAN: "贷前审查",
    Purpose.POST_LOAN: "贷后管理",
    Purpose.GUARANTEE: "担保审核",
    Purpose.OWN_VIEW: "企业本人查看",
    Purpose.MATCHING: "企业本人匹配",
}


class ReaderKind(StrEnum):
    INSTITUTION = "institution"
    ENTERPRISE = "enterprise"
    PLATFORM = "platform"


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads: an institution (its code), the enterprise itself (its USCC), or the platform's own scoring."""

    kind: ReaderKind
    code: str


@dataclass(frozen=True, slots=True)
class Grant:
    """A permission in hand. `ends_on` (included, Asia/Shanghai) None means until the loan is settled.

    `because` is the application's number under which an institution is named; empty for everybody else.
    """

    consent_number: str
    uscc: str
    reader: Reader
    purpose: Purpose
    categories: frozenset[Category]
    ends_on: date | None
    because: str
