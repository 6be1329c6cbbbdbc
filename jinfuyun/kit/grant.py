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
    """A permission in hand. `ends_on` (included, Asia/Shanghai) None means until the loan is settled."""

    consent_number: str
    uscc: str
    reader: Reader
    purpose: Purpose
    categories: frozenset[Category]
    ends_on: date | None
