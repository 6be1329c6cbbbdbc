"""The credit report as PDF: `ReportData` in, the words of each line out, and the sheet typeset from them. Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from jinfuyun.kit.grant import CATEGORY_LABELS, PURPOSE_LABELS, Category
from jinfuyun.kit.money import FEN_PER_WAN
from jinfuyun.kit.period import months_between
from jinfuyun.reports.content import (
    NO_DATA,
    SHANGHAI,
    WHY_LABELS,
    Chapter,
    ConsentLines,
    Delivery,
    Fact,
    Listed,
    ReportData,
    age,
    chart_of,
    delivered_by,
    record_of,
    spoken,
)
from jinfuyun.storage.stamp import qr_svg
from jinfuyun.storage.typesetting import Typesetter

TEMPLATE = Path(__file__).with_name("report.typ")


def _wan(fen: int) -> str:
    return f"{Decimal(fen) / FEN_PER_WAN:,.2f}"


def _whole(number: float) -> str:
    return f"{number:,.0f}"


# Columns of the tables by month: the field, its heading, how its figure is written.
_MONTH_COLUMNS: Mapping[Category, tuple[tuple[str, str, Callable[[Any], str]], ...]] = {
    Category.INVOICES: (
        ("sales_fen", "开票销售（万元）", _wan),
        ("purchases_fen", "取得进项（万元）", _wan),
    ),
    Category.ELECTRICITY: (("kwh", "用电量（千瓦时）", _whole),),
    Category.TAX: (("declared_fen", "申报销售（万元）", _wan), ("tax_fen", "入库税额（万元）", _wan)),
    Category.SOCIAL_INSURANCE: (("heads", "参保人数", _whole), ("paid_fen", "实缴（万元）", _wan)),
    Category.HOUSING_FUND: (("heads", "缴存人数", _whole), ("paid_fen", "实缴（万元）", _wan)),
    Category.WATER: (("cubic_metres", "用水量（立方米）", _whole),),
    Category.GAS: (("cubic_metres", "用气量（立方米）", _whole),),
    Category.CUSTOMS: (("export_fen", "出口（万元）", _wan), ("import_fen", "进口（万元）", _wan)),
    Category.CASH_FLOW: (("paid_fen", "收款（万元）", _wan), ("refunded_fen", "退款（万元）", _wan)),
}


Marks = Mapping[tuple[str, str], str]  # what is said beside a figure, by category and key


def render_report(data: ReportData, *, setter: Typesetter, marks: Marks | None = None) -> bytes:
    """The report as PDF, yet unsigned by the platform. `marks` are of today; they are no part of what was frozen."""
    return setter.pdf(TEMPLATE, _sheet(data, marks or {}), at=data.made_at)


def _sheet(data: ReportData, marks: Marks) -> dict[str, object]:
    """What the template prints: words, ready made."""
    return {
        "number": data.number,
        "enterprise": data.enterprise,
        "operator": asdict(data.operator),
        "cover": _cover(data),
        "watermark": "　".join(watermark(data, who=data.opened_by, at=data.made_at)),
        "consent": _consent(data.consent),
        "chapters": [_printed(part, data.made_at, marks) for part in data.chapters],
        "facts": [_facts(part, marks) for part in data.chapters if part.facts],
        "deliveries": [_origin(part, delivery) for part in data.chapters for delivery in part.deliveries],
        "own_copy": data.own_copy,
        "missing": [(CATEGORY_LABELS[gap.category], WHY_LABELS[gap.why]) for gap in data.missing if data.own_copy],
        "check_code": data.check_code(),
        "content_hash": data.content_hash(),
        "verify_url": data.verify_url,
        "qr": qr_svg(data.verify_url, title="核验二维码"),
    }


def watermark(data: ReportData, *, who: str, at: datetime) -> tuple[str, str]:
    """Whose copy it is and who looks at it, in two lines; a photograph of a screen says it too."""
    return f"{data.reader} · {who}", _moment(at)


def _cover(data: ReportData) -> list[tuple[str, str]]:
    ages = [(CATEGORY_LABELS[part.category], age(part.cut_off, data.made_at)) for part in data.chapters if part.cut_off]
    return [
        ("报告编号", data.number),
        ("统一社会信用代码", data.uscc),
        ("制作时间", _moment(data.made_at)),
        ("查询方", f"{data.reader}（企业本人）" if data.own_copy else data.reader),
        ("查询人", data.opened_by),
        ("查询用途", PURPOSE_LABELS[data.purpose]),
        ("授权书编号", data.consent.number),
        ("数据截至", "；".join(f"{label} {words}" for label, words in ages) or "各章分别注明"),
    ]


def _consent(consent: ConsentLines) -> list[tuple[str, str]]:
    return [
        ("授权书编号", consent.number),
        ("模板版本", consent.template_version),
        ("签署时间", _moment(consent.signed_at)),
        ("授权期限", consent.term),
        ("授权采集查询的数据", "、".join(CATEGORY_LABELS[category] for category in consent.categories)),
        ("授权书文件 SHA-256", _grouped(consent.pdf_sha256)),
    ]


def months_of(part: Chapter) -> tuple[list[str], list[list[str]]]:
    """Headings and rows of the chapter's table by month; no rows where it has none."""
    columns = _MONTH_COLUMNS.get(part.category, ())
    headings = ["月份", *(heading for _, heading, _ in columns)]
    return headings, [_month(row, columns) for row in part.by_month] if columns else []


def _printed(part: Chapter, made_at: datetime, marks: Marks) -> dict[str, object]:
    month_head, months = months_of(part)
    chart = chart_of(part)
    return {
        "category": part.category.value,
        "label": CATEGORY_LABELS[part.category],
        "department": part.department,
        "cut_off": age(part.cut_off, made_at),
        "received_at": _minute(part.received_at),
        "mark": _chapter_marks(part, marks),
        "record": record_of(part) if part.record else [],
        "chart": asdict(chart) if chart else None,
        "month_head": month_head,
        "months": months,
        "lists": [_list(listed) for listed in part.lists],
    }


def _chapter_marks(part: Chapter, marks: Marks) -> str:
    """What is said of the chapter's registration, its table by month and its lists; figures have their own line."""
    names = {"record": "登记信息", "by_month": "按月数据"} | {listed.label: listed.label for listed in part.lists}
    said = [(name, marks[part.category, key]) for key, name in names.items() if (part.category, key) in marks]
    return "；".join(f"{name}{words}" for name, words in said)


def _list(listed: Listed) -> dict[str, object]:
    shown = f"，列出最近 {len(listed.rows)} 条" if listed.count > len(listed.rows) else ""
    return {
        "label": listed.label,
        "told": f"共 {listed.count} 条{shown}，数据截至 {listed.as_of}",
        "head": list(listed.headings),
        "rows": [list(row) for row in listed.rows],
    }


def _month(row: Mapping[str, Any], columns: Sequence[tuple[str, str, Callable[[Any], str]]]) -> list[str]:
    return [str(row["month"]), *(NO_DATA if row.get(name) is None else say(row[name]) for name, _, say in columns)]


def _facts(part: Chapter, marks: Marks) -> dict[str, object]:
    return {
        "label": CATEGORY_LABELS[part.category],
        "department": part.department,
        "rows": [
            {
                "label": fact.label,
                "mark": marks.get((part.category, fact.name), ""),
                "definition": fact.definition,
                "value": spoken(fact.value, fact.unit),
                "period": fact.period,
                "covered": _covered(fact),
                "as_of": fact.as_of,
                "rows": "—" if fact.rows is None else f"{fact.rows:,}",
                "deliveries": delivered_by(fact),
            }
            for fact in part.facts
        ],
    }


def _covered(fact: Fact) -> str:
    """How much of its span a figure really rests on, said only where that is not all of it."""
    first, _, last = fact.period.partition(" 至 ")
    if fact.months_covered is None or not last or fact.months_covered > months_between(first, last):
        return ""
    return f"其中有数据 {fact.months_covered} 个月"


def _origin(part: Chapter, delivery: Delivery) -> list[str]:
    return [
        delivery.number,
        part.department,
        CATEGORY_LABELS[part.category],
        _minute(delivery.received_at),
        f"{delivery.rows:,}",
        delivery.sha256[:16],
    ]


def _moment(at: datetime) -> str:
    return f"{at.astimezone(SHANGHAI):%Y-%m-%d %H:%M:%S}"


def _minute(written: str) -> str:
    """An ISO time of a document as 2026-11-22 11:04, or as it stands."""
    try:
        return f"{datetime.fromisoformat(written).astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
    except ValueError:
        return written


def _grouped(digest: str) -> str:
    """A long hash in groups of eight, so that a line can break and an eye can follow."""
    return " ".join(digest[i : i + 8] for i in range(0, len(digest), 8))
