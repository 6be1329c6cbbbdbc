"""The templates' environment: how figures, dates and states are written, and the few functions a page may call."""

import re
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.contrib.messages import get_messages
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse
from jinja2 import Environment
from markupsafe import Markup, escape

from jinfuyun.kit import industries, regions
from jinfuyun.kit.identity import mask_id, mask_name, mask_phone
from jinfuyun.web.labels import WORDS

SHANGHAI = ZoneInfo("Asia/Shanghai")
MISSING = "—"
DATE = re.compile(r"\d{4}-\d{2}-\d{2}(?: \d{2}:\d{2})?")

FEN_PER_YUAN = 100
FEN_PER_WAN = 1_000_000
FEN_PER_YI = 10_000_000_000

# How a state looks; every state not named here is plain.
TONES = {
    # done, in force
    "good": frozenset({
        "active", "approved", "accepted", "offer_accepted", "contracted", "funded", "listed", "loaded", "delivered",
        "passed", "confirmed", "settled", "matches", "resolved", "chosen", "in_force", "repaying", "answered",
        "granted", "done", "running",
    }),
    # somebody is at work
    "wait": frozenset({
        "in_review", "submitted", "contacted", "under_review", "pending", "checking", "received", "processing", "open",
        "reconsidering", "claimed", "assigned", "proposed", "sent", "asked", "declared",
        "recommended", "waiting", "applied", "planned",
    }),
    # the reader has something to do
    "act": frozenset({
        "action_required", "returned", "need_more_info", "paused", "partly_loaded", "frozen", "unreachable",
        "timed_out", "raised",
    }),
    "bad": frozenset({
        "rejected", "declined_intake", "refused", "denied", "differs", "revoked", "overdue", "suspended", "disputed",
        "failed", "quarantined", "unauthorised",
        "compensated", "written_off",
    }),
    "ended": frozenset({
        "draft", "withdrawn", "expired", "closed", "superseded", "delisted", "offer_declined", "unmet", "left",
        "unknown", "sent_back", "replaced", "used", "reversed",
    }),
}  # fmt: skip


def _number(value: float, places: int) -> str:
    """Grouped by thousands, at most `places` decimals, no trailing zeros."""
    text = f"{value:,.{places}f}"
    return text.rstrip("0").rstrip(".") if places else text


def _money(fen: int | None, divisor: int, places: int, unit: str) -> str:
    if fen is None:
        return MISSING
    text = _number(fen / divisor, places)
    return f"{text} {unit}" if unit else text


def yuan(fen: int | None, unit: str = "元") -> str:
    """Fen as yuan with both decimals: 12,345.60 元."""
    if fen is None:
        return MISSING
    text = f"{fen / FEN_PER_YUAN:,.2f}"
    return f"{text} {unit}" if unit else text


def wan(fen: int | None, unit: str = "万元") -> str:
    """Fen as 万元; `|wan("")` where the heading already names the unit."""
    return _money(fen, FEN_PER_WAN, 2, unit)


def yi(fen: int | None, unit: str = "亿元") -> str:
    return _money(fen, FEN_PER_YI, 2, unit)


def percent_bp(bp: int | None) -> str:
    """Basis points as a percentage: 385 → 3.85%."""
    return MISSING if bp is None else f"{bp / 100:.2f}%"


def rate_range(low_bp: int | None, high_bp: int | None) -> str:
    return percent_bp(low_bp) if low_bp == high_bp else f"{percent_bp(low_bp)} – {percent_bp(high_bp)}"


def count(value: int | None) -> str:
    return MISSING if value is None else f"{value:,}"


def day(value: date | datetime | None) -> str:
    if value is None:
        return MISSING
    return (value.astimezone(SHANGHAI) if isinstance(value, datetime) else value).strftime("%Y-%m-%d")


def moment(value: datetime | None) -> str:
    return MISSING if value is None else value.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")


def iso(value: date | datetime) -> str:
    """For <time datetime>."""
    return (value.astimezone(SHANGHAI) if isinstance(value, datetime) else value).isoformat()


def whole_dates(text: object) -> Markup:
    """A date in running text stays on one line. What is markup already stands as it is."""
    if isinstance(text, Markup):
        return text
    return Markup(DATE.sub(r'<span class="text-nowrap">\g<0></span>', str(escape(text))))


def tone(state: str) -> str:
    return next((name for name, states in TONES.items() if str(state) in states), "plain")


def url(name: str, *args: Any, **kwargs: Any) -> str:
    return reverse(name, args=args or None, kwargs=kwargs or None)


def with_query(request: HttpRequest, **changes: Any) -> str:
    """This page's query with some parameters changed, dropped (None or "") or repeated (a list)."""
    query: dict[str, Sequence[Any]] = {name: values for name, values in request.GET.lists() if name not in changes}
    for name, value in changes.items():
        values = value if isinstance(value, list | tuple) else [value]
        query[name] = [one for one in values if one not in (None, "")]
    return "?" + urlencode(query, doseq=True)


def environment(**options: Any) -> Environment:
    env = Environment(**{"trim_blocks": True, "lstrip_blocks": True, **options})
    env.globals.update(static=static, url=url, with_query=with_query, get_messages=get_messages, rate_range=rate_range)
    env.globals.update(words=WORDS, region_name=regions.full_name, industry_name=industries.name_of)
    env.filters.update(
        wan=wan, yi=yi, yuan=yuan, percent_bp=percent_bp, count=count,
        date=day, datetime=moment, iso=iso, tone=tone, whole_dates=whole_dates,
        mask_id=mask_id, mask_name=mask_name, mask_phone=mask_phone,
    )  # fmt: skip
    return env
