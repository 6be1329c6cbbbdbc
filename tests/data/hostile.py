"""Files that mean harm, by name: how each is made, and the words with which it is refused."""

import gzip
import io
import json
import random
import struct
import zlib
from collections.abc import Callable

import pyarrow as pa
import pyarrow.parquet as pq
from openpyxl import Workbook

from tests.data.codes import A
from tests.data.workbooks import MAIN, by_hand, saved, words_cell, words_row, workbook, zipped

LABELS = ["统一社会信用代码", "企业名称", "注册日期"]
HEADER = ",".join(LABELS).encode() + b"\n"
GOOD = f"{A},好厂,2015-01-01\n".encode()
TOP = words_row(1, *LABELS)
MEGABYTE = b"0" * (1 << 20)


def record(**changed: object) -> bytes:
    return json.dumps(dict(zip(LABELS, (A, "好厂", "2015-01-01"), strict=True)) | changed, ensure_ascii=False).encode()


def parquet(table: pa.Table, **options: object) -> bytes:
    out = io.BytesIO()
    pq.write_table(table, out, **options)
    return out.getvalue()


def table(**more: pa.Array) -> pa.Table:
    return pa.table({LABELS[0]: [A], LABELS[1]: ["好厂"], LABELS[2]: ["2015-01-01"]} | more)


def with_password(body: bytes) -> bytes:
    """The mark of encryption in both heads of an archive; nothing is encrypted, for nothing may be tried."""
    return body.replace(b"PK\x03\x04\x14\x00\x00", b"PK\x03\x04\x14\x00\x01").replace(
        b"PK\x01\x02\x14\x03\x14\x00\x00", b"PK\x01\x02\x14\x03\x14\x00\x01"
    )


def ole(directory: bytes) -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500) + directory + bytes(4096)


def lying_archive(megabytes: int, summed: bytes) -> bytes:
    """Its head says ten bytes and the checksum of `summed`; so many megabytes of zeros come out."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = b"".join(packer.compress(MEGABYTE) for _ in range(megabytes)) + packer.flush()
    name, checksum = b"x.csv", zlib.crc32(summed)
    sizes = struct.pack("<III", checksum, len(packed), 10)
    head = struct.pack("<4sHHHHH", b"PK\x03\x04", 20, 0, 8, 0, 33) + sizes + struct.pack("<HH", len(name), 0) + name
    entry = struct.pack("<4sHHHHHH", b"PK\x01\x02", 20, 20, 0, 8, 0, 33) + sizes
    entry += struct.pack("<HHHHHII", len(name), 0, 0, 0, 0, 0, 0) + name
    end = struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, 1, 1, len(entry), len(head) + len(packed), 0)
    return head + packed + entry + end


def laughs() -> str:
    entities = '<!ENTITY a "哈哈哈哈哈哈哈哈哈哈">'
    for one, before in zip("bcdefghi", "abcdefgh", strict=True):
        entities += f'<!ENTITY {one} "{f"&{before};" * 10}">'
    return f"<!DOCTYPE x [{entities}]>"


def many_sheets() -> bytes:
    book = Workbook()
    book.active["A1"] = "x"
    book.create_sheet("隐藏")["A1"] = "y"
    book.worksheets[1].sheet_state = "hidden"
    return saved(book)


def shared_text(cells: int) -> bytes:
    """One text of a third of a megabyte, said by every cell."""
    said = "".join(f'<row r="{row}"><c r="A{row}" t="s"><v>0</v></c></row>' for row in range(1, cells + 1))
    return by_hand(said, sharedStrings=f'<sst xmlns="{MAIN}"><si><t>{"x" * 300_000}</t></si></sst>')


def great_page() -> bytes:
    """Four hundred megabytes of zeros in one page; packed, some kilobytes."""
    huge = pa.array(["0" * (400 << 20)], pa.large_string())
    return parquet(pa.table({LABELS[0]: huge}), compression="zstd", use_dictionary=False, write_statistics=False)


def cut(body: bytes, share: float) -> bytes:
    return body[: int(len(body) * share)]


BIG_SHEET = [LABELS, *([A, f"厂{i}", "2015-01-01"] for i in range(2_000))]
NOISE = random.Random(3)

# name → (how it is made, what its refusal says)
REFUSED: dict[str, tuple[Callable[[], bytes], str]] = {
    "zip bomb": (lambda: zipped(("x.csv", HEADER + b"0" * (300 << 20))), "疑似压缩炸弹"),
    "gzip bomb of json": (lambda: gzip.compress(record() + b"\n" + b" " * (300 << 20)), "第 2 条记录超过 1 MB"),
    "archive that lies about its size": (lambda: lying_archive(100, b"0" * 10), "压缩包已损坏"),
    "archive that lies about its size alone": (lambda: lying_archive(1, MEGABYTE), "压缩包已损坏"),
    "zip in zip": (lambda: zipped(("x.zip", zipped(("x.csv", HEADER + GOOD)))), "压缩包里还是压缩包"),
    "gzip in gzip": (lambda: gzip.compress(gzip.compress(HEADER + GOOD)), "压缩包里还是压缩包"),
    "zip in gzip": (lambda: gzip.compress(zipped(("x.csv", HEADER + GOOD))), "压缩包里还是压缩包"),
    "zip with two files": (lambda: zipped(("a.csv", HEADER), ("b.csv", HEADER)), "正好有一个文件，现有 2 个"),
    "zip with no file": (lambda: zipped(), "正好有一个文件，现有 0 个"),
    "zip of an empty file": (lambda: zipped(("a.csv", b"")), "压缩包里的文件是空的"),
    "zip with a password": (lambda: with_password(zipped(("a.csv", HEADER))), "有密码"),
    "zip cut in half": (lambda: cut(zipped(("a.csv", HEADER + NOISE.randbytes(9000).hex().encode())), 0.5), "截断"),
    "zip with a byte changed": (
        lambda: zipped(("a.csv", HEADER + GOOD * 50)).replace(b"\x00\x00\x00a.csv", b"\x00\x00\x00b.csv", 1),
        "压缩包已损坏",
    ),
    "zip with ten thousand files": (lambda: zipped(*((f"{i}.csv", b"") for i in range(10_001))), "文件过多"),
    "workbook in gzip cut short": (lambda: cut(gzip.compress(workbook(BIG_SHEET)), 0.5), "截断"),
    "workbook cut short": (lambda: cut(workbook(BIG_SHEET), 0.9), "截断"),
    "workbook with a password": (lambda: ole("EncryptedPackage".encode("utf-16-le")), "工作簿有密码"),
    "old workbook": (lambda: ole("Workbook".encode("utf-16-le")), "另存为 xlsx"),
    "binary workbook": (lambda: zipped(("xl/workbook.bin", b"x")), "xlsb"),
    "open document": (lambda: zipped(("mimetype", b"x"), ("content.xml", b"x")), "OpenDocument"),
    "word document": (lambda: zipped(("word/document.xml", b"x")), "Word"),
    "workbook without a sheet": (lambda: zipped(("xl/workbook.xml", "<workbook/>")), "工作簿"),
    "workbook of two sheets": (many_sheets, "2 张有内容的工作表"),
    "workbook that is empty": (lambda: workbook([]), "没有内容"),
    "external entity": (
        lambda: by_hand(TOP, doctype='<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'), "DOCTYPE"),
    "billion laughs": (lambda: by_hand(TOP + words_row(2, "&i;"), doctype=laughs()), "DOCTYPE"),
    "laughs in the shared texts": (lambda: by_hand(TOP, sharedStrings=laughs() + "<sst/>"), "DOCTYPE"),
    "parameter entity": (
        lambda: by_hand(TOP, doctype='<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd">'), "DOCTYPE"),
    "xml bomb": (lambda: by_hand(TOP + f'<row r="2">{words_cell("A2", "0" * (200 << 20))}</row>'),
                 "第 2 行第 1 列：内容超过 1 MB"),
    "two cells a sheet apart": (lambda: by_hand(words_cell("A1", "x") + words_cell("XFD1048576", "y")),
                                "第 1048576 行第 16384 列：工作表过大"),
    "cell beyond the sheet": (lambda: by_hand(words_cell("ZZZ1", "x")), "单元格的位置不合规范"),
    "row that is no number": (lambda: by_hand(f'<row r="1">{words_cell("A0", "x")}</row>'), "单元格的位置"),
    "one text in every cell": (lambda: shared_text(20_000), "工作表过大"),
    "cell with a text that is not there": (lambda: by_hand('<row r="1"><c r="A1" t="s"><v>7</v></c></row>'),
                                           "第 1 行第 1 列：单元格指向不存在的文字"),
    "formula without its result": (lambda: by_hand(TOP + '<row r="2"><c r="A2"><f>1+1</f></c></row>'),
                                   "第 2 行第 1 列：公式没有计算结果"),
    "error in a cell": (lambda: by_hand(TOP + '<row r="2"><c r="B2" t="e"><v>#REF!</v></c></row>'),
                        "第 2 行第 2 列：单元格是错误值 #REF!"),
    "1e400 in a cell": (lambda: by_hand(TOP + '<row r="2"><c r="C2"><v>1e400</v></c></row>'), "第 2 行第 3 列"),
    "sheet that ends in the middle": (lambda: by_hand("</sheetData>"), "工作簿已损坏"),
    "sheet nested without end": (lambda: by_hand("<a>" * 300_000), "工作簿已损坏"),
    "workbook of sixteen thousand columns": (
        lambda: workbook([[f"列{i}" for i in range(16_000)]]), "第 1 行第 1 列：“列0”不是“企业登记信息”"),
    "json array": (lambda: b"[" + record() + b"]", "JSON 数组"),
    "json with an object inside": (lambda: record(企业名称={"a": 1}), "第 2 行第 2 列：“企业名称”的值是对象或列表"),
    "json with a list inside": (lambda: record() + b"\n" + record(注册日期=[1]), "第 3 行第 3 列：“注册日期”的值"),
    "json with a key missing": (
        lambda: record() + b'\n{"' + LABELS[0].encode() + b'": 1}', "第 3 行第 2 列：第 2 条记录缺少"),
    "json with a key too many": (lambda: record() + b"\n" + record(多=1), "第 3 行：第 2 条记录多出“多”"),
    "json with a foreign key": (lambda: record(多=1), "第 1 行第 4 列：“多”不是"),
    "json with a key twice": (lambda: b'{"a": 1, "a": 2}', "第 2 行：第 1 条记录里“a”出现了两次"),
    "json cut short": (lambda: record() + b"\n" + record()[:-9], "第 3 行：第 2 条记录不是完整的 JSON 对象"),
    "json nested without end": (lambda: b'{"a": ' + b"[" * 900_000, "第 2 行：第 1 条记录不是完整"),
    "json of a hundred megabytes": (lambda: b'{"a": "' + MEGABYTE * 100 + b'"}', "第 2 行：第 1 条记录超过 1 MB"),
    "json that is not a number": (lambda: b'{"a": NaN}', "第 2 行：第 1 条记录里有 NaN"),
    "json in another encoding": (lambda: record().decode().encode("gb18030"), "不是有效的 UTF-8"),
    "json with half a character": (lambda: record() .replace("好厂".encode(), b"\\ud800"), "第 2 行第 2 列"),
    "json with no key": (lambda: b"{}\n", "第 2 行：第 1 条记录是空的"),
    "parquet cut short": (lambda: cut(parquet(table()), 0.7), "截断"),
    "parquet of nonsense": (lambda: b"PAR1" + NOISE.randbytes(5000) + b"PAR1", "已损坏"),
    "parquet with a changed page": (
        lambda: parquet(table(), compression="none", use_dictionary=False, write_statistics=False,
                        write_page_checksum=True)
        .replace("好厂".encode(), "坏厂".encode(), 1), "已损坏"),
    "parquet with a list in it": (lambda: parquet(table(x=pa.array([[1]]))), "第 1 行第 4 列：“x”的类型是 list"),
    "parquet with an object in it": (lambda: parquet(table(x=pa.array([{"a": 1}]))), "第 1 行第 4 列"),
    "parquet with bytes in it": (lambda: parquet(table(x=pa.array([b"\xff"]))), "第 1 行第 4 列：“x”的类型是 binary"),
    "parquet with a foreign column": (lambda: parquet(table(x=pa.array([1]))), "第 1 行第 4 列：“x”不是"),
    "parquet of four thousand columns": (
        lambda: parquet(pa.table({f"c{i}": [1] for i in range(4000)})), "超过 2000 列"),
    "parquet with one great page": (great_page, "内存"),
    "parquet of a billion nothings": (
        lambda: parquet(pa.table({LABELS[0]: pa.nulls(30_000_000, pa.string())}), compression="zstd"), "压缩炸弹"),
    "parquet with a password": (lambda: b"PARE" + bytes(100), "加密的 Parquet"),
    "tar": (lambda: b"x.csv".ljust(257, b"\0") + b"ustar" + bytes(600), "tar"),
    "7z": (lambda: b"7z\xbc\xaf\x27\x1c" + bytes(100), "7z"),
    "pdf": (lambda: b"%PDF-1.7\n", "PDF"),
    "xml": (lambda: b"<?xml version='1.0'?><!DOCTYPE x><x/>", "XML"),
}  # fmt: skip

# name → how it is made; every row behind the header waits in quarantine, with a reason
QUARANTINED: dict[str, Callable[[], bytes]] = {
    "header twice": lambda: HEADER + HEADER,
    "header twice in a sheet": lambda: workbook([LABELS, LABELS]),
    "header twice in json": lambda: b"\n".join([record(), record(**dict(zip(LABELS, LABELS, strict=True)))]).replace(
        record() + b"\n", record(注册日期="x") + b"\n"),
    "30 February": lambda: HEADER + f"{A},厂,2019-02-30\n".encode(),
    "30 February in json": lambda: record(注册日期="2019-02-30"),
    "1e400 in json": lambda: record(注册日期=0).replace(b": 0", b": 1e400"),
    "full-width digits": lambda: HEADER + f"{A},厂,２０１９-01-01\n".encode(),
    "full-width digits in a sheet": lambda: workbook([LABELS, [A, "厂", "２０１９-01-01"]]),
    "formula as words in json": lambda: record(企业名称="=HYPERLINK(1)"),
    "NUL in json": lambda: record(企业名称="a\0b"),
    "NUL in csv": lambda: HEADER + f"{A},a\0b,2019-01-01\n".encode(),
    "control character in parquet": lambda: parquet(pa.table(
        {LABELS[0]: [A], LABELS[1]: ["a\x02b"], LABELS[2]: ["2015-01-01"]})),
    "too many cells in a row of a sheet": lambda: workbook([LABELS, [A, "厂", "2015-01-01", "多"]]),
    "a moment before the sheet's calendar": lambda: workbook([LABELS, [A, "厂", 0.5]]),
    "nothing but nulls in parquet": lambda: parquet(pa.table(
        {label: pa.array([None, None], pa.string()) for label in LABELS})),
}  # fmt: skip
