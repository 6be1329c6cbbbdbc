"""The report as a workbook: a sheet a chapter, tables as tables, numbers as numbers with their unit beside or above."""

import io
import re
from collections.abc import Iterable, Sequence
from datetime import datetime

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from jinfuyun.kit import export
from jinfuyun.kit.grant import PURPOSE_LABELS
from jinfuyun.reports.chapters.shown import (
    UNITS,
    Figure,
    Marks,
    Report,
    Shown,
    Table,
    Value,
    heading,
    moment,
    number_of,
)
from jinfuyun.reports.chapters.summary import summary
from jinfuyun.reports.content import ReportData, ScoreLines
from jinfuyun.storage.word import UNREADABLE

NOT_IN_A_NAME = re.compile(r"[\[\]:*?/\\]")
NAME_MAX = 31
WIDTHS = (30, 16, 14, 22, 14, 14, 14, 14, 40)
BOLD, TITLE = Font(bold=True), Font(bold=True, size=14)
HEAD = PatternFill("solid", fgColor="E8EEF6")
TOP = Alignment(vertical="top", wrap_text=True)
FIGURE_HEADINGS = ("指标", "数值", "单位", "期间", "截至", "依据行数", "有数据月数", "来源序号", "口径")


def workbook(data: ReportData, who: str, at: datetime, marks: Marks | None = None) -> bytes:
    """`who` takes it out at `at`: the first sheet says so."""
    report = Report(data, marks)
    book = Workbook(write_only=True)
    _Sheet(book, "说明").write(_about(data, who, at))
    _Sheet(book, "1 信用概要").write(_summary(report))
    if data.score:
        _Sheet(book, "评分").write(_score(data.score, report))
    for shown in report.chapters:
        _Sheet(book, f"{shown.chapter.number} {shown.chapter.title}").write(_chapter(shown))
    if missing := report.missing():
        _Sheet(book, "未显示的数据").write([("head", ("章", "数据", "原因")), *(("", row) for row in missing)])
    _Sheet(book, "数据来源").write(_origins(report))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


Line = tuple[str, Sequence[Value]]  # title, head or "", and its cells


class _Sheet:
    def __init__(self, book: Workbook, name: str) -> None:
        self.sheet = book.create_sheet(NOT_IN_A_NAME.sub("、", name)[:NAME_MAX])
        for i, width in enumerate(WIDTHS, start=1):
            self.sheet.column_dimensions[get_column_letter(i)].width = width

    def write(self, lines: Iterable[Line]) -> None:
        for kind, cells in lines:
            self.sheet.append([self._cell(value, kind) for value in cells])

    def _cell(self, value: Value, kind: str) -> WriteOnlyCell:
        cell = WriteOnlyCell(self.sheet, value=plain(value))
        cell.alignment = TOP
        if kind:
            cell.font = TITLE if kind == "title" else BOLD
        if kind == "head":
            cell.fill = HEAD
        if isinstance(value, int | float):
            cell.number_format = "#,##0" if isinstance(value, int) else "#,##0.00"
        return cell


def plain(value: Value) -> Value:
    """Words that no spreadsheet takes for a formula; numbers stay numbers."""
    if value is None or isinstance(value, int | float):
        return value
    return export.cell(UNREADABLE.sub("〓", value))


def _about(data: ReportData, who: str, at: datetime) -> Iterable[Line]:
    yield "title", ("企业信用报告", data.enterprise)
    for pair in (
        ("报告编号", data.number), ("统一社会信用代码", data.uscc), ("制作时间", moment(data.made_at)),
        ("查询方", data.reader), ("查询用途", PURPOSE_LABELS[data.purpose]), ("授权书编号", data.consent.number),
        ("校验码", data.check_code()), ("内容摘要 SHA-256", data.content_hash()), ("核验地址", data.verify_url),
        ("导出人", who), ("导出时间", moment(at)),
    ):  # fmt: skip
        yield "", pair
    yield "", ()
    yield "", ("本文件可以编辑，不能作为证据；以带平台电子印章的 PDF 为准。仅供所列用途使用，不得转供。",)
    yield "", ("“无数据”表示来源部门未交付，不等于零。金额单位见各列标题或单位栏。",)


def _summary(report: Report) -> Iterable[Line]:
    found = summary(report)
    yield "title", ("准入红线", found.told)
    yield "head", ("项", "结果", "来源序号")
    for bar in found.bars:
        yield (
            "",
            (
                bar.name,
                bar.words,
                bar.source,
            ),
        )
    for title, cards in (("经营", found.business), ("负债", found.debt)):
        yield "", ()
        yield "title", (title,)
        yield "head", ("项", "结果", "来源序号", "另见")
        for card in cards:
            yield "", (card.name, card.words, card.notes, card.note)
    yield "", ()
    yield "title", ("额度算术（供参考，不是授信建议）",)
    for step in found.arithmetic:
        yield "", (step.label, step.words, "", step.note)
    yield "", ()
    yield "title", ("数据的覆盖与新鲜度",)
    yield "head", ("章", "截至", "距制作时（月）", "收到", "指标已知")
    for row in found.coverage:
        yield "", (row.title, row.cut_off, row.age, row.received, row.known)


def _score(score: ScoreLines, report: Report) -> Iterable[Line]:
    yield "title", ("评分（仅供参考）", score.grade or "数据不足，不评分")
    yield "", ("分数", score.score)
    yield "", ("已知项目", score.known, "共", score.of)
    for title, lines in (
        ("扣分最多的项目", score.reasons),
        ("怎样能提高", score.better),
        ("未知的项目", score.unknown),
    ):
        if lines:
            yield "title", (title,)
        yield from (("", (line,)) for line in lines)
    yield "", ()
    yield "head", ("项目", "维度", "数值", "所在档", "得分", "最高")
    for each in score.marks:
        yield (
            "",
            (
                report.name_of(each.fact, each.label),
                each.dimension,
                each.value,
                each.band or "未知",
                each.points,
                each.best,
            ),
        )
    yield "", ()
    for words in (f"{score.card}，自 {score.valid_from} 起生效，起始 {score.start} 分", score.scale, score.reference):
        yield "", (words,)


def _chapter(shown: Shown) -> Iterable[Line]:
    yield "title", (shown.title,)
    for words in (*shown.sources, *filter(None, (shown.chapter.note,))):
        yield "", (words,)
    for pair in shown.record:
        yield "", pair
    for title, figures in shown.groups:
        yield "", ()
        if title:
            yield "title", (title,)
        yield "head", FIGURE_HEADINGS
        for figure in figures:
            yield "", _figure(figure)
    for table in shown.tables:
        yield "", ()
        yield "title", (table.title, table.told)
        yield from _table(table)


def _figure(figure: Figure) -> Sequence[Value]:
    fact = figure.fact
    value = figure.words if fact.value is None else number_of(fact.value, fact.unit)
    return (
        figure.label, value, UNITS.get(fact.unit, ("", 1))[0], fact.period, fact.as_of, fact.rows, fact.months_covered,
        figure.source, fact.definition,
    )  # fmt: skip


def _table(table: Table) -> Iterable[Line]:
    if table.rows:
        yield "head", [heading(label, unit) for label, unit in table.columns]
    for values, words in zip(table.values, table.rows, strict=True):
        yield "", [said if value is None else value for value, said in zip(values, words, strict=True)]


def _origins(report: Report) -> Iterable[Line]:
    yield "head", (
        "序号", "交付编号", "部门", "数据", "收到时间", "本企业行数", "全部行数", "接收", "检核结果", "隔离",
        "文件 SHA-256",
    )  # fmt: skip
    for origin in report.origins.all:
        found = origin.delivery
        yield "", (
            origin.number, found.number, origin.department, origin.feed, origin.received, found.rows, found.delivered,
            found.accepted, origin.checked, found.quarantined, found.sha256,
        )  # fmt: skip
