"""The amount and term for which costs are reckoned, as a page's address carries them."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django import forms
from django.conf import settings
from django.http import HttpResponse
from django.utils.http import content_disposition_header

from jinfuyun.kit.errors import NotFound
from jinfuyun.matching.paper import TITLE, Offer, render_costs
from jinfuyun.matching.queries import Wish
from jinfuyun.storage.typesetting import typesetter
from jinfuyun.web.forms import PoliteForm, WanField

FEN_PER_WAN = 1_000_000
FIRST_WISH = {"amount": 100, "term": 12}  # what is reckoned with until somebody says otherwise


class WishForm(PoliteForm):
    amount = WanField(label="需要多少（万元）")
    term = forms.IntegerField(
        label="用多久（月）", min_value=1, max_value=360, widget=forms.TextInput({"inputmode": "numeric"})
    )


def wish_of(query: Mapping[str, str]) -> tuple[WishForm, Wish]:
    """What the address asks for; where it asks for nothing, or nonsense, the usual."""
    usual = Wish(FIRST_WISH["amount"] * FEN_PER_WAN, FIRST_WISH["term"])
    if not (query.get("amount") or query.get("term")):
        return WishForm(initial=FIRST_WISH), usual
    form = WishForm(query)
    if not form.is_valid():
        return form, usual
    return form, Wish(form.cleaned_data["amount"], form.cleaned_data["term"])


def costs_answer(offers: Sequence[Offer], *, at: datetime, whose: str = "") -> HttpResponse:
    """《企业贷款综合融资成本清单》 as a file to open. Raises NotFound where nothing is offered."""
    if not offers:
        raise NotFound("没有可以列出的产品。")
    made = render_costs(offers, setter=typesetter(settings.DOCUMENT_FONTS), at=at, whose=whose)
    answer = HttpResponse(made, content_type="application/pdf")
    answer.headers["Content-Disposition"] = content_disposition_header(False, f"{TITLE}.pdf") or ""
    return answer
