"""《授信调查报告》 as a draft in Word: facts of the report where an officer needs them, blanks for the rest."""

from collections.abc import Iterable
from datetime import datetime

from docx.document import Document as Doc

from jinfuyun.kit.grant import PURPOSE_LABELS
from jinfuyun.reports.chapters.shown import BLANK as NO_SOURCE
from jinfuyun.reports.chapters.shown import Marks, Report, Shown, moment
from jinfuyun.reports.chapters.summary import Summary, summary
from jinfuyun.reports.content import ReportData, ScoreLines
from jinfuyun.storage import word

BLANK = "（请填写）"

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
    paper = word.paper()
    _head(paper, data, who, at)
    word.heading(paper, "一、申请事项", 1)
    _blanks(paper, ("申请金额", "期限", "用途", "还款来源", "申请的产品"))
    chapters = {shown.chapter.number: shown for shown in report.chapters}
    for title, numbers, blanks in PARTS:
        word.heading(paper, title, 1)
        if title.startswith("六"):
            _bars(paper, summary(report))
            if data.score:
                _score(paper, data.score)
        for shown in (chapters[number] for number in numbers if number in chapters):
            _chapter(paper, shown)
        _blanks(paper, blanks)
    word.heading(paper, "七、额度测算", 1)
    word.note(paper, "把常用公式和信用报告的数代入，供参考；不是授信建议。")
    word.rows(
        paper, ("项", "结果", "说明"), [(each.label, each.words, each.note) for each in summary(report).arithmetic]
    )
    _blanks(paper, ("本次测算与取值理由",))
    word.heading(paper, "八、实地调查", 1)
    _blanks(paper, TO_VISIT)
    word.heading(paper, "九、调查结论与建议", 1)
    _blanks(paper, TO_CONCLUDE)
    _origins(paper, report)
    return word.file_of(paper)


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
    word.rows(paper, (), pairs)
    word.note(
        paper,
        "事实取自上列信用报告，数值后方括号内为文末“数据来源”的序号；“无数据”“未知”不等于零。括号标明“请填写”处由调查人撰写。",
    )


def _score(paper: Doc, score: ScoreLines) -> None:
    word.heading(paper, "平台评分（仅供参考）", 2)
    said = f"{score.grade}，{score.score} 分" if score.score is not None else "数据不足，不评分"
    word.note(paper, f"{said}；已知 {score.known}/{score.of} 项。{score.card}，{score.scale}。")
    for reason in score.reasons:
        word.note(paper, reason)


def _bars(paper: Doc, found: Summary) -> None:
    word.heading(paper, "准入红线", 2)
    word.note(paper, found.told)
    rows = [
        (
            bar.name,
            bar.words,
            _cited(bar.source).strip(),
        )
        for bar in found.bars
    ]
    word.rows(paper, ("项", "结果", "来源"), rows)


def _chapter(paper: Doc, shown: Shown) -> None:
    word.heading(paper, shown.title, 2)
    for words in (*shown.sources, *filter(None, (shown.chapter.note,))):
        word.note(paper, words)
    if shown.record:
        word.rows(paper, (), shown.record)
    for title, figures in shown.groups:
        if title:
            word.heading(paper, title, 3)
        rows = [(each.label, f"{each.words}{_cited(each.source)}", each.fact.period, each.covered) for each in figures]
        word.rows(paper, ("指标", "数值 [来源]", "期间", "覆盖"), rows)
    for table in shown.tables:
        word.heading(paper, f"{table.title}（{table.told}）", 3)
        word.rows(paper, table.headings, table.rows)


def _cited(source: str) -> str:
    return f" [{source}]" if source != NO_SOURCE else ""


def _origins(paper: Doc, report: Report) -> None:
    word.heading(paper, "附：数据来源", 1)
    rows = [
        (f"[{each.number}]", each.delivery.number, f"{each.department} · {each.feed}", each.received, each.checked)
        for each in report.origins.all
    ]
    word.rows(paper, ("序号", "交付编号", "部门与数据", "收到时间", "检核结果"), rows)


def _blanks(paper: Doc, labels: Iterable[str]) -> None:
    word.rows(paper, (), [(label, BLANK) for label in labels])
    paper.add_paragraph()
