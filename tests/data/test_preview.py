"""A preview says what the delivery would say, and leaves everything as it was."""

import gzip
import hashlib
import io
from datetime import date

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from jinfuyun.data import preview as previews
from jinfuyun.data.departments.contract import Kind
from jinfuyun.data.departments.registry import FEEDS
from jinfuyun.data.departments.words import KINDS, described
from jinfuyun.data.ingest import cells
from jinfuyun.data.ingest.manifests import Manifest
from jinfuyun.data.ingest.refusal import FileRefused
from jinfuyun.data.lake import engine
from tests.data.codes import A, B
from tests.data.conftest import AT
from tests.data.test_invoices import HEADER, sold
from tests.data.workbooks import workbook

TAXPAYERS = f"纳税人识别号,统一社会信用代码\nT1,{A}\nT2,{B}\n"
SALES = (
    HEADER.replace("\n", ",批次\n")
    + sold("T1", 1, "2019/12/30", "1234.5", "作废").replace("\n", ",\n")
    + sold("T1", 2, "2019/13/30", "x").replace("\n", ",\n")
    + sold("T2", 3, "2019/12/30", "9").replace("\n", ",\n")
)


def everything(plane) -> set[tuple[str, int]]:
    files = [path for path in plane.lake.root.rglob("*") if path.is_file()]
    return {(str(path), path.stat().st_mtime_ns) for path in files}


def test_the_preview_is_the_delivery_without_its_effect(deliver, authorise, plane, tmp_path):
    """Seen red with the lake itself in the place of `Untouched`."""
    deliver("taxpayers", TAXPAYERS)
    authorise(A)
    path = tmp_path / "sales.csv"
    path.write_text(SALES)
    before = everything(plane)
    seen = previews.preview(plane, FEEDS["sales_invoices"], path, at=AT)
    assert everything(plane) == before
    assert seen.counts == {"accepted": 1, "superseded": 0, "quarantined": 1, "unauthorised": 1}
    assert ("纳税人识别号", "纳税人识别号") in seen.headers and ("批次", None) in seen.headers
    assert ("购方单位代号", "购方纳税人识别号") in seen.headers
    assert {rule: count for rule, _, count in seen.rules} == {
        "issued_on_unreadable": 1, "net_fen_unreadable": 1, "gross_fen_unreadable": 1,
    }  # fmt: skip
    assert seen.left_out == [("no_consent", 1)]
    first, second, third = seen.rows
    assert dict(zip(seen.columns, first.values, strict=True)) == {
        "纳税人识别号": "T1", "发票号码": "1", "开票日期": "2019-12-30", "购方纳税人识别号": "B1",
        "金额": "1,234.50 元", "税额": "0.00 元", "价税合计": "1,234.50 元", "发票状态": "作废发票",
    }  # fmt: skip
    assert (second.outcome, "不是有效日期" in second.reason) == ("quarantined", True)
    assert (third.outcome, third.values, third.reason) == ("unauthorised", [], "")
    taken = deliver("sales_invoices", path)
    assert {name: getattr(taken, name) for name in seen.counts} == seen.counts
    assert previews.preview(plane, FEEDS["sales_invoices"], path, at=AT).repeats == taken.number


@pytest.mark.parametrize("words", ["表头,不对\n1,2\n", "纳税人识别号,统一社会信用代码\n", ""])
def test_a_file_that_would_be_refused_is_refused_in_the_same_words(deliver, plane, tmp_path, words):
    path = tmp_path / "x.csv"
    path.write_text(words)
    with pytest.raises(FileRefused) as refusal:
        previews.preview(plane, FEEDS["taxpayers"], path, at=AT)
    assert str(refusal.value) == deliver("taxpayers", path).reason
    assert [each for each in plane.lake.landing.rglob("*") if each.is_file() and "sealed" in str(each)] == []


ARREARS = ["纳税人识别号", "征收项目", "税款所属期起", "税款所属期止", "缴款期限", "欠税余额", "滞纳金余额"]


def as_parquet() -> bytes:
    out = io.BytesIO()
    pq.write_table(pa.table({label: pa.array([], pa.string()) for label in ARREARS}), out)
    return out.getvalue()


@pytest.mark.parametrize("body", [
    (",".join(ARREARS) + "\n").encode(), gzip.compress(",".join(ARREARS).encode()), workbook([ARREARS]), as_parquet(),
], ids=["csv", "gzip", "xlsx", "parquet"])  # fmt: skip
def test_a_header_alone_is_a_delivery_of_nothing_where_it_says_how_far_it_reaches(
    deliver, authorise, plane, tmp_path, body
):
    """Seen red: the preview refused what the delivery took."""
    deliver("taxpayers", TAXPAYERS)
    authorise(A, category="tax")
    path = tmp_path / "nothing"
    path.write_bytes(body)
    with pytest.raises(FileRefused, match="请写明数据完整到哪一天"):
        previews.preview(plane, FEEDS["tax_arrears"], path, at=AT)
    assert "请写明数据完整到哪一天" in deliver("tax_arrears", path).reason
    until = date(2020, 2, 29)
    seen = previews.preview(plane, FEEDS["tax_arrears"], path, covers_until=until, at=AT)
    assert (seen.delivered, set(seen.counts.values()), seen.rows) == (0, {0}, [])
    assert (seen.covers_until, seen.repeats) == (str(until), "")
    taken = deliver("tax_arrears", path, covers_until=until)
    assert (taken.state, taken.delivered) == ("loaded", 0)
    again = previews.preview(plane, FEEDS["tax_arrears"], path, covers_until=until, at=AT)
    assert again.repeats == taken.number
    said = Manifest(
        sha256=hashlib.sha256(body).hexdigest(), rows=0, covers_until=until
    )  # as dropped and pushed files do
    assert deliver("tax_arrears", path, manifest=said).number == taken.number


def test_every_example_of_a_contract_would_be_accepted(tmp_path):
    """Seen red with a wrong check digit in the example."""
    with engine.opened(tmp_path) as sql:
        for feed in FEEDS.values():
            for column, told in zip(feed.columns, described(feed).columns, strict=True):
                (read,) = sql.row(f"SELECT {cells.typed(column, f'$${told.example}$$')} IS NOT NULL")
                assert read, (feed.name, column.name, told.example)
    assert set(KINDS) == set(Kind)
