"""What an account is, how often what may be tried, and which passwords are refused. No database, no clock."""

import gzip
import ipaddress
import unicodedata
from datetime import timedelta
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import NamedTuple

import django.contrib.auth.password_validation as django_passwords
from zxcvbn.frequency_lists import FREQUENCY_LISTS

from jinfuyun.kit.actor import HouseKind, Role
from jinfuyun.kit.width import compact


class Kind(StrEnum):
    """Who logs in through which tab."""

    ENTERPRISE = "enterprise"
    INSTITUTION = "institution"
    REGULATOR = "regulator"
    DEPARTMENT = "department"
    OPERATOR = "operator"


KIND_LABELS = {
    Kind.ENTERPRISE: "企业用户",
    Kind.INSTITUTION: "金融机构",
    Kind.REGULATOR: "金融管理部门",
    Kind.DEPARTMENT: "数据部门",
    Kind.OPERATOR: "平台运营",
}


class House(NamedTuple):
    """The house a kind of staff belongs to, and the roles it may have there."""

    kind: HouseKind
    roles: frozenset[Role]


STAFF = {
    Kind.INSTITUTION: House(
        HouseKind.INSTITUTION,
        frozenset({Role.INSTITUTION_ADMIN, Role.PRODUCT_MANAGER, Role.OFFICER, Role.APPROVER, Role.INSTITUTION_READER}),
    ),
    Kind.REGULATOR: House(HouseKind.REGION, frozenset({Role.REGULATOR})),
    Kind.DEPARTMENT: House(HouseKind.DEPARTMENT, frozenset({Role.DEPARTMENT, Role.DEPARTMENT_ADMIN})),
    Kind.OPERATOR: House(HouseKind.PLATFORM, frozenset({Role.OPERATOR})),
}


class CodePurpose(StrEnum):
    """What an SMS code is good for, and for nothing else."""

    REGISTER = "register"
    LOGIN = "login"
    RESET = "reset"
    CHANGE_PHONE = "change_phone"
    TAX_ELEMENTS = "tax_elements"
    SIGN_CONSENT = "sign_consent"


CODE_DIGITS = 6
CODE_LIFE = timedelta(minutes=5)
CODE_TRIES = 5

CAPTCHA_LIFE = timedelta(minutes=2)
PICTURE_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # without 0 O 1 I L, which look alike
PICTURE_LENGTH = 4
SOUND_ALPHABET = "23456789"  # letters sound alike
SOUND_LENGTH = 5

IDLE_END = timedelta(minutes=15)
ABSOLUTE_END = timedelta(hours=12)
SEEN_EVERY = timedelta(minutes=1)  # how exactly the last use is written down
DEVICE_LIFE = timedelta(days=180)
INVITATION_LIFE = timedelta(days=7)


class Limit(StrEnum):
    SMS_PHONE = "sms_phone"
    SMS_ADDRESS = "sms_address"
    SMS_SESSION = "sms_session"
    SMS_PLATFORM = "sms_platform"
    LOGIN_ACCOUNT = "login_account"
    LOGIN_DEVICE = "login_device"
    LOGIN_ADDRESS = "login_address"
    PASSWORD = "password"
    CAPTCHA_SOUND = "captcha_sound"
    INVITATION = "invitation"
    TAX_CHECK = "tax_check"
    FITTING_COUNT = "fitting_count"
    ADMISSION = "admission"


class Rate(NamedTuple):
    """At most `most` in any stretch of `span`."""

    most: int
    span: timedelta


MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)

RATES: dict[Limit, tuple[Rate, ...]] = {
    Limit.SMS_PHONE: (Rate(1, MINUTE), Rate(5, HOUR), Rate(10, DAY)),
    Limit.SMS_ADDRESS: (Rate(20, HOUR),),
    Limit.SMS_SESSION: (Rate(10, ABSOLUTE_END),),
    Limit.LOGIN_ACCOUNT: (Rate(5, 15 * MINUTE),),  # key: account and address
    Limit.LOGIN_DEVICE: (Rate(5, 15 * MINUTE),),  # key: account and a device it has logged in from
    Limit.LOGIN_ADDRESS: (Rate(20, MINUTE),),
    Limit.PASSWORD: (Rate(5, 15 * MINUTE),),  # key: the person who is logged in and gives his password again
    Limit.CAPTCHA_SOUND: (Rate(20, HOUR),),  # key: address; a sound costs 0.2 s of CPU
    Limit.INVITATION: (Rate(20, HOUR),),  # key: address; tries to accept an invitation
    Limit.TAX_CHECK: (Rate(5, DAY),),  # key: each number that names the enterprise, over all accounts
    Limit.FITTING_COUNT: (Rate(60, HOUR), Rate(200, DAY)),  # key: person; asking much would tell of single enterprises
    Limit.ADMISSION: (Rate(5, DAY),),  # key: address; an institution asks once
}
# One budget for all, too large for a list of moments: counted by the day.
DAY_BUDGETS: dict[Limit, int] = {Limit.SMS_PLATFORM: 20_000}


def network_of(address: str) -> str:
    """What counts as one address: an IPv4 address, or the /64 that one IPv6 line has to itself."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.ipv4_mapped:
            return str(ip.ipv4_mapped)
        return str(ipaddress.ip_network((ip, 64), strict=False))
    return str(ip)


def normalise_account(text: str) -> str:
    """Staff accounts: half-width, no blanks, lower case."""
    return compact(text).lower()


PASSWORD_MIN_WITH_SMS = 8
PASSWORD_MIN = 15
PASSWORD_MAX = 128
PART_LENGTH = 6


def normalise_password(text: str) -> str:
    """One form of the same characters, however the keyboard composed them (NFC)."""
    return unicodedata.normalize("NFC", text)


class Known(NamedTuple):
    """What others know of a person: no part of a password.

    `codes`: phone, account and enterprises' USCCs, of which no six characters in a row may be used; `names` whole.
    """

    codes: tuple[str, ...] = ()
    names: tuple[str, ...] = ()


NOTHING = Known()


def nothing_known(phone: str) -> Known:
    """Of who has that phone, where nobody's enterprises are at hand."""
    return NOTHING


def why_not_password(password: str, *, with_sms: bool, known: Known = NOTHING) -> list[str]:
    """Every reason against this (normalised) password; any character is welcome and none is demanded."""
    least = PASSWORD_MIN_WITH_SMS if with_sms else PASSWORD_MIN
    reasons = []
    if len(password) < least:
        reasons.append(f"密码至少 {least} 个字符。")
    if len(password) > PASSWORD_MAX:
        reasons.append(f"密码最多 {PASSWORD_MAX} 个字符。")
    lower = password.lower()
    if lower in common_passwords():
        reasons.append("这个密码太常见，容易被猜到，请换一个。")
    if any(part in lower for text in known.codes for part in _parts(text.lower())):
        reasons.append("密码不能包含手机号、账号或统一社会信用代码中连续的 6 位。")
    if any(len(name) > 1 and name.lower() in lower for name in known.names):
        reasons.append("密码不能包含姓名。")
    return reasons


def _parts(text: str) -> set[str]:
    return {text[start : start + PART_LENGTH] for start in range(len(text) - PART_LENGTH + 1)}


@cache
def common_passwords() -> frozenset[str]:
    """Lower case: Django's list and zxcvbn's, both taken from leaks."""
    path = Path(django_passwords.__file__).with_name("common-passwords.txt.gz")
    with gzip.open(path, "rt", encoding="utf-8") as listed:
        return frozenset(line.strip().lower() for line in listed) | frozenset(FREQUENCY_LISTS["passwords"])
