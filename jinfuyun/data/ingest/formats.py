"""What kind of file it is, by its first bytes and never by its name, and the CSV that each kind becomes.

Row numbers stay those of the file: row n of a sheet is line n, the n-th record of JSON Lines or Parquet is line n + 1
below a header of its own. What comes out is UTF-8 with its mark; only CSV itself keeps the encoding it came in.
"""

import io
from collections.abc import Iterator
from enum import StrEnum
from itertools import chain
from typing import IO

from jinfuyun.data.ingest import json_lines, packed, parquet, sheets
from jinfuyun.data.ingest.refusal import FileRefused
from jinfuyun.data.ingest.sealed_files import BLOCK_BYTES

HEAD_BYTES = 4096
INNER_BYTES_MAX = 48 << 20  # a packed sheet or Parquet file has to be held in memory; unpacked it may be larger


class Format(StrEnum):
    CSV = "csv"
    JSON_LINES = "json_lines"
    PARQUET = "parquet"
    GZIP = "gzip"
    ZIP = "zip"  # xlsx too
    OLE = "ole"  # old Excel, or any workbook with a password


MAGIC = (
    (b"\x1f\x8b", Format.GZIP),
    (b"PK\x03\x04", Format.ZIP),
    (b"PK\x05\x06", Format.ZIP),
    (b"PK\x07\x08", Format.ZIP),
    (b"PAR1", Format.PARQUET),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", Format.OLE),
)
FOREIGN = (
    (b"PARE", "这是加密的 Parquet 文件，请不加密提交。"),
    (b"7z\xbc\xaf\x27\x1c", "这是 7z 压缩包，请用 zip 或 gzip 压缩。"),
    (b"Rar!", "这是 RAR 压缩包，请用 zip 或 gzip 压缩。"),
    (b"BZh", "这是 bzip2 压缩文件，请用 zip 或 gzip 压缩。"),
    (b"\xfd7zXZ", "这是 xz 压缩文件，请用 zip 或 gzip 压缩。"),
    (b"\x28\xb5\x2f\xfd", "这是 zstd 压缩文件，请用 zip 或 gzip 压缩。"),
    (b"%PDF", "这是 PDF 文件，不是数据表。"),
    (b"ORC", "这是 ORC 文件，请转成 Parquet 后再提交。"),
    (b"Obj\x01", "这是 Avro 文件，请转成 Parquet 或 JSON Lines 后再提交。"),
    (b"SQLite format 3\0", "这是 SQLite 数据库，不是数据表。"),
    (b"<?xml", "这是 XML 文件，请转成 CSV 或 xlsx 后再提交。"),
    (b"<html", "这是网页，不是数据表。"),
)
TAR_MARK, TAR_PLACE = b"ustar", 257
OLE_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


def recognised(head: bytes) -> Format:
    """By the first HEAD_BYTES; raises FileRefused for kinds that are known and not taken."""
    for magic, kind in MAGIC:
        if head.startswith(magic):
            return kind
    for magic, reason in FOREIGN:
        if head.startswith(magic):
            raise FileRefused(reason)
    if head[TAR_PLACE : TAR_PLACE + len(TAR_MARK)] == TAR_MARK:
        raise FileRefused("这是 tar 归档，请只提交其中的数据文件。")
    words = head.removeprefix(b"\xef\xbb\xbf").lstrip(b" \t\r\n")
    if words.startswith(b"["):
        raise FileRefused("这是 JSON 数组，请改成 JSON Lines：每行一个对象，不要外层方括号。")
    return Format.JSON_LINES if words.startswith(b"{") else Format.CSV


def as_csv(source: IO[bytes], *, size: int) -> Iterator[bytes]:
    """The blocks of CSV that a file becomes. `source` may be read from any place; `size` is that of what arrived."""
    return packed.bounded(_as_csv(source, size=size, is_packed=False), size=size)


def _as_csv(source: IO[bytes], *, size: int, is_packed: bool) -> Iterator[bytes]:
    head = source.read(HEAD_BYTES)
    source.seek(0)
    kind = recognised(head)
    if kind is Format.OLE:
        raise FileRefused(_why_not_ole(source))
    if kind is Format.PARQUET:
        return parquet.as_csv(source)
    if kind is Format.ZIP:
        found = packed.archive(source)
        if packed.is_workbook(found):
            return sheets.as_csv(found, size=size)
    if is_packed and kind in (Format.ZIP, Format.GZIP):
        raise FileRefused("压缩包里还是压缩包，请只压缩一层。")
    if kind is Format.ZIP:
        return _inner(packed.of_zip(found, packed.only_file(found), size=size), size=size)
    if kind is Format.GZIP:
        return _inner(packed.of_gzip(source), size=size)
    plain = iter(lambda: source.read(BLOCK_BYTES), b"")
    return json_lines.as_csv(plain) if kind is Format.JSON_LINES else plain


def _inner(blocks: Iterator[bytes], *, size: int) -> Iterator[bytes]:
    """What lay in the package: text in passing, everything else held in memory, for it is read from its end."""
    first = next(blocks, b"")
    if not first:
        raise FileRefused("压缩包里的文件是空的。")
    kind = recognised(first[:HEAD_BYTES])
    blocks = packed.bounded(chain((first,), blocks), size=size)
    if kind in (Format.CSV, Format.JSON_LINES):
        return json_lines.as_csv(blocks) if kind is Format.JSON_LINES else blocks
    held = io.BytesIO()
    for block in blocks:
        held.write(block)
        if held.tell() > INNER_BYTES_MAX:
            raise FileRefused(f"压缩包里的文件超过 {INNER_BYTES_MAX >> 20} MB，请不压缩，直接提交。")
    held.seek(0)
    return _as_csv(held, size=held.getbuffer().nbytes, is_packed=True)


def _why_not_ole(source: IO[bytes]) -> str:
    before = b""
    while block := source.read(BLOCK_BYTES):
        if OLE_ENCRYPTED in before + block:
            return "工作簿有密码，请去掉密码后再提交。"
        before = block[-len(OLE_ENCRYPTED) :]
    return "这是旧版 Excel（xls）或其他 Office 文件，请另存为 xlsx 后再提交。"
