"""One table in every format: the same rows, the same numbers, the same verdict on each of them."""

import csv
import gzip
import io
import json
from datetime import UTC, date, datetime
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from openpyxl import Workbook

from jinfuyun.data.ingest import formats, json_lines, sealed_files
from jinfuyun.data.ingest.refusal import FileRefused
from tests.data.codes import A, B, C
from tests.data.workbooks import saved, workbook, zipped

LABELS = ["注册日期", "统一社会信用代码", "企业名称", "注册号", "注册资金"]
ROWS = [
    ["2015-01-02", A, "甲，\"一\"厂", "350100400001234", "500(万元人民币)"],
    ["2016-02-30", B, "乙厂", "", ""],  # no such day
    ["2017-03-04", C, "丙\n厂", "X/1", ""],
    ["2018-05-06", A, "=1+1", "", ""],
]  # fmt: skip
KEPT = [(A, "甲，\"一\"厂", "350100400001234"), (C, "丙 厂", "X/1")]  # fmt: skip


def as_csv_file() -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows([LABELS, *ROWS])
    return out.getvalue().encode()


def as_json_lines() -> bytes:
    records = [{label: cell or None for label, cell in zip(LABELS, row, strict=True)} for row in ROWS]
    return b"".join(json.dumps(record, ensure_ascii=False).encode() + b"\n" for record in records)


def as_workbook() -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(LABELS)
    for row in ROWS:
        sheet.append([cell or None for cell in row])
    sheet["C5"].data_type = "s"  # typed as words, not as a formula
    return saved(book)


def as_parquet() -> bytes:
    out = io.BytesIO()
    columns = {label: [row[i] or None for row in ROWS] for i, label in enumerate(LABELS)}
    pq.write_table(pa.table(columns), out, row_group_size=2)
    return out.getvalue()


PLAIN = {"csv": as_csv_file, "json": as_json_lines, "xlsx": as_workbook, "parquet": as_parquet}
PACKED = {"plain": lambda body: body, "gzip": gzip.compress, "zip": lambda body: zipped(("x.dat", body))}


@pytest.mark.parametrize("packing", PACKED)
@pytest.mark.parametrize("form", PLAIN)
def test_the_same_table_is_the_same_delivery_in_every_format(deliver, look, plane, form, packing):
    delivery = deliver("registration", PACKED[packing](PLAIN[form]()))
    assert (delivery.reason, delivery.state) == ("", "partly_loaded")
    assert (delivery.delivered, delivery.accepted, delivery.quarantined) == (4, 2, 2)
    rows = look("registration.current", "uscc, name, registration_number", "uscc DESC")
    assert sorted(rows) == sorted(KEPT)
    assert look("quarantine", "row_number, rule", "row_number") == [
        (3, "registered_on_unreadable"),
        (5, "name_formula"),
    ]
    assert not list(plane.lake.landing.glob("sealed/*"))


def test_a_consented_workbook_lies_nowhere_in_plain(deliver, authorise, plane, monkeypatch):
    """Also while it is being read: everything in the lake's folder is searched for its words."""
    deliver("taxpayers", f"纳税人识别号,统一社会信用代码\nT1,{A}\n")
    authorise(A)
    seen = []
    really_blocks = sealed_files.blocks

    def blocks(path, key):
        seen.extend((each, each.read_bytes()) for each in plane.lake.root.rglob("*") if each.is_file())
        return really_blocks(path, key)

    monkeypatch.setattr(sealed_files, "blocks", blocks)
    secret = "绝密购方有限公司"
    sold = [["纳税人识别号", "发票代码", "发票号码", "开票日期", "金额（元）", "税额（元）", "购方名称"]]
    delivery = deliver("sales_invoices", workbook([*sold, ["T1", "c", "n", "2019/12/30", 1, 0, secret]]))
    assert delivery.state in ("refused", "partly_loaded", "loaded")
    assert any("sealed" in str(path) for path, _ in seen)
    assert not [path for path, content in seen if secret.encode() in content or b"PK\x03\x04" in content]


# --- what a cell becomes ---------------------------------------------------------------------------------------------


def lines_of(body: bytes) -> list[str]:
    whole = b"".join(formats.as_csv(io.BytesIO(body), size=len(body)))
    return whole.removeprefix(b"\xef\xbb\xbf").decode().splitlines()


def cell(value: object, number_format: str = "General") -> str:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["a", "b"])
    sheet.append([value, "x"])
    sheet["A2"].number_format = number_format
    [_, line] = lines_of(saved(book))
    return line.rpartition(",")[0]


@pytest.mark.parametrize(
    ("value", "number_format", "words"),
    [
        (10_000_000.0, "General", "10000000"),
        (0.1 + 0.2, "0.00", "0.3"),
        (-1e-7, "General", "-0.0000001"),
        (123456789012345, "General", "123456789012345"),
        (1234567.89, "#,##0.00", "1234567.89"),
        (True, "General", "TRUE"),
        (date(2020, 2, 29), "yyyy-mm-dd", "2020-02-29"),
        (datetime(2020, 2, 29, 23, 59, 59), "yyyy-mm-dd hh:mm:ss", "2020-02-29 23:59:59"),  # noqa: DTZ001  as a sheet has it
        ("００１", "General", "００１"),
        ("a,b", "General", '"a,b"'),
        ("", "General", ""),
    ],
)
def test_a_cell_of_a_sheet_becomes_what_a_person_would_type(value, number_format, words):
    assert cell(value, number_format) == words


@pytest.mark.parametrize(
    ("value", "number_format", "reason"),
    [
        (12345678901234567, "General", "第 2 行第 1 列：数字超过 15 位"),
        (0.5, "0%", "第 2 行第 1 列：单元格是百分比格式"),
        (0.5, "0.0%", "第 2 行第 1 列：单元格是百分比格式"),
        ("#N/A", "General", "第 2 行第 1 列：单元格是错误值 #N/A"),
        ("=1+1", "General", "第 2 行第 1 列：公式没有计算结果"),
    ],
)
def test_a_cell_that_does_not_hold_what_it_shows_is_named(value, number_format, reason):
    with pytest.raises(FileRefused, match=reason):
        cell(value, number_format)


def test_rows_of_a_sheet_keep_their_numbers_and_columns_their_places():
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for place, value in {"B2": "a", "C2": "b", "C4": "x", "B6": "y", "E6": "beyond"}.items():
        sheet[place] = value
    assert lines_of(saved(book)) == ["", ",a,b", "", ",,x", "", ",y,,,beyond"]


def test_numbers_of_json_keep_every_digit():
    record = (
        b'{"a": 12345678901234567890.10, "b": 1.0E7, "c": -2.5e-3, "d": 1e400, "e": true, "f": null, "g": 1e99999999}'
    )
    [_, line] = lines_of(record)
    assert line == "12345678901234567890.10,10000000,-0.0025,1e400,true,,1e99999999"


def test_values_of_parquet_become_the_words_of_the_contract():
    columns = {
        "i": pa.array([12345678901234567, None], pa.int64()),
        "f": pa.array([10_000_000.0, 0.1 + 0.2]),
        "d": pa.array([Decimal("1.50"), None], pa.decimal128(10, 2)),
        "day": pa.array([date(2020, 2, 29), None]),
        "day64": pa.array([date(2020, 2, 29), None], pa.date64()),
        "at": pa.array([datetime(2020, 2, 29, 16, 0, 1, tzinfo=UTC), None], pa.timestamp("us", "UTC")),
        "word": pa.array(['a,"b"', ""]).dictionary_encode(),
        "yes": pa.array([True, None]),
    }
    out = io.BytesIO()
    pq.write_table(pa.table(columns), out)
    assert list(csv.reader(lines_of(out.getvalue()))) == [
        ["i", "f", "d", "day", "day64", "at", "word", "yes"],
        ["12345678901234567", "10000000", "1.50", "2020-02-29", "2020-02-29", "2020-03-01 00:00:01", 'a,"b"', "true"],
        ["", "0.3", "", "", "", "", "", ""],
    ]


@pytest.mark.parametrize(
    "body",
    [b'{"a": null}\n{"a": null}\n', workbook([["a"], ["x"]]), None],
    ids=["json", "sheet", "parquet"],
)
def test_a_record_of_one_empty_cell_is_still_a_row(body):
    if body is None:
        out = io.BytesIO()
        pq.write_table(pa.table({"a": pa.array([None, "x"], pa.string())}), out)
        body = out.getvalue()
    lines = lines_of(body)
    assert lines[0] in ("a", '"a"')
    assert all(lines)


def test_records_are_cut_at_any_place_of_the_stream():
    whole = b'\n{"a": "\xe5\x8e\x82"}\r\n\n{"a": "2"}'
    for size in (1, 2, 3, 5, 100):
        pieces = iter([whole[i : i + size] for i in range(0, len(whole), size)])
        assert b"".join(json_lines.as_csv(pieces)).decode("utf-8-sig") == "a\n厂\n2\n"


def test_a_sealed_file_is_read_from_any_place(tmp_path):
    key, path = bytes(32), tmp_path / "sealed"
    content = bytes(range(256)) * 10_000
    pieces = (content[i : i + 77_777] for i in range(0, len(content), 77_777))
    assert sealed_files.write(path, pieces, key=key) == len(content)
    assert content[:64] not in path.read_bytes()
    with sealed_files.opened(path, key) as source:
        for place, size in ((0, 5), (2**20 - 3, 10), (len(content) - 4, 100), (2**20, 2**20 + 1)):
            source.seek(place)
            assert source.read(size) == content[place : place + size]
        source.seek(-7, 2)
        assert source.read() == content[-7:]
