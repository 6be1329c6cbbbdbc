"""Who acts: a person in a house, or the platform's own jobs."""

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    ENTERPRISE_USER = "enterprise_user"
    ENTERPRISE_OWNER = "enterprise_owner"
    ENTERPRISE_CLERK = "enterprise_clerk"
    INSTITUTION_ADMIN = "institution_admin"
    PRODUCT_MANAGER = "product_manager"
    OFFICER = "officer"
    APPROVER = "approver"
    INSTITUTION_READER = "institution_reader"
    REGULATOR = "regulator"
    DEPARTMENT = "department"
    DEPARTMENT_ADMIN = "department_admin"
    OPERATOR = "operator"
    PLATFORM = "platform"


ROLE_LABELS = {
    Role.ENTERPRISE_USER: "企业用户",
    Role.ENTERPRISE_OWNER: "法定代表人",
    Role.ENTERPRISE_CLERK: "经办人",
    Role.INSTITUTION_ADMIN: "机构管理员",
    Role.PRODUCT_MANAGER: "产品经理",
    Role.OFFICER: "客户经理",
    Role.APPROVER: "审批人",
    Role.INSTITUTION_READER: "查询员",
    Role.REGULATOR: "金融管理部门",
    Role.DEPARTMENT: "数据部门",
    Role.DEPARTMENT_ADMIN: "数据部门管理员",
    Role.OPERATOR: "平台运营",
    Role.PLATFORM: "平台",
}


class HouseKind(StrEnum):
    ENTERPRISE = "enterprise"
    INSTITUTION = "institution"
    REGION = "region"
    DEPARTMENT = "department"
    PLATFORM = "platform"


@dataclass(frozen=True, slots=True)
class House:
    """Whose matter it is: an enterprise (USCC), an institution (its code), a regulator's region (GB/T 2260 code) …"""

    kind: HouseKind
    code: str


@dataclass(frozen=True, slots=True)
class Actor:
    """`id` is the user's, or `job:<name>`; `house` the one it acts for now, if any; `label` what the book shows.

    `acts`: what a clerk's mandate covers (enterprises.rules.MANDATE_ACTS); of no meaning for other roles.
    `unit`: the branch of the institution whose work this person sees, with those below it; "" for the head office.
    """

    id: str
    label: str
    roles: frozenset[Role]
    house: House | None = None
    acts: frozenset[str] = frozenset()
    unit: str = ""


PLATFORM_HOUSE = House(HouseKind.PLATFORM, "platform")


def platform(job: str) -> Actor:
    """The platform itself, acting through the named job."""
    return Actor(id=f"job:{job}", label="平台", roles=frozenset({Role.PLATFORM}), house=PLATFORM_HOUSE)


def enterprise_house(uscc: str) -> House:
    return House(HouseKind.ENTERPRISE, uscc)


def institution_house(code: str) -> House:
    return House(HouseKind.INSTITUTION, code)
