"""《授信调查报告》 as a draft in Word: the report's facts where an officer needs them, blanks for what he has to write.

Tables are written as the XML they become: made cell by cell they took a second, this takes a few hundredths.
"""

import io
from collections.abc import Iterable, Sequence
from datetime import datetime
from xml.sax.saxutils import escape

from docx import Document
from docx.document import Document as Doc
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Pt, RGBColor

from jinfuyun.kit.grant import PURPOSE_LABELS
from jinfuyun.reports.chapters.shown import BLANK as NO_SOURCE
from jinfuyun.reports.chapters.shown import Marks, Report, Shown, moment
from jinfuyun.reports.chapters.summary import Summary, summary
from jinfuyun.reports.content import ReportData, ScoreLines
from jinfuyun.reports.exports.workbook import UNREADABLE

BLANK = "（请填写）"
FONT, HEADING_FONT = "宋体", "黑体"
BODY_PT, SMALL_PT = 10.5, 8.5
EDGES = ("top", "left", "bottom", "right", "insideH", "insideV")

# Part of the draft → the chapters of the report that it is made of, and what the officer has to add.
PARTS: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...] = (
    ("二、企业基本情况", ("2", "3", "4", "5", "6", "20"),
     ("实际控制人及其家庭、从业经历", "股权结构与关联企业的核实情况")),
    ("三、经营情况", ("7", "8", "9", "10", "11", "12", "13", "15", "19"),
     ("主营业务、上下游与结算方式", "数据与实地所见是否一致", "行业与季节因素")),
    ("四、财务情况（自行申报）", ("8A",), ("与税务、流水数据的核对", "异常科目说明")),
    ("五、资产、负债与担保", ("14", "18"),
     ("央行征信查询结果（他行贷款、对外担保）", "民间借贷与或有负债", "拟提供的担保")),
    ("六、信用与风险", ("16", "17", "21"), ("负面信息的核实与企业说明", "主要风险与缓释")),
)  # fmt: skip
TO_VISIT = ("走访时间、地点、人员", "生产经营现场", "存货与设备", "员工与用工", "与本报告数据的差异")
TO_CONCLUDE = (
    "授信结论（同意、不同意、补充调查）", "额度、期限、利率、还款方式", "担保方式与条件", "用途与支付方式", "贷后要求",
    "主办客户经理（签名、日期）", "协办客户经理（签名、日期）",
)  # fmt: skip


def draft(data: ReportData, who: str, at: datetime, marks: Marks | None = None) -> bytes:
    """`who` takes it out at `at`: the first lines say so."""
    report = Report(data, marks)
    paper = _paper()
    _head(paper, data, who, at)
    _heading(paper, "一、申请事项", 1)
    _blanks(paper, ("申请金额", "期限", "用途", "还款来源", "申请的产品"))
    chapters = {shown.chapter.number: shown for shown in report.chapters}
    for title, numbers, blanks in PARTS:
        _heading(paper, title, 1)
        if title.startswith("六"):
            _bars(paper, summary(report))
            if data.score:
                _score(paper, data.score)
        for shown in (chapters[number] for number in numbers if number in chapters):
            _chapter(paper, shown)
        _blanks(paper, blanks)
    _heading(paper, "七、额度测算", 1)
    _note(paper, "把常用公式和信用报告的数代入，供参考；不是授信建议。")
    _rows(paper, ("项", "结果", "说明"), [(each.label, each.words, each.note) for each in summary(report).arithmetic])
    _blanks(paper, ("本次测算与取值理由",))
    _heading(paper, "八、实地调查", 1)
    _blanks(paper, TO_VISIT)
    _heading(paper, "九、调查结论与建议", 1)
    _blanks(paper, TO_CONCLUDE)
    _origins(paper, report)
    out = io.BytesIO()
    paper.save(out)
    return out.getvalue()


def _paper() -> Doc:
    paper = Document()
    for name in ("Normal", "Title", "Heading 1", "Heading 2", "Heading 3"):
        style = paper.styles[name]
        style.font.name = "Times New Roman"
        style.font.color.rgb = RGBColor(0x15, 0x22, 0x38)
        face = FONT if name == "Normal" else HEADING_FONT
        style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), face)
    paper.styles["Normal"].font.size = Pt(BODY_PT)
    return paper


def _head(paper: Doc, data: ReportData, who: str, at: datetime) -> None:
    paper.core_properties.title = f"授信调查报告（草稿） {data.enterprise}"
    paper.core_properties.author = who
    paper.core_properties.created = paper.core_properties.modified = at.replace(tzinfo=None)
    paper.add_heading("授信调查报告（草稿）", 0)
    pairs = (
        ("企业名称", data.enterprise), ("统一社会信用代码", data.uscc), ("信用报告编号", data.number),
        ("报告制作时间", moment(data.made_at)), ("查询方", data.reader), ("查询用途", PURPOSE_LABELS[data.purpose]),
        ("授权书编号", data.consent.number), ("校验码", data.check_code()), ("导出", f"{who}　{moment(at)}"),
    )  # fmt: skip
    _rows(paper, (), pairs)
    _note(
        paper,
        "事实取自上列信用报告，数值后方括号内为文末“数据来源”的序号；“无数据”“未知”不等于零。括号标明“请填写”处由调查人撰写。",
    )


def _score(paper: Doc, score: ScoreLines) -> None:
    _heading(paper, "平台评分（仅供参考）", 2)
    said = f"{score.grade}，{score.score} 分" if score.score is not None else "数据不足，不评分"
    _note(paper, f"{said}；已知 {score.known}/{score.of} 项。{score.card}，{score.scale}。")
    for reason in score.reasons:
        _note(paper, reason)


def _bars(paper: Doc, found: Summary) -> None:
    _heading(paper, "准入红线", 2)
    _note(paper, found.told)
    rows = [
        (
            bar.name,
            bar.words,
            _cited(bar.source).strip(),
        )
        for bar in found.bars
    ]
    _rows(paper, ("项", "结果", "来源"), rows)


def _chapter(paper: Doc, shown: Shown) -> None:
    _heading(paper, shown.title, 2)
    for words in (*shown.sources, *filter(None, (shown.chapter.note,))):
        _note(paper, words)
    if shown.record:
        _rows(paper, (), shown.record)
    for title, figures in shown.groups:
        if title:
            _heading(paper, title, 3)
        rows = [(each.label, f"{each.words}{_cited(each.source)}", each.fact.period, each.covered) for each in figures]
        _rows(paper, ("指标", "数值 [来源]", "期间", "覆盖"), rows)
    for table in shown.tables:
        _heading(paper, f"{table.title}（{table.told}）", 3)
        _rows(paper, table.headings, table.rows)


def _cited(source: str) -> str:
    return f" [{source}]" if source != NO_SOURCE else ""


def _origins(paper: Doc, report: Report) -> None:
    _heading(paper, "附：数据来源", 1)
    rows = [
        (f"[{each.number}]", each.delivery.number, f"{each.department} · {each.feed}", each.received, each.checked)
        for each in report.origins.all
    ]
    _rows(paper, ("序号", "交付编号", "部门与数据", "收到时间", "检核结果"), rows)


def _heading(paper: Doc, words: str, level: int) -> None:
    paper.add_heading(_readable(words), level)


def _note(paper: Doc, words: str) -> None:
    run = paper.add_paragraph().add_run(_readable(words))
    run.font.size = Pt(SMALL_PT)
    run.font.color.rgb = RGBColor(0x52, 0x62, 0x7A)


def _blanks(paper: Doc, labels: Iterable[str]) -> None:
    _rows(paper, (), [(label, BLANK) for label in labels])
    paper.add_paragraph()


def _rows(paper: Doc, head: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """A ruled table; its head comes again on every page, no row breaks over two."""
    lines = [_row(head, bold=True)] if head else []
    lines += [_row(row) for row in rows]
    if not lines or (head and len(lines) == 1):
        return
    edges = "".join(f'<w:{edge} w:val="single" w:sz="4" w:color="C9D3E0"/>' for edge in EDGES)
    width = '<w:tblW w:w="5000" w:type="pct"/>'
    properties = f'<w:tblPr>{width}<w:tblBorders>{edges}</w:tblBorders><w:tblLayout w:type="autofit"/></w:tblPr>'
    table = parse_xml(f"<w:tbl {nsdecls('w')}>{properties}<w:tblGrid/>{''.join(lines)}</w:tbl>")
    paper.element.body.insert_element_before(table, "w:sectPr")


def _row(cells: Sequence[str], *, bold: bool = False) -> str:
    again = "<w:tblHeader/>" if bold else ""
    return f"<w:tr><w:trPr><w:cantSplit/>{again}</w:trPr>{''.join(_cell(each, bold=bold) for each in cells)}</w:tr>"


def _cell(words: str, *, bold: bool) -> str:
    look = f'<w:rPr>{"<w:b/>" if bold else ""}<w:sz w:val="{int(SMALL_PT * 2)}"/></w:rPr>'
    text = f'<w:t xml:space="preserve">{escape(_readable(words))}</w:t>'
    spacing = '<w:pPr><w:spacing w:before="20" w:after="20"/></w:pPr>'
    return f"<w:tc><w:p>{spacing}<w:r>{look}{text}</w:r></w:p></w:tc>"


def _readable(words: str) -> str:
    return UNREADABLE.sub("〓", str(words))
