"""What an institution is, which states it passes through, and what stands against admitting it. No database."""

import re
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from jinfuyun.kit import regions

# 金融许可证编码 as on the certificate: a letter for the kind of authority, then letters and digits.
LICENCE = re.compile(r"[A-Z][0-9A-Z]{7,19}")
CODE = re.compile(r"[A-Z][A-Z0-9]{1,11}")
PHONE = re.compile(r"1[3-9]\d{9}|0\d{2,3}-?\d{7,8}|[48]00-?\d{3}-?\d{4}|9\d{4,5}")
NAME_LENGTH_MAX = 60
UNIT_NAME_LENGTH_MAX = 40


class Kind(StrEnum):
    BANK = "bank"
    RURAL_BANK = "rural_bank"
    GUARANTOR = "guarantor"
    LEASING = "leasing"
    FACTORING = "factoring"
    INSURER = "insurer"
    SMALL_LENDER = "small_lender"


KIND_LABELS = {
    Kind.BANK: "银行",
    Kind.RURAL_BANK: "农商行与村镇银行",
    Kind.GUARANTOR: "融资担保",
    Kind.LEASING: "融资租赁",
    Kind.FACTORING: "商业保理",
    Kind.INSURER: "保险",
    Kind.SMALL_LENDER: "小额贷款",
}


# Licensed for the place where they are registered; the others for the whole province.
LOCAL_KINDS = frozenset({Kind.RURAL_BANK, Kind.SMALL_LENDER})


def licensed_for(kind: str, region_code: str) -> str:
    """The city or county to which its business is confined; "" for the whole province."""
    return region_code if kind in LOCAL_KINDS else ""


class Level(StrEnum):
    BRANCH = "branch"
    SUBBRANCH = "subbranch"


LEVEL_LABELS = {Level.BRANCH: "分行", Level.SUBBRANCH: "支行"}


class State(StrEnum):
    DRAFT = "draft"
    IN_REVIEW = "in_review"
    ACTIVE = "active"
    SUSPENDED = "suspended"
    LEFT = "left"


STATE_LABELS = {
    State.DRAFT: "草稿",
    State.IN_REVIEW: "待复核",
    State.ACTIVE: "已入驻",
    State.SUSPENDED: "已暂停",
    State.LEFT: "已退出",
}


class RequestState(StrEnum):
    """Of what somebody asked on the public form."""

    WAITING = "waiting"
    TAKEN = "taken"
    DECLINED = "declined"


REQUEST_LABELS = {
    RequestState.WAITING: "待受理",
    RequestState.TAKEN: "已受理",
    RequestState.DECLINED: "不予受理",
}

# The columns of a directory, in the order of Draft.
DIRECTORY = (
    "机构编码", "机构名称", "机构类型", "金融许可证编码", "总部所在地", "客服电话", "联系人姓名", "联系人电话"
)  # fmt: skip
DIRECTORY_ROWS_MAX = 200  # each is a handful of statements, and the person waits for the answer

# act → (from which states, to which)
MOVES: dict[str, tuple[frozenset[State], State]] = {
    "submit": (frozenset({State.DRAFT}), State.IN_REVIEW),
    "admit": (frozenset({State.IN_REVIEW}), State.ACTIVE),
    "send_back": (frozenset({State.IN_REVIEW}), State.DRAFT),
    "suspend": (frozenset({State.ACTIVE}), State.SUSPENDED),
    "resume": (frozenset({State.SUSPENDED}), State.ACTIVE),
    "leave": (frozenset({State.ACTIVE, State.SUSPENDED}), State.LEFT),
}


@dataclass(frozen=True, slots=True)
class Draft:
    """What an operator writes down of an institution. `region_code`: where its head office is."""

    code: str
    name: str
    kind: Kind
    licence_number: str
    region_code: str
    hotline: str
    contact_name: str
    contact_phone: str


def why_not_propose(draft: Draft) -> dict[str, str]:
    """Field → what is wrong with it; empty if it may be submitted."""
    wrong = {}
    if not CODE.fullmatch(draft.code):
        wrong["code"] = "机构编码为 2 至 12 位大写字母或数字，以字母开头。"
    if not 4 <= len(draft.name) <= NAME_LENGTH_MAX:
        wrong["name"] = f"机构名称为 4 至 {NAME_LENGTH_MAX} 个字。"
    if not LICENCE.fullmatch(draft.licence_number):
        wrong["licence_number"] = "金融许可证编码为 8 至 20 位大写字母和数字，以字母开头，请照证书填写。"
    if regions.find(draft.region_code) is None:
        wrong["region_code"] = "请选择总部所在地区。"
    if not PHONE.fullmatch(draft.hotline):
        wrong["hotline"] = "请填写企业可以拨打的电话，如 0591-87000000 或 955xx。"
    if not 2 <= len(draft.contact_name) <= 30:
        wrong["contact_name"] = "请填写联系人姓名。"
    if not PHONE.fullmatch(draft.contact_phone):
        wrong["contact_phone"] = "请填写联系人的手机号或固定电话。"
    return wrong


@dataclass(frozen=True, slots=True)
class UnitDraft:
    """A branch, or a sub-branch below a branch or right below the head office (`parent_id` None).

    `regions`: codes of cities and counties that it serves.
    """

    name: str
    level: Level
    parent_id: UUID | None
    regions: tuple[str, ...]


def serves(served: tuple[str, ...] | list[str], code: str) -> bool:
    """Whether a county, or a whole city, lies in what is served."""
    city = regions.city_of(code)
    return code in served or (city is not None and city.code in served)


def why_not_unit(draft: UnitDraft, above: tuple[str, ...] | None) -> dict[str, str]:
    """Field → what is wrong with it. `above`: what its branch serves, None right below the head office."""
    wrong = {}
    if not 2 <= len(draft.name) <= UNIT_NAME_LENGTH_MAX:
        wrong["name"] = f"名称为 2 至 {UNIT_NAME_LENGTH_MAX} 个字。"
    if draft.level is Level.BRANCH and draft.parent_id is not None:
        wrong["parent"] = "分行直属总部，不选上级。"
    if not draft.regions or any(regions.city_of(code) is None for code in draft.regions):
        wrong["regions"] = "请至少选择一个服务区域。"
    elif above is not None and not all(serves(above, code) for code in draft.regions):
        outside = "、".join(regions.full_name(code) for code in draft.regions if not serves(above, code))
        wrong["regions"] = f"不在上级分行的服务区域内：{outside}。"
    return wrong
