"""How a declaration is shown: its history, and the form of what it is for."""

from typing import Any

from django import forms

from jinfuyun.coordination import queries
from jinfuyun.coordination.rules import ACT_LABELS, NEXT_STEP, TERM_MAX_MONTHS, Act, State, Wish
from jinfuyun.kit.lending import LOAN_PURPOSE_LABELS
from jinfuyun.web.forms import PoliteForm, WanField

BAD = frozenset({Act.RETURN, Act.REFUSE, Act.WITHDRAW, Act.OPT_OUT})


class DeclareForm(PoliteForm):
    amount_fen = WanField(label="需要金额")
    term_months = forms.IntegerField(
        label="期限", min_value=1, max_value=TERM_MAX_MONTHS,
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off"}),
    )  # fmt: skip
    purpose = forms.ChoiceField(
        label="用途", choices=[("", "请选择"), *((p.value, text) for p, text in LOAN_PURPOSE_LABELS.items())]
    )
    purpose_text = forms.CharField(label="用途说明", max_length=200, required=False)

    def wish(self) -> Wish:
        return Wish(**{name: self.cleaned_data[name] for name in Wish.__dataclass_fields__})


def timeline(declaration: Any) -> list[dict[str, Any]]:
    """Every step with the institution it was about, and what comes next."""
    items = []
    for step in queries.steps(declaration):
        act = Act(step.act)
        title = f"{ACT_LABELS[act]}（{step.institution}）" if step.institution else ACT_LABELS[act]
        state = "bad" if act in BAD else "done"
        items.append({"title": title, "at": step.at, "by": step.by_label, "note": step.said, "state": state})
    following = NEXT_STEP.get(State(declaration.state))
    return [*items, {"title": f"下一步：{following}", "state": "now"}] if following else items
