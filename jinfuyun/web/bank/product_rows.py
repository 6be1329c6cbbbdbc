"""The rows of a product's form: conditions and fees, as many as somebody added, each with what suits its first choice.

A row's fields carry its number: `subject_3`. What a row looks like follows from what was typed into it, so it is made
anew by the server when a row is added, taken away, or compares something else.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from django import forms

from jinfuyun.kit.all_in import BASIS_LABELS, COST_LABELS, FEE_KINDS, PAYER_LABELS, Basis, CostKind, Fee, Payer
from jinfuyun.kit.conditions import ATTRIBUTES, CHOICES, OPERATORS, SUBJECTS, Condition, said
from jinfuyun.kit.money import FEN_PER_YUAN

NUMBER = {"inputmode": "numeric", "autocomplete": "off"}
SUBJECT_CHOICES = [
    ("", "请选择"),
    ("指标（数值）", [(name, f"{one.label}（{one.unit}）") for name, one in SUBJECTS.items()]),
    ("属性（类别）", [(name, one.label) for name, one in ATTRIBUTES.items()]),
]
FEE_KIND_CHOICES = [("", "请选择"), *((str(kind), COST_LABELS[kind]) for kind in FEE_KINDS)]
PAYER_CHOICES = [(str(payer), PAYER_LABELS[payer]) for payer in (Payer.ENTERPRISE, Payer.INSTITUTION)]
WORDS_AS_BOXES_MAX = 8  # more words than these are a list to choose from


class Rows(NamedTuple):
    """A kind of row: `parts` are its fields, the first says whether there is a row; at most so many."""

    parts: tuple[str, ...]
    most: int


KINDS = {
    "condition": Rows(("subject", "operator", "value", "words", "text"), 20),
    "fee": Rows(("fee_kind", "fee_payer", "fee_basis", "fee_value", "fee_text"), 8),
}


def numbers(typed: Mapping[str, Any], kind: str) -> list[int]:
    """The rows of a kind that were typed."""
    first = KINDS[kind].parts[0]
    found = [name.rpartition("_") for name in typed]
    own = {int(number) for stem, _, number in found if stem == first and number.isdecimal() and len(number) <= 3}
    return sorted(own)[: KINDS[kind].most]


def changed(typed: Mapping[str, Any], asked: Mapping[str, str]) -> dict[str, Any]:
    """`typed` with a row more or less, as the button that was pressed asks: `add`=condition, `remove`=condition_3."""
    kept = dict(typed)
    if (kind := asked.get("add", "")) in KINDS:
        known = numbers(typed, kind)
        if len(known) < KINDS[kind].most:
            kept[f"{KINDS[kind].parts[0]}_{max(known, default=-1) + 1}"] = ""
    kind, _, number = asked.get("remove", "").rpartition("_")
    if kind in KINDS:
        for part in KINDS[kind].parts:
            kept.pop(f"{part}_{number}", None)
    return kept


def condition_fields(typed: Mapping[str, Any], number: int) -> dict[str, forms.Field]:
    """The fields of one condition; what it is compared with follows its subject."""
    subject = typed.get(f"subject_{number}")
    fields: dict[str, forms.Field] = {
        f"subject_{number}": forms.ChoiceField(label="比较什么", choices=SUBJECT_CHOICES, required=False)
    }
    attribute = ATTRIBUTES.get(subject or "")
    operators = CHOICES if attribute else OPERATORS
    fields[f"operator_{number}"] = forms.ChoiceField(label="怎样比较", choices=list(operators.items()), required=False)
    if attribute:
        boxes = len(attribute.words) <= WORDS_AS_BOXES_MAX
        widget = forms.CheckboxSelectMultiple() if boxes else forms.SelectMultiple({"size": 6})
        fields[f"words_{number}"] = forms.MultipleChoiceField(
            label=attribute.label, choices=list(attribute.words.items()), required=False, widget=widget
        )
    else:
        fields[f"value_{number}"] = forms.IntegerField(
            label="数值", min_value=-(10**9), max_value=10**9, required=False, widget=forms.TextInput(NUMBER)
        )
    fields[f"text_{number}"] = forms.CharField(
        label="给企业看的一句话", required=False, max_length=200, help_text="留空则按上面的内容自动写成一句话。"
    )
    return fields


def fee_fields(number: int) -> dict[str, forms.Field]:
    return {
        f"fee_kind_{number}": forms.ChoiceField(label="费用", choices=FEE_KIND_CHOICES, required=False),
        f"fee_payer_{number}": forms.ChoiceField(label="由谁承担", choices=PAYER_CHOICES, required=False),
        f"fee_basis_{number}": forms.ChoiceField(
            label="怎样计收", choices=[(str(basis), text) for basis, text in BASIS_LABELS.items()], required=False
        ),
        f"fee_value_{number}": forms.DecimalField(
            label="数额", max_digits=11, decimal_places=2, min_value=0, required=False,
            widget=forms.TextInput({"inputmode": "decimal", "autocomplete": "off"}),
        ),
        f"fee_text_{number}": forms.CharField(
            label="由谁收取、怎样收取", required=False, max_length=200, help_text="如：由合作担保公司按年收取。"
        ),
    }  # fmt: skip


def unit(typed: Mapping[str, Any], number: int) -> str:
    known = SUBJECTS.get(typed.get(f"subject_{number}") or "")
    return known.unit if known else ""


def condition(answer: Mapping[str, Any], number: int) -> tuple[Condition | None, str]:
    """What one row says, and what it lacks ("" if nothing); None and "" for an empty one."""
    subject, operator = answer.get(f"subject_{number}"), answer.get(f"operator_{number}")
    value: Any = answer.get(f"value_{number}")
    words = tuple(answer.get(f"words_{number}") or ())
    text = (answer.get(f"text_{number}") or "").strip()
    if not subject:
        return None, "没有选择比较什么。" if value is not None or words or text else ""
    if not operator or (value is None and not words):
        return None, "没有填完。"
    plain = Condition(subject, operator, words or value)
    return Condition(subject, operator, words or value, text or said(plain)), ""


def fee(answer: Mapping[str, Any], number: int) -> tuple[Fee | None, str]:
    """The same of a fee; per cent become basis points, yuan fen: both are a hundredth."""
    kind, value = answer.get(f"fee_kind_{number}"), answer.get(f"fee_value_{number}")
    text = (answer.get(f"fee_text_{number}") or "").strip()
    payer, basis = answer.get(f"fee_payer_{number}"), answer.get(f"fee_basis_{number}")
    if not kind:
        return None, "没有选择是什么费用。" if value is not None or text else ""
    if value is None or not payer or not basis:
        return None, "没有填完。"
    return Fee(CostKind(kind), Payer(payer), Basis(basis), int(value * FEN_PER_YUAN), text), ""


def typed_condition(one: Condition, number: int) -> dict[str, Any]:
    """A condition as its row's fields hold it."""
    what: Any = {f"words_{number}": list(one.value)} if isinstance(one.value, tuple) else {f"value_{number}": one.value}
    return {f"subject_{number}": one.subject, f"operator_{number}": one.operator, f"text_{number}": one.text, **what}


def typed_fee(one: Fee, number: int) -> dict[str, Any]:
    values = (one.kind, one.payer, one.basis, f"{one.value / FEN_PER_YUAN:.2f}", one.text)
    return {f"{part}_{number}": str(value) for part, value in zip(KINDS["fee"].parts, values, strict=True)}
