"""Parquet with plain columns. Values become the words a person would type; times are Asia/Shanghai."""

import io
from collections.abc import Iterator
from typing import IO

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from pyarrow import csv

from jinfuyun.data.ingest import csv_text, figures
from jinfuyun.data.ingest.refusal import FileRefused

BATCH_ROWS = 4096
BUFFER_BYTES = 1 << 20
NAMES_BYTES_MAX = 16 << 20  # of the file's own description
COLUMNS_MAX = 2000
ZONE = "Asia/Shanghai"
QUOTED = '[",\\n\\r]'


def as_csv(source: IO[bytes]) -> Iterator[bytes]:
    # One thread, and pages read as they are needed: a row group may be larger than the memory there is.
    pa.set_cpu_count(1)
    try:
        file = pq.ParquetFile(
            source, buffer_size=BUFFER_BYTES, pre_buffer=False, thrift_string_size_limit=NAMES_BYTES_MAX,
            thrift_container_size_limit=1_000_000, page_checksum_verification=True,
        )  # fmt: skip
        schema = file.schema_arrow
        _check(schema)
        yield from csv_text.blocks([csv_text.line(schema.names)])
        row = 2
        for batch in file.iter_batches(batch_size=BATCH_ROWS, use_threads=False):
            yield _block(batch, row)
            row += batch.num_rows
    except MemoryError:  # ArrowMemoryError is one
        raise
    except (pa.ArrowException, OSError, UnicodeDecodeError) as damage:
        raise FileRefused("Parquet 文件已损坏，或在传送中被截断。") from damage


def _check(schema: pa.Schema) -> None:
    if len(schema) > COLUMNS_MAX:
        raise FileRefused(f"共有 {len(schema)} 列，超过 {COLUMNS_MAX} 列。", row=1)
    for place, field in enumerate(schema, 1):
        if not _is_plain(field.type):
            raise FileRefused(
                f"“{field.name[:40]}”的类型是 {str(field.type)[:60]}，应当是文字、数字、日期或是否。",
                row=1,
                column=place,
            )


def _is_plain(kind: pa.DataType) -> bool:
    if pa.types.is_dictionary(kind):
        return _is_plain(kind.value_type)
    asked = (
        pa.types.is_string, pa.types.is_large_string, pa.types.is_integer, pa.types.is_floating, pa.types.is_decimal,
        pa.types.is_date, pa.types.is_timestamp, pa.types.is_boolean, pa.types.is_null,
    )  # fmt: skip
    return any(is_one(kind) for is_one in asked)


def _block(batch: pa.RecordBatch, row: int) -> bytes:
    columns = [_words(column, row, place) for place, column in enumerate(batch.columns, 1)]
    names = [str(place) for place in range(len(columns))]
    # All or nothing: the writer quotes every word once it quotes any, and unquoted rows are read much quicker.
    style = "all_valid" if any(pc.any(pc.match_substring_regex(one, QUOTED)).as_py() for one in columns) else "none"
    if len(columns) == 1:  # an empty line would be no row
        columns, style = [pc.fill_null(columns[0], "")], "all_valid"
    out = io.BytesIO()
    written = pa.record_batch(columns, names)
    csv.write_csv(written, out, csv.WriteOptions(include_header=False, quoting_style=style))
    return out.getvalue()


def _words(column: pa.Array, row: int, place: int) -> pa.Array:
    kind = column.type
    if pa.types.is_dictionary(kind):
        column = column.dictionary_decode()
        kind = column.type
    if pa.types.is_floating(kind):
        words = []
        for below, value in enumerate(column.to_pylist()):
            words.append(None if value is None else figures.typed_float(value, row=row + below, column=place))
        return pa.array(words, pa.string())
    if pa.types.is_timestamp(kind):
        return _times(column)
    return column.cast(pa.string())


def _times(column: pa.Array) -> pa.Array:
    if column.type.tz is not None:
        column = pc.local_timestamp(column.cast(pa.timestamp(column.type.unit, ZONE)))
    try:
        return pc.strftime(column.cast(pa.timestamp("s")), "%Y-%m-%d %H:%M:%S")
    except pa.ArrowInvalid:  # parts of a second: kept, and judged as what they are
        return column.cast(pa.string())
