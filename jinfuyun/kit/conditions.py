"""What an enterprise must be like, defined once: judged with reasons, run as SQL over many, said in words. No I/O.

A condition compares one subject with a value. Numbers are published in the subject's own unit (万元) and compared in
the unit in which the platform measures them (fen). What is not known is neither met nor missed.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import IntEnum
from operator import eq, ge, le
from typing import Any, NamedTuple

from jinfuyun.kit import industries, regions
from jinfuyun.kit.grant import CATEGORY_LABELS, Category
from jinfuyun.kit.lending import BORROWER_LABELS, SIZE_LABELS, TITLE_LABELS, Borrower, Size, Title

Value = int | str | frozenset[str] | None
Values = Mapping[str, Value]
FEN_PER_WAN = 1_000_000
USD_CENTS_PER_WAN = 1_000_000
BP_PER_PERCENT = 100
WHOLE_BP = 10_000


@dataclass(frozen=True, slots=True)
class Subject:
    """A number: indicator(s) of the platform, `scale` of whose units make one of `unit`.

    Two indicators: the first as a share of the second, in basis points. `sign` -1: a change turned into a fall.
    No indicator: the platform has no such figure, the institution asks for it.
    """

    label: str
    unit: str
    category: Category | None
    indicators: tuple[str, ...] = ()
    scale: int = 1
    sign: int = 1


_C = Category
SUBJECTS = {
    "months_in_business": Subject("经营月数", "月", _C.REGISTRATION, ("age_months",)),
    "invoiced_sales_r12": Subject("近 12 个月开票销售", "万元", _C.INVOICES, ("sales_r12",), FEN_PER_WAN),
    "declared_sales_r12": Subject("近 12 个月申报销售", "万元", _C.TAX, ("declared_sales_r12",), FEN_PER_WAN),
    "tax_paid_r12": Subject("近 12 个月入库税额", "万元", _C.TAX, ("tax_paid_r12",), FEN_PER_WAN),
    "tax_arrears": Subject("欠税余额", "万元", _C.TAX, ("tax_arrears",), FEN_PER_WAN),
    "missed_declarations_r24": Subject("近 24 个月欠报期数", "期", _C.TAX, ("missed_declarations_r24",)),
    "active_months_r12": Subject("近 12 个月开票活跃月", "月", _C.INVOICES, ("active_months_r12",)),
    "voided_share_r12": Subject("近 12 个月作废红冲率", "%", _C.INVOICES, ("void_and_red_share_r12",), BP_PER_PERCENT),
    "top5_customers_share": Subject("前五客户占比", "%", _C.INVOICES, ("top5_customers_share_r12",), BP_PER_PERCENT),
    "electricity_months": Subject("连续用电月数", "月", _C.ELECTRICITY, ("electricity_months",)),
    "electricity_drop_r12": Subject("近 12 个月用电降幅", "%", _C.ELECTRICITY, ("kwh_yoy",), BP_PER_PERCENT, -1),
    "insured_people": Subject("参保人数", "人", _C.SOCIAL_INSURANCE, ("insured_people",)),
    "debt_ratio": Subject("资产负债率", "%", _C.STATEMENTS, ("debt_ratio",), BP_PER_PERCENT),
    "export_r12": Subject("近 12 个月出口额", "万美元", _C.CUSTOMS, ("export_r12",), USD_CENTS_PER_WAN),
    "government_orders_r24": Subject("近 24 个月政府采购中标", "次", _C.PROCUREMENT, ("government_orders_r24",)),
    "patents": Subject("有效发明专利", "件", _C.INTELLECTUAL_PROPERTY, ("patents",)),
    "research_staff_share": Subject("研发人员占比", "%", None),
    "fixed_place_months": Subject("固定经营场所月数", "月", None),
    "dishonest_debtor": Subject("失信被执行人记录", "条", _C.JUDICIAL, ("dishonest_debtor",)),
    "serious_violation": Subject("严重违法失信记录", "条", _C.PUBLIC_CREDIT, ("serious_violation",)),
    "tax_abnormal": Subject("税务非正常户认定", "条", _C.TAX, ("tax_abnormal",)),
    "enforced_to_sales": Subject(
        "未结被执行金额占近 12 个月开票销售", "%", _C.JUDICIAL, ("enforcement_open_fen", "sales_r12"), BP_PER_PERCENT
    ),
}


@dataclass(frozen=True, slots=True)
class Attribute:
    """A word, or with `several` a set of words, of an enterprise; `words` says each in Chinese."""

    label: str
    category: Category | None
    words: Mapping[str, str]
    several: bool = False


REGION_NAMES = {each.code: each.name for each in (*regions.CITIES, *regions.COUNTIES)}
INDUSTRY_NAMES = dict(industries.SECTIONS) | {each.code: each.name for each in industries.DIVISIONS}
# Borrowers as the market speaks of them: 小微企业主 is the owner of a small or micro enterprise.
ATTRIBUTES = {
    "region": Attribute("所属区域", None, REGION_NAMES),
    "industry": Attribute("所属行业", None, INDUSTRY_NAMES),
    "size": Attribute("企业规模", _C.SOCIAL_INSURANCE, {str(k): v for k, v in SIZE_LABELS.items()}),
    "borrower": Attribute("借款主体", None, {str(k): v for k, v in BORROWER_LABELS.items()}, several=True),
    "tax_grade": Attribute("纳税信用等级", _C.TAX, {grade: f"{grade} 级" for grade in "ABMCD"}),
    "titles": Attribute(
        "科技资质", _C.INTELLECTUAL_PROPERTY, {str(k): v for k, v in TITLE_LABELS.items()}, several=True
    ),
}
OPERATORS = {">=": "不低于", "<=": "不高于", "=": "等于"}
CHOICES = {"in": "属于", "not in": "不属于"}
INDICATORS = tuple(dict.fromkeys(name for subject in SUBJECTS.values() for name in subject.indicators))


@dataclass(frozen=True, slots=True)
class Condition:
    """`value`: a number with one of OPERATORS, words with one of CHOICES. `text`: what a person reads instead."""

    subject: str
    operator: str
    value: int | tuple[str, ...]
    text: str = ""


def condition_of(row: Mapping[str, Any]) -> Condition:
    """As files and tables hold it: words come as a list."""
    value = row["value"]
    return Condition(**{**row, "value": tuple(value) if isinstance(value, list) else value})


class Verdict(IntEnum):
    """The least of several is the verdict on all."""

    MISSED = 0
    UNKNOWN = 1
    MET = 2


VERDICT_LABELS = {Verdict.MISSED: "不满足", Verdict.UNKNOWN: "缺数据", Verdict.MET: "满足"}


class Finding(NamedTuple):
    """One condition, and what was found of it."""

    condition: Condition
    verdict: Verdict
    found: Value

    @property
    def off_by(self) -> float | None:
        """By how much (in the subject's unit) a number is off; None for what is met, unknown or no number."""
        if self.verdict is not Verdict.MISSED or not isinstance(self.condition.value, int):
            return None
        assert isinstance(self.found, int)
        scale = SUBJECTS[self.condition.subject].scale
        return abs(self.found - self.condition.value * scale) / scale

    @property
    def text(self) -> str:
        return said(self.condition)

    def found_text(self) -> str:
        return value_text(self.condition.subject, self.found)

    def advice(self) -> str:
        """What would change it; "" for what is met."""
        if self.verdict is Verdict.MET:
            return ""
        if self.verdict is Verdict.UNKNOWN:
            return _where_from(self.condition.subject)
        if self.off_by is None:
            return f"要求{said(self.condition)}。"
        unit = SUBJECTS[self.condition.subject].unit
        verb = "还差" if self.condition.operator == ">=" else "须减少" if self.found_above() else "相差"
        return f"{verb} {_number(self.off_by)} {unit}。"

    def found_above(self) -> bool:
        return self.condition.operator == "<=" or (
            isinstance(self.found, int) and isinstance(self.condition.value, int)
            and self.found > self.condition.value * SUBJECTS[self.condition.subject].scale
        )  # fmt: skip


def judge(condition: Condition, values: Values) -> Finding:
    """`values`: by indicator or attribute, as measured; what is not there is unknown."""
    against = unmet(grouped((condition,)), values)
    return against.get(0) or Finding(condition, Verdict.MET, find(condition.subject, values))


Limit = int | frozenset[str]


class Group(NamedTuple):
    """Conditions that ask the same of one subject, each with its place among all and its limit as measured."""

    subject: str
    operator: str
    asked: tuple[tuple[int, Limit, Condition], ...]


def grouped(conditions: Iterable[Condition]) -> tuple[Group, ...]:
    groups: dict[tuple[str, str], list[tuple[int, Limit, Condition]]] = {}
    for place, one in enumerate(conditions):
        limit = one.value * SUBJECTS[one.subject].scale if isinstance(one.value, int) else frozenset(one.value)
        groups.setdefault((one.subject, one.operator), []).append((place, limit, one))
    return tuple(Group(*asks, tuple(asked)) for asks, asked in groups.items())


def unmet(groups: Iterable[Group], values: Values) -> dict[int, Finding]:
    """By place, what is missed or unknown. Many thousands are judged at a time, so nothing is done twice."""
    against = {}
    for subject, operator, asked in groups:
        found, meets = find(subject, values), _MEETS[operator]
        for place, limit, condition in asked:
            if found is None:
                against[place] = Finding(condition, Verdict.UNKNOWN, None)
            elif not meets(found, limit):
                against[place] = Finding(condition, Verdict.MISSED, found)
    return against


def _has_one(found: str | frozenset[str], words: frozenset[str]) -> bool:
    return found in words if isinstance(found, str) else not words.isdisjoint(found)


_MEETS: dict[str, Callable[[Any, Any], bool]] = {
    ">=": ge, "<=": le, "=": eq, "in": _has_one, "not in": lambda found, words: not _has_one(found, words),
}  # fmt: skip


def find(subject: str, values: Values) -> Value:
    """The subject's value in the unit in which it is measured."""
    if subject in ATTRIBUTES:
        return values.get(subject)
    known = SUBJECTS[subject]
    parts = [values.get(name) for name in known.indicators]
    if not parts or parts[0] is None:
        return None
    first = parts[0]
    assert isinstance(first, int)
    if len(parts) == 1:
        return known.sign * first
    if first == 0 or parts[1] is None:
        return None if first else 0
    assert isinstance(parts[1], int)
    share = abs(first) * WHOLE_BP // max(parts[1], 1)  # towards zero, as SQL divides
    return share if first > 0 else -share


def overall(findings: Iterable[Finding]) -> Verdict:
    """Missed if any is missed, else unknown if any is unknown; nothing asked is met."""
    return min((each.verdict for each in findings), default=Verdict.MET)


def sql(condition: Condition) -> str:
    """The same as a predicate over a table with a column an indicator and attribute: NULL where it is unknown.

    Sets of words (`several`) are lists; the dialect is the lake's.
    """
    if isinstance(condition.value, int):
        subject = SUBJECTS[condition.subject]
        return f"{_column(subject)} {condition.operator} {condition.value * subject.scale}"
    words = ", ".join("'" + word.replace("'", "''") + "'" for word in condition.value)
    negated = "NOT " if condition.operator == "not in" else ""
    if ATTRIBUTES[condition.subject].several:
        return f"{negated}list_has_any({condition.subject}, [{words}])"
    return f"{condition.subject} {condition.operator.upper()} ({words})"


def all_sql(conditions: Iterable[Condition]) -> str:
    """True: all met; false: one missed; NULL: none missed, but something unknown."""
    return " AND ".join(f"({sql(each)})" for each in conditions) or "true"


def _column(subject: Subject) -> str:
    if not subject.indicators:
        return "CAST(NULL AS BIGINT)"
    if len(subject.indicators) == 1:
        return subject.indicators[0] if subject.sign == 1 else f"-{subject.indicators[0]}"
    part, whole = subject.indicators
    return f"CASE WHEN {part} = 0 THEN 0 ELSE {part} * {WHOLE_BP} // CASE WHEN {whole} < 1 THEN 1 ELSE {whole} END END"


def why_not(condition: Condition) -> str:
    """What is wrong with it as a definition; "" if nothing."""
    if isinstance(condition.value, int):
        fine = condition.subject in SUBJECTS and condition.operator in OPERATORS
        return "" if fine else "没有选择指标或比较方式。"
    if condition.subject not in ATTRIBUTES or condition.operator not in CHOICES or not condition.value:
        return "没有选择属性或取值。"
    strange = set(condition.value) - ATTRIBUTES[condition.subject].words.keys()
    return f"不认识的取值：{'、'.join(sorted(strange))}。" if strange else ""


def said(condition: Condition) -> str:
    """The condition in words."""
    if condition.text:
        return condition.text
    if isinstance(condition.value, int):
        subject = SUBJECTS[condition.subject]
        return f"{subject.label}{OPERATORS[condition.operator]} {condition.value:,} {subject.unit}"
    attribute = ATTRIBUTES[condition.subject]
    words = "、".join(attribute.words[word] for word in condition.value)
    return f"{attribute.label}{'' if condition.operator == 'in' else '不'}属于：{words}"


def label(subject: str) -> str:
    return ATTRIBUTES[subject].label if subject in ATTRIBUTES else SUBJECTS[subject].label


def value_text(subject: str, found: Value) -> str:
    """A found value as a person reads it."""
    if found is None:
        return "无数据"
    if isinstance(found, int):
        known = SUBJECTS[subject]
        return f"{_number(found / known.scale)} {known.unit}"
    words = sorted({found} if isinstance(found, str) else found)
    return "、".join(ATTRIBUTES[subject].words.get(word, word) for word in words) or "无"


def _where_from(subject: str) -> str:
    category = ATTRIBUTES[subject].category if subject in ATTRIBUTES else SUBJECTS[subject].category
    if category is None:
        return "平台没有这项数据，申请时由机构核实。"
    return f"平台暂无这项“{CATEGORY_LABELS[category]}”数据；补充授权或等数据到达后再看，也可由机构核实。"


def _number(value: float) -> str:
    return f"{value:,.2f}".rstrip("0").rstrip(".")


def places(codes: Iterable[str]) -> tuple[str, ...]:
    """Region codes and, of each city, its counties: an enterprise is registered in a county or, seldom, a city."""
    found: dict[str, None] = dict.fromkeys(codes)
    found |= {county.code: None for county in regions.COUNTIES if county.city in found}
    return tuple(found)


def trades(sections: Iterable[str]) -> tuple[str, ...]:
    """Sections of industry and their divisions: an enterprise knows either."""
    found: dict[str, None] = dict.fromkeys(sections)
    found |= {division.code: None for division in industries.DIVISIONS if division.section in found}
    return tuple(found)


def borrowers(nature_is_individual: bool, size: Size | None) -> frozenset[str]:
    """As what an enterprise may borrow: a sole trader, or a company and its owner where it is small."""
    if nature_is_individual:
        return frozenset({str(Borrower.SOLE_TRADER), str(Borrower.SMALL_OWNER)})
    small = size in (Size.SMALL, Size.MICRO, None)
    return frozenset({str(Borrower.COMPANY)} | ({str(Borrower.SMALL_OWNER)} if small else set()))


TITLE_WORDS = frozenset(map(str, Title))
