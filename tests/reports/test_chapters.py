"""Chapters 0–21: nothing that the data plane hands out is lost, nothing unknown told as nothing, each has its origin.

Seen red: with a fact named twice, with one left out, with an unknown bar answered "no", with the widest chapter shown
to a bank as missing.
"""

import re
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from jinfuyun.data.departments.registry import FEEDS
from jinfuyun.data.indicators.documents import head
from jinfuyun.data.indicators.registry import SOURCES
from jinfuyun.kit.grant import Category
from jinfuyun.reports.chapters.contract import Held
from jinfuyun.reports.chapters.origins import NOT_KEPT, written
from jinfuyun.reports.chapters.registry import CHAPTERS
from jinfuyun.reports.chapters.shown import Report
from jinfuyun.reports.chapters.summary import BARS, BUSINESS, DEBT, Answer, summary
from jinfuyun.reports.content import Missing, ReportData, Why, chapter
from tests.reports import full
from tests.reports.sample import ELECTRICITY, INVOICES, REPORT, fact

OLD = Path(__file__).with_name("frozen_2026_11.json")
ORDER = (
    "0 封面与授权信息", "1 信用概要", "2 基本信息", "3 股东、人员与分支机构", "4 变更记录",
    "5 股权出质与年报", "6 资质许可与荣誉", "7 税务", "8 发票购销", "8A 财务报表（自行申报）", "9 社会保险",
    "10 住房公积金", "11 水、电、气", "12 海关", "13 知识产权", "14 资产", "15 政府采购与补贴",
    "16 行政处罚与经营异常", "17 司法", "18 平台内融资与担保", "19 资金流", "20 关联关系",
    "21 异议标注、企业声明与查询记录",
)  # fmt: skip


def test_the_chapters_stand_in_the_order_of_the_domain() -> None:
    assert tuple(f"{each.number} {each.title}" for each in CHAPTERS) == ORDER


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: str(source.category))
def test_every_fact_list_and_month_of_a_category_belongs_to_exactly_one_chapter(source) -> None:
    told = head(source)
    takes = [take for each in CHAPTERS for take in each.takes if take.category is source.category]
    facts = Counter(name for take in takes for group in take.groups for name in group.facts)
    assert facts == Counter(each["name"] for each in told["facts"])
    assert Counter(feed for take in takes for feed in take.lists) == Counter(each["feed"] for each in told["lists"])
    assert Counter(month.name for take in takes for month in take.months) == Counter(told["series"] or ())
    assert sum(take.record for take in takes) == bool(told["record"])
    assert sum(take.rest for take in takes) == 1, "one takes what older and newer reports know besides"


def test_a_bad_record_says_how_severe_it_is_and_until_when_it_is_shown() -> None:
    """A repaired or ended one is not there at all: `STANDS`, tested with the indicators."""
    for listing in (one for source in SOURCES for one in source.lists):
        known = {column.name for column in FEEDS[listing.feed].columns} & {"severity", "ends_on"}
        assert known <= set(listing.columns), listing.feed


def test_whatever_the_summary_looks_at_is_a_fact_of_the_data_plane() -> None:
    known = {each.name for source in SOURCES for each in source.indicators}
    looked_at = {each[1] for each in (*BARS, *BUSINESS, *DEBT)} | {each[3] for each in (*BUSINESS, *DEBT)}
    assert looked_at - known == set()


def test_a_full_report_shows_every_fact_and_every_row_once() -> None:
    data = full.report()
    shown = Report(data).chapters
    facts = Counter(figure.fact.name for each in shown for _, group in each.groups for figure in group)
    assert facts == Counter(fact.name for each in data.chapters for fact in each.facts)
    rows = sum(len(table.rows) for each in shown for table in each.tables if not table.by_month)
    listed = sum(len(one.rows) for each in data.chapters for one in each.lists)
    made = sum(len(table.rows) for each in shown if each.chapter.made for table in each.tables)
    assert rows - made == listed


def test_a_fact_that_no_chapter_names_is_shown_behind_the_others() -> None:
    body = INVOICES | {"facts": [*INVOICES["facts"], fact("of_tomorrow", "明日指标", "count", 3)]}
    shown = {each.chapter.key: each for each in Report(replace(REPORT, chapters=(chapter(body),))).chapters}
    title, last = shown["invoices"].groups[-1]
    assert title == "其他"
    assert [figure.fact.label for figure in last][-1] == "明日指标"


def test_what_has_no_data_is_left_out_for_the_bank_and_explained_to_the_enterprise() -> None:
    gaps = (Missing(Category.TAX, Why.NOT_AUTHORISED), Missing(Category.GAS, Why.NOT_VERIFIED))
    bank = Report(replace(full.report(without=(Category.TAX, Category.GAS)), missing=gaps))
    assert "tax" not in {each.chapter.key for each in bank.chapters}
    assert bank.missing() == []
    own = Report(replace(bank.data, own_copy=True)).missing()
    assert own == [
        ("7　税务", "税务", "未授权：授权委托书未包含此类数据"),
        ("11　水、电、气", "用气", "未核验：户号未填写或核验不一致，未采集"),
    ]


def test_a_document_in_which_nothing_is_known_is_no_chapter() -> None:
    empty = {
        each.name: None for source in SOURCES if source.category is Category.STATEMENTS for each in source.indicators
    }
    body = full.bodies()[Category.STATEMENTS] | {"lists": []}
    facts = [each | {"value": empty[each["name"]]} for each in body["facts"]]
    data = replace(REPORT, chapters=(chapter(body | {"facts": facts}),), own_copy=True)
    assert "statements" not in {each.chapter.key for each in Report(data).chapters}
    assert ("8A　财务报表（自行申报）", "财务报表", "无数据：已授权，来源部门尚未交付可用数据") in Report(
        data
    ).missing()


@pytest.mark.parametrize(
    ("name", "value", "answer"),
    [
        ("dishonest_debtor", 1, Answer.YES),
        ("dishonest_debtor", 0, Answer.NO),
        ("dishonest_debtor", None, Answer.UNKNOWN),
        ("tax_grade", "D", Answer.YES),
        ("tax_grade", "M", Answer.NO),
        ("tax_grade", None, Answer.UNKNOWN),
        ("tax_arrears", 1, Answer.YES),
    ],
)
def test_a_bar_is_answered_by_its_fact_and_by_nothing_else(name: str, value: object, answer: Answer) -> None:
    found = {bar.figure.fact.name: bar for bar in summary(Report(full.report({name: value}))).bars if bar.figure}
    assert found[name].answer is answer


def test_where_a_category_is_not_there_its_bars_are_unknown_and_not_no() -> None:
    bars = {bar.label: bar for bar in summary(Report(full.report(without=(Category.JUDICIAL,)))).bars}
    assert (bars["失信被执行人"].answer, bars["失信被执行人"].words) == (Answer.UNKNOWN, "未知")


def test_the_line_is_arithmetic_with_its_inputs_and_says_what_is_unknown() -> None:
    values = {"sales_r12": 1_000_000_000, "tax_paid_r12": 20_000_000, "platform_unsecured_fen": 30_000_000}
    steps = {step.label: step for step in summary(Report(full.report(values))).arithmetic}
    assert (steps["② 按销售"].words, steps["③ 按纳税"].words) == ("50–150 万元", "100–160 万元")
    assert "1,000 万元 × 5%–15%" in steps["② 按销售"].note
    assert steps["① 产品上限"].words == steps["④ 流动资金缺口"].words == "未知"
    assert steps["min(①, ②或③, ④) − ⑤"].words == "按销售 20–120 万元；按纳税 70–130 万元"


def test_a_small_line_keeps_its_decimals_and_a_small_tax_is_not_nothing() -> None:
    values = {"sales_r12": 59_280_000, "tax_paid_r12": 20_000, "platform_unsecured_fen": 0}
    steps = {step.label: step for step in summary(Report(full.report(values))).arithmetic}
    assert (steps["② 按销售"].words, steps["③ 按纳税"].words) == ("2.96–8.89 万元", "0.1–0.16 万元")
    assert steps["③ 按纳税"].note == "近12个月入库税额 200 元 × 5–8 倍"


def test_without_sales_and_tax_no_line_is_made_up() -> None:
    last = summary(Report(full.report({"sales_r12": None, "tax_paid_r12": None}))).arithmetic[-1]
    assert last.words == "无法计算"


def test_debt_of_the_enterprises_own_statements_is_marked_as_such() -> None:
    filed = {card.label: card for card in summary(Report(full.report())).debt}["有息负债（自行申报）"]
    assert filed.words == "197.53 万元"  # short and long loans of the newest balance sheet
    assert filed.notes != "—"


def test_a_figure_names_its_deliveries_by_number_and_those_say_what_their_check_came_to() -> None:
    report = Report(full.report())
    figure = report.figures["tax_burden_r12"]  # of declarations and payments
    origins = [report.origins.all[note - 1] for note in figure.notes]
    assert [each.delivery.feed for each in origins] == ["tax_declarations", "tax_payments"]
    assert origins[0].checked == "部分入库：全部 120,340 行，接收 120,001，被取代 300，隔离 39"
    assert origins[1].checked == NOT_KEPT
    assert [each.number for each in report.origins.all] == list(range(1, len(report.origins.all) + 1))


@pytest.mark.parametrize(("notes", "words"), [((), "—"), ((4,), "4"), ((1, 2, 3, 7), "1–3、7"), ((2, 4), "2、4")])
def test_numbers_in_a_row_are_written_as_a_span(notes: tuple[int, ...], words: str) -> None:
    assert written(notes) == words


def test_related_parties_are_named_once_with_all_that_ties_them() -> None:
    shown = {each.chapter.key: each for each in Report(full.report()).chapters}
    (table,) = [each for each in shown["related"].tables if each.title == "登记中的关联方"]
    assert [row[:2] for row in table.rows] == [("林沐远", "法定代表人"), ("某某事项", "股东、某某事项、分支机构")]


def test_a_list_says_its_units_once_a_year_as_a_year_and_what_was_not_filled_in() -> None:
    """Each cell of a report that kept no values stays as it was written: see the frozen one below."""
    columns = [
        {"name": name, "label": label, "unit": unit}
        for name, label, unit in (
            ("of_year", "年报年度", ""), ("share_percent", "持股比例", ""), ("late_fee_fen", "滞纳金", "fen"),
            ("owed_fen", "欠税", "fen"), ("end", "截止", ""),
        )
    ]  # fmt: skip
    row = {"of_year": "2019-12-31", "share_percent": 79.5, "end": None, "delivery": "20200220-000001"}
    rows = [row | {"late_fee_fen": 12_830, "owed_fen": 3_300_000}, row | {"late_fee_fen": 4_000, "owed_fen": 125_000}]
    rows.append(row | {"share_percent": 10.0, "late_fee_fen": 0, "owed_fen": 4_000})
    told = {"label": "欠税", "feed": "tax_arrears", "as_of": "2020-01-31", "count": 3, "columns": columns, "rows": rows}
    shown = Report(replace(REPORT, chapters=(chapter(INVOICES | {"category": "tax", "lists": [told]}),)))
    (table,) = [each for part in shown.chapters for each in part.tables if each.title == "欠税"]
    assert table.headings == ("年报年度", "持股比例（%）", "滞纳金（元）", "欠税（万元）", "截止", "来源")
    assert [cells[:-1] for cells in table.rows] == [
        ("2019", "79.5", "128.30", "3.30", "—"), ("2019", "79.5", "40.00", "0.12", "—"),
        ("2019", "10", "0.00", "<0.01", "—"),
    ]  # fmt: skip
    assert table.values[0][1:4] == (79.5, 128.3, 3.3)


@pytest.mark.parametrize(("penalties", "words"), [(0, "无记录"), (None, "无数据")])
def test_days_since_the_last_of_none_are_no_gap_in_the_data(penalties: int | None, words: str) -> None:
    shown = Report(full.report({"penalties_in_force": penalties, "days_since_penalty": None}))
    found = shown.figures["days_since_penalty"]
    assert (found.words, found.known) == (words, penalties == 0)


def test_months_of_small_sums_are_told_in_yuan() -> None:
    electricity = ELECTRICITY | {"series": {"by_month": [{"month": "2020-01", "kwh": 2.0, "charge_fen": 160}]}}
    shown = Report(replace(REPORT, chapters=(chapter(electricity),)))
    (table,) = [each for part in shown.chapters for each in part.tables if each.by_month]
    assert (table.headings, table.rows[-1]) == (("月份", "用电量（千瓦时）", "费用（元）"), ("2020-01", "2", "1.60"))


def test_a_report_frozen_before_chapters_were_still_opens_with_its_own_check_code() -> None:
    kept = OLD.read_bytes()
    data = ReportData.from_json(kept)
    assert data.check_code() == "9550 4226 94B1 384E"
    assert (data.score, data.looks, data.chapters[0].deliveries[0].delivered) == (None, (), None)
    report = Report(data)
    shown = {each.chapter.key: each for each in report.chapters}
    assert [table.title for table in shown["owners"].tables] == ["股东及出资信息"], "known by its label alone"
    assert shown["owners"].tables[0].rows == (("林沐远", "500 万元", "1"),)
    assert report.origins.all[0].checked == NOT_KEPT
    assert summary(report).bars[0].answer is Answer.UNKNOWN


def test_each_chapter_draws_what_it_has_and_nothing_where_it_has_nothing() -> None:
    drawn = {each.chapter.key: [chart.title for chart in each.charts] for each in Report(full.report()).chapters}
    assert drawn["invoices"] == ["各月开票销售与取得进项", "近12个月开票销售与去年同月", "客户与供应商集中度"]
    assert drawn["utilities"] == ["各月用电量", "用电量与开票销售的走势"]
    assert (drawn["tax"], drawn["social-insurance"]) == (["各月入库税额"], ["各月参保人数"])
    svgs = "".join(chart.svg for each in Report(full.report()).chapters for chart in each.charts)
    named = re.findall(r' id="([^"]+)"', svgs)
    assert len(named) == len(set(named)), "two charts of a page under one name"
    alone = Report(replace(REPORT, chapters=(chapter(ELECTRICITY),))).chapters
    assert [chart.title for each in alone for chart in each.charts] == ["各月用电量"]
    assert Held(REPORT).months(Category.TAX) == ()
