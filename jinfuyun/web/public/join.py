"""机构入驻: an institution asks to be admitted. Two operators decide; nothing is shown of whom there is already."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from jinfuyun.institutions import actions
from jinfuyun.institutions.rules import KIND_LABELS, Draft, Kind
from jinfuyun.kit import regions
from jinfuyun.kit.errors import TooMany
from jinfuyun.kit.reasons import NotInOrder
from jinfuyun.web.forms import show_reasons
from jinfuyun.web.guards import address_of
from jinfuyun.web.public import captcha

NAME = "join"


class JoinForm(captcha.CaptchaForm):
    name = forms.CharField(label="机构名称", max_length=60, help_text="与金融许可证上的名称一致。")
    kind = forms.ChoiceField(label="机构类型", choices=[("", "请选择"), *KIND_LABELS.items()])
    licence_number = forms.CharField(
        label="金融许可证编码", max_length=20, help_text="照证书填写；担保、租赁、保理、小贷填经营许可证编号。"
    )
    region_code = forms.ChoiceField(
        label="总部所在地", choices=[("", "请选择"), *((city.code, city.name) for city in regions.CITIES)]
    )
    hotline = forms.CharField(label="客服电话", max_length=20, help_text="企业可以拨打的号码。")
    contact_name = forms.CharField(label="联系人姓名", max_length=30)
    contact_phone = forms.CharField(label="联系人手机号", max_length=20, help_text="办理结果发到这个号码。")

    field_order = (
        "name", "kind", "licence_number", "region_code", "hotline", "contact_name", "contact_phone", "captcha"
    )  # fmt: skip

    def draft(self) -> Draft:
        a = {name: self.cleaned_data[name].strip() for name in self.base_fields if name not in ("captcha", "way")}
        kind, licence = Kind(a.pop("kind")), a.pop("licence_number").upper()
        return Draft(code="", kind=kind, licence_number=licence, **a)


@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest) -> HttpResponse:
    form = JoinForm(request.POST) if request.method == "POST" else JoinForm()
    if form.is_bound and captcha.asks_for_another(request):
        form.only_about()
    elif form.is_bound and captcha.in_order(request, form, NAME):
        try:
            number = actions.ask(asked=form.draft(), ip=address_of(request), at=timezone.now())
        except NotInOrder as refusal:
            show_reasons(form, refusal)
        except TooMany as refusal:
            form.add_error(None, str(refusal))
        else:
            captcha.forget(request, NAME)
            return render(request, "public/joined.html", {"number": number, "name": form.cleaned_data["name"]})
    context = {"form": form} | captcha.context(request, form, NAME)
    return render(request, "public/join.html", context, status=422 if form.errors else 200)
