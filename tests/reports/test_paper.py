"""The report on paper: every figure with its origin, every page with its reader, and no more than that one may see."""

import io
import logging
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from pypdf import PdfReader

from jinfuyun.config import places
from jinfuyun.reports.content import ReportData, chapter
from jinfuyun.reports.paper import _widths, all_cover_lines, notes, render_report
from jinfuyun.storage.typesetting import typesetter
from tests.reports import full
from tests.reports.sample import ELECTRICITY, FRIDAY, INVOICES, MONTHS, REGISTRATION, REPORT, delivered, fact

FOOT = 68  # points from the edge below which the footer stands (24 mm)
FONTS = places.NODE_MODULES / "@expo-google-fonts" / "noto-sans-sc"


def made(data: ReportData) -> PdfReader:
    return PdfReader(io.BytesIO(render_report(data, setter=typesetter(FONTS))))


def pages(reader: PdfReader) -> list[str]:
    return ["".join(page.extract_text().split()) for page in reader.pages]


@pytest.fixture(scope="module")
def banks_copy() -> PdfReader:
    return made(REPORT)


def test_the_cover_says_for_whom_under_which_consent_and_how_old(banks_copy: PdfReader) -> None:
    cover = pages(banks_copy)[0]
    for expected in (
        REPORT.number,
        REPORT.enterprise,
        REPORT.uscc,
        "2020-05-2211:04:05",
        REPORT.reader,
        "贷前审查",
        REPORT.consent.number,
        "2020-01，各章见信用概要",
        REPORT.check_code().replace(" ", ""),
        REPORT.verify_url,
        REPORT.content_hash(),
    ):
        assert expected in cover


def test_every_month_and_every_indicator_stands_there_with_its_origin(banks_copy: PdfReader) -> None:
    whole = "".join(pages(banks_copy))
    assert [month for month in MONTHS if whole.count(month) < 2] == [], "once for invoices, once for electricity"
    for label, value in (("开票销售R12", "2,345.68万元"), ("同比R12", "-8.20%"), ("客户留存", "无数据")):
        assert f"{label}{value}2019-02至2020-012020-01120[2]" in whole
    assert "220200220-000031税务局·" in whole, "what [2] stands for"
    for body in (REGISTRATION, INVOICES, ELECTRICITY):
        assert f"来源：{body['department']}" in whole
        assert all(delivery["number"] in whole for delivery in body["deliveries"])


def test_a_figure_that_rests_on_fewer_months_than_it_spans_says_so() -> None:
    young = INVOICES | {"facts": [fact("a", "甲", "fen", 1) | {"months_covered": 8}, fact("b", "乙", "fen", 1)]}
    whole = "".join(pages(made(replace(REPORT, chapters=(chapter(young),)))))
    assert whole.count("其中有数据") == 1
    assert "其中有数据8个月" in whole


def test_every_page_is_numbered_and_says_whose_copy_it_is(banks_copy: PdfReader) -> None:
    written = pages(banks_copy)
    for i, page in enumerate(written, start=1):
        assert f"第{i}页共{len(written)}页" in page
        assert "闽岭银行福州分行·王小川" in page
        assert "2020-05-2211:04:05" in page


def test_the_chapters_are_bookmarks_in_their_order(banks_copy: PdfReader) -> None:
    titles = [str(entry["/Title"]) for entry in banks_copy.outline if isinstance(entry, dict)]
    assert [title.replace("\u3000", " ") for title in titles] == [
        "企业信用报告", "1 信用概要", "授权信息", "2 基本信息", "8 发票购销", "11 水、电、气", "20 关联关系",
        "21 异议标注、企业声明与查询记录", "数据来源与编制说明",
    ]  # fmt: skip


def test_the_charts_speak_for_who_cannot_see_them(banks_copy: PdfReader) -> None:
    spoken = list(_alternative_texts(banks_copy.root_object["/StructTreeRoot"]))
    assert any(text.startswith("各月开票销售与取得进项。2018-02 至 2020-01。") for text in spoken)
    assert any(text.startswith("各月用电量。") for text in spoken)


def test_a_number_leads_to_its_origin_and_the_origin_back(
    banks_copy: PdfReader, caplog: pytest.LogCaptureFixture
) -> None:
    last = len(banks_copy.pages) - 1
    ways = list(_links(banks_copy))
    there = [(page, to) for page, to in ways if page < last]
    back = [(page, to) for page, to in ways if page == last]
    assert {to for _, to in there} == {last}
    assert {page for page, _ in there} >= {1, 3}, "from the credit officer's page and from the chapters"
    assert back == [(last, 1)], "to the credit officer's page, where it is named first; the others no figure names"
    with caplog.at_level(logging.WARNING):
        made(REPORT)
    assert caplog.text == "", "still an archive's paper with its tags"


def test_a_report_in_which_nothing_came_is_still_a_report() -> None:
    written = pages(made(replace(REPORT, chapters=(), own_copy=True)))
    assert "数据截至各章分别注明" in written[0]
    assert "10项中：有0项，无0项，未知10项" in written[1]


def test_the_credit_officers_page_is_one_page_even_of_a_full_report() -> None:
    written = pages(made(full.report({"enforcement_open_fen": 10**12})))
    assert "1信用概要" in written[1]
    assert "20关联关系" in written[1], "the last line of its last table"
    assert "授权信息" in written[2]


def test_no_heading_stands_alone_at_the_bottom_of_a_page() -> None:
    """Seen red with the headings' stickiness taken away."""
    reader = made(full.report(own_copy=True))
    lowest = [_lowest_words(page) for page in reader.pages]
    headings = {"".join(words.split()) for words in _titles(reader.outline)}
    assert [words for words in lowest if words in headings] == []


def test_what_is_missing_is_explained_to_the_enterprise_and_to_nobody_else(banks_copy: PdfReader) -> None:
    own = "".join(pages(made(replace(REPORT, own_copy=True, reader=REPORT.enterprise))))
    assert "用水未核验：户号未填写或核验不一致，未采集" in own
    assert "海关未授权：授权委托书未包含此类数据" in own
    bank = "".join(pages(banks_copy))
    assert [word for word in ("用水", "海关", "未核验", "未授权", "未显示的数据") if word in bank] == []


def test_short_columns_take_what_they_need_and_long_words_share_the_rest() -> None:
    head = ["处罚决定文书号", "罚款金额\n（万元）", "截止", "来源"]
    row = ("闽罚〔2026〕000000061号" * 4, "15.60", "2029-06-19", "17")
    first, *others = _widths(head, [row])
    assert others == [None, None, None], "a date does not break"
    assert first is not None
    assert first > 10


def test_columns_that_all_fit_share_the_line_by_what_they_hold() -> None:
    head = ["处罚决定文书号", "罚款金额\n（万元）", "截止", "来源"]
    row = ("闽罚〔2026〕000000061号", "15.60", "2029-06-19", "17")
    number, amount, day, source = _widths(head, [row])
    assert number and amount and day and source
    assert number > day > amount > source > 2, "each has room for its longest cell"


def test_a_letter_that_is_not_set_yet_and_how_to_read_the_report_are_said_in_words() -> None:
    waiting = replace(REPORT, consent=replace(REPORT.consent, pdf_sha256=""))
    assert ("授权书文件摘要", "制作本报告时文件尚未生成") in all_cover_lines(waiting)
    written = "".join(pages(made(waiting)))
    for note in notes(waiting):
        assert "".join(note.split()) in written


def test_the_same_report_is_the_same_paper_and_is_dated_by_its_making(banks_copy: PdfReader) -> None:
    assert render_report(REPORT, setter=typesetter(FONTS)) == render_report(REPORT, setter=typesetter(FONTS))
    assert banks_copy.metadata is not None
    assert banks_copy.metadata.creation_date == FRIDAY


def long_body(months: int, facts: int, deliveries: int) -> dict[str, Any]:
    return INVOICES | {
        "facts": [fact(f"f{i}", f"很长的指标名称，说明口径与范围 {i}", "fen", i * 1_000_000_007) for i in range(facts)],
        "deliveries": [delivered(f"20200220-{i:06d}", "sales_invoices", i) for i in range(deliveries)],
        "series": {
            "by_month": [
                {"month": f"{2010 + i // 12}-{i % 12 + 1:02d}", "sales_fen": None if i % 7 == 0 else i * 9_999_999}
                for i in range(months)
            ]
        },
    }


@pytest.mark.parametrize(
    ("months", "facts", "deliveries"), [(0, 0, 0), (1, 1, 1), (13, 40, 3), (36, 90, 60), (61, 7, 200), (120, 33, 31)]
)
def test_short_and_long_reports_break_over_pages_and_stay_accessible(
    months: int, facts: int, deliveries: int, caplog: pytest.LogCaptureFixture
) -> None:
    scope = {"record": REGISTRATION["record"] | {"scope": "经营范围很长；" * 20 * deliveries}}
    chapters = (chapter(REGISTRATION | scope), chapter(long_body(months, facts, deliveries)), chapter(ELECTRICITY))
    with caplog.at_level(logging.WARNING):
        reader = made(replace(REPORT, chapters=chapters, own_copy=True))
    assert caplog.text == "", "no falling back to a paper without its tags in order"
    assert len(reader.pages) >= 3


def _titles(outline: Any) -> Iterator[str]:
    for entry in outline:
        if isinstance(entry, list):
            yield from _titles(entry)
        else:
            yield str(entry["/Title"])


def _lowest_words(page: Any) -> str:
    """The last line above the footer."""
    lines = dict[int, str]()

    def take(text: str, matrix: list[float], *_: Any) -> None:
        if text.strip() and matrix[5] > FOOT and REPORT.reader not in text:  # the watermark is everywhere
            line = round(matrix[5])
            lines[line] = lines.get(line, "") + text

    page.extract_text(visitor_text=take)
    return "".join(lines[min(lines)].split())


def _links(reader: PdfReader) -> Iterator[tuple[int, int]]:
    """Of each link within the paper the page where it stands and the one it leads to."""
    places = {page.indirect_reference.idnum: number for number, page in enumerate(reader.pages)}
    for number, page in enumerate(reader.pages):
        for each in page.get("/Annots", ()):
            link = each.get_object()
            target = link.get("/Dest") or link.get("/A", {}).get("/D")
            if target is not None:  # links to the web have none
                yield number, places[target.get_object()[0].idnum]


def _alternative_texts(node: Any) -> Iterator[str]:
    node = node.get_object()
    if isinstance(node, list):
        for inner in node:
            yield from _alternative_texts(inner)
    elif isinstance(node, dict):
        if "/Alt" in node:
            yield str(node["/Alt"])
        if "/K" in node:
            yield from _alternative_texts(node["/K"])
