"""What can be disputed in a report, and how it is kept."""

import pytest

from jinfuyun.deliveries.queries import answers_for
from jinfuyun.disputes.content import Figure, figure_of
from jinfuyun.kit.grant import Category
from tests.reports.sample import REPORT


@pytest.mark.parametrize(("category", "key", "label", "value", "rows"), [
    ("invoices", "sales_r12", "开票销售 R12", "2,345.68 万元", 0),
    ("invoices", "by_month", "发票按月数据", "24 个月", 24),
    ("registration", "record", "登记信息", "见下表", 13),
])  # fmt: skip
def test_a_figure_is_kept_as_it_stood(category: str, key: str, label: str, value: str, rows: int) -> None:
    figure = figure_of(REPORT, category, key)
    assert figure is not None
    assert (figure.label, figure.value, len(figure.rows)) == (label, value, rows)
    assert Figure.from_json(figure.to_json()) == figure
    assert figure.delivered_at is not None and figure.deliveries


@pytest.mark.parametrize(("category", "key"), [
    ("invoices", "record"), ("registration", "by_month"), ("invoices", "nothing"), ("tax", "sales_r12"), ("", ""),
])  # fmt: skip
def test_what_a_report_does_not_hold_cannot_be_disputed(category: str, key: str) -> None:
    assert figure_of(REPORT, category, key) is None


@pytest.mark.parametrize(("category", "feeds", "department"), [
    (Category.INVOICES, (), "tax"), (Category.PUBLIC_CREDIT, ("penalties",), "credit"),
    (Category.PUBLIC_CREDIT, ("abnormal_list",), "market"), (Category.PUBLIC_CREDIT, ("customs_ratings",), "customs"),
    (Category.TAX, ("penalties",), "tax"), (Category.PLATFORM, ("platform_financing",), ""),
])  # fmt: skip
def test_the_department_answers_whose_feed_the_figure_came_from(
    category: Category, feeds: tuple[str, ...], department: str
) -> None:
    assert answers_for(category, feeds) == department
