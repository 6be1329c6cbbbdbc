"""Pages for everybody: home, help, agreement, privacy."""

from datetime import datetime
from typing import NamedTuple

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from jinfuyun.coordination.queries import running_zones
from jinfuyun.kit.calendar import local_day
from jinfuyun.products import queries
from jinfuyun.products.queries import Filters
from jinfuyun.supervision import queries as supervision
from jinfuyun.web import figures
from jinfuyun.web.public import province_map


class Step(NamedTuple):
    title: str
    text: str
    takes: str
    icon: str


# The way of an enterprise, and how long each part takes: the clocks of applications, seen from outside.
STEPS = (
    Step("注册登录", "用法定代表人或经办人的手机号注册，一个账号可以办多家企业。", "约 2 分钟", "phone"),
    Step("企业认证", "税务部门当场核验五项要素，登记信息自动带出，不用跑窗口。", "当场核验", "patch-check"),
    Step("签署授权书", "看清谁能查什么、查到何时，短信确认即生效，随时可以撤回。", "约 5 分钟", "pen"),
    Step("申请融资", "平台已有的信息不再让您填；机构受理、对接、审批都有期限。", "1 个工作日内受理", "send"),
    Step("审批放款", "批复、签约、放款一路可查，超时自动提醒督办。", "最快 5 个工作日", "wallet2"),
)

HELP = (
    ("register", "注册与登录"),
    ("authenticate", "企业认证"),
    ("consent", "签署与撤回授权"),
    ("apply", "选产品、提申请"),
    ("report", "信用报告与查询留痕"),
    ("objection", "异议与投诉"),
    ("access", "无障碍使用"),
)

# Of the one table of figures; what a small cell would betray stays a dash.
FIGURES = ("authenticated", "consented", "institutions", "products", "funded", "funded_fen")
FIGURES_SECONDS = 60
FEW = "数量较少，暂不公开"
NEWEST = 3
ZONES = 3
AGREEMENT_VERSION = "2026-1"


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    newest = queries.cards(queries.listed(Filters(sort="newest")).ids[:NEWEST])
    figures_at, cards = _figures(timezone.now())
    context = {
        "drawing": province_map.drawing(), "steps": STEPS, "products": newest,
        "figures": cards, "figures_at": figures_at, "zones": running_zones(local_day(timezone.now()))[:ZONES],
    }  # fmt: skip
    return render(request, "public/home.html", context)


def _figures(at: datetime) -> tuple[datetime, list[figures.Card]]:
    """Counted at most once a minute in each process, because the busiest page counts every row; the page says when."""
    kept: tuple[datetime, list[figures.Card]] | None = cache.get("home-figures")
    if kept is None:
        shown = supervision.public(FIGURES, at=at)
        kept = (at, [figures.card(one, value, FEW if value is None else "") for one, value in shown])
        cache.set("home-figures", kept, FIGURES_SECONDS)
    return kept


@require_safe
def help_page(request: HttpRequest) -> HttpResponse:
    return render(request, "public/help.html", {"sections": HELP})


@require_safe
def agreement(request: HttpRequest) -> HttpResponse:
    return render(request, "public/agreement.html", {"version": AGREEMENT_VERSION})


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "public/privacy.html", {"version": AGREEMENT_VERSION})
