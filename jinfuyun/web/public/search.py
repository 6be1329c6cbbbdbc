"""One box for what everybody may read: products, support policies, the guide. By characters, pinyin or initials."""

import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from jinfuyun.kit.calendar import local_day
from jinfuyun.kit.pinyin import search_text
from jinfuyun.policies import queries as policies
from jinfuyun.policies.rules import KIND_LABELS as POLICY_KINDS
from jinfuyun.products import queries as products
from jinfuyun.products.queries import Filters

GUIDE = Path(__file__).parents[1] / "templates" / "public" / "help.html"
HEADING = re.compile(r'<h([23])(?: id="(\w+)")?>(.*?)</h\1>')
MARKUP = re.compile(r"<[^>]+>|{{.*?}}|{%.*?%}")
WORDS_LENGTH_MAX = 40
SHOWN_MAX = 10
AROUND = 60  # characters of a passage shown before and after what was found


class Hit(NamedTuple):
    title: str
    path: str
    text: str


class Passage(NamedTuple):
    """A question of the guide, below its chapter's anchor."""

    title: str
    anchor: str
    text: str
    words: str


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    q = request.GET.get("q", "").strip()[:WORDS_LENGTH_MAX]
    return render(request, "public/search.html", {"q": q, "kinds": _found(q) if q else []})


def _found(q: str) -> list[tuple[str, int, list[Hit], str]]:
    """Kind, how many, the first of them, and where all of them stand ("": these are all)."""
    ids = products.listed(Filters(words=q)).ids
    cards = [
        Hit(f"{one.name} · {one.institution_name}", f"/products/{one.code}", one.summary)
        for one in products.cards(ids[:SHOWN_MAX])
    ]
    eased = policies.in_force(local_day(timezone.now()), words=q)
    told = [Hit(one.name, f"/policies/{one.code}", f"{POLICY_KINDS[one.kind]}：{one.summary}") for one in eased]
    guide = [
        Hit(one.title, f"/help#{one.anchor}", _around(one.text, q)) for one in _guide()
        if all(word in one.words for word in q.lower().split())
    ]  # fmt: skip
    return [
        ("融资产品", len(ids), cards, "/products"), ("支持政策", len(told), told[:SHOWN_MAX], "/policies"),
        ("办事指南", len(guide), guide[:SHOWN_MAX], ""),
    ]  # fmt: skip


@cache
def _guide() -> list[Passage]:
    """The guide in its headings, each with the text up to the next."""
    source = GUIDE.read_text(encoding="utf-8")
    headings, anchor, found = list(HEADING.finditer(source)), "", []
    for one, following in zip(headings, [*headings[1:], None], strict=True):
        anchor = one[2] or anchor
        text = " ".join(MARKUP.sub("", source[one.end() : following.start() if following else len(source)]).split())
        found.append(Passage(one[3], anchor, text, search_text(one[3]) + text.lower()))
    return found


def _around(text: str, q: str) -> str:
    """The passage about the first word found, or its beginning."""
    place = max(text.lower().find(q.lower().split()[0]), 0)
    start, end = max(place - AROUND, 0), place + AROUND
    return ("…" if start else "") + text[start:end] + ("…" if end < len(text) else "")
