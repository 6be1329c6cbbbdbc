"""月度简报 in words: sentences, tables and charts of one edition, as page, PDF and Word take them. Pure.

A piece of text is a pair: the words, and the name of the figure that they are ("" for what is no figure).
"""

import hashlib
import json
from collections.abc import Iterable
from typing import Any

from jinfuyun.kit import regions
from jinfuyun.kit.calendar import SHANGHAI
from jinfuyun.supervision.queries import BY_NAME, Indicator
from jinfuyun.supervision.queries.bulletins import WITH, WITHOUT, Issue, Kind, Published
from jinfuyun.supervision.rules import Moment, Unit
from jinfuyun.supervision.shown import charts, words

Piece = tuple[str, str]
HIDDEN = "*"
FEW = "数量较少，不公布"
SECTIONS = (
    ("企业与授权", ("authenticated", "consented", "consented_share")),
    ("申请与批复", ("applied", "applied_fen", "approved", "approved_fen")),
    ("放款", ("funded", "funded_fen", "borrowers", "funded_each", "confirmed_share", "disputed")),
    ("首贷与信用贷", ("first", "first_fen", "first_share", "unsecured_fen", "unsecured_share")),
    ("利率与办理时限", ("rate", "spread", "accepted_share", "decision_in_time", "funding_in_time")),
)
BY_CITY = (
    "authenticated", "consented", "applied", "applied_fen", "funded", "funded_fen", "first", "unsecured_fen", "rate"
)  # fmt: skip
NUMERALS = "一二三四五六七八九"
DRAWN = "funded_fen"
DOWN = {Unit.BP: "下降", Unit.POINT: "下降", Unit.MINUTE: "缩短"}
UP = {Unit.BP: "上升", Unit.POINT: "上升", Unit.MINUTE: "延长"}
NOTE = (
    "数量小于 5 的，以及能由其他数字推算出它的，以 * 隐去。金额由机构报告，企业确认的比例列在放款一节，"
    "企业有异议的不计入。企业规模取企业发布融资需求时自己填写的，没有填写的为未知。"
)


def number_of(issue: Issue) -> str:
    return f"JB{issue.now.month.replace('-', '')}-{issue.closing.nth + 1}"


def content(issue: Issue) -> dict[str, Any]:
    """Everything that stands in the edition, as JSON."""
    now, closing = issue.now, issue.closing
    made = [
        {"title": title, "lines": [_sentence(BY_NAME[name], issue) for name in names]} for title, names in SECTIONS
    ] + [_cities(now), *_structure(issue), _drawn(issue)]
    year, month = now.month.split("-")
    closed = f"{closing.closed_at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
    return {
        "number": number_of(issue),
        "title": "福建省金融服务云平台月度简报",
        "of": f"{year} 年 {int(month)} 月（第 {closing.nth + 1} 版）",
        "lead": f"本期数据取自 {closed} 封存的月度数据。发生额为当月，存量为月末；均含厦门，不含厦门的数字在括号内。",
        "unknown": _unknown(issue),
        "corrected": _corrected(issue),
        "sections": [one | {"title": f"{NUMERALS[at]}、{one['title']}"} for at, one in enumerate(made)],
        "note": NOTE,
        "definitions": _definitions(issue),
    }


def sha256_of(content: dict[str, Any]) -> str:
    """Of the content whatever order its keys come back in."""
    return hashlib.sha256(json.dumps(content, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def _unknown(issue: Issue) -> str:
    missing = [words_ for words_, found in (("上月", issue.last), ("上年同月", issue.year)) if found is None]
    return f"{'和'.join(missing)}没有关账的月度数据，本期不作比较。" if missing else ""


def _corrected(issue: Issue) -> str:
    if not issue.closing.nth:
        return ""
    return f"本版更正上一版，原因：{issue.closing.why}。更正的指标：{'、'.join(issue.corrected)}。上一版仍可查阅。"


def _figure(one: Indicator, value: int | None) -> Piece:
    text, unit = words.spoken(one, value)
    return (f"{text} {unit}".rstrip(), one.name)


def _sentence(one: Indicator, issue: Issue) -> list[Piece]:
    now = issue.now
    if not now.is_open(one.name, WITH):
        return [(f"{one.label}：{FEW}。", "")]
    value = now.cell(one.name, WITH).value
    if value is None:
        return [(f"{one.label}没有可以计算的数字。", "")]
    said: list[Piece] = [(f"{'月末' if one.moment is Moment.STOCK else ''}{one.label} ", ""), _figure(one, value)]
    rest = now.cell(one.name, WITHOUT).value
    if not now.is_open(one.name, WITHOUT):
        said.append((f"（不含厦门：{FEW}）", ""))
    elif rest is not None:
        said += [("（不含厦门 ", ""), _figure(one, rest), ("）", "")]
    for than, before in (("上月", issue.last), ("上年同月", issue.year)):
        said += _change(one, value, than, before)
    return [*said, ("。", "")]


def _change(one: Indicator, now: int, than: str, before: Published | None) -> list[Piece]:
    """In plain words; nothing where that month is not closed, which is said once."""
    if before is None:
        return []
    if not before.is_open(one.name, WITH):
        return [(f"，{than}{FEW[:4]}、不作比较", "")]
    earlier = before.cell(one.name, WITH).value
    if earlier is None:
        return [(f"，{than}没有可以比较的数字", "")]
    if earlier == now:
        return [(f"，与{than}持平", "")]
    said = words.change(one, now, earlier)
    if said == words.MISSING:
        return [(f"，{than}为零", "")]
    which = UP if now > earlier else DOWN
    return [(f"，较{than}{which.get(one.unit, '增长' if now > earlier else '下降')} ", ""), (said[1:], one.name)]


def _cell(one: Indicator, published: Published, place: str) -> Piece:
    if not published.is_open(one.name, place):
        return (HIDDEN, one.name)
    return (words.short(one, published.cell(one.name, place).value), one.name)


def _heading(one: Indicator) -> str:
    unit = words.unit_of(one)
    return f"{one.label}（{unit}）" if unit else one.label


def _cities(now: Published) -> dict[str, Any]:
    shown = [BY_NAME[name] for name in BY_CITY]
    places = [("全省（含厦门）", WITH), ("全省（不含厦门）", WITHOUT), *((city.name, city.code) for city in now.cities)]
    rows = [[(label, ""), *(_cell(one, now, place) for one in shown)] for label, place in places]
    table = {"title": "主要指标分市", "head": ["地区", *(_heading(one) for one in shown)], "rows": rows}
    return {"title": "分市情况", "tables": [table]}


def _structure(issue: Issue) -> Iterable[dict[str, Any]]:
    head = ["", "放款笔数（笔）", "不含厦门（笔）", "放款金额（万元）", "不含厦门（万元）"]
    tables = [
        {"title": f"放款按{label}", "head": [label, *head[1:]], "rows": [_kind(kind) for kind in kinds]}
        for label, kinds in issue.kinds
    ]
    if tables:
        yield {"title": "放款结构", "tables": tables}


def _kind(kind: Kind) -> list[Piece]:
    cells = [
        (HIDDEN if value is None else words.short(BY_NAME[name], value), name)
        for name, both in (("funded", kind.funded), ("funded_fen", kind.funded_fen))
        for value in both
    ]
    return [(kind.label, ""), *cells]


def _drawn(issue: Issue) -> dict[str, Any]:
    one, now = BY_NAME[DRAWN], issue.now
    trend = [
        (month, of.cell(DRAWN, WITH).value if of and of.is_open(DRAWN, WITH) else None) for month, of in issue.trend
    ]
    cities = [(city.name.removesuffix("市"), city.code) for city in now.cities if city.code in _CODES]
    bars = [
        (name, now.cell(DRAWN, code).value if now.is_open(DRAWN, code) else None, _cell(one, now, code)[0])
        for name, code in cities
    ]
    drawn = [charts.trend(one, trend), charts.bars("chart-cities", "放款金额分市（万元）", bars)]
    return {
        "title": "走势与分布",
        "note": "图中标“缺”的月份没有关账，或数量较少、不公布；* 为隐去的数字。",
        "charts": [{"title": each.title, "told": each.told, "svg": each.svg, "of": DRAWN} for each in drawn],
    }


_CODES = frozenset(city.code for city in regions.CITIES)


def _definitions(issue: Issue) -> list[Piece]:
    names = dict.fromkeys([*(name for _, of in SECTIONS for name in of), *BY_CITY])
    return [(BY_NAME[name].label, words.definition(_as_counted(BY_NAME[name], issue), of_month=True)) for name in names]


def _as_counted(one: Indicator, issue: Issue) -> Indicator:
    """With the version of its definition that the month was closed by."""
    return one._replace(version=issue.versions.get(one.name, one.version))
