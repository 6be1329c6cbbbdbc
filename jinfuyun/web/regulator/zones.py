"""专区 at the desk of whoever makes them: an operator, or a regulator for its region."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jinfuyun.coordination import actions, queries
from jinfuyun.coordination.content import ZoneState, ZoneText, zone_stands
from jinfuyun.kit import regions
from jinfuyun.kit.actor import Role
from jinfuyun.kit.calendar import local_day
from jinfuyun.kit.errors import NotAllowed, NotFound, Refused
from jinfuyun.kit.lending import SECURITY_LABELS, TAG_LABELS
from jinfuyun.kit.reasons import NotInOrder
from jinfuyun.policies.queries import in_force
from jinfuyun.products.queries import cards, on_the_market
from jinfuyun.web.forms import DayField, PoliteForm, show_reasons
from jinfuyun.web.guards import staff
from jinfuyun.web.request import Request

ANY = ("", "不限")
PRODUCTS_MAX = 40


class ZoneForm(PoliteForm):
    slug = forms.CharField(label="网址名", max_length=40, help_text="小写字母、数字和连字符，例如 spring-tea。")
    title = forms.CharField(label="标题", max_length=40)
    words = forms.CharField(label="说明", max_length=1000, widget=forms.Textarea({"rows": 4}))
    since = DayField(label="开始日期")
    until = DayField(label="结束日期", help_text="次日起自动结束。")
    region_code = forms.ChoiceField(label="地区", required=False)
    product_codes = forms.CharField(
        label="选定的产品", required=False, max_length=1000, help_text="产品编码，用空格或逗号分开；须在架。"
    )
    tag = forms.ChoiceField(label="按政策标签汇集", required=False, choices=[ANY, *TAG_LABELS.items()])
    security = forms.ChoiceField(label="按担保方式汇集", required=False, choices=[ANY, *SECURITY_LABELS.items()])
    policy_codes = forms.MultipleChoiceField(label="政策", required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, request: Request, **options: Any) -> None:
        super().__init__(*args, **options)
        within = queries.counties_of(request.actor)
        places = [(one.code, one.name) for one in regions.CITIES]
        if within:
            places = [(code, regions.full_name(code)) for code in sorted(within)]
        offered = {
            "region_code": places if within else [("", "全省"), *places],
            "policy_codes": [(one.code, one.name) for one in in_force(local_day(timezone.now()))],
        }
        for name, choices in offered.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = choices

    def clean_product_codes(self) -> tuple[str, ...]:
        codes = tuple(
            dict.fromkeys(self.cleaned_data["product_codes"].upper().replace("，", " ").replace(",", " ").split())
        )
        if len(codes) > PRODUCTS_MAX:
            raise forms.ValidationError(f"最多选 {PRODUCTS_MAX} 款，更多的请按标签汇集。")
        known = set(on_the_market().filter(code__in=codes).values_list("code", flat=True))
        if lacking := [code for code in codes if code not in known]:
            raise forms.ValidationError(f"没有在架的产品：{'、'.join(lacking)}。")
        return codes

    def text(self) -> ZoneText:
        told = self.cleaned_data | {"policy_codes": tuple(self.cleaned_data["policy_codes"])}
        return ZoneText(**{name: told[name] for name in ZoneText.__dataclass_fields__})


@staff(Role.REGULATOR, Role.OPERATOR)
@require_safe
def listing(request: Request) -> HttpResponse:
    today = local_day(timezone.now())
    rows = [(one, zone_stands(one.state, one.since, one.until, today)) for one in queries.zones(request.actor)]
    return render(request, "regulator/zones.html", {"rows": rows})


@staff(Role.REGULATOR, Role.OPERATOR)
@require_http_methods(["GET", "POST"])
def edit(request: Request, slug: str = "") -> HttpResponse:
    """A new one, or one that is there: kept, looked at, then published."""
    at = timezone.now()
    zone = queries.zone(slug, visible_to=request.actor) if slug else None
    form = ZoneForm(request.POST or None, request=request, initial=_typed(zone))
    if request.method == "POST" and form.is_valid():
        try:
            kept = actions.keep_zone(text=form.text(), slug=slug, by=request.actor, at=at)
            messages.success(request, "已保存。")
            return redirect("regulator:zone", slug=kept.slug)
        except NotInOrder as refusal:
            show_reasons(form, refusal)
        except (NotAllowed, NotFound):
            raise
        except Refused as refusal:
            form.add_error(None, str(refusal))
    context = {
        "form": form, "zone": zone, "is_draft": zone and zone.state == ZoneState.DRAFT,
        "is_published": zone and zone.state == ZoneState.PUBLISHED,
        "is_closed": zone and zone.state == ZoneState.CLOSED,
        "products": cards(queries.products_of(zone.text)) if zone else [],
        "stands": zone_stands(zone.state, zone.since, zone.until, local_day(at)) if zone else "",
    }  # fmt: skip
    return render(request, "regulator/zone.html", context, status=422 if form.errors else 200)


def _typed(zone: Any) -> dict[str, Any]:
    if zone is None:
        return {}
    return {name: getattr(zone, name) for name in ZoneText.__dataclass_fields__} | {
        "product_codes": " ".join(zone.product_codes)
    }


@staff(Role.REGULATOR, Role.OPERATOR)
@require_POST
def publish(request: Request, slug: str) -> HttpResponse:
    return _done(request, slug, actions.publish_zone, "已发布，在起止日期内公开。")


@staff(Role.REGULATOR, Role.OPERATOR)
@require_POST
def close(request: Request, slug: str) -> HttpResponse:
    return _done(request, slug, actions.close_zone, "已关闭。")


def _done(request: Request, slug: str, verb: Callable[..., None], said: str) -> HttpResponse:
    try:
        verb(slug=slug, by=request.actor, at=timezone.now())
        messages.success(request, said)
    except (NotAllowed, NotFound):
        raise
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("regulator:zone", slug=slug)
