"""The letter: one text for the page that is read before signing and for the PDF that is signed.

《福建省金融服务云平台企业信息采集查询授权委托书》: the words stand in letter_template.yaml, what differs from letter to
letter in `LetterData`. Pure: no database, no clock, no settings.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml

from jinfuyun.kit.grant import CATEGORY_LABELS, PURPOSE_LABELS, Category, Purpose
from jinfuyun.kit.identity import ID_TYPE_LABELS, IdType, mask_id, mask_phone
from jinfuyun.storage.stamp import check_code, qr_svg
from jinfuyun.storage.typesetting import Typesetter

FOLDER = Path(__file__).parent
SHANGHAI = ZoneInfo("Asia/Shanghai")
BLANK_DATE = "　　年　月　日"  # the unchosen term stays visible, with nothing filled in
NOT_YET_CHOSEN = "本企业提交申请或选定的机构（签署时尚未选定，每次提交申请或选定时记入名单）"


class TermKind(StrEnum):
    """授权期限, the two radios."""

    UNTIL_SETTLEMENT = "until_settlement"
    FIXED = "fixed"


@dataclass(frozen=True, slots=True)
class Operator:
    """运营主体: the legal entity that is the grantee (settings.OPERATOR)."""

    name: str
    address: str
    phone: str
    filing: str = ""


@dataclass(frozen=True, slots=True)
class Utility:
    """A water, electricity or gas account; a number means something only with its supplier."""

    category: Category
    supplier: str
    account: str
    verified: bool


@dataclass(frozen=True, slots=True)
class LetterData:
    """What one letter says. `categories` are those in force: a utility that was not verified is not among them.

    `institutions` are names; empty while the enterprise has chosen none. `end` belongs to a fixed term, `cap` (the
    operator's longest, None for none) to the other. `signed_at` None: not signed yet.
    """

    enterprise: str
    uscc: str
    legal_representative: str
    id_type: IdType
    id_number: str
    contact: str
    contact_phone: str
    term_kind: TermKind
    start: date
    categories: frozenset[Category]
    operator: Operator
    end: date | None = None
    cap: date | None = None
    utilities: tuple[Utility, ...] = ()
    purposes: tuple[Purpose, ...] = (Purpose.PRE_LOAN, Purpose.POST_LOAN, Purpose.GUARANTEE)
    institutions: tuple[str, ...] = ()
    recommend: bool = False
    personal_notice: bool = False
    data_kept: str = "至授权终止后 5 年"
    reports_kept: str = "至业务结清后 5 年"
    complaints: str = ""
    courts: str = "运营主体所在地有管辖权的人民法院"
    number: str = ""
    signed_at: datetime | None = None
    signer: str = ""
    verified_by: str = "短信验证码"
    verify_url: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    chosen: bool
    text: str


@dataclass(frozen=True, slots=True)
class Source:
    """A row of clause 一: one kind of data, taken or not, from whom, how far back, and the account if it has one."""

    category: str
    chosen: bool
    label: str
    department: str
    look_back: str
    account: str


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the letter; page and paper show the parts that are there, in this order."""

    key: str
    heading: str = ""
    pairs: tuple[tuple[str, str], ...] = ()
    paragraphs: tuple[str, ...] = ()
    radios: tuple[Choice, ...] = ()
    boxes: tuple[Choice, ...] = ()
    sources: tuple[Source, ...] = ()


@cache
def template() -> Mapping[str, Any]:
    """The versioned text."""
    text: Mapping[str, Any] = yaml.safe_load((FOLDER / "letter_template.yaml").read_text(encoding="utf-8"))
    return text


def letter_text(data: LetterData) -> list[Section]:
    """The whole text of the letter; the number and the signing itself stand outside it."""
    return [
        Section("parties", pairs=_parties(data)),
        Section("term", template()["term_heading"], radios=_terms(data)),
        Section("preamble", paragraphs=(template()["preamble"],)),
        *(_clause(i, clause, data) for i, clause in enumerate(template()["clauses"], start=1)),
    ]


def text_hash(data: LetterData) -> str:
    """SHA-256 (hex) of every word the person agrees to, template version included."""
    lines, fields_of_source = [template()["version"], template()["title"]], Source.__dataclass_fields__
    for section in letter_text(data):
        lines += [section.heading, *(f"{label}：{value}" for label, value in section.pairs), *section.paragraphs]
        lines += [f"{'●' if radio.chosen else '○'}{radio.text}" for radio in section.radios]
        lines += [f"{'☑' if box.chosen else '☐'}{box.text}" for box in section.boxes]
        lines += ["|".join(str(getattr(source, name)) for name in fields_of_source) for source in section.sources]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def for_screen(data: LetterData) -> LetterData:
    """The same letter with the numbers masked, to be read on a screen before signing. Its hash is not the letter's."""
    return replace(data, id_number=mask_id(data.id_number), contact_phone=mask_phone(data.contact_phone))


def letter_check_code(data: LetterData) -> str:
    """What /verify/<number> shows too, for an eye to compare."""
    return check_code(data.number, text_hash(data))


def render_letter(data: LetterData, *, setter: Typesetter, at: datetime) -> bytes:
    """The letter as PDF, yet unsigned by the platform. `at` dates the file."""
    paper = {
        "title": template()["title"],
        "number": data.number,
        "version": template()["version"],
        "sections": [asdict(section) for section in letter_text(data)],
        "operator": asdict(data.operator),
        "signature": _signature(data),
        "check_code": letter_check_code(data),
        "text_hash": text_hash(data),
        "verify_url": data.verify_url,
        "qr": qr_svg(data.verify_url, title="核验二维码"),
        "seal_says": template()["seal_says"],
    }
    return setter.pdf(FOLDER / "letter.typ", paper, at=at)


def chinese_date(day: date | None) -> str:
    """2026年11月22日, or the blanks of a form."""
    return f"{day.year}年{day.month}月{day.day}日" if day else BLANK_DATE


def _parties(data: LetterData) -> tuple[tuple[str, str], ...]:
    resident = data.id_type is IdType.RESIDENT
    document = "法定代表人身份证号" if resident else f"法定代表人{ID_TYPE_LABELS[data.id_type]}号码"
    return (
        ("授权企业名称", data.enterprise),
        ("统一社会信用代码", data.uscc),
        ("法定代表人姓名", data.legal_representative),
        (document, data.id_number),
        ("联系人", data.contact),
        ("联系人手机号码", data.contact_phone),
    )


def _terms(data: LetterData) -> tuple[Choice, ...]:
    terms, fixed = template()["terms"], data.term_kind is TermKind.FIXED
    cap = template()["cap"].format(cap=chinese_date(data.cap)) if data.cap and not fixed else ""
    until = terms["until_settlement"].format(start=chinese_date(None if fixed else data.start), cap=cap)
    between = terms["fixed"].format(
        start=chinese_date(data.start if fixed else None), end=chinese_date(data.end if fixed else None)
    )
    return Choice(not fixed, until), Choice(fixed, between)


def _clause(number: int, clause: Mapping[str, Any], data: LetterData) -> Section:
    ticked = {"recommend": data.recommend, "no_recommend": not data.recommend, "personal_notice": data.personal_notice}
    choices = tuple(Choice(ticked[choice["when"]], choice["text"]) for choice in clause.get("choices", ()))
    return Section(
        key=f"clause-{number}",
        heading=clause["heading"],
        paragraphs=(clause["text"].format_map(_words(data)),),
        radios=choices if len(choices) > 1 else (),
        boxes=choices if len(choices) == 1 else (),
        sources=_sources(data) if clause.get("sources") else (),
    )


def _words(data: LetterData) -> dict[str, str]:
    operator = data.operator
    institutions = "本企业提交申请或选定的机构（名单：" + "、".join(data.institutions) + "）"
    return {
        "operator": f"{operator.name}，地址：{operator.address}，电话：{operator.phone}",
        "institutions": institutions if data.institutions else NOT_YET_CHOSEN,
        "purposes": "、".join(PURPOSE_LABELS[purpose] for purpose in data.purposes),
        "data_kept": data.data_kept,
        "reports_kept": data.reports_kept,
        "complaints": data.complaints or f"运营主体电话 {operator.phone}",
        "courts": data.courts,
    }


def _sources(data: LetterData) -> tuple[Source, ...]:
    accounts = {utility.category: utility for utility in data.utilities}
    return tuple(
        Source(
            category=category.value,
            chosen=category in data.categories,
            label=CATEGORY_LABELS[category],
            department=origin["department"],
            look_back=origin["look_back"],
            account=_account(accounts.get(category)),
        )
        for category, origin in ((Category(key), origin) for key, origin in template()["sources"].items())
    )


def _account(utility: Utility | None) -> str:
    if utility is None:
        return ""
    checked = "核验一致" if utility.verified else "未核验通过，不采集"
    return f"{utility.supplier} · 户号 {utility.account}（{checked}）"


def _signature(data: LetterData) -> list[tuple[str, str]]:
    signed_at = data.signed_at.astimezone(SHANGHAI) if data.signed_at else None
    return [
        ("授权企业（签章）", data.enterprise),
        ("法定代表人", data.signer or data.legal_representative),
        ("签署时间", f"{chinese_date(signed_at)} {signed_at:%H:%M:%S}" if signed_at else "尚未签署"),
        ("验证方式", data.verified_by if signed_at else "—"),
    ]
