"""The forms of the loan desk, each with what the platform knows already filled in."""

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.http import QueryDict

from jinfuyun.kit.lending import LOAN_PURPOSE_LABELS
from jinfuyun.loans.content import due_by
from jinfuyun.loans.rules import GRADE_LABELS, RENEWAL_LABELS
from jinfuyun.web.forms import DayField, PercentField, PoliteForm, WanField, in_wan

FEN_PER_YUAN = 100


class YuanField(forms.DecimalField):
    """Money to the fen, as loan books have it; the cleaned value is fen."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_digits=13, decimal_places=2, min_value=Decimal(0), **options)
        self.widget = forms.TextInput({"inputmode": "decimal", "autocomplete": "off"})

    def clean(self, value: Any) -> Any:
        yuan = super().clean(value)
        return None if yuan is None else int(yuan * FEN_PER_YUAN)


def _reference() -> forms.CharField:
    return forms.CharField(
        label="本机构流水号", max_length=40, required=False, help_text="填写后，同一流水号不会重复入账。"
    )


def _why(label: str, help_text: str = "") -> forms.CharField:
    return forms.CharField(label=label, max_length=200, widget=forms.Textarea({"rows": 2}), help_text=help_text)


class RepayForm(PoliteForm):
    on = DayField(label="还款日")
    principal = YuanField(label="实还本金")
    interest = YuanField(label="实还利息")
    balance = YuanField(label="还款后余额", required=False, help_text="填写后与平台核对，不一致的不入账。")
    reference = _reference()


class ProlongForm(PoliteForm):
    on = DayField(label="办理日")
    due_on = DayField(label="展期后的到期日")


class SettleForm(PoliteForm):
    on = DayField(label="结清日")
    principal = YuanField(label="归还本金")
    interest = YuanField(label="归还利息")
    reference = _reference()


class PayOutForm(PoliteForm):
    on = DayField(label="代偿日")
    principal = YuanField(label="代偿本金")
    interest = YuanField(label="代偿利息")


class RecoverForm(PoliteForm):
    on = DayField(label="收回日")
    principal = YuanField(label="收回金额")


class WriteOffForm(PoliteForm):
    on = DayField(label="核销日")
    why = _why("核销依据", "核销后债权保留，收回的款项仍在此登记。")


class GradeForm(PoliteForm):
    on = DayField(label="分类日")
    grade = forms.ChoiceField(label="五级分类", choices=[(one.value, text) for one, text in GRADE_LABELS.items()])
    why = _why("调整原因")


class ReverseForm(PoliteForm):
    event = forms.IntegerField(widget=forms.HiddenInput)
    why = _why("冲正原因", "原记录保留，另记一笔冲正；企业会收到通知。")


class DrawForm(PoliteForm):
    amount = WanField(label="放款金额")
    rate = PercentField(label="放款利率")
    on = DayField(label="放款日")
    due_on = DayField(label="到期日")
    purpose = forms.ChoiceField(label="用途", choices=[(one.value, text) for one, text in LOAN_PURPOSE_LABELS.items()])
    purpose_text = forms.CharField(label="用途说明", max_length=200, required=False)
    is_entrusted = forms.BooleanField(label="受托支付", required=False)
    renewal = forms.ChoiceField(
        label="是否续贷", required=False, choices=[(one.value, text) for one, text in RENEWAL_LABELS.items()]
    )
    reference = _reference()


ENTRY_FORMS: dict[str, type[forms.Form]] = {
    "repay": RepayForm,
    "prolong": ProlongForm,
    "settle": SettleForm,
    "pay_out": PayOutForm,
    "recover": RecoverForm,
    "write_off": WriteOffForm,
    "grade": GradeForm,
    "reverse": ReverseForm,
}


def entry_form(name: str, loan: Any, *, today: date, data: QueryDict | None = None) -> forms.Form:
    """One act's form for this loan."""
    return ENTRY_FORMS[name](data, initial=_known(name, loan, today), auto_id=f"{name}_%s")


def _known(name: str, loan: Any, today: date) -> dict[str, Any]:
    known: dict[str, Any] = {"on": today}
    if name == "repay":
        day = max(today, loan.next_due_on or today)
        principal, interest = due_by(loan.position, day)
        known |= {"principal": _yuan(min(principal, loan.balance_fen)), "interest": _yuan(interest)}
    if name in ("settle", "pay_out"):
        owed = loan.claim_fen if loan.state == "compensated" else loan.balance_fen
        known |= {"principal": _yuan(owed), "interest": _yuan(due_by(loan.position, today)[1])}
    if name == "recover":
        known["principal"] = _yuan(loan.claim_fen)
    if name == "grade":
        known["grade"] = loan.grade
    return known


def draw_form(line: Any, left_fen: int, *, today: date, due_on: date, data: QueryDict | None = None) -> forms.Form:
    known = {"amount": in_wan(left_fen), "rate": line.rate_bp / 100, "on": today, "due_on": due_on}
    return DrawForm(data, initial=known, auto_id="draw_%s")


def _yuan(fen: int) -> Decimal:
    return (Decimal(fen) / FEN_PER_YUAN).quantize(Decimal("0.01"))
