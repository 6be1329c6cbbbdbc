"""The credit report as PDF: `ReportData` in, the words of each line out, and the sheet typeset from them. Pure."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from jinfuyun.kit.grant import CATEGORY_LABELS, PURPOSE_LABELS
from jinfuyun.reports import charts
from jinfuyun.reports.chapters.origins import Origin
from jinfuyun.reports.chapters.shown import SCORE_PLACE, Figure, Marks, Report, Shown, Table, moment
from jinfuyun.reports.chapters.summary import Bar, Card, Summary, summary
from jinfuyun.reports.content import ConsentLines, ReportData, ScoreLines
from jinfuyun.storage.stamp import qr_svg
from jinfuyun.storage.typesetting import Typesetter

TEMPLATE = Path(__file__).with_name("report.typ")
# A column of short words takes what it needs and never breaks a date; the others share the rest of the line by the
# letters of their longest cell, within reason.
LETTERS_SHORT, LETTERS_MAX = 6.0, 18
LETTERS_BETWEEN, LETTERS_LINE = 1.3, 64.0  # beside each column, and on a line
ROWS_TOGETHER, LETTERS_TOGETHER = 8, 60  # a table no larger than this stays on one page
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
        "cover": cover_lines(data),
        "watermark": "　".join(watermark(data, who=data.opened_by, at=data.made_at)),
        "summary": _summary(summary(report), report),
        "consent": consent_lines(data.consent),
        "chapters": [_chapter(each) for each in report.chapters],
        "origins": [_origin(each) for each in report.origins.all],
        "own_copy": data.own_copy,
        "missing": report.missing(),
        "notes": notes(data),
        "check_code": data.check_code(),
        "content_hash": data.content_hash(),
        "verify_url": data.verify_url,
        "qr": qr_svg(data.verify_url, title="核验二维码"),
    }


def watermark(data: ReportData, *, who: str, at: datetime) -> tuple[str, str]:
    """Whose copy it is and who looks at it, in two lines; a photograph of a screen says it too."""
    return f"{data.reader} · {who}", moment(at)


def all_cover_lines(data: ReportData) -> list[tuple[str, str]]:
    """What the paper says on its cover and of the consent, for where there is no cover."""
    return [
        *cover_lines(data), *consent_lines(data.consent)[1:],
        ("校验码", data.check_code()), ("内容摘要", _digest(data.content_hash())),
    ]  # fmt: skip


def notes(data: ReportData) -> list[str]:
    """How the report is to be read, below everything else."""
    filing = f"（备案号 {data.operator.filing}）" if data.operator.filing else ""
    return [
        f"本报告由{data.operator.name}{filing}依授权制作，数据按来源部门交付的内容列示；"
        "同一记录多次交付的，以最后一次为准。",
        "金额以万元计，不足 1 万元的以元计，四舍六入五成双，最多保留两位小数。“无数据”“未知”或“缺”表示没有可用的数据，"
        "不等于零；“—”表示来源部门没有填写。",
        "没有来源序号的“0”或“无”，指部门的名录交付至所注的截至日，其中没有本企业。",
        "已到公示截止期或已修复的处罚、失信与执行记录依规定不再列示，也不计入任何指标。",
        f"企业认为信息有误的，可在平台提出异议，二十日内核查并书面答复。联系电话：{data.operator.phone}。",
        "本报告不构成授信承诺；授信决定由金融机构独立作出。",
    ]


def cover_lines(data: ReportData) -> list[tuple[str, str]]:
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
        ("授权书文件摘要", _digest(consent.pdf_sha256) or "制作本报告时文件尚未生成"),
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
    return asdict(score) | {
        "known_of": score.known_of,
        "radar": charts.radar(score.dimensions),
        "rows": marks,
        "disputed": disputed,
    }


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
    head = table.headings if table.by_month else [each.replace("（", "\n（") for each in table.headings]
    longest = max((_letters(cell) for row in table.rows for cell in row), default=0)
    return {
        "title": table.title,
        "told": table.told,
        "head": head,
        "rows": table.rows,
        "widths": _widths(head, table.rows),
        "numeric": [i for i, (_, unit) in enumerate(table.columns) if unit],
        "by_month": table.by_month,
        "together": len(table.rows) <= ROWS_TOGETHER and longest <= LETTERS_TOGETHER,
    }


def _widths(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[float | None]:
    """Shares of the line, None: as wide as needed. A Latin letter is half as wide as a Chinese one."""
    columns = [[*name.split("\n"), *(row[i] for row in rows)] for i, name in enumerate(head)]
    letters = [max(map(_letters, column)) for column in columns]
    if max(letters) <= LETTERS_SHORT:
        return [1.0] * len(letters)
    if sum(spaced := [each + LETTERS_BETWEEN for each in letters]) <= LETTERS_LINE:
        return list(spaced)  # all of them have room: nobody takes what is left alone
    return [None if each <= LETTERS_SHORT else min(each, LETTERS_MAX) for each in letters]


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


def _digest(digest: str) -> str:
    """A long hash in groups of eight, so that a line can break and an eye can follow; "" of none."""
    return digest and "SHA-256 " + " ".join(digest[i : i + 8] for i in range(0, len(digest), 8))
