"""The credit report as PDF: `ReportData` in, the words of each line out, and the sheet typeset from them. Pure."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from jinfuyun.kit.grant import CATEGORY_LABELS, PURPOSE_LABELS
from jinfuyun.reports import charts
from jinfuyun.reports.chapters.origins import Origin
from jinfuyun.reports.chapters.shown import SCORE_PLACE, Figure, Marks, Report, Shown, Table, heading, moment
from jinfuyun.reports.chapters.summary import Bar, Card, Summary, summary
from jinfuyun.reports.content import ConsentLines, ReportData, ScoreLines
from jinfuyun.storage.stamp import qr_svg
from jinfuyun.storage.typesetting import Typesetter

TEMPLATE = Path(__file__).with_name("report.typ")
# A column of a list is as wide as its longest word, within reason: letters of the widest cell that counts.
LETTERS_MIN, LETTERS_MAX = 5.5, 18
DIGEST_SHOWN = 8


def render_report(data: ReportData, *, setter: Typesetter, marks: Marks | None = None) -> bytes:
    """The report as PDF, yet unsigned by the platform. `marks` are of today; they are no part of what was frozen."""
    return setter.pdf(TEMPLATE, _sheet(data, marks or {}), at=data.made_at)


def _sheet(data: ReportData, marks: Marks) -> dict[str, object]:
    """What the template prints: words, ready made."""
    report = Report(data, marks)
    return {
        "number": data.number,
        "enterprise": data.enterprise,
        "operator": asdict(data.operator),
        "cover": _cover(data),
        "watermark": "　".join(watermark(data, who=data.opened_by, at=data.made_at)),
        "summary": _summary(summary(report), report),
        "consent": consent_lines(data.consent),
        "chapters": [_chapter(each) for each in report.chapters],
        "origins": [_origin(each) for each in report.origins.all],
        "own_copy": data.own_copy,
        "missing": report.missing(),
        "check_code": data.check_code(),
        "content_hash": data.content_hash(),
        "verify_url": data.verify_url,
        "qr": qr_svg(data.verify_url, title="核验二维码"),
    }


def watermark(data: ReportData, *, who: str, at: datetime) -> tuple[str, str]:
    """Whose copy it is and who looks at it, in two lines; a photograph of a screen says it too."""
    return f"{data.reader} · {who}", moment(at)


def _cover(data: ReportData) -> list[tuple[str, str]]:
    ends = sorted(each.cut_off for each in data.chapters if each.cut_off)
    span = " 至 ".join(dict.fromkeys((*ends[:1], *ends[-1:])))
    return [
        ("报告编号", data.number),
        ("统一社会信用代码", data.uscc),
        ("制作时间", moment(data.made_at)),
        ("查询方", f"{data.reader}（企业本人）" if data.own_copy else data.reader),
        ("查询人", data.opened_by),
        ("查询用途", PURPOSE_LABELS[data.purpose]),
        ("授权书编号", data.consent.number),
        ("数据截至", f"{span}，各章见信用概要" if ends else "各章分别注明"),
    ]


def consent_lines(consent: ConsentLines) -> list[tuple[str, str]]:
    return [
        ("授权书编号", consent.number),
        ("模板版本", consent.template_version),
        ("签署时间", moment(consent.signed_at)),
        ("授权期限", consent.term),
        ("授权采集查询的数据", "、".join(CATEGORY_LABELS[category] for category in consent.categories)),
        ("授权书文件 SHA-256", _grouped(consent.pdf_sha256)),
    ]


def _summary(found: Summary, report: Report) -> dict[str, object]:
    return {
        "score": _score(found.score, report) if found.score else None,
        "told": found.told,
        "bars": [_bar(each) for each in found.bars],
        "business": [_card(each) for each in found.business],
        "debt": [_card(each) for each in found.debt],
        "arithmetic": [(each.label, each.words, each.note) for each in found.arithmetic],
        "coverage": [
            (each.title, each.cut_off, each.age, each.received, each.known) for each in found.coverage
        ],
    }  # fmt: skip


def _score(score: ScoreLines, report: Report) -> dict[str, object]:
    marks = [
        [
            report.name_of(each.fact, each.label),
            each.dimension,
            each.value,
            each.band or "未知",
            _signed(each.points),
            _signed(each.best),
        ]
        for each in score.marks
    ]
    disputed = report.marks.get(SCORE_PLACE, "")
    return asdict(score) | {"radar": charts.radar(score.dimensions), "rows": marks, "disputed": disputed}


def _signed(points: int) -> str:
    return f"{points:+d}" if points else "0"


def _bar(bar: Bar) -> dict[str, str]:
    figure = bar.figure
    return {
        "label": bar.name, "answer": bar.answer, "words": bar.words,
        "source": figure.source if figure and figure.known else "—",
        "as_of": figure.fact.as_of if figure and figure.known else "",
    }  # fmt: skip


def _card(card: Card) -> dict[str, str]:
    return {"label": card.name, "words": card.words, "note": card.note, "source": card.notes}


def _chapter(shown: Shown) -> dict[str, object]:
    return {
        "title": shown.title,
        "note": shown.chapter.note,
        "sources": shown.sources,
        "record": shown.record,
        "charts": [asdict(chart) for chart in shown.charts],
        "groups": [{"title": title, "rows": [_figure(each) for each in figures]} for title, figures in shown.groups],
        "tables": [_table(each) for each in shown.tables],
    }


def _figure(figure: Figure) -> dict[str, str]:
    fact = figure.fact
    return {
        "label": figure.label,
        "definition": fact.definition,
        "value": figure.words,
        "period": fact.period,
        "covered": figure.covered,
        "as_of": fact.as_of,
        "rows": "—" if fact.rows is None else f"{fact.rows:,}",
        "source": figure.source,
    }


def _table(table: Table) -> dict[str, object]:
    head = [heading(label, unit) if table.by_month else label for label, unit in table.columns]
    return {
        "title": table.title,
        "told": table.told,
        "head": head,
        "rows": table.rows,
        "widths": _widths(head, table.rows),
        "numeric": [i for i, (_, unit) in enumerate(table.columns) if unit],
        "by_month": table.by_month,
    }


def _widths(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[float]:
    """Shares of the line, by the longest cell of each column; a Latin letter is half as wide as a Chinese one."""
    columns = [[name, *(row[i] for row in rows)] for i, name in enumerate(head)]
    return [min(max(max(map(_letters, column)), LETTERS_MIN), LETTERS_MAX) for column in columns]


def _letters(words: str) -> float:
    return sum(0.55 if letter.isascii() else 1.0 for letter in words)


def _origin(origin: Origin) -> list[str]:
    return [
        str(origin.number),
        origin.delivery.number,
        f"{origin.department} · {origin.feed}",
        origin.received,
        f"{origin.delivery.rows:,}",
        origin.checked,
        origin.delivery.sha256[:DIGEST_SHOWN],
    ]


def _grouped(digest: str) -> str:
    """A long hash in groups of eight, so that a line can break and an eye can follow."""
    return " ".join(digest[i : i + 8] for i in range(0, len(digest), 8))
