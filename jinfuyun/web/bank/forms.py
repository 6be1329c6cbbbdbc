"""The forms of the desk, each with what the platform knows already filled in."""

from datetime import timedelta
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import timezone

from jinfuyun.accounts import queries as accounts
from jinfuyun.applications import queries
from jinfuyun.kit.actor import Actor
from jinfuyun.kit.calendar import local_day
from jinfuyun.kit.lending import REPAYMENT_LABELS, SECURITY_LABELS, Repayment, Security
from jinfuyun.kit.period import months_after
from jinfuyun.kit.refusals import BASIS_LABELS, REFUSALS
from jinfuyun.web.forms import DayField, PercentField, PoliteForm, WanField, choose, in_wan

OFFER_DAYS = 15
NUMBER = {"inputmode": "numeric", "autocomplete": "off"}


def _area(
    label: str, *, rows: int = 3, longest: int = 400, required: bool = True, help_text: str = ""
) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=longest, required=required, widget=forms.Textarea({"rows": rows}), help_text=help_text
    )


class AcceptForm(PoliteForm):
    caller_name = forms.CharField(label="联系企业的客户经理", max_length=20)
    caller_phone = forms.CharField(
        label="客户经理用来联系的电话", max_length=20, help_text="企业会先收到姓名和电话，再接到您的来电。"
    )


class DeclineForm(PoliteForm):
    code = forms.ChoiceField(label="不予受理的原因")
    text = _area("补充说明", rows=2, longest=200, required=False)


class ContactForm(PoliteForm):
    note = _area("对接情况", help_text="例如：已电话联系，约定周三下户。企业可以看到。")


class ReviewForm(PoliteForm):
    """A button and nothing to fill in."""


class AskForm(PoliteForm):
    material = forms.CharField(
        label="材料名称", max_length=40, required=False, help_text="需要上传文件时填写，如“近一年主要合同”。"
    )
    what = _area("需要企业补充什么", help_text="一次说清；企业答复前办理时限暂停，双方都能看到。")


class OfferForm(PoliteForm):
    amount = WanField(label="批复金额")
    rate = PercentField(label="年化利率")
    term = forms.IntegerField(label="期限", min_value=1, max_value=360, widget=forms.TextInput(NUMBER))
    security = forms.ChoiceField(label="担保方式")
    repayment = forms.ChoiceField(label="还款方式")
    valid_till = DayField(label="批复有效期至")


class RejectForm(PoliteForm):
    code = forms.ChoiceField(label="未通过的原因")
    fact = forms.ChoiceField(
        label="所依据的数据", required=False, help_text="原因属于“平台数据”时必选；须先为本申请查询信用报告。"
    )
    text = _area("补充说明", rows=2, longest=200, required=False)


class ReconsiderForm(PoliteForm):
    text = _area("复议意见", help_text="写明理由，企业可以看到。")


class SignForm(PoliteForm):
    contract_number = forms.CharField(label="合同号", max_length=40, help_text="平台只留存掩码。")
    signed_on = DayField(label="签约日")


class FundForm(PoliteForm):
    amount = WanField(label="放款金额")
    rate = PercentField(label="放款利率")
    on = DayField(label="放款日")
    is_first_loan = forms.ChoiceField(
        label="是否首贷户", choices=[("", "请选择"), ("yes", "是，人民银行征信系统无贷款记录"), ("no", "否")],
        help_text="由机构依征信查询确认。",
    )  # fmt: skip
    due_on = DayField(label="到期日", required=False)
    until_on = DayField(label="额度有效期至", required=False)
    is_entrusted = forms.BooleanField(label="受托支付", required=False, help_text="款项直接付给企业的交易对手。")


ACT_FORMS: dict[str, type[forms.Form]] = {
    "accept": AcceptForm,
    "decline_intake": DeclineForm,
    "contact": ContactForm,
    "review": ReviewForm,
    "ask_more": AskForm,
    "approve": OfferForm,
    "reject": RejectForm,
    "uphold": ReconsiderForm,
    "reopen": ReconsiderForm,
    "sign": SignForm,
    "fund": FundForm,
}


def fill(name: str, application: Any, *, by: Actor, data: QueryDict | None = None) -> forms.Form:
    """The form of one act for this application, with its choices and what is known."""
    form = ACT_FORMS[name](data, initial=_known(name, application, by), auto_id=f"{name}_%s")
    if name in ("decline_intake", "reject"):
        choose(form, "code", _reasons(at_intake=name == "decline_intake"))
    if name == "reject":
        facts = queries.facts_to_name(application, visible_to=by, at=timezone.now())
        choose(form, "fact", [("", "不适用"), *facts])
    if name == "approve":
        version = application.version
        choose(form, "security", [(one, SECURITY_LABELS[Security(one)]) for one in version.securities])
        choose(form, "repayment", [(one, REPAYMENT_LABELS[Repayment(one)]) for one in version.repayments])
    return form


def _reasons(*, at_intake: bool) -> list[Any]:
    """Grouped by basis, as the enterprise will read it."""
    groups = [
        (label, [(one.code, one.label) for one in REFUSALS if one.basis == basis and (one.at_intake or not at_intake)])
        for basis, label in BASIS_LABELS.items()
    ]
    return [("", "请选择"), *((label, reasons) for label, reasons in groups if reasons)]


def _known(name: str, application: Any, by: Actor) -> dict[str, Any]:
    today = local_day(timezone.now())
    if name == "accept":
        person = accounts.user(by.id)
        return {"caller_name": person.name, "caller_phone": person.phone}
    if name == "approve":
        return {
            "amount": in_wan(application.amount_fen), "term": application.term_months,
            "valid_till": today + timedelta(days=OFFER_DAYS),
        }  # fmt: skip
    if name == "sign":
        return {"signed_on": today}
    if name == "fund":
        return {
            "amount": in_wan(application.offer_amount_fen or 0),
            "rate": (application.offer_rate_bp or 0) / 100, "on": today,
            "due_on": months_after(today, application.offer_term_months or application.term_months),
            "until_on": months_after(today, application.offer_term_months or application.term_months),
        }  # fmt: skip
    return {}
