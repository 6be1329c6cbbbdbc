"""From bytes in some encoding to numbered records of UTF-8 text, a block at a time.

A record is what a spreadsheet shows as a row: a line break inside quotes does not end it. Splitting a record into
cells is left to SQL; here only what concerns the file as a whole is found: encoding, quotes that never close, records
without end. NUL and stray carriage returns become marks that the contract then finds.
"""

import codecs
from collections.abc import Callable, Iterator
from itertools import chain

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv

from jinfuyun.data.ingest.refusal import FileRefused

RECORD_BYTES_MAX = 1 << 20
PIECE_BYTES = 192 << 20  # of text at a time; smaller pieces ask more often whose rows they are
BREAK_IN_CELL = b"\x1e"  # stands for a line break inside quotes until the cell is read
NUL_MARK = b"\x01"
SCHEMA = pa.schema([("row_number", pa.int64()), ("line", pa.string())])

ENCODING_NAMES = {"utf-8-sig": "UTF-8", "utf-8": "UTF-8", "gb18030": "GB18030", "utf-16": "UTF-16"}


class Lines:
    """The records of one file, numbered from 1, which is the header."""

    def __init__(self, blocks: Callable[[], Iterator[bytes]]) -> None:
        self._blocks = blocks
        self.encoding = detected(blocks())
        self.header = self._first_record()
        self.ends_with_break = True

    def pieces(self) -> Iterator[pa.Table]:
        """Tables of (row_number, line)."""
        batches: list[pa.RecordBatch] = []
        size = 0
        for batch in self._numbered():
            batches.append(batch)
            size += batch.nbytes
            if size >= PIECE_BYTES:
                yield pa.Table.from_batches(batches, SCHEMA)
                batches, size = [], 0
        if batches:
            yield pa.Table.from_batches(batches, SCHEMA)

    def _numbered(self) -> Iterator[pa.RecordBatch]:
        row, left = 1, b""
        for block in _closed_quotes(_utf8(self._blocks(), self.encoding)):
            if b"\n" not in block:
                left += block
                _check_length(left, row)
                continue
            head, _, tail = block.rpartition(b"\n")
            first_end = head.find(b"\n") if b"\n" in head else len(head)
            _check_length(left + head[:first_end], row)
            batch = _batch(left + head, row)
            row, left = row + batch.num_rows, tail
            yield batch
        self.ends_with_break = not left
        if left:
            yield _batch(left, row)

    def _first_record(self) -> str:
        for batch in self._numbered():
            first: str = batch.column(1)[0].as_py()
            return first
        raise FileRefused("文件里没有内容。")


def detected(blocks: Iterator[bytes]) -> str:
    """The encoding: by mark, else UTF-8 where the header is, else GB18030 (of which GBK is a part)."""
    head = b""
    for block in blocks:
        head += block
        if b"\n" in head or len(head) > RECORD_BYTES_MAX:
            break
    if head.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    header = head.partition(b"\n")[0]
    try:
        header.decode("utf-8")
    except UnicodeDecodeError:
        return "gb18030"
    return "ascii-header" if header.isascii() else "utf-8"


def _utf8(blocks: Iterator[bytes], encoding: str) -> Iterator[bytes]:
    """Checked UTF-8 without mark, line ends as \\n; trouble is named by row and column."""
    if encoding == "ascii-header":
        encoding, blocks = _of_body(blocks)
    checked = _whole_lines(blocks) if encoding.startswith("utf-8") else _transcoded(blocks, encoding)
    row, first = 1, True
    for text in checked:
        if encoding.startswith("utf-8"):
            if first:
                text = text.removeprefix(codecs.BOM_UTF8)
            if not text.isascii():
                _check_utf8(text, row)
        row, first = row + text.count(b"\n"), False
        if b"\0" in text:
            text = text.replace(b"\0", NUL_MARK)
        if b"\r" in text:
            text = text.replace(b"\r\n", b"\n").replace(b"\r", BREAK_IN_CELL)
        yield text


def _whole_lines(blocks: Iterator[bytes]) -> Iterator[bytes]:
    """The same bytes, cut after line ends; where a block has none, between two characters and not inside a \\r\\n."""
    left = b""
    for block in blocks:
        block = left + block
        cut = block.rfind(b"\n") + 1 or _between_characters(block)
        left = block[cut:]
        if cut:
            yield block[:cut]
    if left:
        yield left


def _between_characters(block: bytes) -> int:
    """Where the last character that may go on begins."""
    if block.endswith(b"\r"):
        return len(block) - 1
    for back in range(1, min(4, len(block)) + 1):
        byte = block[-back]
        if byte < 0x80:
            return len(block) - back + 1
        if byte >= 0xC0:
            return len(block) - back
    return len(block)


def _check_utf8(text: bytes, row: int) -> None:
    try:
        text.decode("utf-8")
    except UnicodeDecodeError as trouble:
        raise _undecodable(text[: trouble.start], row, "utf-8") from trouble


def _transcoded(blocks: Iterator[bytes], encoding: str) -> Iterator[bytes]:
    """Any other encoding as UTF-8."""
    decoder = codecs.getincrementaldecoder(encoding)()
    row, line, held = 1, b"", b""
    for block in chain(blocks, (b"",)):
        last = block == b""
        try:
            text = decoder.decode(block, final=last)
        except UnicodeDecodeError as trouble:
            raise _undecodable(line + trouble.object[: trouble.start], row, encoding) from trouble
        fresh = held + text.encode()
        held = b"\r" if fresh.endswith(b"\r") and not last else b""
        fresh = fresh.removesuffix(b"\r") if held else fresh
        row += line.count(b"\n")
        line = fresh
        if fresh:
            yield fresh


def _undecodable(before: bytes, row: int, encoding: str) -> FileRefused:
    """`before`: what could be read since `row` began."""
    return FileRefused(
        f"不是有效的 {ENCODING_NAMES[encoding]} 文字（文件可能损坏或被截断）。",
        row=row + before.count(b"\n"),
        column=before.rpartition(b"\n")[2].count(b",") + 1,
    )


def _of_body(blocks: Iterator[bytes]) -> tuple[str, Iterator[bytes]]:
    """The header is plain ASCII: the first block that is not says whether the body is UTF-8 or GB18030."""
    seen: list[bytes] = []
    for block in blocks:
        seen.append(block)
        if block.isascii():
            continue
        try:
            codecs.getincrementaldecoder("utf-8")().decode(block)
        except UnicodeDecodeError:
            return "gb18030", chain(seen, blocks)
        break
    return "utf-8", chain(seen, blocks)


def _closed_quotes(blocks: Iterator[bytes]) -> Iterator[bytes]:
    """Line breaks inside quotes become marks; a quote that never closes refuses the file."""
    inside, row, opened_at = False, 1, (1, 1)
    for block in blocks:
        if inside or b'"' in block:
            parts = block.split(b'"')
            first = 0 if inside else 1
            parts[first::2] = [part.replace(b"\n", BREAK_IN_CELL) for part in parts[first::2]]
            inside ^= len(parts) % 2 == 0
            joined = b'"'.join(parts)
            if inside and len(parts) > 1:
                before = joined[: len(joined) - len(parts[-1]) - 1]
                opened_at = (row + before.count(b"\n"), before.rpartition(b"\n")[2].count(b",") + 1)
            block = joined
        row += block.count(b"\n")
        yield block
    if inside:
        raise FileRefused("引号没有闭合。", row=opened_at[0], column=opened_at[1])


def _check_length(record: bytes, row: int) -> None:
    if len(record) > RECORD_BYTES_MAX:
        column = record[:RECORD_BYTES_MAX].count(b",") + 1
        raise FileRefused(f"内容超过 {RECORD_BYTES_MAX >> 20} MB（引号可能没有闭合）。", row=row, column=column)


def _batch(block: bytes, first_row: int) -> pa.RecordBatch:
    lines = _split(block)
    numbers = pa.array(np.arange(first_row, first_row + len(lines)), pa.int64())
    return pa.record_batch([numbers, lines], schema=SCHEMA)


# A CSV of one column, because that reader is three times as fast as splitting text; the mark stands in no plain text.
_ONE_COLUMN = pacsv.ParseOptions(
    delimiter="\x02", quote_char=False, double_quote=False, escape_char=False, ignore_empty_lines=False
)
_AS_TEXT = pacsv.ConvertOptions(column_types={"line": pa.string()}, strings_can_be_null=False, check_utf8=False)


def _split(block: bytes) -> pa.Array:
    """The lines of checked UTF-8."""
    if not block or b"\x02" in block:
        return pc.split_pattern(pa.array([block], pa.binary()).cast(pa.string()), "\n").flatten()
    reading = pacsv.ReadOptions(column_names=["line"], use_threads=False, block_size=len(block) + 1)
    table = pacsv.read_csv(
        pa.BufferReader(block + b"\n"), read_options=reading, parse_options=_ONE_COLUMN, convert_options=_AS_TEXT
    )
    return table.column("line").combine_chunks()
