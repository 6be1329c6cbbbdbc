"""What stands in a document beside the values: lists, the deliveries behind each figure, months."""

import pytest

from jinfuyun.data import pipeline
from jinfuyun.kit.grant import Category
from tests.data.codes import A, B
from tests.data.conftest import AT
from tests.data.test_invoices import document, fact

PENALTIES = (
    "统一社会信用代码,行政处罚决定文书号,违法行为类型,处罚类别,罚款金额（万元）,处罚决定日期,处罚机关,"
    "严重程度,公示截止期,信用修复日期\n"
)


@pytest.fixture(autouse=True)
def known(deliver, authorise):
    deliver("taxpayers", f"纳税人识别号,统一社会信用代码\nT1,{A}\n")
    for category in ("public_credit", "tax", "invoices", "customs"):
        authorise(A, category=category)


def test_a_list_shows_rows_in_words_newest_first_without_what_was_repaired(deliver):
    rows = [
        f"{A},罚1号,未按期年报,2,0.5,2019-01-05,市监局,轻微,,",
        f"{A},罚2号,超载,1,,2019-06-05,交警,一般,2099-12-31,",
        f"{A},罚3号,偷工,2,9,2019-07-05,住建局,严重,,2020-01-05",
        f"{B},罚4号,超载,1,,2019-06-05,交警,一般,,",
    ]
    number = deliver("penalties", PENALTIES + "\n".join(rows) + "\n").number
    (listed,) = document(A, "public_credit")["lists"]
    assert (listed["feed"], listed["label"], listed["count"], listed["as_of"]) == (
        "penalties",
        "行政处罚",
        2,
        "2019-07-05",
    )
    shown = [(row["document_number"], row["penalty"], row["fine_fen"], row["severity"]) for row in listed["rows"]]
    assert shown == [("罚2号", "警告", None, "一般"), ("罚1号", "罚款", 500_000, "轻微")]
    assert {row["delivery"] for row in listed["rows"]} == {number}
    assert {"name": "fine_fen", "label": "罚款金额", "unit": "fen"} in listed["columns"]
    assert fact(A, "penalties_in_force", "public_credit")["value"] == 2
    assert fact(A, "abnormal_listed", "public_credit")["value"] is None, "that list never came"


def test_a_list_names_its_newest_rows_only_but_counts_all(deliver):
    rows = [f"{A},罚{n:02d}号,超载,1,,2019-06-{n:02d},交警,一般,," for n in range(1, 26)]
    deliver("penalties", PENALTIES + "\n".join(rows) + "\n")
    (listed,) = document(A, "public_credit")["lists"]
    assert (listed["count"], len(listed["rows"]), listed["rows"][0]["document_number"]) == (25, 20, "罚25号")


DECLARED = "纳税人识别号,征收项目,税款所属期起,税款所属期止,申报日期,申报期限,应税销售额,应纳税额\n"
PAID = "纳税人识别号,电子税票号码,征收项目,税款种类,税款所属期起,税款所属期止,入库日期,实缴金额\n"
SOLD = "纳税人识别号,发票代码,发票号码,开票日期,购方纳税人识别号,金额,税额,价税合计,发票状态\n"


def test_a_figure_names_the_deliveries_of_its_own_feeds_only(deliver):
    sold = deliver("sales_invoices", f"{SOLD}T1,1,1,2019-12-05,B1,90,0,90,正常\nT1,1,2,2020-01-31,B1,0,0,0,正常\n")
    declared = deliver("tax_declarations", f"{DECLARED}T1,增值税,2020-01-01,2020-01-31,2020-02-10,2020-02-15,100,3\n")
    paid = deliver("tax_payments", f"{PAID}T1,P1,增值税,正税,2020-01-01,2020-01-31,2020-01-31,3\n")
    behind = {name: fact(A, name, "tax")["deliveries"] for name in ("declared_sales_r12", "tax_paid_r12", "tax_grade")}
    assert behind == {"declared_sales_r12": [declared.number], "tax_paid_r12": [paid.number], "tax_grade": []}
    deviation = fact(A, "sales_deviation_r12", "tax")
    assert (deviation["value"], deviation["deliveries"]) == (1000, sorted([sold.number, declared.number]))
    assert {each["number"] for each in document(A, "tax")["deliveries"]} == {sold.number, declared.number, paid.number}


def test_what_was_lent_goes_with_its_consent(deliver, plane):
    """The invoices are forgotten: the tax chapter stays, but for the ratio that was made of them."""
    deliver("tax_declarations", f"{DECLARED}T1,增值税,2020-01-01,2020-01-31,2020-02-10,2020-02-15,100,3\n")
    deliver("sales_invoices", f"{SOLD}T1,1,1,2019-12-05,B1,90,0,90,正常\nT1,1,2,2020-01-31,B1,0,0,0,正常\n")
    assert fact(A, "sales_deviation_r12", "tax")["value"] == 1000
    pipeline.forget(plane, A, [Category.INVOICES], at=AT)
    assert fact(A, "sales_deviation_r12", "tax")["value"] is None
    assert fact(A, "declared_sales_r12", "tax")["value"] == 10_000
    assert document(A, "invoices") is None


def test_a_month_without_exports_is_zero_and_one_before_the_data_is_not_there(deliver):
    header = "统一社会信用代码,报关单编号,进出口标志,申报日期,监管方式,运抵国（地区）,商品编号,美元价,人民币价\n"
    rows = [f"{A},E{n},出口,{day},一般贸易,USA,8501,10,70" for n, day in enumerate(("2019-11-05", "2020-01-31"))]
    deliver("customs_declarations", header + "\n".join(rows) + "\n")
    months = document(A, "customs")["series"]["by_month"]
    assert [(row["month"], row["export_fen"]) for row in months] == [
        ("2019-11", 7000),
        ("2019-12", 0),
        ("2020-01", 7000),
    ]
