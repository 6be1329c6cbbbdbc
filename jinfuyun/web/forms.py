"""What all our forms share."""

from typing import Any

from django import forms


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
                field.error_messages["required"] = f"请填写{field.label}。"
