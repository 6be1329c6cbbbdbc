"""A version's terms in words, line by line, and two versions side by side. Pure."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from jinfuyun.kit import conditions, industries, regions
from jinfuyun.kit.all_in import COST_LABELS, PAYER_LABELS, Basis, Fee
from jinfuyun.kit.conditions import Condition
from jinfuyun.kit.grant import CATEGORY_LABELS, PURPOSE_LABELS
from jinfuyun.kit.lending import (
    BORROWER_LABELS,
    DRAWDOWN_LABELS,
    FREQUENCIES,
    PREPAYMENT_LABELS,
    PRODUCT_KIND_LABELS,
    RATE_KIND_LABELS,
    REPAYMENT_LABELS,
    SECURITY_LABELS,
    SIZE_LABELS,
    TAG_LABELS,
    TENOR_LABELS,
    TITLE_LABELS,
    RateKind,
)
from jinfuyun.kit.money import percent, wan, yuan
from jinfuyun.products.rules import MATERIAL_SOURCES, Terms

ANY = "不限"
NONE = "无"
HOW = {Basis.YEARLY_BP: "每年按金额的", Basis.ONCE_BP: "一次性按金额的", Basis.ONCE_FEN: "一次性"}
Lines = tuple[str, ...]


class Row(NamedTuple):
    """One label of two versions; a version that is not there has no lines."""

    label: str
    before: Lines
    after: Lines

    @property
    def is_changed(self) -> bool:
        return self.before != self.after


def told(terms: Terms) -> dict[str, Lines]:
    """Everything a reviewer approves, by label, in the order of the page. Of a floating rate not what it is today."""
    return {
        "产品名称": (terms.name,),
        "产品类型": (PRODUCT_KIND_LABELS[terms.kind],),
        "一句话介绍": (terms.summary,),
        "额度": (f"{wan(terms.amount_min_fen)}–{wan(terms.amount_max_fen)} 万元",),
        "期限": (f"{terms.term_min_months}–{terms.term_max_months} 个月",),
        "年化利率": (_rate(terms),),
        "费用": tuple(map(fee_text, terms.fees)) or (NONE,),
        "担保方式": _named(terms.securities, SECURITY_LABELS),
        "还款方式": (*_named(terms.repayments, REPAYMENT_LABELS), FREQUENCIES[terms.repayment_frequency]),
        "支用与提前还款": (DRAWDOWN_LABELS[terms.drawdown], PREPAYMENT_LABELS[terms.prepayment]),
        "借款主体": _named(terms.borrowers, BORROWER_LABELS),
        "适用区域": ("、".join(map(regions.full_name, terms.regions)) or "全省",),
        "适用行业": ("、".join(map(industries.name_of, terms.industries)) or ANY,),
        "企业规模": _named(terms.sizes, SIZE_LABELS),
        "成立年限": (f"满 {terms.age_months_min} 个月" if terms.age_months_min else ANY,),
        "纳税信用等级": ("、".join(terms.tax_grades) or ANY,),
        "科技资质": _named(terms.titles, TITLE_LABELS),
        "准入与禁入条件": tuple(map(condition_text, terms.conditions)) or (NONE,),
        "所需材料": tuple(f"{one.name}（{MATERIAL_SOURCES[one.source]}）" for one in terms.materials) or (NONE,),
        "办理时限": (f"受理 {terms.accept_days}、审批 {terms.approve_days}、签约放款 {terms.disburse_days} 个工作日",),
        "审查所需数据": _named(terms.categories, CATEGORY_LABELS),
        "查询用途": (PURPOSE_LABELS[terms.purpose],),
        "政策标签": _named(terms.tags, TAG_LABELS, NONE),
        "咨询电话": (terms.hotline,),
        "经办支行": (terms.branch or NONE,),
        "上架截止日": (str(terms.listed_until or ANY),),
    }


def side_by_side(before: Terms | None, after: Terms) -> list[Row]:
    """Every label with both; without `before` nothing stands on its side."""
    old = told(before) if before else {}
    return [Row(label, old.get(label, ()), lines) for label, lines in told(after).items()]


def changes(before: Terms, after: Terms) -> list[Row]:
    """What differs in words that a reviewer reads; a floating rate that only moved with the LPR has not changed."""
    return [row for row in side_by_side(before, after) if row.is_changed]


def fee_text(fee: Fee) -> str:
    """Which fee, how much, who pays, and what the institution says of it."""
    value = f"{yuan(fee.value)} 元" if fee.basis is Basis.ONCE_FEN else percent(fee.value)
    return f"{COST_LABELS[fee.kind]}：{HOW[fee.basis]} {value}，{PAYER_LABELS[fee.payer]}承担（{fee.text}）"


def condition_text(one: Condition) -> str:
    """What enterprises read and, where that says it otherwise, what is compared."""
    exact = conditions.said(Condition(one.subject, one.operator, one.value))
    return one.text if one.text == exact else f"{one.text}（{exact}）"


def _rate(terms: Terms) -> str:
    if terms.rate_kind == RateKind.FIXED:
        return f"{RATE_KIND_LABELS[RateKind.FIXED]} {percent(terms.rate_min_bp or 0)}–{percent(terms.rate_max_bp or 0)}"
    assert terms.lpr_tenor is not None  # a floating rate has one
    return f"{TENOR_LABELS[terms.lpr_tenor]} {terms.spread_min_bp:+d} 至 {terms.spread_max_bp:+d} 个基点"


def _named(values: Iterable[str], labels: Mapping[Any, str], empty: str = ANY) -> Lines:
    return ("、".join(labels[value] for value in values) or empty,)
