"""1 信用概要, one page for the credit officer: what bars a loan, business, debt, an arithmetic line, how fresh all is.

Nothing here judges: every word is a fact of the report or arithmetic shown with its inputs; what is unknown is said to
be. The score, where there is one, has its place beside the title (`ReportData.score`).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from jinfuyun.kit.money import FEN_PER_WAN, amount, percent, wan
from jinfuyun.kit.period import month_of, months_between
from jinfuyun.reports.chapters.origins import written
from jinfuyun.reports.chapters.shown import SHANGHAI, Figure, Report, Shown
from jinfuyun.reports.content import ScoreLines, spoken

UNKNOWN = "未知"
FILED = "自行申报"
WHOLE_BP = 10_000
# Line = min(cap, R12 sales × 5–15 % or R12 tax × 5–8, working-capital gap) − other unsecured balances: the usual
# arithmetic of invoice and tax loans, by the products of the platform's own catalogue.
SALES_BP = (500, 1_500)
TAX_TIMES = (5, 8)
WHOLE_WAN_FROM = 100  # a line below so many 万元 is told with its decimals


class Answer(StrEnum):
    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


ANSWER_LABELS = {Answer.YES: "有", Answer.NO: "无", Answer.UNKNOWN: UNKNOWN}


@dataclass(frozen=True, slots=True)
class Bar:
    """A red flag, answered by one fact. `figure` None: the report has no such fact, so nobody knows."""

    label: str
    answer: Answer
    words: str
    figure: Figure | None

    @property
    def name(self) -> str:
        return self.figure.marked(self.label) if self.figure else self.label

    @property
    def source(self) -> str:
        return self.figure.source if self.figure else "—"


@dataclass(frozen=True, slots=True)
class Card:
    """A figure with a second one beneath it."""

    label: str
    words: str
    note: str
    figures: tuple[Figure, ...]
    source: str = ""  # of figures that are no facts of their own

    @property
    def name(self) -> str:
        """With the mark of the first figure that has one."""
        return next((each.marked(self.label) for each in self.figures if each.mark), self.label)

    @property
    def notes(self) -> str:
        return self.source or written(sorted({note for figure in self.figures for note in figure.notes}))


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the arithmetic."""

    label: str
    words: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of a chapter is known, and how old it is."""

    title: str
    key: str
    cut_off: str
    age: str  # months between the cut-off and the making
    received: str
    known: str


@dataclass(frozen=True, slots=True)
class Summary:
    score: ScoreLines | None
    bars: tuple[Bar, ...]
    business: tuple[Card, ...]
    debt: tuple[Card, ...]
    arithmetic: tuple[Step, ...]
    coverage: tuple[Coverage, ...]

    @property
    def told(self) -> str:
        """The bars in a sentence."""
        count = {answer: sum(bar.answer is answer for bar in self.bars) for answer in Answer}
        counted = (f"{ANSWER_LABELS[answer]} {count[answer]} 项" for answer in Answer)
        return f"{len(self.bars)} 项中：{'，'.join(counted)}"


def _any(value: object) -> bool:
    return isinstance(value, int | float) and value > 0


def _is_d(value: object) -> bool:
    return value == "D"


# Label, the fact, when it bars. 纳税 D and the rest are what every product of the platform excludes.
BARS: tuple[tuple[str, str, Callable[[object], bool]], ...] = (
    ("失信被执行人", "dishonest_debtor", _any),
    ("严重违法失信名单", "serious_violation", _any),
    ("税务非正常户", "tax_abnormal", _any),
    ("纳税信用 D 级", "tax_grade", _is_d),
    ("未结被执行案件", "enforcement_open", _any),
    ("经营异常名录", "abnormal_listed", _any),
    ("欠税", "tax_arrears", _any),
    ("未结税收违法", "tax_violations_open", _any),
    ("公示中的严重处罚", "penalties_serious", _any),
    ("平台内逾期", "platform_overdue", _any),
)
# Label, the fact, what stands beneath it, and that fact.
BUSINESS = (
    ("开票销售（近12个月）", "sales_r12", "同比", "sales_yoy"),
    ("申报销售（近12个月）", "declared_sales_r12", "同比", "declared_sales_yoy"),
    ("入库税额（近12个月）", "tax_paid_r12", "同比", "tax_paid_yoy"),
    ("参保人数（最近月）", "insured_people_now", "比去年同月", "insured_people_change"),
    ("用电量（近12个月）", "kwh_r12", "同比", "kwh_yoy"),
    ("前五大客户占比", "top5_customers_share_r12", "第一大", "top_customer_share_r12"),
    ("收单净收款（近12个月）", "collected_r12", "同比", "collected_yoy"),
    ("票税偏离", "sales_deviation_r12", "按期申报率", "on_time_declarations_r24"),
)
DEBT = (
    ("平台内贷款余额", "platform_balance_fen", "其中信用贷", "platform_unsecured_fen"),
    ("平台内有余额的机构", "platform_lenders", "逾期", "platform_overdue"),
    ("抵押担保的债权", "mortgage_secured_fen", "占评估价值", "mortgage_loan_to_value"),
)


def summary(report: Report) -> Summary:
    return Summary(
        score=report.data.score,
        bars=tuple(_bar(report, *each) for each in BARS),
        business=tuple(_card(report, *each) for each in BUSINESS),
        debt=(_card(report, *DEBT[0]), _card(report, *DEBT[1]), _filed_debt(report), _card(report, *DEBT[2])),
        arithmetic=tuple(_arithmetic(report)),
        coverage=tuple(_coverage(each, report) for each in report.chapters if each.documents),
    )


def _bar(report: Report, label: str, name: str, bars: Callable[[object], bool]) -> Bar:
    figure = report.figures.get(name)
    if figure is None or not figure.known:
        return Bar(label, Answer.UNKNOWN, UNKNOWN, figure)
    answer = Answer.YES if bars(figure.fact.value) else Answer.NO
    more = _against_sales(report) if name == "enforcement_open" and answer is Answer.YES else ""
    graded = f"现为 {figure.words} 级" if name == "tax_grade" else ""
    inside = graded or (figure.words + more if answer is Answer.YES else "")
    return Bar(label, answer, ANSWER_LABELS[answer] + (f"（{inside}）" if inside else ""), figure)


def _against_sales(report: Report) -> str:
    """Products bar what exceeds a share of a year's sales, so that share is said."""
    owed, sold = report.held.figure("enforcement_open_fen"), report.held.figure("sales_r12")
    if owed is None:
        return ""
    amount = f"，{spoken(owed, 'fen')}"
    return f"{amount}，占销售 {percent(round(owed * WHOLE_BP / sold))}" if sold else amount


def _card(report: Report, label: str, name: str, beneath: str, second: str) -> Card:
    one, two = report.figures.get(name), report.figures.get(second)
    words = one.words if one and one.known else UNKNOWN
    note = f"{beneath} {two.words if two and two.known else UNKNOWN}"
    return Card(label, words, note, tuple(each for each in (one, two) if each is not None))


def _filed_debt(report: Report) -> Card:
    """Short and long loans of the newest balance sheet; nobody audited it."""
    listed, ratio = report.held.listed("balance_sheets"), report.figures.get("debt_ratio")
    label = f"有息负债（{FILED}）"
    note = f"资产负债率 {ratio.words if ratio and ratio.known else UNKNOWN}"
    figures = (ratio,) if ratio else ()
    if not listed or not listed.values:
        return Card(label, UNKNOWN, note, figures)
    names = [column.name for column in listed.columns]
    newest = dict(zip(names, listed.values[0], strict=True))
    loans = [newest.get(name) for name in ("short_loans_fen", "long_loans_fen")]
    known = [each for each in loans if isinstance(each, int | float)]
    source = written(report.origins.notes([listed.rows[0][-1]]))
    words = spoken(sum(known), "fen") if known else UNKNOWN
    return Card(label, words, f"{str(newest.get('period_until') or '')[:7]} {note}".strip(), figures, source)


def _arithmetic(report: Report) -> Iterator[Step]:
    sales, tax = report.held.figure("sales_r12"), report.held.figure("tax_paid_r12")
    owed = report.held.figure("platform_unsecured_fen")
    yield Step("① 产品上限", UNKNOWN, "由所申请的产品规定，本报告不含")
    by_sales = None if sales is None else tuple(sales * share / WHOLE_BP for share in SALES_BP)
    by_tax = None if tax is None else tuple(tax * times for times in TAX_TIMES)
    share = f"{percent(SALES_BP[0], 0)}–{percent(SALES_BP[1], 0)}"
    yield Step("② 按销售", _range(by_sales), f"近12个月开票销售 {_money(sales)} × {share}")
    yield Step("③ 按纳税", _range(by_tax), f"近12个月入库税额 {_money(tax)} × {TAX_TIMES[0]}–{TAX_TIMES[1]} 倍")
    yield Step("④ 流动资金缺口", UNKNOWN, "需存货、应收应付等科目测算，交付的报表不含")
    yield Step("⑤ 减：其他信用贷余额", _money(owed), "只含平台内余额；平台以外未知，请查央行征信")
    left = [(label, _less(each, owed)) for label, each in (("按销售", by_sales), ("按纳税", by_tax)) if each]
    words = "；".join(f"{label} {_range(each)}" for label, each in left) or "无法计算"
    unknown = "①④及平台外余额" if owed is not None else "①④⑤"
    yield Step("min(①, ②或③, ④) − ⑤", words, f"未知的 {unknown} 没有计入")


def _less(span: tuple[float, ...], owed: float | None) -> tuple[float, ...]:
    return tuple(max(each - (owed or 0), 0) for each in span)


def _money(fen: float | None) -> str:
    return UNKNOWN if fen is None else amount(round(fen))


def _range(span: tuple[float, ...] | None) -> str:
    if not span:
        return UNKNOWN
    decimals = 0 if max(span) >= WHOLE_WAN_FROM * FEN_PER_WAN else 2
    low, high = (wan(round(max(each, 0)), decimals) for each in span)
    return f"{low}–{high} 万元"


def _coverage(shown: Shown, report: Report) -> Coverage:
    ends = sorted(each.cut_off for each in shown.documents if each.cut_off)
    made = month_of(report.data.made_at.astimezone(SHANGHAI))
    figures = [figure for _, group in shown.groups for figure in group]
    known = sum(figure.known for figure in figures)
    received = max((each.received_at for each in shown.documents), default="")
    return Coverage(
        title=shown.title, key=shown.chapter.key, cut_off=ends[0] if ends else "—",
        age=str(months_between(ends[0], made)) if ends else "—", received=received[:10] or "—",
        known=f"{known}/{len(figures)}" if figures else "—",
    )  # fmt: skip
