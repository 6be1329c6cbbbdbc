"""The form of a product's terms, both ways: from Terms to the page and back."""

from dataclasses import asdict, replace
from typing import Any

from django import forms
from django.http import QueryDict

from jinfuyun.kit import industries, regions
from jinfuyun.kit.all_in import Fee
from jinfuyun.kit.conditions import Condition
from jinfuyun.kit.grant import CATEGORY_LABELS, PURPOSE_LABELS, Category, Purpose
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
    TAX_GRADES,
    TENOR_LABELS,
    TITLE_LABELS,
    Borrower,
    Drawdown,
    Prepayment,
    ProductKind,
    RateKind,
    Repayment,
    Security,
    Size,
    Tag,
    Tenor,
    Title,
)
from jinfuyun.products.rules import Material, Terms
from jinfuyun.web.bank import product_rows as rows
from jinfuyun.web.forms import DayField, PercentField, PoliteForm, WanField, in_wan

CITY_NAMES = [(city.code, city.name) for city in regions.CITIES]
CITIES = {code for code, _ in CITY_NAMES}
COUNTIES = regions.choices()
INDUSTRIES = industries.choices()
PURPOSES = {purpose: PURPOSE_LABELS[purpose] for purpose in (Purpose.PRE_LOAN, Purpose.GUARANTEE)}


BLANK = Terms(
    name="", kind=ProductKind.WORKING_CAPITAL, summary="", amount_min_fen=0, amount_max_fen=0, term_min_months=0,
    term_max_months=0, rate_kind=RateKind.FIXED, securities=(), repayments=(), drawdown=Drawdown.ONE_OFF, borrowers=(),
    hotline="",
)  # fmt: skip


def _one(label: str, choices: dict[Any, str], *, required: bool = True, empty: str = "请选择") -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=[("", empty), *choices.items()], required=required)


def _some(label: str, choices: Any, *, required: bool = False, help_text: str = "") -> forms.MultipleChoiceField:
    pairs = list(choices.items()) if isinstance(choices, dict) else choices
    return forms.MultipleChoiceField(
        label=label, choices=pairs, required=required, widget=forms.CheckboxSelectMultiple, help_text=help_text
    )


def _whole(label: str, least: int, most: int, *, required: bool = True, help_text: str = "") -> forms.IntegerField:
    return forms.IntegerField(
        label=label, min_value=least, max_value=most, required=required, widget=forms.TextInput(rows.NUMBER),
        help_text=help_text,
    )  # fmt: skip


def _lines(label: str, help_text: str) -> forms.CharField:
    area = forms.Textarea({"rows": 3})
    return forms.CharField(label=label, required=False, max_length=1_000, widget=area, help_text=help_text)


class ProductForm(PoliteForm):
    name = forms.CharField(label="产品名称", max_length=40)
    kind = _one("产品类型", PRODUCT_KIND_LABELS)
    summary = forms.CharField(label="一句话介绍", max_length=120, help_text="给谁用、有什么好处。")
    amount_min = WanField(label="最低额度")
    amount_max = WanField(label="最高额度")
    term_min = _whole("最短期限", 1, 360)
    term_max = _whole("最长期限", 1, 360)
    rate_kind = forms.ChoiceField(
        label="计息方式", choices=list(RATE_KIND_LABELS.items()), widget=forms.RadioSelect, initial=RateKind.FIXED
    )
    rate_min = PercentField(label="最低年化利率", required=False, help_text="固定利率时填写。")
    rate_max = PercentField(label="最高年化利率", required=False)
    lpr_tenor = _one("依据的 LPR", TENOR_LABELS, required=False, empty="浮动利率时选择")
    spread_min = _whole("最低加减点", -2000, 2000, required=False, help_text="基点，可为负；浮动利率时填写。")
    spread_max = _whole("最高加减点", -2000, 2000, required=False)
    securities = _some("担保方式", SECURITY_LABELS, required=True, help_text="企业主个人保证属于“保证”，不是“信用”。")
    repayments = _some("还款方式", REPAYMENT_LABELS, required=True)
    repayment_frequency = _one("还款频率", FREQUENCIES)
    drawdown = _one("支用方式", DRAWDOWN_LABELS)
    prepayment = _one("提前还款", PREPAYMENT_LABELS)
    borrowers = _some("借款主体", BORROWER_LABELS, required=True)
    regions = _some("适用城市", CITY_NAMES, help_text="都不选即全省。")
    counties = forms.MultipleChoiceField(
        label="只限县（市、区）", required=False, choices=COUNTIES, widget=forms.SelectMultiple({"size": 6}),
        help_text="需要时选择，可多选。",
    )  # fmt: skip
    industries = _some("适用行业", INDUSTRIES, help_text="都不选即不限。")
    sizes = _some("企业规模", SIZE_LABELS, help_text="都不选即不限。")
    age_months_min = _whole("成立满（月）", 0, 600, required=False)
    tax_grades = _some("纳税信用等级", [(grade, grade) for grade in TAX_GRADES], help_text="都不选即不限。")
    titles = _some("科技资质", TITLE_LABELS)
    from_data = _lines("由平台数据提供的材料", "每行一项，如：营业执照。")
    to_upload = _lines("由企业提供的材料", "每行一项，如：近一年主要合同。")
    accept_days = _whole("受理时限", 1, 60)
    approve_days = _whole("审批时限", 1, 60)
    disburse_days = _whole("签约放款时限", 1, 60)
    categories = _some("审查所需数据", CATEGORY_LABELS, required=True, help_text="只选必需的；企业会看到这个范围。")
    purpose = _one("查询用途", PURPOSES)
    tags = _some("政策标签", TAG_LABELS)
    hotline = forms.CharField(label="咨询电话", max_length=20)
    branch = forms.CharField(label="经办支行", max_length=200, required=False)
    listed_until = DayField(label="上架截止日", required=False, help_text="没有期限则留空。")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        known = self.data if self.is_bound else self.initial
        self.numbers = {kind: rows.numbers(known, kind) for kind in rows.KINDS}
        for number in self.numbers["condition"]:
            self.fields |= rows.condition_fields(known, number)
        for number in self.numbers["fee"]:
            self.fields |= rows.fee_fields(number)

    def clean(self) -> dict[str, Any]:
        answer = super().clean() or {}
        for kind, label, read in (("condition", "条件", rows.condition), ("fee", "费用", rows.fee)):
            first = rows.KINDS[kind].parts[0]
            for place, number in enumerate(self.numbers[kind], 1):
                wrong = any(f"{part}_{number}" in self.errors for part in rows.KINDS[kind].parts)
                if not wrong and (why := read(answer, number)[1]):
                    self.add_error(f"{first}_{number}", f"第 {place} 条{label}{why}")
        return answer

    def row_fields(self, kind: str) -> list[dict[str, Any]]:
        """Each row for the page: its number, its fields by part, the unit of its value."""
        known = self.data if self.is_bound else self.initial
        return [
            {
                "number": number, "unit": rows.unit(known, number),
                **{part: self[name] for part in rows.KINDS[kind].parts if (name := f"{part}_{number}") in self.fields},
            }
            for number in self.numbers[kind]
        ]  # fmt: skip

    def field_of(self, place: str) -> str:
        """The field at which a reason of the rules is shown: `fee:2` is the second row of fees that says something."""
        kind, _, row = place.partition(":")
        if not row:
            return place
        read = rows.condition if kind == "condition" else rows.fee
        filled = [number for number in self.numbers[kind] if read(self.cleaned_data, number)[0]]
        return f"{rows.KINDS[kind].parts[0]}_{filled[int(row) - 1]}"

    def so_far(self) -> Terms:
        """Who may apply, as far as it can be read of a form that is not finished."""
        a = self.cleaned_data
        return replace(
            BLANK, borrowers=tuple(a.get("borrowers", ())), regions=(*a.get("regions", ()), *a.get("counties", ())),
            industries=tuple(a.get("industries", ())), sizes=tuple(a.get("sizes", ())),
            age_months_min=a.get("age_months_min") or 0, tax_grades=tuple(a.get("tax_grades", ())),
            titles=tuple(a.get("titles", ())), conditions=self.conditions(),
        )  # fmt: skip

    def conditions(self) -> tuple[Condition, ...]:
        """Those that can be read, also of a form that is not finished."""
        read = (rows.condition(self.cleaned_data, number)[0] for number in self.numbers["condition"])
        return tuple(one for one in read if one)

    def fees(self) -> tuple[Fee, ...]:
        read = (rows.fee(self.cleaned_data, number)[0] for number in self.numbers["fee"])
        return tuple(one for one in read if one)

    def terms(self) -> Terms:
        """What was filled in; call only when it is valid."""
        a = self.cleaned_data
        floating = a["rate_kind"] == RateKind.FLOATING
        return Terms(
            name=a["name"].strip(), kind=ProductKind(a["kind"]), summary=a["summary"].strip(),
            amount_min_fen=a["amount_min"], amount_max_fen=a["amount_max"], term_min_months=a["term_min"],
            term_max_months=a["term_max"], rate_kind=RateKind(a["rate_kind"]),
            rate_min_bp=None if floating else a["rate_min"], rate_max_bp=None if floating else a["rate_max"],
            lpr_tenor=Tenor(a["lpr_tenor"]) if floating and a["lpr_tenor"] else None,
            spread_min_bp=a["spread_min"] if floating else None, spread_max_bp=a["spread_max"] if floating else None,
            fees=self.fees(),
            securities=tuple(map(Security, a["securities"])), repayments=tuple(map(Repayment, a["repayments"])),
            repayment_frequency=a["repayment_frequency"], drawdown=Drawdown(a["drawdown"]),
            prepayment=Prepayment(a["prepayment"]), borrowers=tuple(map(Borrower, a["borrowers"])),
            regions=(*a["regions"], *a["counties"]), industries=tuple(a["industries"]),
            sizes=tuple(map(Size, a["sizes"])), age_months_min=a["age_months_min"] or 0,
            tax_grades=tuple(a["tax_grades"]), titles=tuple(map(Title, a["titles"])), conditions=self.conditions(),
            materials=(*_materials(a["from_data"], "data"), *_materials(a["to_upload"], "upload")),
            accept_days=a["accept_days"], approve_days=a["approve_days"], disburse_days=a["disburse_days"],
            categories=tuple(map(Category, a["categories"])), purpose=Purpose(a["purpose"]),
            tags=tuple(map(Tag, a["tags"])), hotline=a["hotline"].strip(), branch=a["branch"].strip(),
            listed_until=a["listed_until"],
        )  # fmt: skip


def _materials(text: str, source: str) -> list[Material]:
    return [Material(line.strip(), source) for line in text.splitlines() if line.strip()]


def initial(terms: Terms) -> dict[str, Any]:
    """The form's fields for terms that exist."""
    known = asdict(terms)
    known |= {
        "amount_min": in_wan(terms.amount_min_fen), "amount_max": in_wan(terms.amount_max_fen),
        "term_min": terms.term_min_months, "term_max": terms.term_max_months,
        "rate_min": _percent(terms.rate_min_bp), "rate_max": _percent(terms.rate_max_bp),
        "spread_min": terms.spread_min_bp, "spread_max": terms.spread_max_bp,
        "regions": [code for code in terms.regions if code in CITIES],
        "counties": [code for code in terms.regions if code not in CITIES],
        "from_data": "\n".join(m.name for m in terms.materials if m.source == "data"),
        "to_upload": "\n".join(m.name for m in terms.materials if m.source == "upload"),
    }  # fmt: skip
    for number, condition in enumerate(terms.conditions):
        known |= rows.typed_condition(condition, number)
    for number, fee in enumerate(terms.fees):
        known |= rows.typed_fee(fee, number)
    return known


def typed(query: QueryDict) -> dict[str, Any]:
    """What stands in the form, as it was typed and complete or not: to be kept, and to be shown again."""
    form = ProductForm(query)
    return {
        name: query.getlist(name) if isinstance(field, forms.MultipleChoiceField) else query.get(name, "")
        for name, field in form.fields.items() if name in query
    }  # fmt: skip


def _percent(bp: int | None) -> float | None:
    return None if bp is None else bp / 100
