"""What may be typed, and where a run of the wizard may go. No database."""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import TextChoices

from jinfuyun.kit import identity, industries, regions, uscc
from jinfuyun.kit.text import holds_control

NAME_MAX = 200
PERSON_NAME_MAX = 50
MANDATE_DAYS_MAX = 366
ODD_CHARACTERS = "含有不能使用的字符，请重新输入。"


class RunState(TextChoices):
    DRAFT = "draft", "填写中"
    PENDING = "pending", "待税务核验"
    DIFFERS = "differs", "未通过核验"
    MANUAL = "manual", "人工核验中"
    VERIFIED = "verified", "已通过认证，待完善信息"
    PROFILED = "profiled", "待签署授权书"
    DONE = "done", "已完成"
    DROPPED = "dropped", "已放弃"


# Which states a run may leave for which; everything else is refused.
MOVES: dict[RunState, frozenset[RunState]] = {
    RunState.DRAFT: frozenset(
        {RunState.PENDING, RunState.DIFFERS, RunState.VERIFIED, RunState.MANUAL, RunState.DROPPED}
    ),
    RunState.PENDING: frozenset({RunState.DRAFT, RunState.DIFFERS, RunState.VERIFIED, RunState.DROPPED}),
    RunState.DIFFERS: frozenset(
        {RunState.DRAFT, RunState.PENDING, RunState.DIFFERS, RunState.VERIFIED, RunState.MANUAL, RunState.DROPPED}
    ),
    RunState.MANUAL: frozenset({RunState.VERIFIED, RunState.DIFFERS, RunState.DROPPED}),
    RunState.VERIFIED: frozenset({RunState.DRAFT, RunState.PROFILED, RunState.MANUAL, RunState.DROPPED}),
    RunState.PROFILED: frozenset({RunState.DRAFT, RunState.PROFILED, RunState.DONE, RunState.DROPPED}),
    RunState.DONE: frozenset(),
    RunState.DROPPED: frozenset(),
}  # fmt: skip
OPEN_STATES = tuple(state for state, following in MOVES.items() if following)
CHECKABLE = (RunState.DRAFT, RunState.DIFFERS, RunState.PENDING)


class CaseState(TextChoices):
    NEW = "new", "待初审"
    FIRST = "first", "待复审"
    APPROVED = "approved", "已通过"
    REJECTED = "rejected", "未通过"


# Why somebody asks for the manual desk.
CASE_REASONS = {
    "differs": "税务核验未通过，但信息属实",
    "held": "企业已被其他账号认证",
    "legal_changed": "法定代表人已变更，税务登记尚未更新",
    "no_tax_file": "税务登记中查不到本企业",
    "no_code": "市场监管部门没有确认企业的统一社会信用代码",
}

# What a mandate may cover. Signing is not among them, on purpose.
MANDATE_ACTS = {
    "prepare_consent": "准备授权书（由法定代表人签署）",
    "apply": "提交融资申请",
    "follow": "查看进度与报告",
}


@dataclass(frozen=True, slots=True)
class Elements:
    """The five elements as typed, each in its one writing."""

    tax_number: str
    legal_name: str
    id_type: str
    id_number: str
    phone: str


def as_kept(registered: Any) -> dict[str, Any] | None:
    """The registry's answer (door.Registration) as a draft keeps it."""
    return None if registered is None else json.loads(json.dumps(asdict(registered), default=str))


def read_elements(form: dict[str, str]) -> Elements:
    """Normalised: full-width to half-width, blanks removed, one form of a phone."""
    return Elements(
        tax_number=uscc.normalise(form.get("tax_number", "")),
        legal_name="".join(form.get("legal_name", "").split()),
        id_type=form.get("id_type", ""),
        id_number=identity.normalise_id(form.get("id_number", "")),
        phone=identity.normalise_phone(form.get("phone", "")) or form.get("phone", "").strip(),
    )


def why_not_elements(elements: Elements) -> dict[str, str]:
    """For each field that cannot be right, one sentence. Says nothing about whether the tax office knows it."""
    wrong: dict[str, str] = {}
    if not elements.tax_number:
        wrong["tax_number"] = "请输入纳税号。"
    elif reasons := uscc.why_not_tax_number(elements.tax_number):
        wrong["tax_number"] = reasons[0]
    if not elements.legal_name:
        wrong["legal_name"] = "请输入法定代表人姓名。"
    elif len(elements.legal_name) > PERSON_NAME_MAX:
        wrong["legal_name"] = f"姓名不能超过{PERSON_NAME_MAX}个字。"
    elif holds_control(elements.legal_name):
        wrong["legal_name"] = ODD_CHARACTERS
    if elements.id_type not in identity.ID_TYPE_LABELS:
        wrong["id_type"] = "请选择证件类型。"
    elif not elements.id_number:
        wrong["id_number"] = "请输入证件号。"
    elif reasons := identity.why_not_id(identity.IdType(elements.id_type), elements.id_number):
        wrong["id_number"] = reasons[0]
    if not elements.phone:
        wrong["phone"] = "请输入法定代表人手机号。"
    elif not identity.normalise_phone(elements.phone):
        wrong["phone"] = "请输入11位大陆手机号。"
    return wrong


@dataclass(frozen=True, slots=True)
class ProfileForm:
    """Step 2 as typed."""

    uscc: str
    name: str
    region: str
    industry: str
    nature: str
    legal_name: str
    contact_name: str
    contact_phone: str


def read_profile(form: dict[str, str]) -> ProfileForm:
    return ProfileForm(
        uscc=uscc.normalise(form.get("uscc", "")),
        name=" ".join(form.get("name", "").split()),
        region=form.get("region", "").strip(),
        industry=form.get("industry", "").strip(),
        nature=form.get("nature", "").strip(),
        legal_name="".join(form.get("legal_name", "").split()),
        contact_name="".join(form.get("contact_name", "").split()),
        contact_phone=identity.normalise_phone(form.get("contact_phone", "")) or form.get("contact_phone", "").strip(),
    )


def proven_code(draft: dict[str, Any]) -> str | None:
    """The one code that the authenticated tax number stands for: itself, or what the registry holds for it, or what
    two operators read on the licence.

    None while nobody confirmed any: then no code may be typed, or who authenticated his own old number could take
    another's enterprise.
    """
    number, registered = draft["elements"]["tax_number"], draft.get("registered") or {}
    return number if uscc.is_uscc(number) else registered.get("uscc") or draft.get("code_on_licence") or None


def names_of(tax_number: str, registered_uscc: str | None) -> tuple[str, ...]:
    """All that the day's tries are counted under, in one order, so that an enterprise's two numbers are one.

    While the registry is silent (None), the organisation code inside the number has to do; numbers made from a
    citizen's hold none, and then count for themselves.
    """
    inside = uscc.organisation_code(registered_uscc or tax_number)
    return tuple(sorted({name for name in (tax_number, registered_uscc, inside) if name}))


def why_not_profile(profile: ProfileForm, *, proven_code: str | None, legal_name: str) -> dict[str, str]:
    """For each field that cannot stand, one sentence. `legal_name`: what the tax office confirmed."""
    wrong: dict[str, str] = {}
    if reasons := uscc.why_not_uscc(profile.uscc):
        wrong["uscc"] = reasons[0]
    elif proven_code is None:
        wrong["uscc"] = "市场监管部门没有回应，或查不到此纳税号对应的代码。请稍后再提交，或转人工核验。"
    elif profile.uscc != proven_code:
        wrong["uscc"] = "与已认证的纳税号不一致。"
    for field, label, longest in (("name", "企业名称", NAME_MAX), ("contact_name", "联系人姓名", PERSON_NAME_MAX)):
        value = getattr(profile, field)
        if not value:
            wrong[field] = f"请输入{label}。"
        elif len(value) > longest:
            wrong[field] = f"{label}不能超过{longest}个字。"
        elif holds_control(value):
            wrong[field] = ODD_CHARACTERS
    if not regions.is_choosable(profile.region):
        wrong["region"] = "请选择所属区域。"
    if not (industries.is_section(profile.industry) or industries.find_division(profile.industry)):
        wrong["industry"] = "请选择行业分类。"
    if profile.nature not in uscc.NATURE_LABELS:
        wrong["nature"] = "请选择企业性质。"
    if profile.legal_name != legal_name:
        wrong["legal_name"] = "须与已认证的法定代表人姓名一致；如已变更，请返回上一步重新认证。"
    if not identity.normalise_phone(profile.contact_phone):
        wrong["contact_phone"] = "请输入11位大陆手机号。"
    return wrong


def why_not_mandate(
    *, phone: str | None, own_phone: str, acts: list[str], ends_on: date | None, today: date
) -> dict[str, str]:
    """For each field of a mandate that cannot stand, one sentence."""
    wrong: dict[str, str] = {}
    if phone is None:
        wrong["phone"] = "请输入11位大陆手机号。"
    elif phone == own_phone:
        wrong["phone"] = "不能授权给自己。"
    if not acts or not set(acts) <= set(MANDATE_ACTS):
        wrong["acts"] = "请至少选择一项可代办的事项。"
    if ends_on is None or not today <= ends_on <= today + timedelta(days=MANDATE_DAYS_MAX):
        wrong["end"] = "请选择截止日期，最长一年。"
    return wrong


# What is declared in step 2 and registered too, and how its coded value is said.
DECLARED: dict[str, Callable[[str], str]] = {
    "name": str,
    "region": regions.full_name,
    "industry": industries.name_of,
    "nature": lambda value: uscc.NATURE_LABELS.get(uscc.Nature(value), value),
}


def registered_words(registered: dict[str, Any]) -> dict[str, str]:
    """登记值 of each field that the registry knows, in words."""
    return {field: say(registered[field]) for field, say in DECLARED.items() if registered.get(field)}


def differences(declared: dict[str, Any], registered: dict[str, Any]) -> dict[str, str]:
    """The registry's value, in words, of each field that was declared otherwise (自报值 beside 登记值).

    A section is not otherwise than the division below it.
    """
    known = registered_words(registered)
    above = industries.section_of(registered.get("industry") or "")
    same = {field for field in known if declared[field] == registered[field]}
    return {
        field: words for field, words in known.items()
        if field not in same and not (field == "industry" and declared[field] == above)
    }  # fmt: skip


LICENCE_BYTES_MAX = 5 * 1024 * 1024
LICENCE_KINDS = {b"%PDF-": "PDF", b"\xff\xd8\xff": "JPEG", b"\x89PNG\r\n\x1a\n": "PNG"}


def why_not_licence(content: bytes) -> str | None:
    """Why this file cannot serve as a picture of the licence; judged by what it holds, not by its name."""
    if not content:
        return "请上传营业执照的照片或扫描件。"
    if len(content) > LICENCE_BYTES_MAX:
        return "文件不能超过5 MB。"
    if not any(content.startswith(beginning) for beginning in LICENCE_KINDS):
        return "只接受 JPG、PNG 或 PDF 文件。"
    return None
