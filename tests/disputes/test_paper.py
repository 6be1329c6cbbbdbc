"""On paper too a disputed figure is marked, and nothing of what was frozen changes by it."""

import io

from pypdf import PdfReader

from jinfuyun.reports.paper import Marks, render_report
from jinfuyun.storage.typesetting import typesetter
from tests.reports.sample import REPORT
from tests.reports.test_paper import FONTS, pages

MARK = "异议处理中（自 2026-03-02）"


def printed(marks: Marks | None) -> str:
    return "".join(pages(PdfReader(io.BytesIO(render_report(REPORT, setter=typesetter(FONTS), marks=marks)))))


def test_each_kind_of_figure_carries_its_mark() -> None:
    places = (("invoices", "sales_r12"), ("invoices", "by_month"), ("registration", "record"), ("tax", "not here"))
    whole = printed(dict.fromkeys(places, MARK))
    mark = MARK.replace(" ", "")
    assert whole.count(mark) == 4  # sales stand in the summary, too
    for words in (f"开票销售R12（{mark}）", f"按月数据（{mark}）", f"登记信息{mark}", REPORT.content_hash()):
        assert words in whole


def test_without_marks_nothing_is_said() -> None:
    assert "异议处理中" not in printed(None)
