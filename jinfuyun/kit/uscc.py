"""统一社会信用代码 (GB 32100-2015) and the taxpayer numbers that came before it."""

import re
from enum import StrEnum

from stdnum.cn import ric
from stdnum.cn import uscc as standard

from jinfuyun.kit.width import compact

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
TAX_NUMBER_LENGTHS = (15, 17, 18, 20)

_SHAPE = re.compile(f"[{ALPHABET}]{{2}}[0-9]{{6}}[{ALPHABET}]{{10}}", re.ASCII)
_CITIZEN = re.compile("[0-9]{17}[0-9X]", re.ASCII)
_OLD_TAX_SHAPES = {
    15: re.compile("[0-9]{6}[0-9A-Z]{9}", re.ASCII),  # county and organisation code, or an old 15-digit citizen id
    17: re.compile("[0-9]{15}[0-9A-Z]{2}", re.ASCII),  # 15-digit citizen id and a running number
    20: re.compile("[0-9]{17}[0-9X][0-9A-Z]{2}", re.ASCII),  # 18-digit citizen id and a running number
}


class Nature(StrEnum):
    """主体性质, the kind of subject."""

    ENTERPRISE = "enterprise"
    INDIVIDUAL = "individual"
    COOPERATIVE = "cooperative"
    OTHER = "other"


NATURE_LABELS = {
    Nature.ENTERPRISE: "企业",
    Nature.INDIVIDUAL: "个体工商户",
    Nature.COOPERATIVE: "农民专业合作社",
    Nature.OTHER: "其他组织",
}

_NATURE_BY_PREFIX = {"91": Nature.ENTERPRISE, "92": Nature.INDIVIDUAL, "93": Nature.COOPERATIVE}


def normalise(text: str) -> str:
    """One writing of a code: half-width, upper-case, no blanks or dashes. Says nothing about its validity."""
    return compact(text).replace("-", "").upper()


def check_digit(first_17: str) -> str:
    """The eighteenth character of a code whose first seventeen are given (mod 31)."""
    return str(standard.calc_check_digit(first_17))


def is_uscc(code: str) -> bool:
    return not why_not_uscc(code)


def why_not_uscc(code: str) -> list[str]:
    """Reasons why `code` (normalised) is no USCC. Empty when it is one.

    Only its own check digit counts: codes with a wrong inner organisation digit, or with the region of a county
    that no longer exists, were really issued.
    """
    if len(code) != 18:
        return ["统一社会信用代码应为18位。"]
    if not _SHAPE.fullmatch(code):
        return ["统一社会信用代码只能由数字和大写字母组成（不含 I、O、S、V、Z），第3至8位为数字。"]
    if code[-1] != check_digit(code[:17]):
        return ["统一社会信用代码校验位不符，请核对。"]
    return []


def is_tax_number(number: str) -> bool:
    return not why_not_tax_number(number)


def why_not_tax_number(number: str) -> list[str]:
    """Reasons why `number` (normalised) is no taxpayer number of 15, 17, 18 or 20 characters."""
    if len(number) not in TAX_NUMBER_LENGTHS:
        return ["纳税号应为15、17、18或20位。"]
    if len(number) != 18:
        return [] if _OLD_TAX_SHAPES[len(number)].fullmatch(number) else ["纳税号格式不正确，请核对。"]
    if is_uscc(number) or _is_citizen_number(number):
        return []
    return ["18位纳税号应为统一社会信用代码或身份证号，校验位不符，请核对。"]


def organisation_code(number: str) -> str | None:
    """The nine characters that a USCC and an old 15-digit taxpayer number of the same holder share; else None."""
    if len(number) == 18 and is_uscc(number):
        return number[8:17]
    return number[6:] if len(number) == 15 else None


def _is_citizen_number(number: str) -> bool:
    return bool(_CITIZEN.fullmatch(number)) and number[-1] == ric.calc_check_digit(number)


def nature_of(code: str) -> Nature:
    """What the first two characters of a USCC say of its holder."""
    return _NATURE_BY_PREFIX.get(code[:2], Nature.OTHER)
