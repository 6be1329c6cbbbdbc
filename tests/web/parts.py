"""One page with every part on it, for tests only: its own routes, never those of the platform."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import include, path

from jinfuyun.kit.actor import Actor, Role
from jinfuyun.web.public import province_map

TEMPLATE = Path(__file__).parent / "parts.html"


class Parts(forms.Form):
    name = forms.CharField(label="企业名称", max_length=100)
    phone = forms.CharField(
        label="手机号", help_text="法定代表人的手机号", widget=forms.TextInput(attrs={"inputmode": "tel"})
    )
    sms_code = forms.CharField(label="短信验证码", max_length=6)
    captcha = forms.CharField(label="图形验证码", help_text="不分大小写")
    amount = forms.IntegerField(label="申请金额", min_value=1, required=False)
    region = forms.ChoiceField(label="所属区域", choices=(("", "请选择"), ("350111", "晋安区")))
    reason = forms.CharField(label="理由", widget=forms.Textarea(attrs={"rows": 3}), required=False)
    term = forms.ChoiceField(
        label="授权期限", widget=forms.RadioSelect, choices=(("settled", "至结清之日止"), ("fixed", "至截止日期"))
    )
    sources = forms.MultipleChoiceField(
        label="数据类别", widget=forms.CheckboxSelectMultiple, choices=(("tax", "税务"), ("water", "用水"))
    )
    agree = forms.BooleanField(label="我已阅读并同意")


ROWS = (
    {"name": "红星面馆", "fen": 30_000_000, "state": "submitted", "label": "待受理"},
    {"name": "连城制冰厂", "fen": 1_250_000_000, "state": "action_required", "label": "待补件"},
    {"name": "青禾茶业", "fen": None, "state": "rejected", "label": "未通过"},
)
COUNTS: dict[str, int | None] = {"350100": 90, "350200": 70, "350500": 45, "350600": 12, "350700": 3}
AT = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
TIMELINE = (
    {"title": "已提交", "at": AT, "by": "陈某", "state": "done"},
    {"title": "审批中", "at": AT, "by": "闽岭银行", "state": "now", "due": AT, "note": "资料齐全，正在审批"},
    {"title": "放款", "state": "next"},
)


def parts(request: HttpRequest) -> HttpResponse:
    request.actor = Actor(id="1", label="陈某某", roles=frozenset({Role.ENTERPRISE_OWNER}))
    request.enterprise = {"name": "红星面馆（福州）餐饮管理有限公司"}
    form = Parts(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        messages.success(request, "已保存。")
    context: dict[str, Any] = {
        "form": form,
        "rows": ROWS,
        "timeline": TIMELINE,
        "drawing": province_map.drawing(),
        "coloured": province_map.coloured(COUNTS, {code: f"{count} 笔" for code, count in COUNTS.items()}),
        "page": Paginator(range(200), 10).get_page(request.GET.get("page")),
    }
    return HttpResponse(engines.all()[0].from_string(TEMPLATE.read_text(encoding="utf-8")).render(context, request))


def faulty(request: HttpRequest) -> HttpResponse:
    """What the strict policy and axe are there to find."""
    page = (
        "<!doctype html><html><head><title>faulty</title><script>window.ran = true</script></head>"
        '<body><img src="/static/jinfuyun/logo.svg" onload="window.ran = true"></body></html>'
    )
    return HttpResponse(page)


urlpatterns = [path("parts", parts), path("faulty", faulty), path("", include("jinfuyun.config.urls"))]
