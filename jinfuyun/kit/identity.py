"""People: identity documents, mobile phones, and how both are shown to others."""

import re
from datetime import date
from enum import StrEnum

from stdnum import numdb
from stdnum.cn import ric

from jinfuyun.kit.width import compact


class IdType(StrEnum):
    """证件类型 of a legal representative."""

    RESIDENT = "resident"
    HK_MACAO_PERMIT = "hk_macao_permit"
    TAIWAN_PERMIT = "taiwan_permit"
    HK_MACAO_RESIDENCE = "hk_macao_residence"
    TAIWAN_RESIDENCE = "taiwan_residence"
    PASSPORT = "passport"
    FOREIGN_RESIDENCE = "foreign_residence"


ID_TYPE_LABELS = {
    IdType.RESIDENT: "大陆居民身份证",
    IdType.HK_MACAO_PERMIT: "港澳居民来往内地通行证",
    IdType.TAIWAN_PERMIT: "台湾居民来往大陆通行证",
    IdType.HK_MACAO_RESIDENCE: "港澳居民居住证",
    IdType.TAIWAN_RESIDENCE: "台湾居民居住证",
    IdType.PASSPORT: "护照",
    IdType.FOREIGN_RESIDENCE: "外国人永久居留身份证",
}

_CITIZEN_SHAPE = re.compile("[0-9]{17}[0-9X]", re.ASCII)

# Documents without a published check digit: the shape is all that can be checked.
_SHAPES = {
    IdType.HK_MACAO_PERMIT: re.compile("[HM][0-9]{8}([0-9]{2})?", re.ASCII),
    IdType.TAIWAN_PERMIT: re.compile("[0-9]{8}|[0-9]{10}[A-Z]?", re.ASCII),
    IdType.PASSPORT: re.compile("(?=.*[0-9])[A-Z0-9]{5,17}", re.ASCII),
}
_OLD_FOREIGN_SHAPE = re.compile("[A-Z]{3}[0-9]{12}", re.ASCII)

# Residence permits stand in the citizens' number range under region codes of their own, which python-stdnum refuses.
_RESIDENCE_REGIONS = {
    IdType.HK_MACAO_RESIDENCE: ("810000", "820000"),
    IdType.TAIWAN_RESIDENCE: ("830000",),
}

_PHONE = re.compile(r"(?:(?:\+|00)?86)?(1[3-9][0-9]{9})", re.ASCII)
_PHONE_SEPARATORS = str.maketrans("", "", "-‐‑‒–—()")


def normalise_id(text: str) -> str:
    """One writing of a document number: half-width, upper-case, no blanks. Says nothing about its validity."""
    return compact(text).upper()


def is_id(id_type: IdType, number: str) -> bool:
    return not why_not_id(id_type, number)


def why_not_id(id_type: IdType, number: str) -> list[str]:
    """Reasons why `number` (normalised) is no document number of this type. Empty when it may be one."""
    label = ID_TYPE_LABELS[id_type]
    if id_type in _SHAPES:
        return [] if _SHAPES[id_type].fullmatch(number) else [f"{label}号码格式不正确，请核对。"]
    if id_type is IdType.FOREIGN_RESIDENCE:
        return _why_not_foreign_residence(number, label)
    reasons = _why_not_18(number, label)
    if not reasons and not _region_fits(id_type, number[:6]):
        reasons = [f"{label}号码前6位地区代码不正确，请核对。"]
    return reasons


def _why_not_foreign_residence(number: str, label: str) -> list[str]:
    """Cards since 2023: 18 digits that begin with 9; before: three letters of the nation and twelve digits."""
    if _OLD_FOREIGN_SHAPE.fullmatch(number):
        return []
    return _why_not_18(number, label) or ([] if number[0] == "9" else [f"{label}号码格式不正确，请核对。"])


def _why_not_18(number: str, label: str) -> list[str]:
    if not _CITIZEN_SHAPE.fullmatch(number):
        return [f"{label}号码应为18位，前17位为数字，末位为数字或 X。"]
    if _birth_date(number) is None:
        return [f"{label}号码中的出生日期不存在，请核对。"]
    if number[-1] != ric.calc_check_digit(number):
        return [f"{label}号码校验位不符，请核对。"]
    return []


def _birth_date(number: str) -> date | None:
    try:
        born = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None
    return born if born.year >= 1900 else None


def _region_fits(id_type: IdType, region: str) -> bool:
    if id_type in _RESIDENCE_REGIONS:
        return region in _RESIDENCE_REGIONS[id_type]
    # Any county that ever was, whatever the year: a number is given when the card is first issued, not at birth,
    # so python-stdnum's own comparison with the year of birth refuses people born before their county had its code.
    return any("county" in facts for _, facts in numdb.get("cn/loc").info(region))


def citizen_check_digit(first_17: str) -> str:
    """The last character of an 18-character citizen number whose first seventeen are given (mod 11-2)."""
    return str(ric.calc_check_digit(first_17 + "0"))


def normalise_phone(text: str) -> str | None:
    """The eleven digits of a mainland mobile, however it was written (+86, blanks, dashes, full-width); else None."""
    match = _PHONE.fullmatch(compact(text).translate(_PHONE_SEPARATORS))
    return match[1] if match else None


def mask_phone(phone: str) -> str:
    """138****0000. Whatever is no phone is hidden altogether."""
    return f"{phone[:3]}****{phone[-4:]}" if len(phone) == 11 else "*" * len(phone)


def mask_id(number: str) -> str:
    """350***********1234; of shorter documents the first and the last two characters."""
    shown = (3, 4) if len(number) >= 15 else (1, 2)
    if len(number) <= sum(shown) + 1:
        return "*" * len(number)
    return f"{number[: shown[0]]}{'*' * (len(number) - sum(shown))}{number[-shown[1] :]}"


def mask_name(name: str) -> str:
    """张**: the first character, and how many more there are."""
    return name[:1] + "*" * max(len(name) - 1, 1) if name else ""
