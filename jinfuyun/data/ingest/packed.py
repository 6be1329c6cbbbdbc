"""Packed files: gzip, and zip with exactly one file in it. Nothing is ever unpacked to a path that the file names."""

import gzip
import io
import zipfile
import zlib
from collections.abc import Iterator
from copy import copy
from typing import IO

from jinfuyun.data.ingest.refusal import FileRefused
from jinfuyun.data.ingest.sealed_files import BLOCK_BYTES

UNPACKED_BYTES_MAX = 20 << 30
UNPACKED_TIMES_MAX = 400  # tables shrink 5–50 times; beyond this it is a bomb
UNPACKED_BYTES_ALWAYS = 64 << 20
FILES_IN_ARCHIVE_MAX = 10_000
LEFT_BY_MACS = "__MACOSX/"  # every archive that a Mac packs has it

ENCRYPTED_FLAG = 0x1
OTHER_DOCUMENTS = {
    "xl/workbook.bin": "这是二进制工作簿（xlsb），请另存为 xlsx 后再提交。",
    "content.xml": "这是 OpenDocument 文件，请另存为 xlsx 后再提交。",
    "word/document.xml": "这是 Word 文档，不是数据表。",
    "ppt/presentation.xml": "这是演示文稿，不是数据表。",
}


def limit(size: int) -> int:
    """How many bytes a file of `size` may become."""
    return min(UNPACKED_BYTES_MAX, max(size * UNPACKED_TIMES_MAX, UNPACKED_BYTES_ALWAYS))


def bounded(blocks: Iterator[bytes], *, size: int) -> Iterator[bytes]:
    """The blocks of what came out of a file of `size`, as long as it is no bomb."""
    count = 0
    for block in blocks:
        count += len(block)
        if count > limit(size):
            raise FileRefused("压缩文件解开后过大，疑似压缩炸弹。")
        yield block


def of_gzip(source: IO[bytes] | io.RawIOBase) -> Iterator[bytes]:
    try:
        with gzip.GzipFile(fileobj=source) as stream:
            while block := stream.read(BLOCK_BYTES):
                yield block
    except EOFError as cut:
        raise FileRefused("压缩文件不完整，可能在传送中被截断。") from cut
    except (gzip.BadGzipFile, zlib.error) as damage:
        raise FileRefused("压缩文件已损坏，无法解开。") from damage


def archive(source: IO[bytes]) -> zipfile.ZipFile:
    try:
        found = zipfile.ZipFile(source)
    except (zipfile.BadZipFile, ValueError, OverflowError, NotImplementedError) as damage:
        raise FileRefused("压缩包已损坏，或在传送中被截断。") from damage
    if len(found.infolist()) > FILES_IN_ARCHIVE_MAX:
        raise FileRefused("压缩包里的文件过多，应当只有一个。")
    if any(info.flag_bits & ENCRYPTED_FLAG for info in found.infolist()):
        raise FileRefused("压缩包有密码，请去掉密码后再提交。")
    return found


def is_workbook(found: zipfile.ZipFile) -> bool:
    names = {name.lower() for name in found.namelist()}
    for name, reason in OTHER_DOCUMENTS.items():
        if name in names:
            raise FileRefused(reason)
    return "xl/workbook.xml" in names


def only_file(found: zipfile.ZipFile) -> zipfile.ZipInfo:
    files = [info for info in found.infolist() if not info.is_dir() and not info.filename.startswith(LEFT_BY_MACS)]
    if len(files) != 1:
        raise FileRefused(f"压缩包里应当正好有一个文件，现有 {len(files)} 个。")
    return files[0]


def of_zip(found: zipfile.ZipFile, info: zipfile.ZipInfo, *, size: int) -> Iterator[bytes]:
    """One file of the archive. What it says of its size is believed only once its stream has ended there."""
    most, count = limit(size), 0
    if info.file_size > most:
        raise FileRefused("压缩文件解开后过大，疑似压缩炸弹。")
    to_its_end = copy(info)
    to_its_end.file_size = most + 1
    try:
        with found.open(to_its_end) as stream:
            while block := stream.read(BLOCK_BYTES):
                count += len(block)
                yield block
        if count != info.file_size:
            raise zipfile.BadZipFile("the stream is of another size")
    except NotImplementedError as unknown:
        raise FileRefused("压缩包的压缩方法不受支持，请用普通 zip 重新压缩。") from unknown
    except EOFError as cut:
        raise FileRefused("压缩文件不完整，可能在传送中被截断。") from cut
    except (zipfile.BadZipFile, zlib.error, OSError, ValueError) as damage:
        raise FileRefused("压缩包已损坏，无法解开。") from damage
