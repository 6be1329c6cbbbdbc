"""The credit report's content, frozen: documents of the data plane in, `ReportData` out. Pure.

`ReportData` is what is kept (as JSON), shown as a page and printed as paper: an old report says what was known then.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from jinfuyun.consents.letter import Operator
from jinfuyun.kit import industries, regions
from jinfuyun.kit.grant import Category, Purpose
from jinfuyun.kit.money import amount, percent, wan
from jinfuyun.kit.period import month_of, months_between, shifted
from jinfuyun.storage.stamp import check_code

SHANGHAI = ZoneInfo("Asia/Shanghai")
NO_DATA = "无数据"

# The registration's fields in the order of a licence; what the registry did not deliver is said to be missing.
RECORD_LABELS = (
    ("name", "企业名称"),
    ("uscc", "统一社会信用代码"),
    ("legal_representative", "法定代表人"),
    ("nature", "主体性质"),
    ("kind", "企业类型"),
    ("status", "登记状态"),
    ("registration_number", "注册号"),
    ("registered_on", "成立日期"),
    ("capital", "注册资本"),
    ("region", "所属区域"),
    ("industry", "行业分类"),
    ("address", "住所"),
    ("scope", "经营范围"),
)
# fen, usd_cents and bp are converted; a grade is its own word.
UNIT_LABELS = {"count": "个", "people": "人", "months": "个月", "days": "天", "kwh": "千瓦时", "m3": "立方米"}


class Why(StrEnum):
    """Why a chapter is missing; said in the enterprise's own copy only."""

    NOT_AUTHORISED = "not_authorised"
    NOT_VERIFIED = "not_verified"
    NO_DATA = "no_data"


WHY_LABELS = {
    Why.NOT_AUTHORISED: "未授权：授权委托书未包含此类数据",
    Why.NOT_VERIFIED: "未核验：户号未填写或核验不一致，未采集",
    Why.NO_DATA: "无数据：已授权，来源部门尚未交付可用数据",
}


@dataclass(frozen=True, slots=True)
class Delivery:
    """A file from which figures came: `rows` of it are this enterprise's.

    From `department` on: what became of all its rows when they were checked, as the ledger had it when the report was
    made. None in reports frozen before that was kept.
    """

    number: str
    feed: str
    received_at: str
    rows: int
    sha256: str
    feed_label: str = ""
    department: str = ""
    state: str = ""
    covers_until: str = ""
    delivered: int | None = None
    accepted: int | None = None
    superseded: int | None = None
    quarantined: int | None = None
    unauthorised: int | None = None


@dataclass(frozen=True, slots=True)
class Fact:
    """One measured figure with where it comes from. `value` None: not known, which is not zero.

    `rows` are the delivered rows behind it; of the months it looks back over `months_covered` have data (None: no
    span).
    """

    name: str
    label: str
    unit: str
    value: int | float | str | None
    period: str
    as_of: str
    deliveries: tuple[str, ...]
    definition: str = ""
    rows: int | None = None
    months_covered: int | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a register: its name, its heading, the unit of its figures ("" for words)."""

    name: str
    label: str
    unit: str


@dataclass(frozen=True, slots=True)
class Listed:
    """Rows of a register in words, newest first, each with its delivery; `count` is how many the register has.

    `values` are the same rows under `columns` as they were delivered, unrounded; none in older reports.
    """

    label: str
    as_of: str
    count: int
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    feed: str = ""
    columns: tuple[Column, ...] = ()
    values: tuple[tuple[int | float | str | None, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Chapter:
    """One category's document: facts, months, a record, lists.

    `cut_off` is the last full month, "" where it has none.
    """

    category: Category
    department: str
    cut_off: str
    received_at: str
    deliveries: tuple[Delivery, ...]
    facts: tuple[Fact, ...]
    by_month: tuple[dict[str, int | float | str | None], ...]
    record: dict[str, str | int | None]
    lists: tuple[Listed, ...] = ()


@dataclass(frozen=True, slots=True)
class Missing:
    category: Category
    why: Why


@dataclass(frozen=True, slots=True)
class ConsentLines:
    """The consent under which the report was made. `categories` are those it gives."""

    number: str
    template_version: str
    signed_at: datetime
    term: str
    categories: tuple[Category, ...]
    pdf_sha256: str


@dataclass(frozen=True, slots=True)
class Look:
    """Somebody opened a report about the enterprise before this one. `reader` says no more than its reader may know."""

    at: datetime
    reader: str
    purpose: Purpose
    consent_number: str
    because: str


@dataclass(frozen=True, slots=True)
class Statement:
    """企业声明, as it stood when the report was made."""

    text: str
    written_at: datetime


@dataclass(frozen=True, slots=True)
class MarkLine:
    """One characteristic; `fact` is the name under which the report shows the figure. `band` "": unknown."""

    fact: str
    label: str
    dimension: str
    value: str
    band: str
    points: int
    best: int


@dataclass(frozen=True, slots=True)
class ScoreLines:
    """`score` and `grade` None: too little is known. `dimensions`: label and 0 to 100, None: unknown."""

    card: str
    valid_from: str
    reference: str
    calibrated: bool
    scale: str
    start: int
    span: tuple[int, int]
    score: int | None
    grade: str | None
    known: int
    of: int
    needs: int
    dimensions: tuple[tuple[str, int | None], ...]
    marks: tuple[MarkLine, ...]
    reasons: tuple[str, ...]
    better: tuple[str, ...]
    unknown: tuple[str, ...]

    @property
    def known_of(self) -> str:
        """Of each dimension how much is known: its share of 100 rests on nothing else."""
        of = [(label, [each.band for each in self.marks if each.dimension == label]) for label, _ in self.dimensions]
        counted = "，".join(f"{label} {sum(map(bool, bands))}/{len(bands)}" for label, bands in of)
        return f"各维度只按已知的项目计（已知/全部）：{counted}"


@dataclass(frozen=True)
class ReportData:
    """One report. `reader` is the institution, or the enterprise in its `own_copy`; `opened_by` the person.

    New fields have defaults: what was frozen without them must open for as long as it is kept.
    """

    number: str
    made_at: datetime
    enterprise: str
    uscc: str
    reader: str
    opened_by: str
    own_copy: bool
    purpose: Purpose
    consent: ConsentLines
    chapters: tuple[Chapter, ...]
    operator: Operator
    verify_url: str
    missing: tuple[Missing, ...] = ()
    score: ScoreLines | None = None
    looks: tuple[Look, ...] = ()
    statement: Statement | None = None
    _kept_sha256: str = field(default="", init=False, compare=False, repr=False)

    def to_json(self) -> bytes:
        kept = {each.name: getattr(self, each.name) for each in fields(self) if each.init}
        return msgspec.json.encode(kept, order="deterministic")

    @classmethod
    def from_json(cls, kept: bytes | str) -> "ReportData":
        data = msgspec.json.decode(kept, type=cls)
        written = kept.encode() if isinstance(kept, str) else kept
        object.__setattr__(data, "_kept_sha256", hashlib.sha256(written).hexdigest())
        return data

    def content_hash(self) -> str:
        """SHA-256 (hex) of the JSON as it was kept: fields that came since change no check code of an old report."""
        return self._kept_sha256 or hashlib.sha256(self.to_json()).hexdigest()

    def check_code(self) -> str:
        return check_code(self.number, self.content_hash())


def chapter(body: Mapping[str, Any], checked: Mapping[str, Mapping[str, Any]] | None = None) -> Chapter:
    """A chapter from a document of the data plane; what a report does not print is left behind.

    `checked`: of each delivery what became of its rows, under the names that `Delivery` has for it.
    """
    results = checked or {}
    return Chapter(
        category=Category(body["category"]),
        department=body.get("department") or "",
        cut_off=body.get("cut_off") or "",
        received_at=body.get("received_at") or "",
        deliveries=tuple(_delivery(each, results) for each in body.get("deliveries") or ()),
        facts=tuple(_fact(fact) for fact in body.get("facts") or ()),
        by_month=_every_month((body.get("series") or {}).get("by_month") or (), body.get("cut_off") or ""),
        record=in_todays_words(body.get("record") or {}),
        lists=tuple(_listed(found) for found in body.get("lists") or ()),
    )


def spoken(value: int | float | str | None, unit: str) -> str:
    """A figure as people read it, with its unit: fen in 万元 or 元, basis points in percent."""
    if value is None:
        return NO_DATA
    if isinstance(value, str):
        return value
    if unit == "fen":
        return amount(round(value))
    if unit == "usd_cents":
        return f"{wan(round(value))} 万美元"
    if unit == "bp":
        return percent(round(value))
    words = f"{value:,.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else f"{value:,}"
    return f"{words} {UNIT_LABELS.get(unit, unit)}".strip()


def age(cut_off: str, made_at: datetime) -> str:
    """数据截至 2020年1月，距制作时 4 个月: a reader must not take old figures for new ones."""
    if not cut_off:
        return ""
    months = months_between(cut_off, month_of(made_at.astimezone(SHANGHAI)))
    return f"{cut_off[:4]}年{int(cut_off[5:7])}月（距制作时 {months} 个月）"


def in_todays_words(record: Mapping[str, Any]) -> dict[str, Any]:
    """A registration with county and industry as they are called today, and behind it what the registry has."""
    code = str(record.get("uscc") or "")[2:8]
    county = regions.county_of(address=str(record.get("address") or ""), code=code)
    division = industries.division_of(str(record.get("industry") or ""))
    today = {
        "region": regions.full_name(county.code) if county else "",
        "industry": division.name if division else "",
    }
    return {name: _beside(today.get(name, ""), words) for name, words in record.items()}


def _beside(today: str, words: Any) -> Any:
    if not today or words == today:
        return words
    return f"{today}（登记为{words}）" if words else today


def record_of(part: Chapter) -> list[tuple[str, str]]:
    """Label and value of every registration field."""
    return [(label, str(part.record.get(name) or NO_DATA)) for name, label in RECORD_LABELS]


def _delivery(found: Mapping[str, Any], checked: Mapping[str, Mapping[str, Any]]) -> Delivery:
    return Delivery(
        number=found["number"],
        feed=found.get("feed") or "",
        received_at=found.get("received_at") or "",
        rows=found.get("rows") or 0,
        sha256=found.get("sha256") or "",
        **checked.get(found["number"], {}),
    )


def _fact(found: Mapping[str, Any]) -> Fact:
    return Fact(
        name=found["name"],
        label=found["label"],
        unit=found["unit"],
        value=found["value"],
        period=found.get("period") or "",
        as_of=found.get("as_of") or "",
        deliveries=tuple(found.get("deliveries") or ()),
        definition=found.get("definition") or "",
        rows=found.get("rows"),
        months_covered=found.get("months_covered"),
    )


def _listed(found: Mapping[str, Any]) -> Listed:
    columns = found["columns"]
    return Listed(
        label=found["label"],
        as_of=found["as_of"],
        count=found["count"],
        headings=(*(column["label"] for column in columns), "交付批次"),
        rows=tuple(
            (*(_cell(row[column["name"]], column["unit"]) for column in columns), row["delivery"])
            for row in found["rows"]
        ),
        feed=found.get("feed") or "",
        columns=tuple(Column(column["name"], column["label"], column["unit"]) for column in columns),
        values=tuple(tuple(row[column["name"]] for column in columns) for row in found["rows"]),
    )


def _cell(value: int | float | str | None, unit: str) -> str:
    return "" if value is None else spoken(value, unit)


def _every_month(rows: Sequence[Mapping[str, Any]], cut_off: str) -> tuple[dict[str, Any], ...]:
    """The months in order up to the cut-off; one that nobody delivered stands there too, with nothing but its name."""
    if not rows:
        return ()
    known = {str(row["month"]): dict(row) for row in rows}
    first, last = min(known), max([*known, cut_off])
    months = (shifted(first, i) for i in range(months_between(first, last) + 1))
    return tuple(known.get(month, {"month": month}) for month in months)
