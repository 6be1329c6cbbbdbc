"""Invoices under consent: what nobody authorised is not kept, what is kept becomes a document, what is revoked goes."""

import json
from datetime import date, timedelta
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from deltalake import DeltaTable

from jinfuyun.data import nightly, pipeline
from jinfuyun.kit.crypto import unseal
from jinfuyun.kit.errors import Unreachable
from jinfuyun.kit.grant import Category
from tests.data.codes import A, B
from tests.data.conftest import AT
from tests.documents import stored

TAXPAYERS = f"纳税人识别号,统一社会信用代码\nT1,{A}\nT2,{B}\n"
HEADER = "纳税人识别号,发票号码,开票日期,购方单位代号,金额,税额,价税合计,发票状态\n"


def sold(taxpayer: str, number: int, day: str, yuan: str, state: str = "有效发票") -> str:
    return f"{taxpayer},{number},{day},B1,{yuan},0,{yuan},{state}\n"


SALES = (
    HEADER + sold("T1", 1, "2019/12/30", "100.5") + sold("T1", 2, "2020/2/21", "7") + sold("T2", 3, "2019/12/30", "9")
)


def document(uscc: str, category: str = "invoices") -> dict | None:
    return stored(category=category, uscc=uscc).get(uscc)


def fact(uscc: str, name: str, category: str = "invoices") -> dict:
    return next(each for each in document(uscc, category)["facts"] if each["name"] == name)


def everything_below(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


@pytest.fixture(autouse=True)
def taxpayers(deliver):
    deliver("taxpayers", TAXPAYERS)


def test_without_consent_nothing_is_kept_but_a_count(deliver, look, plane):
    delivery = deliver("sales_invoices", SALES)
    assert (delivery.delivered, delivery.unauthorised, delivery.accepted) == (3, 3, 0)
    assert look("sales_invoices.current", "uscc") == look("sales_invoices.history", "uscc") == []
    assert sorted(look("unauthorised", "reason, row_count")) == [("no_consent", 1), ("no_consent", 2)]
    assert not any(A.encode() in (key or "").encode() for (key,) in look("unauthorised", "key_mark"))
    assert b"100.5" not in everything_below(plane.lake.root)
    assert not list(plane.lake.landing.glob("sealed/*"))


def test_the_same_file_counts_again_once_a_consent_stands(deliver, authorise):
    first = deliver("sales_invoices", SALES)
    authorise(A)
    second = deliver("sales_invoices", SALES)
    assert (second.delivered, second.accepted, second.unauthorised) == (3, 2, 1)
    assert second.number != first.number
    assert deliver("sales_invoices", SALES) == second


@pytest.mark.parametrize(
    ("start", "end", "accepted"),
    [
        (AT.date(), AT.date(), 2),
        (AT.date() + timedelta(days=1), None, 0),
        (date(2019, 1, 1), AT.date() - timedelta(days=1), 0),
    ],
)
def test_first_and_last_day_of_a_consent_are_included(deliver, authorise, start, end, accepted):
    authorise(A, start=start, end=end)
    assert deliver("sales_invoices", SALES).accepted == accepted


def test_a_consent_to_something_else_is_none(deliver, authorise):
    authorise(A, category="electricity")
    assert deliver("sales_invoices", SALES).accepted == 0


def test_an_unknown_taxpayer_is_not_kept(deliver, authorise, look):
    authorise(A)
    delivery = deliver("sales_invoices", HEADER + sold("T9", 1, "2019/12/30", "1") + sold("T1", 2, "2019/12/30", "1"))
    assert (delivery.accepted, delivery.unauthorised) == (1, 1)
    assert look("unauthorised", "reason") == [("unknown_enterprise",)]


def test_a_row_names_its_enterprise_by_either_code(deliver, authorise):
    authorise(A)
    assert (
        deliver("sales_invoices", HEADER + sold(A, 1, "2019/12/30", "1") + sold("t1", 2, "2019/12/30", "1")).accepted
        == 2
    )


@pytest.mark.parametrize(
    ("cells", "rule"),
    [
        ("T1,9,2019/2/30,B1,1,0,1,有效发票", "issued_on_unreadable"),
        ("T1,9,2019/2/3,B1,1e400,0,1,有效发票", "net_fen_unreadable"),
        ("T1,9,2019/2/3,B1,１２,0,12,有效发票", "net_fen_full_width"),
        ("T1,9,2019/2/3,B1,1.005,0,1,有效发票", "net_fen_unreadable"),
        ("T1,9,2019/2/3,B1,100,10,120,有效发票", "sum_differs"),
        ("T1,9,2019/2/3,B1,1,0,1,待定", "state_unreadable"),
        ("T1,=9,2019/2/3,B1,1,0,1,有效发票", "invoice_number_formula"),
    ],
)
def test_a_bad_row_of_one_who_consented_waits_sealed(deliver, authorise, look, plane, cells, rule):
    authorise(A)
    delivery = deliver("sales_invoices", f"{HEADER}{cells}\n{sold('T1', 1, '2019/12/30', '1')}")
    assert (delivery.accepted, delivery.quarantined) == (1, 1)
    ((row, uscc, found, raw),) = look("quarantine", "row_number, uscc, rule, raw")
    assert (row, uscc, found) == (2, A, rule)
    assert unseal(raw, ring=plane.ring, place=f"quarantine/{delivery.number}/2").decode() == cells


def test_a_bad_row_of_one_who_did_not_is_not_kept_at_all(deliver, look):
    delivery = deliver("sales_invoices", f"{HEADER}T1,9,2019/2/30,B1,1,0,1,有效发票\n")
    assert (delivery.quarantined, delivery.unauthorised) == (0, 1)


def test_a_row_that_names_nobody_waits_without_its_words(deliver, look):
    delivery = deliver(
        "sales_invoices",
        f'{HEADER}T1,"9"9,2019/2/3,B1,1,0,1,有效发票\n,9,2019/2/3,B1,1,0,1,有效发票\n'
        + sold("T1", 1, "2019/12/30", "1"),
    )
    assert (delivery.quarantined, delivery.unauthorised) == (2, 1)
    assert look("quarantine", "rule, raw") == [("quotes_broken", None), ("taxpayer_missing", None)]


def test_a_voided_invoice_takes_the_place_of_the_valid_one(deliver, authorise, look):
    authorise(A)
    deliver("sales_invoices", HEADER + sold("T1", 1, "2019/12/30", "5") + sold("T1", 2, "2020/2/20", "5"))
    again = deliver(
        "sales_invoices", HEADER + sold("T1", 1, "2019/12/30", "5", " 作废发票") + sold("T1", 2, "2020/2/20", "5")
    )
    assert (again.accepted, again.superseded) == (1, 1)
    assert look("sales_invoices.current", "invoice_number, state") == [("1", "void"), ("2", "valid")]
    assert look("sales_invoices.history", "invoice_number, state") == [("1", "valid")]
    assert fact(A, "sales_r12")["value"] == 0


def test_a_document_says_its_cut_off_and_origin(deliver, authorise):
    authorise(A)
    delivery = deliver("sales_invoices", SALES)
    body = document(A)
    assert (body["category"], body["cut_off"], body["department"]) == ("invoices", "2020-01", "税务局")
    (origin,) = body["deliveries"]
    assert (origin["number"], origin["feed"], origin["rows"], origin["sha256"]) == (
        delivery.number, "sales_invoices", 2, delivery.sha256,
    )  # fmt: skip
    sales = fact(A, "sales_r12")
    assert (sales["value"], sales["unit"], sales["rows"], sales["period"], sales["deliveries"]) == (
        10050, "fen", 1, "2019-02 至 2020-01", [delivery.number],
    )  # fmt: skip
    assert fact(A, "purchases_r12")["value"] is None
    assert [month["sales_fen"] for month in body["series"]["by_month"]] == [10050, 0]
    assert document(B) is None


def test_a_later_delivery_moves_the_cut_off(deliver, authorise):
    authorise(A)
    deliver("sales_invoices", SALES)
    deliver("sales_invoices", HEADER + sold("T1", 4, "2020/3/1", "1"))
    assert document(A)["cut_off"] == "2020-02"


def test_revoking_erases_every_trace(deliver, authorise, plane, look):
    authorise(A, B)
    deliver("sales_invoices", SALES + "T1,12345678,2019/2/30,B1,1,0,1,有效发票\n")
    deliver("sales_invoices", HEADER + sold("T1", 1, "2019/12/30", "100.5", "作废发票"))
    erased = pipeline.forget(plane, A, [Category.INVOICES], at=AT)
    assert erased["sales_invoices.current"] == 2
    assert erased["sales_invoices.history"] == 1
    assert (erased["quarantine"], erased["documents"]) == (1, 1)
    assert document(A) is None
    assert document(B) is not None
    assert look("sales_invoices.current", "uscc") == [(B,)]
    assert look("coverage", "uscc, feed") == [(A, "taxpayers"), (B, "sales_invoices"), (B, "taxpayers")]
    for name in ("sales_invoices.current", "sales_invoices.history", "quarantine"):
        files = (plane.lake.root / "tables" / name).rglob("*.parquet")
        assert A not in {uscc for file in files for uscc in pq.ParquetFile(file).read(["uscc"])["uscc"].to_pylist()}
    assert pipeline.forget(plane, A, [Category.INVOICES], at=AT)["sales_invoices.current"] == 0


def test_what_died_before_its_release_never_was(deliver, authorise, look, plane, monkeypatch):
    authorise(A)
    deliver("sales_invoices", HEADER + sold("T1", 1, "2019/12/30", "5"))
    with monkeypatch.context() as patched:
        patched.setattr(type(plane.lake), "publish", _power_cut)
        with pytest.raises(KeyboardInterrupt):
            deliver("sales_invoices", HEADER + sold("T1", 1, "2019/12/30", "6"))
    assert look("sales_invoices.current", "net_fen") == [(500,)]
    assert deliver("sales_invoices", HEADER + sold("T1", 1, "2019/12/30", "6")).accepted == 1
    assert look("sales_invoices.current", "net_fen") == [(600,)]
    assert look("sales_invoices.history", "net_fen") == [(500,)]
    assert DeltaTable(plane.lake.root / "tables" / "sales_invoices.current").to_pyarrow_table().num_rows == 1


def test_what_died_after_its_release_is_served_at_the_next_opening(deliver, authorise, plane, monkeypatch):
    authorise(A)
    with monkeypatch.context() as patched:
        patched.setattr(pipeline, "_serve", _power_cut)
        with pytest.raises(KeyboardInterrupt):
            deliver("sales_invoices", SALES)
    assert document(A) is None
    again = deliver("sales_invoices", SALES)
    assert (again.accepted, again.delivered) == (2, 3)
    assert fact(A, "sales_r12")["deliveries"] == [again.number]


def _power_cut(*_: object, **__: object) -> None:
    raise KeyboardInterrupt


TAX_FEEDS = ("tax_declarations", "tax_payments", "tax_grades", "tax_arrears", "tax_violations")


def test_a_pull_asks_for_what_was_authorised_and_fills_every_document(deliver, authorise, plane, tmp_path):
    asked_of = {}
    told = {
        "registration": f"统一社会信用代码,企业名称,注册日期\n{A},红星,2015-03-09\n",
        "sales_invoices": SALES,
        "tax_grades": "纳税人识别号,评价年度,评价结果,评价日期\nT1,2018,A,2019-04-30\n",
    }

    def fetch(feed, asked):
        asked_of[feed.name] = [(each.uscc, each.tax_number, each.consent_number) for each in asked]
        if feed.name == "purchase_invoices":
            raise Unreachable
        path = tmp_path / f"{feed.name}.csv"
        nothing = ",".join(column.label for column in feed.columns) + "\n"
        path.write_text(told.get(feed.name, nothing))
        return path.open("rb")

    for category in ("registration", "tax", "invoices", "electricity"):
        authorise(A, category=category)
    deliveries = pipeline.pull(plane, [A], pipeline.Departments(fetch=fetch), at=AT)
    states = {each.feed: each.state for each in deliveries}
    assert states == dict.fromkeys(("registration", "electricity", *TAX_FEEDS), "loaded") | {
        "sales_invoices": "partly_loaded",
        "purchase_invoices": "unreachable",
    }
    assert asked_of["sales_invoices"] == [(A, "T1", "SQ1")]
    assert "taxpayers" not in asked_of
    assert fact(A, "sales_r12")["value"] == 10050
    assert document(A, "registration")["record"]["name"] == "红星"
    assert fact(A, "age_months", "registration")["value"] == 59
    assert fact(A, "tax_grade", "tax")["value"] == "A"
    assert document(A, "electricity") is None


def test_nightly_writes_documents_anew_as_of_a_day(deliver, authorise, plane):
    deliver("sales_invoices", SALES, at=AT)
    authorise(A)
    deliver("sales_invoices", SALES)
    assert nightly.nightly(plane, as_of=date(2019, 12, 31), at=AT) == 1
    assert document(A)["cut_off"] == "2019-12"
    assert document(B) is None


def test_documents_are_plain_json_without_surprises(deliver, authorise):
    authorise(A)
    deliver("sales_invoices", SALES)
    assert json.loads(json.dumps(document(A))) == document(A)
    assert set(document(A)) == {
        "category", "department", "cut_off", "received_at", "months_covered", "deliveries", "facts", "series", "record",
        "lists",
    }  # fmt: skip
