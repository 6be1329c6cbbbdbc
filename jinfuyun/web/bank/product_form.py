"""The form of a product's terms, both ways: from Terms to the page and back."""

from dataclasses import asdict
from typing import Any

from django import forms

from jinfuyun.kit import industries, regions
from jinfuyun.kit.conditions import OPERATORS, SUBJECTS, Condition
from jinfuyun.kit.grant import CATEGORY_LABELS, Category
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
from jinfuyun.web.forms import DayField, PercentField, PoliteForm, WanField, in_wan

CONDITION_ROWS = 6
CITY_NAMES = [(city.code, city.name) for city in regions.CITIES]
CITIES = {code for code, _ in CITY_NAMES}
COUNTIES = regions.choices()
INDUSTRIES = industries.choices()
NUMBER = {"inputmode": "numeric", "autocomplete": "off"}


def _one(label: str, choices: dict[Any, str], *, required: bool = True, empty: str = "请选择") -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=[("", empty), *choices.items()], required=required)


def _some(label: str, choices: Any, *, required: bool = False, help_text: str = "") -> forms.MultipleChoiceField:
    pairs = list(choices.items()) if isinstance(choices, dict) else choices
    return forms.MultipleChoiceField(
        label=label, choices=pairs, required=required, widget=forms.CheckboxSelectMultiple, help_text=help_text
    )


def _whole(label: str, least: int, most: int, *, required: bool = True, help_text: str = "") -> forms.IntegerField:
    return forms.IntegerField(
        label=label, min_value=least, max_value=most, required=required, widget=forms.TextInput(NUMBER),
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
    fee_year = PercentField(label="其他费用（年化）", required=False, help_text="没有则留空。")
    fees_text = forms.CharField(label="其他费用说明", max_length=200, required=False, help_text="什么费用、由谁收取。")
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
    tags = _some("政策标签", TAG_LABELS)
    hotline = forms.CharField(label="咨询电话", max_length=20)
    branch = forms.CharField(label="经办支行", max_length=200, required=False)
    listed_until = DayField(label="上架截止日", required=False, help_text="没有期限则留空。")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for row in range(CONDITION_ROWS):
            subjects = {name: f"{one.label}（{one.unit}）" for name, one in SUBJECTS.items()}
            self.fields[f"subject_{row}"] = _one("指标", subjects, required=False, empty="不使用")
            self.fields[f"operator_{row}"] = _one("比较", OPERATORS, required=False)
            self.fields[f"value_{row}"] = _whole("数值", -(10**9), 10**9, required=False)
            self.fields[f"text_{row}"] = forms.CharField(label="给企业看的一句话", required=False, max_length=200)

    def clean(self) -> dict[str, Any]:
        answer = super().clean() or {}
        for row in range(CONDITION_ROWS):
            used = answer.get(f"subject_{row}")
            if used and (answer.get(f"value_{row}") is None or not answer.get(f"operator_{row}")):
                self.add_error(f"subject_{row}", f"第 {row + 1} 条条件没有填完。")
        return answer

    def condition_rows(self) -> list[list[forms.BoundField]]:
        return [[self[f"{part}_{row}"] for part in ("subject", "operator", "value", "text")]
                for row in range(CONDITION_ROWS)]  # fmt: skip

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
            fee_year_bp=a["fee_year"] or 0, fees_text=a["fees_text"].strip(),
            securities=tuple(map(Security, a["securities"])), repayments=tuple(map(Repayment, a["repayments"])),
            repayment_frequency=a["repayment_frequency"], drawdown=Drawdown(a["drawdown"]),
            prepayment=Prepayment(a["prepayment"]), borrowers=tuple(map(Borrower, a["borrowers"])),
            regions=(*a["regions"], *a["counties"]), industries=tuple(a["industries"]),
            sizes=tuple(map(Size, a["sizes"])), age_months_min=a["age_months_min"] or 0,
            tax_grades=tuple(a["tax_grades"]), titles=tuple(map(Title, a["titles"])), conditions=self._conditions(),
            materials=(*_materials(a["from_data"], "data"), *_materials(a["to_upload"], "upload")),
            accept_days=a["accept_days"], approve_days=a["approve_days"], disburse_days=a["disburse_days"],
            categories=tuple(map(Category, a["categories"])), tags=tuple(map(Tag, a["tags"])),
            hotline=a["hotline"].strip(), branch=a["branch"].strip(), listed_until=a["listed_until"],
        )  # fmt: skip

    def _conditions(self) -> tuple[Condition, ...]:
        a = self.cleaned_data
        return tuple(
            Condition(a[f"subject_{row}"], a[f"operator_{row}"], a[f"value_{row}"], a[f"text_{row}"].strip())
            for row in range(CONDITION_ROWS) if a[f"subject_{row}"]
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
        "fee_year": _percent(terms.fee_year_bp or None),
        "regions": [code for code in terms.regions if code in CITIES],
        "counties": [code for code in terms.regions if code not in CITIES],
        "from_data": "\n".join(m.name for m in terms.materials if m.source == "data"),
        "to_upload": "\n".join(m.name for m in terms.materials if m.source == "upload"),
    }  # fmt: skip
    for row, condition in enumerate(terms.conditions[:CONDITION_ROWS]):
        known |= {f"{part}_{row}": value for part, value in asdict(condition).items()}
    return known


def _percent(bp: int | None) -> float | None:
    return None if bp is None else bp / 100
