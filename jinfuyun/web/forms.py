"""What all our forms share."""

from decimal import Decimal
from typing import Any

from django import forms

from jinfuyun.kit import refusals
from jinfuyun.kit.reasons import NotInOrder

FEN_PER_WAN = 1_000_000


class OnceInput(forms.TextInput):
    """For what is good for one try: the form that comes back does not hold it."""

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        return super().get_context(name, None, attrs)


class PoliteForm(forms.Form):
    """Says which field is empty, in its own words, instead of "this field is required"."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for field in self.fields.values():
            if field.error_messages["required"] == forms.Field.default_error_messages["required"]:
                verb = "请" if str(field.label).startswith(("设置", "确认")) else "请填写"
                field.error_messages["required"] = f"{verb}{field.label}。"


class SeenForm(PoliteForm):
    """The digest of what was on the screen of whoever approves."""

    seen = forms.CharField(max_length=64, widget=forms.HiddenInput)


class WhyForm(PoliteForm):
    why = forms.CharField(label="原因", max_length=200, widget=forms.Textarea({"rows": 2}))


def refusing(desk: refusals.Desk) -> type[WhyForm]:
    """Asks for a coded reason of this desk beside the words."""

    class RefuseForm(WhyForm):
        ground = forms.ChoiceField(
            label="原因", choices=refusals.choices(desk), error_messages={"required": "请选择原因。"}
        )
        why = forms.CharField(label="说明", max_length=200, widget=forms.Textarea({"rows": 2}))
        field_order = ("ground", "why")

    return RefuseForm


def again_field() -> forms.BooleanField:
    """For a form that invites staff: whether an account that is there already is meant."""
    return forms.BooleanField(
        label="重新邀请：为忘记密码或换了手机的同事，用原账号重新开通", required=False,
        help_text="发出后，这个账号原来的密码、动态口令和登录立即失效。",
    )  # fmt: skip


def in_wan(fen: int) -> Decimal:
    """What a WanField shows of an amount that is known: 100, 88.88."""
    wan = Decimal(fen) / FEN_PER_WAN
    return wan.quantize(Decimal(1)) if wan == wan.to_integral() else wan.quantize(Decimal("0.01"))


class WanField(forms.DecimalField):
    """Money as people think of it, 万元 with two decimals; the cleaned value is fen."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_digits=9, decimal_places=2, min_value=Decimal("0.01"), **options)
        self.widget = forms.TextInput({"inputmode": "decimal", "autocomplete": "off"})

    def clean(self, value: Any) -> Any:
        wan = super().clean(value)
        return None if wan is None else int(wan * FEN_PER_WAN)


class PercentField(forms.DecimalField):
    """A yearly rate in per cent with two decimals; the cleaned value is basis points."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_digits=5, decimal_places=2, **options)
        self.widget = forms.TextInput({"inputmode": "decimal", "autocomplete": "off"})

    def clean(self, value: Any) -> Any:
        percent = super().clean(value)
        return None if percent is None else int(percent * 100)


class DayField(forms.DateField):
    def __init__(self, **options: Any) -> None:
        widget = forms.DateInput({"type": "date"}, format="%Y-%m-%d")
        super().__init__(widget=widget, input_formats=["%Y-%m-%d"], **options)


def choose(form: forms.Form, name: str, choices: list[Any]) -> None:
    """What one of the form's fields offers, known only now."""
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    field.choices = choices


def show_reasons(form: forms.Form, refusal: NotInOrder) -> None:
    """Every reason at its field, those of the whole on top."""
    for reason in refusal.reasons:
        form.add_error(reason.field if reason.field in form.fields else None, reason.text)
